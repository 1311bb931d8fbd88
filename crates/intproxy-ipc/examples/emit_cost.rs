//! What emitting costs, in nanoseconds an event, beside what building the event costs by itself.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example emit_cost
//!
//! Each figure is the median of rounds of 4,000 events, fewer than the queue holds, with a pause after each round that
//! lets the session catch up: the price of the call, not of a flood. The event is a file operation with a path of 40 bytes.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mirrord_intproxy_ipc::{MonitorTx, Session};
use mirrord_wire::state::Policy;
use mirrord_wire::{MonitorEvent, SessionInfo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const ROUNDS: usize = 301;
const EVENTS: usize = 4_000;
const PATH: &str = "/usr/lib/python3/dist-packages/yaml/a.py";

fn event() -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(black_box(PATH).to_owned()),
        operation: "open".into(),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let built = median(Duration::ZERO, || drop(black_box(event())));
    println!("building the event alone          {built:6.1} ns");
    let off = MonitorTx::disabled();
    let off = median(Duration::ZERO, || black_box(&off).emit_with(event));
    println!("disabled, emit_with               {off:6.1} ns");
    for readers in [0, 1, 4] {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let read = Arc::new(AtomicU64::new(0));
        let (tx, session) = runtime.block_on(async {
            let (tx, session) = Session::builder(SessionInfo::default())
                .policy(Policy::All)
                .start_unbound()?;
            for _ in 0..readers {
                let (client, server) = tokio::net::UnixStream::pair()?;
                session.serve(server);
                tokio::spawn(drain(client, Arc::clone(&read)));
            }
            Ok::<_, Box<dyn Error>>((tx, session))
        })?;
        let cost = median(Duration::from_millis(8), || tx.emit(event()));
        println!("{readers} readers, emit, with building    {cost:6.1} ns");
        if readers == 0 {
            for threads in [1, 2, 4] {
                println!(
                    "{threads} threads, no reader, together    {:6.1} ns",
                    together(&tx, threads)
                );
            }
        }
        runtime.block_on(session.shutdown());
        println!("{:8} MiB read by all", read.load(Ordering::Relaxed) >> 20);
    }
    Ok(())
}

/// The median over rounds of the time for each call.
fn median(pause: Duration, mut call: impl FnMut()) -> f64 {
    let mut rounds = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..EVENTS).for_each(|_| call());
            let taken = start.elapsed();
            std::thread::sleep(pause);
            taken.as_nanos() as f64 / EVENTS as f64
        })
        .collect::<Vec<_>>();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

/// The time for each event where several threads emit at full speed, so that the queue is mostly full.
fn together(tx: &MonitorTx, threads: usize) -> f64 {
    const EACH: usize = 500_000;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..EACH).for_each(|_| tx.emit(event())));
        }
    });
    start.elapsed().as_nanos() as f64 / (threads * EACH) as f64
}

async fn drain(mut client: tokio::net::UnixStream, read: Arc<AtomicU64>) -> std::io::Result<()> {
    client.write_all(b"GET /events\n").await?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match client.read(&mut buffer).await? {
            0 => return Ok(()),
            count => read.fetch_add(count as u64, Ordering::Relaxed),
        };
    }
}
