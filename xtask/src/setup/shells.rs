//! Shells that the tests of job control run in: bash, dash and zsh, which is the one that a system tends to lack.

use anyhow::Result;

use super::{apt_packages, install::on_path};
use crate::paths::Paths;

const SHELLS: [&str; 3] = ["bash", "dash", "zsh"];

/// Finds the shells, and installs those that are missing where we may. Without them their tests are left out, and say so;
/// in CI they fail.
pub(super) fn find_or_install(paths: &Paths) -> Result<(String, ())> {
    let missing = missing();
    if missing.is_empty() {
        return Ok((SHELLS.join(", "), ()));
    }
    let names = missing.join(", ");
    if let Some(by_hand) = apt_packages::by_hand(&missing) {
        eprintln!("  {names}: missing, and so are the tests of job control there: {by_hand} brings them");
    } else if let Err(error) = apt_packages::install(paths, "shells", &missing) {
        eprintln!("  apt-get cannot install {names}, so the tests of job control there are left out: {error:#}");
    }
    let missing = self::missing();
    let how = match missing.is_empty() {
        true => format!("{}, some of them just installed", SHELLS.join(", ")),
        false => format!("without {}", missing.join(", ")),
    };
    Ok((how, ()))
}

fn missing() -> Vec<&'static str> {
    SHELLS.into_iter().filter(|shell| on_path(&[shell]).is_none()).collect()
}
