//! The target directories that all checkouts share, one build at a time in each.
//!
//! cargo knows fresh from stale by comparing the times of sources with the time of the last build, and knows a
//! member by its path inside the checkout: the sources of an older clone look fresh to it against what a newer clone
//! built. So each directory remembers the checkout that used it last, and the members are built again for another.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{paths::Paths, process};

/// Set for the programs that run while we hold the locks for them: an end-to-end test that starts `cargo xtask demo`
/// would otherwise wait for the `cargo xtask test` that started it.
pub(crate) const NESTED_VARIABLE: &str = "MIRRORD_XTASK_NESTED";

/// One of the shared target directories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The binary and the tests, with the page inside.
    Native,
    /// The page, built by Trunk with a profile of its own.
    Page,
    /// Lints and documentation, without the page: proves on the way that everything compiles without it.
    Check,
}

impl Target {
    /// Path of the directory.
    pub(crate) fn folder(self, paths: &Paths) -> PathBuf {
        paths.cache.join("target").join(match self {
            Self::Native => "native",
            Self::Page => "page",
            Self::Check => "check",
        })
    }
}

/// A target directory that is ours alone until this is dropped.
#[derive(Debug)]
pub(crate) struct TargetLock {
    folder: PathBuf,
    _lock: Option<File>,
}

impl TargetLock {
    /// Waits for other checkouts, and makes the directory safe for this one.
    pub(crate) fn take(paths: &Paths, target: Target) -> Result<Self> {
        let folder = target.folder(paths);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let lock = lock(&folder.join("xtask.lock"), "another checkout's build")?;
        adopt(paths, &folder)?;
        Ok(Self { folder, _lock: lock })
    }

    /// The directory.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A cargo that builds into it.
    pub(crate) fn cargo(&self, paths: &Paths) -> Command {
        let mut cargo = paths.cargo();
        cargo.env("CARGO_TARGET_DIR", &self.folder);
        cargo
    }
}

/// Locks `path` against other processes until the file is dropped, and says what it waits for. Inside a test run it
/// does nothing: the run holds what its tests need.
pub(crate) fn lock(path: &Path, what: &str) -> Result<Option<File>> {
    if std::env::var_os(NESTED_VARIABLE).is_some() {
        return Ok(None);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let open = || File::options().create(true).truncate(false).write(true).open(path);
    let file = open().with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("  waiting for {what} ({})", path.display());
            file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("cannot lock {}", path.display()));
        }
    }
    Ok(Some(file))
}

/// Makes cargo build the members again where another checkout used `folder` last.
fn adopt(paths: &Paths, folder: &Path) -> Result<()> {
    let stamp = folder.join("xtask.checkout");
    let ours = identity(&paths.root)?;
    if fs::read_to_string(&stamp).is_ok_and(|last| last == ours) {
        return Ok(());
    }
    let members = members(paths)?;
    forget_fingerprints(folder, &members)?;
    // Last: when we are stopped before this line, the next run does it all again.
    fs::write(&stamp, ours).with_context(|| format!("cannot write {}", stamp.display()))
}

/// A checkout's path, and on Unix the folder itself: a clone that was moved into another's place is another.
fn identity(root: &Path) -> Result<String> {
    let path = fs::canonicalize(root)?;
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&fs::metadata(&path)?);
    #[cfg(not(unix))]
    let inode = 0;
    Ok(format!("{} {inode}\n", path.display()))
}

/// The names of the workspace's packages.
fn members(paths: &Paths) -> Result<Vec<String>> {
    let metadata = metadata(paths)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    Ok(packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .map(str::to_owned)
        .collect())
}

/// The workspace's own packages, as `cargo metadata` describes them.
pub(crate) fn metadata(paths: &Paths) -> Result<serde_json::Value> {
    let text = process::output(paths.cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// Removes `<profile>/.fingerprint/<member>-<hash>` for every profile and target below `folder`.
fn forget_fingerprints(folder: &Path, members: &[String]) -> io::Result<()> {
    for entry in entries(folder)? {
        if entry.file_name().is_some_and(|name| name == ".fingerprint") {
            for fingerprint in entries(&entry)? {
                let name = fingerprint.file_name().unwrap_or_default().to_string_lossy();
                if members.iter().any(|member| is_fingerprint_of(&name, member)) {
                    fs::remove_dir_all(&fingerprint)?;
                }
            }
        } else if entry.join(".fingerprint").is_dir() || entry.join("CACHEDIR.TAG").is_file() || is_triple(&entry) {
            forget_fingerprints(&entry, members)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

/// True if a folder of a target directory is that of a target triple, which holds profiles in its turn.
fn is_triple(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.is_dir() && name.matches('-').count() >= 2
}

/// `mirrord-wire-0123456789abcdef` is one of `mirrord-wire` and none of `mirrord`.
fn is_fingerprint_of(name: &str, member: &str) -> bool {
    let hash = name.strip_prefix(member).and_then(|rest| rest.strip_prefix('-'));
    hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_belongs_to_one_member() {
        assert!(is_fingerprint_of("mirrord-wire-0123456789abcdef", "mirrord-wire"));
        assert!(!is_fingerprint_of("mirrord-wire-0123456789abcdef", "mirrord"));
        assert!(!is_fingerprint_of("serde-0123456789abcdef", "mirrord"));
    }

    #[test]
    fn members_are_forgotten_in_every_profile_and_the_rest_is_kept() {
        let folder = std::env::temp_dir().join(format!("xtask-shared-{}", std::process::id()));
        let member = "mirrord-wire-0123456789abcdef";
        let other = "serde-0123456789abcdef";
        for profile in ["debug", "wasm32-unknown-unknown/wasm-release"] {
            for name in [member, other] {
                fs::create_dir_all(folder.join(profile).join(".fingerprint").join(name)).unwrap();
            }
        }
        forget_fingerprints(&folder, &["mirrord-wire".to_owned()]).unwrap();
        for profile in ["debug", "wasm32-unknown-unknown/wasm-release"] {
            let fingerprints = folder.join(profile).join(".fingerprint");
            assert!(!fingerprints.join(member).exists());
            assert!(fingerprints.join(other).exists());
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_lock_is_free_again_once_dropped() {
        let path = std::env::temp_dir().join(format!("xtask-lock-{}", std::process::id()));
        let first = lock(&path, "nobody").unwrap();
        drop(first);
        let second = lock(&path, "nobody").unwrap();
        drop(second);
        fs::remove_file(path).unwrap();
    }
}
