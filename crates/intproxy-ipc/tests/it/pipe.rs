//! The real named pipe: its marker, who gets in, what a request gets over it, and what is left behind.
//!
//! These run under Wine as well, which holds neither to a first instance nor to who may open a pipe: the one is asked for
//! here in ways that both systems answer, and of the other `security` reads what the system has recorded.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mirrord_intproxy_ipc::{BindError, MonitorTx, Session, SessionListener, limits};
use mirrord_wire::{SessionId, SessionIdError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, ServerOptions};
use tokio::time::timeout;

use crate::support::{Account, Answer, DEADLINE, Lines, info, open};

mod requests;
mod security;

/// Every instance of the pipe is taken until the next is made; a client tries again.
const PIPE_BUSY: i32 = 231;

/// An id that no other run has: pipes are one name space for the whole system.
fn id(text: &str) -> SessionId {
    SessionId::new(format!("{text}-{}", std::process::id())).unwrap()
}

fn name(id: &SessionId) -> String {
    format!(r"\\.\pipe\mirrord-{id}")
}

fn start(listener: SessionListener) -> (MonitorTx, Session) {
    Session::builder(info()).start(listener).unwrap()
}

/// A session in a directory, and its marker.
fn serve(sessions: &Path, name: &str) -> (PathBuf, MonitorTx, Session) {
    let listener = SessionListener::bind(sessions, &id(name)).unwrap();
    let marker = listener.path().to_owned();
    let (tx, session) = start(listener);
    (marker, tx, session)
}

fn markers(sessions: &Path) -> usize {
    fs::read_dir(sessions).unwrap().count()
}

/// Asks again, and lets the session work in between, until there is an answer.
async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let answered = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    let answer = timeout(DEADLINE, answered).await;
    answer.unwrap_or_else(|_| panic!("it did not happen that {what}"))
}

async fn connect(marker: &Path) -> io::Result<NamedPipeClient> {
    connect_to(&fs::read_to_string(marker)?).await
}

async fn connect_to(name: &str) -> io::Result<NamedPipeClient> {
    eventually(
        "an instance of the pipe came free",
        async || match ClientOptions::new().open(name) {
            Err(error) if error.raw_os_error() == Some(PIPE_BUSY) => None,
            connected => Some(connected),
        },
    )
    .await
}

/// Sends a request and reads until the other side ends: of a pipe that is closed, some systems say so with an error.
async fn exchange(client: NamedPipeClient, request: &[u8]) -> io::Result<Answer> {
    let (mut reading, mut writing) = tokio::io::split(client);
    let mut answer = Vec::new();
    // The session may have heard enough before the request is out.
    let send = async { _ = writing.write_all(request).await };
    let exchanged = async { tokio::join!(send, reading.read_to_end(&mut answer)).1 };
    match timeout(DEADLINE, exchanged).await.expect("no end to the answer") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(Answer::parse(answer)),
    }
}

async fn ask(marker: &Path, request: &str) -> io::Result<Answer> {
    exchange(connect(marker).await?, request.as_bytes()).await
}

#[tokio::test]
async fn a_released_mirrord_finds_the_session_by_the_name_that_it_looks_for() {
    let home = tempfile::tempdir().unwrap();
    let (marker, tx, session) = serve(&home.path().join("sessions"), "both-names");
    tx.emit(open("/a"));
    let released = format!(r"\\.\pipe\mirrord-session-{}", id("both-names"));
    for _ in 0..3 {
        for pipe in [released.clone(), name(&id("both-names"))] {
            let request = b"GET /info HTTP/1.1\r\n\r\n";
            let answer = exchange(connect_to(&pipe).await.unwrap(), request).await.unwrap();
            assert!(
                answer.status() == 200 && answer.body.contains("both-names"),
                "{pipe}: {answer:?}"
            );
        }
    }
    session.shutdown().await;
    assert!(!marker.exists());
    // As below, each handle goes once the runtime has let go of it.
    for pipe in [released, name(&id("both-names"))] {
        eventually("each pipe went with its session", async || {
            ClientOptions::new().open(&pipe).is_err().then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_session_is_served_on_its_pipe_and_gone_with_it() {
    let home = tempfile::tempdir().unwrap();
    let sessions = home.path().join("sessions");
    let id = id("served");
    let listener = SessionListener::bind(&sessions, &id).unwrap();
    let marker = listener.path().to_owned();
    assert_eq!(marker, sessions.join(format!("{id}.pipe")));
    assert_eq!(fs::read_to_string(&marker).unwrap(), name(&id));
    assert_eq!(markers(&sessions), 1);
    let (tx, session) = start(listener);
    tx.emit(open("/a"));
    let answer = ask(&marker, "GET /info HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(
        answer.status() == 200 && answer.body.contains(id.as_str()),
        "{answer:?}"
    );
    let answer = ask(&marker, "GET /health\n").await.unwrap();
    assert_eq!(answer.body, "{\"status\":\"ok\"}\n");
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
    eventually("the pipe went with its session", async || {
        ClientOptions::new().open(name(&id)).is_err().then_some(())
    })
    .await;
}

#[tokio::test]
async fn the_marker_goes_when_the_guard_is_dropped_or_unwound() {
    let sessions = tempfile::tempdir().unwrap();
    drop(start(SessionListener::bind(sessions.path(), &id("dropped")).unwrap()));
    drop(SessionListener::bind(sessions.path(), &id("never-started")).unwrap());
    assert_eq!(markers(sessions.path()), 0);
    let listener = SessionListener::bind(sessions.path(), &id("unwound")).unwrap();
    let host = tokio::spawn(async move {
        let _guard = start(listener);
        panic!("the host's mistake");
    });
    assert!(host.await.unwrap_err().is_panic());
    assert_eq!(markers(sessions.path()), 0);
}

#[tokio::test]
async fn a_session_that_runs_is_not_replaced_and_a_marker_left_over_is() {
    let sessions = tempfile::tempdir().unwrap();
    let id = id("twice");
    fs::write(sessions.path().join(format!("{id}.pipe")), "left over").unwrap();
    let first = SessionListener::bind(sessions.path(), &id).unwrap();
    let marker = first.path().to_owned();
    let other_case = SessionId::new(id.as_str().to_uppercase()).unwrap();
    // Before it is served, while it is, and under the name that the system takes for the same.
    for attempt in [&id, &other_case] {
        let error = SessionListener::bind(sessions.path(), attempt).unwrap_err();
        assert!(matches!(error, BindError::AlreadyRunning { .. }), "{error}");
    }
    let (_tx, session) = start(first);
    assert_eq!(
        ask(&marker, "GET /health HTTP/1.1\r\n\r\n").await.unwrap().status(),
        200
    );
    let error = SessionListener::bind(sessions.path(), &id).unwrap_err();
    assert!(error.to_string().contains(&name(&id)), "{error}");
    assert_eq!(
        fs::read_to_string(&marker).unwrap(),
        name(&id),
        "the first has its marker"
    );
    assert_eq!(
        ask(&marker, "GET /health HTTP/1.1\r\n\r\n").await.unwrap().status(),
        200
    );
    drop(session);
    let again = eventually("the name came free", async || {
        SessionListener::bind(sessions.path(), &id).ok()
    })
    .await;
    drop(again);
    assert_eq!(markers(sessions.path()), 0);
}

#[tokio::test]
async fn a_pipe_of_somebody_elses_with_the_name_is_not_taken_for_ours() {
    let sessions = tempfile::tempdir().unwrap();
    let id = id("taken");
    let theirs = ServerOptions::new().max_instances(1).create(name(&id)).unwrap();
    let refused = || {
        let error = SessionListener::bind(sessions.path(), &id).unwrap_err();
        assert!(matches!(error, BindError::AlreadyRunning { .. }), "{error}");
        assert_eq!(markers(sessions.path()), 0, "nothing leads to a pipe that is not ours");
    };
    // Our question takes its only instance, so that the second is asked of a pipe that is busy.
    refused();
    refused();
    drop(theirs);
}

#[test]
fn a_name_that_cannot_be_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let longest = "x".repeat(SessionId::MAX_LEN - 10) + &format!("{:010}", std::process::id());
    let listener = SessionListener::bind(home.path(), &SessionId::new(&*longest).unwrap()).unwrap();
    assert_eq!(
        fs::read_to_string(listener.path()).unwrap(),
        name(listener.session_id())
    );
    assert_eq!(
        SessionId::new(longest + "x").unwrap_err(),
        SessionIdError::TooLong(SessionId::MAX_LEN + 1)
    );
    for wrong in [r"a\b", "a/b", "a:b", "a b", "..", ""] {
        assert!(SessionId::new(wrong).is_err(), "{wrong:?}");
    }
    for device in ["nul", "NUL", "con", "Com1", "lpt9.old", "aux."] {
        let error = SessionListener::bind(home.path(), &SessionId::new(device).unwrap()).unwrap_err();
        let reason = std::error::Error::source(&error).unwrap_or(&error).to_string();
        assert!(reason.contains("the name of a device"), "{error}: {reason}");
    }
    drop(listener);
    let path = home.path().join("sessions");
    fs::write(&path, "").unwrap();
    let error = SessionListener::bind(&path, &id("file")).unwrap_err();
    assert!(matches!(error, BindError::NotADirectory(_)), "{error}");
}

#[tokio::test]
async fn a_directory_whose_path_is_too_long_is_refused_by_name_and_leaves_no_pipe() {
    let home = tempfile::tempdir().unwrap();
    let id = id("too-long");
    let directory = home.path().join("x".repeat(300));
    let error = SessionListener::bind(&directory, &id).unwrap_err();
    assert!(
        matches!(&error, BindError::Io { path, .. } if path.starts_with(&directory)),
        "{error}"
    );
    assert!(ClientOptions::new().open(name(&id)).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hang_ups_leave_the_session_as_it_was() {
    let sessions = tempfile::tempdir().unwrap();
    let (marker, tx, _session) = serve(sessions.path(), "hang-ups");
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
    let served = eventually("a place came free", async || {
        let answer = ask(&marker, "GET /state\n").await.ok()?;
        answer.body.contains("\"seq\":500").then_some(())
    });
    timeout(limits::HEARTBEAT, served)
        .await
        .expect("hang-ups hold their places");
}
