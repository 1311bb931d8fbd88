//! Programs of the system that some tests run: shells for job control, a file system that a program under observation
//! serves itself, and what makes a container's first process.
//!
//! A machine without them tests the rest, and the tests say that they left this out; in CI they fail.

use anyhow::Result;

use super::{apt_packages, install::on_path};
use crate::paths::Paths;

/// Programs, and the packages that bring them.
pub(super) struct Programs {
    programs: &'static [&'static str],
    packages: &'static [&'static str],
}

/// Bash, dash and zsh, which is the one that a system tends to lack.
pub(super) const SHELLS: Programs = Programs {
    programs: &["bash", "dash", "zsh"],
    packages: &["bash", "dash", "zsh"],
};

pub(super) const FUSE: Programs = Programs {
    programs: &["bindfs", "fusermount3"],
    packages: &["bindfs", "fuse3"],
};

/// Every system has them, but the smallest.
pub(super) const CONTAINERS: Programs = Programs {
    programs: &["unshare", "python3"],
    packages: &["util-linux", "python3"],
};

impl Programs {
    /// Finds the programs, and installs them where one is missing and we may.
    pub(super) fn find_or_install(&self, paths: &Paths) -> Result<(String, ())> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok((self.programs.join(", "), ()));
        }
        let names = missing.join(", ");
        if let Some(by_hand) = apt_packages::by_hand(self.packages) {
            eprintln!("  {names}: missing, and so are their tests: {by_hand} brings them");
        } else if let Err(error) = apt_packages::install(paths, "programs", self.packages) {
            eprintln!("  apt-get cannot install {names}, so their tests are left out: {error:#}");
        }
        let missing = self.missing();
        let how = match missing.is_empty() {
            true => format!("{}, some of them just installed", self.programs.join(", ")),
            false => format!("without {}", missing.join(", ")),
        };
        Ok((how, ()))
    }

    fn missing(&self) -> Vec<&'static str> {
        let programs = self.programs.iter().copied();
        programs.filter(|program| on_path(&[program]).is_none()).collect()
    }
}
