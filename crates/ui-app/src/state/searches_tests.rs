//! Rows of searches, as a judgement has them.

use super::*;

fn judgement() -> Judgement {
    Judgement::read(
        r#"{"searches":[
        {"name":"missing.toml","pid":7,"verdict":"failed","last_ts":9,"places":[
            {"path":"/srv/missing.toml","not_found":2,"outcome":"not_found","first_ts":3,"last_ts":9}]},
        {"name":"config.yaml","pid":8,"verdict":"found","last_ts":6,"places":[
            {"path":"/home/config.yaml","not_found":1,"outcome":"not_found","first_ts":4,"last_ts":4},
            {"path":"/srv/config.yaml","not_found":1,"outcome":"not_found","first_ts":5,"last_ts":5},
            {"path":"/etc/config.yaml","found":1,"outcome":"ok","first_ts":6,"last_ts":6}]},
        {"name":"libc.so","pid":8,"verdict":"folded","last_ts":1,"places":[
            {"path":"/lib/libc.so","not_found":1,"outcome":"not_found","first_ts":1,"last_ts":1}]}]}"#,
    )
    .unwrap()
}

fn names(searches: &mut Searches, ask: &Ask, by: Sort) -> Vec<String> {
    let order = searches.order(&judgement(), ask, by);
    order.into_iter().map(|row| searches.row(row).name).collect()
}

fn all() -> Ask {
    Ask {
        most: FEW,
        ..Ask::default()
    }
}

#[test]
fn a_name_that_was_looked_for_in_several_places_is_one_row_and_opens() {
    let mut searches = Searches::default();
    let by = Sort::down(1);
    let order = searches.order(&judgement(), &all(), by);
    assert_eq!(order.len(), 2, "what is folded away is no search");
    let (failed, found) = (searches.row(order[0]), searches.row(order[1]));
    assert_eq!(
        (failed.came, failed.open, failed.is_failed),
        (Came::NotFound, None, true)
    );
    assert_eq!(failed.path, "/srv/missing.toml");
    assert_eq!(
        (found.came, found.places.len(), found.open),
        (Came::Found(3), 3, Some(false))
    );
    assert_eq!(
        (found.path.as_str(), found.times, found.first, found.last),
        ("/etc/config.yaml", 3, 4, 6)
    );
    searches.toggle(order[1]);
    let paths = [
        "missing.toml",
        "config.yaml",
        "/home/config.yaml",
        "/srv/config.yaml",
        "/etc/config.yaml",
    ];
    assert_eq!(names(&mut searches, &all(), by), paths);
    let opened = searches.order(&judgement(), &all(), by);
    assert_eq!(opened[..2], order[..], "a row keeps its number");
    let third = searches.row(opened[4]);
    assert_eq!(
        (third.is_place, third.came, third.is_failed),
        (true, Came::Found(1), false)
    );
}

#[test]
fn searches_are_sorted_filtered_and_limited() {
    let mut searches = Searches::default();
    assert_eq!(
        names(&mut searches, &all(), Sort::up(0)),
        ["config.yaml", "missing.toml"]
    );
    assert_eq!(
        names(&mut searches, &all(), Sort::down(2)),
        ["config.yaml", "missing.toml"]
    );
    assert_eq!(
        names(&mut searches, &all(), Sort::up(1)),
        ["config.yaml", "missing.toml"]
    );
    let failed = Ask { failed: true, ..all() };
    assert_eq!(names(&mut searches, &failed, Sort::down(1)), ["missing.toml"]);
    let etc = Ask {
        needle: "/etc".into(),
        ..all()
    };
    assert_eq!(names(&mut searches, &etc, Sort::down(1)), ["config.yaml"]);
    let one = Ask { most: 1, ..all() };
    assert_eq!(names(&mut searches, &one, Sort::down(1)), ["missing.toml"]);
    assert_eq!(count(&judgement()), 2);
}

#[test]
fn a_path_knows_the_other_places_of_its_search() {
    let (name, places) = search_of(&judgement(), "/srv/config.yaml").unwrap();
    assert_eq!((name.as_str(), places.len()), ("config.yaml", 3));
    assert_eq!(
        search_of(&judgement(), "/srv/missing.toml"),
        None,
        "there is no other place"
    );
    assert_eq!(search_of(&judgement(), "/lib/libc.so"), None);
}
