//! The figures that we hold: each row a real program, side by side with what a user would pick instead, in one run.
//!
//! `cargo xtask bench` builds the release binary and runs this; a name runs the rows of that name alone. Machines are
//! noisy: everything is measured in turn, and printed with its median and its spread.

#![allow(clippy::print_stdout, reason = "the figures are this program's output")]

mod browser;
mod latency;
mod list;
mod otlp;
mod overhead;
mod pictures;
mod record;
mod stats;
mod viewers;
mod what_if;

use anyhow::{Result, bail};

const NAMES: [&str; 9] = [
    "overhead", "latency", "list", "browser", "viewers", "what-if", "record", "otlp", "pictures",
];

#[tokio::main]
async fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|own| own == name);
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("there is nothing named `{unknown}`; there are {}", NAMES.join(", "));
    }
    if wanted("overhead") {
        overhead::run().await?;
    }
    if wanted("latency") {
        latency::run().await?;
    }
    if wanted("list") {
        list::run().await?;
    }
    if wanted("browser") {
        browser::run().await?;
    }
    if wanted("viewers") {
        viewers::run().await?;
    }
    if wanted("what-if") {
        what_if::run().await?;
    }
    if wanted("record") {
        record::run().await?;
    }
    if wanted("otlp") {
        otlp::run().await?;
    }
    // Not a figure: it writes into the checkout, so it has to be asked for.
    if names.iter().any(|own| own == "pictures") {
        pictures::run().await?;
    }
    Ok(())
}
