//! The dialect of a released mirrord (3.2xx), read into the same types and written from them.
//!
//! It writes its types in snake_case, has no `seq` and no `ts`, and leaves `path` null where an operation names an open
//! file. `/info` differs from ours only in fields that default, so [`SessionInfo`](crate::SessionInfo) reads it as it is.

use super::event::{EventLine, MonitorEvent, Observation};
use super::json::Fields;
use super::line;
use super::state::UNIX_ADDRESS;

mod read;
mod write;

pub use read::{ReadEvent, read};
pub use write::to_json;

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
    let mut read = serde_json::from_str::<EventLine>(json)?.observation;
    if let MonitorEvent::Unknown { kind, fields } = &mut read.event
        && let Some(ours) = our_type(kind)
    {
        read = line::observation(ours.to_owned(), Fields::new(std::mem::take(fields)));
    }
    strip_port(&mut read.event);
    Ok(read)
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
    if address.starts_with(UNIX_ADDRESS) {
        *protocol = Some("unix".into());
    } else if let Some(bare) = address.strip_suffix(&format!(":{port}")) {
        *address = bare.trim_start_matches('[').trim_end_matches(']').to_owned();
    }
}
