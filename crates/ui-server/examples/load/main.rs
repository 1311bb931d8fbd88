//! Measures a running `mirrord ui` from outside: real sessions that emit at a rate, WebSocket readers that check every
//! number and time the events, and the memory and the processor time of the server's own process.
//!
//!     MIRRORD_BIN=target/release/mirrord cargo run --release -p mirrord-ui-server --example load -- [ROW]...
//!
//! Rows: `quiet`, `start`, `many`, `one`; all of them where none is named. Sessions and readers are in this process: on a
//! machine with few cores they take the server's time.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

mod emitters;
mod readers;
mod server;

use std::error::Error;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::emitters::Sessions;
use crate::readers::Readers;
use crate::server::Server;

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

const ROWS: [&str; 4] = ["quiet", "start", "many", "one"];
/// Duration of each load.
const LOAD: Duration = Duration::from_secs(10);

fn main() -> Result<(), Failure> {
    let rows: Vec<_> = std::env::args().skip(1).collect();
    if rows.iter().any(|row| !ROWS.contains(&row.as_str())) {
        return Err(format!("[{}]...", ROWS.join("|")).into());
    }
    mirrord_tcp_listener::raise_open_files_limit()?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            for row in ROWS {
                if rows.is_empty() || rows.iter().any(|own| own == row) {
                    run(row).await?;
                }
            }
            Ok(())
        })
}

async fn run(row: &str) -> Result<(), Failure> {
    match row {
        "quiet" => quiet().await,
        "start" => start().await,
        "many" => load("100 sessions × 500/s × 4 readers", 100, 50_000, 4).await,
        _ => load("1 session × 50,000/s × 1 reader", 1, 50_000, 1).await,
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
