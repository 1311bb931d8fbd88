//! `tidy`: the house rules that no compiler checks: about files, doc comments, circles between modules, and which crate may
//! depend on which.

mod circles;
mod dependencies;
mod files;
mod words;

use anyhow::{Context, Result, bail};

use crate::{paths::Paths, process};

/// The command: prints every broken rule, and fails where there is one.
pub(crate) fn run(paths: &Paths) -> Result<()> {
    let files = tracked_files(paths)?;
    let mut broken = files::check(paths, &files)?;
    broken.extend(words::check(paths, &files)?);
    broken.extend(circles::check(paths, &files)?);
    broken.extend(dependencies::check(paths)?);
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
fn tracked_files(paths: &Paths) -> Result<Vec<String>> {
    let mut git = paths.command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let list = process::output(&mut git).context("git lists the files")?;
    Ok(list.lines().map(str::to_owned).collect())
}
