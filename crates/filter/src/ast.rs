//! Parsed filters, in a normal form: no list of one, no list of a kind inside a list of that kind.

use crate::field::Field;
use crate::number::Span;
use crate::text::{Glob, Pattern, TextTest};
use crate::time::TimeTest;

/// A parsed filter; the default one matches every row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    root: Option<Expr>,
}

impl Filter {
    /// A filter of an expression; `None` matches every row.
    #[must_use]
    pub fn new(root: Option<Expr>) -> Self {
        Self { root }
    }

    /// The expression; `None` where every row matches.
    #[must_use]
    pub fn root(&self) -> Option<&Expr> {
        self.root.as_ref()
    }

    /// Reports a filter that matches every row.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.root.is_none()
    }

    /// The expressions that must all match.
    #[must_use]
    pub fn conjuncts(&self) -> &[Expr] {
        match &self.root {
            None => &[],
            Some(Expr::Every(all)) => all,
            Some(one) => std::slice::from_ref(one),
        }
    }
}

/// An expression of terms.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them match.
    Every(Vec<Expr>),
    /// One of them matches.
    Any(Vec<Expr>),
    /// It does not match.
    Not(Box<Expr>),
    /// One test.
    Term(Term),
}

impl Expr {
    /// All of these match; `None` for an empty list.
    #[must_use]
    pub fn every(list: Vec<Self>) -> Option<Self> {
        let inner = |one| match one {
            Self::Every(all) => all,
            one => vec![one],
        };
        one_or(list.into_iter().flat_map(inner).collect(), Self::Every)
    }

    /// One of these matches; `None` for an empty list.
    #[must_use]
    pub fn any(list: Vec<Self>) -> Option<Self> {
        let inner = |one| match one {
            Self::Any(all) => all,
            one => vec![one],
        };
        one_or(list.into_iter().flat_map(inner).collect(), Self::Any)
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Visits each term with its sign: `true` where it must match and not be absent.
    pub fn visit<'a>(&'a self, wanted: bool, see: &mut dyn FnMut(&'a Term, bool)) {
        match self {
            Self::Every(list) | Self::Any(list) => list.iter().for_each(|one| one.visit(wanted, see)),
            Self::Not(inner) => inner.visit(!wanted, see),
            Self::Term(term) => see(term, wanted),
        }
    }
}

fn one_or(mut list: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    match list.len() {
        0 => None,
        1 => list.pop(),
        _ => Some(many(list)),
    }
}

/// One test of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A word, a phrase or a pattern in any column.
    Anywhere(TextTest),
    /// A text in a column.
    Text(Field, TextTest),
    /// One of some names, of a column that has one word.
    Names(Field, Vec<Name>),
    /// One of some numbers or ranges of them.
    Numbers(Field, Vec<Span>),
    /// A process or one that descends from it.
    Tree(u32),
    /// A time.
    Time(TimeTest),
    /// The column has a value.
    Present(Field),
}

impl Term {
    /// The field that the term tests; `None` for all of them.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Anywhere(_) => None,
            Self::Text(field, _) | Self::Names(field, _) | Self::Numbers(field, _) | Self::Present(field) => {
                Some(*field)
            }
            Self::Tree(_) => Some(Field::Tree),
            Self::Time(_) => Some(Field::Time),
        }
    }

    /// The text that the term looks for, where it looks for one.
    #[must_use]
    pub fn text(&self) -> Option<&TextTest> {
        match self {
            Self::Anywhere(test) | Self::Text(_, test) => Some(test),
            _ => None,
        }
    }

    /// The term's pattern, where it has one.
    #[must_use]
    pub fn pattern(&self) -> Option<&Pattern> {
        match self.text() {
            Some(TextTest::Pattern(pattern)) => Some(pattern),
            _ => None,
        }
    }
}

/// A name that a column may have.
#[derive(Debug, Clone, PartialEq)]
pub enum Name {
    /// This name, in any case.
    Is(String),
    /// A name like this.
    Like(Glob),
}
