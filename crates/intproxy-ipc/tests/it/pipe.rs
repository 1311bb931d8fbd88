//! The real named pipe: its marker, who gets in, and what is left behind.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use mirrord_intproxy_ipc::{BindError, MonitorTx, Session, SessionListener, limits};
use mirrord_wire::SessionId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient};
use tokio::time::{sleep, timeout};

use crate::support::{Account, DEADLINE, Lines, info, open};

/// Every instance of the pipe is taken until the next is made; a client tries again.
const PIPE_BUSY: i32 = 231;

fn id(text: &str) -> SessionId {
    SessionId::new(format!("{text}-{}", std::process::id())).unwrap()
}

fn start(listener: SessionListener) -> (MonitorTx, Session) {
    Session::builder(info()).start(listener).unwrap()
}

async fn connect(marker: &Path) -> io::Result<NamedPipeClient> {
    let name = fs::read_to_string(marker)?;
    let connected = async {
        loop {
            match ClientOptions::new().open(&name) {
                Err(error) if error.raw_os_error() == Some(PIPE_BUSY) => sleep(Duration::from_millis(1)).await,
                connected => return connected,
            }
        }
    };
    timeout(DEADLINE, connected)
        .await
        .expect("no instance of the pipe came free")
}

/// A pipe that the other side has closed ends in an error on some systems, once everything is read.
async fn ask(marker: &Path, request: &str) -> io::Result<String> {
    let mut client = connect(marker).await?;
    client.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    match timeout(DEADLINE, client.read_to_end(&mut answer))
        .await
        .expect("no end to the answer")
    {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        _ => {}
    }
    String::from_utf8(answer).map_err(io::Error::other)
}

#[tokio::test]
async fn a_session_is_served_on_its_pipe_and_gone_with_it() {
    let home = tempfile::tempdir().unwrap();
    let sessions = home.path().join("sessions");
    let id = id("served");
    let listener = SessionListener::bind(&sessions, &id).unwrap();
    let marker = listener.path().to_owned();
    assert_eq!(marker, sessions.join(format!("{id}.pipe")));
    assert_eq!(fs::read_to_string(&marker).unwrap(), format!(r"\\.\pipe\mirrord-{id}"));
    assert_eq!(fs::read_dir(&sessions).unwrap().count(), 1);
    let (tx, session) = start(listener);
    tx.emit(open("/a"));
    let answer = ask(&marker, "GET /info HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.contains(id.as_str()),
        "{answer}"
    );
    let answer = ask(&marker, "GET /health\n").await.unwrap();
    assert_eq!(answer, "{\"status\":\"ok\"}\n");
    let mut client = connect(&marker).await.unwrap();
    client.write_all(b"GET /events?since=0\n").await.unwrap();
    let mut lines = Lines::new(client);
    let mut account = Account::default();
    account.follow(&mut lines, 1).await;
    (0..5_000).for_each(|number| tx.emit(open(format!("/{number}"))));
    account.follow(&mut lines, 5_001).await;
    assert_eq!(account.missed, 0);
    session.shutdown().await;
    assert!(!marker.exists());
    // The system takes the handle once the runtime has let go of it.
    let gone = async {
        while ClientOptions::new().open(format!(r"\\.\pipe\mirrord-{id}")).is_ok() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(DEADLINE, gone).await.expect("the pipe outlived its session");
}

#[tokio::test]
async fn a_session_that_runs_is_not_replaced_and_a_marker_left_over_is() {
    let sessions = tempfile::tempdir().unwrap();
    let id = id("twice");
    fs::write(sessions.path().join(format!("{id}.pipe")), "left over").unwrap();
    let first = SessionListener::bind(sessions.path(), &id).unwrap();
    let error = SessionListener::bind(sessions.path(), &id).unwrap_err();
    assert!(matches!(error, BindError::AlreadyRunning { .. }), "{error}");
    assert!(first.path().exists(), "the first has its marker still");
    drop(first);
    drop(SessionListener::bind(sessions.path(), &id).unwrap());
    assert_eq!(fs::read_dir(sessions.path()).unwrap().count(), 0);
}

#[test]
fn a_directory_that_is_a_file_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("sessions");
    fs::write(&path, "").unwrap();
    let error = SessionListener::bind(&path, &id("file")).unwrap_err();
    assert!(matches!(error, BindError::NotADirectory(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hang_ups_leave_the_session_as_it_was() {
    let sessions = tempfile::tempdir().unwrap();
    let listener = SessionListener::bind(sessions.path(), &id("hang-ups")).unwrap();
    let marker = listener.path().to_owned();
    let (tx, _session) = start(listener);
    for number in 0..500 {
        let mut client = connect(&marker).await.unwrap();
        let said = [
            "",
            "GET /ev",
            "GET /events\n",
            "GET /events HTTP/1.1\r\n\r\n",
            "POST /kill HTTP/1.1\r\n\r\n",
        ];
        let _ = client.write_all(said[number % said.len()].as_bytes()).await;
        tx.emit(open("/a"));
    }
    let served = async {
        while !ask(&marker, "GET /state\n")
            .await
            .is_ok_and(|state| state.contains("\"seq\":500"))
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(limits::HEARTBEAT, served).await.expect("no place came free");
}
