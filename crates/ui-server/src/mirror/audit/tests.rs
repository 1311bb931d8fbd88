//! Tests of the log: what a flood leaves, and where.

use super::ring::{MAX_ENTRIES, MAX_LINES_OF_KIND, MAX_LINES_OF_SOURCE};
use super::*;

const SECOND: u64 = 1_000_000;

fn audit() -> (tempfile::TempDir, Audit) {
    let home = tempfile::tempdir().unwrap();
    let audit = Audit::new(PrivateFolder::new(home.path().join(".mirror")));
    (home, audit)
}

fn address(last: u8) -> Option<IpAddr> {
    Some(IpAddr::from([192, 168, 1, last]))
}

fn at(steady: u64) -> Reading {
    Reading {
        wall: 1_795_197_600 * SECOND + steady,
        steady,
    }
}

fn written(audit: &Audit, name: &str) -> Vec<AuditEntry> {
    let file = audit.folder.read(name, 1 << 20).unwrap().unwrap_or_default();
    let lines = file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

#[test]
fn a_flood_is_one_line_with_its_number() {
    let (_home, mut audit) = audit();
    for now in 0..10_000 {
        audit.add(AuditKind::Throttled, address(66), None, "told to wait", at(now * 500));
        audit.flush(now * 500, false);
    }
    audit.flush(200 * SECOND, false);
    let details = |entries: Vec<AuditEntry>| entries.into_iter().map(|entry| entry.detail).collect::<Vec<_>>();
    assert_eq!(details(audit.list()), ["told to wait (and 9999 more)"]);
    assert_eq!(
        details(written(&audit, "audit.log")),
        [
            "told to wait",
            "told to wait (and 10 more)",
            "told to wait (and 100 more)",
            "told to wait (and 1000 more)",
            "told to wait (and 9999 more)"
        ]
    );
    audit.add(
        AuditKind::Throttled,
        address(66),
        None,
        "told to wait",
        at(300 * SECOND),
    );
    assert_eq!(audit.list().len(), 2, "later it is news again");
}

#[test]
fn strangers_who_alternate_addresses_leave_a_few_lines() {
    let (_home, mut audit) = audit();
    for number in 0..60_000_u64 {
        let last = u8::try_from(number % 2).unwrap();
        audit.add(AuditKind::SignInFailed, address(last), None, "wrong", at(number));
    }
    assert_eq!(audit.list().len(), 2);
    for number in 0..60_000_u64 {
        let networks = u128::from(number % 1_000) << 64;
        let from = IpAddr::from((0x2001_0db8_u128 << 96 | networks).to_be_bytes());
        audit.add(AuditKind::PairingFailed, Some(from), None, "wrong", at(number));
    }
    assert_eq!(audit.list().len(), 2 + MAX_LINES_OF_KIND);
    let counted = audit.list().into_iter().next().unwrap();
    assert!(counted.detail.ends_with("more, not all the same)"), "{counted:?}");
}

#[test]
fn a_viewer_that_asks_for_everything_wipes_nothing() {
    let (_home, mut audit) = audit();
    audit.add(AuditKind::SignedIn, address(1), Some("a"), "iPhone, Safari", at(1));
    audit.add(
        AuditKind::DeviceChanged,
        None,
        Some("a"),
        "iPhone, Safari, controller",
        at(2),
    );
    audit.add(AuditKind::Revoked, None, Some("b"), "curl", at(3));
    for number in 0..20_000 {
        let path = format!("POST /api/sessions/{number}/kill");
        audit.add(AuditKind::Refused, address(1), Some("a"), &path, at(4 + number));
    }
    assert_eq!(audit.list().len(), 3 + MAX_LINES_OF_SOURCE);
    let all = audit.list();
    let kinds: Vec<_> = all.iter().rev().take(3).map(|entry| entry.kind).collect();
    assert_eq!(
        kinds,
        [AuditKind::SignedIn, AuditKind::DeviceChanged, AuditKind::Revoked]
    );
    assert_eq!(
        all[0].detail,
        "POST /api/sessions/4/kill (and 19995 more, not all the same)"
    );
    assert_eq!(written(&audit, "access.log").len(), 3);
    assert_eq!(written(&audit, "audit.log").len(), MAX_LINES_OF_SOURCE);
}

#[test]
fn a_flood_over_days_leaves_the_ring_of_access_alone() {
    let (_home, mut audit) = audit();
    audit.add(AuditKind::Revoked, None, Some("b"), "curl", at(1));
    for hour in 0..100_u64 {
        for last in 0..200 {
            let steady = hour * 3_600 * SECOND + u64::from(last);
            audit.add(AuditKind::Throttled, address(last), None, "told to wait", at(steady));
            audit.add(AuditKind::SignInFailed, address(last), None, "wrong", at(steady));
        }
    }
    let all = audit.list();
    assert_eq!(all.len(), MAX_ENTRIES + 1, "memory is bounded");
    assert_eq!(all.last().unwrap().kind, AuditKind::Revoked);
}

#[test]
fn what_the_desktop_does_is_all_there() {
    let (_home, mut audit) = audit();
    for number in 0..100 {
        let id = format!("{number:016x}");
        audit.add(AuditKind::Revoked, None, Some(&id), "curl", at(number));
    }
    assert_eq!(audit.list().len(), 100);
}

#[test]
fn files_are_bounded() {
    let (_home, mut audit) = audit();
    for number in 0..6_000 {
        let name = format!("device {number}");
        audit.add(AuditKind::DeviceChanged, None, Some("a"), &name, at(number));
    }
    assert_eq!(audit.list().len(), MAX_ENTRIES);
    for name in [ACCESS.name, ACCESS.old] {
        let bytes = audit.folder.read(name, 1 << 20).unwrap().unwrap().len() as u64;
        assert!(bytes > 0 && bytes < MAX_FILE_BYTES + 1_024, "{name} {bytes}");
    }
}

#[test]
fn what_could_not_be_written_is_said_and_written_later() {
    let (home, _) = audit();
    let file = home.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut audit = Audit::new(PrivateFolder::new(file.clone()));
    for number in 0..=MAX_UNWRITTEN {
        audit.add(AuditKind::Revoked, None, Some(&number.to_string()), "x", at(1));
    }
    let trouble = audit.trouble().unwrap();
    assert!(
        trouble.contains("is not a directory") && trouble.contains("; 1 lines are lost"),
        "{trouble}"
    );
    assert_eq!(audit.list().len(), MAX_UNWRITTEN + 1);
    std::fs::remove_file(&file).unwrap();
    audit.flush(2, false);
    assert!(audit.trouble().is_none());
    let devices: Vec<_> = written(&audit, "access.log")
        .into_iter()
        .filter_map(|entry| entry.device)
        .collect();
    assert_eq!((devices.len(), devices[0].as_str()), (MAX_UNWRITTEN, "1"));
}

#[test]
fn what_a_client_sent_turns_no_terminal_over() {
    assert_eq!(foreign("curl/8.5"), "curl/8.5");
    assert_eq!(foreign("a\u{1b}[2J\n\u{202e}\\"), "a\\u{1b}[2J\\u{a}\\u{202e}\\u{5c}");
    assert_eq!(foreign(&"x".repeat(1_000)).len(), MAX_FOREIGN_CHARACTERS + 3);
}
