//! The figures that take running programs, which `tests/bench` measures: the release binary, driven from outside.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    page,
    places::Places,
    process, setup,
    shared::{Held, Target},
};

/// Builds the release binary and hands it to the measuring program. That one is a debug build, as the tests are: it
/// only starts, reads and takes the time.
pub(crate) fn run(places: &Places, name: &str) -> Result<()> {
    let tools = setup::page_tools(places)?;
    let built = build::build_with(places, &tools, Profile::Release)?;
    let chromium = setup::chromium(places)?;
    let held = Held::take(places, Target::Native)?;
    let mut cargo = held.cargo(places);
    cargo
        .args([
            "run",
            "--quiet",
            "--package",
            "mirrord-tests",
            "--bin",
            "bench",
            "--",
            name,
        ])
        .env(page::VARIABLE, &built.page)
        .env("MIRRORD_BIN", &built.binary)
        .env(setup::CHROMIUM_VARIABLE, chromium);
    process::run_shown(&mut cargo)
}
