//! The standard library for macOS, which code is checked with; only a Mac links for it.
//!
//! A dependency (ring) has C in it, which a check does not read: a stand-in for the compiler writes empty objects.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use super::{
    install::{lock, step},
    rust_target::{self, Library},
    rustc::rustc_version,
};
use crate::paths::Paths;

/// Stand-in for a compiler and an archiver: makes the file that it is to make, empty.
const STAND_IN: &str = "#!/bin/sh\nout=\ncase \"$1\" in *.a) out=$1 ;; esac\ncase \"$2\" in *.a) out=$2 ;; esac\n\
                        while [ $# -gt 0 ]; do [ \"$1\" = -o ] && out=$2; shift; done\n\
                        [ -z \"$out\" ] || : > \"$out\"\n";

/// Tools for the checks for macOS.
#[derive(Debug)]
pub(crate) struct MacTools {
    library: Library,
    stand_in: PathBuf,
}

impl MacTools {
    /// The target's name.
    pub(crate) const TARGET: &str = rust_target::MACOS.triple;

    /// Makes a cargo `command` find the target.
    pub(crate) fn apply(&self, command: &mut Command) {
        self.library.apply(command);
        for tool in ["CC", "AR"] {
            command.env(format!("{tool}_{}", Self::TARGET.replace('-', "_")), &self.stand_in);
        }
        // Otherwise a program of macOS is asked for it.
        command.env("SDKROOT", "/");
    }
}

/// Finds or makes it.
pub(crate) fn mac_tools(paths: &Paths) -> Result<MacTools> {
    let _lock = lock(paths)?;
    let rustc = rustc_version(paths)?;
    let library = step("macOS target", || rust_target::MACOS.find_or_install(paths, &rustc))
        .context("the code cannot be checked for macOS here")?;
    let stand_in = paths.tool("macos-compiler.sh");
    if let Some(folder) = stand_in.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&stand_in, STAND_IN)?;
    #[cfg(unix)]
    fs::set_permissions(&stand_in, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(MacTools { library, stand_in })
}
