//! What `mirrord ui` takes and how fast it is: an example of `ui-server` loads the release binary from outside.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    page,
    places::Places,
    process, setup,
    shared::{Held, Target},
};

/// Every row, with a reader that stalls for a moment.
pub(super) fn run(places: &Places) -> Result<()> {
    load(places, &[])
}

/// A reader that stalls for a whole minute.
pub(super) fn stall(places: &Places) -> Result<()> {
    load(places, &["--full", "stalled"])
}

fn load(places: &Places, arguments: &[&str]) -> Result<()> {
    let tools = setup::page_tools(places)?;
    let built = build::build_with(places, &tools, Profile::Release)?;
    let held = Held::take(places, Target::Native)?;
    let mut cargo = held.cargo(places);
    cargo
        .args(["run", "--quiet", "--release", "--package", "mirrord-ui-server"])
        .args(["--example", "load", "--"])
        .args(arguments)
        .env(page::VARIABLE, &built.page)
        .env("MIRRORD_BIN", &built.binary);
    process::run_shown(&mut cargo)
}
