//! The real socket: its file, its modes at every moment, what is refused, and what is left behind.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

use mirrord_intproxy_ipc::{BindError, MonitorTx, Session, SessionListener, limits};
use mirrord_wire::SessionId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use crate::support::{Account, DEADLINE, Lines, info, open};

fn id(text: &str) -> SessionId {
    SessionId::new(text).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

fn start(listener: SessionListener) -> (MonitorTx, Session) {
    Session::builder(info()).start(listener).unwrap()
}

/// A session in a directory, and its socket.
fn serve(sessions: &Path) -> (PathBuf, MonitorTx, Session) {
    let listener = SessionListener::bind(sessions, &id("one")).unwrap();
    let socket = listener.path().to_owned();
    let (tx, session) = start(listener);
    (socket, tx, session)
}

/// The error for a session's name in a directory.
fn refused(directory: &Path) -> BindError {
    SessionListener::bind(directory, &id("one")).unwrap_err()
}

async fn ask(socket: &Path, request: &str) -> io::Result<String> {
    let mut client = UnixStream::connect(socket).await?;
    client.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    timeout(DEADLINE, client.read_to_string(&mut answer))
        .await
        .expect("no end to the answer")?;
    Ok(answer)
}

#[tokio::test]
async fn a_session_is_served_on_its_socket_and_gone_with_it() {
    let home = tempfile::tempdir().unwrap();
    let sessions = home.path().join(".mirrord").join("sessions");
    let listener = SessionListener::bind(&sessions, &id("one")).unwrap();
    let socket = listener.path().to_owned();
    assert_eq!(socket, sessions.join("one.sock"));
    assert_eq!(
        (mode(&sessions), mode(&home.path().join(".mirrord")), mode(&socket)),
        (0o700, 0o700, 0o600)
    );
    let (tx, session) = start(listener);
    tx.emit(open("/a"));
    let answer = ask(&socket, "GET /info\n").await.unwrap();
    assert!(
        answer.starts_with("{\"session_id\":\"one\""),
        "the socket's own id: {answer}"
    );
    let mut client = UnixStream::connect(&socket).await.unwrap();
    client.write_all(b"GET /events?since=0\n").await.unwrap();
    let mut lines = Lines::new(client);
    Account::default().follow(&mut lines, 1).await;
    session.shutdown().await;
    assert_eq!(names(&sessions), [""; 0]);
    assert_eq!(lines.next().await, None);
}

#[tokio::test]
async fn the_socket_goes_when_the_guard_is_dropped_or_unwound() {
    let sessions = tempfile::tempdir().unwrap();
    drop(start(SessionListener::bind(sessions.path(), &id("dropped")).unwrap()));
    drop(SessionListener::bind(sessions.path(), &id("never-started")).unwrap());
    let listener = SessionListener::bind(sessions.path(), &id("unwound")).unwrap();
    let host = tokio::spawn(async move {
        let _session = start(listener);
        panic!("the host's mistake");
    });
    assert!(host.await.unwrap_err().is_panic());
    assert_eq!(names(sessions.path()), [""; 0]);
}

#[test]
fn a_listener_without_a_runtime_leaves_no_socket() {
    let sessions = tempfile::tempdir().unwrap();
    let listener = SessionListener::bind(sessions.path(), &id("one")).unwrap();
    assert!(Session::builder(info()).start(listener).is_err());
    assert_eq!(names(sessions.path()), [""; 0]);
}

/// The name of one of these tests, run by itself in a process of its own.
fn alone(program: &Path, test: &str) -> Command {
    let mut command = Command::new("sh");
    command
        // A process that is given the widest umask there is hands it on.
        .args(["-c", "umask 0; exec \"$0\" \"$@\""])
        .arg(program)
        .args(["--exact", test, "--include-ignored", "--test-threads", "1"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

const PLACE: &str = "MIRRORD_TEST_PLACE";

fn place() -> PathBuf {
    std::env::var_os(PLACE).map(PathBuf::from).unwrap()
}

#[test]
fn no_socket_is_ever_wider_than_its_owner_whatever_the_umask() {
    let test = "socket::no_socket_is_ever_wider_than_its_owner";
    assert!(alone(&this_program(), test).status().unwrap().success());
}

#[test]
fn a_host_that_panics_takes_its_socket_along() {
    let sessions = tempfile::tempdir().unwrap();
    let mut host = alone(&this_program(), "socket::host_that_panics");
    let status = host.env(PLACE, sessions.path()).status().unwrap();
    assert!(!status.success(), "it did not panic");
    assert_eq!(names(sessions.path()), ["was-there"]);
}

#[tokio::test]
#[ignore = "the host of the test above"]
async fn host_that_panics() {
    let sessions = place();
    let (socket, tx, _session) = serve(&sessions);
    tx.emit(open("/a"));
    assert!(ask(&socket, "GET /info\n").await.unwrap().contains("\"one\""));
    fs::write(sessions.join("was-there"), "").unwrap();
    panic!("the host's mistake");
}

/// Should the modes ever be widened by another program, another user still gets nothing. Only root can be another user.
#[tokio::test]
async fn another_users_connection_is_closed_without_a_word() {
    const NOBODY: u32 = 65_534;
    let home = tempfile::tempdir().unwrap();
    let client = home.path().join("client");
    fs::copy(this_program(), &client).unwrap();
    let sessions = home.path().join("sessions");
    let (socket, _tx, _session) = serve(&sessions);
    for (path, mode) in [
        (home.path(), 0o755),
        (&client, 0o755),
        (&sessions, 0o755),
        (&socket, 0o666),
    ] {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    let gets_an_answer = async |user: Option<u32>| {
        let mut client = alone(&client, "socket::client_of_a_session");
        client.env(PLACE, &socket).current_dir("/");
        user.into_iter().for_each(|user| _ = client.uid(user));
        let status = tokio::task::spawn_blocking(move || client.status());
        status.await.unwrap().map(|status| status.success())
    };
    assert!(gets_an_answer(None).await.unwrap());
    if let Ok(answered) = gets_an_answer(Some(NOBODY)).await {
        assert!(!answered, "another user was answered");
    }
}

#[tokio::test]
#[ignore = "the client of the test above"]
async fn client_of_a_session() {
    assert!(ask(&place(), "GET /health\n").await.unwrap().contains("ok"));
}

/// Another thread looks as often as it can while sockets are made.
#[test]
fn no_socket_is_ever_wider_than_its_owner() {
    let sessions = tempfile::tempdir().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                for name in names(sessions.path()) {
                    let Ok(found) = fs::symlink_metadata(sessions.path().join(&name)) else {
                        continue;
                    };
                    seen += 1;
                    assert_eq!(found.mode() & 0o077, 0, "{name}");
                    assert_eq!(found.file_type().is_socket(), name == "one.sock");
                }
            }
            seen
        });
        for _ in 0..300 {
            drop(SessionListener::bind(sessions.path(), &id("one")).unwrap());
        }
        done.store(true, Ordering::Relaxed);
        assert!(watcher.join().unwrap() > 0, "it was never looked at");
    });
}

#[test]
fn a_directory_that_is_not_ours_alone_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let (real, link, file) = (
        home.path().join("real"),
        home.path().join("link"),
        home.path().join("file"),
    );
    fs::create_dir(&real).unwrap();
    symlink(&real, &link).unwrap();
    fs::write(&file, "").unwrap();
    for path in [link.clone(), link.join(""), link.join(".")] {
        let error = refused(&path);
        assert!(matches!(error, BindError::DirectoryIsLink(_)), "{path:?}: {error}");
        assert!(error.to_string().contains(link.to_str().unwrap()));
    }
    let error = refused(&file);
    assert!(matches!(error, BindError::NotADirectory(_)), "{error}");
    let error = refused(&file.join("below"));
    assert!(error.to_string().contains("below"), "{error}");
    let error = refused(Path::new("/proc/1/nothing"));
    assert!(error.to_string().contains("/proc/1/nothing"), "{error}");
    assert_eq!(names(&real), [""; 0]);
}

#[test]
fn another_users_directory_is_refused_even_to_root() {
    const NOBODY: u32 = 65_534;
    let sessions = tempfile::tempdir().unwrap();
    if std::os::unix::fs::chown(sessions.path(), Some(NOBODY), None).is_err() {
        // Only root can give a directory away; for others the one below is another's already.
        let error = refused(Path::new("/"));
        assert!(
            matches!(error, BindError::DirectoryOfAnotherUser { owner: 0, .. }),
            "{error}"
        );
        return;
    }
    let error = refused(sessions.path());
    assert!(
        matches!(error, BindError::DirectoryOfAnotherUser { owner: NOBODY, .. }),
        "{error}"
    );
    assert_eq!(names(sessions.path()), [""; 0]);
}

#[test]
fn an_open_directory_is_closed_where_it_is_for_sessions_and_else_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let (empty, project, shared) = (home.path().join("e"), home.path().join("p"), home.path().join("t"));
    let locked = home.path().join("u");
    for (path, mode) in [(&empty, 0o755), (&locked, 0o755), (&project, 0o755), (&shared, 0o1777)] {
        fs::create_dir(path).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
    fs::write(project.join("main.rs"), "").unwrap();
    fs::write(locked.join(".ui.lock"), "").unwrap();
    for path in [&empty, &locked] {
        SessionListener::bind(path, &id("one")).unwrap();
        assert_eq!(mode(path), 0o700);
    }
    for path in [&project, &shared] {
        let before = mode(path);
        let error = refused(path);
        assert!(matches!(error, BindError::DirectoryOpenToOthers { .. }), "{error}");
        assert_eq!(mode(path), before);
    }
}

#[test]
fn a_path_too_long_for_a_socket_names_the_limit_and_the_flag() {
    let home = tempfile::tempdir().unwrap();
    let room = 107 - home.path().as_os_str().len() - "/".len() - "/one.sock".len();
    let (fits, too_long) = (
        home.path().join("x".repeat(room)),
        home.path().join("x".repeat(room + 1)),
    );
    if cfg!(target_os = "linux") {
        SessionListener::bind(&fits, &id("one")).unwrap();
        let error = refused(&too_long).to_string();
        assert!(error.contains("108") && error.contains("--sessions-dir"), "{error}");
        assert!(!too_long.exists(), "a directory was made for nothing");
    }
}

#[tokio::test]
async fn a_live_session_is_not_replaced_and_a_dead_one_is() {
    let sessions = tempfile::tempdir().unwrap();
    let listener = SessionListener::bind(sessions.path(), &id("one")).unwrap();
    let socket = listener.path().to_owned();
    let inode = fs::metadata(&socket).unwrap().ino();
    let error = refused(sessions.path());
    assert!(
        matches!(error, BindError::AlreadyRunning { .. }),
        "not even one that is only listening: {error}"
    );
    let live = start(listener);
    let error = refused(sessions.path());
    assert!(matches!(error, BindError::AlreadyRunning { .. }), "{error}");
    assert_eq!(fs::metadata(&socket).unwrap().ino(), inode);
    assert!(ask(&socket, "GET /health\n").await.unwrap().contains("ok"));
    drop(live);
    // What a killed host leaves: a socket that nobody holds.
    drop(UnixListener::bind(&socket).unwrap());
    assert!(socket.exists());
    let _session = start(SessionListener::bind(sessions.path(), &id("one")).unwrap());
    assert!(ask(&socket, "GET /health\n").await.unwrap().contains("ok"));
    assert_eq!(mode(&socket), 0o600);
}

#[test]
fn what_is_in_the_way_and_not_a_socket_is_left_alone() {
    let sessions = tempfile::tempdir().unwrap();
    let path = sessions.path().join("one.sock");
    fs::write(&path, "precious").unwrap();
    let error = refused(sessions.path());
    assert!(matches!(error, BindError::NotASocket(_)), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    fs::rename(&path, sessions.path().join("target")).unwrap();
    symlink(sessions.path().join("target"), &path).unwrap();
    let error = refused(sessions.path());
    assert!(matches!(error, BindError::NotASocket(_)), "{error}");
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
}

#[test]
fn only_the_very_socket_that_was_made_is_removed() {
    let sessions = tempfile::tempdir().unwrap();
    let listener = SessionListener::bind(sessions.path(), &id("one")).unwrap();
    let socket = listener.path().to_owned();
    fs::rename(&socket, sessions.path().join("kept-so-that-its-inode-is-not-reused")).unwrap();
    let _other = UnixListener::bind(&socket).unwrap();
    drop(listener);
    assert!(socket.exists());
}

#[test]
fn sessions_that_start_at_once_in_one_directory_all_start_once() {
    const THREADS: usize = 16;
    let sessions = tempfile::tempdir().unwrap();
    for round in 0..30 {
        let dir = sessions.path().join(round.to_string());
        let barrier = Barrier::new(THREADS);
        let bind = |number| {
            let id = id(&format!("s{}", number % (THREADS / 2)));
            barrier.wait();
            SessionListener::bind(&dir, &id)
        };
        let started = std::thread::scope(|scope| {
            let bind = &bind;
            let threads = (0..THREADS).map(|number| scope.spawn(move || bind(number)));
            let threads = threads.collect::<Vec<_>>();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        let (made, refused): (Vec<_>, Vec<_>) = started.iter().partition(|made| made.is_ok());
        assert_eq!((made.len(), refused.len()), (THREADS / 2, THREADS / 2), "{refused:?}");
        assert!(
            refused
                .iter()
                .all(|refused| matches!(refused, Err(BindError::AlreadyRunning { .. }))),
            "{refused:?}"
        );
        let sockets = names(&dir).into_iter().filter(|name| name.ends_with(".sock"));
        assert_eq!(sockets.count(), THREADS / 2);
    }
}

#[tokio::test]
async fn an_answer_outlives_what_the_client_still_sends() {
    let sessions = tempfile::tempdir().unwrap();
    let (socket, _tx, _session) = serve(sessions.path());
    for _ in 0..20 {
        // Far more than the socket holds, so that most of it is still to come when the answer is made.
        let answer = ask(&socket, &"x".repeat(1_000_000)).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 431 ") && answer.ends_with("}\n"),
            "{answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_hang_ups_leave_the_session_as_it_was() {
    let sessions = tempfile::tempdir().unwrap();
    let (socket, tx, _session) = serve(sessions.path());
    for number in 0..5_000 {
        let mut client = UnixStream::connect(&socket).await.unwrap();
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
    // Those that went as readers are found out at once, or by the next event, or by a probe.
    let served = async {
        while !ask(&socket, "GET /state\n")
            .await
            .is_ok_and(|state| state.contains("\"seq\":5000"))
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(limits::HEARTBEAT, served).await.expect("no place came free");
}
