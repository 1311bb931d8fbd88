//! The standard library of a target that is not the machine's own: the toolchain's, or rustup's, or one built from
//! source.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{rustc::rustc, sysroot};
use crate::{
    digest::Digest,
    paths::Paths,
    process::{self, seconds},
};

/// A target that a toolchain may lack.
#[derive(Debug)]
pub(super) struct RustTarget {
    pub(super) triple: &'static str,
    /// Of its folder in the cache, and of its log.
    pub(super) sysroot: &'static str,
    /// Crates to build where it is built from source.
    pub(super) crates: &'static str,
    /// Debian's package of it, where there is one.
    package: Option<&'static str>,
}

/// Target of the page.
pub(super) const WASM: RustTarget = RustTarget {
    triple: "wasm32-unknown-unknown",
    sysroot: "wasm-sysroot",
    crates: "std,panic_abort,proc_macro",
    package: Some("libstd-rust-dev-wasm32"),
};

/// Windows, linked by mingw-w64: its tests unwind, and have a harness.
pub(super) const WINDOWS: RustTarget = RustTarget {
    triple: "x86_64-pc-windows-gnu",
    sysroot: "windows-sysroot",
    crates: "std,panic_abort,panic_unwind,proc_macro,test",
    package: Some("libstd-rust-dev-windows"),
};

/// macOS, checked and never linked.
pub(super) const MACOS: RustTarget = RustTarget {
    triple: "x86_64-apple-darwin",
    sysroot: "macos-sysroot",
    crates: "std,panic_abort,panic_unwind,proc_macro,test",
    package: None,
};

/// Way in which cargo finds a target's library.
#[derive(Debug)]
pub(super) struct Library {
    triple: &'static str,
    /// For `--sysroot`, where the toolchain itself lacks the target.
    sysroot: Option<PathBuf>,
}

impl Library {
    /// Makes a cargo `command`, and what it starts, find it.
    pub(super) fn apply(&self, command: &mut Command) {
        self.apply_with(command, None);
    }

    /// Makes a cargo `command` find it, with one more flag of rustc.
    pub(super) fn apply_with(&self, command: &mut Command, flag: Option<String>) {
        let sysroot = self.sysroot.as_ref();
        let flags: Vec<String> = sysroot
            .map(|sysroot| format!("--sysroot={}", sysroot.display()))
            .into_iter()
            .chain(flag)
            .collect();
        if !flags.is_empty() {
            command.env(variable(self.triple, "RUSTFLAGS"), flags.join(" "));
        }
    }
}

/// The variable that sets `name` for one target: `CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS`.
pub(super) fn variable(triple: &str, name: &str) -> String {
    format!("CARGO_TARGET_{}_{name}", triple.to_uppercase().replace('-', "_"))
}

/// A slow line brings the 20 to 30 MB in this time, and a network that swallows packets is given up on.
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(90);

impl RustTarget {
    /// Description for people, and the way in which cargo finds it.
    pub(super) fn find_or_install(&self, paths: &Paths, rustc_version: &str) -> Result<(String, Library)> {
        let triple = self.triple;
        let library = |sysroot| Library { triple, sysroot };
        if self.toolchain_has_it(paths)? {
            return Ok(("in the toolchain".to_owned(), library(None)));
        }
        let mut key = Digest::new();
        key.add(rustc_version.as_bytes());
        key.add(sysroot::RECIPE.as_bytes());
        let place = paths.cache.join(self.sysroot).join(key.name());
        if is_complete(&self.library_folder(&place)) {
            return Ok(("built from source (cached)".to_owned(), library(Some(place))));
        }
        let no_rustup = match self.with_rustup(paths) {
            Ok(()) if self.toolchain_has_it(paths)? => {
                return Ok(("added by rustup".to_owned(), library(None)));
            }
            Ok(()) => "it says that it added the target, and the compiler does not see it".to_owned(),
            Err(error) => process::reason(&error),
        };
        eprintln!("  rustup cannot add the target: {no_rustup}");
        eprintln!("  building the target's standard library from its sources");
        let origin = sysroot::build(self, paths, rustc_version, &place).with_context(|| {
            let package = self.package.map(|package| format!("install Debian's {package}, or "));
            format!(
                "no standard library for {triple}: rustup could not add it ({no_rustup}), and it could not be built \
                 from source. Either let `rustup target add {triple}` reach the network, or {}`rustup component add \
                 rust-src`",
                package.unwrap_or_default()
            )
        })?;
        Ok((format!("built from source ({origin})"), library(Some(place))))
    }

    /// Folder of the target's libraries in a sysroot.
    pub(super) fn library_folder(&self, sysroot: &Path) -> PathBuf {
        sysroot.join("lib").join("rustlib").join(self.triple).join("lib")
    }

    fn toolchain_has_it(&self, paths: &Paths) -> Result<bool> {
        let mut ask = paths.command(rustc());
        let folder = process::output(ask.args(["--print", "target-libdir", "--target", self.triple]))?;
        Ok(is_complete(Path::new(&folder)))
    }

    fn with_rustup(&self, paths: &Paths) -> Result<()> {
        if process::version("rustup").is_none() {
            bail!("there is no rustup here");
        }
        eprintln!("  asking rustup for it (at most {})", seconds(RUSTUP_TIMEOUT));
        let mut command = Command::new("rustup");
        command
            .current_dir(&paths.root)
            .args(["target", "add", self.triple])
            .env("RUST_BACKTRACE", "0");
        process::run_logged_within("rustup", &paths.log("rustup"), RUSTUP_TIMEOUT, &mut command)
    }
}

/// True if the folder has a standard library: some distributions ship `core` alone.
fn is_complete(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    let names: Vec<_> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    ["libcore-", "liballoc-", "libstd-"].iter().all(|library| {
        names
            .iter()
            .any(|name| name.starts_with(library) && name.ends_with(".rlib"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sysroot_without_std_is_not_complete() {
        let sysroot = std::env::temp_dir().join(format!("xtask-sysroot-{}", std::process::id()));
        let folder = WASM.library_folder(&sysroot);
        assert!(!is_complete(&folder));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libcore-1.rlib"), "").unwrap();
        fs::write(folder.join("liballoc-1.rlib"), "").unwrap();
        assert!(!is_complete(&folder));
        fs::write(folder.join("libstd-1.rlib"), "").unwrap();
        assert!(is_complete(&folder));
        fs::remove_dir_all(sysroot).unwrap();
    }

    #[test]
    fn a_targets_variable_is_the_one_that_cargo_reads() {
        assert_eq!(
            variable(WINDOWS.triple, "RUNNER"),
            "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER"
        );
    }
}
