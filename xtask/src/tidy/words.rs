//! Rules about doc comments: a first sentence opens with a noun or a verb, and parts of a program neither speak nor live.
//! Text inside `"…"` and `` `…` `` is not read.

use std::fs;

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

/// Returns the comments that break a rule.
pub(super) fn check(paths: &Paths, files: &[String]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for name in files.iter().filter(|name| name.ends_with(".rs")) {
        // A file that git knows and that has just been deleted is gone.
        if let Ok(text) = fs::read_to_string(paths.root.join(name)) {
            broken.extend(findings(name, &text));
        }
    }
    Ok(broken)
}

/// Returns a line for each comment of one file that breaks a rule.
fn findings(name: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let mut previous = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        let mark = ["///", "//!"].into_iter().find(|mark| line.starts_with(mark));
        if let Some(mark) = mark {
            let comment = line[mark.len()..].trim_start();
            let finding = |words: &str, problem: &str| format!("{name}:{}: `{words}` {problem}", number + 1);
            if previous != Some(mark) && OPENINGS.iter().any(|opening| comment.starts_with(opening)) {
                findings.push(finding(
                    comment,
                    "opens with a relative clause and not with a noun or a verb",
                ));
            }
            findings.extend(banned_words(comment).map(|word| finding(word, "fits people, and no part of a program")));
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

    fn count(text: &str) -> usize {
        findings("a.rs", text).len()
    }

    #[test]
    fn an_opening_is_the_first_line_of_a_comment_alone() {
        assert_eq!(count("/// What a reader gets.\nstruct A;"), 1);
        assert_eq!(
            count("/// Rate limiter for logins.\n/// What is over it waits.\nstruct A;"),
            0
        );
        assert_eq!(count("//! A module.\n\n/// Whether it runs.\nfn a() {}"), 1);
        assert_eq!(count("// What is no documentation."), 0);
    }

    #[test]
    fn a_banned_word_is_found_unless_it_is_quoted() {
        assert_eq!(count("/// A lock tells nobody.\n"), 2);
        assert_eq!(count("/// Sends `told` and \"nobody\".\n"), 0);
        assert_eq!(count("/// Untold hardly livestock.\n"), 0);
    }

    #[test]
    fn a_finding_names_the_line() {
        let found = findings("a.rs", "/// A list.\nstruct A;\n/// Who it is.\nstruct B;\n");
        assert!(found[0].starts_with("a.rs:3: `Who it is.` opens with"), "{found:?}");
    }
}
