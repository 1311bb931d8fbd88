//! `mirrord exec` in a terminal: Ctrl-C and Ctrl-Z mean to the program and to the shell what they mean without us.

use mirrord_tests::home::{Home, binary};
use mirrord_tests::within;

/// Runs a command in a terminal of its own, and does what `step` says.
const TERMINAL: &str = r#"
import os, pty, signal, sys
def give_up(*_):
    sys.exit("still waiting; the terminal says %r" % said)
signal.signal(signal.SIGALRM, give_up)
signal.alarm(20)
os.environ["PS1"] = "prompt>"
pid, terminal = pty.fork()
if pid == 0:
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGTSTP: signal.signal(number, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
said = b""
def until(text):
    global said
    while text not in said:
        said += os.read(terminal, 1024)
    before, said = said.split(text, 1)
    return before
def end():
    global said
    try:
        while True:
            part = os.read(terminal, 1024)
            if not part: break
            said += part
    except OSError: pass
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"#;

async fn in_a_terminal(steps: &str, command: &[&str]) -> String {
    let home = Home::new();
    let mut python = home.command("python3");
    python.args(["-c", &[TERMINAL, steps].concat()]).args(command);
    let output = within("the terminal", python.output()).await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
    String::from_utf8(output.stdout).unwrap()
}

/// Counts its signals, and opens a file each time, so that one of its calls waits for the observer.
const COUNTS: &str = r#"trap "echo int; cat /dev/null" INT; trap "echo term; exit 9" TERM; echo ready
while :; do sleep 0.01; done"#;

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_reaches_the_program_once() {
    let steps = r#"
until(b"ready")
os.write(terminal, b"\x03")
until(b"int")
os.kill(pid, 15)
print(end(), said.count(b"int"), said.count(b"term"))
"#;
    let binary = binary();
    let said = in_a_terminal(steps, &[binary.to_str().unwrap(), "exec", "--", "sh", "-c", COUNTS]).await;
    assert_eq!(said, "9 0 1\n", "its own exit code, no second SIGINT, one SIGTERM");
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_z_stops_the_job_and_fg_goes_on_with_it() {
    // A shell throws away what was typed before its prompt.
    let steps = r#"
def type(line):
    until(b"prompt>")
    os.write(terminal, line.encode() + b"\n")
type(sys.argv[-1])
until(b"is open")
until(b"went on")
os.write(terminal, b"\x1a")
until(b"Stopped")
type("fg")
until(b"went on")
os.write(terminal, b"\x03")
type("echo code=$?")
until(b"code=130")
type("exit 0")
print(end())
"#;
    // The terminal echoes what is typed, so that the words to wait for must not stand in it.
    // In bash: dash starts programs by `vfork(2)`, and a child that is stopped before its exec holds it up, so that the
    // job is not stopped (one of ten times, without us as well).
    let looping = "while :; do cat /dev/null; printf \"went %s\\n\" on; sleep 0.01; done";
    let line = format!("{} exec -- bash -c '{looping}'", binary().display());
    // The line is the shell's `$0`, which it does not look at.
    let shell = ["/bin/bash", "--norc", "--noprofile", "-i", "-s", &line];
    assert_eq!(in_a_terminal(steps, &shell).await, "0\n");
}
