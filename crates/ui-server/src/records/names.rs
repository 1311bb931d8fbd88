//! Names of records: of a file that a person has, shown and never opened, and of files that are made here.

use std::fs::File;
use std::time::SystemTime;

use mirrord_private_files::{FileError, PrivateFolder};

/// Name of a record that was sent without one.
const UNNAMED: &str = "record";
/// Characters of a name that is shown.
const MAX_CHARS: usize = 120;
/// Characters of a session's name in a file's.
const MAX_LABEL_CHARS: usize = 40;
/// End of the files' names.
pub(crate) const EXTENSION: &str = ".ndjson.zst";
/// Files of one name within a second.
const MAX_SAME_NAMES: u32 = 1_000;

/// Returns the last part of the name of a file that a person has, as far as it can be shown.
pub(crate) fn shown(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let printable = last.chars().filter(|char| !is_hidden(*char));
    let shown: String = printable.take(MAX_CHARS).collect();
    match shown.trim() {
        "" => UNNAMED.to_owned(),
        shown => shown.to_owned(),
    }
}

/// Control characters, and those that change the direction of what follows.
fn is_hidden(char: char) -> bool {
    char.is_control() || matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the name of a file for a session of that name, begun at a time.
pub(crate) fn of_session(label: &str, begun: SystemTime) -> String {
    let begun = humantime::format_rfc3339_seconds(begun)
        .to_string()
        .replace(['-', ':'], "");
    let is_harmless = |char: &char| char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | '-');
    let label = label.chars().map(|char| if is_harmless(&char) { char } else { '-' });
    let label: String = label.take(MAX_LABEL_CHARS).collect();
    match label.trim_matches(['.', '-']) {
        "" => begun,
        label => format!("{begun}-{label}"),
    }
}

/// Makes a file whose name begins like this and no file has; returns it with its name. Blocks.
///
/// # Errors
/// The folder is not private to this user, or the file cannot be made.
pub(crate) fn create(folder: &PrivateFolder, base: &str) -> Result<(File, String), FileError> {
    for number in 1..=MAX_SAME_NAMES {
        let name = match number {
            1 => format!("{base}{EXTENSION}"),
            number => format!("{base}-{number}{EXTENSION}"),
        };
        if let Some(file) = folder.create_new(&name)? {
            return Ok((file, name));
        }
    }
    Err(FileError::Io {
        doing: "make",
        path: folder.path(base),
        source: std::io::ErrorKind::AlreadyExists.into(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_name_that_is_shown_leads_nowhere() {
        for (given, expected) in [
            ("run.ndjson.zst", "run.ndjson.zst"),
            ("../../etc/passwd", "passwd"),
            ("C:\\runs\\a.ndjson", "a.ndjson"),
            ("", "record"),
            ("a/", "record"),
            ("a\n\u{202e}b", "ab"),
        ] {
            assert_eq!(shown(given), expected);
        }
        assert_eq!(shown(&"x".repeat(1_000)).len(), MAX_CHARS);
    }

    #[test]
    fn a_file_of_a_session_has_a_harmless_name_that_no_other_has() {
        let begun = UNIX_EPOCH + Duration::from_secs(1_795_197_600);
        assert_eq!(of_session("shop/api ü", begun), "20261120T180000Z-shop-api");
        assert_eq!(of_session("../..", begun), "20261120T180000Z");
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(home.path().join("records"));
        let names: Vec<_> = (0..3).map(|_| create(&folder, "a").unwrap().1).collect();
        assert_eq!(names, ["a.ndjson.zst", "a-2.ndjson.zst", "a-3.ndjson.zst"]);
    }
}
