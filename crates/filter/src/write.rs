//! Writes a filter as text that parses into the same filter.

use std::fmt;

use crate::ast::{Expr, Filter, Name, Term};
use crate::field::{Field, FieldKind};
use crate::number::{Span, write_bytes};
use crate::parser::parse;
use crate::text::TextTest;

impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(root) = self.root() else { return Ok(()) };
        let text = written(root, Style::Plain);
        // Beside others a word can become a part of something else: `/a` before `b*/`.
        if parse(&text).is_ok_and(|read| read == *self) {
            return out.write_str(&text);
        }
        out.write_str(&written(root, Style::Quoted))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Filter::new(Some(Expr::Term(self.clone()))).fmt(out)
    }
}

/// Way of writing words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Without quotes.
    Plain,
    /// Each in quotes, with space around parentheses.
    Quoted,
}

fn written(root: &Expr, style: Style) -> String {
    let mut out = String::new();
    write_expr(root, style, &mut out);
    out
}

fn write_expr(expr: &Expr, style: Style, out: &mut String) {
    match expr {
        Expr::Every(list) => write_list(list, " ", style, out),
        Expr::Any(list) => write_list(list, " OR ", style, out),
        Expr::Not(inner) => {
            out.push('-');
            // Behind the sign some words are others: `->`.
            let is_bare = style == Style::Plain && matches!(**inner, Expr::Term(_));
            write_inner(inner, is_bare, style, out);
        }
        Expr::Term(term) => write_term(term, style, out),
    }
}

fn write_list(list: &[Expr], between: &str, style: Style, out: &mut String) {
    for (number, expr) in list.iter().enumerate() {
        if number > 0 {
            out.push_str(between);
        }
        write_inner(expr, !matches!(expr, Expr::Any(_) | Expr::Every(_)), style, out);
    }
}

fn write_inner(expr: &Expr, is_bare: bool, style: Style, out: &mut String) {
    if is_bare {
        return write_expr(expr, style, out);
    }
    out.push('(');
    write_expr(expr, style, out);
    out.push_str(if style == Style::Plain { ")" } else { " )" });
}

fn write_term(term: &Term, style: Style, out: &mut String) {
    let field = match term {
        Term::Anywhere(test) => return write_text(test, style, out),
        other => other.field().unwrap_or(Field::Name),
    };
    out.push_str(field.name());
    out.push(':');
    match term {
        Term::Anywhere(_) => {}
        Term::Text(_, test) => write_text(test, style, out),
        Term::Names(_, names) => {
            let mut list = String::new();
            write_joined(names, &mut list, |name| match name {
                Name::Is(word) => word.clone(),
                Name::Like(glob) => glob.typed().to_owned(),
            });
            let is_word = list
                .chars()
                .all(|letter| letter.is_alphanumeric() || "_-.*,".contains(letter));
            out.push_str(&if is_word { list } else { quoted(&list) });
        }
        Term::Numbers(_, spans) => write_joined(spans, out, |span| write_span(*span, field.kind())),
        Term::Tree(pid) => out.push_str(&pid.to_string()),
        Term::Time(test) => test.write(out),
        Term::Present(_) => out.push('*'),
    }
}

fn write_joined<T>(list: &[T], out: &mut String, write: impl Fn(&T) -> String) {
    for (number, item) in list.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        out.push_str(&write(item));
    }
}

fn write_text(test: &TextTest, style: Style, out: &mut String) {
    match test {
        TextTest::Contains(needle) if style == Style::Plain && is_plain(needle.typed()) => out.push_str(needle.typed()),
        TextTest::Contains(needle) => out.push_str(&quoted(needle.typed())),
        TextTest::Is(text) => {
            out.push('=');
            out.push_str(&quoted(text));
        }
        TextTest::Like(glob) => out.push_str(glob.typed()),
        TextTest::Pattern(pattern) => out.extend(["/", pattern.source(), "/", pattern.flags()]),
    }
}

/// Writes a range of numbers.
pub(crate) fn write_span(span: Span, kind: FieldKind) -> String {
    let number = |number: u64| match kind {
        FieldKind::Bytes => write_bytes(number),
        _ => number.to_string(),
    };
    match span {
        Span::Is(own) => number(own),
        Span::Between(from, to) => [&number(from), "..", &number(to)].concat(),
        Span::AtLeast(from) => [&number(from), ".."].concat(),
        Span::AtMost(to) => ["..", &number(to)].concat(),
        Span::Over(than) => [">", &number(than)].concat(),
        Span::Under(than) => ["<", &number(than)].concat(),
    }
}

/// Reports a text that is a word of its own wherever it is written.
fn is_plain(text: &str) -> bool {
    let is_word = |word: &Filter| matches!(word.root(), Some(Expr::Term(Term::Anywhere(TextTest::Contains(own)))) if own.typed() == text);
    !text.starts_with(['=', '"']) && parse(text).is_ok_and(|read| is_word(&read))
}

/// A text as a phrase.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out.push('"');
    out
}
