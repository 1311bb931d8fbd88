//! The standard library's sources from the archive that this Debian machine uses already.
//!
//! The machine's own release is usually too old for its compiler, and a newer suite of the same archive is not: the
//! machine's own source entry, with another suite in it, goes to a file that only our `apt-get` reads.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{paths::Paths, process};

/// Suites with compilers newer than a stable release's, the nearest first.
const SUITES: [&str; 3] = ["trixie-backports", "forky", "sid"];

/// The `library` folder of `release` below `work`, and where it came from.
pub(super) fn fetch(paths: &Paths, release: &str, work: &Path) -> Result<(PathBuf, String)> {
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if field(&system, "ID=") != Some("debian") {
        bail!("the sources are not in the toolchain, and only Debian's archive is known to have them");
    }
    let codename = field(&system, "VERSION_CODENAME=").context("this Debian does not name its release")?;
    let (entry, extension) = source_entries()
        .into_iter()
        .find_map(|(text, extension)| {
            let entry = if extension == "sources" {
                deb822_entry(&text, codename)
            } else {
                line_entry(&text, codename)
            };
            entry.map(|entry| (entry, extension))
        })
        .with_context(|| format!("no apt source entry for {codename} in /etc/apt"))?;
    let mut reasons = Vec::new();
    for suite in SUITES {
        match fetch_from(
            paths,
            &entry.replace(SUITE_MARK, suite),
            extension,
            release,
            &work.join(suite),
        ) {
            Ok(library) => return Ok((library, format!("Debian's rust-src of {suite}"))),
            Err(error) => reasons.push(format!("{suite}: {error:#}")),
        }
    }
    Err(anyhow!(
        "Debian's archive has no rust-src {release}: {}",
        reasons.join("; ")
    ))
}

/// Placeholder for the suite in an entry.
const SUITE_MARK: &str = "@suite@";

fn fetch_from(paths: &Paths, entry: &str, extension: &str, release: &str, work: &Path) -> Result<PathBuf> {
    let lists = work.join("lists");
    fs::create_dir_all(lists.join("partial"))?;
    let list = work.join(format!("entry.{extension}"));
    fs::write(&list, entry)?;
    let options = [
        format!("Dir::Etc::sourcelist={}", list.display()),
        "Dir::Etc::sourceparts=-".to_owned(),
        format!("Dir::State::lists={}", lists.display()),
        // Without caches of its own it would rebuild the system's, which it may not be allowed to.
        "Dir::Cache::pkgcache=".to_owned(),
        "Dir::Cache::srcpkgcache=".to_owned(),
        // The unprivileged user that root's apt-get downloads as cannot reach a cache in a home folder.
        "APT::Sandbox::User=root".to_owned(),
        "Acquire::Languages=none".to_owned(),
    ];
    let apt = |program: &str| {
        let mut command = Command::new(program);
        command.current_dir(work).env("LC_ALL", "C");
        options.iter().for_each(|option| {
            command.args(["-o", option]);
        });
        command
    };
    let log = paths.log("rust-src");
    process::run_logged("apt-get update", &log, apt("apt-get").arg("update"))?;
    let versions = process::output(apt("apt-cache").args(["madison", "rust-src"]))?;
    let version = matching_version(&versions, release).with_context(|| format!("no rust-src {release}"))?;
    process::run_logged(
        "apt-get download",
        &log,
        apt("apt-get").args(["download", &format!("rust-src={version}")]),
    )?;
    let package = fs::read_dir(work)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get downloaded nothing")?;
    let tree = work.join("tree");
    process::run_logged(
        "unpacking rust-src",
        &log,
        Command::new("dpkg-deb").arg("-x").arg(package).arg(&tree),
    )?;
    let library = tree.join(format!("usr/src/rustc-{release}/library"));
    if !library.join("std").is_dir() {
        bail!("the package has no {}", library.display());
    }
    Ok(library)
}

/// Every apt source file's text, with its extension.
fn source_entries() -> Vec<(String, &'static str)> {
    let folder = fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> = folder.collect();
    files.sort();
    files.insert(0, "/etc/apt/sources.list".into());
    files
        .into_iter()
        .filter_map(|file| {
            let extension = match file.extension()?.to_str()? {
                "sources" => "sources",
                "list" => "list",
                _ => return None,
            };
            Some((fs::read_to_string(file).ok()?, extension))
        })
        .collect()
}

/// The stanza for `codename`, its suites replaced by the mark.
fn deb822_entry(text: &str, codename: &str) -> Option<String> {
    let is_ours = |stanza: &&str| {
        let suites = stanza.lines().find_map(|line| line.strip_prefix("Suites:"));
        let enabled = !stanza.lines().any(|line| line.eq_ignore_ascii_case("Enabled: no"));
        enabled && suites.is_some_and(|suites| suites.split_whitespace().any(|suite| suite == codename))
    };
    let stanza = text.split("\n\n").find(is_ours)?;
    let lines = stanza.lines().filter(|line| !line.starts_with('#')).map(|line| {
        if line.starts_with("Suites:") {
            format!("Suites: {SUITE_MARK}\n")
        } else if line.starts_with("Types:") {
            "Types: deb\n".to_owned()
        } else {
            format!("{line}\n")
        }
    });
    Some(lines.collect())
}

/// The one-line entry for `codename`, its suite replaced by the mark.
fn line_entry(text: &str, codename: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if words.first() != Some(&"deb") {
            return None;
        }
        let suite = words.iter().position(|word| *word == codename)?;
        words[suite] = SUITE_MARK;
        Some(words.join(" ") + "\n")
    })
}

/// The version in the output of `apt-cache madison` that packages `release`.
fn matching_version<'a>(madison: &'a str, release: &str) -> Option<&'a str> {
    madison
        .lines()
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim)
        .find(|version| {
            let rest = version.strip_prefix(release);
            rest.is_some_and(|rest| rest.starts_with(['+', '-', '~']) || rest.is_empty())
        })
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .map(|value| value.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_own_stanza_is_kept_but_for_its_suites() {
        let text = "Types: deb deb-src\n# a comment\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\n";
        let expected = "Types: deb\nURIs: http://mirror.example/debian\nSuites: @suite@\nComponents: main\n";
        assert_eq!(deb822_entry(text, "bookworm").as_deref(), Some(expected));
        assert_eq!(deb822_entry(text, "trixie"), None);
    }

    #[test]
    fn a_one_line_entry_keeps_its_options_and_components() {
        let text = "# deb http://old.example/ bookworm main\ndeb-src http://m.example/debian bookworm main\ndeb [signed-by=/k.gpg] http://m.example/debian bookworm main contrib\n";
        let expected = "deb [signed-by=/k.gpg] http://m.example/debian @suite@ main contrib\n";
        assert_eq!(line_entry(text, "bookworm").as_deref(), Some(expected));
    }

    #[test]
    fn a_version_that_only_begins_alike_is_another() {
        let madison =
            "rust-src | 1.95.01+x-1 | a\nrust-src | 1.95.0+dfsg1-1 | http://m.example/debian sid/main amd64 Packages\n";
        assert_eq!(matching_version(madison, "1.95.0"), Some("1.95.0+dfsg1-1"));
        assert_eq!(matching_version(madison, "1.94.0"), None);
    }
}
