//! Command lines for devices: the program, the names of its options and its plain paths; everything else is hidden.
//!
//! A list of what a secret looks like always lacks the next one, so this is a list of what is none. The user at the
//! desktop can let devices see command lines whole; the values of variables stay hidden even then.

use super::lists::{COMMANDS, HARMLESS_OPTIONS, HARMLESS_WORDS, NUMERIC, SINGLE_DASH, SINGLE_DASH_SECRETS, WRAPPERS};
use super::values::{self, is_absolute_path, is_field, is_file, is_plain_path};
use super::words::{self, HIDDEN};

/// Letters of options that often take a user, a password, a header or a variable: after them no relative path is shown.
const DOUBTFUL: &str = "AHPUWabehkpuw";

/// Restriction of a word by the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Only words of the program's own before it: it may be a command.
    Program,
    /// A wrapper, or its variables: it may be a program.
    Wrapper,
    Word,
    /// An option that may take a value.
    Option {
        doubtful: bool,
    },
    /// A long option with a value that may be harmless.
    Harmless,
    /// `-m` of Python: a module.
    Module,
    /// An option by the name of a secret: it is hidden, whatever it is.
    Secret,
}

/// Hides what is not known to be harmless in a command line, word by word as the program got it.
pub(super) fn hide(words: &mut [String], process_name: &str) {
    let Some((program, words)) = words.split_first_mut() else {
        return;
    };
    let mut name = hide_program(program, process_name);
    let mut after = wrapped(&name);
    for word in words {
        let (shown, next) = step(&name, after, word);
        if after == After::Wrapper && next == After::Program {
            file_name(word).clone_into(&mut name);
        }
        (*word, after) = (shown, next);
    }
}

/// Replaces `argv[0]` by the name of the process where it is another one, since a caller can put any text there
/// (`exec -a`). Returns the name of the program; none where it is hidden.
fn hide_program(program: &mut String, process_name: &str) -> String {
    if file_name(program) != process_name {
        *program = process_name.to_owned();
    }
    let shown = values::process(program);
    if program.is_empty() || (shown != program.as_str() && !is_plain_path(program)) {
        *program = if program.is_empty() {
            HIDDEN.to_owned()
        } else {
            shown.into_owned()
        };
        return String::new();
    }
    file_name(program).to_owned()
}

fn file_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or_default()
}

/// Returns a word as it is shown, and what it allows of the next.
fn step(program: &str, after: After, word: &str) -> (String, After) {
    let hidden = || HIDDEN.to_owned();
    if word.is_empty() {
        return (String::new(), After::Word);
    }
    if after == After::Secret {
        return (hidden(), After::Word);
    }
    if word.starts_with('-') && word.len() > 1 {
        return option(program, word);
    }
    if let Some(shown) = assignment(word, matches!(after, After::Option { .. })) {
        return (shown, if after == After::Wrapper { after } else { After::Word });
    }
    let shows = match after {
        After::Program if COMMANDS.contains(&word) => return (word.to_owned(), After::Program),
        After::Program if NUMERIC.contains(&program) => is_number(word, 5),
        After::Wrapper if values::process(word) == word => return (word.to_owned(), wrapped(word)),
        After::Harmless => is_harmless(word),
        After::Module => is_field(word),
        After::Option { doubtful: true } => is_absolute_path(word),
        _ => false,
    };
    if word.contains("://") {
        return (values::url(word).into_owned(), After::Word);
    }
    let may_be_path = !matches!(after, After::Option { doubtful: true });
    let shown = shows || (may_be_path && is_plain_path(word)) || word == "-";
    (if shown { word.to_owned() } else { hidden() }, After::Word)
}

fn wrapped(program: &str) -> After {
    if WRAPPERS.contains(&file_name(program)) {
        After::Wrapper
    } else {
        After::Program
    }
}

/// An option: its name, and what follows `=` where that is harmless.
fn option(program: &str, word: &str) -> (String, After) {
    if word == "--" {
        return (word.to_owned(), After::Word);
    }
    match word.strip_prefix("--") {
        Some(long) => long_option(word, long),
        None => short_option(program, word),
    }
}

fn long_option(word: &str, long: &str) -> (String, After) {
    let (name, value) = long
        .split_once('=')
        .map_or((long, None), |(name, value)| (name, Some(value)));
    if !is_field(name) {
        return (HIDDEN.to_owned(), After::Secret);
    }
    let is_secret = words::names_a_secret(name) && !names_a_file(name);
    let Some(value) = value else {
        let after = match () {
            () if is_secret => After::Secret,
            () if HARMLESS_OPTIONS.contains(&name) => After::Harmless,
            () => After::Option {
                doubtful: names_a_file(name),
            },
        };
        return (word.to_owned(), after);
    };
    let is_shown = !is_secret
        && (value.is_empty()
            || is_absolute_path(value)
            || (is_plain_path(value) && !words::names_a_secret(name))
            || (HARMLESS_OPTIONS.contains(&name) && is_harmless(value)));
    if is_shown {
        return (word.to_owned(), After::Word);
    }
    let shown = if value.contains("://") && !is_secret {
        values::url(value)
    } else {
        HIDDEN.into()
    };
    (format!("--{name}={shown}"), After::Word)
}

/// An option of one dash: a letter, a word that is known, a definition, or a letter with its value attached.
fn short_option(program: &str, word: &str) -> (String, After) {
    let name = word.get(1..).unwrap_or_default();
    let letter = name.chars().next().unwrap_or_default();
    if name.chars().nth(1).is_none() {
        let after = match letter {
            'm' if program.starts_with("python") => After::Module,
            _ if letter.is_ascii_alphanumeric() => After::Option {
                doubtful: DOUBTFUL.contains(letter),
            },
            _ => return (HIDDEN.to_owned(), After::Secret),
        };
        return (word.to_owned(), after);
    }
    if SINGLE_DASH.contains(&word) || is_java_size(name) {
        return (word.to_owned(), After::Option { doubtful: false });
    }
    if let Some((own, value)) = name.split_once('=') {
        let own = if is_field(own) { own } else { HIDDEN };
        let shows = is_absolute_path(value) && !words::names_a_secret(own) || value.is_empty();
        return (format!("-{own}={}", if shows { value } else { HIDDEN }), After::Word);
    }
    if SINGLE_DASH_SECRETS.contains(&name) {
        return (word.to_owned(), After::Secret);
    }
    let value = name.get(letter.len_utf8()..).unwrap_or_default();
    let is_count = "jOn".contains(letter) && is_number(value, 3);
    let is_path = !DOUBTFUL.contains(letter) && is_absolute_path(value);
    let shows = letter.is_ascii_alphanumeric() && (is_count || is_path);
    if shows {
        return (word.to_owned(), After::Word);
    }
    let letter = if letter.is_ascii_alphanumeric() {
        letter.to_string()
    } else {
        String::new()
    };
    (format!("-{letter}{HIDDEN}"), After::Option { doubtful: true })
}

/// `-Xmx512m` and its like, of Java.
fn is_java_size(name: &str) -> bool {
    let size = ["Xmx", "Xms", "Xss"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix));
    let number = size.map(|size| size.trim_end_matches(['k', 'K', 'm', 'M', 'g', 'G']));
    number.is_some_and(|number| !number.is_empty() && is_number(number, 6))
}

fn names_a_file(name: &str) -> bool {
    let last = name.rsplit(['-', '_', '.']).next().unwrap_or_default();
    matches!(last, "file" | "path" | "dir" | "directory") && last.len() < name.len()
}

fn is_number(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_harmless(value: &str) -> bool {
    HARMLESS_WORDS.contains(&value)
        || is_number(value, 5)
        || value.parse::<std::net::IpAddr>().is_ok()
        || is_file(value)
}

/// `NAME=value`: the name of a variable, or of a parameter; after an option of a variable alone.
fn assignment(word: &str, is_value: bool) -> Option<String> {
    if word.contains("://") && !word.split("://").next().unwrap_or_default().contains('=') {
        return None;
    }
    let (name, value) = word.split_once('=')?;
    // The end of a text in Base64 or Base32 has no value.
    let has_value = value.chars().any(|letter| letter != '=');
    let upper = name
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let lower = !is_value
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || b"_-.".contains(&byte));
    let is_name = (upper || lower) && is_field(name) && has_value;
    Some(if is_name {
        format!("{name}={HIDDEN}")
    } else {
        HIDDEN.to_owned()
    })
}

/// Hides the values of variables alone, for devices that may see command lines whole.
pub(super) fn hide_variables(words: &mut [String]) {
    let first = words.first().map(|first| file_name(first).to_owned());
    let mut wrapped = first.is_some_and(|first| WRAPPERS.contains(&first.as_str()));
    let mut sets = false;
    for word in words.iter_mut() {
        let is_assignment = word.split_once('=').is_some_and(|(name, _)| words::is_variable(name));
        if is_assignment && (wrapped || sets) {
            let (name, _) = word.split_once('=').unwrap_or_default();
            *word = format!("{name}={HIDDEN}");
        } else {
            *word = words::variables(word);
        }
        wrapped &= is_assignment || word.starts_with('-') || WRAPPERS.contains(&word.as_str());
        sets = matches!(word.as_str(), "-e" | "--env" | "--setenv" | "--build-arg");
    }
}
