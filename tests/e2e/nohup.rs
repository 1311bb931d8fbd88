//! Signals that are ignored at the start: `nohup mirrord ui` outlives its terminal, and a shell's background job its Ctrl-C.

use std::process::Stdio;

use mirrord_tests::home::{Home, binary};
use mirrord_tests::ui::{Ui, signal};
use mirrord_tests::within;
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// `mirrord` below a shell that ignores these signals.
fn ignoring(home: &Home, signals: &str, arguments: &[&str]) -> Command {
    let mut sh = home.command("sh");
    let script = format!("trap '' {signals}; exec \"$0\" \"$@\"");
    sh.args(["-c", &script]).arg(binary()).args(arguments);
    sh
}

/// The signals that a process ignores, and those that it catches, a bit each.
fn dispositions(child: &Child) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().unwrap())).unwrap();
    let mask = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        u64::from_str_radix(line.trim(), 16).unwrap()
    };
    (mask("SigIgn:"), mask("SigCgt:"))
}

fn check(child: &Child, ignored: &[Signal], caught: &[Signal]) {
    let (ignores, catches) = dispositions(child);
    let bit = |signal: &Signal| 1 << (signal.as_raw() - 1);
    for signal in ignored {
        assert!(
            ignores & bit(signal) != 0 && catches & bit(signal) == 0,
            "{signal:?} stays ignored"
        );
    }
    for signal in caught {
        assert!(catches & bit(signal) != 0, "{signal:?} ends it in order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ui_that_was_started_to_ignore_a_signal_ignores_it() {
    let home = Home::new();
    let arguments = ["ui", "--no-open", "--port", "0"];
    let mut ui = Ui::spawn(ignoring(&home, "HUP", &arguments)).await;
    check(&ui.child, &[Signal::HUP], &[Signal::INT, Signal::TERM]);
    signal(&ui.child, Signal::HUP);
    signal(&ui.child, Signal::TERM);
    assert!(within("its end", ui.child.wait()).await.unwrap().success());
    let mut ui = Ui::spawn(ignoring(&home, "INT QUIT", &arguments)).await;
    check(&ui.child, &[Signal::INT], &[Signal::HUP, Signal::TERM]);
    signal(&ui.child, Signal::HUP);
    assert!(within("its end", ui.child.wait()).await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_was_started_to_ignore_a_signal_ignores_it() {
    let home = Home::new();
    let arguments = ["proxy", "--listen", "127.0.0.2:0", "--upstream", "localhost:1"];
    let mut command = ignoring(&home, "HUP", &arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    within("where it is", lines.next_line()).await.unwrap().unwrap();
    check(&child, &[Signal::HUP], &[Signal::INT, Signal::TERM]);
    signal(&child, Signal::TERM);
    assert!(within("its end", child.wait()).await.unwrap().success());
}
