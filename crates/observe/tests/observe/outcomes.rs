//! Outcomes of look-ups and connections, and that finding them out changes nothing for the program.

use std::process::Stdio;

use mirrord_wire::{Direction, EventLine, MonitorEvent, Outcome};

use super::support::{Ended, Test, Watch, assert_contains, eventually};

pub(crate) const TESTS: &[Test] = &[
    ("outcomes::look_ups_have_their_outcome", look_ups_have_their_outcome),
    (
        "outcomes::a_file_that_is_made_behind_its_look_up_is_not_found_or_not_known",
        a_file_that_is_made_behind_its_look_up_is_not_found_or_not_known,
    ),
    (
        "outcomes::they_are_those_of_the_caller_and_not_ours",
        they_are_those_of_the_caller_and_not_ours,
    ),
    (
        "outcomes::a_user_that_is_taken_for_one_call_counts_for_that_one",
        a_user_that_is_taken_for_one_call_counts_for_that_one,
    ),
    ("outcomes::another_root_is_looked_into", another_root_is_looked_into),
    (
        "outcomes::what_another_process_serves_is_not_asked",
        what_another_process_serves_is_not_asked,
    ),
    (
        "outcomes::every_call_that_changes_a_path_is_told",
        every_call_that_changes_a_path_is_told,
    ),
    (
        "outcomes::connections_are_connected_or_failed",
        connections_are_connected_or_failed,
    ),
    (
        "outcomes::where_sockets_are_hidden_that_is_said_once",
        where_sockets_are_hidden_that_is_said_once,
    ),
    (
        "outcomes::a_connection_without_an_answer_is_pending_and_then_updated",
        a_connection_without_an_answer_is_pending_and_then_updated,
    ),
];

const OK: Option<Outcome> = Some(Outcome::Ok);
const NOT_FOUND: Option<Outcome> = Some(Outcome::NotFound);
const DENIED: Option<Outcome> = Some(Outcome::Denied);

fn triples(list: &[(&str, &str, Option<Outcome>)]) -> Vec<(String, String, Option<Outcome>)> {
    list.iter()
        .map(|(operation, path, outcome)| ((*operation).to_owned(), (*path).to_owned(), *outcome))
        .collect()
}

fn of_path(ended: &Ended, path: &str) -> Option<Outcome> {
    let is_it = |event: &MonitorEvent| matches!(event, MonitorEvent::FileOp { path: Some(own), .. } if own == path);
    let line = ended.lines.iter().find(|line| is_it(line.event()));
    line.expect("it is told").observation.outcome
}

fn look_ups_have_their_outcome() {
    let ended = Watch::act(&["look-ups"]).run().succeeded();
    let expected = triples(&[
        ("write", "there", None),
        ("mkdir", "folder", None),
        ("symlink", "dangling", None),
        ("symlink", "link", None),
        ("symlink", "loop", None),
        ("open", "there", OK),
        ("open", "link", OK),
        ("open", "missing", NOT_FOUND),
        ("open", "folder/../missing", NOT_FOUND),
        ("stat", "there", OK),
        ("stat", "dangling", NOT_FOUND),
        ("stat", "dangling", OK),
        ("access", "there", OK),
        ("access", "missing", NOT_FOUND),
        ("access", "there", DENIED),
        ("readlink", "link", OK),
        ("opendir", "folder", OK),
        ("readlink", "there", None),
        ("opendir", "there", None),
        ("write", "folder", None),
        ("open", "there/below", None),
        ("open", "loop", None),
        ("write", "there", None),
        ("mkdir", "folder", None),
        ("unlink", "missing", None),
        ("write", "script", None),
        ("chmod", "script", None),
        ("exec", "missing", NOT_FOUND),
        ("exec", "folder", DENIED),
        ("exec", "script", NOT_FOUND),
    ]);
    // In one batch a later call may leave an earlier outcome in doubt; it is never another one.
    let told = ended.outcomes();
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(&expected) {
        let in_doubt = ["there", "folder", "missing", "folder/../missing", "script"].contains(&told.1.as_str());
        let is_right = told == expected || in_doubt && told.2.is_none();
        assert!(is_right, "{told:?} in place of {expected:?}");
    }
    // Of the program itself, and it may have ended by then.
    assert!([OK, None].contains(&of_path(&ended, "/proc/self/status")));
    assert_eq!(of_path(&ended, "/dev/null"), OK);
}

fn a_file_that_is_made_behind_its_look_up_is_not_found_or_not_known() {
    let ended = Watch::act(&["made-behind"]).run().succeeded();
    let stats = ended
        .outcomes()
        .into_iter()
        .filter(|(operation, ..)| operation == "stat");
    let mut count = 0;
    for (_, path, outcome) in stats {
        count += 1;
        let wrong = if path.starts_with('r') { NOT_FOUND } else { OK };
        assert_ne!(outcome, wrong, "{path}");
    }
    assert_eq!(count, 600);
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

fn open_to_all(watch: &Watch) {
    use std::os::unix::fs::PermissionsExt as _;
    for directory in [watch.directory.path(), &watch.work()] {
        std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn they_are_those_of_the_caller_and_not_ours() {
    if !is_root() || super::support::find("setpriv").is_none() {
        println!("  (it takes root and setpriv)");
        return;
    }
    let script = "cat secret; cat open; cat closed/x; cat missing; test -r secret; test -e secret; test -r group; true";
    let user = ["--reuid=65534", "--regid=65534", "--groups=12345", "--inh-caps=-all"];
    let command = [&["setpriv"][..], &user, &["sh", "-c", script]].concat();
    let watch = Watch::new(command);
    open_to_all(&watch);
    let make = |name: &str, mode: u32, group: Option<u32>| {
        use std::os::unix::fs::PermissionsExt as _;
        let path = watch.work().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        std::os::unix::fs::chown(&path, Some(0), group).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    };
    make("secret", 0o600, None);
    make("open", 0o644, None);
    make("group", 0o640, Some(12_345));
    let inside = make("closed/x", 0o644, None);
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(inside.parent().unwrap(), closed).unwrap();
    let ended = watch.run().succeeded();
    let told = ended.outcomes();
    for expected in triples(&[
        ("open", "secret", DENIED),
        ("open", "open", OK),
        ("open", "closed/x", DENIED),
        ("open", "missing", NOT_FOUND),
        ("access", "secret", DENIED),
        ("stat", "secret", OK),
        ("access", "group", OK),
    ]) {
        assert_contains(&told, &expected);
    }
}

fn a_user_that_is_taken_for_one_call_counts_for_that_one() {
    if !is_root() {
        println!("  (it takes root)");
        return;
    }
    let watch = Watch::act(&["changes-user"]);
    open_to_all(&watch);
    let ended = watch.run().succeeded();
    let opens = ended
        .outcomes()
        .into_iter()
        .filter(|(operation, ..)| operation == "open");
    let opens: Vec<_> = opens.map(|(_, _, outcome)| outcome).collect();
    assert_eq!(opens, [DENIED, OK].repeat(20));
}

fn another_root_is_looked_into() {
    let ended = Watch::act(&["chroot-look-ups"]).run().succeeded();
    if ended.stdout() == "none\n" {
        println!("  (chroot cannot be tried here: it takes a right that we have not)");
        return;
    }
    let of = |wanted: &str| {
        let is_it =
            |event: &MonitorEvent| matches!(event, MonitorEvent::FileOp { path: Some(path), .. } if path == wanted);
        let lines = ended.lines.iter().filter(|line| is_it(line.event()));
        // Of a process that has ended by then nothing is known.
        lines
            .map(|line| line.observation.outcome)
            .find(Option::is_some)
            .flatten()
    };
    assert_eq!(of("/inside"), OK);
    assert_eq!(of("/link"), OK);
    // Outside of the jail it is there.
    assert_eq!(of("/etc/passwd"), NOT_FOUND);
}

/// Unmounts at the end of a test, however it ends.
struct Mounted(std::path::PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let unmount = std::process::Command::new("fusermount3")
            .arg("-uz")
            .arg(&self.0)
            .status();
        assert!(unmount.is_ok_and(|status| status.success()));
    }
}

fn what_another_process_serves_is_not_asked() {
    let script = "cat served/x; cat link/x; cat there; cat missing; cat folder/missing; ls folder; cd served; cat x";
    let watch = Watch::new(["sh", "-c", script]);
    let path = |name: &str| watch.work().join(name);
    for folder in ["origin", "served", "folder"] {
        std::fs::create_dir(path(folder)).unwrap();
    }
    std::fs::write(path("origin/x"), "").unwrap();
    std::fs::write(path("there"), "").unwrap();
    std::os::unix::fs::symlink("served", path("link")).unwrap();
    let served = std::process::Command::new("bindfs")
        .args([path("origin"), path("served")])
        .stderr(Stdio::null())
        .status();
    if !served.is_ok_and(|status| status.success()) {
        println!("  (it takes bindfs, and the right to mount)");
        return;
    }
    let mounted = Mounted(path("served"));
    let ended = watch.run();
    drop(mounted);
    let told = ended.outcomes();
    for expected in triples(&[
        ("open", "served/x", None),
        ("open", "link/x", None),
        ("open", "there", OK),
        ("open", "missing", NOT_FOUND),
        ("open", "folder/missing", NOT_FOUND),
        ("opendir", "folder", OK),
    ]) {
        assert_contains(&told, &expected);
    }
    let below = told.iter().filter(|(_, path, _)| path == "served/x");
    assert_eq!(below.map(|(.., outcome)| *outcome).collect::<Vec<_>>(), [None, None]);
}

fn every_call_that_changes_a_path_is_told() {
    let ended = Watch::act(&["changes-files"]).run().succeeded();
    let expected = [
        ("write", "a"),
        ("symlink", "symlink"),
        ("link", "link"),
        ("chmod", "a"),
        ("chown", "a"),
        ("truncate", "a"),
        ("utimens", "a"),
        ("open", "a"),
        ("mkfifo", "fifo"),
        ("setxattr", "a"),
        ("removexattr", "a"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(operation, path)| ((*operation).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(ended.operations(), expected);
}

fn connection_outcomes(ended: &Ended, wanted: u16) -> Vec<Option<Outcome>> {
    let to_it =
        |event: &MonitorEvent| matches!(event, MonitorEvent::OutgoingConnection { port, .. } if *port == wanted);
    let lines = ended.lines.iter().filter(|line| to_it(line.event()));
    lines.map(|line| line.observation.outcome).collect()
}

/// Number of the program's own connections to a port of whom an update has this outcome.
fn updates_to(lines: &[EventLine], port: u16, outcome: Outcome) -> usize {
    let ends = lines.iter().filter_map(|line| match line.event() {
        MonitorEvent::ConnectionUpdate(update) if update.direction == Direction::Out => {
            let is_it = line.observation.outcome == Some(outcome) && update.remote == format!("127.0.0.1:{port}");
            is_it.then_some(&update.local)
        }
        _ => None,
    });
    ends.collect::<std::collections::BTreeSet<_>>().len()
}

fn unix_outcome(ended: &Ended, name: &str) -> Option<Outcome> {
    let socket = format!("<UNIX-PATH> {}", ended.directory.join(name).display());
    let is_it =
        |event: &MonitorEvent| matches!(event, MonitorEvent::OutgoingConnection { address, .. } if *address == socket);
    let line = ended.lines.iter().find(|line| is_it(line.event()));
    line.expect("it is told").observation.outcome
}

fn connections_are_connected_or_failed() {
    let ended = Watch::act(&["connects"]).run().succeeded();
    let said: Vec<u16> = ended
        .stdout()
        .split_whitespace()
        .map(|port| port.parse().unwrap())
        .collect();
    let (open, closed) = (
        connection_outcomes(&ended, said[0]),
        connection_outcomes(&ended, said[1]),
    );
    assert_eq!((open.len(), closed.len()), (100, 100));
    // On a busy machine an answer may come after the event, and a socket that is closed by then has no update.
    let right = |told: &[Option<Outcome>], right: Outcome| {
        let is_right = |outcome: &Outcome| [right, Outcome::Pending].contains(outcome);
        assert!(told.iter().flatten().all(is_right), "{told:?}");
        let answered = told.iter().flatten().filter(|outcome| **outcome == right).count();
        assert!(answered >= 50, "{answered} of 100 have their answer");
    };
    right(&open, Outcome::Connected);
    right(&closed, Outcome::Failed);
    assert_eq!(unix_outcome(&ended, "unix"), Some(Outcome::Connected));
    assert_eq!(unix_outcome(&ended, "nowhere"), Some(Outcome::Failed));
}

fn where_sockets_are_hidden_that_is_said_once() {
    let watch = Watch::act(&["connects"]).change(super::support::without_duplicates);
    let ended = watch.run().succeeded();
    let port: u16 = ended.stdout().split_whitespace().next().unwrap().parse().unwrap();
    let open = connection_outcomes(&ended, port);
    assert!(open.len() == 100 && open.iter().all(Option::is_none), "{open:?}");
    let said = ended.events().filter(|event| event.kind() == "OutcomesUnavailable");
    assert_eq!(said.count(), 1);
    assert_eq!(unix_outcome(&ended, "nowhere"), Some(Outcome::Failed), "by its path");
    assert_eq!(unix_outcome(&ended, "unix"), None);
}

fn a_connection_without_an_answer_is_pending_and_then_updated() {
    use std::io::Write as _;
    let mut watch = Watch::act(&["waits"]).change(|host| {
        host.stdin(Stdio::piped());
    });
    let mut child = watch.start();
    let mut input = child.stdin.take().unwrap();
    let outcomes = |watch: &Watch| {
        let lines = watch.lines();
        let connects = |event: &MonitorEvent| matches!(event, MonitorEvent::OutgoingConnection { .. });
        let connections = lines.into_iter().filter(|line| connects(line.event()));
        connections.map(|line| line.observation.outcome).collect::<Vec<_>>()
    };
    eventually("it waits", || {
        (outcomes(&watch) == [Some(Outcome::Connected), Some(Outcome::Pending)]).then_some(())
    });
    input.write_all(b"x").unwrap();
    let port = eventually("its port is told", || {
        let lines = watch.lines();
        lines.into_iter().find_map(|line| match line.event() {
            MonitorEvent::OutgoingConnection { port, .. } => Some(*port),
            _ => None,
        })
    });
    // The one that was let in at once, and the one that waited.
    eventually("it is let in", || {
        (updates_to(&watch.lines(), port, Outcome::Connected) == 2).then_some(())
    });
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), port.to_string());
    watch.ended(output).succeeded();
}
