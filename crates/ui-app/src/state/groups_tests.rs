//! Sessions are grouped, sorted and found as the reader asks.

use mirrord_wire::{SessionInfo, SessionSummary, WsMessage};

use super::*;

fn told(id: &str, target: &str, day: u8, rate: f64) -> SessionSummary {
    let info = SessionInfo {
        session_id: id.into(),
        target: target.into(),
        started_at: format!("2026-11-{day:02}T00:00:00Z"),
        key: (id == "c").then(|| "told".to_owned()),
        ..SessionInfo::default()
    };
    SessionSummary {
        info,
        rate,
        ..SessionSummary::default()
    }
}

fn sessions() -> Sessions {
    let mut sessions = Sessions::default();
    let all = vec![
        told("a", "deployment/x", 1, 5.0),
        told("b", "targetless", 2, 900.0),
        told("c", "deployment/x", 3, 6.0),
        told("d", "deployment/y", 4, 0.0),
    ];
    sessions.apply(WsMessage::Sessions(all), 0);
    sessions.apply(WsMessage::SessionRemoved { session_id: "d".into() }, 7);
    sessions
}

/// Titles and ids in brief.
fn brief(own: &Arrangement, typed: &str) -> Vec<String> {
    let sessions = sessions();
    let groups = arrange(&sessions, own, &ranks(&sessions), typed);
    let write = |group: Group| [&words(&group.title, own.grouping), ":", &group.ids.join("")].concat();
    groups.into_iter().map(write).collect()
}

#[test]
fn sessions_are_grouped_by_what_was_chosen() {
    let mut own = Arrangement::default();
    assert_eq!(brief(&own, ""), ["live:cba", "ended:d"]);
    own.grouping = Grouping::Target;
    assert_eq!(brief(&own, ""), ["deployment/x:ca", "deployment/y:d", "no target:b"]);
    own.grouping = Grouping::Key;
    own.name("a", "mine");
    own.name("d", "mine");
    assert_eq!(brief(&own, ""), ["mine:ad", "told:c", "no key:b"]);
    own.grouping = Grouping::Namespace;
    assert_eq!(brief(&own, ""), ["no namespace:cbad"]);
    assert_eq!(brief(&own, "MINE"), ["no namespace:ad"], "a key is searched, too");
}

#[test]
fn pinned_ones_come_first_and_new_ones_before_those_that_were_put_somewhere() {
    let mut own = Arrangement::default();
    (own.grouping, own.sorting) = (Grouping::None, Sorting::Rate);
    assert_eq!(
        brief(&own, ""),
        ["Sessions:bcad"],
        "5 and 6 a second are the same but for noise"
    );
    own.put(&["b", "a", "d"].map(str::to_owned), "d", 0);
    assert_eq!(brief(&own, ""), ["Sessions:cdba"]);
    own.toggle_pin("a");
    assert_eq!(brief(&own, ""), ["Sessions:acdb"]);
}

#[test]
fn a_session_stays_in_its_group_and_with_its_pins() {
    let mut own = Arrangement::default();
    own.toggle_pin("a");
    let sessions = sessions();
    let groups = arrange(&sessions, &own, &Ranks::new(), "");
    assert_eq!(groups[0].ids.concat(), "acb");
    assert_eq!(range(&groups, "a"), Some((0..1, 0)));
    assert_eq!(range(&groups, "b"), Some((1..3, 2)));
    assert_eq!(range(&groups, "d"), Some((3..4, 3)));
    assert_eq!(range(&groups, "x"), None);
}

#[test]
fn a_title_is_read_back_from_its_key() {
    let named = |name: &str| Title::Named(name.to_owned());
    for title in [Title::Status(2), named(""), named("s1"), named("n"), Title::Other] {
        assert_eq!(Title::of_key(&title.to_key()), title);
    }
}
