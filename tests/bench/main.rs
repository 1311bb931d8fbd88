//! The figures that we hold: each row a real program, side by side with what a user would pick instead, in one run.
//!
//! `cargo xtask bench` builds the release binary and runs this; a name runs the rows of that name alone. Machines are
//! noisy: everything is measured in turn, and stands with its median and its spread.

#![allow(clippy::print_stdout, reason = "the figures are this program's output")]

mod latency;
mod overhead;
mod stats;

use anyhow::{Result, bail};

#[tokio::main]
async fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|own| own == name);
    if let Some(unknown) = names
        .iter()
        .find(|name| !["overhead", "latency"].contains(&name.as_str()))
    {
        bail!("there are no figures named `{unknown}`; there are `overhead` and `latency`");
    }
    if wanted("overhead") {
        overhead::run().await?;
    }
    if wanted("latency") {
        latency::run().await?;
    }
    Ok(())
}
