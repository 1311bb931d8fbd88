//! Credentials in running text: by the name before them, by a URL's form, by their own.
//!
//! The second line behind the rules of `values` and `command`, and the first for texts of our own, which may repeat one
//! of a user's. Where it is in doubt it hides.

use super::lists::{SECRET_BEGINNINGS, SECRET_NAMES, SECRET_WORDS};

/// Placeholder of a hidden value.
pub(crate) const HIDDEN: &str = "***";

/// The least that follows such a beginning.
const MIN_SECRET_CHARACTERS: usize = 12;

fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '-' | '_' | '.' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns whether something of this name is a secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    let folded = folded(name);
    SECRET_WORDS.contains(&folded.as_str())
        || SECRET_NAMES.iter().any(|part| folded.contains(part))
        || name.to_ascii_lowercase().ends_with("_key")
        || name.to_ascii_lowercase().ends_with("-key")
}

/// Returns whether something of this name is an environment, or a part of a config that sets one.
pub(super) fn is_environment(name: &str) -> bool {
    matches!(
        folded(name).as_str(),
        "vars" | "environ" | "environment" | "envvars" | "override" | "overrides" | "setenv"
    ) || name == "env"
}

/// Returns whether it is the name of an environment variable.
pub(super) fn is_variable(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Returns whether a text is worth reading closely: a quick look that errs on the side of yes.
fn may_hold_a_secret(text: &str) -> bool {
    text.contains(['=', '@']) || SECRET_BEGINNINGS.iter().any(|beginning| text.contains(beginning))
}

/// Returns true where a text has a credential that is recognised by its form.
pub(super) fn is_token(text: &str) -> bool {
    let may = SECRET_BEGINNINGS.iter().any(|beginning| text.contains(beginning));
    (may || text.contains("-----BEGIN")) && tokens(text) != text
}

/// A text of our own without the credentials in it: an error, a reason.
pub(crate) fn text(text: &str) -> String {
    let announced = text.contains(':') || text.contains("--") || text.to_ascii_lowercase().contains("bearer");
    if !may_hold_a_secret(text) && !announced {
        return text.to_owned();
    }
    let hidden = assignments(&userinfo(text), names_a_secret);
    tokens(&after_words(&hidden))
}

/// The user and the password of every URL: `scheme://user:password@host`.
fn userinfo(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        // A password may have anything in it, an unescaped `@` or `/` too: the last `@` before a space counts.
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (url, _) = after.split_at(end);
        let next = url.find("://").map_or(url.len(), |next| next);
        let place = url.get(..next).and_then(|own| own.rfind('@'));
        match place {
            Some(at) => {
                shown.push_str(HIDDEN);
                rest = after.get(at..).unwrap_or_default();
            }
            None => rest = after,
        }
    }
    shown + rest
}

/// A text without the values of variables: `NAME=value`, as in a shell's line.
pub(super) fn variables(text: &str) -> String {
    assignments(text, |_| false)
}

/// `name=value` where the name is a secret's or a variable's, in a query, a text or a shell's line.
fn assignments(text: &str, names_a_secret: impl Fn(&str) -> bool) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('=') {
        let (before, after) = rest.split_at(place);
        let after = after.get(1..).unwrap_or_default();
        let start = before
            .rfind(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-' | '.'))
            .map_or(0, |place| {
                place
                    + before
                        .get(place..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8)
            });
        let name = before.get(start..).unwrap_or_default().trim_start_matches('-');
        let shell = is_variable(name) && name.chars().all(|letter| !letter.is_ascii_lowercase());
        shown.push_str(before);
        shown.push('=');
        rest = after;
        if names_a_secret(name) || shell {
            let end = value_end(after);
            if end > 0 {
                shown.push_str(HIDDEN);
            }
            rest = after.get(end..).unwrap_or_default();
        }
    }
    shown + rest
}

/// Returns the end of a value: at its closing quote, or at what parts queries and words.
fn value_end(text: &str) -> usize {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = text.get(1..).unwrap_or_default();
            inside.find(quote).map_or(text.len(), |end| end + 2)
        }
        _ => text
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '&' | ';' | '#'))
            .unwrap_or(text.len()),
    }
}

/// Values after `--password`, `Authorization:` or `Bearer` in a line of words.
fn after_words(text: &str) -> String {
    let mut shown = String::new();
    let (mut hide, mut to_the_end) = (false, false);
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let space = piece.get(word.len()..).unwrap_or_default();
        let bare = word.trim_matches(['"', '\'', ',']);
        let was_scheme = matches!(
            bare.to_ascii_lowercase().as_str(),
            "bearer" | "basic" | "token" | "digest" | "apikey"
        );
        if to_the_end && !word.is_empty() || hide && !word.is_empty() && !was_scheme {
            shown.push_str(HIDDEN);
            hide = false;
        } else {
            shown.push_str(word);
            let option = bare.starts_with('-') && !bare.contains('=') && names_a_secret(bare.trim_start_matches('-'));
            let named = bare.strip_suffix(':').is_some_and(names_a_secret);
            hide = option || named || matches!(bare, "Bearer" | "bearer") || (hide && was_scheme);
            to_the_end |=
                named && (bare.to_ascii_lowercase().contains("cookie") || bare.to_ascii_lowercase().contains("auth"));
            if let Some((name, value)) = bare.split_once(':')
                && !value.is_empty()
                && !value.starts_with("//")
                && names_a_secret(name)
            {
                shown.truncate(shown.len() - word.len());
                shown.push_str(&format!("{name}:{HIDDEN}"));
            }
        }
        shown.push_str(space);
    }
    shown
}

/// Credentials that are recognised by their form.
pub(super) fn tokens(text: &str) -> String {
    if text.contains("-----BEGIN") {
        return HIDDEN.to_owned();
    }
    let mut shown = text.to_owned();
    for beginning in SECRET_BEGINNINGS.iter() {
        let mut from = 0;
        while let Some(place) = shown
            .get(from..)
            .and_then(|rest| rest.find(beginning))
            .map(|place| place + from)
        {
            let is_part =
                |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '+' | '/');
            let starts_a_word = shown.get(..place).and_then(|before| before.chars().next_back());
            let after = place + beginning.len();
            let rest = shown.get(after..).unwrap_or_default();
            let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            if length >= MIN_SECRET_CHARACTERS && !starts_a_word.is_some_and(|letter| letter.is_ascii_alphanumeric()) {
                shown.replace_range(place..after + length, HIDDEN);
                from = place + HIDDEN.len();
            } else {
                from = after;
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_by_their_form() {
        for secret in [
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "AKIAIOSFODNN7EXAMPLE",
            "glpat-abcdefghijklmnopqrst",
            "sk-proj-abcdefghijklmnop",
            "-----BEGIN PRIVATE KEY-----MIIE",
        ] {
            for around in [
                secret.to_owned(),
                format!("x {secret} y"),
                format!("/path/{secret}/z"),
                format!("\"{secret}\""),
            ] {
                let hidden = text(&around);
                assert!(
                    !hidden.contains(secret) && hidden.contains(HIDDEN),
                    "{around} -> {hidden}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for plain in [
            "/home/dev/.ssh/known_hosts",
            "12:34:56",
            "a: b",
            "http://h/x",
            "keyboard=us",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn odd_texts_break_nothing() {
        for odd in [
            "",
            "=",
            "==",
            "://",
            "://@",
            "é=é",
            "ä://ö@ü",
            "TOKEN=",
            "token=\"",
            "token='é",
            "\u{202e}=x",
            "a=b=c=d",
            ":",
            "Bearer",
        ] {
            text(odd);
            variables(odd);
        }
        assert_eq!(text("token=é&x=1"), "token=***&x=1");
    }
}
