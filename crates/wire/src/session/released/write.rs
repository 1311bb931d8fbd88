//! The dialect of a released mirrord (3.2xx), written: for a reader that knows no other.

use std::borrow::Cow;
use std::net::IpAddr;

use serde::Serialize;

use crate::session::event::MonitorEvent;

/// Writes an event as a released mirrord does, with every field that its page requires and none that it does not know.
/// `None` for a type that it has none for: its page takes what comes for one that it knows.
///
/// ```
/// use mirrord_wire::{MonitorEvent, released};
/// let event = MonitorEvent::DnsQuery { host: "db".into() };
/// assert_eq!(released::to_json(&event).unwrap(), r#"{"type":"dns_query","host":"db"}"#);
/// ```
#[must_use]
pub fn to_json(event: &MonitorEvent) -> Option<String> {
    serde_json::to_string(&ReleasedEvent::of(event)?).ok()
}

/// An event of a released mirrord (`intproxy/src/session_monitor/mod.rs`), in its order of fields.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ReleasedEvent<'a> {
    FileOp {
        path: Option<&'a str>,
        operation: &'a str,
    },
    DnsQuery {
        host: &'a str,
    },
    IncomingRequest {
        method: &'a str,
        path: &'a str,
        host: &'a str,
    },
    OutgoingConnection {
        address: Cow<'a, str>,
        port: u16,
    },
    PortSubscription {
        port: u16,
        mode: &'a str,
    },
    EnvVar {
        vars: Vec<&'a str>,
    },
    LayerConnected {
        pid: u32,
        parent_pid: Option<u32>,
        process_name: &'a str,
        cmdline: &'a [String],
    },
    LayerDisconnected {
        pid: u32,
    },
}

impl<'a> ReleasedEvent<'a> {
    fn of(event: &'a MonitorEvent) -> Option<Self> {
        Some(match event {
            MonitorEvent::FileOp { path, operation } => Self::FileOp {
                path: path.as_deref(),
                operation,
            },
            MonitorEvent::DnsQuery { host } => Self::DnsQuery { host },
            MonitorEvent::IncomingRequest { method, path, host, .. } => Self::IncomingRequest { method, path, host },
            MonitorEvent::OutgoingConnection { address, port, .. } => Self::OutgoingConnection {
                address: with_port(address, *port),
                port: *port,
            },
            MonitorEvent::PortSubscription { port, mode, .. } => Self::PortSubscription { port: *port, mode },
            MonitorEvent::EnvVar { vars } => Self::EnvVar {
                vars: vars.iter().map(|(name, _)| name.as_str()).collect(),
            },
            MonitorEvent::LayerConnected {
                pid,
                parent_pid,
                process_name,
                cmdline,
                ..
            } => Self::LayerConnected {
                pid: *pid,
                parent_pid: *parent_pid,
                process_name: process_name.as_deref().unwrap_or_default(),
                cmdline,
            },
            MonitorEvent::LayerDisconnected { pid, .. } => Self::LayerDisconnected { pid: *pid },
            MonitorEvent::ConnectionUpdate(_) | MonitorEvent::ListenerUpdate(_) | MonitorEvent::Unknown { .. } => {
                return None;
            }
        })
    }
}

/// Repeats the port in the address, as a released mirrord does; a Unix socket has none.
fn with_port(address: &str, port: u16) -> Cow<'_, str> {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => Cow::Owned(format!("{address}:{port}")),
        Ok(IpAddr::V6(_)) => Cow::Owned(format!("[{address}]:{port}")),
        Err(_) => Cow::Borrowed(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::released::observation;

    #[test]
    fn what_a_released_mirrord_sends_is_written_again_to_the_letter() {
        for sample in [
            r#"{"type":"layer_connected","pid":25269,"parent_pid":25259,"process_name":"python3.11","cmdline":["python3","-c","\nimport os"]}"#,
            r#"{"type":"layer_connected","pid":1,"parent_pid":null,"process_name":"n","cmdline":[]}"#,
            r#"{"type":"layer_disconnected","pid":1}"#,
            r#"{"type":"file_op","path":"/etc/hostname","operation":"open"}"#,
            r#"{"type":"file_op","path":null,"operation":"stat"}"#,
            r#"{"type":"dns_query","host":"db.default.svc"}"#,
            r#"{"type":"incoming_request","method":"GET","path":"/x","host":"h"}"#,
            r#"{"type":"outgoing_connection","address":"127.0.0.1:61337","port":61337}"#,
            r#"{"type":"outgoing_connection","address":"[::1]:80","port":80}"#,
            r#"{"type":"outgoing_connection","address":"<UNIX-PATH> /p","port":0}"#,
            r#"{"type":"port_subscription","port":8080,"mode":"steal"}"#,
            r#"{"type":"env_var","vars":["DB_*"]}"#,
        ] {
            let read = observation(sample).unwrap();
            assert_eq!(to_json(&read.event).as_deref(), Some(sample));
        }
    }

    #[test]
    fn a_type_that_a_released_mirrord_does_not_have_is_not_sent_to_it() {
        let unknown = observation(r#"{"type":"Teleported","to":"x"}"#).unwrap();
        assert_eq!(to_json(&unknown.event), None);
    }
}
