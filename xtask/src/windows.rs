//! `windows`: lints, and tests as Windows programs, with real named pipes, under Wine.
//!
//! On Windows itself there is nothing to do: there the ordinary tests are the Windows tests. What Wine does otherwise
//! than Windows is described beside the tests it concerns.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{
    paths::Paths,
    process,
    setup::{self, WindowsTools},
    target_lock::{Target, TargetLock},
    test,
};

/// Packages that are linted for Windows with all their tests, which run under Wine. The list only grows.
pub(crate) const PACKAGES: [&str; 32] = [
    "--package",
    "mirrord-intproxy-ipc",
    "--package",
    "mirrord-wire",
    "--package",
    "mirrord-catalogues",
    "--package",
    "mirrord-config",
    "--package",
    "mirrord-filter",
    "--package",
    "mirrord-private-files",
    "--package",
    "mirrord-session-dir",
    "--package",
    "mirrord-session-client",
    "--package",
    "mirrord-tcp-listener",
    "--package",
    "mirrord-tcp-proxy",
    "--package",
    "mirrord-record",
    "--package",
    "mirrord-otlp",
    "--package",
    "mirrord-what-if",
    // What it gives where there is nothing to observe with: its tests are for Linux.
    "--package",
    "mirrord-observe",
    "--package",
    "mirrord-ui-server",
    // The program as a whole: `crates/cli/tests/desktop.rs`.
    "--package",
    "mirrord",
];

/// The tests take some minutes, most of it those of the server, and several times as long on a busy machine.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Sets up, lints, and runs the tests.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.first() {
        bail!("`windows` takes no arguments, and got `{unknown}`");
    }
    if cfg!(windows) {
        bail!("this is Windows: `cargo xtask test` runs the same tests");
    }
    let tools = setup::windows_tools(paths)?;
    test::clippy_for(paths, WindowsTools::TARGET, &PACKAGES, |cargo| tools.apply(cargo))?;
    run_tests(paths, &tools)
}

/// Builds for Windows, and runs the tests. None is left out by its name here: what Wine does otherwise than Windows, its test
/// says, and the harness prints the reason where it is ignored.
fn run_tests(paths: &Paths, tools: &WindowsTools) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let cargo = |args: &[&str]| {
        let mut cargo = held.cargo(paths);
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
