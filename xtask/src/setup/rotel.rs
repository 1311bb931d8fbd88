//! rotel, an OpenTelemetry receiver that is not ours, to which the end-to-end tests send: the program in a Python package.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::install::named_by;
use super::python_package::ROTEL;
use crate::paths::Paths;
use crate::process;

/// Names the program, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_ROTEL";

pub(super) fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    if let Some(named) = named_by(VARIABLE)? {
        return Ok(named);
    }
    let python = ROTEL.find_or_install(paths)?;
    program_of(&python).with_context(|| {
        format!("what pip brought does not run; name the program `rotel-agent` in {VARIABLE}; only the tests need it")
    })
}

/// The version that it is, for people.
pub(super) fn how(program: &Path) -> String {
    let version = version(program).unwrap_or_else(|| "unknown version".to_owned());
    format!("{version} ({})", program.display())
}

fn version(program: &Path) -> Option<String> {
    process::output(Command::new(program).arg("version")).ok()
}

/// The program of the package that a Python has, where it runs.
fn program_of(python: &Path) -> Option<PathBuf> {
    let ask = "import rotel, pathlib; print(pathlib.Path(rotel.__file__).parent / 'rotel-agent')";
    let program = PathBuf::from(process::output(Command::new(python).args(["-I", "-c", ask])).ok()?);
    version(&program).map(|_| program)
}
