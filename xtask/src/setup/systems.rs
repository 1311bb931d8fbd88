//! The other systems that we build for, on a machine that is none of them, and how a person leaves one out.
//!
//! Deliberately absent: leaving one out by ourselves, for lack of what it needs. A check that did not run would look like
//! one that passed.

use std::process::Command;

use anyhow::{Context, Result};

use super::{Library, rust_target, rustc_version, step};
use crate::{places::Places, shared};

/// The systems besides our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Systems {
    /// Linked and run, under Wine.
    pub(crate) windows: bool,
    /// Checked alone: nothing else than a Mac links for it.
    pub(crate) macos: bool,
}

impl Systems {
    /// All that are not left out by the options at hand, and the arguments without these.
    pub(crate) fn take(args: &[String]) -> (Self, Vec<String>) {
        let has = |option: &str| args.iter().any(|arg| arg == option);
        let systems = Self {
            // On the system itself the ordinary tests are its tests.
            windows: cfg!(not(windows)) && !has("--without-windows"),
            macos: cfg!(not(target_os = "macos")) && !has("--without-macos"),
        };
        let is_ours = |arg: &&String| matches!(arg.as_str(), "--without-windows" | "--without-macos");
        (systems, args.iter().filter(|arg| !is_ours(arg)).cloned().collect())
    }
}

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
        .context("the code cannot be checked for macOS here; get what is missing, or leave it out with --without-macos")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_left_out_where_a_person_says_so_and_names_stay() {
        let args = ["one", "--without-windows", "--other"].map(str::to_owned);
        let (systems, rest) = Systems::take(&args);
        assert!(!systems.windows);
        assert_eq!(rest, ["one", "--other"]);
        let (systems, rest) = Systems::take(&["--without-macos".to_owned()]);
        assert_eq!((systems.macos, systems.windows), (false, cfg!(not(windows))));
        assert!(rest.is_empty());
    }
}
