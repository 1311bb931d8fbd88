//! Texts of a language other than English, from `i18n/<tag>.txt`: a line for each [`Key`], in its order. A line that is missing
//! or empty is shown in English. A catalogue is kept until the page is closed: there are fourteen of a few kilobytes each, and
//! each is fetched once.

use mirrord_catalogues::Language;
use std::cell::{Cell, RefCell};

use super::keys::{Key, TEXTS};
use crate::format::number;

type Texts = &'static [&'static str];

thread_local! {
    static CURRENT: Cell<(Language, Texts)> = const { Cell::new((Language::En, TEXTS)) };
    static KNOWN: RefCell<[Option<Texts>; Language::ALL.len()]> = const { RefCell::new([None; Language::ALL.len()]) };
}

/// Returns a text, and the language that it is in.
pub(super) fn text(key: Key) -> (Language, &'static str) {
    let (language, texts) = CURRENT.get();
    match texts.get(key as usize) {
        Some(text) if !text.is_empty() => (language, text),
        _ => (Language::En, TEXTS[key as usize]),
    }
}

/// Returns the language that is shown.
#[must_use]
pub fn language() -> Language {
    CURRENT.get().0
}

/// Returns true if a language's catalogue has been fetched.
#[must_use]
pub fn is_known(language: Language) -> bool {
    language == Language::En || KNOWN.with_borrow(|known| known[language as usize].is_some())
}

/// Takes a language's compiled catalogue, once.
pub fn learn(language: Language, catalogue: String) {
    if is_known(language) {
        return;
    }
    let texts: Vec<&str> = catalogue.leak().lines().take(TEXTS.len()).collect();
    KNOWN.with_borrow_mut(|known| known[language as usize] = Some(texts.leak()));
}

/// Shows the page in a language from now on; in English where its catalogue has not been fetched.
pub fn adopt(wanted: Language) {
    let known = KNOWN.with_borrow(|known| known[wanted as usize]);
    let current = known.map_or((Language::En, TEXTS), |texts| (wanted, texts));
    CURRENT.set(current);
    number::adopt(current.0.marks());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::super::keys::NAMES;
    use super::*;
    use crate::i18n::{count, t};

    #[test]
    fn each_key_is_used() {
        let mut sources = String::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    sources.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        let used: BTreeSet<_> = sources
            .split("Key::")
            .skip(1)
            .filter_map(|rest| rest.split(|character: char| !character.is_ascii_alphanumeric()).next())
            .collect();
        let unused: Vec<_> = NAMES.iter().filter(|name| !used.contains(**name)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn a_language_is_spoken_once_it_is_known_and_its_gaps_are_english() {
        adopt(Language::Pl);
        assert_eq!(language(), Language::En, "not known yet");
        let text = |name: &&str| match *name {
            "Live" => "na żywo\n",
            "Processes" => "{0} proces|{0} procesy|{0} procesów|{0} procesu\n",
            _ => "\n",
        };
        let catalogue: String = NAMES.iter().map(text).collect();
        learn(Language::Pl, catalogue);
        adopt(Language::Pl);
        assert_eq!((language(), t(Key::Live)), (Language::Pl, "na żywo"));
        assert_eq!(
            [1, 2, 5, 22].map(|number| count(Key::Processes, number)),
            ["1 proces", "2 procesy", "5 procesów", "22 procesy"]
        );
        assert_eq!(
            count(Key::SessionsCount, 12_345),
            "12\u{a0}345 sessions",
            "a gap, in English"
        );
        adopt(Language::En);
        assert_eq!(t(Key::Live), "Live");
    }

    #[test]
    fn a_catalogue_of_any_length_breaks_nothing() {
        learn(Language::Da, "x\n".repeat(100_000));
        adopt(Language::Da);
        assert_eq!((t(Key::Live), count(Key::Processes, 5)), ("x", "x".to_owned()));
        learn(Language::Fr, "\n{".to_owned());
        adopt(Language::Fr);
        assert_eq!(
            (t(Key::Live), count(Key::Processes, 5)),
            ("Live", "5 processes".to_owned())
        );
        adopt(Language::En);
    }
}
