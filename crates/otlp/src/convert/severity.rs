//! Severity of an event: what a person who looks for trouble would filter by.

use mirrord_wire::{EventLine, Exit, MonitorEvent, Outcome};
use opentelemetry_proto::tonic::logs::v1::SeverityNumber;

/// Signals that a process gets for a fault of its own (signal(7)).
const FAULTS: [&str; 8] = [
    "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGSYS", "SIGTRAP", "SIGXCPU",
];

/// Returns the severity, and its name.
pub(crate) fn of(line: &EventLine) -> (SeverityNumber, &'static str) {
    let error = (SeverityNumber::Error, "ERROR");
    let warn = (SeverityNumber::Warn, "WARN");
    let info = (SeverityNumber::Info, "INFO");
    let debug = (SeverityNumber::Debug, "DEBUG");
    match (line.event(), line.observation.outcome) {
        (_, Some(Outcome::Failed | Outcome::Denied)) => warn,
        (MonitorEvent::LayerDisconnected { exit, .. }, _) => match exit {
            Exit {
                signal: Some(signal), ..
            } if FAULTS.contains(&signal.as_ref()) => error,
            Exit { signal: Some(_), .. } => warn,
            Exit { code: Some(code), .. } if *code != 0 => warn,
            Exit { .. } => info,
        },
        (MonitorEvent::FileOp { .. }, Some(Outcome::NotFound)) => info,
        (
            MonitorEvent::FileOp { .. }
            | MonitorEvent::ConnectionUpdate(_)
            | MonitorEvent::ListenerUpdate(_)
            | MonitorEvent::EnvVar { .. },
            _,
        ) => debug,
        _ => info,
    }
}
