//! "What if" as the page shows it: the events that a change is about, and the notes beside the lines of an edited text.

use mirrord_filter::Field;
use mirrord_what_if::message::{Answer, Change};

use super::filter_edit::{added, is};

/// The longest text that is decided by, bytes: the largest file that `mirrord exec` reads.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;
/// Lines beside which there are notes; errors further down are listed all the same.
pub const MAX_LINES: usize = 5_000;

/// Filter, in its own language, for the events that a change is about.
#[must_use]
pub fn query(change: &Change) -> String {
    let kind = ["type:", &change.kind].concat();
    match change.kind.as_str() {
        // A row of variables has many.
        "EnvVar" => kind,
        _ => added(&kind, is(Field::Name, &change.name), false),
    }
}

/// Note beside a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Problem; `true` for a warning.
    Problem(bool, String),
    /// Decisions of a routing: how many.
    Decided(String, u64),
}

/// Notes beside each line.
#[must_use]
pub fn notes(answer: &Answer, lines: usize) -> Vec<Vec<Note>> {
    let mut notes = vec![Vec::new(); lines.min(MAX_LINES)];
    let mut put = |line: usize, note: Note| {
        if let Some(own) = line.checked_sub(1).and_then(|line| notes.get_mut(line)) {
            own.push(note);
        }
    };
    for own in &answer.problems {
        put(own.line, Note::Problem(own.is_warning, own.text.clone()));
    }
    for hit in answer.comparison.iter().flat_map(|own| &own.hits) {
        put(hit.line, Note::Decided(hit.routing.clone(), hit.times));
    }
    notes
}

/// Offset of a line and column, both from 1, in UTF-16 units, as a text field counts.
#[must_use]
pub fn offset(text: &str, line: usize, column: usize) -> usize {
    let units = |text: &str| text.encode_utf16().count();
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(units).sum();
    let own = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let chars: String = own.chars().take(column.saturating_sub(1)).collect();
    before + units(&chars)
}

#[cfg(test)]
mod tests {
    use mirrord_what_if::message::{Comparison, Hit, Place};

    use super::*;

    #[test]
    fn a_change_leads_to_its_events() {
        let change = |kind: &str, name: &str| Change {
            kind: kind.to_owned(),
            name: name.to_owned(),
            ..Change::default()
        };
        let query = query(&change("FileOp", "/etc/a b"));
        assert!(
            mirrord_filter::parse(&query).is_ok() && query.contains("/etc/a b"),
            "{query}"
        );
        assert_eq!(super::query(&change("EnvVar", "HOME")), "type:EnvVar");
    }

    #[test]
    fn problems_and_decisions_are_beside_their_lines() {
        let problem = Place {
            line: 2,
            text: "no".to_owned(),
            ..Place::default()
        };
        let hit = |line| Hit {
            line,
            times: 3,
            ..Hit::default()
        };
        let answer = Answer {
            problems: vec![problem],
            comparison: Some(Comparison {
                hits: vec![hit(1), hit(9)],
                ..Comparison::default()
            }),
            ..Answer::default()
        };
        let notes = notes(&answer, 2);
        assert_eq!(notes[0], [Note::Decided(String::new(), 3)]);
        assert_eq!(notes[1], [Note::Problem(false, "no".to_owned())]);
    }

    #[test]
    fn a_place_is_counted_as_a_text_field_counts() {
        let text = "{\n  \"ü😀\": x\n}";
        assert_eq!(offset(text, 1, 1), 0);
        assert_eq!(offset(text, 2, 3), 4);
        assert_eq!(offset(text, 2, 6), 8, "one character of two units before it");
        assert_eq!(offset(text, 9, 9), text.encode_utf16().count());
    }
}
