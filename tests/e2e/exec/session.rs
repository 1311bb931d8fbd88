//! The session around a program: where it is named, one within another, and what outlives its program.

use std::process::Stdio;

use mirrord_tests::home::{Home, binary};
use mirrord_tests::program::Program;
use mirrord_tests::{ui, within};
use mirrord_wire::{MonitorEvent, StreamLine};
use rustix::process::Signal;
use tokio::io::AsyncReadExt as _;

/// Prints what a command writes to the terminal that it gets.
const IN_A_TERMINAL: &str = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

#[tokio::test(flavor = "multi_thread")]
async fn the_session_is_named_to_a_person_alone() {
    let home = Home::new();
    for (flags, named) in [(&[][..], true), (&["-q"], false)] {
        let mut terminal = home.command("python3");
        terminal
            .args(["-c", IN_A_TERMINAL])
            .arg(binary())
            .arg("exec")
            .args(flags);
        terminal.args(["--", "sh", "-c", "echo out"]).stdin(Stdio::null());
        let output = within("the terminal", terminal.output()).await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(
            said.contains("out") && said.contains("is open") == named,
            "{flags:?}: {said}"
        );
        let mut exec = home.mirrord(["exec"]);
        exec.args(flags).args(["--", "sh", "-c", "echo err >&2"]);
        let output = within("the program", exec.output()).await.unwrap();
        assert_eq!(
            output.stderr, b"err\n",
            "{flags:?}: a script reads what the program wrote"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_within_another_runs_the_program_with_a_note() {
    let home = Home::new();
    let inner = binary();
    let script = "trap 'exit 3' USR1; echo $PPID $(ulimit -n) $(grep SigBlk /proc/self/status); kill -USR1 $$";
    for (flags, notes) in [(&[][..], 1), (&["-q"], 0)] {
        let mut exec = home.mirrord(["exec", "--"]);
        exec.arg(&inner)
            .arg("exec")
            .args(flags)
            .args(["--", "sh", "-c", script]);
        let output = within("the program", exec.output()).await.unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert_eq!(
            stderr.lines().filter(|line| line.contains("watched already")).count(),
            notes,
            "{stderr}"
        );
        assert_eq!(stderr.lines().count(), notes, "{stderr}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(
            stdout.contains("0000000000000000"),
            "no signal is left blocked: {stdout}"
        );
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
    let mut exec = home.mirrord(["exec", "--"]);
    exec.arg(&inner).args(["exec", "--", "no-such-command"]);
    assert_eq!(
        within("the program", exec.output()).await.unwrap().status.code(),
        Some(127)
    );
}

/// Leaves a child behind that reads a line, looks at a file and says so.
const LEAVES: &str = r#"exec 3<&0; (read line <&3; cat /etc/hostname >/dev/null && echo "went on") & exit 4"#;

fn ended(line: &StreamLine) -> Option<()> {
    match line {
        StreamLine::Event(line) => matches!(line.event(), MonitorEvent::LayerDisconnected { .. }).then_some(()),
        StreamLine::Control(_) => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_outlives_the_program_is_waited_for_where_that_is_asked_for() {
    let home = Home::new();
    let mut program = Program::start_with(&home, "all", &["--wait-all"], &["sh", "-c", LEAVES]).await;
    let mut events = program.events().await;
    events.until("the program's own end", ended).await;
    program.tell("go").await;
    let reads = |line: &StreamLine| match line {
        StreamLine::Event(line) => match line.event() {
            MonitorEvent::FileOp { path: Some(path), .. } => (path == "/etc/hostname").then_some(()),
            _ => None,
        },
        StreamLine::Control(_) => None,
    };
    events.until("what the child does", reads).await;
    let finished = program.finish().await;
    assert_eq!(
        (finished.status.code(), finished.stdout.as_str()),
        (Some(4), "went on\n")
    );
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_its_name_its_directory_and_its_end() {
    let home = Home::new();
    let flags = ["--wait-all", "--name", "shop, api"];
    let mut program = Program::start_with(&home, "named", &flags, &["sh", "-c", LEAVES]).await;
    let info = program.info().await;
    let here = std::env::current_dir().unwrap().display().to_string();
    assert_eq!(
        (info.name.as_deref(), info.cwd),
        (Some("shop, api"), Some(here.clone()))
    );
    assert_eq!(info.terminal, None, "its streams are pipes");
    let mut events = program.events().await;
    let root = |line: &StreamLine| match line {
        StreamLine::Event(line) => match line.event() {
            MonitorEvent::LayerConnected { cwd, .. } => cwd.clone(),
            _ => None,
        },
        StreamLine::Control(_) => None,
    };
    assert_eq!(events.until("the program's start", root).await, here);
    let exit = within("the program's end", async {
        loop {
            if let Some(exit) = program.info().await.exit {
                return exit;
            }
        }
    })
    .await;
    assert_eq!((exit.code, exit.signal), (Some(4), None));
    program.tell("go").await;
    program.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_the_waiting_for_what_outlives_the_program() {
    let home = Home::new();
    let mut program = Program::start_with(&home, "waits", &["--wait-all"], &["sh", "-c", LEAVES]).await;
    program.events().await.until("the program's own end", ended).await;
    ui::signal(&program.child, Signal::TERM);
    let status = within("mirrord exec", program.child.wait()).await.unwrap();
    assert_eq!(status.code(), Some(4), "the program's own code");
    program.tell("go").await;
    assert_eq!(program.line().await, "went on", "what is left goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_left_behind_holds_nobody_up() {
    let home = Home::new();
    let mirrord = binary();
    // As `pg_ctl start` in a script whose output is read to its end.
    let script = format!(
        r#"said=$({} exec -- sh -c 'sleep 1000 > /dev/null 2>&1 & echo $!; exit 4'); echo "$? $said""#,
        mirrord.display()
    );
    let mut sh = home.command("sh");
    let mut child = sh.args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut stdout = child.stdout.take().unwrap();
    within("the script", stdout.read_to_string(&mut said)).await.unwrap();
    let (code, daemon) = said.trim().split_once(' ').unwrap();
    assert_eq!(code, "4");
    let daemon = rustix::process::Pid::from_raw(daemon.parse().unwrap()).unwrap();
    rustix::process::kill_process(daemon, Signal::KILL).unwrap();
    within("the script", child.wait()).await.unwrap();
}

/// Asks for a seccomp listener, with a filter that allows everything, and prints the error's number.
const OWN_LISTENER: &str = r#"
import ctypes, platform
class Filter(ctypes.Structure): _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]
class Program(ctypes.Structure): _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Filter))]
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(38, 1, 0, 0, 0)
allow = Filter(6, 0, 0, 0x7fff0000)
number = 317 if platform.machine() == "x86_64" else 277
libc.syscall(number, 1, 8, ctypes.byref(Program(1, ctypes.pointer(allow))))
print(ctypes.get_errno())
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_wants_a_seccomp_listener_of_its_own_is_told_why_it_has_none() {
    let home = Home::new();
    for (flags, named) in [(&[][..], true), (&["-q"], false)] {
        let mut exec = home.mirrord(["exec"]);
        exec.args(flags).args(["--", "python3", "-c", OWN_LISTENER]);
        let output = within("the program", exec.output()).await.unwrap();
        assert_eq!(output.stdout, b"16\n", "EBUSY: {output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.contains("seccomp listener"), named, "{flags:?}: {said}");
    }
}
