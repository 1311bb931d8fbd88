//! The program is as it would be without us: what it inherits, how it ends, how fast it may be.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, Stdio};

use super::support::{DEADLINE, Watch, eventually, signal, state_of, tests, this_program};

tests![
    it_ends_as_it_ends,
    it_inherits_what_it_would,
    a_file_of_no_known_format_is_a_script,
    a_sink_that_is_stuck_costs_the_program_nothing,
    it_needs_no_privileges,
    watching_inside_watching_is_refused,
    a_stopped_program_stops_its_host,
    a_program_that_is_continued_continues_its_host,
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

/// Compares a program's view of itself with and without us; run below a shell that sets the scene.
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
    let dropped = ended
        .stderr()
        .split("dropped: ")
        .nth(1)
        .and_then(|rest| rest.split(',').next()?.parse::<u64>().ok());
    assert!(dropped.unwrap() > 50_000, "{}", ended.stderr());
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
    assert!(ended.stderr().contains("watched already"), "{}", ended.stderr());
}

const STOPS_ITSELF: &str = "echo $$; kill -STOP $$; cat /dev/null; exit 5";

fn stopped_host() -> (Watch, Child, u32) {
    let mut watch = Watch::new(["sh", "-c", STOPS_ITSELF]);
    let mut child = watch.start();
    // From the program itself: a host that is stopped by now prints nothing.
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let program = line.trim().parse().unwrap();
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
