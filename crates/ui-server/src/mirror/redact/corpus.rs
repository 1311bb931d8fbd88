//! Corpus of command lines and events with what a device is shown of each: what must stay readable beside what must not.
//!
//! `P` and `hunter2` stand for secrets. Each expectation is exact, so that neither a leak nor a loss goes unseen.

use super::*;

/// Command lines: each line has the words as JSON, ` => `, and what is shown, joined by spaces.
const COMMANDS: &str = include_str!("corpus/commands.txt");
/// Event lines: each has the line, ` => `, and the line that is shown; `=` alone for one that passes to the letter.
const EVENTS: &str = include_str!("corpus/events.txt");
/// Placeholder of a secret in the corpus.
const SECRETS: [&str; 2] = ["hunter2", "Tr0ub4dor!3"];

fn cases(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(" => ").unwrap_or_else(|| panic!("{line}")))
}

fn shown_of(words: &str, disclosure: Disclosure) -> String {
    let mut words: Vec<String> = serde_json::from_str(words).unwrap_or_else(|error| panic!("{error}: {words}"));
    let name = words
        .first()
        .map(|program| program.rsplit('/').next().unwrap_or_default().to_owned());
    command_line(&mut words, &name.unwrap_or_default(), disclosure);
    words.join(" ")
}

#[test]
fn of_every_command_line_a_device_gets_what_is_harmless() {
    let mut wrong = Vec::new();
    for (words, expected) in cases(COMMANDS) {
        for secret in SECRETS {
            let shown = shown_of(&words.replace("hunter2", secret), Disclosure::default());
            if shown != expected {
                wrong.push(format!("{words}\n  is      {shown}\n  must be {expected}"));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn of_every_event_a_device_gets_what_is_harmless() {
    let mut wrong = Vec::new();
    for (text, expected) in cases(EVENTS) {
        let expected = if expected == "=" { text } else { expected };
        let shown = match line(text, Disclosure::default()) {
            Shown::AsItIs => text.to_owned(),
            Shown::Instead(shown) => shown,
        };
        if shown != expected {
            wrong.push(format!("{text}\n  is      {shown}\n  must be {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_corpus_is_large_and_every_secret_in_it_is_hidden() {
    assert!(cases(COMMANDS).count() + cases(EVENTS).count() >= 150);
    for (given, expected) in cases(COMMANDS).chain(cases(EVENTS)) {
        assert!(!expected.contains("hunter2"), "{given} => {expected}");
    }
    let readable = cases(COMMANDS)
        .filter(|(_, expected)| !expected.contains(words::HIDDEN))
        .count();
    assert!(readable >= 30, "{readable}");
}

#[test]
fn where_the_desktop_allows_it_command_lines_are_whole_but_for_variables() {
    let whole = Disclosure { command_lines: true };
    for (given, expected) in [
        (
            r#"["curl","-u","dev:hunter2","http://h/x?y=1"]"#,
            "curl -u dev:hunter2 http://h/x?y=1",
        ),
        (
            r#"["sh","-c","PGPASSWORD=hunter2 psql -h db"]"#,
            "sh -c PGPASSWORD=*** psql -h db",
        ),
        (
            r#"["env","http_proxy=hunter2","A=hunter2","psql","-h","db"]"#,
            "env http_proxy=*** A=*** psql -h db",
        ),
        (
            r#"["docker","run","-e","name=hunter2","nginx"]"#,
            "docker run -e name=*** nginx",
        ),
        (
            r#"["docker","run","--env=NAME=hunter2","nginx"]"#,
            "docker run --env=NAME=*** nginx",
        ),
        (r#"["make","CFLAGS=-O2"]"#, "make CFLAGS=***"),
    ] {
        assert_eq!(shown_of(given, whole), expected);
    }
    let text =
        r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":7,"process_name":"curl","cmdline":["curl","-u","dev:P"]}"#;
    assert_eq!(line(text, whole), Shown::AsItIs);
    let text = r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["A","hunter2"]]}"#;
    assert_eq!(line(text, whole), Shown::Instead(text.replace(r#""hunter2""#, "null")));
}
