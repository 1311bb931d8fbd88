//! What publishing a session costs its host: the examples of `intproxy-ipc` measure it, and print a figure a line.

use anyhow::Result;

use crate::{
    places::Places,
    process,
    shared::{Held, Target},
};

/// The examples that print figures.
const MEASURING: [&str; 3] = ["emit_cost", "deliver", "memory"];

/// Emitting, delivering, memory.
pub(super) fn run(places: &Places) -> Result<()> {
    MEASURING
        .iter()
        .try_for_each(|example| run_example(places, example, &[]))
}

/// Runs one example as a release build, with its output on ours.
pub(crate) fn run_example(places: &Places, example: &str, arguments: &[String]) -> Result<()> {
    let held = Held::take(places, Target::Native)?;
    let mut cargo = held.cargo(places);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-intproxy-ipc"])
        .args(["--example", example, "--"])
        .args(arguments);
    process::run_shown(&mut cargo)
}
