//! WebSocket readers that find every gap. They look at no more of an event than its number
//! and its time: what is measured is the server.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::Failure;
use crate::server::Server;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Time for the last events to arrive after the last was emitted.
const LAST: Duration = Duration::from_secs(10);

/// Measurements of one reader.
#[derive(Debug, Default)]
struct Seen {
    events: u64,
    lost: u64,
    /// The next number of each session.
    next: HashMap<String, u64>,
    /// Microseconds from emitting to reading, the newest event of each message.
    latencies: Vec<u64>,
    /// Delay of the oldest event of each message, which has waited longest.
    oldest: Vec<u64>,
}

/// Some readers, at work.
pub(crate) struct Readers(Vec<(JoinHandle<Seen>, Arc<AtomicU64>)>);

async fn connect(server: &Server) -> Result<Socket, Failure> {
    let (mut socket, _) = tokio_tungstenite::connect_async(server.websocket()).await?;
    socket.next().await.ok_or("there is no snapshot")??;
    Ok(socket)
}

impl Readers {
    pub(crate) async fn start(server: &Server, count: usize) -> Result<Self, Failure> {
        let mut readers = Vec::new();
        for _ in 0..count {
            let socket = connect(server).await?;
            let accounted = Arc::new(AtomicU64::new(0));
            readers.push((tokio::spawn(read(socket, Arc::clone(&accounted))), accounted));
        }
        Ok(Self(readers))
    }

    /// Waits until every reader has accounted for everything, and prints a line for each.
    pub(crate) async fn report(self, emitted: u64, server: &Server) -> Result<(), Failure> {
        let deadline = Instant::now() + LAST;
        let behind = || {
            self.0
                .iter()
                .any(|(_, accounted)| accounted.load(Ordering::Relaxed) < emitted)
        };
        while behind() && Instant::now() < deadline {
            sleep(Duration::from_millis(5)).await;
        }
        let lost = server.lost_by_sessions().await?;
        server.stop();
        if lost > 0 {
            println!("  the sessions themselves lost {lost}: this program was too slow for its own load");
        }
        for (number, (task, _)) in self.0.into_iter().enumerate() {
            let mut seen = task.await?;
            let missing = emitted.saturating_sub(seen.events + seen.lost);
            let (newest, oldest) = (spread(&mut seen.latencies), spread(&mut seen.oldest));
            println!(
                "  reader {number}: read {}, lost {}, missing {missing}; newest of a message {newest}; oldest {oldest}",
                seen.events, seen.lost
            );
        }
        Ok(())
    }
}

fn spread(micros: &mut [u64]) -> String {
    micros.sort_unstable();
    let at = |part: usize| {
        let place = (micros.len() * part / 1_000).min(micros.len().saturating_sub(1));
        micros.get(place).map_or(0.0, |micros| *micros as f64 / 1e3)
    };
    format!("p50 {:.1} p99 {:.1} most {:.1} ms", at(500), at(990), at(1_000))
}

async fn read(mut socket: Socket, accounted: Arc<AtomicU64>) -> Seen {
    let mut seen = Seen::default();
    while let Some(Ok(message)) = socket.next().await {
        if let Ok(text) = message.to_text() {
            seen.take(text);
        }
        accounted.store(seen.events + seen.lost, Ordering::Relaxed);
    }
    seen
}

impl Seen {
    fn take(&mut self, text: &str) {
        let Some(id) = text
            .strip_prefix(r#"{"type":"events","session_id":""#)
            .and_then(|rest| rest.split('"').next())
        else {
            return;
        };
        let events = text.matches(r#"{"seq":"#).count() as u64;
        let first = number(text.split_once(r#"{"seq":"#).map(|(_, rest)| rest));
        let next = self.next.entry(id.to_owned()).or_insert(1);
        self.lost += first.saturating_sub(*next);
        self.events += events;
        *next = first + events;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let age = |ts: u64| now.saturating_sub(ts);
        self.latencies
            .push(age(number(text.rsplit_once(r#""ts":"#).map(|(_, rest)| rest))));
        self.oldest
            .push(age(number(text.split_once(r#""ts":"#).map(|(_, rest)| rest))));
    }
}

/// The number that a text begins with.
fn number(text: Option<&str>) -> u64 {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    text.and_then(|text| text.get(..digits(text))?.parse().ok())
        .unwrap_or(0)
}
