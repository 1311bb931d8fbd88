//! Measures a session over seconds: processor time at a steady rate, and the losses of a reader that stops.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example measure sustain [SECONDS [minute]]
//!
//! One line a figure: `name value unit (spread)`. `steady` emits 10,000 events a second for SECONDS (60), a few every
//! millisecond; its processor time is what the process takes beyond the same loop without a session, and beyond its
//! reader's thread. `stopped` is a reader that takes nothing meanwhile; the longer stop has as many events as a minute at
//! 5,000 a second but does not wait for them, unless `minute` is asked for.

use std::error::Error;
use std::time::{Duration, Instant};

use mirrord_intproxy_ipc::MonitorTx;

use crate::support::{Host, Reader, event, figure, processor_time};

const STEADY_RATE: u64 = 10_000;
const STOPPED_RATE: u64 = 5_000;
/// Pieces of the time at the steady rate, for the spread.
const ROUNDS: u64 = 6;

pub(crate) fn all(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let seconds = arguments.first().map_or(Ok(60), |seconds| seconds.parse())?;
    let minute = arguments.get(1).is_some_and(|argument| argument == "minute");
    steady(seconds)?;
    let at_rate = |tx: &MonitorTx, seconds| emit(tx, STOPPED_RATE, Duration::from_secs(seconds));
    let mut lost = (0..3).map(|_| stopped(|tx| at_rate(tx, 3)).map(|told| told.lost));
    figure(
        "stopped_3s_lost",
        "events",
        &mut lost.by_ref().collect::<Result<Vec<_>, _>>()?,
    );
    let told = stopped(|tx| match minute {
        true => at_rate(tx, 60),
        false => {
            for _ in 0..60 * STOPPED_RATE / 1_000 {
                (0..1_000).for_each(|_| tx.emit(event()));
                std::thread::sleep(Duration::from_millis(2));
            }
            60 * STOPPED_RATE
        }
    })?;
    figure("stopped_60s_lost", "events", &mut [told.lost]);
    figure("stopped_60s_unexplained", "events", &mut [told.unexplained]);
    Ok(())
}

fn steady(seconds: u64) -> Result<(), Box<dyn Error>> {
    let round = Duration::from_secs_f64(seconds as f64 / ROUNDS as f64);
    let off = MonitorTx::disabled();
    let percent = |time: Duration| time.as_secs_f64() / round.as_secs_f64() * 100.0;
    let mut idle = (0..3)
        .map(|_| {
            let before = processor_time()?;
            emit(&off, STEADY_RATE, round);
            Ok(percent(processor_time()?.saturating_sub(before)))
        })
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    idle.sort_by(f64::total_cmp);
    for readers in [0, 1] {
        let host = Host::start()?;
        let readers = (0..readers)
            .map(|_| Reader::start(&host))
            .collect::<Result<Vec<_>, _>>()?;
        let theirs = || readers.iter().map(Reader::processor_time).sum::<Duration>();
        let mut rounds = (0..ROUNDS)
            .map(|_| {
                let before = processor_time()?.saturating_sub(theirs());
                emit(&host.tx, STEADY_RATE, round);
                Ok(percent(processor_time()?.saturating_sub(theirs()).saturating_sub(before)) - idle[1])
            })
            .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
        let name = format!("steady_10000_{}_readers", readers.len());
        figure(&name, "percent of a core", &mut rounds);
    }
    Ok(())
}

/// Emits at a rate, and says how many it were.
fn emit(tx: &MonitorTx, rate: u64, time: Duration) -> u64 {
    let start = Instant::now();
    let mut emitted = 0;
    while start.elapsed() < time {
        let due = (start.elapsed().as_secs_f64() * rate as f64) as u64;
        (emitted..due).for_each(|_| tx.emit_with(event));
        emitted = emitted.max(due);
        std::thread::sleep(Duration::from_millis(1));
    }
    emitted
}

struct Told {
    /// Events that the reader missed, by its `Lagged` lines.
    lost: f64,
    /// Events that neither came nor were in a `Lagged` line.
    unexplained: f64,
}

/// Runs `emit` while a reader reads nothing, and returns what it then finds.
fn stopped(emit: impl FnOnce(&MonitorTx) -> u64) -> Result<Told, Box<dyn Error>> {
    let host = Host::start()?;
    let client = host.connect()?;
    // It has asked, and takes nothing from here on.
    std::thread::sleep(Duration::from_millis(50));
    let emitted = emit(&host.tx);
    let reader = Reader::of(client);
    let deadline = Instant::now() + Duration::from_secs(10);
    while reader.accounted() < emitted && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    let lost = reader.missed() as f64;
    Ok(Told {
        lost,
        unexplained: emitted as f64 - reader.events() as f64 - lost,
    })
}
