//! The official Python SDK of the Model Context Protocol, with which the end-to-end tests drive `mirrord mcp`: from PyPI by pip, at
//! the versions and hashes of `mcp_sdk.txt`, into a virtual environment in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::install::{install_aside, named_by};
use crate::paths::Paths;
use crate::process;

/// Names a Python that has the SDK, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_MCP_PYTHON";

const VERSION: &str = "2.3.0";
const REQUIREMENTS: &str = "xtask/src/setup/mcp_sdk.txt";
/// A Python's folder of programs in a virtual environment, and its own name.
const PYTHON: [&str; 2] = if cfg!(windows) {
    ["Scripts", "python.exe"]
} else {
    ["bin", "python"]
};

pub(super) fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    if let Some(named) = named_by(VARIABLE)? {
        return Ok(named);
    }
    let place = paths.tool(&format!("mcp-sdk-{VERSION}"));
    let python = python_in(&place);
    // The environment is of no use to another Python than made it.
    if installed_version(&python).as_deref() == Some(VERSION) {
        return Ok(python);
    }
    let way_out = format!("name a Python with mcp {VERSION} in {VARIABLE}; only the tests need it");
    install(paths, &place)
        .with_context(|| format!("a Python of 3.11 or newer, with venv and pip, is needed to install it; {way_out}"))?;
    match installed_version(&python) {
        Some(version) if version == VERSION => Ok(python),
        found => bail!("pip brought {found:?} and not mcp {VERSION}; {way_out}"),
    }
}

/// The version that it is, for people.
pub(super) fn how(python: &Path) -> String {
    let version = installed_version(python).unwrap_or_else(|| "unknown version".to_owned());
    format!("mcp {version} ({})", python.display())
}

fn python_in(place: &Path) -> PathBuf {
    PYTHON.iter().fold(place.to_owned(), |path, part| path.join(part))
}

fn installed_version(python: &Path) -> Option<String> {
    let ask = "import importlib.metadata, mcp; print(importlib.metadata.version('mcp'))";
    let mut command = Command::new(python);
    process::output(command.args(["-I", "-c", ask])).ok()
}

fn install(paths: &Paths, place: &Path) -> Result<()> {
    eprintln!("  the MCP SDK is not here: getting it with pip");
    install_aside(place, |aside| {
        let log = paths.log("mcp-sdk");
        let mut venv = Command::new(if cfg!(windows) { "python" } else { "python3" });
        process::run_logged("a virtual environment", &log, venv.args(["-m", "venv"]).arg(aside))?;
        let mut pip = Command::new(python_in(aside));
        pip.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check"]);
        // No package runs code of its own while it is installed.
        pip.args(["--only-binary", ":all:", "--require-hashes", "-r"]);
        process::run_logged("pip, for the MCP SDK", &log, pip.arg(paths.root.join(REQUIREMENTS)))
    })
}
