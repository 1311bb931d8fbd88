//! wasm-opt, which takes about a third off the page: from PATH where it is new enough, or else from npm.

use std::path::Path;

use anyhow::{Context, Result};

use super::install::{Found, install_with_npm, version_numbers};
use crate::{paths::Paths, process};

/// Version to install: seen to produce what browsers take.
const BINARYEN_VERSION: u32 = 132;
/// Older ones stop at instructions that today's compilers emit by default.
const BINARYEN_MINIMUM: u32 = 120;

const WAY_OUT: &str = "install binaryen (`brew install binaryen`, your distribution's `binaryen`, or Node.js with npm \
    so that this can do it), and see that `wasm-opt --version` says 120 or more";

pub(super) fn find_or_install(paths: &Paths) -> Result<Found> {
    let place = paths.tool(&format!("binaryen-{BINARYEN_VERSION}"));
    let folder = place.join("node_modules").join(".bin");
    if let Some(line) = version_in(&folder) {
        return Ok(Found {
            how: format!("{line} (cached)"),
            folder: Some(folder),
        });
    }
    let on_path = process::version("wasm-opt");
    if let Some(line) = on_path.as_ref().filter(|line| is_new_enough(line)) {
        return Ok(Found {
            how: format!("{line} (from PATH)"),
            folder: None,
        });
    }
    if let Some(line) = on_path {
        eprintln!("  the {line} on PATH is too old");
    }
    let package = format!("binaryen@{BINARYEN_VERSION}.0.0");
    let prepare = |folder: &Path| {
        let words = ["install", &package, "--prefix"].map(str::to_owned).into_iter();
        Ok(words.chain([folder.display().to_string()]).collect())
    };
    install_with_npm(paths, "binaryen", &place, prepare)
        .with_context(|| format!("npm cannot install binaryen; {WAY_OUT}"))?;
    let line = version_in(&folder).with_context(|| format!("the installed wasm-opt does not run; {WAY_OUT}"))?;
    Ok(Found {
        how: format!("{line} (npm)"),
        folder: Some(folder),
    })
}

fn version_in(folder: &Path) -> Option<String> {
    process::version(folder.join(if cfg!(windows) { "wasm-opt.cmd" } else { "wasm-opt" }))
}

fn is_new_enough(version_line: &str) -> bool {
    version_numbers(version_line)
        .first()
        .is_some_and(|major| *major >= BINARYEN_MINIMUM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distributions_old_version_is_refused() {
        assert!(!is_new_enough("wasm-opt version 108"));
        assert!(is_new_enough("wasm-opt version 132 (version_132)"));
        assert!(!is_new_enough("something else"));
    }
}
