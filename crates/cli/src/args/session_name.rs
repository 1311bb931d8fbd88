//! Name of a session, as `--name` gives it.

/// Longest name of a session, in characters: it is shown in a list.
const MAX_NAME_CHARS: usize = 64;

/// Reads a name.
pub(super) fn session_name(given: &str) -> Result<String, String> {
    let name = given.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err("a name is some text in one line".to_owned());
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(format!("a name has at most {MAX_NAME_CHARS} characters"));
    }
    Ok(name.to_owned())
}
