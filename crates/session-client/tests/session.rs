//! Sessions read by the client alone, without a `mirrord ui`: one that `intproxy-ipc` publishes, and a scripted one that
//! speaks a released mirrord's dialect.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_session_client::{
    ClientError, Dialect, DirectoryWatcher, EventStream, LocatedSocket, SessionClient, StreamItem, locate, scan,
};
use mirrord_wire::{MonitorEvent, SessionId, SessionInfo};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio::time::timeout;

#[cfg_attr(unix, path = "endpoint/unix.rs")]
#[cfg_attr(windows, path = "endpoint/windows.rs")]
mod endpoint;

use endpoint::{Endpoint, Stream};

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

/// An id that no other test has, of this run or another: pipes are one name space for the whole system.
fn unique_id() -> SessionId {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    SessionId::new(format!("test-{}-{number}", std::process::id())).unwrap()
}

/// Session that this process publishes.
struct Published {
    id: SessionId,
    tx: MonitorTx,
    session: Session,
    killed: Arc<Notify>,
}

fn publish(directory: &Path) -> Published {
    let id = unique_id();
    let listener = SessionListener::bind(directory, &id).unwrap();
    let info = SessionInfo {
        session_id: id.to_string(),
        target: "deployment/shop".to_owned(),
        ..SessionInfo::default()
    };
    let killed = Arc::new(Notify::new());
    let kill = Arc::clone(&killed);
    let builder = Session::builder(info).on_kill(move || kill.notify_one());
    let (tx, session) = builder.start(listener).unwrap();
    Published {
        id,
        tx,
        session,
        killed,
    }
}

fn client(directory: &Path, id: &SessionId) -> SessionClient {
    match locate(directory, id).unwrap() {
        LocatedSocket::Socket(socket) => SessionClient::new(&socket),
        other => panic!("{other:?}"),
    }
}

/// Numbers and texts of the next `count` events.
async fn read_events(events: &mut EventStream, count: usize) -> Vec<(u64, String)> {
    let mut read = Vec::new();
    while read.len() < count {
        let batch = timeout(DEADLINE, events.next_batch()).await.unwrap().unwrap().unwrap();
        read.extend(batch.iter().filter_map(|item| match item {
            StreamItem::Event(event, text) => Some((event.seq, text.to_owned())),
            StreamItem::Lagged { .. } => None,
        }));
    }
    read
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_session_is_read_and_ended() {
    let directory = tempfile::tempdir().unwrap();
    let Published {
        id,
        tx,
        session,
        killed,
    } = publish(directory.path());
    for host in ["a", "b"] {
        tx.emit(MonitorEvent::DnsQuery { host: host.to_owned() });
    }
    let client = client(directory.path(), &id);
    assert_eq!(client.info().await.unwrap().info.target, "deployment/shop");
    let mut events = client.events(0).await.unwrap();
    let read = read_events(&mut events, 2).await;
    assert_eq!((read[0].0, read[1].0), (1, 2));
    assert!(read[1].1.contains(r#""host":"b""#), "{read:?}");
    assert_eq!(client.state().await.unwrap().seq, 2);
    assert_eq!(read_events(&mut client.events(1).await.unwrap(), 1).await[0].0, 2);
    let attachment = client.attach(0).await.unwrap();
    assert_eq!(
        (attachment.dialect, attachment.answer.info.session_id.as_str()),
        (Dialect::Ours, id.as_str())
    );
    assert_eq!(
        read_events(&mut attachment.events(2).await.unwrap(), 2).await,
        read,
        "requested from the start"
    );
    client.kill().await.unwrap();
    timeout(DEADLINE, killed.notified()).await.unwrap();
    session.shutdown().await;
    let end = async { while events.next_batch().await.unwrap().is_some() {} };
    timeout(DEADLINE, end).await.expect("the stream ends with its session");
    assert!(client.info().await.unwrap_err().is_disconnect());
}

/// Answers one request as a released mirrord does, and closes.
async fn answer_as_released(mut stream: Stream) {
    let mut head = vec![0; 4096];
    let length = stream.read(&mut head).await.unwrap_or(0);
    let answer = match String::from_utf8_lossy(&head[..length]).split(' ').nth(1) {
        Some("/info") => "200 OK\r\n\r\n{\"session_id\":\"old\",\"mirrord_version\":\"3.210.0\"}",
        Some("/state") => "404 Not Found\r\n\r\n",
        _ => "200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"type\":\"dns_query\",\"host\":\"db\"}\n\n",
    };
    stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_mirrord_is_recognised_and_its_events_are_numbered() {
    let directory = tempfile::tempdir().unwrap();
    let mut endpoint = Endpoint::bind(directory.path(), "old");
    let host = tokio::spawn(async move {
        while let Ok(stream) = endpoint.accept().await {
            tokio::spawn(answer_as_released(stream));
        }
    });
    let client = client(directory.path(), &SessionId::new("old").unwrap());
    for newest in [0, 41] {
        let attachment = client.attach(newest).await.unwrap();
        assert_eq!(
            (attachment.dialect, attachment.state.is_none()),
            (Dialect::Released, true)
        );
        let mut events = attachment.events(newest).await.unwrap();
        assert_eq!(read_events(&mut events, 1).await[0].0, newest + 1);
    }
    let mut events = client.events(0).await.unwrap();
    assert_eq!(events.dialect(), Dialect::Released);
    assert_eq!(read_events(&mut events, 1).await[0].0, 1);
    assert!(matches!(
        client.state().await,
        Err(ClientError::Status { path: "/state", .. })
    ));
    host.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_directory_may_come_later() {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("sessions");
    let mut watcher = DirectoryWatcher::new(directory.clone());
    assert_eq!(watcher.next_scan().await.unwrap(), scan(home.path()).unwrap());
    std::fs::create_dir(&directory).unwrap();
    let published = publish(&directory);
    let found = async {
        loop {
            let scan = watcher.next_scan().await.unwrap();
            if scan.sockets.iter().any(|socket| socket.id == published.id) {
                return scan;
            }
        }
    };
    let scan = timeout(DEADLINE, found).await.unwrap();
    assert_eq!(scan.foreign, []);
    published.session.shutdown().await;
}

#[cfg(unix)]
#[test]
fn links_are_not_connected_to() {
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/nowhere", home.path().join("link.sock")).unwrap();
    assert_eq!(scan(home.path()).unwrap().foreign[0].0.as_str(), "link");
    let located = locate(home.path(), &SessionId::new("link").unwrap()).unwrap();
    assert!(matches!(located, LocatedSocket::Foreign(reason) if reason.contains("symbolic link")));
}
