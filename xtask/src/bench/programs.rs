//! The figures that take running programs, which `tests/bench` measures: the release binary, driven from outside.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    build::{self, Profile},
    page,
    places::Places,
    process, setup,
    shared::{Held, Target},
};

/// Where the measuring program finds the example host of `intproxy-ipc`.
const HOST_VARIABLE: &str = "MIRRORD_BENCH_HOST";

/// Builds the release binary and hands it to the measuring program. That one is a debug build, as the tests are: it
/// only starts, reads and takes the time.
pub(crate) fn run(places: &Places, name: &str) -> Result<()> {
    let tools = setup::page_tools(places)?;
    let built = build::build_with(places, &tools, Profile::Release)?;
    let chromium = setup::chromium(places)?;
    let held = Held::take(places, Target::Native)?;
    let host = host(places, &held)?;
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
        .env(HOST_VARIABLE, host)
        .env(setup::CHROMIUM_VARIABLE, chromium);
    process::run_shown(&mut cargo)
}

/// Builds the example host, which makes up as many events a second as it is told to.
fn host(places: &Places, held: &Held) -> Result<PathBuf> {
    let mut cargo = held.cargo(places);
    cargo.args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "mirrord-intproxy-ipc",
        "--example",
        "host",
    ]);
    process::run(&mut cargo)?;
    let name = ["host", std::env::consts::EXE_SUFFIX].concat();
    Ok(held.folder().join("release").join("examples").join(name))
}
