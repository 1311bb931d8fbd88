//! rotel, an OpenTelemetry receiver that is not ours, to which the end-to-end tests send: from PyPI by pip, at the version and hashes
//! of `rotel.txt`, into a virtual environment in the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::install::named_by;
use super::python_env::{self, python_in};
use crate::paths::Paths;
use crate::process;

/// Names the program, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_ROTEL";

const VERSION: &str = "0.0.1a15";
const REQUIREMENTS: &str = "xtask/src/setup/rotel.txt";

pub(super) fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    if let Some(named) = named_by(VARIABLE)? {
        return Ok(named);
    }
    let place = paths.tool(&format!("rotel-{VERSION}"));
    if let Some(program) = program_in(&place) {
        return Ok(program);
    }
    let way_out = format!("name the program `rotel-agent` in {VARIABLE}; only the tests need it");
    python_env::install(paths, &place, "rotel", REQUIREMENTS)
        .with_context(|| format!("a Python of 3.11 or newer, with venv and pip, is needed to install it; {way_out}"))?;
    match program_in(&place) {
        Some(program) => Ok(program),
        None => bail!("what pip brought does not run; {way_out}"),
    }
}

/// The version that it is, for people.
pub(super) fn how(program: &Path) -> String {
    let version = version(program).unwrap_or_else(|| "unknown version".to_owned());
    format!("{version} ({})", program.display())
}

fn version(program: &Path) -> Option<String> {
    process::output(Command::new(program).arg("version")).ok()
}

/// The program of an environment, where it runs.
fn program_in(place: &Path) -> Option<PathBuf> {
    let ask = "import rotel, pathlib; print(pathlib.Path(rotel.__file__).parent / 'rotel-agent')";
    let mut python = Command::new(python_in(place));
    let program = PathBuf::from(process::output(python.args(["-I", "-c", ask])).ok()?);
    version(&program).map(|_| program)
}
