//! Trunk, wasm-bindgen and cargo-deny: from PATH where the version fits, or else built by cargo, once.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::install::{Found, install_aside, version_numbers};
use crate::{paths::Paths, process};

/// The newest Trunk that the project's oldest compiler builds.
const TRUNK_VERSION: &str = "0.21.14";

/// A release whose format of `deny.toml` is ours.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// A program that cargo can build.
struct Tool<'a> {
    program: &'a str,
    package: &'a str,
    version: &'a str,
    options: &'a [&'a str],
    optimisation: &'a str,
}

/// Trunk of any 0.21.
pub(super) fn trunk(paths: &Paths) -> Result<Found> {
    let trunk = Tool {
        program: "trunk",
        package: "trunk",
        version: TRUNK_VERSION,
        // No TLS and no check for updates: it builds offline, with tools from PATH.
        options: &["--no-default-features"],
        // It copies a few files: optimising it takes minutes, and what it saves cannot be measured.
        optimisation: "0",
    };
    trunk.find_or_install(paths, |line| version_numbers(line).starts_with(&[0, 21]))
}

/// wasm-bindgen of exactly `version`: it refuses what another one has made.
pub(super) fn wasm_bindgen(paths: &Paths, version: &str) -> Result<Found> {
    let wasm_bindgen = Tool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version,
        options: &[],
        // It reads and writes the whole wasm, at every build.
        optimisation: "1",
    };
    wasm_bindgen.find_or_install(paths, |line| line.split_whitespace().any(|word| word == version))
}

/// cargo-deny, the version that `deny.toml` is written for.
pub(super) fn cargo_deny(paths: &Paths) -> Result<Found> {
    let deny = Tool {
        program: "cargo-deny",
        package: "cargo-deny",
        version: CARGO_DENY_VERSION,
        options: &["--no-default-features"],
        optimisation: "0",
    };
    deny.find_or_install(paths, |line| version_numbers(line).starts_with(&[0, 20]))
}

impl Tool<'_> {
    fn find_or_install(&self, paths: &Paths, fits: impl Fn(&str) -> bool) -> Result<Found> {
        let Self {
            program,
            package,
            version,
            ..
        } = *self;
        let place = paths.tool(&format!("{program}-{version}"));
        let folder = place.join("bin");
        if let Some(line) = process::version(folder.join(program)).filter(|line| fits(line)) {
            return Ok(Found {
                how: format!("{line} (cached)"),
                folder: Some(folder),
            });
        }
        if let Some(line) = process::version(program).filter(|line| fits(line)) {
            return Ok(Found {
                how: format!("{line} (from PATH)"),
                folder: None,
            });
        }
        eprintln!("  {program} {version} is not here: building it with cargo (minutes, once)");
        install_aside(&place, |aside| self.install(paths, aside)).with_context(|| {
            format!(
                "{program} {version} cannot be built; get it in another way, and put it on PATH: \
                 cargo install {package} --version {version}"
            )
        })?;
        let line =
            process::version(folder.join(program)).with_context(|| format!("the built {program} does not run"))?;
        Ok(Found {
            how: format!("{line} (built)"),
            folder: Some(folder),
        })
    }

    fn install(&self, paths: &Paths, aside: &Path) -> Result<()> {
        let Self {
            program,
            package,
            version,
            options,
            optimisation,
        } = *self;
        let build = paths.cache.join("target").join("tools");
        let attempt = |locked: &[&str]| {
            let mut cargo = paths.cargo();
            cargo
                .args(["install", package, "--version", version, "--root"])
                .arg(aside)
                .args(options)
                .args(locked);
            cargo
                .env("CARGO_TARGET_DIR", &build)
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimisation);
            process::run_logged(&format!("building {program}"), &paths.log(program), &mut cargo)
        };
        // With the versions that its authors tested, where the registry still has all of them.
        attempt(&["--locked"]).or_else(|error| {
            eprintln!(
                "  {program} with its own locked dependencies: {}",
                process::reason(&error)
            );
            eprintln!("  trying the newest dependencies that fit");
            attempt(&[])
        })?;
        // Only the disk space is lost if this fails.
        let _ = fs::remove_dir_all(build);
        Ok(())
    }
}
