//! Virtual environments of Python in the cache: packages from PyPI by pip, at the versions and hashes of a file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::install::install_aside;
use crate::paths::Paths;
use crate::process;

/// A Python's folder of programs in a virtual environment, and its own name.
const PYTHON: [&str; 2] = if cfg!(windows) {
    ["Scripts", "python.exe"]
} else {
    ["bin", "python"]
};

/// Returns the Python of an environment.
pub(super) fn python_in(place: &Path) -> PathBuf {
    PYTHON.iter().fold(place.to_owned(), |path, part| path.join(part))
}

/// Makes an environment with the packages of a file; `name` is that of its log.
pub(super) fn install(paths: &Paths, place: &Path, name: &str, requirements: &str) -> Result<()> {
    eprintln!("  {name} is not here: getting it with pip");
    install_aside(place, |aside| {
        let log = paths.log(name);
        let mut venv = Command::new(if cfg!(windows) { "python" } else { "python3" });
        process::run_logged("a virtual environment", &log, venv.args(["-m", "venv"]).arg(aside))?;
        let mut pip = Command::new(python_in(aside));
        pip.args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check"]);
        // No package runs code of its own while it is installed.
        pip.args(["--only-binary", ":all:", "--require-hashes", "-r"]);
        process::run_logged("pip", &log, pip.arg(paths.root.join(requirements)))
    })
}
