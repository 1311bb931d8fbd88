//! The role of a host: watches a command, writes each event as a line to a file, ends as the command ended.
//!
//! `__host EVENTS COMMAND...`; with `HOST_SINK=stuck` the sink blocks until the host ends.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitCode;
use std::sync::Arc;

use mirrord_observe::{Command, SignalRelay, Watchdog, set_own_dispositions, start};
use mirrord_wire::EventLine;

pub(crate) fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(2);
    let events = arguments.next().unwrap();
    let command = Command {
        program: arguments.next().unwrap(),
        arguments: arguments.collect(),
        marks_loader: false,
    };
    let watchdog = Watchdog::ThisProgram {
        // The file's name makes this watchdog recognisable.
        arguments: vec!["__watchdog".into(), events.clone()],
    };
    let mut file = File::create(events).unwrap();
    let stuck = std::env::var_os("HOST_SINK").is_some();
    let mut seq = 0;
    let sink = move |observation| {
        if stuck {
            loop {
                std::thread::park();
            }
        }
        seq += 1;
        let mut line = serde_json::to_vec(&EventLine {
            seq,
            ts: 0,
            observation,
        })
        .unwrap();
        line.push(b'\n');
        file.write_all(&line).unwrap();
    };
    set_own_dispositions();
    let mut signals = SignalRelay::start();
    let watched = match start(&command, &watchdog, sink) {
        Ok(watched) => watched,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(error.shell_exit_code().unwrap_or(99));
        }
    };
    let watched = Arc::new(watched);
    signals.pass_on(Arc::downgrade(&watched));
    let status = watched.wait().unwrap();
    signals.finish();
    signals.end();
    if std::env::var_os("HOST_COUNTS").is_some() {
        eprintln!("{:?}", watched.stats());
    }
    ExitCode::from(status.code().unwrap_or_else(|| 128 + status.signal().unwrap()) as u8)
}
