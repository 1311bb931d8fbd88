//! One message: its forms, their texts and values, out of the parser's tree.

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey},
    unicode::unescape_unicode_to_string,
};

use crate::Language;

/// Comment of a text that is the same as in English on purpose.
const SAME: &str = "Same as in English.";
/// Value that the forms of a text depend on.
const COUNT: &str = "count";

/// A text by its id.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) id: String,
    /// Marked as the same as in English on purpose.
    pub(super) is_same: bool,
    /// True if the text depends on `$count`: then there is a form for each plural category.
    pub(super) is_plural: bool,
    pub(super) forms: Vec<Form>,
}

/// Parts of one form.
pub(super) type Form = Vec<Part>;

/// A part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    /// A value, by its name.
    Value(String),
}

impl Message {
    /// Returns the names of the values, in the order of their first appearance in the last form.
    pub(super) fn values(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for name in self.forms.last().into_iter().flatten().filter_map(Part::value) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Returns the compiled text, with the values numbered by their places in `order`.
    pub(super) fn text(&self, order: &[&str]) -> String {
        let forms: Vec<String> = self.forms.iter().map(|form| compiled(form, order)).collect();
        forms.join("|")
    }
}

impl Part {
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Value(name) => Some(name),
        }
    }
}

fn compiled(form: &Form, order: &[&str]) -> String {
    form.iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Value(name) => match order.iter().position(|own| own == name) {
                Some(place) => format!("{{{place}}}"),
                None => String::new(),
            },
        })
        .collect()
}

/// Compiles an entry of the file; `None` for a comment.
pub(super) fn compile(entry: &Entry<&str>, language: Language) -> Result<Option<Message>, String> {
    let message = match entry {
        Entry::Message(message) => message,
        Entry::Term(term) => return Err(format!("-{}: terms are not compiled", term.id.name)),
        // The parser has named it.
        Entry::Junk { .. } | Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => return Ok(None),
    };
    let id = message.id.name;
    let wrong = |problem: &str| format!("{id}: {problem}");
    if !message.attributes.is_empty() {
        return Err(wrong("attributes are not compiled"));
    }
    let is_name = id
        .split('-')
        .all(|part| part.starts_with(|first: char| first.is_ascii_lowercase()));
    if !is_name || id.contains('_') {
        return Err(wrong("an id is lower-case words with `-` between them"));
    }
    let pattern = message.value.as_ref().ok_or_else(|| wrong("has no text"))?;
    let comment = message.comment.as_ref();
    let (is_plural, forms) = forms(pattern, language).map_err(|problem| wrong(&problem))?;
    Ok(Some(Message {
        id: id.to_owned(),
        is_same: comment.is_some_and(|comment| comment.content.contains(&SAME)),
        is_plural,
        forms,
    }))
}

/// Returns the forms, and true if they depend on a number.
fn forms(pattern: &Pattern<&str>, language: Language) -> Result<(bool, Vec<Form>), String> {
    let [
        PatternElement::Placeable {
            expression: Expression::Select { selector, variants },
        },
    ] = &pattern.elements[..]
    else {
        return Ok((false, vec![form(pattern)?]));
    };
    if !matches!(selector, InlineExpression::VariableReference { id } if id.name == COUNT) {
        return Err("forms can depend on $count alone".to_owned());
    }
    let names: Vec<_> = variants.iter().map(|variant| category(&variant.key)).collect();
    if names != language.plurals() {
        return Err(format!("has the forms {names:?}; needed are {:?}", language.plurals()));
    }
    let forms = variants.iter().map(|variant| form(&variant.value));
    Ok((true, forms.collect::<Result<_, _>>()?))
}

fn category<'s>(key: &VariantKey<&'s str>) -> &'s str {
    match key {
        VariantKey::Identifier { name } => name,
        VariantKey::NumberLiteral { value } => value,
    }
}

fn form(pattern: &Pattern<&str>) -> Result<Form, String> {
    let parts: Form = pattern.elements.iter().map(part).collect::<Result<_, _>>()?;
    let is_reserved = |part: &Part| matches!(part, Part::Text(text) if text.contains(['{', '}', '|', '\n']));
    if parts.iter().any(is_reserved) {
        return Err("braces, `|` and line ends are not compiled".to_owned());
    }
    Ok(parts)
}

fn part(element: &PatternElement<&str>) -> Result<Part, String> {
    match element {
        PatternElement::TextElement { value } => Ok(Part::Text((*value).to_owned())),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::VariableReference { id }),
        } => Ok(Part::Value(id.name.to_owned())),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::StringLiteral { value }),
        } => Ok(Part::Text(unescape_unicode_to_string(value).into_owned())),
        PatternElement::Placeable { .. } => {
            Err("only values, literals and a selector for the whole text are compiled".to_owned())
        }
    }
}
