//! Memory and speed of `mirrord ui`: an example of `ui-server` loads the release binary from outside.

use anyhow::Result;

use crate::{
    build, page,
    paths::Paths,
    process, setup,
    target_lock::{Target, TargetLock},
};

/// Every row, with a reader that stalls for a moment.
pub(super) fn run(paths: &Paths) -> Result<()> {
    load(paths, &[])
}

/// A reader that stalls for a whole minute.
pub(super) fn stall(paths: &Paths) -> Result<()> {
    load(paths, &["--full", "stalled"])
}

fn load(paths: &Paths, arguments: &[&str]) -> Result<()> {
    let tools = setup::page_tools(paths)?;
    let built = build::build_measured(paths, &tools)?;
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-ui-server"])
        .args(["--example", "load", "--"])
        .args(arguments)
        .env(page::VARIABLE, &built.page)
        .env(build::BINARY_VARIABLE, &built.binary);
    process::run_shown(&mut cargo)
}
