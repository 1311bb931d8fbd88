//! Answers of the released mirrord (3.250): 611 operations, each with its config and the answer that the released crates
//! gave. `routing`, `rule`, `path`, `mode`, `port` and `value` must be equal where a case has them.

use mirrord_config::Batch;
use serde_json::Value;

const CASES: &str = include_str!("cases.jsonl");
/// Keys of an answer that are ours as well; the others inform.
const SHARED: [&str; 6] = ["routing", "rule", "path", "mode", "port", "value"];

#[test]
fn every_case_of_the_released_mirrord_is_answered_as_it_was() {
    let mut batch = Batch::default();
    let mut wrong = Vec::new();
    for (number, line) in CASES.lines().enumerate() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = batch
            .answer(line)
            .unwrap_or_else(|error| format!("{{\"error\":{error:?}}}"));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let want = &case["want"];
        let differs = SHARED
            .iter()
            .any(|key| want.get(key).is_some() && want[key] != answer[key]);
        if differs {
            wrong.push(format!(
                "{}: {} {}\n  want {want}\n  got  {answer}",
                number + 1,
                case["op"],
                case["config"]
            ));
        }
    }
    assert_eq!(CASES.lines().count(), 611);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_the_released_one_says_beside_the_side_agrees() {
    let mut batch = Batch::default();
    let mut seen = 0;
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer: Value = serde_json::from_str(&batch.answer(line).unwrap()).unwrap();
        for key in ["connects_to", "bound_to", "local_path"] {
            let want = &case["want"][key];
            if !want.is_null() {
                seen += 1;
                assert_eq!(*want, answer[key], "{key} of {line}");
            }
        }
        // A filter of ports is there where the released one has one.
        assert_eq!(case["want"]["filter"].is_null(), answer["filter"].is_null(), "{line}");
    }
    assert!(seen > 100, "{seen}");
}
