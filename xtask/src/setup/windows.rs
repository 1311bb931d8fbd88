//! Tools of the Windows tests: the standard library for Windows, a linker, and Wine.

use anyhow::{Context, Result, bail};

use super::{
    install::{lock, step},
    rust_target::{self, Library},
    rustc::rustc_version,
    wine,
};
use crate::paths::Paths;

pub(crate) use wine::Wine;

/// Said with every failure; nothing but `cargo xtask windows` needs these tools.
const WAY_OUT: &str = "the Windows tests cannot run here; `cargo xtask test` does not need them";

/// All of it.
#[derive(Debug)]
pub(crate) struct WindowsTools {
    library: Library,
    wine: Wine,
}

impl WindowsTools {
    /// The target's name.
    pub(crate) const TARGET: &str = rust_target::WINDOWS.triple;

    /// Makes a cargo `command` compile and link for Windows, and run what it built under Wine.
    pub(crate) fn apply(&self, command: &mut std::process::Command) {
        self.library.apply(command);
        self.wine.apply(command);
        for (name, program) in [("LINKER", self.wine.linker()), ("RUNNER", self.wine.loader())] {
            command.env(rust_target::variable(Self::TARGET, name), program);
        }
    }

    /// The Wine that runs it.
    pub(crate) fn wine(&self) -> &Wine {
        &self.wine
    }
}

/// Finds or installs all of it.
pub(crate) fn windows_tools(paths: &Paths) -> Result<WindowsTools> {
    let _lock = lock(paths)?;
    if cfg!(target_os = "linux") && cfg!(not(target_arch = "x86_64")) {
        bail!("Wine runs x86-64 programs, and this machine does not: {WAY_OUT}");
    }
    let rustc = rustc_version(paths)?;
    // First what cannot be done without a person, who should not have to wait to be told.
    let programs = step("mingw-w64 and Wine", || wine::find_or_install(paths)).context(WAY_OUT)?;
    let library = step("Windows target", || rust_target::WINDOWS.find_or_install(paths, &rustc)).context(WAY_OUT)?;
    let wine = step("Wine's prefix", || wine::prepare(paths, programs)).context(WAY_OUT)?;
    Ok(WindowsTools { library, wine })
}
