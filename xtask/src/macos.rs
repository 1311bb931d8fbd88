//! `macos`: clippy for macOS, on a machine that cannot link or run what it builds for it.

use anyhow::{Result, bail};

use crate::{
    paths::Paths,
    setup::{self, MacTools},
    test,
};

/// Packages that are checked: the libraries without C among their dependencies. The server and the program have some (ring),
/// and no compiler for macOS is at hand elsewhere.
const PACKAGES: [&str; 16] = [
    "--package",
    "mirrord-intproxy-ipc",
    "--package",
    "mirrord-wire",
    "--package",
    "mirrord-config",
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

/// Checks the packages that are to run there.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.first() {
        bail!("`macos` takes no arguments, and got `{unknown}`");
    }
    if cfg!(target_os = "macos") {
        bail!("this is macOS: `cargo xtask test` runs the tests themselves");
    }
    let tools = setup::mac_tools(paths)?;
    test::clippy_for(paths, MacTools::TARGET, &PACKAGES, |cargo| tools.apply(cargo))
}
