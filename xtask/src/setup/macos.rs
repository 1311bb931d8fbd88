//! The standard library for macOS, which code is checked with; only a Mac links for it.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Library, rust_target, rustc_version, step};
use crate::{places::Places, shared};

/// What checking for macOS takes.
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
pub(crate) fn mac_tools(places: &Places) -> Result<MacTools> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    let rustc = rustc_version(places)?;
    step("macOS target", || rust_target::MACOS.find_or_install(places, &rustc))
        .map(MacTools)
        .context("the code cannot be checked for macOS here")
}
