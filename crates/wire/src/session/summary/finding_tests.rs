//! For each kind of finding a stream in which it appears, and one in which it must not.

use super::Session;
use crate::session::event::{ConnectionUpdate, Direction, Outcome};
use crate::session::summary::{FindingKind, SeenEvent};

fn only(kind: FindingKind, subject: &str) -> Vec<(FindingKind, String)> {
    vec![(kind, subject.to_owned())]
}

#[test]
fn a_config_file_that_is_nowhere_is_worth_a_look() {
    let mut session = Session::default();
    session
        .file("stat", "/srv/app.yaml", Outcome::NotFound)
        .file("stat", "/etc/app/app.yaml", Outcome::NotFound);
    assert_eq!(session.found(), only(FindingKind::FoundNowhere, "app.yaml"));
    assert_eq!(session.failed().files, Some(1), "a name counts once");
    let expected = r#"(path:="/srv/app.yaml" OR path:="/etc/app/app.yaml") outcome:not_found"#;
    assert_eq!(session.query(), expected);

    let mut named = Session::default();
    named.start(7, "cat /srv/missing.txt").missing("/srv/missing.txt");
    assert_eq!(named.found(), only(FindingKind::FoundNowhere, "/srv/missing.txt"));

    let mut quiet = Session::default();
    quiet
        .missing("/home/u/.apprc")
        .missing("/etc/host.conf")
        .file("stat", "/srv/app.yaml", Outcome::NotFound);
    quiet
        .missing("/a/b/c/tsconfig.json")
        .missing("/a/b/tsconfig.json")
        .missing("/a/tsconfig.json");
    assert_eq!((quiet.found(), quiet.failed().files), (vec![], Some(0)));
    quiet.missing("/srv/cache.bin");
    assert_eq!(
        (quiet.found(), quiet.failed().files),
        (vec![], Some(1)),
        "a failure that is no news"
    );
    quiet.see(
        7,
        None,
        SeenEvent::File {
            path: "/srv/cache.bin",
            operation: "write",
        },
    );
    assert_eq!(quiet.failed().files, Some(0), "it was not there yet");
}

#[test]
fn a_file_that_is_missed_each_second_goes_on_failing() {
    let (mut own, mut asked, mut quiet) = (Session::default(), Session::default(), Session::default());
    for _ in 0..6 {
        own.missing("/srv/flags.json").wait(1);
        asked.file("stat", "/run/app/ready", Outcome::NotFound).wait(1);
        quiet
            .file("stat", "/srv/.git/MERGE_HEAD", Outcome::NotFound)
            .missing("/srv/lib/x.so")
            .wait(1);
        quiet.file("stat", "/run/app/ready", Outcome::NotFound).wait(60);
    }
    assert_eq!(own.found(), only(FindingKind::KeepsFailing, "/srv/flags.json"));
    assert_eq!(own.query(), r#"path:="/srv/flags.json" outcome:not_found"#);
    assert_eq!(asked.found(), only(FindingKind::KeepsFailing, "/run/app/ready"));
    asked.file("stat", "/run/app/ready", Outcome::Ok);
    own.file("open", "/srv/flags.json", Outcome::Ok);
    assert_eq!((own.found(), asked.found(), quiet.found()), (vec![], vec![], vec![]));
}

#[test]
fn a_file_that_was_looked_for_very_often_in_vain() {
    let (mut often, mut quiet) = (Session::default(), Session::default());
    for number in 0..300 {
        often.missing("/srv/app/theme.css");
        quiet
            .missing("/srv/app/theme.css")
            .file("open", "/srv/www/theme.css", Outcome::Ok);
        quiet.file("stat", &format!("/srv/out/{number}"), Outcome::NotFound);
    }
    assert_eq!(often.found(), only(FindingKind::Often, "/srv/app/theme.css"));
    assert_eq!(often.summary.findings(often.moment())[0].count, 300);
    assert_eq!(quiet.found(), vec![]);
}

#[test]
fn a_file_that_may_not_be_opened() {
    let (mut denied, mut quiet) = (Session::default(), Session::default());
    denied.file("open", "/etc/app/tls/ca.pem", Outcome::Denied);
    assert_eq!(denied.found(), only(FindingKind::Denied, "/etc/app/tls/ca.pem"));
    assert_eq!(
        (denied.query().as_str(), denied.failed().files),
        (r#"path:="/etc/app/tls/ca.pem" outcome:denied"#, Some(1))
    );
    quiet
        .file("access", "/srv/data.json", Outcome::Denied)
        .file("open", "/usr/lib/x.py", Outcome::Denied);
    quiet
        .file("open", "/srv/x.json", Outcome::Denied)
        .file("open", "/srv/x.json", Outcome::Ok);
    assert_eq!((quiet.found(), quiet.failed().files), (vec![], Some(0)));
}

#[test]
fn a_connection_that_is_refused_and_retried() {
    let mut session = Session::default();
    for _ in 0..3 {
        session.connect("127.0.0.1", 5432, Outcome::Failed).wait(1);
    }
    assert_eq!(session.found(), only(FindingKind::ConnectFailed, "127.0.0.1:5432"));
    assert_eq!(session.query(), r#"host:"127.0.0.1" port:5432 outcome:failed"#);
    assert_eq!(session.failed().network, Some(1));
    session.connect("127.0.0.1", 5432, Outcome::Connected);
    assert_eq!(
        (session.found(), session.failed().network),
        (vec![], Some(0)),
        "it came up"
    );

    let mut quiet = Session::default();
    for _ in 0..3 {
        quiet
            .connect("::1", 8080, Outcome::Failed)
            .connect("127.0.0.1", 8080, Outcome::Connected)
            .wait(1);
        quiet.connect("<UNIX-PATH> /var/run/nscd/socket", 0, Outcome::Failed);
    }
    assert_eq!((quiet.found(), quiet.failed().network), (vec![], Some(0)));
    quiet.connect("10.0.0.1", 9, Outcome::Failed);
    assert_eq!(
        (quiet.found(), quiet.failed().network),
        (vec![], Some(1)),
        "a failure that may be a question"
    );
}

#[test]
fn a_connection_without_an_answer() {
    let mut session = Session::default();
    session.connect("10.9.9.9", 443, Outcome::Pending).wait(5);
    assert_eq!(session.found(), vec![]);
    session.wait(6);
    assert_eq!(session.found(), only(FindingKind::NoAnswer, "10.9.9.9:443"));
    let update = ConnectionUpdate {
        direction: Direction::Out,
        remote: "10.9.9.9:443".to_owned(),
        ..ConnectionUpdate::default()
    };
    session.see(7, Some(Outcome::Connected), SeenEvent::Update(&update));
    session.see(7, Some(Outcome::Connected), SeenEvent::Update(&update));
    let destination = &session.summary.destinations()[0];
    assert_eq!(
        (destination.connected, destination.pending, session.found()),
        (1, 0, vec![])
    );
}

#[test]
fn a_name_that_was_looked_up_and_then_nothing() {
    let mut session = Session::default();
    for _ in 0..2 {
        session.see(7, None, SeenEvent::Dns { host: "postgres" }).wait(3);
    }
    assert_eq!(session.found(), vec![], "a connection may yet follow");
    session.wait(6);
    assert_eq!(session.found(), only(FindingKind::NothingFollowed, "postgres"));
    assert_eq!(
        (session.query().as_str(), session.failed().network),
        (r#"type:dns host:"postgres""#, Some(1))
    );

    let mut named = Session::default();
    named.start(7, "curl http://no-such-host.invalid/").see(
        7,
        None,
        SeenEvent::Dns {
            host: "no-such-host.invalid",
        },
    );
    named.ended = true;
    assert_eq!(
        named.found(),
        only(FindingKind::NothingFollowed, "no-such-host.invalid")
    );

    let mut quiet = Session::default();
    for _ in 0..3 {
        for host in [
            "db.shop.svc.cluster.local",
            "db.svc.cluster.local",
            "db",
            "own-host.example",
        ] {
            quiet.see(7, None, SeenEvent::Dns { host });
        }
        quiet
            .see(7, None, SeenEvent::Dns { host: "db" })
            .connect("10.0.0.1", 5432, Outcome::Connected)
            .wait(2);
    }
    quiet
        .wait(60)
        .see(8, None, SeenEvent::Dns { host: "my-machine" })
        .wait(60);
    let names: Vec<_> = quiet.found().into_iter().map(|(_, name)| name).collect();
    assert_eq!(
        names,
        ["own-host.example"],
        "the search list of a name that was reached is no failure"
    );
    let destination = &quiet.summary.destinations()[0];
    assert_eq!(destination.host.as_deref(), Some("db"));
}

#[test]
fn a_port_that_nobody_reached() {
    let (mut session, mut unknown) = (Session::default(), Session::default());
    let listener = |port, arrivals, last_ts| SeenEvent::Listener {
        port,
        arrivals,
        last_ts,
    };
    session
        .see(7, None, SeenEvent::Port { port: 8080 })
        .see(7, None, listener(8080, Some(0), None))
        .wait(20);
    assert_eq!(session.found(), vec![]);
    session.wait(20);
    assert_eq!(session.found(), only(FindingKind::Unreached, "8080"));
    assert_eq!(session.query(), "port:8080");
    session.see(7, None, listener(8080, Some(2), Some(9)));
    assert_eq!((session.found(), session.summary.ports()[0].last_ts), (vec![], Some(9)));
    unknown
        .see(7, None, SeenEvent::Port { port: 8080 })
        .see(7, None, listener(8080, None, None))
        .wait(99);
    assert_eq!((unknown.found(), unknown.summary.ports()[0].arrivals), (vec![], None));
}

#[test]
fn a_port_that_could_not_be_had() {
    let mut session = Session::default();
    session.see(7, Some(Outcome::Failed), SeenEvent::Port { port: 5173 });
    assert_eq!(session.found(), only(FindingKind::BindFailed, "5173"));
    assert_eq!(session.failed().ports, 1);
    session.see(7, Some(Outcome::Ok), SeenEvent::Port { port: 5173 });
    assert_eq!((session.found(), session.failed().ports), (vec![], 0));
}

#[test]
fn a_name_is_not_that_of_an_address_that_the_program_had_before() {
    let mut session = Session::default();
    for _ in 0..4 {
        session.connect("127.0.0.1", 5432, Outcome::Failed);
        session.see(7, None, SeenEvent::Dns { host: "gone.invalid" }).wait(2);
    }
    assert_eq!(session.summary.destinations()[0].host, None);
    let gone = (FindingKind::NothingFollowed, "gone.invalid".to_owned());
    assert!(session.found().contains(&gone), "{:?}", session.found());
}

#[test]
fn a_process_that_died() {
    let mut session = Session::default();
    session
        .start(7, "python3 shop.py")
        .start(8, "convert a.png")
        .end(8, None, Some("SIGABRT"));
    let found = session.summary.findings(session.moment()).remove(0);
    assert_eq!(
        (found.kind, found.subject.as_str(), found.signal.as_deref()),
        (FindingKind::Died, "convert a.png", Some("SIGABRT"))
    );
    assert_eq!((found.query.as_str(), session.failed().processes), ("pid:8", Some(1)));
    session.start(9, "convert a.png").end(9, None, Some("SIGABRT"));
    session.start(10, "convert a.png").end(10, None, Some("SIGSEGV"));
    let found = session.summary.findings(session.moment());
    let told: Vec<_> = found
        .iter()
        .map(|own| (own.query.as_str(), own.count, own.pid))
        .collect();
    assert_eq!(told, [("pid:8 OR pid:9", 2, None), ("pid:10", 1, Some(10))]);

    let mut quiet = Session::default();
    quiet
        .start(7, "sh -c false")
        .start(8, "grep x")
        .end(8, Some(1), None)
        .start(9, "yes")
        .end(9, None, Some("SIGPIPE"));
    quiet.end(7, Some(0), None);
    assert_eq!((quiet.found(), quiet.failed().processes), (vec![], Some(0)));
    let mut root = Session::default();
    root.start(7, "make").end(7, Some(2), None);
    assert_eq!(
        (root.found(), root.failed().processes),
        (vec![], Some(1)),
        "counted, and the header has it"
    );
}
