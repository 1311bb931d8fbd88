//! `tidy`: the house rules that no compiler checks: about files, doc comments, circles between modules, and which crate may
//! depend on which.

mod circles;
mod dependencies;
mod files;
mod words;

use anyhow::{Context, Result, bail};

use crate::{places::Places, process};

/// The command: prints every broken rule, and fails where there is one.
pub(crate) fn run(places: &Places) -> Result<()> {
    let files = tracked_files(places)?;
    let mut broken = files::check(places, &files)?;
    broken.extend(words::check(places, &files)?);
    broken.extend(circles::check(places, &files)?);
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

/// Files that git tracks, or would.
fn tracked_files(places: &Places) -> Result<Vec<String>> {
    let mut git = places.command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let list = process::output(&mut git).context("git lists the files")?;
    Ok(list.lines().map(str::to_owned).collect())
}
