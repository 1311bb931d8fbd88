//! `bench`: measurements, one file each. Without a name it runs all but the longest.

mod mirror;
mod page;
pub(crate) mod programs;
pub(crate) mod session;
mod sockets;
mod ui;

use anyhow::{Result, bail};

use crate::{fuzz::FILTER, paths::Paths};

type Bench = fn(&Paths) -> Result<()>;

/// Every measurement by its name.
const BENCHES: &[(&str, Bench)] = &[
    ("page", page::run),
    ("browser", |paths| programs::run(paths, "browser")),
    ("overhead", |paths| programs::run(paths, "overhead")),
    ("session", session::run),
    ("sockets", sockets::run),
    ("latency", |paths| programs::run(paths, "latency")),
    ("list", |paths| programs::run(paths, "list")),
    ("config", |paths| session::run_example(paths, CONFIG, "measure", &[])),
    ("ui", ui::run),
    ("viewers", |paths| programs::run(paths, "viewers")),
    ("what-if", |paths| programs::run(paths, "what-if")),
    ("record", |paths| programs::run(paths, "record")),
    ("otlp", |paths| programs::run(paths, "otlp")),
    ("filter", |paths| session::run_example(paths, FILTER, "measure", &[])),
    ("mirror", mirror::run),
    (MINUTE, ui::stall),
];

/// The package whose example measures decisions by mirrord.json.
const CONFIG: &str = "mirrord-config";

/// The one that takes a minute, and has to be asked for.
const MINUTE: &str = "stall";

/// The command.
pub(crate) fn run(paths: &Paths, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("no measurement is named `{unknown}`; there are: {}", known.join(", "));
    }
    for (name, bench) in BENCHES {
        if (names.is_empty() && *name != MINUTE) || names.iter().any(|wanted| wanted == name) {
            bench(paths)?;
        }
    }
    Ok(())
}
