//! Memory and speed of `mirrord ui`: an example of `ui-server` loads the release binary from outside.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    page,
    paths::Paths,
    process, setup,
    target_lock::{Target, TargetLock},
};

/// Every row.
pub(super) fn run(paths: &Paths) -> Result<()> {
    let tools = setup::page_tools(paths)?;
    let built = build::build_with(paths, &tools, Profile::Release)?;
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-ui-server"])
        .args(["--example", "load"])
        .env(page::VARIABLE, &built.page)
        .env("MIRRORD_BIN", &built.binary);
    process::run_shown(&mut cargo)
}
