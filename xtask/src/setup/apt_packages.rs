//! Programs from the system's own packages, where we may install them: as root, with apt-get.
//!
//! Where we may not, the answer is the command for a person to type. It never asks for a password.

use std::{process::Command, time::Duration};

use anyhow::Result;

use crate::{paths::Paths, process};

/// The lists of packages, from an archive that answers at all.
const UPDATE_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// Some hundred megabytes over a slow line, and unpacking them.
const INSTALL_TIMEOUT: Duration = Duration::from_secs(30 * 60);
/// Time-out for another apt-get on the machine, seconds.
const LOCK_TIMEOUT: &str = "DPkg::Lock::Timeout=300";

/// The command by which a person installs `packages`; `None` where we may do it ourselves.
pub(super) fn by_hand(packages: &[&str]) -> Option<String> {
    let is_root = cfg!(unix) && process::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    match (process::version("apt-get").is_some(), is_root) {
        (true, true) => None,
        (true, false) => Some(format!("`sudo apt-get install {}`", packages.join(" "))),
        (false, _) => Some("your system's package of it".to_owned()),
    }
}

/// Installs `packages` and what they need, without what they recommend.
pub(super) fn install(paths: &Paths, log: &str, packages: &[&str]) -> Result<()> {
    let log = paths.log(log);
    let apt = |limit: Duration, args: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .args(["-o", LOCK_TIMEOUT])
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            // A program that comes as a service is not started for having been installed.
            .env("RUNLEVEL", "1");
        process::run_logged_within("apt-get", &log, limit, &mut command)
    };
    apt(UPDATE_TIMEOUT, &["update"])?;
    apt(
        INSTALL_TIMEOUT,
        &[&["install", "-y", "--no-install-recommends"], packages].concat(),
    )
}
