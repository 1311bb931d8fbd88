//! Completions at the cursor: names of fields, and values of a field.

use std::ops::Range;

use crate::field::{AFTER, BEFORE, Field, FieldKind};
use crate::limits::{MAX_BYTES, MAX_COMPLETIONS};
use crate::parser::split_field;
use crate::values::words;
use crate::write::quoted;

/// A text that can take the place of what is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that it takes the place of.
    pub range: Range<usize>,
    /// The text, `path:` or `file`.
    pub text: String,
    /// The text as it is offered: a value without its quotes.
    pub label: String,
    /// The field that it is, or whose value it is.
    pub field: Field,
}

/// Completions of the word that the cursor, a byte of the text, is in or behind. `values` has those of a field that the
/// language has no list for; it is asked for one field at most, and gets what was typed of the value.
#[must_use]
pub fn complete(text: &str, cursor: usize, values: impl FnOnce(Field, &str) -> Vec<String>) -> Vec<Completion> {
    let cursor = text.floor_char_boundary(cursor.min(text.len()));
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let Some(start) = word_start(&text[..cursor]) else {
        return Vec::new();
    };
    let end = cursor
        + text[cursor..]
            .find(|letter: char| letter.is_whitespace() || letter == ')')
            .unwrap_or(text.len() - cursor);
    let typed = &text[start..cursor];
    let found = split_field(typed).and_then(|(name, value)| Some((Field::of_name(name)?, value)));
    let Some((field, value)) = found else {
        return fields(typed, start..end);
    };
    // The last of a list, where commas separate.
    let value = match field.kind() {
        FieldKind::Names | FieldKind::Number => value.rsplit(',').next().unwrap_or(value),
        _ => value,
    };
    let range = cursor - value.len()..end;
    let bare = value.trim_start_matches(['=', '"']);
    let own = words(field);
    let offered: Vec<String> = if own.is_empty() {
        values(field, bare)
    } else {
        own.into_iter().map(str::to_owned).collect()
    };
    let to_completion = |label: String| Completion {
        range: range.clone(),
        text: value_text(field, &label, value.starts_with('=')),
        label,
        field,
    };
    ranked(offered, bare).map(to_completion).take(MAX_COMPLETIONS).collect()
}

/// The start of the word that a text ends in, without its sign; `None` within a phrase that began as a word.
fn word_start(text: &str) -> Option<usize> {
    let (mut start, mut in_phrase, mut before) = (0, false, ' ');
    for (at, letter) in text.char_indices() {
        let begins = before.is_whitespace() || matches!(before, '(' | '-') && start == at;
        match letter {
            '"' if in_phrase => in_phrase = before == '\\',
            '"' if begins || before == ':' || before == '=' => in_phrase = true,
            _ if in_phrase => {}
            letter if letter.is_whitespace() => start = at + letter.len_utf8(),
            '(' | '-' if begins => start = at + 1,
            _ => {}
        }
        before = letter;
    }
    let is_phrase = text[start..].starts_with('"');
    (!is_phrase).then_some(start)
}

fn fields(typed: &str, range: Range<usize>) -> Vec<Completion> {
    let names = Field::all().map(|field| (field, field.name()));
    let times = [(Field::Time, AFTER), (Field::Time, BEFORE)];
    let is_begun =
        |name: &str| name.len() >= typed.len() && name.as_bytes()[..typed.len()].eq_ignore_ascii_case(typed.as_bytes());
    names
        .chain(times)
        .filter(|(_, name)| is_begun(name))
        .map(|(field, name)| {
            let text = [name, ":"].concat();
            Completion {
                range: range.clone(),
                label: text.clone(),
                text,
                field,
            }
        })
        .collect()
}

/// Those that begin with what was typed, then those that have it elsewhere.
fn ranked(offered: Vec<String>, typed: &str) -> impl Iterator<Item = String> {
    let typed = typed.to_lowercase();
    let place = |label: &str| label.to_lowercase().find(&typed);
    let (first, later): (Vec<_>, Vec<_>) = offered
        .into_iter()
        .filter(|label| !label.is_empty() && place(label).is_some())
        .partition(|label| place(label) == Some(0));
    first.into_iter().chain(later)
}

fn value_text(field: Field, label: &str, is_exact: bool) -> String {
    let is_text = field.kind() == FieldKind::Text;
    let is_odd = label.contains(|letter: char| letter.is_whitespace() || "\"()*=/".contains(letter));
    let text = if is_text && is_odd {
        quoted(label)
    } else {
        label.to_owned()
    };
    if is_exact { ["=", &text].concat() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let own = |_: Field, _: &str| vec!["node server".to_owned(), "bash".to_owned()];
        let found = complete(text, text.len(), own);
        found
            .into_iter()
            .map(|one| [&text[..one.range.start], &one.text].concat())
            .collect()
    }

    #[test]
    fn fields_are_offered_and_then_their_values() {
        assert_eq!(texts("po"), ["port:"]);
        assert_eq!(texts("a -(P"), ["a -(path:", "a -(port:", "a -(pid:", "a -(process:"]);
        assert_eq!(
            texts("x outcome:n"),
            [
                "x outcome:not_found",
                "x outcome:denied",
                "x outcome:connected",
                "x outcome:pending"
            ]
        );
        assert_eq!(texts("type:file,dn"), ["type:file,dns"]);
        assert_eq!(texts("process:"), ["process:\"node server\"", "process:bash"]);
        assert_eq!(texts("process:=ba"), ["process:=bash"]);
        assert_eq!(texts("process:\"no"), ["process:\"node server\""]);
        assert_eq!(texts("").len(), Field::all().count() + 2);
        assert!(texts("\"po").is_empty() && texts("\"a po").is_empty() && texts("http://p").is_empty());
    }

    #[test]
    fn the_rest_of_the_word_is_replaced() {
        let found = complete("a typ:x b", 4, |_, _| Vec::new());
        assert_eq!((found[0].text.as_str(), found[0].range.clone()), ("type:", 2..7));
        assert_eq!(complete("é", 1, |_, _| Vec::new()).len(), Field::all().count() + 2);
    }
}
