//! An event as a line for people: time, type, what was done, what came of it, where it went, which process.

use std::time::{Duration, UNIX_EPOCH};

use anstyle::Style;
use mirrord_wire::session::{ListenerUpdate, destination};
use mirrord_wire::{ConnectionUpdate, EventLine, MonitorEvent, Outcome, Routing};

use super::output::{BAD, Cell, DIM, GOOD, HINT, KIND, PLAIN, cell};

/// Columns of the type: those of the longest usual one.
const KIND_COLUMNS: usize = 18;

/// Returns the cells of an event; `process` is the name of its process.
pub(super) fn cells(line: &EventLine, process: Option<&str>) -> Vec<Cell> {
    let own = &line.observation;
    let (what, is_failure) = text(&own.event);
    let mut cells = vec![
        cell(&time(line.ts), DIM),
        cell(&format!("{:KIND_COLUMNS$}", own.event.kind()), KIND),
        cell(&what, if is_failure { BAD } else { PLAIN }),
    ];
    if let Some(outcome) = own.outcome {
        cells.push(cell(outcome.name(), outcome_style(outcome)));
    }
    let routing = own.routing.map_or("", Routing::name);
    match (routing, own.rule.as_deref()) {
        ("", None) => {}
        ("", Some(rule)) => cells.push(cell(&format!("depends, by {rule}"), HINT)),
        (routing, None) => cells.push(cell(routing, HINT)),
        (routing, Some(rule)) => cells.push(cell(&format!("{routing}, by {rule}"), HINT)),
    }
    match (own.pid, process.filter(|name| !name.is_empty())) {
        (Some(pid), Some(name)) => cells.push(cell(&format!("{name} ({pid})"), DIM)),
        (Some(pid), None) => cells.push(cell(&pid.to_string(), DIM)),
        (None, _) => {}
    }
    cells
}

/// Time of day in UTC, with milliseconds.
fn time(ts: u64) -> String {
    let time = humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_micros(ts)).to_string();
    let of_day = time.split_once('T').map_or(time.as_str(), |(_, of_day)| of_day);
    of_day.to_owned()
}

fn outcome_style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Ok | Outcome::Connected => GOOD,
        Outcome::Failed | Outcome::Denied => BAD,
        Outcome::NotFound | Outcome::Pending => HINT,
    }
}

/// Returns what happened, and whether it is a failure by itself.
fn text(event: &MonitorEvent) -> (String, bool) {
    let text = match event {
        MonitorEvent::FileOp { path, operation } => {
            format!("{operation} {}", path.as_deref().unwrap_or("(an open file)"))
        }
        MonitorEvent::DnsQuery { host } => host.clone(),
        MonitorEvent::OutgoingConnection {
            address,
            port,
            protocol,
        } => {
            let protocol = protocol.as_deref().unwrap_or_default();
            format!("{} {protocol}", destination(address, *port))
                .trim_end()
                .to_owned()
        }
        MonitorEvent::ConnectionUpdate(update) => connection(update),
        MonitorEvent::ListenerUpdate(update) => listener(update),
        MonitorEvent::PortSubscription {
            port,
            mode,
            filter,
            address,
        } => {
            let address = address.as_deref().unwrap_or_default();
            let filter = filter
                .as_deref()
                .map_or(String::new(), |filter| format!(" for {filter}"));
            format!("{mode} {address}:{port}{filter}")
        }
        MonitorEvent::EnvVar { vars } => {
            let one = |(name, value): &(String, Option<String>)| match value {
                Some(value) => format!("{name}={value}"),
                None => name.clone(),
            };
            vars.iter().map(one).collect::<Vec<_>>().join(" ")
        }
        MonitorEvent::LayerConnected {
            pid,
            process_name,
            cmdline,
            ..
        } => {
            let name = process_name.clone().unwrap_or_default();
            let command = if cmdline.is_empty() { name } else { cmdline.join(" ") };
            format!("{pid}: {command}")
        }
        MonitorEvent::LayerDisconnected { pid, exit } => {
            let end = match (exit.code, exit.signal.as_deref()) {
                (_, Some(signal)) => format!("{pid}: ended by {signal}"),
                (Some(code), None) => format!("{pid}: exit code {code}"),
                (None, None) => format!("{pid}: ended"),
            };
            return (end, exit.signal.is_some() || exit.code.is_some_and(|code| code != 0));
        }
        MonitorEvent::IncomingRequest { method, path, host } => format!("{method} {host}{path}"),
        MonitorEvent::Unknown { fields, .. } => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{name}={}", value.get()))
                .collect();
            fields.join(" ")
        }
        _ => String::new(),
    };
    (text, false)
}

fn connection(update: &ConnectionUpdate) -> String {
    let ConnectionUpdate {
        direction,
        local,
        remote,
        state,
        bytes_in,
        bytes_out,
        ..
    } = update;
    let bytes = |name: &str, bytes: Option<u64>| bytes.map_or(String::new(), |bytes| format!(", {bytes} B {name}"));
    let (received, sent) = (bytes("in", *bytes_in), bytes("out", *bytes_out));
    format!("{} {local} {remote} {state}{received}{sent}", direction.name())
}

fn listener(update: &ListenerUpdate) -> String {
    let arrivals = update
        .arrivals
        .map_or(String::new(), |arrivals| format!(", {arrivals} arrivals"));
    let closed = if update.closed { ", closed" } else { "" };
    format!("{}{arrivals}{closed}", destination(&update.address, update.port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(json: &str, process: Option<&str>) -> String {
        let line: EventLine = serde_json::from_str(json).unwrap();
        let cells: Vec<_> = cells(&line, process)
            .into_iter()
            .map(|(text, _)| text.trim_end().to_owned())
            .collect();
        cells.join(" | ")
    }

    #[test]
    fn an_event_is_a_line() {
        let event = r#"{"seq":1,"ts":1795197600123456,"type":"FileOp","path":"/etc/a\u001b[31m","operation":"open","pid":7,"outcome":"not_found","routing":"local","rule":"feature.fs.mode"}"#;
        assert_eq!(
            shown(event, Some("node")),
            "18:00:00.123Z | FileOp | open /etc/a?[31m | not_found | local, by feature.fs.mode | node (7)"
        );
        let event = r#"{"seq":1,"ts":0,"type":"Teleported","to":["x"]}"#;
        assert_eq!(shown(event, None), r#"00:00:00.000Z | Teleported | to=["x"]"#);
        let event = r#"{"seq":1,"ts":0,"type":"LayerDisconnected","pid":9,"exit_code":3}"#;
        assert_eq!(
            shown(event, None),
            "00:00:00.000Z | LayerDisconnected | 9: exit code 3 | 9"
        );
    }
}
