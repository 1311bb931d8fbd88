//! Compiler of catalogues: from Fluent's syntax to texts with numbered places for values, and to the keys of English.
//!
//! A compiled text has `{0}`, `{1}` for its values, numbered by their order in English, and `|` between the forms of a text
//! that depends on a number, in the order of [`Language::plurals`](crate::Language::plurals).

mod catalogue;
mod check;
mod message;

pub use catalogue::{Catalogue, Error, folder};
pub use check::problems;
