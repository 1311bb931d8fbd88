//! The official Python SDK of the Model Context Protocol, with which the end-to-end tests drive `mirrord mcp`: from PyPI by pip, at
//! the versions and hashes of `mcp_sdk.txt`, into a virtual environment in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::install::named_by;
use super::python_env::{self, python_in};
use crate::paths::Paths;
use crate::process;

/// Names a Python that has the SDK, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_MCP_PYTHON";

const VERSION: &str = "2.3.0";
const REQUIREMENTS: &str = "xtask/src/setup/mcp_sdk.txt";
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
    python_env::install(paths, &place, "mcp-sdk", REQUIREMENTS)
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

fn installed_version(python: &Path) -> Option<String> {
    let ask = "import importlib.metadata, mcp; print(importlib.metadata.version('mcp'))";
    let mut command = Command::new(python);
    process::output(command.args(["-I", "-c", ask])).ok()
}
