//! Loads a running server: real sessions that emit at a rate, and WebSocket readers that time each event.
//!
//!     cargo run --release -p mirrord-ui-server --example load -- URL SESSIONS_DIR SESSIONS RATE READERS SECONDS
//!
//! Prints what was emitted, what each reader got and missed, and the time from emitting to reading.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt as _;
use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_wire::state::Policy;
use mirrord_wire::{MonitorEvent, PROTOCOL_VERSION, SessionId, SessionInfo, WsMessage};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

type Failure = Box<dyn Error + Send + Sync>;

#[derive(Debug, Default)]
struct Read {
    events: u64,
    missed: u64,
    /// Microseconds, one in ten events.
    latencies: Vec<u64>,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, directory, sessions, rate, readers, seconds] = arguments.as_slice() else {
        return Err("URL SESSIONS_DIR SESSIONS RATE READERS SECONDS".into());
    };
    let (sessions, rate, readers, seconds) = (sessions.parse()?, rate.parse()?, readers.parse()?, seconds.parse()?);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run(url, Path::new(directory), sessions, rate, readers, seconds))
}

async fn run(url: &str, directory: &Path, count: u64, rate: u64, readers: u64, seconds: u64) -> Result<(), Failure> {
    let target = url.replacen("http", "ws", 1).replacen("/?", "/ws?batch=1&", 1);
    let expected = count * rate * seconds;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..readers {
        tasks.spawn(read(target.clone(), expected));
    }
    let sessions: Vec<_> = (0..count)
        .map(|number| start(directory, number))
        .collect::<Result<_, _>>()?;
    sleep(Duration::from_secs(1)).await;
    let mut ticks = interval(Duration::from_millis(10));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let emitters: Arc<Vec<MonitorTx>> = Arc::new(sessions.iter().map(|(tx, _)| tx.clone()).collect());
    for tick in 0..seconds * 100 {
        ticks.tick().await;
        for number in tick * rate / 100..(tick + 1) * rate / 100 {
            for tx in emitters.iter() {
                tx.emit(event(number));
            }
        }
    }
    println!("emitted {expected}");
    while let Some(read) = tasks.join_next().await {
        let mut read = read??;
        read.latencies.sort_unstable();
        let at = |part: usize| {
            read.latencies
                .get(read.latencies.len() * part / 100)
                .copied()
                .unwrap_or(0)
        };
        let (events, missed) = (read.events, read.missed);
        println!(
            "read {events} missed {missed}, p50 {} us, p99 {} us, max {} us",
            at(50),
            at(99),
            read.latencies.last().copied().unwrap_or(0)
        );
    }
    for (_, session) in sessions {
        session.shutdown().await;
    }
    Ok(())
}

fn start(directory: &Path, number: u64) -> Result<(MonitorTx, Session), Failure> {
    let listener = SessionListener::bind(directory, &SessionId::new(format!("load-{number}"))?)?;
    let info = SessionInfo {
        protocol_version: PROTOCOL_VERSION,
        target: "deployment/load".to_owned(),
        started_at: format!("{:?}", SystemTime::now()),
        ..SessionInfo::default()
    };
    // Every event, whatever the rate: what is measured is how they are carried.
    Ok(Session::builder(info).policy(Policy::All).start(listener)?)
}

fn event(number: u64) -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(format!("/usr/lib/python3/dist-packages/yaml/{}.py", number % 500)),
        operation: "open".into(),
    }
}

async fn read(target: String, expected: u64) -> Result<Read, Failure> {
    let (mut socket, _) = tokio_tungstenite::connect_async(target).await?;
    let mut read = Read::default();
    while read.events + read.missed < expected {
        let Ok(Some(message)) = timeout(Duration::from_secs(10), socket.next()).await else {
            break;
        };
        let message = message?;
        let Ok(text) = message.to_text() else { continue };
        match serde_json::from_str(text)? {
            WsMessage::Events { data, .. } => {
                let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?;
                read.latencies
                    .extend(data.iter().step_by(10).map(|line| now.saturating_sub(line.ts)));
                read.events += data.len() as u64;
            }
            WsMessage::Lagged { missed, .. } => read.missed += missed,
            _ => {}
        }
    }
    Ok(read)
}
