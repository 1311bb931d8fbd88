//! From a program's system call to the message on the WebSocket.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use mirrord_tests::eventually;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_tests::ws::Ws;
use mirrord_wire::{EventLine, MonitorEvent, SessionSummary};

use crate::stats::Samples;

/// Number of timed calls in each row.
const CALLS: usize = 1_000;
/// Calls of a row whose calls are far apart.
const FEW_CALLS: usize = 150;

/// Program that opens a path with the current time in its name, so that a reader can compute the event's age.
const PROGRAM: &str = "
import os, sys, time
count, pause, between = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
sys.stdin.readline()
for i in range(count):
    try: os.stat('/latency/%d' % time.time_ns())
    except OSError: pass
    for j in range(between):
        try: os.stat('/load')
        except OSError: pass
    time.sleep(pause)
sys.stdin.readline()
";

pub(crate) async fn run() -> Result<()> {
    println!("\nfrom the system call to the WebSocket message");
    for (name, path, pause, between, calls) in [
        ("after a silence, one by one", "/ws", "0.1", "0", FEW_CALLS),
        ("quiet, one by one", "/ws", "0.005", "0", CALLS),
        ("quiet, gathered", "/ws?batch=1", "0.005", "0", CALLS),
        ("10,000 a second, one by one", "/ws", "0.004", "50", CALLS),
        ("10,000 a second, gathered", "/ws?batch=1", "0.004", "50", CALLS),
    ] {
        let samples = measure(path, pause, between, calls).await?;
        let [median, high, most] = [
            samples.percentile(0.5),
            samples.percentile(0.99),
            samples.percentile(1.0),
        ]
        .map(|it| it.as_secs_f64() * 1e3);
        let count = samples.len();
        println!("  {name:28} median {median:6.2} ms   99th {high:6.2} ms   most {most:6.2} ms   ({count} seen)");
    }
    Ok(())
}

async fn measure(path: &str, pause: &str, between: &str, calls: usize) -> Result<Samples> {
    let (home, ui) = Ui::with_home().await;
    let command = ["python3", "-c", PROGRAM, &calls.to_string(), pause, between];
    let mut program = Program::start(&home, "latency", &command).await;
    eventually("the session is listed", async || {
        (!ui.json::<Vec<SessionSummary>>("/api/sessions").await.is_empty()).then_some(())
    })
    .await;
    let mut ws = Ws::open(&ui, path).await;
    program.tell("go").await;
    let mut samples = Samples::default();
    ws.until_event("latency", |line| {
        samples.add(age(line)?);
        (samples.len() == calls).then_some(())
    })
    .await;
    Ok(samples)
}

/// Age of the event, where its path is one of ours.
fn age(line: &EventLine) -> Option<Duration> {
    let MonitorEvent::FileOp { path: Some(path), .. } = line.event() else {
        return None;
    };
    let made = Duration::from_nanos(path.strip_prefix("/latency/")?.parse().ok()?);
    Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.saturating_sub(made))
}
