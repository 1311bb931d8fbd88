//! `mirrord exec` as the first process of a container, as the Dockerfile's `ENTRYPOINT` makes it: an init that reaps, passes
//! signals and the exit code on, and publishes its session; and with the system calls and capabilities that Docker leaves it.
//!
//! The container is a user and a PID namespace, and `docker.py` puts Docker's defaults on. Where such namespaces are not
//! allowed these tests are left out, and say so; in CI they fail.

use std::ffi::OsString;
use std::process::Output;

use mirrord_tests::home::{Home, binary};
use mirrord_tests::namespace::{CONTAINER, unshare};
use mirrord_tests::program::{Program, python};
use mirrord_tests::{eventually, within};
use mirrord_wire::{EventLine, MonitorEvent, Outcome, StreamLine};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::process::Command;

const DOCKER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/container/docker.py");
const ORPHANS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/container/orphans.sh");
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/container/program.py");

/// Rights that a container has.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rights {
    /// Everything that root of a user namespace has.
    All,
    /// The default system calls and capabilities.
    Docker,
    /// These, and what `docker run --cap-add SYS_PTRACE` adds.
    DockerWithPtrace,
}

/// A command as the first process of a container.
#[expect(clippy::print_stdout, reason = "a part that is left out is said to be")]
async fn container(home: &Home, rights: Rights, command: &[&str]) -> Option<Command> {
    if rights != Rights::All && cfg!(not(target_arch = "x86_64")) {
        println!("Docker's default system calls are written down for x86-64 alone: that part is left out");
        return None;
    }
    let docker: &[&str] = match rights {
        Rights::All => &[],
        Rights::Docker => &[python(), DOCKER],
        Rights::DockerWithPtrace => &[python(), DOCKER, "--cap-add=SYS_PTRACE"],
    };
    let words = docker.iter().chain(command).map(OsString::from);
    unshare(home, CONTAINER, &words.collect::<Vec<_>>()).await
}

/// `mirrord` as an `ENTRYPOINT` has it, with a program.
async fn entrypoint(home: &Home, rights: Rights, program: &[&str]) -> Option<Command> {
    let binary = binary();
    let mirrord = [binary.to_str().unwrap(), "exec", "--wait-all", "--"];
    container(home, rights, &[&mirrord, program].concat()).await
}

async fn output(mut command: Command) -> Output {
    within("the container's end", command.output()).await.unwrap()
}

fn said(output: &Output) -> (Option<i32>, &str, &str) {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_process_reaps_what_is_left_behind_and_has_the_programs_exit_code() {
    let home = Home::new();
    for rights in [Rights::All, Rights::Docker] {
        // Without the reaping there is no end to it, and `timeout` ends it with 124.
        let Some(command) = entrypoint(&home, rights, &["timeout", "20", "sh", ORPHANS]).await else {
            return;
        };
        assert_eq!(said(&output(command).await), (Some(6), "reaped\n", ""));
        // Behind the program's end, while what it left runs on.
        let left = ["sh", "-c", "(timeout 20 sh \"$0\" &); exit 7", ORPHANS];
        let command = entrypoint(&home, rights, &left).await.unwrap();
        assert_eq!(said(&output(command).await), (Some(7), "reaped\n", ""));
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_process_passes_a_signal_of_the_container_on() {
    let home = Home::new();
    let told = "trap 'echo told; exit 9' TERM; sh -c 'kill -TERM 1'; while :; do sleep 0.01; done";
    let Some(command) = entrypoint(&home, Rights::All, &["sh", "-c", told]).await else {
        return;
    };
    assert_eq!(said(&output(command).await), (Some(9), "told\n", ""));
    let by_signal = entrypoint(&home, Rights::All, &["sh", "-c", "kill -TERM $$"]).await;
    let code = output(by_signal.unwrap()).await.status.code();
    assert_eq!(code, Some(143), "the first process cannot die by a signal");
}

/// The first process of the container that `unshare` has started.
fn first_process(unshare: &tokio::process::Child) -> Pid {
    let unshare = unshare.id().unwrap();
    let children = std::fs::read_to_string(format!("/proc/{unshare}/task/{unshare}/children")).unwrap();
    Pid::from_raw(children.trim().parse().unwrap()).unwrap()
}

/// As `docker stop` and `docker kill` do it: by a process that has no number in there.
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_from_outside_ends_the_program_and_the_container() {
    let home = Home::new();
    let with_handler = "trap 'echo told; exit 9' TERM HUP; echo ready; while :; do sleep 0.01; done";
    let without = "echo ready; exec sleep 1000";
    let left = "(sh -c 'echo ready; exec sleep 1000' &); exit 4";
    for rights in [Rights::All, Rights::Docker] {
        for (signal, script, rest, code) in [
            (Signal::TERM, with_handler, "told\n", 9),
            (Signal::HUP, with_handler, "told\n", 9),
            (Signal::TERM, without, "", 143),
            (Signal::INT, without, "", 130),
            // What is waited for is not told: the namespace ends with its first process.
            (Signal::TERM, left, "", 4),
        ] {
            let Some(command) = entrypoint(&home, rights, &["sh", "-c", script]).await else {
                return;
            };
            let mut program = Program::spawn(&home, "box", command).await;
            assert_eq!(program.line().await, "ready");
            if script == left {
                until_ended(&program).await;
            }
            kill_process(first_process(&program.child), signal).unwrap();
            let finished = program.finish().await;
            assert_eq!(
                (finished.status.code(), finished.stdout.as_str()),
                (Some(code), rest),
                "{signal:?} {script}: {finished:?}"
            );
        }
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

async fn until_ended(program: &Program) {
    eventually("the program's end is known", async || program.info().await.exit).await;
}

/// Output of [`PROGRAM`], and its events up to its end.
struct Run {
    printed: Vec<String>,
    lines: Vec<EventLine>,
}

impl Run {
    /// Runs it to its end, and reads its session from outside of the container.
    async fn of(home: &Home, rights: Rights) -> Option<Self> {
        let script = "read go; exec \"$0\" -S -E \"$1\"";
        let command = entrypoint(home, rights, &["sh", "-c", script, python(), PROGRAM]).await?;
        let mut program = Program::spawn(home, "box", command).await;
        let pid = eventually("the program is in the session", async || {
            Some(program.info().await.processes.first()?.pid)
        })
        .await;
        assert!(pid < 100, "a number of the container: {pid}");
        let mut events = program.events().await;
        program.tell("go").await;
        let line = program.line().await;
        let mut lines = Vec::new();
        while let Some(line) = events.raw().await {
            if let StreamLine::Event(line) = serde_json::from_str(&line).unwrap() {
                lines.push(line);
            }
        }
        let finished = program.finish().await;
        let result = (
            finished.status.code(),
            finished.stdout.as_str(),
            finished.stderr.as_str(),
        );
        assert_eq!(result, (Some(11), "", ""), "{rights:?}");
        let printed = line.split_whitespace().map(str::to_owned).collect();
        Some(Self { printed, lines })
    }

    /// Outcomes of the events that fit.
    fn outcomes(&self, fits: impl Fn(&MonitorEvent) -> bool) -> Vec<Option<Outcome>> {
        let fitting = self.lines.iter().filter(|line| fits(line.event()));
        fitting.map(|line| line.observation.outcome).collect()
    }

    fn of_path(&self, wanted: &str) -> Vec<Option<Outcome>> {
        self.outcomes(|event| matches!(event, MonitorEvent::FileOp { path: Some(path), .. } if path == wanted))
    }

    /// Destinations in their order, each with its protocol.
    fn destinations(&self) -> Vec<String> {
        let destinations = self.lines.iter().filter_map(|line| match line.event() {
            MonitorEvent::OutgoingConnection {
                address,
                port,
                protocol,
            } => Some(format!("{} {address}:{port}", protocol.as_deref().unwrap_or("?"))),
            _ => None,
        });
        let mut destinations: Vec<_> = destinations.collect();
        destinations.dedup();
        destinations
    }

    fn kinds(&self, kind: &str) -> usize {
        self.lines.iter().filter(|line| line.event().kind() == kind).count()
    }
}

/// Checks the events that are the same whatever the container may do.
fn check_events(run: &Run) {
    assert_eq!(
        run.printed[..4],
        ["hello", "0", "5", "1"],
        "a container cannot name its host"
    );
    let port = &run.printed[4];
    assert_eq!(run.of_path("/etc/passwd")[0], Some(Outcome::Ok));
    assert_eq!(run.of_path("/nowhere/at/all"), [Some(Outcome::NotFound)]);
    let expected = [
        format!("tcp 127.0.0.1:{port}"),
        "udp 127.53.53.53:53".to_owned(),
        "udp 127.9.9.9:8125".to_owned(),
    ];
    assert_eq!(run.destinations(), expected);
    let asks = |event: &MonitorEvent| matches!(event, MonitorEvent::DnsQuery { host } if host == "shop.test");
    assert_eq!(run.outcomes(asks).len(), 1);
    let listens = |event: &MonitorEvent| matches!(event, MonitorEvent::PortSubscription { port: own, .. } if own.to_string() == *port);
    assert_eq!(run.outcomes(listens).len(), 1);
    let ends: Vec<Value> = run
        .lines
        .iter()
        .filter(|line| line.event().kind() == "LayerDisconnected")
        .map(|line| serde_json::to_value(line).unwrap()["exit_code"].clone())
        .collect();
    assert_eq!(ends.len(), 3, "{ends:?}");
    // Before Linux 6.15 a code is lost where the parent is quicker than we are.
    let known = ends.iter().filter(|code| !code.is_null());
    assert!(
        known.clone().all(|code| [0, 5, 11].map(Value::from).contains(code)),
        "{ends:?}"
    );
    assert!(known.clone().any(|code| *code == 11), "{ends:?}");
}

fn outcomes_of_connections(run: &Run) -> Vec<Option<Outcome>> {
    run.outcomes(
        |event| matches!(event, MonitorEvent::OutgoingConnection { port, .. } if port.to_string() == run.printed[4]),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn with_dockers_default_filter_all_is_told_but_the_outcomes_of_connections_which_is_said_once() {
    let home = Home::new();
    let Some(run) = Run::of(&home, Rights::Docker).await else {
        return;
    };
    check_events(&run);
    assert_eq!(outcomes_of_connections(&run), [None; 20]);
    assert_eq!(run.kinds("OutcomesUnavailable"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_capability_that_doctor_names_connections_have_outcomes() {
    let home = Home::new();
    for rights in [Rights::DockerWithPtrace, Rights::All] {
        let Some(run) = Run::of(&home, rights).await else {
            return;
        };
        check_events(&run);
        // On a busy machine one is in doubt now and then.
        let outcomes = outcomes_of_connections(&run);
        let connected = outcomes.iter().filter(|outcome| **outcome == Some(Outcome::Connected));
        assert!(outcomes.len() == 20 && connected.count() >= 10, "{outcomes:?}");
        assert_eq!(run.kinds("OutcomesUnavailable"), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_what_dockers_default_filter_takes_and_what_gives_it_back() {
    let home = Home::new();
    let binary = binary();
    let doctor = [binary.to_str().unwrap(), "doctor", "--json"];
    for (rights, status) in [(Rights::Docker, "warn"), (Rights::DockerWithPtrace, "ok")] {
        let Some(command) = container(&home, rights, &doctor).await else {
            return;
        };
        let report: Value = serde_json::from_slice(&output(command).await.stdout).unwrap();
        let check = |name: &str| {
            report["checks"]
                .as_array()
                .unwrap()
                .iter()
                .find(|check| check["name"] == name)
                .unwrap()
                .clone()
        };
        assert_eq!(check("seccomp")["status"], "ok", "{report}");
        let sockets = check("sockets");
        assert_eq!(sockets["status"], status, "{sockets}");
        assert_eq!(
            sockets.to_string().contains("--cap-add SYS_PTRACE"),
            status == "warn",
            "{sockets}"
        );
    }
}
