//! Filter terms "only like this" and "hide like this": names and rules beside the search, and their form in an address.

use super::percent::{decoded, push_encoded};

/// The most terms of one filter; more are not taken.
pub const MAX_TERMS: usize = 16;
/// The longest name that is compared whole, bytes; of a longer one its beginning is.
pub const MAX_TERM_BYTES: usize = 1_000;

/// Property that makes events alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its name: a path, a host, a destination.
    Name,
    /// Prefix of its name: the contents of a folder.
    Start,
    /// The rule that decided.
    Rule,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Compared text.
    pub by: By,
    /// With what.
    pub text: String,
    /// Hides such events in place of showing them alone.
    pub hides: bool,
}

impl Term {
    /// Shows events of a name alone, or hides them.
    #[must_use]
    pub fn of_name(name: &str, hides: bool) -> Self {
        if name.len() > MAX_TERM_BYTES {
            return Self::new(By::Start, &name[..name.floor_char_boundary(MAX_TERM_BYTES)], hides);
        }
        Self::new(By::Name, name, hides)
    }

    /// Shows such events alone, or hides them.
    #[must_use]
    pub fn new(by: By, text: &str, hides: bool) -> Self {
        Self {
            by,
            text: text[..text.floor_char_boundary(MAX_TERM_BYTES)].to_owned(),
            hides,
        }
    }

    /// Reports terms about the same thing, whichever way.
    fn is_of(&self, other: &Self) -> bool {
        self.by == other.by && self.text == other.text
    }

    fn fits(&self, name: &str, rule: Option<&str>) -> bool {
        match self.by {
            By::Name => name == self.text,
            By::Start => name.starts_with(&self.text),
            By::Rule => rule == Some(self.text.as_str()),
        }
    }
}

/// The words of the address, and what they mean.
const WORDS: [(&str, By, bool); 6] = [
    ("is", By::Name, false),
    ("in", By::Start, false),
    ("rule", By::Rule, false),
    ("not", By::Name, true),
    ("not-in", By::Start, true),
    ("not-rule", By::Rule, true),
];

/// Tests an event: it matches one of the showing terms, if any, and none of the hiding ones.
#[must_use]
pub fn let_through(terms: &[Term], name: &str, rule: Option<&str>) -> bool {
    let (mut shows, mut shown) = (false, false);
    for term in terms {
        match (term.hides, term.fits(name, rule)) {
            (true, true) => return false,
            (false, fits) => {
                shows = true;
                shown |= fits;
            }
            (true, false) => {}
        }
    }
    shown || !shows
}

/// Adds a term: a showing one replaces those before, a hiding one is added. For the same thing the later term holds.
pub fn add(terms: &mut Vec<Term>, term: Term) {
    terms.retain(|own| !own.is_of(&term) && (own.hides || term.hides));
    if terms.len() < MAX_TERMS {
        terms.push(term);
    }
}

/// Reads one pair of an address.
pub fn read(terms: &mut Vec<Term>, name: &str, value: &str) {
    let word = WORDS.iter().find(|(word, ..)| *word == name);
    if let Some((_, by, hides)) = word.filter(|_| terms.len() < MAX_TERMS && !value.is_empty()) {
        let term = Term::new(*by, &decoded(value), *hides);
        terms.retain(|own| !own.is_of(&term));
        terms.push(term);
    }
}

/// Writes each as a pair of an address.
pub fn write(terms: &[Term], mut put: impl FnMut(&str, &str)) {
    for term in terms {
        let word = WORDS
            .iter()
            .find(|(_, by, hides)| (*by, *hides) == (term.by, term.hides));
        let mut value = String::new();
        push_encoded(&mut value, &term.text);
        if let Some((word, ..)) = word {
            put(word, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(terms: &[Term]) -> Vec<&'static str> {
        ["/a/x", "/a/y", "/b"]
            .into_iter()
            .filter(|name| let_through(terms, name, (*name == "/b").then_some("fs")))
            .collect()
    }

    #[test]
    fn only_and_hide_work_together() {
        assert_eq!(shown(&[]), ["/a/x", "/a/y", "/b"]);
        let folder = Term::new(By::Start, "/a/", false);
        let y = Term::of_name("/a/y", true);
        assert_eq!(shown(&[folder.clone(), y.clone()]), ["/a/x"]);
        assert_eq!(shown(&[y]), ["/a/x", "/b"]);
        assert_eq!(shown(&[Term::new(By::Rule, "fs", false)]), ["/b"]);
        assert_eq!(shown(&[folder, Term::of_name("/b", false)]).len(), 3);
    }

    #[test]
    fn only_replaces_only_and_hide_adds_to_hide() {
        let mut terms = Vec::new();
        for (name, hides) in [("a", false), ("b", true), ("c", true), ("d", false), ("b", true)] {
            add(&mut terms, Term::of_name(name, hides));
        }
        let names: Vec<_> = terms.iter().map(|term| term.text.as_str()).collect();
        assert_eq!(names, ["c", "d", "b"]);
        (0..100).for_each(|number| add(&mut terms, Term::of_name(&number.to_string(), true)));
        assert_eq!(terms.len(), MAX_TERMS);
    }

    #[test]
    fn of_one_thing_the_later_word_holds() {
        for hides in [true, false] {
            let mut terms = Vec::new();
            add(&mut terms, Term::of_name("/a/x", !hides));
            add(&mut terms, Term::of_name("/a/x", hides));
            assert_eq!(terms, [Term::of_name("/a/x", hides)]);
            assert_eq!(shown(&terms), if hides { vec!["/a/y", "/b"] } else { vec!["/a/x"] });
        }
        let mut linked = Vec::new();
        read(&mut linked, "is", "/a/x");
        read(&mut linked, "not", "/a/x");
        assert_eq!(linked, [Term::of_name("/a/x", true)]);
    }

    #[test]
    fn what_is_written_into_an_address_is_read_back() {
        let terms = [
            Term::of_name("/a b&c=<d>\u{202e}\n", false),
            Term::of_name(&"é".repeat(5_000), true),
            Term::new(By::Rule, "fs.not_found[0]", true),
        ];
        let (mut pairs, mut read_back) = (Vec::new(), Vec::new());
        write(&terms, |name, value| pairs.push((name.to_owned(), value.to_owned())));
        for (name, value) in &pairs {
            assert!(!value.contains(['&', '=', '<', '\n']));
            read(&mut read_back, name, value);
        }
        read(&mut read_back, "is", "");
        read(&mut read_back, "unknown", "x");
        assert_eq!(read_back, terms);
    }
}
