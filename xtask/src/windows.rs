//! `windows`: the session library's tests, and those of what it speaks, as Windows programs, with real named pipes, under Wine.
//!
//! On Windows itself there is nothing to do: there the ordinary tests are the Windows tests. What Wine does otherwise
//! than Windows is said beside the tests it concerns.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{
    places::Places,
    process,
    setup::{self, WindowsTools},
    shared::{Held, Target},
};

/// What is compiled for other systems.
pub(crate) const PACKAGES: [&str; 4] = ["--package", "mirrord-intproxy-ipc", "--package", "mirrord-wire"];

/// The tests take half a minute; no wait of a single one is longer than five.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// The command: the set-up, and the tests.
pub(crate) fn run(places: &Places, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.first() {
        bail!("`windows` takes no arguments, and got `{unknown}`");
    }
    if cfg!(windows) {
        bail!("this is Windows: `cargo test --package mirrord-intproxy-ipc` runs the same tests");
    }
    test(places, &setup::windows_tools(places)?)
}

/// Builds for Windows, and runs the protocol tests.
pub(crate) fn test(places: &Places, tools: &WindowsTools) -> Result<()> {
    let held = Held::take(places, Target::Native)?;
    let cargo = |args: &[&str]| {
        let mut cargo = held.cargo(places);
        tools.apply(&mut cargo);
        cargo.args(args).args(["--target", WindowsTools::TARGET]);
        cargo
    };
    // Documentation's examples are compiled one by one, and show nothing here that they do not show elsewhere.
    let tests = [&["test", "--lib", "--tests"], &PACKAGES[..]].concat();
    process::run(cargo(&tests).arg("--no-run"))?;
    let _running = tools.wine().start();
    process::run_shown_within(LIMIT, &mut cargo(&tests))
        .context("the Windows tests under Wine failed, or hung and were ended")
}
