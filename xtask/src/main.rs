//! `cargo xtask <command>`: set-up, build, demo, test, bench. One file a command; this one only picks it.
//!
//! Every other command is reached through this program, so it must compile in seconds: no argument parser, no
//! async runtime, and a dependency only where the standard library has nothing.

#![allow(clippy::print_stderr, reason = "a program for the terminal")]

mod bench;
mod build;
mod demo;
mod deny;
mod digest;
mod dist;
mod fuzz;
mod macos;
mod page;
mod paths;
mod process;
mod sample;
mod setup;
mod target_lock;
mod test;
mod tidy;
#[cfg(target_os = "linux")]
mod truth;
mod windows;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::paths::Paths;

const USAGE: &str = "\
Usage: cargo xtask <command>

  setup               find or install what the page and the tests need
  build [--release]   the page, then the binary with the page inside; the last line is its path
  demo [UI-ARGS]      build, then watch a sample program in `mirrord ui`, until Ctrl-C
  test [NAME...]      every check; with names, only the end-to-end tests that match
  windows             lints for Windows, and tests as Windows programs under Wine
  macos               lints for macOS
  deny                licences, sources and advisories of the dependencies, by deny.toml
  dist [TARGET...]    the files of a release, in target/dist: archives, Debian packages, SHA-256 sums
  dist --branch       the branch `release`: this commit with the page's built files, for `cargo install --git`
  tidy                the rules about files and dependencies alone (a part of `test`)
  bench [NAME...]     measurements: page, browser, overhead, session, latency, ui,
                      viewers, filter, mirror; or stall
  truth [NAME...]     events and outcomes of `mirrord exec` against strace, on Linux
  fuzz [SECONDS]      odd requests against the session socket; a minute where nothing is said
  pictures            the documents' pictures, taken anew

Tools and build outputs are cached in one folder for all checkouts: MIRRORD_XTASK_CACHE, or `mirrord-xtask` in the
user's cache folder.
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        eprint!("{USAGE}");
        bail!("no command given");
    };
    // The sample is this program under another name, and knows nothing of checkouts.
    if command == sample::COMMAND {
        return sample::run(rest);
    }
    if matches!(command.as_str(), "help" | "-h" | "--help") || rest.iter().any(|arg| arg == "-h" || arg == "--help") {
        eprint!("{USAGE}");
        return Ok(());
    }
    let paths = Paths::find()?;
    match command.as_str() {
        "setup" => setup::run(&paths, rest),
        "build" => build::run(&paths, rest),
        "demo" => demo::run(&paths, rest),
        "test" => test::run(&paths, rest),
        "tidy" => tidy::run(&paths),
        "deny" => deny::run(&paths, rest),
        "dist" => dist::run(&paths, rest),
        "macos" => macos::run(&paths, rest),
        "windows" => windows::run(&paths, rest),
        "bench" => bench::run(&paths, rest),
        #[cfg(target_os = "linux")]
        "truth" => truth::run(&paths, rest),
        "fuzz" => fuzz::run(&paths, rest),
        "pictures" => bench::programs::run(&paths, "pictures"),
        unknown => {
            eprint!("{USAGE}");
            bail!("unknown command `{unknown}`");
        }
    }
}
