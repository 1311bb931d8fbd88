//! Log record of an event line.

use std::net::{IpAddr, SocketAddr};

use mirrord_wire::session::UNIX_ADDRESS;
use mirrord_wire::{ConnectionUpdate, EventLine, ListenerUpdate, MonitorEvent};
use opentelemetry_proto::tonic::logs::v1::LogRecord;

use super::attributes::{Attributes, text};
use super::{body, severity};

/// Converts an event line; `observed` is the time of now, nanoseconds since the Unix epoch.
pub(crate) fn record(line: &EventLine, observed: u64, env_values: bool) -> LogRecord {
    let (number, name) = severity::of(line);
    LogRecord {
        time_unix_nano: line.ts.saturating_mul(1_000),
        observed_time_unix_nano: observed,
        severity_number: number as i32,
        severity_text: name.to_owned(),
        body: Some(text(body::of(line))),
        attributes: attributes(line, env_values).into_inner(),
        event_name: event_name(line.event().kind()),
        ..LogRecord::default()
    }
}

/// Name of a type as an event's: `FileOp` is `mirrord.file_op`.
fn event_name(kind: &str) -> String {
    let mut name = String::from("mirrord.");
    for (place, character) in kind.chars().take(64).enumerate() {
        if character.is_ascii_uppercase() && place > 0 {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

fn attributes(line: &EventLine, env_values: bool) -> Attributes {
    let mut own = Attributes::default();
    own.text("mirrord.event.type", line.event().kind());
    own.number("mirrord.event.seq", line.seq);
    event(&mut own, line.event(), env_values);
    let observation = &line.observation;
    own.optional_text("mirrord.outcome", observation.outcome.map(|outcome| outcome.name()));
    own.optional_text("mirrord.routing", observation.routing.map(|routing| routing.name()));
    own.optional_text("mirrord.rule", observation.rule.as_deref());
    own.optional_text("mirrord.file.root", observation.root.as_deref());
    if let Some(detail) = observation.detail.as_deref() {
        own.flag("mirrord.file.write", detail.write);
        own.optional_number("server.port", detail.port);
        own.list("mirrord.rule.depends_on", detail.depends_on.iter().map(String::as_str));
        own.optional_text("mirrord.unhooked", detail.unhooked.map(|reason| reason.name()));
    }
    own
}

fn event(own: &mut Attributes, event: &MonitorEvent, env_values: bool) {
    match event {
        MonitorEvent::FileOp { path, operation } => {
            own.text("mirrord.file.operation", operation);
            own.optional_text("file.path", path.as_deref());
        }
        MonitorEvent::DnsQuery { host } => own.text("dns.question.name", host),
        MonitorEvent::OutgoingConnection {
            address,
            port,
            protocol,
        } => {
            own.optional_text("network.transport", protocol.as_deref());
            end(own, "network.peer", address, *port);
        }
        MonitorEvent::ConnectionUpdate(update) => connection(own, update),
        MonitorEvent::ListenerUpdate(update) => listener(own, update),
        MonitorEvent::PortSubscription {
            port,
            mode,
            filter,
            address,
        } => {
            own.text("mirrord.port.mode", mode);
            own.optional_text("mirrord.port.filter", filter.as_deref());
            end(own, "network.local", address.as_deref().unwrap_or_default(), *port);
        }
        MonitorEvent::EnvVar { vars } => environment(own, vars, env_values),
        // The process itself is the record's resource.
        MonitorEvent::LayerConnected { .. } => {}
        MonitorEvent::LayerDisconnected { exit, .. } => {
            own.optional_number("process.exit.code", exit.code);
            own.optional_text("mirrord.process.exit.signal", exit.signal.as_deref());
        }
        MonitorEvent::IncomingRequest { method, path, host } => {
            let (path, query) = path.split_once('?').unwrap_or((path, ""));
            own.text("http.request.method", method);
            own.optional_text("url.path", Some(path));
            own.optional_text("url.query", Some(query));
            own.optional_text("server.address", Some(host));
        }
        MonitorEvent::Unknown { fields, .. } => {
            for (name, value) in fields.iter().filter(|(name, _)| name != "pid").take(32) {
                own.text(&format!("mirrord.field.{name}"), value.get());
            }
        }
        _ => {}
    }
}

/// Adds one end of a connection; a Unix socket has its path as the address, and no port.
fn end(own: &mut Attributes, prefix: &str, address: &str, port: u16) {
    let is_unix = address.starts_with(UNIX_ADDRESS);
    let shown = match address.split_once("> ") {
        Some((_, path)) if is_unix => path,
        _ => address,
    };
    own.optional_text(&format!("{prefix}.address"), Some(shown));
    if !is_unix && port > 0 {
        own.number(&format!("{prefix}.port"), port);
    }
    let version = address.parse::<IpAddr>().ok().map(|address| match address {
        IpAddr::V4(_) => "ipv4",
        IpAddr::V6(_) => "ipv6",
    });
    own.optional_text("network.type", version);
}

/// Adds an end that is written `IP:PORT`; what is written otherwise is the address.
fn written_end(own: &mut Attributes, prefix: &str, written: &str) {
    match written.parse::<SocketAddr>() {
        Ok(address) => {
            own.text(&format!("{prefix}.address"), &address.ip().to_string());
            own.number(&format!("{prefix}.port"), address.port());
        }
        Err(_) => own.optional_text(&format!("{prefix}.address"), Some(written)),
    }
}

fn connection(own: &mut Attributes, update: &ConnectionUpdate) {
    let ConnectionUpdate {
        protocol,
        direction,
        local,
        remote,
        state,
        bytes_in,
        bytes_out,
        rtt_us,
        duration_us,
    } = update;
    own.optional_text("network.transport", Some(protocol));
    own.text("mirrord.connection.direction", direction.name());
    own.optional_text("network.connection.state", Some(state));
    written_end(own, "network.local", local);
    written_end(own, "network.peer", remote);
    own.optional_number("mirrord.connection.bytes_received", *bytes_in);
    own.optional_number("mirrord.connection.bytes_sent", *bytes_out);
    own.optional_number("mirrord.connection.rtt_us", *rtt_us);
    own.optional_number("mirrord.connection.duration_us", *duration_us);
}

fn listener(own: &mut Attributes, update: &ListenerUpdate) {
    let ListenerUpdate {
        protocol,
        address,
        port,
        arrivals,
        open,
        last_ts: _,
        bytes_in,
        bytes_out,
        note,
        closed,
        holder,
        holder_pid,
    } = update;
    own.optional_text("network.transport", Some(protocol));
    end(own, "network.local", address, *port);
    own.optional_number("mirrord.listener.arrivals", *arrivals);
    own.optional_number("mirrord.listener.open", *open);
    own.optional_number("mirrord.connection.bytes_received", *bytes_in);
    own.optional_number("mirrord.connection.bytes_sent", *bytes_out);
    own.optional_text("mirrord.listener.note", note.as_deref());
    own.flag("mirrord.listener.closed", *closed);
    own.optional_text("mirrord.listener.holder", holder.as_deref());
    own.optional_number("mirrord.listener.holder_pid", *holder_pid);
}

fn environment(own: &mut Attributes, vars: &[(String, Option<String>)], env_values: bool) {
    own.list("mirrord.env.names", vars.iter().map(|(name, _)| name.as_str()));
    if env_values {
        for (name, value) in vars {
            own.optional_text(&format!("process.environment_variable.{name}"), value.as_deref());
        }
    }
}
