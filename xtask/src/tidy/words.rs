//! Rules about doc comments: a first sentence opens with a noun or a verb, and parts of a program neither speak nor live.
//!
//! What breaks the rules already is counted for each folder in [`KNOWN`]. A folder may have fewer, and then its line says
//! so; it never has more. What is inside `"…"` and `` `…` `` is not read.

use std::{collections::BTreeMap, fs};

use anyhow::Result;

use crate::paths::Paths;

/// Openings that make a reader wait for the subject.
const OPENINGS: [&str; 8] = [
    "What ",
    "Who ",
    "Whoever ",
    "Where ",
    "Whether ",
    "How ",
    "Which ",
    "The same ",
];

/// Words that fit people and not parts of a program.
const WORDS: [&str; 8] = [
    "told", "tells", "stands", "anew", "nobody", "somebody", "whoever", "lives",
];

/// Comments that break the rules already, by folder: openings and words. Lowered as they are mended.
const KNOWN: [(&str, [usize; 2]); 6] = [
    ("crates/cli", [30, 16]),
    ("crates/intproxy-ipc", [110, 69]),
    ("crates/observe", [110, 77]),
    ("crates/ui-app", [383, 146]),
    ("crates/ui-server", [301, 166]),
    ("crates/wire", [87, 24]),
];

/// Folders with more of either than they are known to have.
pub(super) fn check(paths: &Paths, files: &[String]) -> Result<Vec<String>> {
    let mut found: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for name in files.iter().filter(|name| name.ends_with(".rs")) {
        // A file that git knows and somebody has just deleted is gone.
        let Ok(text) = fs::read_to_string(paths.root.join(name)) else {
            continue;
        };
        found.entry(folder(name)).or_default().extend(findings(name, &text));
    }
    let mut broken = Vec::new();
    for (folder, findings) in &found {
        let known = KNOWN.iter().find(|(known, _)| known == folder);
        let allowed = known.map_or([0, 0], |(_, counts)| *counts);
        for (kind, allowed) in [Kind::Opening, Kind::Word].into_iter().zip(allowed) {
            broken.extend(excess(folder, findings, kind, allowed));
        }
    }
    Ok(broken)
}

/// One comment line that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    kind: Kind,
    /// `file:line`, with the words that break it.
    place: String,
}

/// The two rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Opening,
    Word,
}

/// The message for a folder with more findings of `kind` than `allowed`; for fewer a hint on standard error.
fn excess(folder: &str, findings: &[Finding], kind: Kind, allowed: usize) -> Option<String> {
    let of_kind: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.kind == kind)
        .map(|finding| finding.place.as_str())
        .collect();
    let what = match kind {
        Kind::Opening => "doc comments that open with a relative clause",
        Kind::Word => "words in doc comments that fit people alone",
    };
    if of_kind.len() < allowed {
        eprintln!(
            "tidy: {folder}: {} {what}, fewer than the {allowed} in xtask/src/tidy/words.rs: lower it there",
            of_kind.len()
        );
    }
    // Which of them is new is not known: the list in full is for whoever mends.
    (of_kind.len() > allowed).then(|| {
        format!(
            "{folder}: {} {what}, and {allowed} are known; all of them:\n    {}",
            of_kind.len(),
            of_kind.join("\n    ")
        )
    })
}

/// The crate of a file, or its first folder.
fn folder(name: &str) -> &str {
    let depth = if name.starts_with("crates/") { 2 } else { 1 };
    let end = name.match_indices('/').nth(depth - 1).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

/// Comments of one file that break a rule.
fn findings(name: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut previous = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let mark = ["///", "//!"].into_iter().find(|mark| line.starts_with(mark));
        if let Some(mark) = mark {
            let comment = line[mark.len()..].trim_start();
            let place = |words: &str| format!("{name}:{}: {words}", number + 1);
            if previous != Some(mark) && OPENINGS.iter().any(|opening| comment.starts_with(opening)) {
                findings.push(Finding {
                    kind: Kind::Opening,
                    place: place(comment),
                });
            }
            findings.extend(banned_words(comment).map(|word| Finding {
                kind: Kind::Word,
                place: place(word),
            }));
        }
        previous = mark;
    }
    findings
}

/// Banned words of a comment line, without quoted text and code.
fn banned_words(comment: &str) -> impl Iterator<Item = &str> {
    let outside_code = comment.split('`').step_by(2);
    let outside_quotes = outside_code.flat_map(|part| part.split('"').step_by(2));
    outside_quotes
        .flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .filter(|word| WORDS.iter().any(|banned| banned.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        findings("a.rs", text).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn an_opening_is_the_first_line_of_a_comment_alone() {
        assert_eq!(kinds("/// What a reader gets.\nstruct A;"), [Kind::Opening]);
        assert!(kinds("/// Rate limiter for logins.\n/// What is over it waits.\nstruct A;").is_empty());
        assert_eq!(
            kinds("//! A module.\n\n/// Whether it runs.\nfn a() {}"),
            [Kind::Opening]
        );
        assert!(kinds("// What is no documentation.").is_empty());
    }

    #[test]
    fn a_banned_word_is_found_unless_it_is_quoted() {
        assert_eq!(kinds("/// A lock tells nobody.\n"), [Kind::Word, Kind::Word]);
        assert!(kinds("/// Sends `told` and \"nobody\".\n").is_empty());
        assert!(kinds("/// Untold hardly livestock.\n").is_empty());
    }

    #[test]
    fn a_folder_is_the_crate_or_the_first_one() {
        assert_eq!(folder("crates/wire/src/lib.rs"), "crates/wire");
        assert_eq!(folder("tests/e2e/main.rs"), "tests");
    }

    #[test]
    fn one_more_than_is_known_is_refused_and_listed() {
        let found = findings("a.rs", "/// What it is.\nstruct A;\n/// Who it is.\nstruct B;\n");
        assert!(excess("a", &found, Kind::Opening, 2).is_none());
        assert!(
            excess("a", &found, Kind::Opening, 1)
                .unwrap()
                .contains("a.rs:3: Who it is.")
        );
    }
}
