//! Rules for single values that a device is shown: each lets through a shape that is known to hold no secret.
//!
//! A value that does not fit becomes [`HIDDEN`], or keeps the parts of it that fit. Behind every rule is
//! [`words::tokens`], which finds credentials of known kinds by their own form.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use super::lists::{CONFIG_WORDS, DEFAULT_LISTS, FILE_ENDINGS, HARMLESS_PARAMETERS, ROOT_DIRECTORIES};
use super::words::{self, HIDDEN};

/// Characters of a name: of a program, a parameter, a field.
const MAX_NAME_CHARACTERS: usize = 64;
/// Characters of a session's name.
const MAX_TITLE_CHARACTERS: usize = 256;
/// Characters of a text without a pattern; more of them, with letters and digits mixed, look like a key.
const RANDOM_CHARACTERS: usize = 20;

/// A value as it is shown.
pub(super) type Shown<'a> = Cow<'a, str>;

const fn hidden<'a>() -> Shown<'a> {
    Cow::Borrowed(HIDDEN)
}

fn unless_token(text: &str) -> Shown<'_> {
    if words::is_token(text) {
        hidden()
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns true for a text that could be a key: long, and of letters and digits mixed.
pub(super) fn looks_random(text: &str) -> bool {
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts.into_iter().any(|part| {
        part.len() >= RANDOM_CHARACTERS
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

fn is_name(text: &str, others: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || others.contains(letter);
    (1..=MAX_NAME_CHARACTERS).contains(&text.len())
        && text.chars().all(fits)
        && !looks_random(text)
        && !words::is_token(text)
}

/// Returns true for the name of a field, a parameter or an option without its dashes.
pub(super) fn is_field(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') && is_name(text, "_-.")
}

/// A lower-case word of the protocol: an operation, a mode, a protocol.
pub(super) fn word(text: &str) -> Shown<'_> {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter == b'_';
    let is_word = (1..=20).contains(&text.len()) && text.bytes().all(fits);
    if is_word { Cow::Borrowed(text) } else { hidden() }
}

/// The name of a signal, `SIGABRT`, `SIGRTMIN+3`.
pub(super) fn signal(text: &str) -> Shown<'_> {
    let fits = |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == b'+';
    let is_signal = text.starts_with("SIG") && text.len() <= 12 && text.bytes().all(fits);
    if is_signal { Cow::Borrowed(text) } else { hidden() }
}

/// The method of a request.
pub(super) fn method(text: &str) -> Shown<'_> {
    let is_method = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_method { Cow::Borrowed(text) } else { hidden() }
}

/// The version of a program or a protocol, which starts with a digit or `HTTP/`.
pub(crate) fn version(text: &str) -> Shown<'_> {
    let number = text.strip_prefix("HTTP/").unwrap_or(text);
    let fits = number.starts_with(|first: char| first.is_ascii_digit()) && is_name(number, ".-+");
    if fits || text.is_empty() {
        Cow::Borrowed(text)
    } else {
        hidden()
    }
}

/// A time as RFC 3339.
pub(super) fn time(text: &str) -> Shown<'_> {
    let fits = |letter: char| letter.is_ascii_digit() || "TZtz:.+- ".contains(letter);
    if text.len() <= 40 && text.chars().all(fits) {
        Cow::Borrowed(text)
    } else {
        hidden()
    }
}

/// A rule by the path of the config, `feature.fs.not_found[0]`, or of the defaults, `default.local: ^/proc(/|$)`. Paths
/// have the config's own words, so that no other text passes as one.
pub(super) fn rule(text: &str) -> Shown<'_> {
    let Some(default) = text.strip_prefix("default.") else {
        return if is_config_path(text) {
            Cow::Borrowed(text)
        } else {
            hidden()
        };
    };
    match default.split_once(": ") {
        Some((list, _)) if !DEFAULT_LISTS.contains(&list) => hidden(),
        Some((_, pattern)) if is_default_pattern(pattern) => Cow::Borrowed(text),
        Some((list, _)) => Cow::Owned(format!("default.{list}: {HIDDEN}")),
        None => hidden(),
    }
}

fn is_config_path(text: &str) -> bool {
    let mut words = text.split('.').map(|segment| {
        let (word, index) = segment.split_once('[').unwrap_or((segment, "0]"));
        let is_index = index
            .strip_suffix(']')
            .is_some_and(|index| (1..=4).contains(&index.len()) && index.bytes().all(|byte| byte.is_ascii_digit()));
        is_index.then_some(word)
    });
    words.next() == Some(Some("feature"))
        && text.contains('.')
        && words.all(|word| word.is_some_and(|word| CONFIG_WORDS.contains(&word)))
}

/// Returns true for a pattern of a plain path, or of a file's ending.
fn is_default_pattern(pattern: &str) -> bool {
    let plain = pattern.replace("\\.", ".");
    let plain = plain.trim_end_matches("(/|$)").trim_end_matches('$');
    let path = plain.strip_prefix('^').unwrap_or(plain);
    is_absolute_path(path)
        || plain
            .strip_prefix("..")
            .is_some_and(|ending| FILE_ENDINGS.contains(&ending))
}

/// A short name that the desktop gave or the operator sent: of a feature, of a session's group.
pub(super) fn short_name(text: &str) -> Shown<'_> {
    if is_name(text, "_.[] -") {
        Cow::Borrowed(text)
    } else {
        hidden()
    }
}

/// The name of a Kubernetes object, or several with slashes between them.
pub(super) fn object(text: &str) -> Shown<'_> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "./_-".contains(letter);
    if text.len() <= 256 && text.chars().all(fits) {
        unless_token(text)
    } else {
        hidden()
    }
}

/// The name of a cluster's context or of a user, as tools make them: `admin@prod`, `arn:aws:eks:eu-1:123:cluster/x`.
pub(super) fn context(text: &str) -> Shown<'_> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "./_-:@ ".contains(letter);
    let is_pair = text.contains(':') && text.contains('@');
    if text.len() <= 256 && text.chars().all(fits) && !is_pair {
        unless_token(text)
    } else {
        hidden()
    }
}

/// Name of a session, as a person gives it: words with plain punctuation, less credentials of known forms.
pub(super) fn title(text: &str) -> Shown<'_> {
    let fits = |letter: char| letter.is_alphanumeric() || " .,/_+#()-'".contains(letter);
    if text.chars().count() > MAX_TITLE_CHARACTERS || !text.chars().all(fits) || looks_random(text) {
        return hidden();
    }
    let shown = words::text(text);
    if shown == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(shown)
    }
}

/// The name of an environment variable, or a selector of several.
pub(super) fn variable(text: &str) -> Shown<'_> {
    let mixed =
        text.bytes().any(|byte| byte.is_ascii_lowercase()) && text.bytes().any(|byte| byte.is_ascii_uppercase());
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_*?.-".contains(letter);
    let long = text.len() > MAX_NAME_CHARACTERS || (mixed && looks_random(text));
    if !long && text.chars().all(fits) {
        unless_token(text)
    } else {
        hidden()
    }
}

/// The name of a process: its first word, and of a path all of it.
pub(super) fn process(text: &str) -> Shown<'_> {
    if text.is_empty() || (is_name(text, "._+:()-") && !text.contains("..")) {
        return Cow::Borrowed(text);
    }
    if text.starts_with('/') {
        return if is_plain_path(text) {
            Cow::Borrowed(text)
        } else {
            hidden()
        };
    }
    match text.split_once(' ') {
        Some((first, _)) if is_name(first, "._+:()-") => Cow::Owned(format!("{first} {HIDDEN}")),
        _ => hidden(),
    }
}

/// A host's name or address, without a port.
pub(super) fn host(text: &str) -> Shown<'_> {
    if text.parse::<IpAddr>().is_ok() {
        return Cow::Borrowed(text);
    }
    let fits = |letter: char| letter.is_alphanumeric() || "._-*".contains(letter);
    if text.len() <= 253 && text.chars().all(fits) {
        unless_token(text)
    } else {
        hidden()
    }
}

/// A host with or without a port.
pub(super) fn authority(text: &str) -> Shown<'_> {
    if text.parse::<SocketAddr>().is_ok() {
        return Cow::Borrowed(text);
    }
    let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
    match text.rsplit_once(':') {
        Some((name, port)) if is_port(port) && host(name) == name => Cow::Borrowed(text),
        Some((bare, port)) if is_port(port) && bare.starts_with('[') && bare.ends_with(']') => {
            let inside = bare.trim_matches(['[', ']']);
            if inside.parse::<IpAddr>().is_ok() {
                Cow::Borrowed(text)
            } else {
                hidden()
            }
        }
        _ => host(text),
    }
}

/// The other end of a connection, with or without a port: an address, a name, or a Unix socket.
pub(super) fn address(text: &str) -> Shown<'_> {
    let Some(unix) = text.strip_prefix("<UNIX-") else {
        return authority(text);
    };
    let Some((kind, name)) = unix.split_once('>') else {
        return hidden();
    };
    if !kind.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return hidden();
    }
    let shown = match name.strip_prefix(' ') {
        None if name.is_empty() => return Cow::Borrowed(text),
        Some(name) if kind == "PATH" => path(name),
        Some(name) if is_name(name, "._/@:-") => Cow::Borrowed(name),
        _ => hidden(),
    };
    Cow::Owned(format!("<UNIX-{kind}> {shown}"))
}

/// State of a socket, or a note on it: a [`word`], or one of those that have a digit.
pub(super) fn socket_word(text: &str) -> Shown<'_> {
    match text {
        "ipv6_only" | "fin_wait1" | "fin_wait2" => Cow::Borrowed(text),
        _ => word(text),
    }
}

/// The address of a socket that listens: as [`address`], or `*` for every one.
pub(super) fn local_address(text: &str) -> Shown<'_> {
    if matches!(text, "" | "*") {
        return Cow::Borrowed(text);
    }
    address(text)
}

/// The path of a file that a program touched. File names are free, so what is hidden is what follows `=`, a query, a
/// user's part, and what a secret's name announces.
pub(super) fn path(text: &str) -> Shown<'_> {
    if !text.contains(['=', '@', '?', '#', '&', ';', ':']) && !text.contains(char::is_whitespace) {
        return if words::is_token(text) {
            Cow::Owned(words::tokens(text))
        } else {
            Cow::Borrowed(text)
        };
    }
    if text.contains("://") {
        return Cow::Owned(url(text).into_owned());
    }
    let (base, rest) = text.split_at(text.find('?').unwrap_or(text.len()));
    let segments: Vec<_> = base.split('/').map(file_name).collect();
    let rest = rest
        .strip_prefix('?')
        .map_or_else(String::new, |rest| format!("?{}", query(rest)));
    let shown: Vec<_> = segments.iter().map(|segment| words::text(segment)).collect();
    Cow::Owned(shown.join("/") + &rest)
}

fn file_name(segment: &str) -> Shown<'_> {
    if let Some((name, value)) = segment.split_once('=') {
        let name = if is_field(name) { name } else { HIDDEN };
        let value = if value.is_empty() { "" } else { HIDDEN };
        return Cow::Owned(format!("{name}={value}"));
    }
    match (segment.find(':'), segment.rfind('@')) {
        (Some(colon), Some(at)) if colon < at => {
            Cow::Owned(format!("{HIDDEN}{}", segment.get(at..).unwrap_or_default()))
        }
        _ => Cow::Borrowed(segment),
    }
}

/// The target of a request: its path by segments, and its query by names.
pub(super) fn target(text: &str) -> Shown<'_> {
    let (before, fragment) = match text.split_once('#') {
        Some((before, _)) => (before, format!("#{HIDDEN}")),
        None => (text, String::new()),
    };
    let (base, query) = match before.split_once('?') {
        Some((base, query)) => (base, format!("?{}", self::query(query))),
        None => (before, String::new()),
    };
    let segments: Vec<_> = base
        .split('/')
        .map(|own| if is_plain_segment(own) { own } else { HIDDEN })
        .collect();
    let shown = segments.join("/") + &query + &fragment;
    if shown == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(shown)
    }
}

/// Returns true for a word, a number, a version or a file's name.
fn is_plain_segment(text: &str) -> bool {
    let is_word = |text: &str| {
        text.len() <= 40
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || b"-_.~*".contains(&byte))
    };
    let is_number = |text: &str, most: usize| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_version = text
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && is_number(rest, 3));
    (is_word(text) || is_number(text, 10) || is_version || is_file(text)) && !words::is_token(text)
}

/// The parameters of a query: their names, and the values of those that are known to be harmless.
fn query(text: &str) -> String {
    let shown = text.split('&').map(|pair| match pair.split_once('=') {
        Some((name, "")) if is_field(name) => format!("{name}="),
        Some((name, value)) if is_field(name) && is_harmless(name, value) => pair.to_owned(),
        Some((name, _)) if is_field(name) => format!("{name}={HIDDEN}"),
        _ if pair.is_empty() => String::new(),
        _ => HIDDEN.to_owned(),
    });
    shown.collect::<Vec<_>>().join("&")
}

fn is_harmless(name: &str, value: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    HARMLESS_PARAMETERS.contains(&name) && value.len() <= 16 && value.bytes().all(fits)
}

/// A URL: its scheme, its host and its path by segments.
pub(super) fn url(text: &str) -> Shown<'_> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return hidden();
    };
    if !is_name(scheme, "+.:-") || !scheme.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return hidden();
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (own, after) = rest.split_at(end);
    // An `@` further on may end a password that has a `/` in it; a package's scope does not.
    let is_scope = |(place, _): (usize, &str)| place > 0 && after.as_bytes().get(place - 1) == Some(&b'/');
    let path_end = after.find(['?', '#']).unwrap_or(after.len());
    let in_path = after
        .get(..path_end)
        .unwrap_or_default()
        .match_indices('@')
        .all(is_scope);
    let in_query = after.get(path_end..).unwrap_or_default().contains('@');
    if own.is_empty() && scheme != "file" || !in_path || in_query {
        return Cow::Owned(format!("{scheme}://{HIDDEN}"));
    }
    let (user, host) = own.rsplit_once('@').map_or(("", own), |(_, host)| ("***@", host));
    let shown = format!("{scheme}://{user}{}{}", authority(host), target(after));
    if shown == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(shown)
    }
}

/// The filter of a port: up to the value that it asks for.
pub(super) fn filter(text: &str) -> Shown<'_> {
    let name = text.split([':', '=']).next().unwrap_or_default();
    let words: Vec<_> = name.split(' ').collect();
    if name.len() == text.len() || words.len() > 2 || !words.iter().all(|word| is_field(word.trim_start_matches('^'))) {
        return match text.split_once(' ') {
            Some((first, _)) if first == "header" || first == "path" => Cow::Owned(format!("{first} {HIDDEN}")),
            _ => hidden(),
        };
    }
    let separator = text.get(name.len()..=name.len()).unwrap_or(":");
    let space = if separator == ":" { " " } else { "" };
    Cow::Owned(format!("{name}{separator}{space}{HIDDEN}"))
}

/// Returns true for a file's name by its ending.
pub(super) fn is_file(text: &str) -> bool {
    let Some((stem, ending)) = text.rsplit_once('.') else {
        return false;
    };
    FILE_ENDINGS.contains(&ending) && (stem.is_empty() || is_name(stem, "._-+"))
}

/// Returns true for a path in a command line that cannot well be anything else: absolute in a directory that a machine
/// has, or relative and marked as such, or ending in a file's name.
pub(super) fn is_plain_path(text: &str) -> bool {
    let mut segments = text.trim_end_matches('/').split('/');
    let fits = |segment: &str| segment.is_empty() || is_name(segment, "._-+@~,");
    if matches!(text, "." | ".." | "/" | "~" | "./" | "../" | "~/") {
        return true;
    }
    let is_marked = match segments.next() {
        Some("") => segments.next().is_some_and(|first| ROOT_DIRECTORIES.contains(&first)),
        Some("." | ".." | "~") => true,
        Some(first) => fits(first) && is_file(text.rsplit('/').next().unwrap_or_default()),
        None => false,
    };
    is_marked && segments.all(fits)
}

/// Returns true for an absolute path in a directory that a machine has.
pub(super) fn is_absolute_path(text: &str) -> bool {
    text.starts_with('/') && is_plain_path(text)
}
