//! Python packages that the end-to-end tests run: from PyPI by pip, at the versions and hashes of a file in `python/`, each
//! into a virtual environment of its own in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::install::{install_aside, named_by};
use crate::paths::Paths;
use crate::process;

/// A Python's folder of programs in a virtual environment, and its own name.
const PYTHON: [&str; 2] = if cfg!(windows) {
    ["Scripts", "python.exe"]
} else {
    ["bin", "python"]
};

/// Python package at a pinned version.
#[derive(Debug)]
pub(crate) struct PythonPackage {
    /// Name for people.
    pub(super) title: &'static str,
    /// Name on PyPI, and of the module.
    name: &'static str,
    version: &'static str,
    /// Names a Python that has the package, for the tests and for us.
    pub(crate) variable: &'static str,
}

/// The official Python SDK of the Model Context Protocol, with which the tests drive `mirrord mcp`.
pub(crate) const MCP_SDK: PythonPackage = PythonPackage {
    title: "MCP SDK",
    name: "mcp",
    version: "2.3.0",
    variable: "MIRRORD_TEST_MCP_PYTHON",
};

/// The program that holds a running `mirrord ui` against its own OpenAPI document.
pub(crate) const SCHEMATHESIS: PythonPackage = PythonPackage {
    title: "Schemathesis",
    name: "schemathesis",
    version: "4.32.5",
    variable: "MIRRORD_TEST_SCHEMATHESIS_PYTHON",
};

/// The package of rotel, whose program the tests start; see `rotel`.
pub(super) const ROTEL: PythonPackage = PythonPackage {
    title: "rotel's package",
    name: "rotel",
    version: "0.0.1a15",
    variable: "MIRRORD_TEST_ROTEL_PYTHON",
};

impl PythonPackage {
    /// Returns a Python that has the package.
    pub(super) fn find_or_install(&self, paths: &Paths) -> Result<PathBuf> {
        let Self { name, version, .. } = self;
        if let Some(named) = named_by(self.variable)? {
            return Ok(named);
        }
        let place = paths.tool(&format!("python-{name}-{version}"));
        let python = python_in(&place);
        // The environment is of no use to another Python than made it.
        if self.installed_version(&python).as_deref() == Some(version) {
            return Ok(python);
        }
        let variable = self.variable;
        let way_out = format!("name a Python with {name} {version} in {variable}; only the tests need it");
        self.install(paths, &place).with_context(|| {
            format!("a Python of 3.11 or newer, with venv and pip, is needed to install it; {way_out}")
        })?;
        match self.installed_version(&python) {
            Some(found) if found == *version => Ok(python),
            found => bail!("pip brought {found:?} and not {name} {version}; {way_out}"),
        }
    }

    /// Returns the version of the package that a Python has, for people.
    pub(super) fn how(&self, python: &Path) -> String {
        let version = self.installed_version(python);
        let version = version.unwrap_or_else(|| "unknown version".to_owned());
        format!("{} {version} ({})", self.name, python.display())
    }

    fn installed_version(&self, python: &Path) -> Option<String> {
        let name = self.name;
        let ask = format!("import importlib.metadata, {name}; print(importlib.metadata.version('{name}'))");
        let mut command = Command::new(python);
        process::output(command.args(["-I", "-c", &ask])).ok()
    }

    fn install(&self, paths: &Paths, place: &Path) -> Result<()> {
        let Self { title, name, .. } = self;
        eprintln!("  {title} is not here: getting it with pip");
        install_aside(place, |aside| {
            let log = paths.log(&format!("python-{name}"));
            let mut venv = Command::new(if cfg!(windows) { "python" } else { "python3" });
            process::run_logged("a virtual environment", &log, venv.args(["-m", "venv"]).arg(aside))?;
            let mut pip = Command::new(python_in(aside));
            pip.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check"]);
            // No package runs code of its own while it is installed.
            pip.args(["--only-binary", ":all:", "--require-hashes", "-r"]);
            let requirements = paths.root.join(format!("xtask/src/setup/python/{name}.txt"));
            process::run_logged(&format!("pip, for {title}"), &log, pip.arg(requirements))
        })
    }
}

fn python_in(place: &Path) -> PathBuf {
    PYTHON.iter().fold(place.to_owned(), |path, part| path.join(part))
}
