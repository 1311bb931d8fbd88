//! Cost of a decision by mirrord.json with 50 rules: an example of `config` measures it, and its goal is printed beside it.

use std::io::{Write as _, stdout};

use anyhow::{Context as _, Result};

use crate::{
    paths::Paths,
    process,
    target_lock::{Target, TargetLock},
};

/// The most that a decision may take, in nanoseconds.
const MAX_NANOSECONDS: f64 = 1_000.0;

/// A figure for each kind of operation.
pub(super) fn run(paths: &Paths) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-config"])
        .args(["--example", "measure"]);
    for line in process::output(&mut cargo)?.lines() {
        let figure = line.split_ascii_whitespace().nth(1).context("a figure is missing")?;
        let is_met = figure.parse::<f64>().context("a figure is no number")? <= MAX_NANOSECONDS;
        let met = if is_met { "met" } else { "MISSED" };
        writeln!(stdout(), "{line:40} at most {MAX_NANOSECONDS} ns  {met}")?;
    }
    Ok(())
}
