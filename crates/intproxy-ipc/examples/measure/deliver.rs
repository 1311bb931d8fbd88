//! Measures delivery: events a second over a real socket, processor time an event, and the share that was lost.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example measure deliver
//!
//! One line a figure: `name value unit (spread)`, the median of rounds and the lowest and highest of them. `paced` waits
//! for the slowest reader when it is 4,000 events ahead. The processor's time is that of the
//! whole process, and `host` is without the readers', which are threads of their own.

use std::error::Error;
use std::time::{Duration, Instant};

use mirrord_intproxy_ipc::MonitorTx;

use crate::support::{Host, Reader, event, figure, processor_time};

const EVENTS: u64 = 500_000;
const AHEAD: u64 = 4_000;
const ROUNDS: usize = 5;

/// One round's figures.
struct Round {
    rate: f64,
    all: f64,
    host: f64,
    lost: f64,
}

pub(crate) fn all() -> Result<(), Box<dyn Error>> {
    let mut host = Vec::new();
    for readers in [1, 4] {
        let rounds = rounds(readers, EVENTS, |tx, readers, number| {
            while number % 256 == 0 && readers.iter().any(|reader| reader.accounted() + AHEAD < number) {
                std::thread::sleep(Duration::from_micros(50));
            }
            tx.emit(event());
        })?;
        print(&format!("paced_{readers}"), &rounds);
        host.push(rounds.iter().map(|round| round.host).collect::<Vec<_>>());
    }
    let mut ratios = host[1]
        .iter()
        .zip(&host[0])
        .map(|(four, one)| four / one)
        .collect::<Vec<_>>();
    figure("four_readers_to_one", "times", &mut ratios);
    print("flood_1", &rounds(1, EVENTS, |tx, _, _| tx.emit(event()))?);
    let bursts = (0..ROUNDS).map(|_| one_round(1, 8_000, |tx, _, _| tx.emit(event())).map(|round| round.lost));
    figure(
        "burst_8000_lost",
        "percent",
        &mut bursts.collect::<Result<Vec<_>, _>>()?,
    );
    Ok(())
}

fn print(name: &str, rounds: &[Round]) {
    let of = |pick: fn(&Round) -> f64| rounds.iter().map(pick).collect::<Vec<_>>();
    figure(
        &format!("{name}_rate"),
        "events/s a reader",
        &mut of(|round| round.rate),
    );
    figure(&format!("{name}_cpu"), "us/event", &mut of(|round| round.all));
    figure(&format!("{name}_host_cpu"), "us/event", &mut of(|round| round.host));
    figure(&format!("{name}_lost"), "percent", &mut of(|round| round.lost));
}

fn rounds(
    readers: usize,
    events: u64,
    emit: impl Fn(&MonitorTx, &[Reader], u64),
) -> Result<Vec<Round>, Box<dyn Error>> {
    (0..ROUNDS).map(|_| one_round(readers, events, &emit)).collect()
}

fn one_round(readers: usize, events: u64, emit: impl Fn(&MonitorTx, &[Reader], u64)) -> Result<Round, Box<dyn Error>> {
    let host = Host::start()?;
    let readers = (0..readers)
        .map(|_| Reader::start(&host))
        .collect::<Result<Vec<_>, _>>()?;
    let (start, before) = (Instant::now(), processor_time()?);
    (0..events).for_each(|number| emit(&host.tx, &readers, number));
    while readers.iter().any(|reader| reader.accounted() < events) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let (wall, all) = (start.elapsed(), processor_time()?.saturating_sub(before));
    let theirs = readers.iter().map(Reader::processor_time).sum::<Duration>();
    let delivered = readers.iter().map(Reader::events).sum::<u64>() as f64 / readers.len() as f64;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / events as f64;
    Ok(Round {
        rate: delivered / wall.as_secs_f64(),
        all: each(all),
        host: each(all.saturating_sub(theirs)),
        lost: 100.0 - delivered / events as f64 * 100.0,
    })
}
