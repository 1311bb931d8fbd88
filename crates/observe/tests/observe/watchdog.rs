//! The program goes on, whatever happens to its host; and nothing is left in the end.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::support::{
    DEADLINE, Watch, eventually, find, processes_in, processes_with, signal, state_of, tests, this_program,
};

tests![
    nothing_is_left_when_the_tree_ends,
    background_processes_outlive_their_host,
    a_program_survives_the_killing_of_its_host,
    the_tree_goes_on_while_its_host_is_stopped,
    a_host_killed_early_leaves_nothing,
    started_by_hand_it_says_so,
    a_file_system_of_the_program_itself_holds_nobody_up,
    memory_that_the_program_itself_provides_holds_nobody_up,
    a_killed_watchdog_is_replaced,
];

fn marker(watch: &Watch) -> String {
    watch.directory.path().to_str().unwrap().to_owned()
}

fn nothing_is_left_when_the_tree_ends() {
    for _ in 0..20 {
        let mut watch = Watch::new(["true"]);
        assert!(watch.start().wait().unwrap().success());
        assert_eq!(
            processes_with(&marker(&watch)),
            [0_u32; 0],
            "the host collects its watchdog"
        );
    }
}

fn background_processes_outlive_their_host() {
    let script = "(while ! [ -e go ]; do cat /dev/null; done; ls / > listed; : > done) > /dev/null 2>&1 & echo started";
    let mut watch = Watch::new(["sh", "-c", script]);
    let output = watch.start().wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout, b"started\n");
    let work = watch.work();
    assert_eq!(processes_with(&marker(&watch)).len(), 1, "the watchdog stays");
    std::fs::write(work.join("go"), "").unwrap();
    eventually("the background process has done its work", || {
        work.join("done").exists().then_some(())
    });
    assert!(!std::fs::read_to_string(work.join("listed")).unwrap().is_empty());
    eventually("the watchdog ends", || {
        processes_with(&marker(&watch)).is_empty().then_some(())
    });
}

/// Returns the program's output at its end; it is ended by force where it hangs, so that the test fails and leaves
/// nothing.
fn said_by(host: &mut Child, marker: &str) -> String {
    let mut stdout = host.stdout.take().unwrap();
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut said = String::new();
        stdout.read_to_string(&mut said).unwrap();
        let _ = send.send(said);
    });
    receive.recv_timeout(DEADLINE).unwrap_or_else(|_| {
        for pid in processes_in(marker) {
            signal(pid, libc::SIGKILL);
        }
        panic!("the program hangs");
    })
}

/// Number of times that a host is killed, each time a little later. More with `OBSERVE_KILLS`.
fn kills() -> u32 {
    std::env::var("OBSERVE_KILLS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(60)
}

fn a_program_survives_the_killing_of_its_host() {
    for number in 0..kills() {
        let mut watch = Watch::act(&["opens", "2000"]);
        let mut host = watch.start();
        eventually("the program runs", || {
            let text = std::fs::metadata(watch.directory.path().join("events"));
            text.is_ok_and(|file| file.len() > 0).then_some(())
        });
        // Not a wait for anything: the moment of the kill is what varies.
        std::thread::park_timeout(Duration::from_micros(u64::from(number * 397 % 20_000)));
        host.kill().unwrap();
        host.wait().unwrap();
        let said = said_by(&mut host, &marker(&watch));
        assert_eq!(said, "2000\n", "kill number {number}");
        eventually("nothing is left", || {
            processes_with(&marker(&watch)).is_empty().then_some(())
        });
    }
}

fn a_host_killed_early_leaves_nothing() {
    for number in 0..kills() {
        let mut watch = Watch::act(&["opens", "100"]);
        let mut host = watch.start();
        std::thread::park_timeout(Duration::from_micros(u64::from(number * 211 % 12_000)));
        host.kill().unwrap();
        host.wait().unwrap();
        let said = said_by(&mut host, &marker(&watch));
        assert!(matches!(said.as_str(), "" | "100\n"), "kill number {number}: {said}");
        eventually("nothing is left", || {
            processes_with(&marker(&watch)).is_empty().then_some(())
        });
    }
}

/// Ctrl-Z stops the program and us, and not what it has in the background. Then the host goes on, and is killed at
/// last.
fn the_tree_goes_on_while_its_host_is_stopped() {
    let program = this_program();
    let actor = program.to_str().unwrap();
    let script = "\"$0\" __act opens 3000 & echo; kill -STOP $$; wait; \"$0\" __act opens 3000; touch half; \"$0\" __act opens 3000";
    for number in 0..10 {
        let mut watch = Watch::new(["sh", "-c", script, actor]);
        let mut host = watch.start();
        eventually("the host has stopped", || {
            (state_of(host.id()) == Some('T')).then_some(())
        });
        std::thread::park_timeout(Duration::from_millis(number));
        signal(host.id(), libc::SIGCONT);
        let half = watch.work().join("half");
        eventually("the program has gone on", || half.exists().then_some(()));
        host.kill().unwrap();
        host.wait().unwrap();
        assert_eq!(said_by(&mut host, &marker(&watch)), "\n3000\n3000\n3000\n");
        eventually("nothing is left", || {
            processes_with(&marker(&watch)).is_empty().then_some(())
        });
    }
}

/// The program mounts a file system, and executes from it while it serves it.
fn a_file_system_of_the_program_itself_holds_nobody_up() {
    if find("bindfs").is_none() || find("fusermount3").is_none() || !can_mount() {
        println!("  (FUSE cannot be tried here: it takes bindfs, fuse3 and /dev/fuse)");
        return;
    }
    let script = "mkdir m; bindfs -f /usr/bin m > /dev/null 2>&1 & \
                  until mountpoint -q m; do :; done; m/id -u; fusermount3 -u m; wait";
    let mut watch = Watch::new(["sh", "-c", script]);
    let mut host = watch.start();
    let said = said_by(&mut host, &marker(&watch));
    assert!(host.wait().unwrap().success());
    assert_eq!(said.trim(), user_id());
}

fn can_mount() -> bool {
    std::fs::File::options()
        .read(true)
        .write(true)
        .open("/dev/fuse")
        .is_ok()
}

fn user_id() -> String {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&id.stdout).trim().to_owned()
}

/// A path on a page that another thread provides, once it has made watched calls of its own.
fn memory_that_the_program_itself_provides_holds_nobody_up() {
    for round in 0..3 {
        let mut watch = Watch::act(&["userfault"]);
        let mut host = watch.start();
        let said = said_by(&mut host, &marker(&watch));
        assert!(host.wait().unwrap().success(), "round {round}");
        if said == "none\n" {
            println!("  (userfaultfd cannot be tried here: it takes a right that we have not)");
            return;
        }
        assert_eq!(said, "opened\n");
        let operations: Vec<_> = watch
            .lines()
            .into_iter()
            .map(|line| format!("{:?}", line.event()))
            .collect();
        assert!(
            operations.iter().any(|event| event.contains("after-fault")),
            "{operations:?}"
        );
    }
}

fn a_killed_watchdog_is_replaced() {
    let mut watch = Watch::new(["sh", "-c", "until [ -e go ]; do cat /dev/null; done; ls / > listed"]);
    let mut host = watch.start();
    let watchdog = |watch: &Watch| -> Option<u32> {
        let all = processes_with(&marker(watch));
        let name = |pid: &u32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        all.into_iter().find(|pid| name(pid) == "call-watchdog\n")
    };
    let first = eventually("there is a watchdog", || watchdog(&watch));
    signal(first, libc::SIGKILL);
    let second = eventually("there is another one", || watchdog(&watch).filter(|pid| *pid != first));
    assert_ne!(first, second);
    // Both answer alone: the first was replaced by one that does the work.
    eventually("it is ready", || {
        let wchan = std::fs::read_to_string(format!("/proc/{second}/wchan")).unwrap_or_default();
        wchan.contains("poll").then_some(())
    });
    host.kill().unwrap();
    host.wait().unwrap();
    std::fs::write(watch.work().join("go"), "").unwrap();
    eventually("the program has done its work", || {
        watch.work().join("listed").exists().then_some(())
    });
    eventually("nothing is left", || {
        processes_with(&marker(&watch)).is_empty().then_some(())
    });
}

fn started_by_hand_it_says_so() {
    let output = Command::new(this_program())
        .arg("__watchdog")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("mirrord exec"));
}
