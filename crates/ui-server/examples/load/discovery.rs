//! Time for a session to appear and to go, one at a time.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tokio::time::timeout;

use crate::Failure;
use crate::emitters::Sessions;
use crate::readers::{Socket, connect};
use crate::server::Server;

const ROUNDS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn run() -> Result<(), Failure> {
    let server = Server::start().await?;
    let mut socket = connect(&server).await?;
    let (mut appeared, mut gone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let session = Sessions::start(server.sessions(), 1)?;
        until(&mut socket, r#"{"type":"session_added""#).await?;
        appeared.push(began.elapsed());
        let began = Instant::now();
        session.end().await;
        until(&mut socket, r#"{"type":"session_removed""#).await?;
        gone.push(began.elapsed());
    }
    println!(
        "a session appears and goes          {}   {}   (below 200 ms)",
        spread(appeared),
        spread(gone)
    );
    Ok(())
}

async fn until(socket: &mut Socket, start: &str) -> Result<(), Failure> {
    loop {
        let message = timeout(PATIENCE, socket.next()).await?.ok_or("it was closed")??;
        if message.to_text().is_ok_and(|text| text.starts_with(start)) {
            return Ok(());
        }
    }
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |place: usize| times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    format!(
        "median {:.0} ms, most {:.0} ms",
        at(times.len() / 2),
        at(times.len() - 1)
    )
}
