//! The dialect of a released mirrord (3.2xx), read into the same types.
//!
//! It writes its types in snake_case, has no `seq` and no `ts`, and leaves `path` null where an operation names an open
//! file. `/info` differs from ours only in fields that default, so [`SessionInfo`](crate::SessionInfo) reads it as it is.

use serde_json::Value;

use crate::event::{MonitorEvent, Observation, StreamLine};

/// Reads one `data:` payload of a released mirrord's event stream.
///
/// ```
/// use mirrord_wire::{MonitorEvent, released};
/// let read = released::observation(r#"{"type":"outgoing_connection","address":"10.0.0.1:80","port":80}"#).unwrap();
/// let MonitorEvent::OutgoingConnection { address, .. } = read.event else { panic!() };
/// assert_eq!(address, "10.0.0.1");
/// ```
///
/// # Errors
/// The text is not a JSON object with a `type`.
pub fn observation(json: &str) -> Result<Observation, serde_json::Error> {
    let mut value: Value = serde_json::from_str(json)?;
    if let Some(kind) = value.get_mut("type")
        && let Some(ours) = kind.as_str().and_then(our_type)
    {
        *kind = ours.into();
    }
    match serde_json::from_value::<StreamLine>(value)? {
        StreamLine::Event(mut line) => {
            strip_port(&mut line.observation.event);
            Ok(line.observation)
        }
        StreamLine::Control(_) => Err(serde::de::Error::custom("a released mirrord sends no control lines")),
    }
}

fn our_type(theirs: &str) -> Option<&'static str> {
    Some(match theirs {
        "file_op" => "FileOp",
        "dns_query" => "DnsQuery",
        "incoming_request" => "IncomingRequest",
        "outgoing_connection" => "OutgoingConnection",
        "port_subscription" => "PortSubscription",
        "env_var" => "EnvVar",
        "layer_connected" => "LayerConnected",
        "layer_disconnected" => "LayerDisconnected",
        _ => return None,
    })
}

/// A released mirrord repeats the port in the address; ours has it once.
fn strip_port(event: &mut MonitorEvent) {
    let MonitorEvent::OutgoingConnection {
        address,
        port,
        protocol,
    } = event
    else {
        return;
    };
    if address.starts_with("<UNIX-PATH>") {
        *protocol = Some("unix".into());
    } else if let Some(bare) = address.strip_suffix(&format!(":{port}")) {
        *address = bare.trim_start_matches('[').trim_end_matches(']').to_owned();
    }
}
