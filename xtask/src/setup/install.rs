//! Steps of a set-up: finding programs on PATH, and installing into the cache so that an interrupted install leaves nothing.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{
    paths::Paths,
    process::{self, seconds},
    target_lock,
};

/// A thing that is there now.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Its version and where it came from, for people.
    pub(super) how: String,
    /// Folder that must be in front of PATH for it to be the one that runs.
    pub(super) folder: Option<PathBuf>,
}

/// Waits for the set-up of other checkouts.
pub(super) fn lock(paths: &Paths) -> Result<Option<File>> {
    target_lock::lock(&paths.cache.join("setup.lock"), "another checkout's set-up")
}

/// Runs one step, and says how it found what it found, and how long it took.
pub(super) fn step<T>(name: &str, find: impl FnOnce() -> Result<(String, T)>) -> Result<T> {
    let started = Instant::now();
    let (how, found) = find().with_context(|| format!("set-up of {name}"))?;
    eprintln!("setup: {name}: {how} [{}]", seconds(started.elapsed()));
    Ok(found)
}

/// As [`step`], for a tool of the page.
pub(super) fn tool(name: &str, find: impl FnOnce() -> Result<Found>) -> Result<Found> {
    step(name, || find().map(|found| (found.how.clone(), found)))
}

/// The first of `programs` that is on PATH; one with a folder of its own is looked for there.
pub(super) fn on_path(programs: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let paths = programs
        .iter()
        .flat_map(|program| env::split_paths(&path).map(move |folder| folder.join(program)));
    paths.into_iter().find(|place| place.is_file())
}

/// Lets `fill` install into an empty folder, and then renames that to `place`.
pub(super) fn install_aside(place: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = place.parent().context("an install needs a parent folder")?;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    // The set-up lock makes us the only one: what a killed run left is garbage.
    let aside = parent.join(format!(".{name}.partial"));
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::create_dir_all(&aside).with_context(|| format!("cannot create {}", aside.display()))?;
    fill(&aside)?;
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::rename(&aside, place).with_context(|| format!("cannot rename {} into place", aside.display()))
}

/// The file that a person names in an environment variable.
pub(super) fn named_by(variable: &str) -> Result<Option<PathBuf>> {
    let Some(file) = env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
    else {
        return Ok(None);
    };
    if !file.is_file() {
        bail!("{variable} names {}, which is not a file", file.display());
    }
    Ok(Some(file))
}

/// Lets npm install into `place`, of whose folder `prepare` makes a package and returns npm's command.
pub(super) fn install_with_npm(
    paths: &Paths,
    what: &str,
    place: &Path,
    prepare: impl FnOnce(&Path) -> Result<Vec<String>>,
) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if process::version(npm).is_none() {
        bail!("npm is not here, which would bring it");
    }
    eprintln!("  {what} is not here: getting it with npm");
    install_aside(place, |aside| {
        let mut command = Command::new(npm);
        command.current_dir(aside).args(prepare(aside)?);
        command.args(["--no-audit", "--no-fund", "--ignore-scripts"]);
        process::run_logged(&format!("npm, for {what}"), &paths.log(what), &mut command)
    })
}

/// The numbers in a version line such as `trunk 0.21.14` or `wasm-opt version 132 (version_132)`.
pub(super) fn version_numbers(line: &str) -> Vec<u32> {
    let word = line
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    word.unwrap_or_default()
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_each_tool_writes_them() {
        assert_eq!(version_numbers("trunk 0.21.14"), [0, 21, 14]);
        assert_eq!(version_numbers("wasm-opt version 132 (version_132)"), [132]);
        assert!(version_numbers("no version at all").is_empty());
    }

    #[test]
    fn a_failed_install_leaves_nothing_in_place() {
        let place = env::temp_dir().join(format!("xtask-install-{}", std::process::id()));
        assert!(install_aside(&place, |_| bail!("the network went away")).is_err());
        assert!(!place.exists());
        install_aside(&place, |aside| Ok(fs::write(aside.join("tool"), "")?)).unwrap();
        assert!(place.join("tool").is_file());
        fs::remove_dir_all(place).unwrap();
    }
}
