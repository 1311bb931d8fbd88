//! A session without a socket, and a client on an in-memory pipe.

use std::time::Duration;

use mirrord_intproxy_ipc::{MonitorTx, Session};
use mirrord_wire::{Control, MonitorEvent, SessionInfo, SessionState, StreamLine};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::time::timeout;

/// No wait of a test is longer.
pub(crate) const DEADLINE: Duration = Duration::from_secs(300);

pub(crate) fn info() -> SessionInfo {
    SessionInfo {
        session_id: "a8f3b2c1".to_owned(),
        target: "deployment/checkout".to_owned(),
        ..SessionInfo::default()
    }
}

pub(crate) fn start() -> (MonitorTx, Session) {
    Session::builder(info()).start_without_listener().unwrap()
}

pub(crate) fn open(path: impl Into<String>) -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(path.into()),
        operation: "open".into(),
    }
}

/// A client whose pipe holds `room` bytes each way.
pub(crate) fn connect(session: &Session, room: usize) -> DuplexStream {
    let (client, server) = tokio::io::duplex(room);
    session.serve_connection(server);
    client
}

/// Contents of a whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn parse(bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).unwrap();
        match text.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/") => Self {
                head: head.to_owned(),
                body: body.to_owned(),
            },
            _ => Self {
                head: String::new(),
                body: text,
            },
        }
    }

    /// 0 where the answer is a bare body, or nothing.
    pub(crate) fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1);
        status.map_or(0, |status| status.parse().unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .rev()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Sends bytes, closes the sending side, and reads the whole answer.
pub(crate) async fn ask(session: &Session, request: &[u8]) -> Answer {
    exchange(connect(session, 64), request, true).await
}

/// The answer to `GET path`, which is JSON.
pub(crate) async fn get<T: DeserializeOwned>(session: &Session, path: &str) -> T {
    let answer = ask(session, format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await;
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}

pub(crate) async fn state(session: &Session) -> SessionState {
    get(session, "/state").await
}

/// Sends bytes and reads until the other side ends; `close` says whether the sending side is closed.
pub(crate) async fn exchange(client: DuplexStream, request: &[u8], close: bool) -> Answer {
    let (mut reading, mut writing) = tokio::io::split(client);
    let send = async {
        // The server may end first, and rightly so.
        let _ = writing.write_all(request).await;
        if close {
            let _ = writing.shutdown().await;
        }
    };
    let mut answer = Vec::new();
    let receive = async { reading.read_to_end(&mut answer).await.unwrap() };
    timeout(DEADLINE, async { tokio::join!(send, receive) })
        .await
        .expect("no end to the answer");
    Answer::parse(answer)
}

/// A reader of `/events` over NDJSON in the bare form.
pub(crate) struct Lines<R> {
    lines: tokio::io::Lines<BufReader<R>>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(crate) fn new(reading: R) -> Self {
        Self {
            lines: BufReader::new(reading).lines(),
        }
    }

    pub(crate) async fn text(&mut self) -> Option<String> {
        timeout(DEADLINE, self.lines.next_line())
            .await
            .expect("no line in time")
            .unwrap()
    }

    /// The next line is a heartbeat at this number.
    pub(crate) async fn heartbeat(&mut self, seq: u64) {
        let beat = StreamLine::Control(Control::Heartbeat { seq });
        assert_eq!(self.next().await, Some(beat));
    }

    /// Reads to the end of a head, or of a block.
    pub(crate) async fn skip_head(&mut self) {
        while self.text().await.is_some_and(|line| !line.is_empty()) {}
    }

    pub(crate) async fn next(&mut self) -> Option<StreamLine> {
        let text = self.text().await?;
        Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
    }
}

/// Follows a stream and checks it: every number is there once, or in a `Lagged` line.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    /// The last number accounted for.
    pub(crate) seq: u64,
    pub(crate) events: u64,
    pub(crate) missed: u64,
}

impl Account {
    pub(crate) fn since(seq: u64) -> Self {
        Self { seq, ..Self::default() }
    }

    pub(crate) fn take(&mut self, line: &StreamLine) {
        match line {
            StreamLine::Event(event) => {
                assert_eq!(event.seq, self.seq + 1, "an unexplained gap");
                self.seq = event.seq;
                self.events += 1;
            }
            StreamLine::Control(Control::Lagged { missed, .. }) => {
                assert!(*missed > 0, "a gap of nothing");
                self.seq += missed;
                self.missed += missed;
            }
            StreamLine::Control(Control::Heartbeat { seq }) => assert_eq!(*seq, self.seq),
        }
    }

    /// Reads until `seq` is accounted for.
    pub(crate) async fn follow<R: AsyncRead + Unpin>(&mut self, lines: &mut Lines<R>, seq: u64) {
        while self.seq < seq {
            let line = lines.next().await.expect("the stream ended early");
            self.take(&line);
        }
        assert_eq!(self.seq, seq, "more was told than emitted");
    }
}

/// Starts to read `/events` in the bare form; `query` is the part behind the path.
pub(crate) async fn events(session: &Session, room: usize, query: &str) -> Lines<DuplexStream> {
    let mut client = connect(session, room);
    client
        .write_all(format!("GET /events{query}\n").as_bytes())
        .await
        .unwrap();
    Lines::new(client)
}
