//! Answers: searches, what is not known, snapshots and bounds. `finding_tests` has the findings.

#[path = "finding_tests.rs"]
mod findings;

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
            .start(u32::from(number) + 10, &format!("x{number}"))
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
    let answers = session.summary.answers(session.moment());
    assert_eq!(answers.worth_a_look, session.summary.findings(session.moment()));
    assert!(answers.worth_a_look.len() == MAX_FINDINGS && answers.worth_a_look_more > 0);
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
