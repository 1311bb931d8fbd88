//! Measures `mirrord proxy` from outside, beside a direct connection and what else a person would put in between: socat
//! and nginx's stream proxy, each as it comes and with buffers of 256 KiB.
//!
//!     MIRRORD_BIN=target/release/mirrord cargo run --release -p mirrord-tcp-proxy --example proxy_load -- [ROUNDS]
//!
//! `MIRRORD_BENCH_SOCAT`, `MIRRORD_BENCH_NGINX` and `MIRRORD_BENCH_NGINX_STREAM` (the module, where it is one) name the
//! others; one that is not named is left out. All take turns in every round. Sender, server and proxy share this
//! machine's processors, so compare within a row.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

mod load;
mod memory;
mod peers;

use std::error::Error;
use std::time::Duration;

use crate::load::Server;
use crate::peers::Peer;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 7;
/// Time for which bytes flow for one figure.
const FLOW: Duration = Duration::from_millis(800);
const STREAMS: usize = 64;
const ECHOES: usize = 5_000;
/// The connections over which memory is shared out.
const RESTING: usize = 200;

/// Figures of one contender, one a round.
#[derive(Default)]
struct Figures {
    one: Vec<f64>,
    many: Vec<f64>,
    median: Vec<f64>,
    late: Vec<f64>,
}

fn main() -> Result<(), Failure> {
    let rounds = std::env::args().nth(1).map_or(Ok(ROUNDS), |given| given.parse())?;
    let server = Server::start()?;
    let peers = peers::all(server.address())?;
    let mut figures: Vec<_> = peers.iter().map(|_| Figures::default()).collect();
    for round in 0..=rounds {
        // Each round begins with another one, so that none always follows the same. Echoes come first: what a flood leaves
        // behind would be in the times of whoever is measured after it.
        let order = || (0..peers.len()).map(|turn| (turn + round) % peers.len());
        for (place, is_echo) in order()
            .map(|place| (place, true))
            .chain(order().map(|place| (place, false)))
        {
            let (Some(peer), Some(own)) = (peers.get(place), figures.get_mut(place)) else {
                continue;
            };
            let measured = if is_echo { latency(peer) } else { throughput(peer) }?;
            // The first round warms everything up.
            match (round, is_echo) {
                (0, _) => {}
                (_, true) => {
                    own.median.push(measured.0);
                    own.late.push(measured.1);
                }
                (_, false) => {
                    own.one.push(measured.0);
                    own.many.push(measured.1);
                }
            }
        }
    }
    println!("{rounds} rounds in turn, medians (smallest to largest)");
    table("one stream, Gb/s", &peers, &figures, |own| &own.one, None);
    table("64 streams, Gb/s", &peers, &figures, |own| &own.many, None);
    let direct = figures.first().map(|own| (middle(&own.median), middle(&own.late)));
    let (median, late) = direct.unwrap_or_default();
    table(
        "echo of 128 bytes, median, µs",
        &peers,
        &figures,
        |own| &own.median,
        Some(median),
    );
    table(
        "echo of 128 bytes, 99th percentile, µs",
        &peers,
        &figures,
        |own| &own.late,
        Some(late),
    );
    println!("\nmemory a connection, KiB (of {RESTING}: after an echo; after 1 MiB each way, at rest again)");
    for peer in peers.iter().filter(|peer| peer.pid().is_some()) {
        let (idle, used) = memory::a_connection(peer, RESTING)?;
        println!("  {:18} {idle:8.1} {used:8.1}", peer.name);
    }
    Ok(())
}

/// Of one stream, and of many.
fn throughput(peer: &Peer) -> Result<(f64, f64), Failure> {
    let one = load::throughput(peer.address, 1, FLOW)?;
    Ok((one, load::throughput(peer.address, STREAMS, FLOW)?))
}

/// The median, and the 99th percentile.
fn latency(peer: &Peer) -> Result<(f64, f64), Failure> {
    let mut echoes = load::echoes(peer.address, ECHOES)?;
    echoes.sort_unstable();
    let at = |share: usize| {
        let place = echoes.len().saturating_sub(1) * share / 100;
        echoes.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    Ok((at(50), at(99)))
}

fn table(title: &str, peers: &[Peer], figures: &[Figures], row: fn(&Figures) -> &Vec<f64>, direct: Option<f64>) {
    println!("\n{title}");
    for (peer, own) in peers.iter().zip(figures) {
        let mut sorted = row(own).clone();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (sorted.first().copied(), sorted.last().copied());
        let added = direct.map_or(String::new(), |direct| format!("  +{:.1}", middle(&sorted) - direct));
        println!(
            "  {:18} {:8.2} ({:.2} to {:.2}){added}",
            peer.name,
            middle(&sorted),
            low.unwrap_or_default(),
            high.unwrap_or_default()
        );
    }
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
