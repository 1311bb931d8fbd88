//! `truth`: events and outcomes of `mirrord exec` against `strace`, for the README's programs and others.
//!
//! Each program runs once under either, after a run that fills caches, in a folder of its own that is made again. The
//! calls are compared as multisets: which operation, on which path or address. Where both have a call, its outcome under
//! `mirrord exec` is right if strace has as many of that kind.

mod calls;
mod events;
mod programs;
mod strace;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use self::calls::{Calls, Comparison};
use self::programs::{PROGRAMS, Program};
use crate::build;
use crate::paths::Paths;
use crate::process;
use crate::target_lock::{Target, TargetLock};

/// The command.
pub(crate) fn run(paths: &Paths, names: &[String]) -> Result<()> {
    if process::version("strace").is_none() {
        bail!("there is no strace on this machine");
    }
    let binary = binary(paths)?;
    let folder = std::env::temp_dir().join(format!("xtask-truth-{}", std::process::id()));
    let compared = compare_all(&binary, &folder, names);
    std::fs::remove_dir_all(&folder).ok();
    compared
}

fn binary(paths: &Paths) -> Result<PathBuf> {
    if let Some(binary) = build::named_binary(std::env::var_os(build::BINARY_VARIABLE))? {
        return Ok(binary);
    }
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    process::run(cargo.args(["build", "--package", "mirrord", "--bin", "mirrord"]))?;
    Ok(held.folder().join("debug").join("mirrord"))
}

fn compare_all(binary: &Path, folder: &Path, names: &[String]) -> Result<()> {
    println_row(&Comparison::HEAD);
    println_row(&Comparison::HEAD.map(|_| "---"));
    let mut total = Comparison::default();
    for program in PROGRAMS {
        if !names.is_empty() && !names.iter().any(|name| program.name.contains(name.as_str())) {
            continue;
        }
        match compare(binary, folder, program) {
            Ok(compared) => {
                println_row(&compared.row(program.name).each_ref().map(String::as_str));
                compared.report_wrong();
                total.add(&compared);
            }
            Err(error) => eprintln!("{}: left out: {error:#}", program.name),
        }
    }
    println_row(&total.row("all").each_ref().map(String::as_str));
    Ok(())
}

fn compare(binary: &Path, folder: &Path, program: &Program) -> Result<Comparison> {
    if process::version(program.needs).is_none() && which(program.needs).is_none() {
        bail!("there is no {}", program.needs);
    }
    let fresh = || -> Result<()> {
        std::fs::remove_dir_all(folder).ok();
        std::fs::create_dir_all(folder.join("work"))?;
        program.prepare(&folder.join("work"))
    };
    fresh()?;
    program.command(&folder.join("work")).status()?;
    fresh()?;
    let truth = strace::calls(program, folder).context("under strace")?;
    fresh()?;
    let observed = events::calls(binary, program, folder).context("under mirrord exec")?;
    Ok(Calls::compare(&truth, &observed))
}

/// The program of this name in `PATH`.
fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

fn println_row(cells: &[&str; 7]) {
    use std::io::Write as _;
    // A closed pipe ends the reader's interest, and nothing else.
    let _ = writeln!(std::io::stdout(), "| {} |", cells.join(" | "));
}
