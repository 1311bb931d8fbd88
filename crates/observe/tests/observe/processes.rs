//! The tree: who started, as what, who ended, and in which order.

use std::collections::HashMap;
use std::process::Stdio;

use mirrord_wire::{Exit, MonitorEvent, Outcome};

use super::support::{Ended, Watch, build_static, eventually, tests};

tests![
    each_is_told_once_with_its_command_line,
    short_lives_are_not_missed,
    an_exec_that_fails_is_no_process,
    a_fork_without_exec_is_told,
    the_command_that_does_not_run_is_no_process,
    a_parent_is_told_before_its_child,
    each_end_has_its_code_or_signal,
    each_start_has_its_directory_and_its_environment,
    a_fork_whose_programs_are_missing_is_told_with_its_attempts,
    one_that_calls_nothing_is_told,
];

/// Checks what must hold of any tree: every event of a process lies between its start and its end.
fn check_order(ended: &Ended) {
    let mut alive: HashMap<u32, bool> = HashMap::new();
    for line in &ended.lines {
        let pid = line.pid().expect("every event has a process");
        match line.event() {
            MonitorEvent::LayerConnected { .. } => {
                alive.insert(pid, true);
            }
            MonitorEvent::LayerDisconnected { .. } => {
                assert_eq!(
                    alive.insert(pid, false),
                    Some(true),
                    "{pid} ends without having started"
                );
            }
            other => assert_eq!(alive.get(&pid), Some(&true), "{pid}: {other:?} outside its life"),
        }
    }
    assert!(alive.values().all(|alive| !alive), "not ended: {alive:?}");
}

fn started(ended: &Ended) -> Vec<(u32, Option<u32>, String, Vec<String>)> {
    let start = |event: &MonitorEvent| match event {
        MonitorEvent::LayerConnected {
            pid,
            parent_pid,
            process_name,
            cmdline,
            ..
        } => Some((
            *pid,
            *parent_pid,
            process_name.clone().unwrap_or_default(),
            cmdline.clone(),
        )),
        _ => None,
    };
    ended.events().filter_map(start).collect()
}

fn each_is_told_once_with_its_command_line() {
    let ended = Watch::new(["sh", "-c", "/bin/cat /dev/null; env true with arguments"])
        .run()
        .succeeded();
    check_order(&ended);
    let started = started(&ended);
    let (root, parent, name, _) = &started[0];
    assert_eq!(name, "sh");
    assert!(parent.is_some());
    let of = |program: &str| {
        let found: Vec<_> = started.iter().filter(|(_, _, _, line)| line[0] == program).collect();
        assert_eq!(found.len(), 1, "{program}: {started:?}");
        found[0].clone()
    };
    let (pid, parent, name, line) = of("/bin/cat");
    assert_eq!((parent, name.as_str(), line.len()), (Some(*root), "cat", 2));
    assert_ne!(pid, *root);
    // A program that replaces another one in its process.
    assert_eq!(of("true").0, of("env").0);
    assert_eq!(of("true").3, ["true", "with", "arguments"]);
}

fn short_lives_are_not_missed() {
    let directory = tempfile::tempdir().unwrap();
    // It makes no watched call at all.
    let program = build_static(directory.path(), "nothing", "fn main() {}", &["-Cpanic=abort"]);
    let script = "i=0; while [ $i -lt 200 ]; do \"$0\" number $i; i=$((i+1)); done";
    let ended = Watch::new(["sh", "-c", script, program.to_str().unwrap()])
        .run()
        .succeeded();
    check_order(&ended);
    let lines: Vec<_> = started(&ended)
        .into_iter()
        .filter(|(_, _, name, _)| name == "nothing")
        .collect();
    assert_eq!(lines.len(), 200);
    for (number, (_, _, _, line)) in lines.iter().enumerate() {
        assert_eq!(line[1..], ["number".to_owned(), number.to_string()]);
    }
}

fn an_exec_that_fails_is_no_process() {
    let script = "i=0; while [ $i -lt 20 ]; do (exec ./missing) 2>/dev/null; i=$((i+1)); done; (exec /dev/null) 2>/dev/null; true";
    let ended = Watch::new(["sh", "-c", script]).run().succeeded();
    check_order(&ended);
    assert!(
        started(&ended).iter().all(|(_, _, name, _)| name == "sh"),
        "{:?}",
        started(&ended)
    );
}

fn a_fork_without_exec_is_told() {
    let ended = Watch::new(["sh", "-c", "(: > made) ; true"]).run().succeeded();
    check_order(&ended);
    let started = started(&ended);
    assert_eq!(started.len(), 2);
    assert_eq!(started[1].1, Some(started[0].0));
    let made = ended
        .lines
        .iter()
        .find(|line| matches!(line.event(), MonitorEvent::FileOp { path: Some(path), .. } if path.ends_with("/made")));
    assert_eq!(made.and_then(|line| line.pid()), Some(started[1].0));
}

/// Returns the events of an actor that waits until so many processes are reported.
fn told_while_they_live(role: &str, count: usize) -> Ended {
    let mut watch = Watch::act(&[role]).change(|host| {
        host.stdin(Stdio::piped());
    });
    let mut child = watch.start();
    let is_start = |event: &MonitorEvent| matches!(event, MonitorEvent::LayerConnected { .. });
    eventually("every process is told", || {
        (watch.lines().iter().filter(|line| is_start(line.event())).count() == count).then_some(())
    });
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    watch.ended(output).succeeded()
}

fn a_parent_is_told_before_its_child() {
    let ended = told_while_they_live("generations", 4);
    check_order(&ended);
    let started = started(&ended);
    for (before, (_, parent, ..)) in started.iter().zip(&started[1..]) {
        assert_eq!(*parent, Some(before.0), "{started:?}");
    }
}

fn one_that_calls_nothing_is_told() {
    let started = started(&told_while_they_live("silent", 2));
    assert_eq!(started[1].1, Some(started[0].0));
}

/// Returns whether the kernel keeps the code of a process that was waited for (`PIDFD_INFO_EXIT`, Linux 6.15).
fn keeps_exit_codes() -> bool {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    let mut numbers = release.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next(), numbers.next()) >= (Some(6), Some(15))
}

fn each_end_has_its_code_or_signal() {
    let script =
        "for n in 1 2 3 4 5 6 7 8 9; do sh -c \"exit $n\"; done; sh -c 'kill -ABRT $$'; sh -c 'kill -9 $$'; exit 42";
    let ended = Watch::new(["sh", "-c", script]).run();
    assert_eq!(ended.output.status.code(), Some(42));
    check_order(&ended);
    let started = started(&ended);
    let exit = |line: &str| {
        let (pid, ..) = started
            .iter()
            .find(|start| start.3.last().is_some_and(|last| last == line))?;
        ended.events().find_map(|event| match event {
            MonitorEvent::LayerDisconnected { pid: own, exit } if own == pid => Some(exit.clone()),
            _ => None,
        })
    };
    let code = |code| Exit {
        code: Some(code),
        ..Exit::default()
    };
    let signal = |name: &'static str| Exit {
        signal: Some(name.into()),
        ..Exit::default()
    };
    assert_eq!(exit(script), Some(code(42)));
    let mut expected: Vec<_> = (1..=9).map(|number| (format!("exit {number}"), code(number))).collect();
    expected.push(("kill -ABRT $$".to_owned(), signal("SIGABRT")));
    expected.push(("kill -9 $$".to_owned(), signal("SIGKILL")));
    for (line, expected) in expected {
        let told = exit(&line).expect("it has ended");
        let unknown = told.is_unknown() && !keeps_exit_codes();
        assert!(told == expected || unknown, "{line}: {told:?}");
    }
}

fn each_start_has_its_directory_and_its_environment() {
    let script = "cat /dev/null; mkdir sub; cd sub; A=b env cat /dev/null";
    let watch = Watch::new(["sh", "-c", script]).change(|host| {
        host.env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("SECRET", "hunter2");
    });
    let ended = watch.run().succeeded();
    let directories = |wanted: &str| -> Vec<Option<String>> {
        let of = |event: &MonitorEvent| match event {
            MonitorEvent::LayerConnected { cmdline, cwd, .. } if cmdline[0] == wanted => Some(cwd.clone()),
            _ => None,
        };
        ended.events().filter_map(of).collect()
    };
    let work = ended.directory.display().to_string();
    assert_eq!(directories("sh"), [Some(work.clone())]);
    assert_eq!(directories("cat"), [Some(work.clone()), Some(format!("{work}/sub"))]);
    let root = ended.lines[0].pid();
    let environments: Vec<_> = ended
        .lines
        .iter()
        .filter_map(|line| match line.event() {
            MonitorEvent::EnvVar { vars } => Some((line.pid(), vars.clone())),
            _ => None,
        })
        .collect();
    let pair = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
    assert_eq!(environments[0].0, root);
    assert!(environments[0].1.contains(&pair("SECRET", "hunter2")));
    // What the others share with their parent is not said again.
    for (pid, vars) in &environments[1..] {
        assert_ne!(*pid, root);
        assert!(
            vars.iter()
                .all(|(name, _)| ["A", "PWD", "OLDPWD"].contains(&name.as_str())),
            "{vars:?}"
        );
    }
}

fn a_fork_whose_programs_are_missing_is_told_with_its_attempts() {
    let ended = Watch::new(["sh", "-c", "(exec ./missing) 2>/dev/null; /bin/true"])
        .run()
        .succeeded();
    check_order(&ended);
    let missing = ended
        .outcomes()
        .into_iter()
        .find(|(operation, path, _)| operation == "exec" && path == "missing");
    assert_eq!(missing.and_then(|(.., outcome)| outcome), Some(Outcome::NotFound));
    let executed = ended.lines.iter().find(|line| matches!(line.event(), MonitorEvent::FileOp { path: Some(path), operation } if operation == "exec" && path == "/bin/true"));
    let executed = executed.expect("it is told");
    assert_eq!(executed.observation.outcome, Some(Outcome::Ok));
    let started = started(&ended);
    let own = started
        .iter()
        .find(|(_, _, name, _)| name == "true")
        .expect("it is a process");
    assert_eq!(executed.pid(), Some(own.0));
}

fn the_command_that_does_not_run_is_no_process() {
    for (command, code) in [
        ("./missing", 127),
        ("no-such-command", 127),
        ("/etc/passwd", 126),
        ("/", 126),
        ("", 127),
    ] {
        let ended = Watch::new([command]).run();
        assert_eq!(ended.output.status.code(), Some(code), "{command}: {}", ended.stderr());
        assert!(ended.lines.is_empty(), "{command}: {:?}", ended.lines);
    }
}
