//! Body of a record: the event in one line of text, for people who read logs.

use std::fmt::Write as _;

use mirrord_wire::session::destination;
use mirrord_wire::{ConnectionUpdate, Direction, EventLine, Exit, ListenerUpdate, MonitorEvent};

use super::attributes::cut;

/// Returns the line.
pub(crate) fn of(line: &EventLine) -> String {
    let mut text = event(line.event());
    if let Some(outcome) = line.observation.outcome {
        text.push_str(": ");
        text.push_str(outcome.name());
    }
    match cut(&text) {
        short if short.len() < text.len() => short.to_owned(),
        _ => text,
    }
}

fn event(event: &MonitorEvent) -> String {
    match event {
        MonitorEvent::FileOp { path, operation } => match path {
            Some(path) => format!("{operation} {path}"),
            None => operation.to_string(),
        },
        MonitorEvent::DnsQuery { host } => format!("look up {host}"),
        MonitorEvent::OutgoingConnection { address, port, .. } => format!("connect {}", destination(address, *port)),
        MonitorEvent::ConnectionUpdate(update) => connection(update),
        MonitorEvent::ListenerUpdate(update) => listener(update),
        MonitorEvent::PortSubscription { port, mode, .. } => format!("{mode} {port}"),
        MonitorEvent::EnvVar { vars } => format!("environment of {} variables", vars.len()),
        MonitorEvent::LayerConnected {
            pid,
            process_name,
            cmdline,
            ..
        } => started(*pid, process_name.as_deref(), cmdline),
        MonitorEvent::LayerDisconnected { pid, exit } => ended(*pid, exit),
        MonitorEvent::IncomingRequest { method, path, host } => format!("request {method} {host}{path}"),
        MonitorEvent::Unknown { kind, .. } => kind.clone(),
        other => other.kind().to_owned(),
    }
}

fn connection(update: &ConnectionUpdate) -> String {
    let ConnectionUpdate {
        direction,
        local,
        remote,
        state,
        ..
    } = update;
    match direction {
        Direction::Out => format!("connection to {remote} {state}"),
        Direction::In => format!("connection from {remote} to {local} {state}"),
    }
}

fn listener(update: &ListenerUpdate) -> String {
    let mut text = format!("listener {}", destination(&update.address, update.port));
    if let Some(arrivals) = update.arrivals {
        // Writing into a string cannot fail.
        let _ = write!(text, ", {arrivals} arrivals");
    }
    if let Some(note) = &update.note {
        text.push_str(", ");
        text.push_str(note);
    }
    if update.closed {
        text.push_str(", closed");
    }
    text
}

fn started(pid: u32, name: Option<&str>, cmdline: &[String]) -> String {
    let mut text = format!("process {pid} started");
    let words = cmdline.iter().map(String::as_str);
    let words = words.chain(name.filter(|_| cmdline.is_empty()));
    for (place, word) in words.enumerate() {
        text.push_str(if place == 0 { ": " } else { " " });
        text.push_str(word);
    }
    text
}

fn ended(pid: u32, exit: &Exit) -> String {
    match exit {
        Exit {
            signal: Some(signal), ..
        } => format!("process {pid} ended by {signal}"),
        Exit { code: Some(code), .. } => format!("process {pid} exited with {code}"),
        Exit { .. } => format!("process {pid} ended"),
    }
}
