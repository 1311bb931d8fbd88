//! The figures that take running programs, which `tests/bench` measures: the release binary, driven from outside.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    build, page,
    paths::Paths,
    process, setup,
    target_lock::{Target, TargetLock},
};

/// Variable with the path of the example host of `intproxy-ipc`, for the measuring program.
const HOST_VARIABLE: &str = "MIRRORD_BENCH_HOST";

/// Builds the release binary and hands it to the measuring program. That one is a debug build, as the tests are: it
/// only starts, reads and takes the time.
pub(crate) fn run(paths: &Paths, name: &str) -> Result<()> {
    let tools = setup::page_tools(paths)?;
    let built = build::build_measured(paths, &tools)?;
    let chromium = setup::chromium(paths)?;
    let held = TargetLock::take(paths, Target::Native)?;
    let host = host(paths, &held)?;
    let mut cargo = held.cargo(paths);
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
        .env(build::BINARY_VARIABLE, &built.binary)
        .env(HOST_VARIABLE, host)
        .env(setup::CHROMIUM_VARIABLE, chromium);
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
