//! Tests of the catalogues that there are, and of what is compiled and refused.

use std::collections::BTreeSet;

use super::super::problems;
use super::*;

fn parse(language: Language, source: &str) -> Catalogue {
    Catalogue::parse(language, source).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn refused(source: &str) -> String {
    Catalogue::parse(Language::En, source).unwrap_err().join("\n")
}

#[test]
fn each_language_has_every_text_of_english_and_no_other() {
    for name in ["page", "sign-in"] {
        let english = Catalogue::read(Language::En, name).unwrap();
        let mut found = Vec::new();
        for language in Language::TRANSLATED {
            match Catalogue::read(language, name) {
                Ok(own) => found.extend(problems(&own, &english)),
                Err(error) => found.push(error.to_string()),
            }
        }
        assert!(found.is_empty(), "{name}.ftl: {}", found.join("\n"));
    }
}

#[test]
fn each_folder_is_of_a_language() {
    let folders = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let tags: BTreeSet<_> = folders
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(tags, Language::ALL.map(|language| language.tag().to_owned()).into());
}

/// The pages before sign-in are HTML, and names are not translated.
#[test]
fn nothing_of_the_pages_before_sign_in_has_to_be_escaped() {
    let english = Catalogue::read(Language::En, "sign-in").unwrap();
    let models: Vec<_> = english.texts(&english).collect();
    for language in Language::ALL {
        let own = Catalogue::read(language, "sign-in").unwrap();
        for ((id, text), (_, model)) in own.texts(&english).zip(&models) {
            let tag = language.tag();
            assert!(!text.contains(['<', '>', '&', '"', '\'']), "{tag}: {id}: {text}");
            for name in ["mirrord ui", ".local", "JavaScript", "Android", "iPhone"] {
                assert_eq!(text.contains(name), model.contains(name), "{tag}: {id}: {name}");
            }
        }
    }
}

#[test]
fn values_are_numbered_by_their_order_in_english() {
    let english = parse(Language::En, "a = { $shown } of { $total } shown\nb = { \" \" }x\n");
    let own = parse(
        Language::Ja,
        "b = { \"\\u200E\" }y\na = { $total } 件中 { $shown } 件\n",
    );
    assert_eq!(english.lines(&english), "{0} of {1} shown\n x\n");
    assert_eq!(own.lines(&english), "{1} 件中 {0} 件\n\u{200e}y\n");
    assert_eq!(
        problems(&own, &english),
        ["ja: b: begins or ends with a space where English does not, or the other way round"]
    );
}

#[test]
fn a_text_of_a_number_has_the_forms_of_its_language() {
    let english = parse(
        Language::En,
        "n = { $count ->\n    [one] one\n   *[other] { $count } all\n}\n",
    );
    assert_eq!(english.lines(&english), "one|{0} all\n");
    let own = parse(
        Language::Pl,
        "n = { $count ->\n    [one] a\n    [few] b\n    [many] { $count } c\n   *[other] { $count } d\n}\n",
    );
    assert_eq!(own.lines(&english), "a|b|{0} c|{0} d\n");
    assert!(problems(&own, &english).is_empty());
    let plain = parse(Language::De, "n = { $count } alle\n");
    assert_eq!(problems(&plain, &english).len(), 1);
    assert!(refused("n = { $count ->\n    [few] a\n   *[other] b\n}\n").contains("needed are [\"one\", \"other\"]"));
    assert!(refused("n = { $other ->\n    [one] a\n   *[other] b\n}\n").contains("$count alone"));
}

#[test]
fn problems_name_the_message() {
    let english = parse(Language::En, "a = x\nb = { $v }\nc = same\nd = gone\n");
    let own = parse(
        Language::De,
        "# Same as in English.\na = y\nb = { $w }\nc = same\ne = new\n",
    );
    assert_eq!(
        problems(&own, &english),
        [
            "de: a: is said to be as in English, and is not",
            "de: b: has other values than English",
            "de: c: is left in English; a comment `# Same as in English.` where that is right",
            "de: d: is missing",
            "de: e: is not in English",
        ]
    );
    assert_eq!(
        own.lines(&english),
        "y\n\nsame\n\n",
        "what is missing is empty, and a value that English lacks is left out"
    );
}

#[test]
fn more_of_fluent_than_is_compiled_is_refused() {
    assert!(refused("a = x\na = y\n").contains("a: is there twice"));
    assert!(refused("-term = x\n").contains("-term: terms"));
    assert!(refused("a = x\n    .b = y\n").contains("a: attributes"));
    assert!(refused("a = { b }\n").contains("a: only values"));
    assert!(refused("a = x | y\n").contains("a: braces"));
    assert!(refused("a = x\n    y\n").contains("a: braces"));
    assert!(refused("A_b = x\n").contains("lower-case"));
    assert!(refused("a = x\n\nb x\n").contains("line 3"));
}

#[test]
fn keys_are_in_the_order_of_the_texts() {
    let source = parse(Language::En, "copy-json = Copy \"JSON\"\nlive = Live\n").rust_keys();
    assert!(
        source.contains("    CopyJson,\n") && source.contains("    \"Copy \\\"JSON\\\"\",\n    \"Live\",\n"),
        "{source}"
    );
}
