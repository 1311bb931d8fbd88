//! Publication of the socket: how its name appears, that it comes back, and whose it is.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

#[cfg(target_os = "linux")]
use mirrord_intproxy_ipc::BindError;
use mirrord_intproxy_ipc::limits::RESTORE_INTERVAL;
use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_session_dir::HOSTS_DIR;
#[cfg(target_os = "linux")]
use mirrord_session_dir::{FileSystem, HostRecord, record_path, write_record};
use mirrord_wire::SessionId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{interval, pause, resume, timeout};

use crate::support::info;

/// Looks of a session for its files in which a condition is met.
const MAX_LOOKS: u32 = 100;

fn id() -> SessionId {
    SessionId::new("one").unwrap()
}

fn start(sessions: &Path) -> (MonitorTx, Session) {
    start_as(sessions, &id())
}

fn start_as(sessions: &Path, id: &SessionId) -> (MonitorTx, Session) {
    let listener = SessionListener::bind(sessions, id).unwrap();
    Session::builder(info()).start(listener).unwrap()
}

/// Waits for what the looks of the sessions for their files bring about. No time passes: the clock goes on once everything
/// waits for it, and never while a session looks.
async fn until(mut is_so: impl FnMut() -> bool) {
    pause();
    let asking = async {
        let mut again = interval(RESTORE_INTERVAL);
        while !is_so() {
            again.tick().await;
        }
    };
    timeout(RESTORE_INTERVAL * MAX_LOOKS, asking)
        .await
        .expect("it never came to be");
    resume();
}

/// Lets all sessions of a directory look for their files: until another one has found its own missing twice. They look at the
/// same interval, so that each has begun and ended a look between the two.
async fn all_have_looked(sessions: &Path) {
    let (_tx, witness) = start_as(sessions, &SessionId::new("witness").unwrap());
    let socket = sessions.join("witness.sock");
    for _ in 0..2 {
        fs::remove_file(&socket).unwrap();
        until(|| socket.exists()).await;
    }
    witness.shutdown().await;
}

async fn health(socket: &Path) -> String {
    let mut client = UnixStream::connect(socket).await.unwrap();
    client.write_all(b"GET /health\n").await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

fn count(directory: &Path) -> usize {
    fs::read_dir(directory).unwrap().count()
}

/// A released mirrord watches for creation alone.
#[test]
#[cfg(target_os = "linux")]
fn a_watcher_of_creation_alone_sees_a_new_socket() {
    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};
    let sessions = tempfile::tempdir().unwrap();
    let watch = init(CreateFlags::NONBLOCK).unwrap();
    add_watch(&watch, sessions.path(), WatchFlags::CREATE).unwrap();
    let _listener = SessionListener::bind(sessions.path(), &id()).unwrap();
    let mut buffer = [std::mem::MaybeUninit::uninit(); 4096];
    let mut reader = Reader::new(&watch, &mut buffer);
    let mut created = Vec::new();
    while let Ok(event) = reader.next() {
        assert!(event.events().contains(ReadFlags::CREATE));
        created.extend(event.file_name().map(|name| name.to_string_lossy().into_owned()));
    }
    assert!(created.iter().any(|name| name == "one.sock"), "{created:?}");
}

#[tokio::test]
async fn a_socket_that_another_program_removes_is_published_again_until_the_end() {
    let sessions = tempfile::tempdir().unwrap();
    let (_tx, session) = start(sessions.path());
    let socket = sessions.path().join("one.sock");
    let inode = fs::metadata(&socket).unwrap().ino();
    for _ in 0..2 {
        fs::remove_file(&socket).unwrap();
        until(|| socket.exists()).await;
        assert_eq!(fs::metadata(&socket).unwrap().ino(), inode);
        assert!(health(&socket).await.contains("ok"));
    }
    // Nor does it matter whether the link that is kept aside goes first.
    for kept in fs::read_dir(sessions.path().join(HOSTS_DIR)).unwrap() {
        fs::remove_file(kept.unwrap().path()).unwrap();
    }
    until(|| count(&sessions.path().join(HOSTS_DIR)) > 0).await;
    fs::remove_file(&socket).unwrap();
    until(|| socket.exists()).await;
    session.shutdown().await;
    assert_eq!(count(sessions.path()), 0);
}

#[tokio::test]
async fn a_name_that_another_socket_has_taken_is_left_to_it() {
    let sessions = tempfile::tempdir().unwrap();
    let (_tx, session) = start(sessions.path());
    let socket = sessions.path().join("one.sock");
    fs::remove_file(&socket).unwrap();
    let _other = UnixListener::bind(&socket).unwrap();
    let inode = fs::metadata(&socket).unwrap().ino();
    all_have_looked(sessions.path()).await;
    session.shutdown().await;
    assert_eq!(fs::metadata(&socket).unwrap().ino(), inode);
    assert!(
        !sessions.path().join(HOSTS_DIR).exists(),
        "what was the session's own is gone"
    );
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_session_whose_socket_has_just_vanished_keeps_its_name() {
    let sessions = tempfile::tempdir().unwrap();
    let (_tx, _session) = start(sessions.path());
    fs::remove_file(sessions.path().join("one.sock")).unwrap();
    let error = SessionListener::bind(sessions.path(), &id()).unwrap_err();
    assert!(matches!(error, BindError::AlreadyRunning { .. }), "{error}");
}

/// A socket that refuses, and whose record names a process that runs: it was made through another mount.
#[test]
#[cfg(target_os = "linux")]
fn a_refused_socket_that_is_perhaps_served_elsewhere_is_not_replaced() {
    let sessions = tempfile::tempdir().unwrap();
    let socket = sessions.path().join("one.sock");
    drop(UnixListener::bind(&socket).unwrap());
    let made = fs::symlink_metadata(&socket).unwrap();
    let mut record = HostRecord::of_this_process(FileSystem::Shared, &made);
    write_record(sessions.path(), &id(), &record).unwrap();
    let error = SessionListener::bind(sessions.path(), &id()).unwrap_err();
    assert!(matches!(error, BindError::PerhapsRunning { .. }), "{error}");
    assert!(error.to_string().contains(socket.to_str().unwrap()), "{error}");
    assert_eq!(fs::symlink_metadata(&socket).unwrap().ino(), made.ino());
    // Once that process has ended, the name is free.
    record.start_time = Some(1);
    write_record(sessions.path(), &id(), &record).unwrap();
    drop(SessionListener::bind(sessions.path(), &id()).unwrap());
    assert!(!record_path(sessions.path(), &id()).exists());
}
