//! `watch CMD...`: runs a command, and prints what it does to standard error (nothing with `MIRRORD_WATCH_QUIET` set).
//!
//! The smallest host of this crate, for trying it by hand; `mirrord exec` is the real one.
#![allow(clippy::print_stderr, clippy::print_stdout, reason = "a program for the terminal")]

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mirrord_observe::{Command, Watchdog, start, watchdog_main};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: watch CMD...");
        return ExitCode::from(2);
    };
    if program == "__watchdog" {
        return watchdog_main();
    }
    let command = Command {
        program,
        arguments: arguments.collect(),
        marks_loader: false,
    };
    let watchdog = Watchdog::ThisProgram {
        arguments: vec!["__watchdog".into()],
    };
    let quiet = std::env::var_os("MIRRORD_WATCH_QUIET").is_some();
    let told = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&told);
    let started = start(&command, &watchdog, move |observation| {
        count.fetch_add(1, Ordering::Relaxed);
        if !quiet {
            eprintln!("{:?} {:?}", observation.pid, observation.event);
        }
    });
    let watched = match started {
        Ok(watched) => watched,
        Err(error) => {
            eprintln!("watch: {error}");
            return ExitCode::from(error.shell_exit_code().unwrap_or(1));
        }
    };
    match watched.wait() {
        Ok(status) => {
            if std::env::var_os("MIRRORD_WATCH_COUNTS").is_some() {
                eprintln!("{} events, {:?}", told.load(Ordering::Relaxed), watched.stats());
            }
            let signal = status.signal().map(|signal| 128 + signal);
            ExitCode::from(status.code().or(signal).unwrap_or(1) as u8)
        }
        Err(error) => {
            eprintln!("watch: {error}");
            ExitCode::FAILURE
        }
    }
}
