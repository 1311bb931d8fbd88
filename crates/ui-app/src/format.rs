//! Formatting of numbers, times and foreign text for a reader. Pure; words come from `i18n`.

pub mod filter_words;
pub mod json;
pub mod number;
pub mod text;
pub mod time;
