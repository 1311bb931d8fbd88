//! Comparison of a catalogue with English.

use std::collections::BTreeSet;

use super::{
    catalogue::Catalogue,
    message::{Form, Message, Part},
};

/// Returns a line for each problem of `own` beside `english`: messages that are missing, left over or left in English, other
/// values or forms, spaces at the ends.
#[must_use]
pub fn problems(own: &Catalogue, english: &Catalogue) -> Vec<String> {
    let tag = own.language.tag();
    let find = |catalogue: &'static str, id: &str| format!("{tag}: {id}: {catalogue}");
    let mut problems = Vec::new();
    for model in &english.messages {
        match own.messages.iter().find(|message| message.id == model.id) {
            None => problems.push(find("is missing", &model.id)),
            Some(message) => problems.extend(wrong(message, model).map(|problem| find(problem, &model.id))),
        }
    }
    let is_left_over = |message: &&Message| !english.messages.iter().any(|model| model.id == message.id);
    problems.extend(
        own.messages
            .iter()
            .filter(is_left_over)
            .map(|message| find("is not in English", &message.id)),
    );
    problems
}

/// The problem of one message, if there is one.
fn wrong(own: &Message, english: &Message) -> Option<&'static str> {
    if own.is_plural != english.is_plural {
        return Some("has forms where English has none, or the other way round");
    }
    let order = english.values();
    let wanted: BTreeSet<_> = order.iter().copied().collect();
    let (last, others) = own.forms.split_last()?;
    if values(last) != wanted || others.iter().any(|form| !values(form).is_subset(&wanted)) {
        return Some("has other values than English");
    }
    if own.forms.iter().any(|form| text(form).trim().is_empty()) {
        return Some("has no text");
    }
    let ends = |message: &Message| message.forms.last().map(ends);
    if ends(own) != ends(english) {
        return Some("begins or ends with a space where English does not, or the other way round");
    }
    match (own.is_same, own.text(&order) == english.text(&order)) {
        (false, true) => Some("is left in English; a comment `# Same as in English.` where that is right"),
        (true, false) => Some("is said to be as in English, and is not"),
        _ => None,
    }
}

fn values(form: &Form) -> BTreeSet<&str> {
    form.iter().filter_map(Part::value).collect()
}

fn text(form: &Form) -> String {
    form.iter()
        .map(|part| match part {
            Part::Text(text) => text,
            Part::Value(name) => name,
        })
        .cloned()
        .collect()
}

fn ends(form: &Form) -> (bool, bool) {
    let text = text(form);
    (text.starts_with(' '), text.ends_with(' '))
}
