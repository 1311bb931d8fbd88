//! Paths of the checkout, and of the cache that all checkouts share. It also starts cargo the way every
//! command wants it. It creates nothing but the cache folder.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// Names the cache folder, for a second cache or a disk with more room.
const CACHE_VARIABLE: &str = "MIRRORD_XTASK_CACHE";

/// The two folders that everything else is found from.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// The checkout's root.
    pub(crate) root: PathBuf,
    /// Tools, pages and target directories; safe to delete at any time.
    pub(crate) cache: PathBuf,
}

/// The folder in which cargo keeps the sources of dependencies.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    let given = env::var_os("CARGO_HOME").map(PathBuf::from);
    given
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .context("no home folder is known: set CARGO_HOME")
}

impl Paths {
    /// The checkout that this program was started from, and the user's cache.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .parent()
            .context("xtask has no parent folder")?
            .to_path_buf();
        if !root.join("Trunk.toml").is_file() {
            bail!(
                "{} is not a checkout of this project: start this through `cargo xtask`",
                root.display()
            );
        }
        let cache = cache_folder(|name| env::var_os(name).filter(|value| !value.is_empty()))
            .with_context(|| format!("no home folder is known: set {CACHE_VARIABLE}"))?;
        let cache = std::path::absolute(cache)?;
        std::fs::create_dir_all(&cache).with_context(|| format!("cannot create the cache {}", cache.display()))?;
        Ok(Self { root, cache })
    }

    /// Install folder of the tool `name`.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.cache.join("tools").join(name)
    }

    /// Log file of the long step `name`.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.cache.join("logs").join(format!("{name}.log"))
    }

    /// The cargo that started us, in the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // A caller's choices for its own build must not move the outputs that we look for.
        cargo
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_BUILD_TARGET_DIR")
            .env_remove("CARGO_BUILD_TARGET");
        cargo
    }

    /// A program in the checkout, without what `cargo run` added to our environment: cargo's build scripts would
    /// take the description of our package for theirs, and the sample would look up libraries in our target folder.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_from_cargo_run) {
                command.env_remove(name);
            }
        }
        if let Some(paths) = env::var_os("LD_LIBRARY_PATH") {
            match without_cargos_own(&paths) {
                Some(rest) => command.env("LD_LIBRARY_PATH", rest),
                None => command.env_remove("LD_LIBRARY_PATH"),
            };
        }
        command
    }
}

fn is_from_cargo_run(name: &str) -> bool {
    name.starts_with("CARGO_PKG_")
        || matches!(
            name,
            "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME"
        )
        || name == "CARGO_PRIMARY_PACKAGE"
}

/// The search path without the entries that cargo puts in front of it.
fn without_cargos_own(paths: &OsStr) -> Option<OsString> {
    let cargos_own = |path: &Path| {
        path.ends_with("deps") || path.ends_with("debug") || path.ends_with("release") || {
            let text = path.to_string_lossy();
            text.contains("/rustlib/") || text.contains("/toolchains/")
        }
    };
    let rest: Vec<PathBuf> = env::split_paths(paths).filter(|path| !cargos_own(path)).collect();
    if rest.is_empty() {
        None
    } else {
        env::join_paths(rest).ok()
    }
}

/// The cache folder by the platform's own rules; `variable` reads the environment.
fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(chosen) = variable(CACHE_VARIABLE) {
        return Some(chosen.into());
    }
    let base = if cfg!(windows) {
        PathBuf::from(variable("LOCALAPPDATA")?)
    } else if let Some(xdg) = variable("XDG_CACHE_HOME") {
        PathBuf::from(xdg)
    } else if cfg!(target_os = "macos") {
        Path::new(&variable("HOME")?).join("Library/Caches")
    } else {
        Path::new(&variable("HOME")?).join(".cache")
    };
    Some(base.join("mirrord-xtask"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_cache_wins_over_the_users() {
        let chosen = |name: &str| match name {
            CACHE_VARIABLE => Some("/elsewhere".into()),
            _ => Some("/home/someone".into()),
        };
        assert_eq!(cache_folder(chosen), Some("/elsewhere".into()));
    }

    #[test]
    fn without_a_home_there_is_no_cache() {
        assert_eq!(cache_folder(|_| None), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_cache_follows_xdg_and_then_home() {
        let xdg = |name: &str| (name == "XDG_CACHE_HOME").then(|| "/xdg".into());
        assert_eq!(cache_folder(xdg), Some("/xdg/mirrord-xtask".into()));
        let home = |name: &str| (name == "HOME").then(|| "/home/a".into());
        assert_eq!(cache_folder(home), Some("/home/a/.cache/mirrord-xtask".into()));
    }

    #[cfg(unix)]
    #[test]
    fn cargos_library_folders_are_dropped_and_the_users_kept() {
        let paths = OsStr::new("/c/target/debug/deps:/c/target/debug:/r/toolchains/stable/lib:/opt/lib");
        assert_eq!(without_cargos_own(paths), Some("/opt/lib".into()));
        assert_eq!(without_cargos_own(OsStr::new("/c/target/debug/deps")), None);
    }
}
