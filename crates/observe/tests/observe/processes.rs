//! The tree: who started, as what, who ended, and in which order.

use std::collections::HashMap;
use std::process::Stdio;

use mirrord_wire::MonitorEvent;

use super::support::{Ended, Watch, build_static, eventually, tests};

tests![
    each_is_told_once_with_its_command_line,
    short_lives_are_not_missed,
    an_exec_that_fails_is_no_process,
    a_fork_without_exec_is_told,
    the_command_that_does_not_run_is_no_process,
    a_parent_is_told_before_its_child,
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
