//! The figures that take running programs: the release binary, driven from outside by `tests/bench` and by an example.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    build::{self, Profile},
    page,
    paths::Paths,
    process, setup,
    target_lock::{Target, TargetLock},
};

/// Variable with the path of the example host of `intproxy-ipc`, for the measuring program.
const HOST_VARIABLE: &str = "MIRRORD_BENCH_HOST";

/// Builds the release binary and hands it to the measuring program. That one is a debug build, as the tests are: it
/// only starts, reads and takes the time.
pub(crate) fn run(paths: &Paths, name: &str) -> Result<()> {
    let chromium = setup::chromium(paths)?;
    with_release(paths, |held, cargo| {
        cargo.args(["--package", "mirrord-tests", "--bin", "bench", "--", name]);
        cargo.env(HOST_VARIABLE, host(paths, held)?);
        cargo.env(setup::CHROMIUM_VARIABLE, chromium);
        Ok(())
    })
}

/// Memory and speed of `mirrord ui`: an example of `ui-server` loads the release binary from outside.
pub(super) fn load(paths: &Paths) -> Result<()> {
    with_release(paths, |_, cargo| {
        cargo.args(["--release", "--package", "mirrord-ui-server", "--example", "load"]);
        Ok(())
    })
}

/// Builds the release binary, and runs what `choose` names with it.
fn with_release(paths: &Paths, choose: impl FnOnce(&TargetLock, &mut Command) -> Result<()>) -> Result<()> {
    let tools = setup::page_tools(paths)?;
    let built = build::build_with(paths, &tools, Profile::Release)?;
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet"])
        .env(page::VARIABLE, &built.page)
        .env("MIRRORD_BIN", &built.binary);
    choose(&held, &mut cargo)?;
    process::run_shown(&mut cargo)
}

/// Builds the example host, which makes up events at a given rate.
fn host(paths: &Paths, held: &TargetLock) -> Result<PathBuf> {
    let mut cargo = held.cargo(paths);
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
