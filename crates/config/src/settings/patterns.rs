//! Patterns of the config, compiled. Each kind has the dialect of a released mirrord: `regex` for paths and Unix sockets,
//! `fancy-regex` for names of variables and for HTTP.
//!
//! Patterns are compiled together, with one limit of size, and tested one by one only to name the wrong one: a file of
//! many large patterns is an error soon.

use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use crate::node::Position;
use crate::problem::{Problem, Problems};

/// Patterns of one kind in a file; more are an error.
const MAX_PATTERNS: usize = 2_000;
/// Text of all patterns of one kind, in bytes; more is an error: compiling takes time by the byte.
const MAX_TEXT_BYTES: usize = 128 * 1024;
/// Steps of a search with look-around; one that needs more finds nothing. The time of a search is bounded by that.
const MAX_STEPS: usize = 100_000;
/// Size of the compiled patterns of one kind, in bytes; more is an error.
const MAX_COMPILED_BYTES: usize = 32 * 1024 * 1024;
/// Size of one compiled pattern, in bytes: the limit of the crate `regex`, and so of a released mirrord.
const MAX_PATTERN_BYTES: usize = 10 * 1024 * 1024;
/// Patterns that are compiled alone to find those that are too large.
const MAX_TESTED: usize = 64;

/// Behaviour of a released mirrord on a pattern that does not compile.
const RELEASED_PANICS: &str = "a released mirrord takes the file, and panics when the program starts";

/// Pattern with its place in the config.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    pub(crate) path: String,
    pub(crate) at: Option<Position>,
}

/// Lists of `feature.fs`, in the order in which they decide.
#[derive(Debug, Clone)]
pub(crate) struct FsPatterns {
    set: RegexSet,
    /// Number of patterns of each list.
    counts: [usize; 4],
    /// All patterns, list after list.
    pub(crate) texts: Vec<String>,
}

/// List of `feature.fs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FsList {
    NotFound,
    ReadWrite,
    ReadOnly,
    Local,
}

impl FsList {
    pub(crate) const ALL: [Self; 4] = [Self::NotFound, Self::ReadWrite, Self::ReadOnly, Self::Local];

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::NotFound => "feature.fs.not_found",
            Self::ReadWrite => "feature.fs.read_write",
            Self::ReadOnly => "feature.fs.read_only",
            Self::Local => "feature.fs.local",
        }
    }
}

impl FsPatterns {
    pub(crate) fn new(lists: [Vec<Pattern>; 4], problems: &mut Problems) -> Self {
        let counts = [0, 1, 2, 3].map(|index| lists.get(index).map_or(0, Vec::len));
        let patterns: Vec<Pattern> = lists.into_iter().flatten().collect();
        Self {
            set: compile_set(&patterns, true, "feature.fs", problems),
            counts,
            texts: patterns.into_iter().map(|pattern| pattern.text).collect(),
        }
    }

    /// Number of patterns of a list.
    pub(crate) fn count(&self, list: FsList) -> usize {
        self.counts.get(list as usize).copied().unwrap_or_default()
    }

    /// Returns the lists that a path is in, each with the pattern's index, in the order in which they decide.
    pub(crate) fn matches(&self, path: &str) -> impl Iterator<Item = (FsList, usize)> {
        let matches = if self.texts.is_empty() {
            None
        } else {
            Some(self.set.matches(path))
        };
        let counts = self.counts;
        matches.into_iter().flatten().filter_map(move |found| {
            let mut start = 0;
            for (list, count) in FsList::ALL.into_iter().zip(counts) {
                if found < start + count {
                    return Some((list, found - start));
                }
                start += count;
            }
            None
        })
    }
}

/// `feature.fs.mapping`, in the order of the file.
#[derive(Debug, Clone)]
pub(crate) struct PathMapping {
    set: RegexSet,
    pub(crate) pairs: Vec<MappingPair>,
}

/// Key and value of a path mapping.
#[derive(Debug, Clone)]
pub(crate) struct MappingPair {
    pub(crate) key: String,
    value: String,
    /// Case-sensitive, unlike the choice of the key; compiled when it is first used.
    replacer: Arc<OnceLock<Option<Regex>>>,
}

impl PathMapping {
    pub(crate) fn new(pairs: Vec<(Pattern, String)>, problems: &mut Problems) -> Self {
        let (patterns, values): (Vec<Pattern>, Vec<String>) = pairs.into_iter().unzip();
        let set = compile_set(&patterns, true, "feature.fs.mapping", problems);
        let pairs = patterns.into_iter().zip(values);
        let pairs = pairs.map(|(pattern, value)| MappingPair {
            key: pattern.text,
            value,
            replacer: Arc::default(),
        });
        Self {
            set,
            pairs: pairs.collect(),
        }
    }

    /// Returns the indices of the keys that take a path.
    pub(crate) fn matches(&self, path: &str) -> Vec<usize> {
        if self.pairs.is_empty() {
            return Vec::new();
        }
        self.set.matches(path).into_iter().collect()
    }
}

impl MappingPair {
    /// Returns the path with the key's first match replaced, in the syntax of `Regex::replace`.
    pub(crate) fn replace(&self, path: &str) -> String {
        let replacer = self.replacer.get_or_init(|| Regex::new(&self.key).ok());
        match replacer {
            Some(replacer) => replacer.replace(path, self.value.as_str()).into_owned(),
            None => path.to_owned(),
        }
    }
}

/// `feature.network.outgoing.unix_streams`.
#[derive(Debug, Clone)]
pub(crate) struct UnixStreams {
    set: RegexSet,
    pub(crate) count: usize,
}

impl UnixStreams {
    pub(crate) fn new(patterns: &[Pattern], problems: &mut Problems) -> Self {
        Self {
            set: compile_set(patterns, false, "feature.network.outgoing.unix_streams", problems),
            count: patterns.len(),
        }
    }

    /// Returns the index of the first pattern that is found in a path or an abstract name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.set.matches(name).into_iter().next()
    }
}

/// `feature.env.mapping`.
#[derive(Debug, Clone)]
pub(crate) struct EnvMapping {
    pairs: Vec<(fancy_regex::Regex, String)>,
}

impl EnvMapping {
    pub(crate) fn new(pairs: Vec<(Pattern, String)>, problems: &mut Problems) -> Self {
        let lengths = pairs.iter().map(|(pattern, _)| pattern.text.len());
        if let Some(problem) = too_much(lengths, "feature.env.mapping") {
            problems.push(problem);
            return Self { pairs: Vec::new() };
        }
        let compiled = pairs.into_iter().filter_map(|(pattern, value)| {
            let regex = compile_fancy(&pattern, &pattern.text, problems)?;
            Some((regex, value))
        });
        Self {
            pairs: compiled.collect(),
        }
    }

    /// Returns the index and the value of each key that is found in a name. A search that needs too many steps finds
    /// nothing.
    pub(crate) fn matches(&self, name: &str) -> Vec<(usize, &str)> {
        let pairs = self.pairs.iter().enumerate();
        pairs
            .filter(|(_, (regex, _))| regex.is_match(name).unwrap_or(false))
            .map(|(index, (_, value))| (index, value.as_str()))
            .collect()
    }
}

/// Compiles a pattern of the dialect with look-around.
pub(crate) fn compile_fancy(pattern: &Pattern, text: &str, problems: &mut Problems) -> Option<fancy_regex::Regex> {
    if text.len() > MAX_TEXT_BYTES {
        let message = format!("a pattern of more than {MAX_TEXT_BYTES} bytes");
        problems.push(Problem::error(pattern.path.clone(), pattern.at, message));
        return None;
    }
    let built = fancy_regex::RegexBuilder::new(text).backtrack_limit(MAX_STEPS).build();
    match built {
        Ok(regex) => Some(regex),
        Err(error) => {
            problems.push(wrong_pattern(pattern, &error.to_string()));
            None
        }
    }
}

fn compile_set(patterns: &[Pattern], ignore_case: bool, path: &'static str, problems: &mut Problems) -> RegexSet {
    if let Some(problem) = too_much(patterns.iter().map(|pattern| pattern.text.len()), path) {
        problems.push(problem);
        return RegexSet::empty();
    }
    let set = RegexSetBuilder::new(patterns.iter().map(|pattern| &pattern.text))
        .case_insensitive(ignore_case)
        .size_limit(MAX_COMPILED_BYTES)
        .build();
    set.unwrap_or_else(|error| {
        let found = find_wrong(patterns, ignore_case);
        if found.is_empty() {
            problems.push(Problem::error(
                path,
                None,
                format!("the patterns do not compile: {error}"),
            ));
        }
        for problem in found {
            problems.push(problem);
        }
        RegexSet::empty()
    })
}

/// Finds the patterns with an error of syntax or, where there is none, the first ones that are too large.
fn find_wrong(patterns: &[Pattern], ignore_case: bool) -> Vec<Problem> {
    let build = |pattern: &Pattern, limit| {
        let mut builder = RegexBuilder::new(&pattern.text);
        builder.case_insensitive(ignore_case).size_limit(limit).build()
    };
    let syntax = |pattern: &Pattern| match build(pattern, 0) {
        Err(regex::Error::Syntax(message)) => Some(wrong_pattern(pattern, &message)),
        _ => None,
    };
    let found: Vec<Problem> = patterns.iter().filter_map(syntax).collect();
    if !found.is_empty() {
        return found;
    }
    let too_large = |pattern: &Pattern| {
        build(pattern, MAX_PATTERN_BYTES).err()?;
        Some(wrong_pattern(pattern, "it is too large once compiled (10 MB)"))
    };
    patterns
        .iter()
        .take(MAX_TESTED)
        .find_map(too_large)
        .into_iter()
        .collect()
}

/// Returns the error of patterns, by their lengths, that are too many or too long together.
fn too_much(lengths: impl ExactSizeIterator<Item = usize>, path: &'static str) -> Option<Problem> {
    let message = if lengths.len() > MAX_PATTERNS {
        format!("more than {MAX_PATTERNS} patterns")
    } else if lengths.sum::<usize>() > MAX_TEXT_BYTES {
        format!("more than {MAX_TEXT_BYTES} bytes of patterns")
    } else {
        return None;
    };
    Some(Problem::error(path, None, message))
}

/// The last line of the crate's message has the reason; those before it draw the pattern.
fn wrong_pattern(pattern: &Pattern, message: &str) -> Problem {
    let reason = message.lines().last().unwrap_or_default();
    let reason = reason.trim_start_matches("error: ");
    let shown: String = pattern.text.chars().take(60).collect();
    let message = format!("`{shown}` is not a pattern: {reason}");
    Problem::error(pattern.path.clone(), pattern.at, message).released(RELEASED_PANICS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern {
            text: text.to_owned(),
            path: "feature.fs.local[0]".to_owned(),
            at: None,
        }
    }

    #[test]
    fn the_wrong_pattern_is_named_and_the_others_are_not() {
        let mut problems = Problems::default();
        let patterns = [pattern("^/a"), pattern("("), pattern("(?=x)")];
        compile_set(&patterns, true, "feature.fs", &mut problems);
        assert_eq!(problems.list().len(), 2, "{problems}");
        let text = problems.list()[0].to_string();
        assert!(text.contains("unclosed group") && text.contains("panics"), "{text}");
    }

    #[test]
    fn a_pattern_that_grows_without_end_is_an_error_soon() {
        let mut problems = Problems::default();
        compile_set(&[pattern("((a{1000}){1000}){1000}")], true, "feature.fs", &mut problems);
        assert!(problems.to_string().contains("too large"), "{problems}");
        let mut problems = Problems::default();
        let mapping = EnvMapping::new(vec![(pattern("(a+)+\\1$"), "x".to_owned())], &mut problems);
        assert!(!problems.has_errors());
        assert!(mapping.matches(&"a".repeat(5_000)).len() <= 1);
    }

    #[test]
    fn a_pattern_as_long_as_a_file_is_an_error_at_once() {
        let long = pattern(&"a".repeat(900_000));
        let mut problems = Problems::default();
        compile_set(std::slice::from_ref(&long), true, "feature.fs", &mut problems);
        compile_fancy(&long, &long.text, &mut problems);
        assert_eq!(problems.list().len(), 2, "{problems}");
        assert!(problems.to_string().contains("131072 bytes"), "{problems}");
    }
}
