//! A sessions directory that is seen through another mount, as a home that machines share is: what is served elsewhere is
//! shown and left alone, what is ours and dead is removed.
//!
//! With bindfs, whose mount counts as shared: a socket that was made on one side of it refuses on the other. Where it cannot
//! be had (no bindfs, no FUSE), unit tests with a given file system type have to do.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use serde_json::Value;

/// A bindfs mount, gone when dropped.
struct Mount(PathBuf);

impl Mount {
    /// `None` where there is no bindfs, or it may not mount.
    fn of(directory: &Path, at: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let mut bindfs = Command::new("bindfs");
        let status = bindfs.arg(directory).arg(&at).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        for program in ["fusermount3", "fusermount"] {
            let unmount = Command::new(program)
                .arg("-uz")
                .arg(&self.0)
                .stderr(Stdio::null())
                .status();
            if unmount.is_ok_and(|status| status.success()) {
                return;
            }
        }
    }
}

async fn ui_in(home: &Home, sessions: &Path) -> Ui {
    let directory = sessions.to_str().unwrap();
    Ui::start_with(home, &["--port", "0", "--sessions-dir", directory]).await
}

async fn until(ui: &Ui, id: &str, status: &str) -> Value {
    eventually("the session's status", async || {
        let sessions: Value = ui.json("/api/sessions?ended=true").await;
        let mut sessions = sessions.as_array().unwrap().clone().into_iter();
        sessions.find(|session| session["session_id"] == id && session["status"] == status)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_session_of_the_other_side_is_shown_and_left_alone_and_goes_once_it_is_dead() {
    let home = Home::new();
    let mut program = Program::shell(&home, "other-side").await;
    let Some(mount) = Mount::of(&home.sessions_dir(), home.path().join("mount")) else {
        eprintln!("skipped: bindfs cannot be had here");
        return;
    };
    let ui = ui_in(&home, &mount.0).await;
    let shown = until(&ui, "other-side", "unresponsive").await;
    let reason = shown["reason"].as_str().unwrap();
    assert!(reason.contains("another mount"), "{reason}");
    // It has been old enough to be taken for dead since some looks.
    let made = std::fs::metadata(program.socket()).unwrap().mtime();
    eventually("its socket is old", async || {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        (now.as_secs().cast_signed() > made + 6).then_some(())
    })
    .await;
    program.run("cat /etc/hostname").await;
    assert!(!program.info().await.processes.is_empty(), "it is served as before");
    let socket = program.socket();
    program.child.kill().await.unwrap();
    eventually("the dead socket and its traces are removed", async || {
        (!socket.exists() && !home.sessions_dir().join(".hosts").exists()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_published_through_a_fuse_mount_is_followed_there() {
    let home = Home::new();
    std::fs::create_dir_all(home.sessions_dir()).unwrap();
    let Some(mount) = Mount::of(&home.sessions_dir(), home.path().join("mount")) else {
        eprintln!("skipped: bindfs cannot be had here");
        return;
    };
    let ui = ui_in(&home, &mount.0).await;
    let directory = mount.0.to_str().unwrap().to_owned();
    let mut program = home
        .mirrord(["exec", "--sessions-dir", &directory, "--", "sleep", "1000"])
        .env("MIRRORD_SESSION_ID", "through")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until(&ui, "through", "live").await;
    // It was connected to, so its refusal is its end, on any file system.
    program.kill().await.unwrap();
    until(&ui, "through", "ended").await;
    let socket = home.sessions_dir().join("through.sock");
    eventually("the dead socket is removed", async || (!socket.exists()).then_some(())).await;
}
