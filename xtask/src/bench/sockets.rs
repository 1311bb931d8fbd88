//! Cost of following a program's sockets: an example of `observe` measures its own thread.

use anyhow::Result;

use crate::{
    paths::Paths,
    process,
    target_lock::{Target, TargetLock},
};

/// Runs the example as a release build, with its output on ours.
pub(super) fn run(paths: &Paths) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-observe"])
        .args(["--example", "sockets"]);
    process::run_shown(&mut cargo)
}
