//! `bench`: measurements, one file each. Without a name it runs all but the longest.

mod mirror;
mod page;
pub(crate) mod programs;
pub(crate) mod session;
mod ui;

use anyhow::{Result, bail};

use crate::places::Places;

type Bench = fn(&Places) -> Result<()>;

/// Every measurement by its name.
const BENCHES: [(&str, Bench); 9] = [
    ("page", page::run),
    ("browser", |places| programs::run(places, "browser")),
    ("overhead", |places| programs::run(places, "overhead")),
    ("session", session::run),
    ("latency", |places| programs::run(places, "latency")),
    ("ui", ui::run),
    ("viewers", |places| programs::run(places, "viewers")),
    ("mirror", mirror::run),
    (MINUTE, ui::stall),
];

/// The one that takes a minute, and has to be asked for.
const MINUTE: &str = "stall";

/// The command.
pub(crate) fn run(places: &Places, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("no measurement is named `{unknown}`; there are: {}", known.join(", "));
    }
    for (name, bench) in BENCHES {
        if (names.is_empty() && name != MINUTE) || names.iter().any(|wanted| wanted == name) {
            bench(places)?;
        }
    }
    Ok(())
}
