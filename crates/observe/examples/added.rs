//! `added [ROUNDS [OTHER]]`: time that watching adds to a call, beside the time that `strace` adds, measured in turn.
//!
//! Two real programs: a Python loop of opens, and `find /usr`. For each, the medians of their wall times bare, watched,
//! under `strace -f -e trace=file,network`, and under the same with `--seccomp-bpf`; and the difference to bare divided
//! by the number of watched calls. What is not installed is named and left out.
//!
//! With OTHER, an `added` that was built from another commit: watched sends over sockets instead, by this one and by
//! OTHER in turn, with the ratio of the medians (`sends.rs`).
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for the terminal"
)]

#[path = "added/sends.rs"]
mod sends;

use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mirrord_observe::{Watchdog, start, watchdog_main};

const OPENS: &str = "import os\nfor _ in range(20000): os.close(os.open('/etc/hostname', 0))";
const STRACE: &[&str] = &["strace", "-f", "-o", "/dev/null", "-e", "trace=file,network"];
const STRACE_BPF: &[&str] = &[
    "strace",
    "-f",
    "--seccomp-bpf",
    "-o",
    "/dev/null",
    "-e",
    "trace=file,network",
];

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("__watchdog") => watchdog_main(),
        Some("__host") => host(&arguments[1..]),
        Some("__send") => sends::main(&arguments[1]),
        rounds => {
            let rounds = rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
            if let Some(other) = arguments.get(1) {
                sends::compare(other, rounds);
                return ExitCode::SUCCESS;
            }
            let python = ["/usr/bin/python3", "python3"]
                .into_iter()
                .find(|python| exists(python));
            if let Some(python) = python {
                compare("a Python loop of 20,000 opens", &[python, "-c", OPENS], rounds);
            } else {
                println!("no python3 here");
            }
            compare("find /usr", &["find", "/usr"], rounds);
            ExitCode::SUCCESS
        }
    }
}

/// Watches a command, and prints the number of its events.
fn host(command: &[String]) -> ExitCode {
    let command = mirrord_observe::Command {
        program: command[0].clone().into(),
        arguments: command[1..].iter().map(Into::into).collect(),
        marks_loader: false,
    };
    let watchdog = Watchdog::ThisProgram {
        arguments: vec!["__watchdog".into()],
    };
    let told = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&told);
    let watched = start(&command, &watchdog, move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    watched.wait().unwrap();
    eprintln!("{}", told.load(Ordering::Relaxed));
    ExitCode::SUCCESS
}

fn exists(program: &str) -> bool {
    let version = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

fn run(prefix: &[&str], command: &[&str]) -> (Duration, String) {
    let words: Vec<_> = prefix.iter().chain(command).collect();
    let start = Instant::now();
    let output = Command::new(words[0])
        .args(&words[1..])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    (start.elapsed(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn compare(name: &str, command: &[&str], rounds: usize) {
    let this = std::env::current_exe().unwrap();
    let watched = [this.to_str().unwrap(), "__host"];
    let mut ways: Vec<(&str, &[&str])> = vec![("bare", &[]), ("watched", &watched)];
    if exists("strace") {
        ways.extend([("strace", STRACE), ("strace --seccomp-bpf", STRACE_BPF)]);
    } else {
        println!("no strace here");
    }
    let mut times = vec![Vec::new(); ways.len()];
    let mut calls = 1_u32;
    for _ in 0..rounds {
        for (way, times) in ways.iter().zip(&mut times) {
            let (time, said) = run(way.1, command);
            times.push(time);
            if way.0 == "watched" {
                calls = said.trim().parse().unwrap();
            }
        }
    }
    println!("{name}: {calls} events, {rounds} rounds");
    times.iter_mut().for_each(|times| times.sort_unstable());
    let bare = times[0][rounds / 2];
    for (way, times) in ways.iter().zip(&times) {
        let (median, best, worst) = (times[rounds / 2], times[0], times[rounds - 1]);
        let added = median.saturating_sub(bare).as_secs_f64() * 1e6 / f64::from(calls);
        println!(
            "  {:22} {median:9.3?} ({best:.3?} to {worst:.3?})  +{added:.1} µs a call",
            way.0
        );
    }
}
