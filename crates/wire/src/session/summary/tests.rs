//! Each answer, and for each kind of finding a stream in which it appears and one in which it must not.

use super::*;
use crate::session::event::{ConnectionUpdate, Direction, Exit, Outcome};

const SECOND: u64 = 1_000_000;

/// Summary under test, with a clock.
struct Session {
    summary: Summary,
    ts: u64,
    ended: bool,
}

impl Default for Session {
    fn default() -> Self {
        let ts = 1_795_197_600 * SECOND;
        Self {
            summary: Summary::default(),
            ts,
            ended: false,
        }
    }
}

impl Session {
    fn see(&mut self, pid: u32, outcome: Option<Outcome>, event: SeenEvent<'_>) -> &mut Self {
        self.ts += 1_000;
        let seq = self.summary.seq + 1;
        let ts = self.ts;
        self.summary.apply(&Seen {
            seq,
            ts,
            pid,
            outcome,
            event,
        });
        self
    }

    fn file(&mut self, operation: &str, path: &str, outcome: Outcome) -> &mut Self {
        self.see(7, Some(outcome), SeenEvent::File { path, operation })
    }

    fn missing(&mut self, path: &str) -> &mut Self {
        self.file("open", path, Outcome::NotFound)
    }

    fn connect(&mut self, address: &str, port: u16, outcome: Outcome) -> &mut Self {
        self.see(7, Some(outcome), SeenEvent::Connect { address, port })
    }

    fn start(&mut self, pid: u32, command: &str) -> &mut Self {
        let cmdline: Vec<String> = command.split(' ').map(str::to_owned).collect();
        self.see(
            pid,
            None,
            SeenEvent::Started {
                name: "",
                cmdline: &cmdline,
            },
        )
    }

    fn end(&mut self, pid: u32, code: Option<i32>, signal: Option<&'static str>) -> &mut Self {
        let exit = Exit {
            code,
            signal: signal.map(Into::into),
        };
        self.see(pid, None, SeenEvent::Ended(&exit))
    }

    fn wait(&mut self, seconds: u64) -> &mut Self {
        self.ts += seconds * SECOND;
        self
    }

    fn moment(&self) -> Moment {
        self.summary.moment(self.ts, self.ended)
    }

    fn found(&self) -> Vec<(FindingKind, String)> {
        let findings = self.summary.findings(self.moment());
        findings.into_iter().map(|found| (found.kind, found.subject)).collect()
    }

    fn failed(&self) -> Failures {
        self.summary.failed(self.moment())
    }

    fn query(&self) -> String {
        self.summary.findings(self.moment()).remove(0).query
    }
}

fn only(kind: FindingKind, subject: &str) -> Vec<(FindingKind, String)> {
    vec![(kind, subject.to_owned())]
}

#[test]
fn a_name_that_was_found_in_the_third_place_is_no_failure() {
    let mut session = Session::default();
    for _ in 0..31 {
        session
            .missing("/home/u/.config/shop/app.toml")
            .missing("/srv/shop/app.toml");
        session.file("open", "/etc/shop/app.toml", Outcome::Ok).wait(1);
    }
    let searches = session.summary.searches().unwrap();
    assert_eq!(searches.len(), 1);
    let search = searches[0];
    assert_eq!((search.name.as_str(), search.attempts()), ("app.toml", 93));
    assert_eq!(search.found_in(), Some((3, "/etc/shop/app.toml")));
    assert_eq!((session.failed().files, session.found()), (Some(0), vec![]));
}

#[test]
fn alternatives_are_one_search_and_two_files_of_a_name_are_two() {
    let mut session = Session::default();
    session.missing("/srv/config.yaml").missing("/srv/config.yml");
    session.file("open", "/srv/config.json", Outcome::Ok).wait(9);
    session
        .file("open", "/other/config.json", Outcome::Ok)
        .file("open", "/other/config.yaml", Outcome::Ok);
    let searches = session.summary.searches().unwrap();
    let places: Vec<_> = searches.iter().map(|search| search.places.len()).collect();
    assert_eq!(places, [3, 1, 1]);
    assert_eq!(searches[0].found_in(), Some((3, "/srv/config.json")));
}

#[test]
fn a_place_of_the_system_counts_where_a_search_goes_on_there() {
    let mut session = Session::default();
    session
        .missing("/srv/app/app.conf")
        .file("open", "/usr/share/app/app.conf", Outcome::Ok);
    assert_eq!(session.failed().files, Some(0));
    assert_eq!(
        session.summary.searches().unwrap()[0].found_in(),
        Some((2, "/usr/share/app/app.conf"))
    );
}

#[test]
fn files_of_the_system_and_of_tools_are_not_the_programs() {
    let mut session = Session::default();
    for path in [
        "/etc/resolv.conf",
        "/etc/ssl/openssl.cnf",
        "/srv/.git/HEAD",
        "/home/u/.config/shop/shop.toml",
    ] {
        session.file("open", path, Outcome::Ok).wait(2);
    }
    let names: Vec<_> = session
        .summary
        .searches()
        .unwrap()
        .into_iter()
        .map(|search| search.name.as_str())
        .collect();
    assert_eq!(names, ["shop.toml"]);
}

#[test]
fn without_outcomes_nothing_is_said() {
    let mut session = Session::default();
    for operation in ["open", "stat", "write"] {
        session.see(
            7,
            None,
            SeenEvent::File {
                path: "/srv/a.yaml",
                operation,
            },
        );
    }
    let (address, port) = ("10.0.0.1", 80);
    session
        .see(7, None, SeenEvent::Connect { address, port })
        .see(7, None, SeenEvent::Port { port: 80 });
    session.end(7, None, None).wait(100);
    assert!(session.summary.searches().is_none());
    assert_eq!((session.failed(), session.found()), (Failures::default(), vec![]));
    let json = serde_json::to_value(session.summary.answers(session.moment())).unwrap();
    assert_eq!(
        json["failed"],
        serde_json::json!({"ports": 0}),
        "what is not known is absent"
    );
    assert_eq!(json["ports"][0].get("arrivals"), None);
    assert_eq!(json["destinations"][0].get("outcome"), None);
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
fn an_arrival_is_counted_once_however_often_it_is_updated() {
    let mut session = Session::default();
    session.see(7, None, SeenEvent::Port { port: 80 });
    for (remote, times) in [("10.0.0.9:4000", 3), ("10.0.0.9:4001", 1)] {
        let update = ConnectionUpdate {
            direction: Direction::In,
            local: "10.0.0.1:80".to_owned(),
            remote: remote.to_owned(),
            ..ConnectionUpdate::default()
        };
        (0..times).for_each(|_| {
            session.see(7, None, SeenEvent::Update(&update));
        });
    }
    session.see(7, None, SeenEvent::Request { host: "shop" });
    assert_eq!(session.summary.ports()[0].arrivals, Some(3));
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

#[test]
fn a_summary_goes_on_from_a_snapshot_without_gap_or_overlap() {
    let mut session = Session::default();
    session.start(7, "shop").see(7, None, SeenEvent::Dns { host: "db" });
    session
        .file("stat", "/run/x", Outcome::NotFound)
        .wait(1)
        .file("stat", "/run/x", Outcome::NotFound);
    session
        .connect("10.0.0.1", 1, Outcome::Pending)
        .see(7, None, SeenEvent::Port { port: 80 })
        .missing("/srv/a.toml");
    let text = serde_json::to_string(&session.summary.answers(session.moment())).unwrap();
    let mut read: Summary = serde_json::from_str(&text).unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        serde_json::to_string(&session.summary).unwrap()
    );
    for (seq, path) in [
        (session.summary.seq, "/srv/b.toml"),
        (session.summary.seq + 1, "/etc/x/a.toml"),
    ] {
        let seen = Seen {
            seq,
            ts: session.ts,
            pid: 7,
            outcome: Some(Outcome::Ok),
            event: SeenEvent::File {
                path,
                operation: "open",
            },
        };
        read.apply(&seen);
        session.summary.apply(&seen);
    }
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        serde_json::to_string(&session.summary).unwrap()
    );
    assert_eq!(
        (
            read.searches().unwrap()[0].found_in().unwrap().0,
            read.failed(session.moment()).files
        ),
        (2, Some(0))
    );
    read.skip_to(read.seq + 5);
    assert_eq!(read.missed, 5);
}

#[test]
fn every_list_is_bounded_and_what_does_not_fit_is_counted() {
    let mut session = Session::default();
    for number in 0..5_000_u16 {
        session.file(
            "open",
            &format!("/srv/{number}/{}.dat", "x".repeat(usize::from(number % 900))),
            Outcome::NotFound,
        );
        session
            .missing(&format!("/srv/{number}/same.toml"))
            .file("stat", &format!("/q/{number}"), Outcome::NotFound);
        session
            .connect("10.0.0.1", number, Outcome::Failed)
            .see(7, None, SeenEvent::Port { port: number });
        session.see(
            7,
            None,
            SeenEvent::Dns {
                host: &format!("host{number}"),
            },
        );
        session
            .start(u32::from(number) + 10, "x")
            .end(u32::from(number) + 9, None, Some("SIGSEGV"));
    }
    session.missing(&["/srv/", &"y".repeat(5_000), ".dat"].concat());
    let json = serde_json::to_value(&session.summary).unwrap();
    let list = |name: &str| json[name].as_array().unwrap().len();
    assert!(list("searches") <= MAX_SEARCHES, "{}", list("searches"));
    assert_eq!(
        (list("destinations"), list("hosts"), list("ports"), list("died")),
        (512, 512, MAX_LISTENERS, MAX_DIED)
    );
    for more in ["searches_more", "network_more", "ports_more", "died_more"] {
        assert!(json[more].as_u64().unwrap() > 0, "{more}");
    }
    assert!(json.to_string().len() < 1_000_000, "{}", json.to_string().len());
    assert_eq!(session.summary.findings(session.moment()).len(), MAX_FINDINGS);
}

#[test]
fn a_shape_beyond_every_bound_is_read_and_kept_within_them() {
    let many: Vec<_> = (0..5_000)
        .map(|number| serde_json::json!({"name": format!("n{number}"), "port": 1, "pid": number}))
        .collect();
    let places: Vec<_> = (0..500)
        .map(|number| serde_json::json!({"path": format!("/{number}")}))
        .collect();
    let json = serde_json::json!({
        "seq": 3, "outcomes": true, "destinations": many, "hosts": many, "ports": many, "died": many, "running": many,
        "searches": (0..900).map(|number| serde_json::json!({"name": format!("s{number}"), "places": places})).collect::<Vec<_>>(),
        "folded": null,
    });
    let summary: Summary = crate::from_value(json).unwrap();
    let searches = summary.searches().unwrap();
    assert!(searches.len() <= MAX_SEARCHES && searches.iter().all(|search| search.places.len() <= MAX_PLACES));
    assert_eq!(
        (
            summary.destinations().len(),
            summary.ports().len(),
            summary.died().len()
        ),
        (512, 256, 64)
    );
}
