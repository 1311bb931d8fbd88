//! `macos`: clippy for macOS, on a machine that cannot link or run what it builds for it.

use anyhow::{Result, bail};

use crate::{
    paths::Paths,
    setup::{self, MacTools},
    test,
    windows::PACKAGES,
};

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
