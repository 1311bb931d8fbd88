//! Version and time of a release, and what its files are made with: git, and copies of folders.

use std::{env, fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{paths::Paths, process};

/// Version and time of a release.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) version: String,
    /// Time of the commit, seconds since the Unix epoch.
    pub(super) time: u64,
}

impl Release {
    pub(super) fn of(paths: &Paths) -> Result<Self> {
        let time = match env::var("SOURCE_DATE_EPOCH") {
            Ok(given) => given,
            Err(_) => git(paths, &["log", "-1", "--format=%ct"])?,
        };
        Ok(Self {
            version: package_version(paths)?,
            time: time
                .trim()
                .parse()
                .context("SOURCE_DATE_EPOCH is not a number of seconds")?,
        })
    }

    /// Name of an archive and of the folder in it.
    pub(super) fn name(&self, triple: &str) -> String {
        format!("mirrord-{}-{triple}", self.version)
    }
}

fn package_version(paths: &Paths) -> Result<String> {
    let manifest = fs::read_to_string(paths.root.join("Cargo.toml"))?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|line| line.strip_suffix('"'));
    Ok(version.context("Cargo.toml names no version")?.to_owned())
}

/// Output of git in the checkout.
pub(super) fn git(paths: &Paths, args: &[&str]) -> Result<String> {
    process::output(Command::new("git").current_dir(&paths.root).args(args))
}

/// Copies the files of a folder.
pub(super) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
