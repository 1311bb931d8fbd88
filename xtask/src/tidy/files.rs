//! Rules about files: none too long to read, each source saying first what it is, and no registry named.

use std::{ffi::OsStr, fs, path::Path};

use anyhow::Result;

use crate::paths::Paths;

/// More than this is two files.
const MAX_LINES: usize = 500;

/// Extensions of files that a person writes and reads as code.
const CODE: [&str; 7] = ["rs", "css", "js", "html", "sh", "toml", "c"];

/// The hosts of registries, in pieces, since this file is checked as well. The person who builds chooses where packages
/// come from, with the settings of cargo, npm and apt; a name in a file here would go past them.
const REGISTRIES: [(&str, &str); 8] = [
    ("static.crates", ".io"),
    ("index.crates", ".io"),
    ("//crates", ".io"),
    ("registry.npm", "js.org"),
    ("deb.debian", ".org"),
    ("//pypi", ".org"),
    ("files.python", "hosted.org"),
    ("static.rust", "-lang.org"),
];

/// Returns the rules that the files break.
pub(super) fn check(paths: &Paths, files: &[String]) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for name in files {
        // What is no text is not ours to read; what git knows and somebody just deleted is gone.
        let Ok(text) = fs::read_to_string(paths.root.join(name)) else {
            continue;
        };
        broken.extend(broken_by(name, &text));
    }
    Ok(broken)
}

fn broken_by(name: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let path = Path::new(name);
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let lines = text.lines().count();
    if CODE.contains(&extension) && lines > MAX_LINES {
        broken.push(format!("{name}: {lines} lines, and {MAX_LINES} is the most"));
    }
    if extension == "rs" && !text.starts_with("//!") {
        broken.push(format!("{name}: it does not begin with `//!` and what it is for"));
    }
    // cargo writes the registry's name into its lock file, and npm into its own.
    let is_lock = path
        .file_name()
        .is_some_and(|file| file == "Cargo.lock" || file == "package-lock.json");
    for (start, end) in REGISTRIES.iter().filter(|_| !is_lock) {
        let host = format!("{start}{end}");
        if text.contains(&host) {
            broken.push(format!("{name}: it names the registry {host}"));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tidy_file_breaks_nothing() {
        assert!(broken_by("a.rs", "//! What it is.\n").is_empty());
        assert!(broken_by("README.md", &"line\n".repeat(MAX_LINES + 1)).is_empty());
    }

    #[test]
    fn a_file_that_is_too_long_or_does_not_say_what_it_is_is_named() {
        assert!(broken_by("a.rs", &"//! x\n".repeat(MAX_LINES)).is_empty());
        assert_eq!(broken_by("a.rs", &"//! x\n".repeat(MAX_LINES + 1)).len(), 1);
        assert_eq!(broken_by("a.rs", "use std;\n").len(), 1);
    }

    #[test]
    fn a_registry_is_found_everywhere_but_in_lock_files() {
        let text = format!("see https:{}{}/x", REGISTRIES[2].0, REGISTRIES[2].1);
        assert_eq!(broken_by("README.md", &text).len(), 1);
        assert!(broken_by("Cargo.lock", &text).is_empty());
    }
}
