//! Measures a running `mirrord ui` from outside: real sessions that emit at a rate, WebSocket readers that check every
//! number and time the events, and the memory and the processor time of the server's own process.
//!
//!     MIRRORD_BIN=target/release/mirrord cargo run --release -p mirrord-ui-server --example load -- [--full] [ROW]...
//!
//! Rows: `quiet`, `idle`, `start`, `appear`, `many`, `one`, `stalled`; all of them where none is named. `--full` stalls a reader for
//! the whole minute. Sessions and readers are in this process: on a machine with few cores they take the server's time.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

mod discovery;
mod emitters;
mod readers;
mod server;

use std::error::Error;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::emitters::Sessions;
use crate::readers::{Readers, Stalled};
use crate::server::Server;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

const ROWS: [&str; 7] = ["quiet", "idle", "start", "appear", "many", "one", "stalled"];
/// How long each load lasts.
const LOAD: Duration = Duration::from_secs(10);
const SHORT_STALL: Duration = Duration::from_secs(10);
const FULL_STALL: Duration = Duration::from_secs(60);
/// How long a server without a load is watched.
const IDLE: Duration = Duration::from_secs(10);

fn main() -> Result<(), Failure> {
    let (flags, rows): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
    if flags.iter().any(|flag| flag != "--full") || rows.iter().any(|row| !ROWS.contains(&row.as_str())) {
        return Err(format!("[--full] [{}]...", ROWS.join("|")).into());
    }
    mirrord_tcp_listener::raise_open_files_limit()?;
    let stall = if flags.is_empty() { SHORT_STALL } else { FULL_STALL };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            for row in ROWS {
                if rows.is_empty() || rows.iter().any(|own| own == row) {
                    run(row, stall).await?;
                }
            }
            Ok(())
        })
}

async fn run(row: &str, stall: Duration) -> Result<(), Failure> {
    match row {
        "quiet" => quiet().await,
        "idle" => idle().await,
        "start" => start().await,
        "appear" => discovery::run().await,
        "many" => load("100 sessions × 500/s × 4 readers", 100, 50_000, 4).await,
        "one" => load("1 session × 50,000/s × 1 reader", 1, 50_000, 1).await,
        _ => stalled(stall).await,
    }
}

/// `one quiet session`: what it takes to be there at all.
async fn quiet() -> Result<(), Failure> {
    let server = Server::start().await?;
    let _sessions = Sessions::start(server.sessions(), 1)?;
    server.until_live(1).await?;
    sleep(Duration::from_secs(3)).await;
    println!(
        "1 quiet session                     {:6.1} MiB   (goal 15; a released `mirrord ui`, for comparison: 28)",
        server.memory()?
    );
    Ok(())
}

async fn idle() -> Result<(), Failure> {
    let server = Server::start().await?;
    let _sessions = Sessions::start(server.sessions(), 20)?;
    server.until_live(20).await?;
    sleep(Duration::from_secs(3)).await;
    let (before, began) = (server.processor_time()?, Instant::now());
    sleep(IDLE).await;
    let share = (server.processor_time()? - before) / began.elapsed().as_secs_f64();
    println!(
        "20 quiet sessions                   {:6.1} MiB   {:.2} % of a core   (below 40 MiB, 0.5 %)",
        server.memory()?,
        share * 100.0
    );
    Ok(())
}

async fn start() -> Result<(), Failure> {
    const SESSIONS: usize = 500;
    let folder = server::Folder::new()?;
    let sessions = Sessions::start(folder.sessions(), SESSIONS)?;
    let began = Instant::now();
    let server = Server::start_in(folder).await?;
    let up = began.elapsed();
    server.get("/").await?;
    let page = began.elapsed();
    server.until_live(SESSIONS).await?;
    let all = began.elapsed();
    println!(
        "start with {SESSIONS} live sessions        listening {} ms   first answer of / {} ms   all listed {} ms   {:.1} MiB   (below 1,000 and 2,000 ms)",
        up.as_millis(),
        page.as_millis(),
        all.as_millis(),
        server.memory()?
    );
    drop(sessions);
    Ok(())
}

async fn load(name: &str, sessions: usize, rate: u64, readers: usize) -> Result<(), Failure> {
    let server = Server::start().await?;
    let sessions = Sessions::start(server.sessions(), sessions)?;
    server.until_live(sessions.len()).await?;
    let readers = Readers::start(&server, readers).await?;
    let (before, began) = (server.processor_time()?, Instant::now());
    let emitted = sessions.emit(rate, LOAD).await;
    let cores = (server.processor_time()? - before) / began.elapsed().as_secs_f64();
    println!(
        "{name:35} {:6.1} MiB   {cores:.2} cores   {emitted} emitted",
        server.memory()?
    );
    readers.report(emitted, &server).await?;
    Ok(())
}

async fn stalled(stall: Duration) -> Result<(), Failure> {
    const RATE: u64 = 50_000;
    /// The ring of the session is full by then, and the allocator has what it needs.
    const SETTLE: Duration = Duration::from_secs(6);
    let server = Server::start().await?;
    let sessions = Sessions::start(server.sessions(), 1)?;
    server.until_live(1).await?;
    let readers = Readers::start(&server, 1).await?;
    let mut emitted = sessions.emit(RATE, SETTLE).await;
    let before = server.memory()?;
    let stalled = Stalled::start(&server).await?;
    let mut most = before;
    let mut left = stall;
    while !left.is_zero() {
        let step = left.min(Duration::from_secs(1));
        emitted += sessions.emit(RATE, step).await;
        most = most.max(server.memory()?);
        left -= step;
    }
    let name = format!("a reader stalled for {} s", stall.as_secs());
    println!(
        "{name:35} {most:6.1} MiB at most, {:+.1} MiB   (below +20)   {}",
        most - before,
        stalled.end().await?
    );
    readers.report(emitted, &server).await?;
    Ok(())
}
