//! `bench`: measurements, one file each. Without a name it runs all of them.

mod page;
pub(crate) mod programs;
pub(crate) mod session;

use anyhow::{Result, bail};

use crate::places::Places;

type Bench = fn(&Places) -> Result<()>;

/// Every measurement by its name.
const BENCHES: [(&str, Bench); 4] = [
    ("page", page::run),
    ("overhead", |places| programs::run(places, "overhead")),
    ("session", session::run),
    ("latency", |places| programs::run(places, "latency")),
];

/// The command.
pub(crate) fn run(places: &Places, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("no measurement is named `{unknown}`; there are: {}", known.join(", "));
    }
    for (name, bench) in BENCHES {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            bench(places)?;
        }
    }
    Ok(())
}
