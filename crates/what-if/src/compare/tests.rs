//! Edits over a small run: what changes, by which rule, on which line, and what is wrong with an edit.

use super::*;

const LINES: &str = concat!(
    r#"{"seq":1,"type":"FileOp","path":"/data/a.db","operation":"open","routing":"remote","rule":"feature.fs.read_only[0]"}"#,
    "\n",
    r#"{"seq":2,"type":"FileOp","path":"/data/a.db","operation":"open","routing":"remote","rule":"feature.fs.read_only[0]"}"#,
    "\n",
    r#"{"seq":3,"type":"FileOp","path":"/x/b","operation":"open"}"#,
    "\n",
    r#"{"seq":4,"type":"FileOp","path":"/go","operation":"open","unhooked":"static"}"#,
    "\n",
    r#"{"seq":5,"type":"LayerConnected","pid":1}"#,
    "\n",
    r#"{"seq":6,"type":"FileOp","path":"/x/b","operation":"chmod"}"#,
    "\n",
);
const BASE: &str = r#"{"target":"pod/a","feature":{"fs":{"mode":"localwithoverrides","read_only":["^/data/"]}}}"#;

fn decided(comparer: &mut Comparer, text: &str) -> Answer {
    let refused = comparer.begin(7, text);
    refused.unwrap_or_else(|| {
        loop {
            if let Some(answer) = comparer.step(1) {
                break answer;
            }
        }
    })
}

fn comparer() -> Comparer {
    let mut comparer = Comparer::new(BASE, serde_json::Value::Null);
    comparer.add(LINES.as_bytes());
    // What overlaps is passed over.
    comparer.add(LINES.as_bytes());
    comparer
}

#[test]
fn the_config_of_the_run_changes_nothing() {
    let answer = decided(&mut comparer(), BASE);
    let all = answer.comparison.unwrap();
    assert_eq!((answer.number, all.events, all.same, all.changes.len()), (7, 3, 3, 0));
    assert_eq!(all.unhooked, [("operation".to_owned(), 1), ("static".to_owned(), 1)]);
    assert_eq!((all.first_seq, all.last_seq), (1, 6));
    assert_eq!(all.before, all.after);
}

#[test]
fn variables_of_the_run_are_those_of_this_machine_and_hits_are_what_the_table_counts() {
    let base = "{\"target\": \"pod/a\", \"feature\": {\n\"env\": {\"exclude\": [\"DB_*\"]},\n\"network\": {\"incoming\": {\"port_mapping\": [[8080, 80]]}}}}";
    let mut comparer = Comparer::new(base, serde_json::Value::Null);
    comparer.add(br#"{"seq":1,"type":"EnvVar","vars":[["DB_HOST",null]]}"#);
    // What its recorded decision knew is not known here.
    comparer.add(br#"{"seq":2,"type":"OutgoingConnection","address":"10.0.0.1","port":80,"routing":"local","rule":"feature.network.outgoing.filter.remote (no match)"}"#);
    let all = decided(&mut comparer, base).comparison.unwrap();
    assert_eq!(all.after, [("local".to_owned(), 2)]);
    assert_eq!(all.missing, []);
    let hits: Vec<_> = all
        .hits
        .iter()
        .map(|hit| (hit.line, hit.routing.as_str(), hit.times))
        .collect();
    assert!(
        hits.contains(&(2, "local", 1)) && hits.iter().all(|hit| hit.2 > 0),
        "{hits:?}"
    );
    assert!(
        hits.contains(&(3, "local", 1)) && hits.iter().all(|hit| hit.1 == "local"),
        "{hits:?}"
    );
}

#[test]
fn a_change_has_both_sides_and_their_rules() {
    let mut comparer = comparer();
    let edit = r#"{"target":"pod/a","feature":{"fs":{"mode":"read","not_found":["^/data/"]}}}"#;
    let all = decided(&mut comparer, edit).comparison.unwrap();
    let change = &all.changes[0];
    assert_eq!((change.name.as_str(), change.times), ("/data/a.db", 2));
    assert_eq!(
        (change.before.routing.as_str(), change.after.routing.as_str()),
        ("remote", "not_found")
    );
    assert_eq!(change.after.rule, "feature.fs.not_found[0]");
    let hit = &all.hits[0];
    assert_eq!((hit.line, hit.routing.as_str(), hit.times), (1, "not_found", 2));
}

#[test]
fn a_pattern_that_decides_nothing_is_listed_with_its_line() {
    let edit = "{\"feature\": {\"fs\": {\"mode\": \"localwithoverrides\",\n\"not_found\": [\"^/none\"],\n\"read_only\": [\"^/data/\"]}}}";
    let hits = decided(&mut comparer(), edit).comparison.unwrap().hits;
    let hits: Vec<_> = hits.iter().map(|hit| (hit.line, hit.times)).collect();
    assert!(hits.contains(&(2, 0)) && hits.contains(&(3, 2)), "{hits:?}");
}

#[test]
fn an_error_has_its_place_and_a_newer_edit_replaces_an_older() {
    let mut comparer = comparer();
    let answer = decided(&mut comparer, "{\n  \"fillter\": 1\n}");
    assert_eq!((answer.problems[0].line, answer.problems[0].column > 0), (2, true));
    assert!(answer.comparison.is_none() && !answer.problems[0].text.starts_with("2:"));
    assert!(comparer.begin(1, BASE).is_none() && comparer.step(1).is_none());
    assert_eq!(decided(&mut comparer, BASE).number, 7);
    assert!(!comparer.is_busy());
}
