//! `mirrord ui` without what it needs: file descriptors, and a sessions directory that stays where it is.

use std::fs;
use std::net::TcpStream;
use std::process::Stdio;

use mirrord_tests::home::{self, Home};
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use mirrord_wire::{SessionStatus, SessionSummary};
use tokio::io::{AsyncBufReadExt, BufReader};

/// The limit on open files: enough to start, and soon used up.
const OPEN_FILES: usize = 48;

async fn sessions(ui: &Ui) -> Vec<SessionSummary> {
    ui.json("/api/sessions?ended=true").await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_free_descriptor_ends_neither_it_nor_any_session() {
    let home = Home::new();
    let mut program = Program::shell(&home, "one").await;
    let mut command = home.command("sh");
    command.args(["-c", &format!("ulimit -n {OPEN_FILES}; exec \"$0\" \"$@\"")]);
    command
        .arg(home::binary())
        .args(["ui", "--no-open", "--port", "0", "--no-cluster"]);
    command.stderr(Stdio::piped());
    let mut ui = Ui::spawn(command).await;
    let mut log = BufReader::new(ui.child.stderr.take().unwrap()).lines();
    eventually("the session is followed", async || {
        sessions(&ui)
            .await
            .iter()
            .any(|own| own.status == SessionStatus::Live)
            .then_some(())
    })
    .await;
    let hogs: Vec<_> = (0..2 * OPEN_FILES)
        .map(|_| TcpStream::connect(ui.address).unwrap())
        .collect();
    // Both fail for want of a descriptor: taking a connection, and looking into the directory.
    let (mut refused, mut looked) = (false, false);
    within("it says that it has no descriptor", async {
        while !(refused && looked) {
            // A change in the directory is looked at.
            fs::write(home.sessions_dir().join("hint"), "").unwrap();
            let line = log.next_line().await.unwrap().expect("it runs");
            refused |= line.contains("cannot be accepted");
            looked |= line.contains("what is followed is followed on");
        }
    })
    .await;
    program.run("cat /etc/hostname").await;
    drop(hogs);
    eventually("it answers again, and the session is live", async || {
        let listed = sessions(&ui).await;
        assert!(listed.iter().all(|own| own.status == SessionStatus::Live), "{listed:?}");
        (!listed.is_empty()).then_some(())
    })
    .await;
    assert!(ui.interrupt().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sessions_directory_that_was_made_anew_has_the_same_instance() {
    let (home, ui) = Ui::with_home().await;
    let url = async || {
        let output = home.mirrord(["ui", "url"]).output();
        let output = within("mirrord ui url", output).await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let before = url().await;
    assert!(!before.is_empty());
    fs::rename(home.sessions_dir(), home.path().join("moved")).unwrap();
    fs::create_dir(home.sessions_dir()).unwrap();
    eventually("it is found again", async || (url().await == before).then_some(())).await;
    let second = home.mirrord(["ui", "--no-open"]).output();
    let second = within("a second one", second).await.unwrap();
    assert!(second.status.success());
    let told = String::from_utf8_lossy(&second.stdout);
    assert!(told.contains(before.trim()), "{told}");
    assert!(ui.interrupt().await.success());
}
