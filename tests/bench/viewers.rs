//! Cost of fifty phones for the desktop: age of an event at the desktop's reader, alone and with them, in turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use mirrord_tests::host::Host;
use mirrord_tests::mirror::Mirror;
use mirrord_tests::ws::Ws;
use mirrord_wire::{MonitorEvent, Routing, SessionInfo};

use crate::stats::Samples;

const VIEWERS: usize = 50;
/// The mirror takes eight connections of an address.
const SOCKETS_A_PHONE: usize = 7;
const RATE: u32 = 5_000;
/// One event in so many is timed.
const TIMED: usize = 25;
const SAMPLES: usize = 1_000;
const ROUNDS: usize = 3;

pub(crate) async fn run() -> Result<()> {
    println!(
        "\nfrom the emitting to the desktop's reader at {RATE} events/s, gathered; {ROUNDS} rounds in turn, {SAMPLES} events each"
    );
    let (home, mirror) = Mirror::with_home().await;
    let host = Host::start(&home, "viewers", SessionInfo::default());
    let done = Arc::new(AtomicBool::new(false));
    let emitter = std::thread::spawn({
        let done = Arc::clone(&done);
        move || emit(&host, &done)
    });
    let mut phones = Vec::new();
    for last in (3..).take(VIEWERS.div_ceil(SOCKETS_A_PHONE)) {
        phones.push(mirror.signed_in(last).await);
    }
    let (mut alone, mut among) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        time(&mirror, &mut alone).await;
        let mut viewers = Vec::new();
        for number in 0..VIEWERS {
            let mut socket = phones[number / SOCKETS_A_PHONE]
                .open("/ws?batch=1")
                .await
                .map_err(|status| anyhow!("a viewer was answered {status}"))?;
            viewers.push(tokio::spawn(async move { while socket.next().await.is_ok() {} }));
        }
        time(&mirror, &mut among).await;
        viewers.iter().for_each(tokio::task::JoinHandle::abort);
    }
    done.store(true, Ordering::Relaxed);
    drop(emitter.join());
    for (name, samples) in [("desktop alone", &alone), ("with 50 mirror viewers", &among)] {
        let [median, high] = [0.5, 0.99].map(|share| samples.percentile(share).as_secs_f64() * 1e3);
        println!(
            "  {name:28} median {median:6.2} ms   99th {high:6.2} ms   ({} seen)",
            samples.len()
        );
    }
    let ratio = among.median().as_secs_f64() / alone.median().as_secs_f64();
    println!(
        "  with them to alone, medians  {ratio:6.2}      (goal: at most 1.20; the viewers' clients run on the same machine)"
    );
    Ok(())
}

/// Emits events at the rate, each with the time in its path.
fn emit(host: &Host, done: &AtomicBool) {
    let began = Instant::now();
    let mut told = 0;
    while !done.load(Ordering::Relaxed) {
        let due = (began.elapsed().as_secs_f64() * f64::from(RATE)) as u64;
        while told < due {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let path = format!("/latency/{}", now.as_nanos());
            host.file(&path, "open", Routing::Local, None);
            told += 1;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

async fn time(mirror: &Mirror, samples: &mut Samples) {
    let mut desktop = Ws::open(&mirror.ui, "/ws?batch=1").await;
    let (mut seen, mut added) = (0, 0);
    // The first messages tell of what was there before.
    let began = Instant::now();
    desktop
        .until_event("viewers", |line| {
            seen += 1;
            if began.elapsed() < Duration::from_secs(1) || seen % TIMED != 0 {
                return None;
            }
            let MonitorEvent::FileOp { path: Some(path), .. } = line.event() else {
                return None;
            };
            let made = Duration::from_nanos(path.strip_prefix("/latency/")?.parse().ok()?);
            samples.add(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.saturating_sub(made));
            added += 1;
            (added == SAMPLES).then_some(())
        })
        .await;
}
