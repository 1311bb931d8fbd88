//! Bounds of a filter. What exceeds one is an error that names it.

/// The longest text of a filter, bytes.
pub const MAX_BYTES: usize = 4_096;
/// The deepest nesting of parentheses and negations.
pub const MAX_DEPTH: usize = 32;
/// The most terms of a filter: each is tested on each row.
pub const MAX_TERMS: usize = 64;
/// The most patterns of a filter: a pattern costs some hundred times what a word does.
pub const MAX_PATTERNS: usize = 8;
/// The most memory of a compiled pattern, bytes. It bounds the states that are tried for each character.
pub const MAX_PATTERN_BYTES: usize = 64 * 1024;
/// The bytes of a text that a pattern is run on; what follows is not looked at. A path has at most 4,096.
pub const MAX_PATTERN_TEXT_BYTES: usize = 8 * 1024;
/// The most completions of one request.
pub const MAX_COMPLETIONS: usize = 50;
/// The most marks in one text.
pub const MAX_MARKS: usize = 64;
/// Processes whose names and parents a [`LineFilter`](crate::LineFilter) keeps; later ones are not found by them.
pub const MAX_PROCESSES: usize = 65_536;
