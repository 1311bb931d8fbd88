//! Tests of a text: a part of it, the whole of it, wildcards, patterns.

use std::ops::Range;

use regex_lite::{Regex, RegexBuilder};

use crate::find::{find, starts_with};
use crate::limits::{MAX_PATTERN_BYTES, MAX_PATTERN_TEXT_BYTES};
use crate::literal::required;

/// Flags of a pattern: `i` is always on, `u` has no meaning; both are taken, since other tools have them.
const FLAGS: &str = "ismu";

/// A test of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum TextTest {
    /// The text has this in it, in any case.
    Contains(Needle),
    /// The text is this, to the letter.
    Is(String),
    /// The text is like this: in a field the whole text, as a word any part of it.
    Like(Glob),
    /// The pattern matches a part of the text.
    Pattern(Pattern),
}

impl TextTest {
    /// Tests a text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Contains(needle) => find(text, &needle.lower, 0).is_some(),
            Self::Is(own) => text == own,
            Self::Like(glob) => glob.fits(text),
            Self::Pattern(pattern) => pattern.fits(searched(text)),
        }
    }

    /// Adds the parts of a text that match, in order, up to `most` in all.
    pub(crate) fn mark(&self, text: &str, marks: &mut Vec<Range<usize>>, most: usize) {
        let room = most.saturating_sub(marks.len());
        match self {
            Self::Contains(needle) => {
                let mut from = 0;
                let next = std::iter::from_fn(|| {
                    let range = find(text, &needle.lower, from)?;
                    from = range.end;
                    Some(range)
                });
                marks.extend(next.take(room));
            }
            Self::Is(own) if text == own && room > 0 => marks.push(0..text.len()),
            Self::Is(_) => {}
            Self::Like(glob) => marks.extend(glob.parts(text).into_iter().flatten().take(room)),
            Self::Pattern(pattern) => {
                let found = pattern.regex.find_iter(searched(text)).map(|found| found.range());
                marks.extend(found.filter(|range| !range.is_empty()).take(room));
            }
        }
    }
}

/// The part of a text that patterns see.
fn searched(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_PATTERN_TEXT_BYTES)]
}

/// A text that is looked for, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    typed: String,
    lower: String,
}

impl Needle {
    /// A needle; `None` for an empty text.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        (!typed.is_empty()).then(|| Self {
            typed: typed.to_owned(),
            lower: typed.to_lowercase(),
        })
    }

    /// The text as it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The text in lower case.
    #[must_use]
    pub fn lower(&self) -> &str {
        &self.lower
    }
}

/// A text with `*` for any characters, none among them. It is not a test of presence: one piece is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    typed: String,
    /// The pieces between the wildcards, in lower case; the first and the last may be empty.
    pieces: Vec<String>,
    is_whole: bool,
}

impl Glob {
    /// Parses a glob, of whole texts or of parts of them; `None` for a text without a wildcard, or with nothing else.
    #[must_use]
    pub fn new(typed: &str, is_whole: bool) -> Option<Self> {
        let has_text = typed.contains('*') && typed.contains(|letter| letter != '*');
        has_text.then(|| Self {
            typed: typed.to_owned(),
            pieces: typed.to_lowercase().split('*').map(str::to_owned).collect(),
            is_whole,
        })
    }

    /// The text as it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Tests a text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.parts(text).is_some()
    }

    /// The parts of a text that the pieces are, each as early as can be (the last of a whole text: at its end). Needs no
    /// backtracking: an earlier place of a piece never leaves less room for the next.
    pub(crate) fn parts(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let (last, pieces) = self.pieces.split_last()?;
        let (mut at, mut parts) = (0, Vec::new());
        for (number, piece) in pieces.iter().enumerate() {
            let part = if number == 0 && self.is_whole {
                0..starts_with(text, piece)?
            } else {
                find(text, piece, at)?
            };
            at = part.end;
            parts.push(part);
        }
        parts.push(if self.is_whole {
            ends_with(text, last, at)?
        } else {
            find(text, last, at)?
        });
        parts.retain(|part| !part.is_empty());
        Some(parts)
    }
}

/// The place of a needle at the end of a text, not before a byte.
fn ends_with(text: &str, needle: &str, from: usize) -> Option<Range<usize>> {
    if needle.is_empty() {
        return Some(text.len()..text.len());
    }
    let rest = text.get(from..)?;
    // Letters of another case have at most three times the bytes.
    let first = rest.ceil_char_boundary(rest.len().saturating_sub(3 * needle.len()));
    let starts = rest[first..].char_indices().map(|(at, _)| from + first + at);
    starts
        .map(|start| (start, starts_with(&text[start..], needle)))
        .find(|(start, length)| length.is_some_and(|length| start + length == text.len()))
        .map(|(start, _)| start..text.len())
}

/// A regular expression, in the syntax of the `regex` crate, in any case.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    flags: String,
    regex: Regex,
    /// A text that each match has in it, in lower case.
    required: Option<String>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, &self.flags) == (&other.source, &other.flags)
    }
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// The engine's reason, for a source that is not valid or whose compiled form is too large.
    pub fn new(source: &str, flags: &str) -> Result<Self, String> {
        let regex = RegexBuilder::new(&unescaped(source))
            .case_insensitive(true)
            .dot_matches_new_line(flags.contains('s'))
            .multi_line(flags.contains('m'))
            .size_limit(MAX_PATTERN_BYTES)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            source: source.to_owned(),
            flags: flags.to_owned(),
            regex,
            required: required(source),
        })
    }

    fn fits(&self, text: &str) -> bool {
        let has_required = self
            .required
            .as_deref()
            .is_none_or(|wanted| find(text, wanted, 0).is_some());
        has_required && self.regex.is_match(text)
    }

    /// The expression between its slashes, as it was typed.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The flags behind it.
    #[must_use]
    pub fn flags(&self) -> &str {
        &self.flags
    }
}

/// The source without the backslashes before slashes, which the engine knows no escape for.
fn unescaped(source: &str) -> String {
    let (mut out, mut letters) = (String::with_capacity(source.len()), source.chars());
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('/') => out.push('/'),
                Some(next) => out.extend(['\\', next]),
                None => out.push('\\'),
            },
            (letter, false) => out.push(letter),
        }
    }
    out
}

/// The source and the flags of a word that is a pattern.
///
/// `/etc/` could be a pattern or a path, and is a path: slashes make a pattern only where the text between them has a
/// character that plain paths lack. A pattern has no white space but `\s`, so that what a word is depends on the word alone.
pub(crate) fn pattern_of(word: &str) -> Option<(&str, &str)> {
    let inner = word.strip_prefix('/')?;
    // The last slash, so that one within the pattern needs no backslash.
    let at = slashes(inner).last()?;
    let (source, flags) = (&inner[..at], &inner[at + 1..]);
    let is_pattern = source.contains(|letter: char| "\\^$*+?()[]{}|".contains(letter));
    let are_flags = flags.len() <= FLAGS.len() && flags.chars().all(|flag| FLAGS.contains(flag));
    (is_pattern && are_flags).then_some((source, flags))
}

/// The places of slashes that no backslash is before and that are in no class.
fn slashes(text: &str) -> impl Iterator<Item = usize> {
    let (mut is_escaped, mut in_class) = (false, false);
    text.char_indices().filter_map(move |(at, letter)| {
        let was_escaped = is_escaped;
        is_escaped = letter == '\\' && !was_escaped;
        match letter {
            _ if was_escaped => {}
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Some(at),
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_make_a_pattern_but_a_path_stays_a_path() {
        for (text, source, flags) in [
            ("/hosts$/", "hosts$", ""),
            ("/a|b/i", "a|b", "i"),
            ("/etc/.*conf$/", "etc/.*conf$", ""),
            ("/(a|b)/", "(a|b)", ""),
            (r"/a\/b+/", r"a\/b+", ""),
            ("/[/-]x/s", "[/-]x", "s"),
        ] {
            assert_eq!(pattern_of(text), Some((source, flags)), "{text}");
        }
        for path in [
            "/",
            "//",
            "/etc",
            "/etc/hosts",
            "/etc/app/",
            "/hosts/",
            "/etc/ssl/certs/x",
            "/usr/lib/is",
            "/a|b",
            "/a|b/x",
        ] {
            assert_eq!(pattern_of(path), None, "{path}");
        }
    }

    #[test]
    fn a_glob_is_of_the_whole_text_in_a_field_and_of_a_part_as_a_word() {
        let whole = |glob| Glob::new(glob, true).unwrap();
        assert!(whole("*.JSON").fits("/a/b.json") && !whole("*.json").fits("/a.json.bak"));
        assert!(whole("/etc/*").fits("/etc/") && !whole("/etc/*").fits("/x/etc/a"));
        assert!(whole("/a/*/b*c").fits("/a/x/y/bzzc") && !whole("a*a").fits("a"));
        assert!(whole("*äß").fits("xÄß") && whole("Ä*").fits("äx"));
        let part = Glob::new("b*d", false).unwrap();
        assert!(part.fits("abcde") && !part.fits("adcb"));
        assert_eq!(part.parts("abcde"), Some(vec![1..2, 3..4]));
        assert!(Glob::new("**", true).is_none() && Glob::new("abc", true).is_none());
    }

    #[test]
    fn a_pattern_is_bounded_and_in_any_case() {
        let pattern = |source, flags| Pattern::new(source, flags).map(TextTest::Pattern);
        assert!(pattern("HOSTS$", "").unwrap().fits("/etc/hosts"));
        assert!(pattern(r"etc\/h", "").unwrap().fits("/etc/hosts"));
        assert!(!pattern("(?-i)HOSTS", "").unwrap().fits("/etc/hosts"));
        assert!(pattern("a.b", "s").unwrap().fits("a\nb") && !pattern("a.b", "").unwrap().fits("a\nb"));
        assert!(pattern("(a{1000}){1000}", "").is_err() && pattern("(", "").is_err());
        let slow = pattern("(a*)*$", "").unwrap();
        assert!(
            slow.fits(&["a".repeat(100_000), "b".to_owned()].concat()),
            "the part that is looked at has no b"
        );
    }
}
