//! What delivering costs: events a second over a real socket, processor time an event, and what was lost.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example deliver
//!
//! Host and readers are one process here, so the processor's time is that of both ends together. The emitter waits for
//! the slowest reader when it is 4,000 events ahead, but for the last row, where it waits for nobody.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mirrord_intproxy_ipc::{MonitorTx, Session};
use mirrord_wire::state::Policy;
use mirrord_wire::{MonitorEvent, SessionInfo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

const EVENTS: u64 = 1_000_000;
const AHEAD: u64 = 4_000;

fn main() -> Result<(), Box<dyn Error>> {
    for (readers, paced) in [(1, true), (4, true), (1, false)] {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let counts = (0..readers).map(|_| Arc::default()).collect::<Vec<Arc<Count>>>();
        let (tx, session) = runtime.block_on(async {
            let (tx, session) = Session::builder(SessionInfo::default())
                .policy(Policy::All)
                .start_unbound()?;
            for count in &counts {
                let (client, server) = UnixStream::pair()?;
                session.serve(server);
                tokio::spawn(read(client, Arc::clone(count)));
            }
            Ok::<_, Box<dyn Error>>((tx, session))
        })?;
        let (start, cpu) = (Instant::now(), cpu_time()?);
        emit(&tx, &counts, paced);
        while counts.iter().any(|count| count.accounted() < EVENTS) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let (wall, cpu) = (start.elapsed(), cpu_time()? - cpu);
        let events: u64 = counts.iter().map(|count| count.events.load(Ordering::Relaxed)).sum();
        println!(
            "{readers} readers, {}: {:.0} events a second each, {:.2} us of processor an event emitted, {:.1}% lost",
            if paced { "paced" } else { "flood" },
            events as f64 / f64::from(readers) / wall.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / EVENTS as f64,
            100.0 - events as f64 / f64::from(readers) / EVENTS as f64 * 100.0,
        );
        runtime.block_on(session.shutdown());
    }
    Ok(())
}

#[derive(Default)]
struct Count {
    events: AtomicU64,
    missed: AtomicU64,
}

impl Count {
    fn accounted(&self) -> u64 {
        self.events.load(Ordering::Relaxed) + self.missed.load(Ordering::Relaxed)
    }
}

fn emit(tx: &MonitorTx, counts: &[Arc<Count>], paced: bool) {
    for number in 0..EVENTS {
        tx.emit(MonitorEvent::FileOp {
            path: Some("/usr/lib/python3/dist-packages/yaml/a.py".to_owned()),
            operation: "open".into(),
        });
        while paced && number % 256 == 0 && counts.iter().any(|count| count.accounted() + AHEAD < number) {
            std::thread::sleep(Duration::from_micros(50));
        }
    }
}

/// Counts lines; a `Lagged` line is the only one whose text matters.
async fn read(mut client: UnixStream, count: Arc<Count>) -> std::io::Result<()> {
    client.write_all(b"GET /events?since=0\n").await?;
    let mut buffer = vec![0; 256 * 1024];
    let mut kept = 0;
    loop {
        let read = client.read(&mut buffer[kept..]).await?;
        if read == 0 {
            return Ok(());
        }
        let end = kept + read;
        let whole = buffer[..end]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |last| last + 1);
        let (mut events, mut missed) = (0, 0);
        for line in buffer[..whole]
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            match line.strip_prefix(b"{\"type\":\"Lagged\",\"missed\":") {
                Some(rest) => missed += rest.iter().filter(|byte| byte.is_ascii_digit()).fold(0, digit),
                None => events += u64::from(line.starts_with(b"{\"seq\"")),
            }
        }
        count.events.fetch_add(events, Ordering::Relaxed);
        count.missed.fetch_add(missed, Ordering::Relaxed);
        buffer.copy_within(whole..end, 0);
        kept = end - whole;
    }
}

fn digit(number: u64, byte: &u8) -> u64 {
    number * 10 + u64::from(byte - b'0')
}

/// The processor time of this process, from `/proc`; zero where there is none.
fn cpu_time() -> Result<Duration, Box<dyn Error>> {
    let Ok(text) = std::fs::read_to_string("/proc/self/schedstat") else {
        return Ok(Duration::ZERO);
    };
    let tasks = std::fs::read_dir("/proc/self/task")?;
    let mut nanos = 0;
    for task in tasks {
        let text = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_else(|_| text.clone());
        nanos += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}
