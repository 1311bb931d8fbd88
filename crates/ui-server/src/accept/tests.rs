//! A whole connection over a pipe in memory, on a clock of the test's own.

use std::net::SocketAddr;

use mirrord_wire::{EventLine, MonitorEvent, SessionId, SessionInfo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::*;
use crate::access::BrowserCredentials;
use crate::access::host_check::AllowedHosts;
use crate::access::ticket::Tickets;
use crate::access::token::Token;
use crate::assets::Assets;
use crate::connections::Bounds;
use crate::edition::Editions;
use crate::mirror::CliOverrides;
use crate::records::workers::Workers;
use crate::session_names::NamesFile;
use crate::store::{self, Introduction, Store};

/// A store with one session, `long`, and some mebibytes of its events.
fn full_store() -> Store {
    let store = Store::new(store::Bounds::default());
    let introduction = Introduction {
        info: SessionInfo::default(),
        ..Introduction::default()
    };
    let attached = store.introduce(&SessionId::new("long").unwrap(), introduction);
    let mut lines = String::new();
    for seq in 1..=4_000 {
        let host = "h".repeat(1_000);
        let observation = MonitorEvent::DnsQuery { host }.into();
        let line = EventLine {
            seq,
            ts: 1,
            observation,
        };
        lines += &(serde_json::to_string(&line).unwrap() + "\n");
    }
    store.append_ndjson(attached.key, 0, &lines);
    store
}

/// A desktop's service on `localhost:1`, and its token.
fn service(home: &std::path::Path) -> (Arc<Service>, String) {
    let token = Token::random().unwrap();
    let text = token.as_str().to_owned();
    let tickets = Arc::<Tickets>::default();
    let store = Arc::new(full_store());
    let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let workers = Workers::new(&store, &tracker, &shutdown);
    let context = Context {
        records: Arc::new(Records::new(home, false, &workers)),
        otlp: None,
        names: Arc::new(NamesFile::load(home, &store)),
        store,
        searches: Arc::new(Semaphore::new(1)),
        tickets: Arc::clone(&tickets),
        assets: Arc::new(Assets::embedded()),
        sessions_dir: Arc::new(home.to_owned()),
        editions: Arc::new(Editions::new("1.2.3".to_owned(), false, false)),
        mirror: Arc::new(Mirror::new(home, CliOverrides::default())),
        dev: None,
        tracker,
        shutdown,
    };
    let access = Access {
        token,
        tickets,
        hosts: AllowedHosts::new(1, &[]),
        browser: BrowserCredentials::random(1).unwrap(),
    };
    let headers = || SecurityHeaders::new(&[], false).unwrap();
    (Arc::new(Service::new(access, headers(), headers(), context)), text)
}

fn request(token: &str, connection: &str) -> String {
    format!(
        "GET /api/sessions/long/events?limit=4000 HTTP/1.1\r\nHost: localhost:1\r\nAuthorization: Bearer {token}\r\n\
         Connection: {connection}\r\n\r\n"
    )
}

#[tokio::test(start_paused = true)]
async fn who_does_not_take_a_long_answer_is_closed_and_gives_its_place_back() {
    let home = tempfile::tempdir().unwrap();
    let (service, token) = service(home.path());
    let connections = Connections::new(Bounds {
        all: 1,
        of_one_address: 1,
        before_sign_in: 1,
    });
    let arrival = Arrival {
        listener: Listener::Desktop,
        peer: SocketAddr::from(([127, 0, 0, 1], 1)),
    };
    let shutdown = CancellationToken::new();
    let connection = connections.admit(arrival, &shutdown).await.unwrap();
    let (mut client, server) = duplex(64 * 1024);
    let served = tokio::spawn(serve(server, Arc::clone(&service), connection));
    client
        .write_all(request(&token, "keep-alive").as_bytes())
        .await
        .unwrap();
    let began = Instant::now();
    timeout(3 * limits::WRITE_TIMEOUT, served)
        .await
        .expect("it is closed in time")
        .unwrap();
    assert!(began.elapsed() >= limits::WRITE_TIMEOUT, "{:?}", began.elapsed());
    let mut left = Vec::new();
    client.read_to_end(&mut left).await.unwrap();
    assert!(
        left.starts_with(b"HTTP/1.1 200") && left.len() <= 64 * 1024,
        "{}",
        left.len()
    );

    // The place is free, and who reads has it whole.
    let connection = connections.admit(arrival, &shutdown).await.unwrap();
    let (mut client, server) = duplex(64 * 1024);
    let served = tokio::spawn(serve(server, service, connection));
    client.write_all(request(&token, "close").as_bytes()).await.unwrap();
    let mut whole = Vec::new();
    client.read_to_end(&mut whole).await.unwrap();
    served.await.unwrap();
    assert!(whole.len() > 4_000_000 && whole.ends_with(b"}]"), "{}", whole.len());
}

/// Opens a connection and sends a request on it, before anything is accepted.
fn ask(port: u16, head: &str) -> std::net::TcpStream {
    use std::io::Write as _;
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET /health HTTP/1.1\r\nHost: localhost:1\r\n{head}\r\n").unwrap();
    stream
}

#[tokio::test]
async fn a_burst_of_anonymous_connections_displaces_none_that_is_yet_to_be_read() {
    const BOUND: usize = 8;
    let home = tempfile::tempdir().unwrap();
    let (service, token) = service(home.path());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let shutdown = CancellationToken::new();
    let acceptor = Acceptor {
        listener,
        which: Listener::Desktop,
        service,
        connections: Connections::new(Bounds {
            all: 2 * BOUND,
            of_one_address: 2 * BOUND,
            before_sign_in: BOUND,
        }),
        tracker: TaskTracker::new(),
        shutdown: shutdown.clone(),
    };
    let flood = || {
        (0..5 * BOUND)
            .map(|_| ask(port, "Content-Length: 9\r\n"))
            .collect::<Vec<_>>()
    };
    let before = flood();
    let good = ask(port, &format!("Authorization: Bearer {token}\r\nConnection: close\r\n"));
    let after = flood();
    let accepting = tokio::spawn(acceptor.run());
    good.set_nonblocking(true).unwrap();
    let mut answer = String::new();
    let mut good = TcpStream::from_std(good).unwrap();
    good.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop((before, after));
    shutdown.cancel();
    accepting.await.unwrap();
}
