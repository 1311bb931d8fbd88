//! Answers that are made from a judgement as the server writes it.

use mirrord_wire::session::ListenerUpdate;
use mirrord_wire::session::summary::Summary;
use mirrord_wire::{ConnectionUpdate, EventLine, Exit, MonitorEvent, Observation, Outcome};

use super::*;
use crate::codec::line::sent as read;

const START: u64 = 1_795_197_600_000_000;

/// A session whose events are counted by the server and by the page.
#[derive(Default)]
struct Session {
    summary: Summary,
    aggregates: Aggregates,
    seq: u64,
}

impl Session {
    /// An event `seconds` after the start.
    fn see(&mut self, seconds: u64, event: MonitorEvent, outcome: Option<Outcome>) -> &mut Self {
        self.seq += 1;
        let line = EventLine {
            seq: self.seq,
            ts: START + seconds * SECOND,
            observation: Observation {
                pid: Some(7),
                outcome,
                ..event.into()
            },
        };
        self.summary.apply_line(&line);
        read(&line, |line| self.aggregates.apply(line));
        self
    }

    fn open(&mut self, seconds: u64, path: &str, outcome: Outcome) -> &mut Self {
        let event = MonitorEvent::FileOp {
            path: Some(path.into()),
            operation: "open".into(),
        };
        self.see(seconds, event, Some(outcome))
    }

    fn connect(&mut self, seconds: u64, address: &str, port: u16, outcome: Outcome) -> &mut Self {
        let event = MonitorEvent::OutgoingConnection {
            address: address.into(),
            port,
            protocol: Some("tcp".into()),
        };
        self.see(seconds, event, Some(outcome))
    }

    fn look_up(&mut self, seconds: u64, host: &str) -> &mut Self {
        self.see(seconds, MonitorEvent::DnsQuery { host: host.into() }, None)
    }

    fn answers(&self, seconds: u64) -> Answers {
        let now = START + seconds * SECOND;
        let answer = self.summary.answers(self.summary.moment(now, false));
        let judgement = Judgement::read(&serde_json::to_string(&answer).unwrap()).unwrap();
        answers(&judgement, &self.aggregates, Some("/srv/shop"), now, &|_| {
            "then".to_owned()
        })
    }
}

fn words(rows: &[Answer]) -> Vec<Vec<&str>> {
    rows.iter()
        .map(|row| row.cells.iter().map(|cell| cell.main.as_str()).collect())
        .collect()
}

fn sentences(answers: &Answers) -> Vec<String> {
    let whole = |own: &Sentence| {
        format!("{}{}{} {}", own.before, own.subject, own.after, own.evidence)
            .trim()
            .to_owned()
    };
    answers.found.iter().map(whole).collect()
}

#[test]
fn a_name_that_was_found_in_the_third_place_is_no_failure() {
    let mut session = Session::default();
    session
        .open(0, "/home/u/.config/app.toml", Outcome::NotFound)
        .open(0, "/srv/shop/app.toml", Outcome::NotFound)
        .open(0, "/etc/shop/app.toml", Outcome::Ok);
    let answers = session.answers(1);
    assert_eq!(
        words(&answers.files),
        [
            ["app.toml", "/home/u/.config/", "not found", "1"],
            ["", "./", "not found", "1"],
            ["", "/etc/shop/", "found", "1"]
        ]
    );
    assert!(answers.files.iter().all(|row| row.cells[2].class != "lost"));
    assert_eq!(answers.files[1].query, "path:=\"/srv/shop/app.toml\"");
    assert_eq!(sentences(&answers), Vec::<String>::new());
}

#[test]
fn a_database_that_refuses_is_said_with_its_name_and_how_often() {
    let mut session = Session::default();
    for second in 0..3 {
        session
            .look_up(second * 10, "db")
            .connect(second * 10, "10.0.0.7", 5432, Outcome::Failed);
    }
    let answers = session.answers(30);
    assert_eq!(
        sentences(&answers),
        ["Connections to 10.0.0.7:5432 fail. db · 3 × · 20 s"]
    );
    assert!(answers.found[0].is_failure);
    assert_eq!(words(&answers.network), [["db", "10.0.0.7:5432", "failed", "3", ""]]);
    assert_eq!(answers.network[0].cells[2].class, "lost");
    assert_eq!(answers.network[0].query, "host:\"10.0.0.7\" port:5432");
}

#[test]
fn a_name_without_a_connection_comes_before_what_was_reached_and_bytes_are_said_where_they_are_known() {
    let mut session = Session::default();
    session.connect(0, "10.0.0.8", 6379, Outcome::Connected);
    let update = ConnectionUpdate {
        protocol: "tcp".into(),
        direction: Direction::Out,
        local: "10.0.0.1:4000".into(),
        remote: "10.0.0.8:6379".into(),
        state: "established".into(),
        bytes_in: Some(1_200_000),
        bytes_out: Some(84_000),
        rtt_us: None,
        duration_us: None,
    };
    session.see(1, MonitorEvent::ConnectionUpdate(Box::new(update)), None);
    session.look_up(0, "warehouse").look_up(20, "warehouse");
    let answers = session.answers(60);
    assert_eq!(
        words(&answers.network),
        [
            ["warehouse", "–", "no connection followed", "2", ""],
            ["", "10.0.0.8:6379", "connected", "1", "1.2 MB / 84.0 kB"]
        ]
    );
    assert_eq!(
        sentences(&answers),
        ["warehouse was looked up, and no connection followed. 2 × · 20 s"]
    );
}

#[test]
fn a_port_that_is_not_reached_says_so_and_one_of_which_nothing_is_known_does_not() {
    let listener = |port, arrivals| ListenerUpdate {
        protocol: "tcp".into(),
        address: "127.0.0.1".into(),
        port,
        arrivals,
        ..ListenerUpdate::default()
    };
    let mut session = Session::default();
    for (port, arrivals) in [(8080, Some(0)), (9090, None)] {
        let update = listener(port, arrivals);
        session.see(0, MonitorEvent::ListenerUpdate(Box::new(update)), None);
    }
    let answers = session.answers(120);
    assert_eq!(
        words(&answers.ports),
        [
            ["127.0.0.1:8080", "7", "0", "never", ""],
            ["127.0.0.1:9090", "7", "", "", ""]
        ]
    );
    assert_eq!(answers.ports[0].cells[0].tail, "loopback only");
    assert_eq!(
        sentences(&answers),
        ["No connection has reached port 8080. 2 min · loopback only"]
    );
    assert!(!answers.found[0].is_failure);
}

#[test]
fn a_process_that_died_says_of_what() {
    let mut session = Session::default();
    let started = MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("sh".into()),
        cmdline: vec!["sh".into(), "-c".into(), "convert".into()],
        cwd: None,
    };
    let exit = Exit {
        code: None,
        signal: Some("SIGABRT".into()),
    };
    session
        .see(0, started, None)
        .see(4, MonitorEvent::LayerDisconnected { pid: 7, exit }, None);
    let answers = session.answers(5);
    assert_eq!(
        words(&answers.died),
        [["sh -c convert", "died of SIGABRT", "ran 4 s", "1"]]
    );
    assert_eq!(sentences(&answers), ["sh -c convert died of SIGABRT. 4 s"]);
}

#[test]
fn what_is_no_judgement_has_no_answers() {
    for text in [
        "{}",
        "[]",
        "null",
        "{\"worth_a_look\":7,\"searches\":[1,{\"places\":[[]]}]}",
    ] {
        let judgement = Judgement::read(text).unwrap();
        let answers = answers(&judgement, &Aggregates::default(), None, 0, &|_| String::new());
        assert!(answers.found.is_empty() && answers.network.is_empty(), "{text}");
    }
    assert_eq!(Judgement::read("<html>"), None);
}
