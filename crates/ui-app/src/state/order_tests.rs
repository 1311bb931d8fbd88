//! The reader's order, pins and keys are kept, bounded, and written as the sidebar that a mirror follows.

use mirrord_wire::mirror::Sidebar;
use proptest::prelude::*;

use super::*;

fn followed(text: &str) -> Option<(Arrangement, Option<String>)> {
    Arrangement::followed(&mirrord_wire::from_json(text).ok()?)
}

fn id() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}"
}

fn arrangement() -> impl Strategy<Value = Arrangement> {
    let some = || prop::collection::vec(id(), 0..9);
    let keys = prop::collection::vec((id(), "\\PC{1,50}"), 0..6);
    let words = (
        prop::sample::select(Grouping::ALL.to_vec()),
        prop::sample::select(Sorting::ALL.to_vec()),
    );
    (words, some(), some(), keys).prop_map(|((grouping, sorting), order, pinned, keys)| {
        let mut own = Arrangement {
            grouping,
            sorting,
            order: ids(order.iter().map(String::as_str)),
            pinned: ids(pinned.iter().map(String::as_str)),
            ..Arrangement::default()
        };
        keys.iter().for_each(|(id, key)| own.name(id, key));
        own
    })
}

proptest! {
    #[test]
    fn what_was_arranged_is_read_back(own in arrangement()) {
        prop_assert_eq!(Arrangement::read(&own.written()), own);
    }

    #[test]
    fn whatever_is_stored_something_is_read(stored in any::<String>(), tail in "[;=a-z,:%-]{0,80}") {
        let _ = Arrangement::read(&stored);
        let _ = Arrangement::read(&["1;", &tail].concat());
        let _ = followed(&stored);
    }

    #[test]
    fn the_document_is_the_wire_s_and_is_followed(own in arrangement(), selected in prop::option::of(id())) {
        let document = own.sidebar(&own.order, selected.as_deref());
        let wire: Sidebar = serde_json::from_str(&document).unwrap();
        prop_assert_eq!((&wire.order, &wire.pinned, &wire.selected), (&own.order, &own.pinned, &selected));
        let (follower, open) = followed(&document).unwrap();
        prop_assert_eq!(open, selected);
        let mut keys = own.keys.clone();
        keys.sort();
        prop_assert_eq!((&follower.order, &follower.pinned, &follower.keys), (&own.order, &own.pinned, &keys));
        prop_assert_eq!(follower.grouping, own.grouping);
    }
}

#[test]
fn the_fullest_arrangement_fits_into_what_is_read_and_what_the_server_takes() {
    let mut own = Arrangement::default();
    let long = |number: usize| ["x".repeat(59), (10_000 + number).to_string()].concat();
    let all: Vec<String> = (0..MAX_IDS + 50).map(long).collect();
    all.iter().for_each(|id| own.toggle_pin(id));
    own.put(&all, &all[3], 0);
    (0..MAX_KEYS + 9).for_each(|number| own.name(&long(number), &"🦀\u{1}".repeat(MAX_KEY_CHARS * 2)));
    assert_eq!(
        (own.order.len(), own.pinned.len(), own.keys.len()),
        (MAX_IDS, MAX_IDS, MAX_KEYS)
    );
    assert!(own.written().len() <= MAX_BYTES, "{}", own.written().len());
    assert!(own.sidebar(&all, None).len() <= MAX_BYTES);
    assert_eq!(Arrangement::read(&own.written()), own);
}

#[test]
fn another_version_and_nonsense_are_ignored_and_a_broken_part_costs_no_other() {
    for stored in ["", "2;sort=rate", "sort=rate", "\u{0}", "1"] {
        assert_eq!(Arrangement::read(stored), Arrangement::default(), "{stored}");
    }
    let own = Arrangement::read("1;group=moon;sort=rate;order=a,../x,a,,b;pinned=<b>;key=a:%41%ZZ;key=;key=..:x;new=1");
    assert_eq!((own.grouping, own.sorting), (Grouping::Status, Sorting::Rate));
    assert_eq!(own.order, ["a", "b"]);
    assert_eq!((own.pinned.len(), own.key("a"), own.keys.len()), (0, Some("A%ZZ"), 1));
    assert_eq!(
        Arrangement::read(&["1;sort=rate;x=", &"x".repeat(MAX_BYTES)].concat()),
        Arrangement::default()
    );
}

#[test]
fn putting_a_session_elsewhere_makes_what_is_shown_the_order() {
    let shown = ["a", "b", "c"].map(str::to_owned);
    let mut own = Arrangement::default();
    assert!(own.put(&shown, "c", 0));
    assert_eq!((own.order.join(""), own.sorting), ("cab".to_owned(), Sorting::Own));
    assert!(own.put(&shown, "a", 99));
    assert_eq!(own.order.join(""), "bca");
    assert!(!own.put(&shown, "x", 0) && !own.put(&shown, "b", 1));
}

#[test]
fn a_document_that_cannot_be_read_is_none() {
    for broken in [
        "",
        "[]",
        "{\"order\":1}",
        "{\"order\":[1]}",
        "{\"view\":[]}",
        "{\"order\":[\"b\"]",
    ] {
        assert_eq!(followed(broken), None, "{broken}");
    }
}

#[test]
fn a_pin_is_set_and_taken_away() {
    let mut own = Arrangement::default();
    own.toggle_pin("a");
    assert!(own.is_pinned("a"));
    own.toggle_pin("a");
    assert!(own.pinned.is_empty());
}
