//! Records that the command line names, by their names in URIs.

use std::path::{Path, PathBuf};

use super::answer::ToolError;

/// Beginning of the URI of a record.
pub(super) const RECORD: &str = "mirrord://record/";

/// Record that the command line names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RecordFile {
    /// Name in its URI.
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// Names records by their files; one of a name that is taken gets a number.
pub(super) fn named(paths: Vec<PathBuf>) -> Vec<RecordFile> {
    let mut records: Vec<RecordFile> = Vec::new();
    for path in paths {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        // A URI has other letters escaped; a name without them can be typed.
        let base: String = file
            .chars()
            .map(|letter| if plain(letter) { letter } else { '_' })
            .collect();
        let is_taken = |name: &str| records.iter().any(|record| record.name == name);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let name = std::iter::once(base.clone())
            .chain(numbered)
            .find(|name| !is_taken(name));
        let name = name.unwrap_or(base);
        records.push(RecordFile { name, path });
    }
    records
}

/// Finds a record by its name.
///
/// # Errors
/// The command line names none of this name.
pub(super) fn find<'a>(records: &'a [RecordFile], name: &str) -> Result<&'a Path, ToolError> {
    let found = records.iter().find(|record| record.name == name);
    found.map(|record| record.path.as_path()).ok_or_else(|| {
        let known: Vec<_> = records.iter().map(|record| record.name.as_str()).collect();
        ToolError::NoResource(match &known[..] {
            [] => format!("there is no record {name}: `mirrord mcp --record FILE` offers one"),
            known => format!("there is no record {name}; there are {}", known.join(", ")),
        })
    })
}

/// Returns the file that an argument means: a path, or the URI of a record.
pub(super) fn path_of(records: &[RecordFile], given: &str) -> Result<PathBuf, ToolError> {
    match given.strip_prefix(RECORD) {
        Some(name) => find(records, name).map(Path::to_owned),
        None => Ok(PathBuf::from(given)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_one_name_are_told_apart_and_a_name_needs_no_escapes() {
        let paths = ["/a/run.zst", "/b/run.zst", "/c/a b%.zst"].map(PathBuf::from);
        let names: Vec<_> = named(paths.into()).into_iter().map(|record| record.name).collect();
        assert_eq!(names, ["run.zst", "run.zst-2", "a_b_.zst"]);
    }
}
