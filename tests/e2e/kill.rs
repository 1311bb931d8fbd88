//! Effect of `POST /api/sessions/:id/kill` on a program and its descendants, and on no other process.

use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use mirrord_tests::eventually;
use mirrord_tests::program::{Finished, Program};
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionSummary;
use mirrord_wire::api::{KillStatus, Killed};

async fn kill(ui: &Ui, id: &str) -> (StatusCode, Killed) {
    eventually("the session is listed", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
        sessions
            .iter()
            .any(|session| session.info.session_id == id)
            .then_some(())
    })
    .await;
    let mut request = ui.request(Method::POST, &format!("/api/sessions/{id}/kill?wait=true"));
    let headers = request.headers_mut();
    headers.insert("content-type", "application/json".parse().unwrap());
    let answer = ui.send(request).await;
    let told = serde_json::from_slice(answer.body()).unwrap_or_else(|error| panic!("{error}: {answer:?}"));
    (answer.status(), told)
}

fn died_by(finished: &Finished) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&finished.status)
}

async fn has_ended(pid: &str) {
    let stat = format!("/proc/{pid}/stat");
    eventually("a process has ended", async || {
        let stat = std::fs::read_to_string(&stat).unwrap_or_default();
        (stat.is_empty() || stat.contains(") Z ")).then_some(())
    })
    .await;
}

fn runs(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_ends_as_it_would_at_a_plain_kill() {
    let (home, ui) = Ui::with_home().await;
    let program = Program::start(&home, "plain", &["sleep", "1000"]).await;
    let (code, told) = kill(&ui, "plain").await;
    assert_eq!((code, told.status), (StatusCode::OK, KillStatus::Ended), "{told:?}");
    let finished = program.finish().await;
    assert_eq!(died_by(&finished), Some(15), "{finished:?}");
    assert!(finished.stderr.contains("SIGTERM to its 1 process"), "{finished:?}");

    let own = "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.02; done";
    let mut program = Program::start(&home, "own", &["sh", "-c", own]).await;
    assert_eq!(program.line().await, "ready");
    assert_eq!(kill(&ui, "own").await.0, StatusCode::OK);
    let finished = program.finish().await;
    assert_eq!((finished.status.code(), finished.stdout.as_str()), (Some(7), "bye\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ignores_it_is_killed_after_five_seconds() {
    let (home, ui) = Ui::with_home().await;
    let stubborn = "trap '' TERM; echo ready; while :; do sleep 0.02; done";
    let mut program = Program::start(&home, "stubborn", &["sh", "-c", stubborn]).await;
    assert_eq!(program.line().await, "ready");
    let asked = Instant::now();
    let (code, told) = kill(&ui, "stubborn").await;
    assert_eq!((code, told.status), (StatusCode::OK, KillStatus::Ended), "{told:?}");
    assert!(
        asked.elapsed() >= Duration::from_secs(5) && told.waited_ms >= 5_000,
        "{told:?}"
    );
    let finished = program.finish().await;
    assert_eq!(died_by(&finished), Some(9), "{finished:?}");
    assert!(finished.stderr.contains("SIGKILL"), "{finished:?}");
}

/// A child in the program's group, one in a group of its own, one that was left behind in the program's group and
/// ignores SIGTERM, and a daemon.
const TREE: &str = r#"import os, signal, sys, time
def child(prepare):
    pid = os.fork()
    if pid == 0:
        prepare()
        while True: time.sleep(1000)
    return pid
def orphan(prepare):
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        pid = child(prepare)
        os.write(writer, str(pid).encode())
        os._exit(0)
    os.waitpid(between, 0)
    return int(os.read(reader, 32))
def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open("/dev/null").close()
    open(sys.argv[1], "w").close()
pids = [child(lambda: None), child(os.setsid), orphan(stubborn), orphan(os.setsid)]
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
print(*pids, flush=True)
while True: time.sleep(1000)
"#;

#[tokio::test(flavor = "multi_thread")]
async fn all_that_belongs_to_it_ends_with_it_and_nobody_else() {
    let (home, ui) = Ui::with_home().await;
    let mark = home.path().join("mark");
    let mut program = Program::start(&home, "tree", &["python3", "-c", TREE, mark.to_str().unwrap()]).await;
    let line = program.line().await;
    let pids: Vec<_> = line.split(' ').collect();
    let [same_group, own_group, left_behind, daemon] = pids[..] else {
        panic!("{line}")
    };
    // It shares the group of `mirrord exec` and of the program, as the script does that starts us.
    let mut stranger = home.command("sleep").arg("1000").spawn().unwrap();
    let (code, told) = kill(&ui, "tree").await;
    assert_eq!((code, told.status), (StatusCode::OK, KillStatus::Ended), "{told:?}");
    for pid in [same_group, own_group, left_behind] {
        has_ended(pid).await;
    }
    assert!(runs(daemon), "a daemon has gone its own way");
    assert!(stranger.try_wait().unwrap().is_none(), "a stranger in the same group");
    let finished = program.finish_without_output().await;
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&finished), Some(15));
    let daemon = rustix::process::Pid::from_raw(daemon.parse().unwrap()).unwrap();
    rustix::process::kill_process(daemon, rustix::process::Signal::KILL).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_child_ends_too() {
    let (home, ui) = Ui::with_home().await;
    let script = "sh -c 'kill -STOP $$' & while [ \"$(cut -d' ' -f3 /proc/$!/stat)\" != T ]; do :; done; echo $!; wait";
    let mut program = Program::start(&home, "stopped", &["sh", "-c", script]).await;
    let stopped = program.line().await;
    let asked = Instant::now();
    assert_eq!(kill(&ui, "stopped").await.0, StatusCode::OK);
    has_ended(&stopped).await;
    let finished = program.finish().await;
    assert!(
        !finished.stderr.contains("SIGKILL"),
        "{finished:?} after {:?}",
        asked.elapsed()
    );
}
