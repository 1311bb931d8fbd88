//! Time of `mirrord ls` with twenty sessions, from its start to its exit.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Result, ensure};
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_wire::SessionInfo;

use crate::stats::Samples;

const SESSIONS: usize = 20;
const ROUNDS: usize = 30;

pub(crate) async fn run() -> Result<()> {
    let home = Home::new();
    let info = |id: &str| SessionInfo {
        session_id: id.to_owned(),
        target: format!("deployment/{id}"),
        ..SessionInfo::default()
    };
    let names: Vec<_> = (0..SESSIONS).map(|number| format!("service-{number}")).collect();
    let hosts: Vec<_> = names.iter().map(|id| Host::start(&home, id, info(id))).collect();
    let mut samples = Samples::default();
    for round in 0..=ROUNDS {
        let started = Instant::now();
        let output = home.mirrord(["ls"]).stderr(Stdio::inherit()).output().await?;
        let took = started.elapsed();
        ensure!(output.status.success(), "mirrord ls ended with {}", output.status);
        let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        ensure!(lines == SESSIONS + 1, "mirrord ls printed {lines} lines");
        // The first round fills the caches.
        if round > 0 {
            samples.add(took);
        }
    }
    drop(hosts);
    println!(
        "\nmirrord ls, {SESSIONS} sessions, {ROUNDS} rounds (at most 50 ms): {}",
        samples.spread()
    );
    Ok(())
}
