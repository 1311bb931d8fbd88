//! Languages of the page and of the pages before sign-in, and the catalogues of their texts.
//!
//! A catalogue is a file in Fluent's syntax, `locales/<tag>/page.ftl` or `locales/<tag>/sign-in.ftl`; `locales/README.md` is
//! for translators. Programs get [`Language`] alone: catalogues are compiled at build time (feature `compile`) to lines of
//! text with numbered places for values.

#[cfg(feature = "compile")]
pub mod compile;
mod language;

pub use language::{Language, Marks};
