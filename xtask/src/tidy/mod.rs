//! `tidy`: the house rules that no compiler checks: about files, and about which crate may stand on which.

mod dependencies;
mod files;

use anyhow::{Result, bail};

use crate::places::Places;

/// The command: prints every broken rule, and fails where there is one.
pub(crate) fn run(places: &Places) -> Result<()> {
    let mut broken = files::check(places)?;
    broken.extend(dependencies::check(places)?);
    for rule in &broken {
        eprintln!("tidy: {rule}");
    }
    if !broken.is_empty() {
        bail!("{} rules are broken", broken.len());
    }
    eprintln!("tidy: all in order");
    Ok(())
}
