//! Measures what a session costs its host; the argument names the figures: `emit_cost`, `deliver`, `sustain`, `file_loop`.
//!
//! The memory of a session is measured by the example `memory`, which counts allocations.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

#[cfg(target_os = "linux")]
mod deliver;
#[cfg(target_os = "linux")]
mod emit_cost;
#[cfg(target_os = "linux")]
mod file_loop;
#[cfg(target_os = "linux")]
mod support;
#[cfg(target_os = "linux")]
mod sustain;

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("emit_cost") => emit_cost::all(),
        Some("deliver") => deliver::all(),
        Some("sustain") => sustain::all(&arguments[1..]),
        Some("file_loop") => file_loop::all(),
        _ => Err("which figures? emit_cost, deliver, sustain or file_loop".into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the readers here are on Unix sockets and in /proc, which this system lacks");
}
