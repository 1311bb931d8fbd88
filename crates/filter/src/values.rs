//! Words of the fields that have a closed list of them, and the short words for the types of events.

use crate::ast::Name;
use crate::field::Field;

/// Short words for types, and the types on the wire that each has. `other` has those that no other word has.
const TYPES: [(&str, &[&str]); 10] = [
    ("file", &["FileOp"]),
    ("dns", &["DnsQuery"]),
    ("connect", &["OutgoingConnection", "ConnectionUpdate"]),
    ("port", &["PortSubscription", "ListenerUpdate"]),
    ("request", &["IncomingRequest"]),
    ("env", &["EnvVar"]),
    ("process", &["LayerConnected", "LayerDisconnected"]),
    ("start", &["LayerConnected"]),
    ("end", &["LayerDisconnected"]),
    ("other", &[]),
];

const OUTCOMES: [&str; 6] = ["ok", "not_found", "denied", "connected", "failed", "pending"];
/// Routings, and the reasons for which an event has none.
const ROUTINGS: [&str; 8] = [
    "remote",
    "local",
    "not_found",
    "mock",
    "error",
    "depends",
    "static",
    "loader",
];
const DIRECTIONS: [&str; 2] = ["in", "out"];
/// Operations that are offered; any other is taken as well.
const OPERATIONS: [&str; 19] = [
    "open", "read", "write", "stat", "access", "exec", "unlink", "mkdir", "rmdir", "rename", "readlink", "opendir",
    "create", "symlink", "link", "chmod", "chown", "truncate", "close",
];

/// The words that are offered for a field.
pub(crate) fn words(field: Field) -> Vec<&'static str> {
    match field {
        Field::Type => TYPES.into_iter().map(|(word, _)| word).collect(),
        Field::Op => OPERATIONS.to_vec(),
        Field::Outcome => OUTCOMES.to_vec(),
        Field::Routing => ROUTINGS.to_vec(),
        Field::Direction => DIRECTIONS.to_vec(),
        _ => Vec::new(),
    }
}

/// The word of the language for a value of a field; `None` where the field has no such word.
///
/// Types and operations may be ones that this version does not know: an operation is any word, a type any that begins
/// with an upper-case letter, as those of the wire do.
pub(crate) fn canonical(field: Field, value: &str) -> Option<String> {
    let word = value.to_ascii_lowercase().replace('-', "_");
    if words(field).contains(&word.as_str()) {
        return Some(word);
    }
    match field {
        Field::Type => type_word(value).or_else(|| value.starts_with(char::is_uppercase).then(|| value.to_owned())),
        Field::Op => Some(value.to_ascii_lowercase()),
        _ => None,
    }
}

/// The short word of a type that has one for itself.
fn type_word(value: &str) -> Option<String> {
    let is_it = |types: &[&str]| matches!(types, [one] if one.eq_ignore_ascii_case(value));
    let found = TYPES.iter().find(|(_, types)| is_it(types));
    found.map(|(word, _)| (*word).to_owned())
}

/// Tests a type of the wire.
pub(crate) fn is_type(word: &str, kind: &str) -> bool {
    match TYPES.iter().find(|(own, _)| *own == word) {
        Some(("other", _)) => !TYPES.iter().any(|(_, types)| types.contains(&kind)),
        Some((_, types)) => types.contains(&kind),
        None => word.eq_ignore_ascii_case(kind),
    }
}

/// Tests the value of a field that has one word.
pub(crate) fn is_name(field: Field, name: &Name, value: &str) -> bool {
    match name {
        Name::Is(word) if field == Field::Type => is_type(word, value),
        Name::Is(word) => word.eq_ignore_ascii_case(value),
        Name::Like(glob) => {
            glob.fits(value) || (field == Field::Type && short_words(value).any(|word| glob.fits(word)))
        }
    }
}

fn short_words(kind: &str) -> impl Iterator<Item = &'static str> {
    let has = move |types: &[&str]| types.contains(&kind);
    TYPES
        .into_iter()
        .filter(move |(_, types)| has(types))
        .map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_a_short_word_and_its_own() {
        for (typed, word, fits, misses) in [
            ("file", "file", "FileOp", "DnsQuery"),
            ("FILE", "file", "FileOp", "EnvVar"),
            ("FileOp", "file", "FileOp", "EnvVar"),
            ("process", "process", "LayerDisconnected", "FileOp"),
            ("LayerConnected", "start", "LayerConnected", "LayerDisconnected"),
            (
                "OutgoingConnection",
                "OutgoingConnection",
                "OutgoingConnection",
                "ConnectionUpdate",
            ),
            ("connect", "connect", "ConnectionUpdate", "FileOp"),
            ("other", "other", "Incomplete", "FileOp"),
            ("Incomplete", "Incomplete", "Incomplete", "FileOp"),
        ] {
            assert_eq!(canonical(Field::Type, typed).as_deref(), Some(word));
            assert!(is_type(word, fits) && !is_type(word, misses), "{typed}");
        }
        assert_eq!(canonical(Field::Type, "fle"), None);
    }

    #[test]
    fn outcomes_are_a_closed_list_and_operations_are_not() {
        assert_eq!(canonical(Field::Outcome, "Not-Found").as_deref(), Some("not_found"));
        assert_eq!(canonical(Field::Outcome, "refused"), None);
        assert_eq!(canonical(Field::Op, "Fsync").as_deref(), Some("fsync"));
    }
}
