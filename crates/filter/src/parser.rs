//! Parser of the language: recursive descent over the text, one function a level.
//!
//! Words are what white space separates. A parenthesis groups at the beginning of a word; one that has its partner in the
//! same word belongs to it. A quote begins a phrase at the beginning of a word or of a value. Slashes make a pattern where
//! the text between them has a character that plain paths lack.

use std::ops::Range;

use crate::ast::{Expr, Filter, Name, Term};
use crate::error::{ErrorKind, FilterError};
use crate::field::{AFTER, BEFORE, Field, FieldKind, names, nearest};
use crate::limits::{MAX_BYTES, MAX_DEPTH, MAX_PATTERNS, MAX_TERMS};
use crate::number::{Span, bytes, digits};
use crate::text::{Glob, Needle, Pattern, TextTest, pattern_of};
use crate::time::TimeTest;
use crate::values;

type Parsed<T> = Result<T, FilterError>;

/// Parses a filter. A blank text matches everything.
///
/// # Errors
///
/// The first place that is wrong, or that is not finished.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    if text.len() > MAX_BYTES {
        let end = text.floor_char_boundary(MAX_BYTES);
        return Err(FilterError::new(end..text.len(), ErrorKind::TooLong));
    }
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
        terms: 0,
        patterns: 0,
    };
    parser.skip_space();
    if parser.rest().is_empty() {
        return Ok(Filter::default());
    }
    let root = parser.alternatives()?;
    if parser.rest().is_empty() {
        Ok(Filter::new(Some(root)))
    } else {
        Err(parser.error(parser.at..parser.at + 1, ErrorKind::NoGroup))
    }
}

/// Splits a word at its first colon, where letters are before it.
pub(crate) fn split_field(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    is_name.then_some((name, value))
}

/// Reports a word with a colon that is meant as one: a URL, a path with a drive, an address with its port, `std::fs`.
fn is_word_with_colon(name: &str, value: &str) -> bool {
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    name.len() == 1 || value.starts_with(['/', '\\', ':']) || (is_number && nearest(name, names()).is_none())
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
    patterns: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn error(&self, span: Range<usize>, kind: ErrorKind) -> FilterError {
        FilterError::new(span, kind)
    }

    /// The word at the place where the parser is, up to white space or to a `)` without a partner in it. Parentheses
    /// behind a backslash are a pattern's.
    fn word(&self) -> &'a str {
        let (rest, mut open, mut is_escaped) = (self.rest(), 0_usize, false);
        let is_end = |letter: char| {
            let was_escaped = is_escaped;
            is_escaped = letter == '\\' && !was_escaped;
            match letter {
                '(' if !was_escaped => open += 1,
                ')' if !was_escaped && open == 0 => return true,
                ')' if !was_escaped => open -= 1,
                _ => {}
            }
            letter.is_whitespace()
        };
        &rest[..rest.find(is_end).unwrap_or(rest.len())]
    }

    /// The keyword at the place, where one is there.
    fn keyword(&self) -> Option<&'static str> {
        let is_end = |rest: &str| {
            rest.is_empty() || rest.starts_with(|next: char| next.is_whitespace() || matches!(next, '(' | ')'))
        };
        ["OR", "AND", "NOT"]
            .into_iter()
            .find(|word| self.rest().strip_prefix(word).is_some_and(is_end))
    }

    /// Takes a keyword, where it is next; its place.
    fn take(&mut self, word: &str) -> Option<Range<usize>> {
        (self.keyword() == Some(word)).then(|| {
            let span = self.at..self.at + word.len();
            self.at = span.end;
            self.skip_space();
            span
        })
    }

    fn is_at_end(&self) -> bool {
        self.rest().is_empty() || self.rest().starts_with(')')
    }

    /// `a b OR c`.
    fn alternatives(&mut self) -> Parsed<Expr> {
        let first = self.every()?;
        let mut list = vec![first];
        while let Some(span) = self.take("OR") {
            if self.is_at_end() || self.keyword().is_some_and(|word| word != "NOT") {
                return Err(self.error(span, ErrorKind::NoOperand));
            }
            list.push(self.every()?);
        }
        let nothing = self.error(self.at..self.at, ErrorKind::NoOperand);
        Expr::any(list).ok_or(nothing)
    }

    /// `a b AND c`.
    fn every(&mut self) -> Parsed<Expr> {
        let mut list = Vec::new();
        while !self.is_at_end() {
            match self.keyword() {
                Some(word @ ("OR" | "AND")) if list.is_empty() => {
                    return Err(self.error(self.at..self.at + word.len(), ErrorKind::NoOperand));
                }
                Some("OR") => break,
                Some("AND") => {
                    let span = self.take("AND").unwrap_or(self.at..self.at);
                    if self.is_at_end() || self.keyword().is_some_and(|word| word != "NOT") {
                        return Err(self.error(span, ErrorKind::NoOperand));
                    }
                }
                _ => {}
            }
            list.push(self.signed()?);
            self.skip_space();
        }
        let nothing = self.error(self.at..self.at + self.rest().len().min(1), ErrorKind::NoGroup);
        Expr::every(list).ok_or(nothing)
    }

    /// `a`, `-a` or `NOT a`.
    fn signed(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let is_negation = if let Some(span) = self.take("NOT") {
            if self.is_at_end() || self.keyword().is_some_and(|word| word != "NOT") {
                return Err(self.error(span, ErrorKind::NoOperand));
            }
            true
        } else if self.is_minus() {
            self.at += 1;
            true
        } else {
            false
        };
        if !is_negation {
            return self.one();
        }
        self.nested(start, Self::signed).map(Expr::negated)
    }

    /// Reports a `-` that negates what follows: `-a`, and neither `--flag` nor `->`.
    fn is_minus(&self) -> bool {
        let next = self.rest().strip_prefix('-').and_then(|rest| rest.chars().next());
        next.is_some_and(|next| !next.is_whitespace() && !matches!(next, '-' | '>' | ')'))
    }

    /// Runs a level deeper.
    fn nested(&mut self, start: usize, parse: fn(&mut Self) -> Parsed<Expr>) -> Parsed<Expr> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(start..self.at, ErrorKind::TooDeep));
        }
        self.depth += 1;
        let inner = parse(self);
        self.depth -= 1;
        inner
    }

    fn one(&mut self) -> Parsed<Expr> {
        if self.rest().starts_with('(') {
            return self.group();
        }
        let start = self.at;
        let term = self.term()?;
        self.terms += 1;
        self.patterns += usize::from(term.pattern().is_some());
        let kind = match (self.terms > MAX_TERMS, self.patterns > MAX_PATTERNS) {
            (true, _) => ErrorKind::TooManyTerms,
            (_, true) => ErrorKind::TooManyPatterns,
            (false, false) => return Ok(Expr::Term(term)),
        };
        Err(self.error(start..self.at, kind))
    }

    fn group(&mut self) -> Parsed<Expr> {
        let start = self.at;
        self.at += 1;
        self.skip_space();
        if self.rest().starts_with(')') {
            return Err(self.error(start..self.at + 1, ErrorKind::EmptyGroup));
        }
        if self.rest().is_empty() {
            return Err(self.error(start..start + 1, ErrorKind::OpenGroup));
        }
        let inner = self.nested(start, Self::alternatives)?;
        if !self.rest().starts_with(')') {
            return Err(self.error(start..start + 1, ErrorKind::OpenGroup));
        }
        self.at += 1;
        Ok(inner)
    }

    /// A word, a phrase, a pattern or a field with its value.
    fn term(&mut self) -> Parsed<Term> {
        let start = self.at;
        let word = self.word();
        if let Some((name, value)) = split_field(word) {
            if let Some(field) = Field::of_name(name) {
                self.at += name.len() + 1;
                return self.value(field, name, start);
            }
            if !is_word_with_colon(name, value) {
                let span = start..start + name.len() + 1;
                return Err(self.error(span, ErrorKind::UnknownField(nearest(name, names()))));
            }
        }
        self.text(false).map(Term::Anywhere)
    }

    /// A phrase, a pattern, or the word as it is; of a whole text in a field, of a part of it as a word.
    fn text(&mut self, is_field: bool) -> Parsed<TextTest> {
        if let Some(phrase) = self.phrase()? {
            return Needle::new(&phrase.0)
                .map(TextTest::Contains)
                .ok_or_else(|| self.error(phrase.1, ErrorKind::EmptyPhrase));
        }
        if let Some(pattern) = self.pattern()? {
            return Ok(TextTest::Pattern(pattern));
        }
        let start = self.at;
        if is_field && self.rest().starts_with('=') {
            self.at += 1;
            let text = match self.phrase()? {
                Some((phrase, _)) => phrase,
                None => self.take_word().to_owned(),
            };
            return Ok(TextTest::Is(text));
        }
        let word = self.take_word();
        if let Some(glob) = Glob::new(word, is_field) {
            return Ok(TextTest::Like(glob));
        }
        // A word is never empty where a term begins; a value was looked at before.
        Needle::new(word)
            .map(TextTest::Contains)
            .ok_or_else(|| self.error(start..start, ErrorKind::NoOperand))
    }

    fn take_word(&mut self) -> &'a str {
        let word = self.word();
        self.at += word.len();
        word
    }

    /// The phrase at the place and its place, where one begins there.
    fn phrase(&mut self) -> Parsed<Option<(String, Range<usize>)>> {
        let start = self.at;
        let Some(inner) = self.rest().strip_prefix('"') else {
            return Ok(None);
        };
        let (mut text, mut letters) = (String::new(), inner.char_indices());
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at = start + 1 + at + 1;
                    return Ok(Some((text, start..self.at)));
                }
                '\\' if inner[at + 1..].starts_with(['"', '\\']) => {
                    text.extend(letters.next().map(|(_, escaped)| escaped))
                }
                letter => text.push(letter),
            }
        }
        Err(self.error(start..self.text.len(), ErrorKind::OpenPhrase))
    }

    fn pattern(&mut self) -> Parsed<Option<Pattern>> {
        let start = self.at;
        let Some((source, flags)) = pattern_of(self.word()) else {
            return Ok(None);
        };
        self.take_word();
        Pattern::new(source, flags)
            .map(Some)
            .map_err(|reason| self.error(start..self.at, ErrorKind::BadPattern(reason)))
    }

    /// The value of a field whose name and colon were taken.
    fn value(&mut self, field: Field, name: &str, start: usize) -> Parsed<Term> {
        let value = self.word();
        if value.is_empty() || value == "=" {
            return Err(self.error(start..self.at, ErrorKind::NoValue(field)));
        }
        if value == "*" {
            self.at += 1;
            return Ok(Term::Present(field));
        }
        if field.kind() == FieldKind::Text {
            return self.text(true).map(|test| Term::Text(field, test));
        }
        let from = self.at;
        let value = match self.phrase()? {
            Some((phrase, _)) => phrase,
            None => self.take_word().to_owned(),
        };
        let error = |kind| self.error(from..self.at, kind);
        match field.kind() {
            FieldKind::Names => {
                listed(&value, from, self.at, |item| name_of(field, item)).map(|list| Term::Names(field, list))
            }
            FieldKind::Time => time_of(name, &value)
                .map(Term::Time)
                .ok_or_else(|| error(ErrorKind::NotATime)),
            FieldKind::Process => digits(&value)
                .and_then(|pid| u32::try_from(pid).ok())
                .map(Term::Tree)
                .ok_or_else(|| error(ErrorKind::NotANumber(field))),
            FieldKind::Number | FieldKind::Bytes | FieldKind::Text => {
                listed(&value, from, self.at, |item| span_of(field, item)).map(|list| Term::Numbers(field, list))
            }
        }
    }
}

/// The values of a list with commas, whose place in the text is `from..to`.
fn listed<T>(value: &str, from: usize, to: usize, read: impl Fn(&str) -> Result<T, ErrorKind>) -> Parsed<Vec<T>> {
    let items = value.split(',').filter(|item| !item.is_empty());
    let place = |item: &str| {
        let at = from + (item.as_ptr() as usize - value.as_ptr() as usize);
        // A phrase has a quote before it, and may have escapes.
        if to - from == value.len() {
            at..at + item.len()
        } else {
            from..to
        }
    };
    let mut list = Vec::new();
    for item in items {
        list.push(read(item).map_err(|kind| FilterError::new(place(item), kind))?);
    }
    if list.is_empty() || list.len() > MAX_TERMS {
        let kind = if list.is_empty() {
            ErrorKind::NoOperand
        } else {
            ErrorKind::TooManyTerms
        };
        return Err(FilterError::new(from..to, kind));
    }
    Ok(list)
}

fn name_of(field: Field, item: &str) -> Result<Name, ErrorKind> {
    if let Some(glob) = Glob::new(item, true) {
        return Ok(Name::Like(glob));
    }
    values::canonical(field, item).map(Name::Is).ok_or_else(|| {
        let words = values::words(field);
        ErrorKind::UnknownWord(field, nearest(item, words.into_iter()))
    })
}

fn span_of(field: Field, item: &str) -> Result<Span, ErrorKind> {
    let read = if field.kind() == FieldKind::Bytes {
        bytes
    } else {
        digits
    };
    Span::parse(item, read).ok_or(ErrorKind::NotANumber(field))
}

fn time_of(name: &str, value: &str) -> Option<TimeTest> {
    let sign = if name.eq_ignore_ascii_case(AFTER) {
        ">"
    } else if name.eq_ignore_ascii_case(BEFORE) {
        "<"
    } else {
        return TimeTest::parse(value);
    };
    let is_one = !value.contains("..") && !value.starts_with(['<', '>']);
    is_one.then(|| TimeTest::parse(&[sign, value].concat()))?
}
