//! The program is as it would be without us: what it inherits, how it ends, how fast it may be.

use std::io::Read as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, Stdio};

use super::support::{DEADLINE, Test, Watch, eventually, find, signal, state_of, this_program};

pub(crate) const TESTS: &[Test] = &[
    ("faithful::it_ends_as_it_ends", it_ends_as_it_ends),
    ("faithful::it_inherits_what_it_would", it_inherits_what_it_would),
    (
        "faithful::a_file_of_no_known_format_is_a_script",
        a_file_of_no_known_format_is_a_script,
    ),
    (
        "faithful::a_sink_that_is_stuck_costs_the_program_nothing",
        a_sink_that_is_stuck_costs_the_program_nothing,
    ),
    ("faithful::it_needs_no_privileges", it_needs_no_privileges),
    (
        "faithful::watching_inside_watching_is_refused",
        watching_inside_watching_is_refused,
    ),
    (
        "faithful::signals_to_the_host_reach_the_program",
        signals_to_the_host_reach_the_program,
    ),
    (
        "faithful::signals_of_a_terminal_reach_the_program_once",
        signals_of_a_terminal_reach_the_program_once,
    ),
    (
        "faithful::a_stopped_program_stops_its_host",
        a_stopped_program_stops_its_host,
    ),
    (
        "faithful::a_program_that_is_continued_continues_its_host",
        a_program_that_is_continued_continues_its_host,
    ),
];

fn it_ends_as_it_ends() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 7", 7),
        ("exit 255", 255),
        ("kill -TERM $$", 143),
        ("kill -SEGV $$", 139),
    ] {
        let ended = Watch::new(["sh", "-c", script]).run();
        assert_eq!(ended.output.status.code(), Some(code), "{script}");
    }
}

/// What a program sees of itself, with and without us; run below a shell that set the scene.
fn it_inherits_what_it_would() {
    let look = "grep -E '^(Sig(Ign|Blk|Cgt)|Umask|Groups|Cap)' /proc/self/status; ls /proc/self/fd; \
                readlink /proc/self/fd/0 /proc/self/fd/5; pwd; env | sort; ulimit -a; ps -o pgid= -o sid= -o tty= -p $$ | sed 's/^/ids /'";
    for scene in ["", "trap '' HUP INT PIPE USR1;"] {
        let run = |inner: &str| {
            // The same descriptors, and the same process group, whatever stands between.
            let script = format!("{scene} exec 5</dev/zero; {inner}");
            let mut command = Command::new("sh");
            command
                .arg("-c")
                .arg(script)
                .env("LOOK", look)
                .env("HOST", this_program());
            command.env("EVENTS", "/dev/null").current_dir("/").stdin(Stdio::null());
            let output = command.output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            let differs = |line: &&str| line.starts_with("ids") || line.starts_with("SHLVL") || line.starts_with("_=");
            let kept: Vec<_> = text.lines().filter(|line| !differs(line)).map(str::to_owned).collect();
            kept
        };
        let bare = run("sh -c \"$LOOK\"");
        let watched = run("\"$HOST\" __host \"$EVENTS\" sh -c \"$LOOK\"");
        assert!(bare.len() > 10, "{bare:?}");
        assert_eq!(bare, watched, "{scene}");
    }
}

fn a_file_of_no_known_format_is_a_script() {
    let watch = Watch::new(["./script", "a b"]);
    let script = watch.work().join("script");
    std::fs::write(&script, "echo \"$1\"\n").unwrap();
    let permissions = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
    std::fs::set_permissions(&script, permissions).unwrap();
    assert_eq!(watch.run().succeeded().stdout(), "a b\n");
}

fn a_sink_that_is_stuck_costs_the_program_nothing() {
    let ended = Watch::act(&["opens", "150000"]).change(|host| {
        host.env("HOST_SINK", "stuck").env("HOST_COUNTS", "yes");
    });
    let ended = ended.run().succeeded();
    assert_eq!(ended.stdout(), "150000\n");
    let lost = ended
        .stderr()
        .split("lost: ")
        .nth(1)
        .and_then(|rest| rest.split(',').next()?.parse::<u64>().ok());
    assert!(lost.unwrap() > 50_000, "{}", ended.stderr());
}

fn it_needs_no_privileges() {
    // SAFETY: no arguments.
    #[expect(unsafe_code, reason = "the user's number")]
    let is_root = unsafe { libc::geteuid() } == 0;
    let directory = tempfile::tempdir().unwrap();
    let open = <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o777);
    std::fs::set_permissions(directory.path(), open.clone()).unwrap();
    let host = directory.path().join("host");
    std::fs::copy(this_program(), &host).unwrap();
    let watch = Watch::of(host.clone(), [host.to_str().unwrap(), "__act", "opens", "10"]);
    std::fs::set_permissions(watch.directory.path(), open.clone()).unwrap();
    std::fs::set_permissions(watch.work(), open).unwrap();
    let watch = watch.change(|host| {
        if is_root {
            host.uid(65_534).gid(65_534);
        }
    });
    let ended = watch.run().succeeded();
    assert_eq!(ended.stdout(), "10\n");
    assert_eq!(ended.operations().len(), 11);
}

fn watching_inside_watching_is_refused() {
    let inner = tempfile::tempdir().unwrap();
    let events = inner.path().join("events");
    let program = this_program();
    let command = [program.to_str().unwrap(), "__host", events.to_str().unwrap(), "true"];
    let ended = Watch::new(command).run();
    assert_eq!(ended.output.status.code(), Some(99));
    assert!(ended.stderr().contains("being watched already"), "{}", ended.stderr());
}

const COUNTS_SIGNALS: &str = "
    trap 'echo usr1' USR1; trap 'echo int' INT; trap 'echo term; exit 9' TERM
    : > ready
    while :; do sleep 0.01; done";

/// Starts a shell that tells the signals it gets, and waits until it does.
fn telling_signals() -> (Watch, Child) {
    let mut watch = Watch::new(["sh", "-c", COUNTS_SIGNALS]);
    let child = watch.start();
    let ready = watch.work().join("ready");
    eventually("the program is ready", || ready.exists().then_some(()));
    (watch, child)
}

/// Reads one line.
fn line_of(child: &mut Child) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    let stdout = child.stdout.as_mut().unwrap();
    while stdout.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    String::from_utf8(line).unwrap()
}

fn signals_to_the_host_reach_the_program() {
    let (watch, mut child) = telling_signals();
    signal(child.id(), libc::SIGUSR1);
    assert_eq!(line_of(&mut child), "usr1");
    signal(child.id(), libc::SIGINT);
    assert_eq!(line_of(&mut child), "int");
    signal(child.id(), libc::SIGTERM);
    let ended = watch.ended(child.wait_with_output().unwrap());
    assert_eq!(
        (ended.stdout().as_str(), ended.output.status.code()),
        ("term\n", Some(9))
    );
}

/// Ctrl-C in a terminal reaches the whole group: the program must not get it from us as well.
const TERMINAL: &str = "
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
said = b''
def until(text):
    global said
    while text not in said:
        said += os.read(terminal, 1024)
until(b'ready')
os.write(terminal, b'\\x03')
until(b'int')
os.kill(pid, 15)
try:
    while True:
        part = os.read(terminal, 1024)
        if not part: break
        said += part
except OSError: pass
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.count(b'int'), said.count(b'term'))";

fn signals_of_a_terminal_reach_the_program_once() {
    let Some(python) = find("python3") else { return };
    let directory = tempfile::tempdir().unwrap();
    let events = directory.path().join("events");
    let program = this_program();
    let shell = COUNTS_SIGNALS.replace(": > ready", "echo ready");
    let output = Command::new(python)
        .args(["-c", TERMINAL])
        .args([
            program.to_str().unwrap(),
            "__host",
            events.to_str().unwrap(),
            "sh",
            "-c",
            &shell,
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "9 1 1\n", "{output:?}");
}

const STOPS_ITSELF: &str = "echo $$; kill -STOP $$; cat /dev/null; exit 5";

fn stopped_host() -> (Watch, Child, u32) {
    let mut watch = Watch::new(["sh", "-c", STOPS_ITSELF]);
    let child = watch.start();
    let program = eventually("the program is there", || {
        watch.lines().iter().find_map(|line| {
            matches!(line.event(), mirrord_wire::MonitorEvent::LayerConnected { .. }).then(|| line.pid().unwrap())
        })
    });
    eventually("the program has stopped", || {
        (state_of(program) == Some('T')).then_some(())
    });
    (watch, child, program)
}

fn a_stopped_program_stops_its_host() {
    let (watch, child, _) = stopped_host();
    eventually("the host has stopped", || {
        (state_of(child.id()) == Some('T')).then_some(())
    });
    signal(child.id(), libc::SIGCONT);
    let ended = watch.ended(child.wait_with_output().unwrap());
    assert_eq!(ended.output.status.code(), Some(5), "{}", ended.stderr());
    assert!(ended.output.status.signal().is_none());
}

fn a_program_that_is_continued_continues_its_host() {
    let (watch, child, program) = stopped_host();
    eventually("the host has stopped", || {
        (state_of(child.id()) == Some('T')).then_some(())
    });
    signal(program, libc::SIGCONT);
    let before = std::time::Instant::now();
    let ended = watch.ended(child.wait_with_output().unwrap());
    assert_eq!(ended.output.status.code(), Some(5));
    assert!(before.elapsed() < DEADLINE);
}
