//! The texts of a language other than English, from `locales/<tag>.txt`: `Key = text`, a line each. A text that is
//! missing is shown in English. What is learnt stays until the page goes: there are fourteen catalogues of a few
//! kilobytes each, and each is learnt once.

use std::cell::{Cell, RefCell};

use super::en::{Key, NAMES, TEXTS};
use super::language::Language;
use crate::format::number;

type Texts = &'static [&'static str];

thread_local! {
    static CURRENT: Cell<(Language, Texts)> = const { Cell::new((Language::En, TEXTS)) };
    static KNOWN: RefCell<[Option<Texts>; Language::ALL.len()]> = const { RefCell::new([None; Language::ALL.len()]) };
}

/// A text, and the language that it is in.
pub(super) fn text(key: Key) -> (Language, &'static str) {
    let (language, texts) = CURRENT.get();
    match texts.get(key as usize) {
        Some(text) if !text.is_empty() => (language, text),
        _ => (Language::En, TEXTS[key as usize]),
    }
}

/// The language that is shown.
#[must_use]
pub fn language() -> Language {
    CURRENT.get().0
}

/// Reports a language whose catalogue is loaded.
#[must_use]
pub fn is_known(language: Language) -> bool {
    language == Language::En || KNOWN.with_borrow(|known| known[language as usize].is_some())
}

/// Takes in a language's catalogue, once.
pub fn learn(language: Language, catalogue: String) {
    if is_known(language) {
        return;
    }
    let mut texts = vec![""; NAMES.len()];
    for (key, text) in entries(catalogue.leak()) {
        if let Some(place) = NAMES.iter().position(|name| *name == key) {
            texts[place] = text;
        }
    }
    KNOWN.with_borrow_mut(|known| known[language as usize] = Some(texts.leak()));
}

/// The keys and texts of a catalogue. `Key == text` is a text that is the same as in English on purpose; one space
/// before the text is not part of it.
fn entries(catalogue: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = catalogue.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('=')).map(|(key, text)| {
        let text = text.strip_prefix('=').unwrap_or(text);
        (key.trim(), text.strip_prefix(' ').unwrap_or(text))
    })
}

/// Speaks a language from now on; English where its catalogue is not here.
pub fn adopt(wanted: Language) {
    let known = KNOWN.with_borrow(|known| known[wanted as usize]);
    let current = known.map_or((Language::En, TEXTS), |texts| (wanted, texts));
    CURRENT.set(current);
    number::adopt(current.0.marks());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::i18n::{count, t};

    /// Languages whose catalogue is still to be written: none may be here that is not known to be missing.
    const TO_BE_WRITTEN: &[Language] = &[];

    fn package() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    /// The keys of English and their texts, read from the source so that they have their names.
    fn english() -> Vec<(String, String)> {
        let source = fs::read_to_string(package().join("src/i18n/en.rs")).unwrap();
        let lines = source
            .lines()
            .filter_map(|line| line.strip_prefix("    ")?.strip_suffix("\","));
        let keys: Vec<_> = lines
            .filter_map(|line| line.split_once(" = \""))
            .map(|(key, text)| (key.to_owned(), text.replace("\\\"", "\"")))
            .collect();
        assert_eq!(keys.len(), TEXTS.len(), "each text stands on a line of its own");
        assert!(keys.iter().zip(TEXTS).all(|((_, text), own)| text == own));
        keys
    }

    /// A catalogue: for each key whether it says that it is the same as English, and the text.
    fn catalogue(language: Language) -> Option<BTreeMap<String, (bool, String)>> {
        let file = package().join("locales").join(language.tag()).with_extension("txt");
        let text = fs::read_to_string(&file).ok()?;
        let mut texts = BTreeMap::new();
        for line in text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        {
            let (key, text) = line
                .split_once('=')
                .unwrap_or_else(|| panic!("{}: {line}", file.display()));
            let (same, text) = text.strip_prefix('=').map_or((false, text), |text| (true, text));
            let text = text.strip_prefix(' ').unwrap_or(text);
            let before = texts.insert(key.trim().to_owned(), (same, text.to_owned()));
            assert!(before.is_none(), "{}: {key} stands there twice", file.display());
        }
        Some(texts)
    }

    fn wrong(language: Language, key: &str, english: &str, same: bool, text: &str) -> Option<String> {
        let says = |what: &str| Some([language.tag(), ": ", key, ": ", what].concat());
        let holes = |text: &str| text.matches("{}").count();
        let forms: Vec<_> = text.split('|').collect();
        let is_plural = english.contains('|');
        let wanted_forms = if is_plural { language.plurals().len() } else { 1 };
        if text.is_empty() || forms.iter().any(|form| form.trim().is_empty()) {
            return says("says nothing");
        }
        let ends = |text: &str| (text.starts_with(' '), text.ends_with(' '));
        if ends(text) != ends(english) {
            return says("begins or ends with a space where English does not, or the other way round");
        }
        if forms.len() != wanted_forms {
            return says(&format!(
                "has {} forms where {wanted_forms} are needed: {:?}",
                forms.len(),
                language.plurals()
            ));
        }
        let wanted_holes = english.rsplit('|').next().map_or(0, holes);
        let (last, others) = forms.split_last()?;
        if holes(last) != wanted_holes || others.iter().any(|form| holes(form) > wanted_holes) {
            return says("has other places for values than English");
        }
        match (same, text == english) {
            (false, true) => says("is left in English; write == where that is right"),
            (true, false) => says("is said to be as in English, and is not"),
            _ => None,
        }
    }

    #[test]
    fn each_catalogue_says_everything_and_nothing_else() {
        let english = english();
        let mut complaints = Vec::new();
        for language in Language::ALL.into_iter().filter(|language| *language != Language::En) {
            let Some(mut own) = catalogue(language) else {
                if !TO_BE_WRITTEN.contains(&language) {
                    complaints.push(format!("{}: there is no catalogue", language.tag()));
                }
                continue;
            };
            for (key, text) in &english {
                match own.remove(key) {
                    None => complaints.push(format!("{}: {key} is missing", language.tag())),
                    Some((same, translated)) => complaints.extend(wrong(language, key, text, same, &translated)),
                }
            }
            complaints.extend(
                own.keys()
                    .map(|key| format!("{}: there is no key {key}", language.tag())),
            );
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    #[test]
    fn no_file_among_the_catalogues_is_of_no_language() {
        for file in fs::read_dir(package().join("locales")).unwrap() {
            let name = PathBuf::from(file.unwrap().file_name());
            let tag = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let language = Language::of_tag(tag).filter(|language| language.tag() == tag && *language != Language::En);
            assert!(language.is_some(), "{}", name.display());
            assert!(
                !TO_BE_WRITTEN.iter().any(|one| one.tag() == tag),
                "{tag} is written now"
            );
        }
    }

    #[test]
    fn each_key_is_used() {
        let mut sources = String::new();
        let mut folders = vec![package().join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("i18n/en.rs") {
                    sources.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        let used: std::collections::BTreeSet<_> = sources
            .split("Key::")
            .skip(1)
            .filter_map(|rest| rest.split(|character: char| !character.is_ascii_alphanumeric()).next())
            .collect();
        let unused: Vec<_> = english()
            .into_iter()
            .map(|(key, _)| key)
            .filter(|key| !used.contains(key.as_str()))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn a_language_is_spoken_once_it_is_known_and_its_gaps_are_english() {
        adopt(Language::Pl);
        assert_eq!(language(), Language::En, "not known yet");
        let catalogue =
            "# Polski\nLive = na żywo\nLater = x\nProcesses = {} proces|{} procesy|{} procesów|{} procesu\n";
        learn(Language::Pl, catalogue.to_owned());
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
        learn(Language::Da, "Live == x\nProcesses = x\n=\nx\n".repeat(100_000));
        adopt(Language::Da);
        assert_eq!(t(Key::Live), "x");
        assert_eq!(count(Key::Processes, 5), "x");
        adopt(Language::En);
    }
}
