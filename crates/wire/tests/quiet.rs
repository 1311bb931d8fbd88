//! Programs that are quiet: streams that were recorded of them (`fixtures/quiet`) show no failure and nothing worth a look.
//!
//! A line has milliseconds, process, operation, outcome (`+` ok, `-` not found, `!` denied or failed, `?` not known) and what
//! it is about. Repeated and similar lines were left out, and paths of a machine replaced.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::fs;
use std::path::Path;

use mirrord_wire::session::summary::{Failures, Seen, SeenEvent, Summary, Verdict};
use mirrord_wire::{Exit, Outcome};

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/quiet");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn apply(summary: &mut Summary, line: &str) {
    let columns: Vec<&str> = line.splitn(5, '\t').collect();
    let [ms, pid, operation, outcome, subject] = columns[..] else {
        panic!("{line}")
    };
    let is_connect = operation == "connect";
    let outcome = match (outcome, is_connect) {
        ("+", false) => Some(Outcome::Ok),
        ("-", false) => Some(Outcome::NotFound),
        ("!", false) => Some(Outcome::Denied),
        ("+", true) => Some(Outcome::Connected),
        ("!", true) => Some(Outcome::Failed),
        _ => None,
    };
    let words: Vec<String> = subject.split(' ').map(str::to_owned).collect();
    let exit = Exit {
        code: Some(0),
        signal: None,
    };
    let (address, port) = subject.rsplit_once(':').unwrap_or((subject, "0"));
    let event = match operation {
        "start" => SeenEvent::Started {
            name: &words[0],
            cmdline: &words,
        },
        "end" => SeenEvent::Ended(&exit),
        "dns" => SeenEvent::Dns { host: subject },
        "connect" => SeenEvent::Connect {
            address,
            port: port.parse().unwrap(),
        },
        _ => SeenEvent::File {
            path: subject,
            operation,
        },
    };
    let seen = Seen {
        seq: summary.seq + 1,
        ts: 1_795_197_600_000_000 + ms.parse::<u64>().unwrap() * 1_000,
        pid: pid.parse().unwrap(),
        outcome,
        event,
    };
    summary.apply(&seen);
}

#[test]
fn a_quiet_program_has_no_failure_and_nothing_worth_a_look() {
    let names = [
        "bash",
        "gcc",
        "getent",
        "git-log",
        "git-status",
        "go",
        "java",
        "ls",
        "make",
        "node",
        "node-app",
        "perl",
        "python",
        "python-imports",
    ];
    for name in names {
        let mut summary = Summary::default();
        let text = read(&[name, ".tsv"].concat());
        text.lines().for_each(|line| apply(&mut summary, line));
        let now = summary.moment(0, true);
        let searches = summary.searches().unwrap();
        let failed: Vec<_> = searches
            .into_iter()
            .filter(|search| summary.verdict(search) == Verdict::Failed)
            .collect();
        assert_eq!(failed, Vec::<&_>::new(), "{name}");
        assert_eq!(summary.findings(now), [], "{name}");
        let none = Failures {
            files: Some(0),
            network: summary.failed(now).network,
            ports: 0,
            processes: Some(0),
        };
        assert_eq!(summary.failed(now), none, "{name}");
        assert_eq!(none.network.unwrap_or_default(), 0, "{name}");
        assert!(text.contains("\t-\t"), "{name} looks for something in vain");
    }
}

#[test]
fn a_refused_connection_is_the_only_failure_of_curl() {
    let mut summary = Summary::default();
    read("curl.tsv").lines().for_each(|line| apply(&mut summary, line));
    let failed = summary.failed(summary.moment(0, true));
    assert_eq!((failed.files, failed.network), (Some(0), Some(1)));
}
