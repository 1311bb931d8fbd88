//! `deny`: licences, sources, duplicates and advisories of every dependency, by `deny.toml`.
//!
//! Advisories need a copy of the advisory database, and nothing is fetched here. They are checked where a copy is at hand, and
//! reported as left out where it is not: a check that did not run must not look like one that passed.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{paths::Paths, process, setup};

/// Checks that need nothing but the lock file and the sources.
const OFFLINE_CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

/// Runs cargo-deny, installed where it is missing.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.first() {
        bail!("`deny` takes no arguments, and got `{unknown}`");
    }
    let deny = setup::cargo_deny(paths)?;
    let mut checks = OFFLINE_CHECKS.to_vec();
    match advisory_databases().filter(|folder| has_entries(folder)) {
        Some(folder) => {
            eprintln!("deny: advisories from {}", folder.display());
            checks.push("advisories");
        }
        None => eprintln!(
            "deny: advisories are left out: no copy of the database is at hand (`cargo deny fetch db` gets one)"
        ),
    }
    let mut command = paths.command(&deny);
    command.args(["--all-features", "--locked", "check", "--hide-inclusion-graph"]);
    process::run(command.args(checks))
}

/// The default folder of cargo-deny's advisory databases.
fn advisory_databases() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    home.map(|home| home.join("advisory-dbs"))
}

/// Reports a folder that has something in it.
fn has_entries(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}
