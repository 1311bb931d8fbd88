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

/// Packages that are linted for Windows with all their tests. The list only grows; the server and the program are yet to be
/// in it.
pub(crate) const PACKAGES: [&str; 20] = [
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
];

/// Packages whose tests all run under Wine.
const TESTED: [&str; 14] = [
    "--package",
    "mirrord-intproxy-ipc",
    "--package",
    "mirrord-wire",
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
];
/// The program as a whole.
const DESKTOP: [&str; 5] = ["test", "--package", "mirrord", "--test", "desktop"];
/// The server from outside.
const SERVER: [&str; 5] = ["test", "--package", "mirrord-ui-server", "--test", "server"];
/// Tests of [`SERVER`] that fail or hang under Wine for reasons that are not known yet (docs/platforms.md).
const SERVER_SKIPPED: [&str; 7] = [
    "--",
    "--skip",
    "every_route_is_closed_but_for_those_that_were_opened",
    "--skip",
    "strangers_displace_no_connection_of_the_signed_in",
    "--skip",
    "where_all_connections_are_busy_the_next_is_told_so",
];

/// The tests take some minutes; no wait of a single one is longer than one.
const LIMIT: Duration = Duration::from_secs(20 * 60);

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

/// Builds for Windows, and runs the protocol tests.
fn run_tests(paths: &Paths, tools: &WindowsTools) -> Result<()> {
    let held = TargetLock::take(paths, Target::Native)?;
    let cargo = |args: &[&str]| {
        let mut cargo = held.cargo(paths);
        tools.apply(&mut cargo);
        cargo.args(args).args(["--target", WindowsTools::TARGET]);
        cargo
    };
    // Documentation's examples are compiled one by one, and show nothing here that they do not show elsewhere.
    let tests = [&["test", "--lib", "--tests"], &TESTED[..]].concat();
    for build in [&tests[..], &DESKTOP, &SERVER] {
        process::run(cargo(build).arg("--no-run"))?;
    }
    let _running = tools.wine().start();
    let mut server = cargo(&SERVER);
    server.args(SERVER_SKIPPED);
    for mut run in [cargo(&tests), cargo(&DESKTOP), server] {
        process::run_shown_within(LIMIT, &mut run)
            .context("the Windows tests under Wine failed, or hung and were ended")?;
    }
    Ok(())
}
