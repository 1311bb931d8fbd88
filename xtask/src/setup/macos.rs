//! The standard library for macOS, which code is checked with; only a Mac links for it.

use std::process::Command;

use anyhow::{Context, Result};

use super::{
    install::{lock, step},
    rust_target::{self, Library},
    rustc::rustc_version,
};
use crate::paths::Paths;

/// Tools for the checks for macOS.
#[derive(Debug)]
pub(crate) struct MacTools(Library);

impl MacTools {
    /// The target's name.
    pub(crate) const TARGET: &str = rust_target::MACOS.triple;

    /// Makes a cargo `command` find the target.
    pub(crate) fn apply(&self, command: &mut Command) {
        self.0.apply(command);
    }
}

/// Finds or makes it.
pub(crate) fn mac_tools(paths: &Paths) -> Result<MacTools> {
    let _lock = lock(paths)?;
    let rustc = rustc_version(paths)?;
    step("macOS target", || rust_target::MACOS.find_or_install(paths, &rustc))
        .map(MacTools)
        .context("the code cannot be checked for macOS here")
}
