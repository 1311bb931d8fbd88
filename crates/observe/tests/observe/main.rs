//! Real programs under observation.
//!
//! This binary starts itself in three more roles, so it has a `main` of its own: as watchdog, as host (what `mirrord
//! exec` is to a user, see `host`) and as program under observation (see `actor`). A new test goes into the module of
//! its behaviour, and into that module's list.
#![cfg_attr(not(target_os = "linux"), allow(unused, reason = "there is nothing to test"))]
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests report to the terminal, and panic to fail"
)]

#[cfg(target_os = "linux")]
mod actor;
#[cfg(target_os = "linux")]
mod actor_more;
#[cfg(target_os = "linux")]
mod actor_outcomes;
#[cfg(target_os = "linux")]
mod faithful;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod host;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod outcomes;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
mod sockets;
#[cfg(target_os = "linux")]
mod support;
#[cfg(target_os = "linux")]
mod watchdog;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("programs are watched on Linux only: nothing to test here");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("__watchdog") => mirrord_observe::watchdog_main(),
        Some("__host") => host::main(),
        Some("__act") => actor::main(&arguments[1..]),
        _ => support::run_tests(&arguments),
    }
}
