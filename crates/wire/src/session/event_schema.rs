//! Schema of an event line, for the description of the REST API. An event of an unknown type, or of an unknown shape, is
//! carried as it came, so that the last alternative takes any.
#![expect(dead_code, reason = "forms of the description alone")]

use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::decision::Unhooked;
use super::event::{Direction, EventLine, Outcome, Routing};

/// Fields that an event of any type may have.
#[derive(ToSchema)]
struct EventFields {
    /// Counts every event emitted in the session, from 1.
    seq: u64,
    /// Microseconds since the Unix epoch.
    ts: u64,
    /// The process that did it, or that it is about.
    pid: Option<u32>,
    /// Result of the operation, where it is known.
    outcome: Option<Outcome>,
    /// Destination of the operation.
    routing: Option<Routing>,
    /// The config rule that decided the routing.
    rule: Option<String>,
    /// Facts that only the cluster knows and the decision depends on.
    depends_on: Option<Vec<String>>,
    /// Reason for which a released mirrord would never see the operation.
    unhooked: Option<Unhooked>,
    /// The root directory of the program, where it is another one.
    root: Option<String>,
}

macro_rules! events {
    ($($(#[doc = $doc:literal])* $name:ident, $type:literal { $($(#[$attribute:meta])* $field:ident: $form:ty,)* })*) => {
        $(
            $(#[doc = $doc])*
            #[derive(ToSchema)]
            struct $name {
                #[serde(flatten)]
                fields: EventFields,
                #[schema(rename = "type", pattern = $type)]
                kind: String,
                $($(#[$attribute])* $field: $form,)*
            }
        )*

        impl PartialSchema for EventLine {
            fn schema() -> RefOr<Schema> {
                let known = AnyOfBuilder::new()$(.item(Ref::from_schema_name(stringify!($name))))*;
                known
                    .item(Ref::from_schema_name("OtherEvent"))
                    .description(Some("Event of a session"))
                    .into()
            }
        }

        impl ToSchema for EventLine {
            fn schemas(all: &mut Vec<(String, RefOr<Schema>)>) {
                $(
                    all.push((stringify!($name).to_owned(), $name::schema()));
                    $name::schemas(all);
                )*
                all.push(("OtherEvent".to_owned(), OtherEvent::schema()));
            }
        }
    };
}

events! {
    /// A file operation.
    FileOpEvent, "^FileOp$" {
        /// The absolute path; null where the operation named an open file.
        #[schema(required)]
        path: Option<String>,
        /// `open`, `read`, `write`, `stat`, …
        operation: String,
        /// The path as the program passed it, where it differs.
        passed: Option<String>,
        /// Decided as a write.
        write: Option<bool>,
    }
    /// A name look-up.
    DnsQueryEvent, "^DnsQuery$" {
        /// The name.
        host: String,
        /// The port of the service that was asked for with the name.
        port: Option<u16>,
    }
    /// An outgoing connection.
    OutgoingConnectionEvent, "^OutgoingConnection$" {
        /// An address literal, or `<UNIX-PATH> /path`.
        address: String,
        /// The port; 0 for a Unix socket.
        port: u16,
        /// `tcp`, `udp` or `unix`, where it is known.
        protocol: Option<String>,
        /// A datagram on a socket that is not connected.
        sendto: Option<bool>,
    }
    /// News of a connection.
    ConnectionUpdateEvent, "^ConnectionUpdate$" {
        /// `tcp` or `udp`.
        protocol: String,
        /// Side that opened it.
        direction: Direction,
        /// The program's end.
        local: String,
        /// The other end.
        remote: String,
        /// The kernel's word for it.
        state: String,
        /// Bytes that the program received, at least.
        bytes_in: Option<u64>,
        /// Bytes that the program sent, at least.
        bytes_out: Option<u64>,
        /// Smoothed round-trip time, microseconds.
        rtt_us: Option<u64>,
        /// Time from the first sight of it until now, microseconds.
        duration_us: Option<u64>,
    }
    /// News of a socket that listens.
    ListenerUpdateEvent, "^ListenerUpdate$" {
        /// `tcp`, `udp` or `unix`.
        protocol: String,
        /// An IP address, `*`, or `<UNIX-PATH> /path`.
        address: String,
        /// The port; 0 for a Unix socket.
        port: u16,
        /// Connections that arrived, at least.
        arrivals: Option<u64>,
        /// Connections that are open now.
        open: Option<u64>,
        /// Time of the last arrival, microseconds since the Unix epoch.
        last_ts: Option<u64>,
        /// Bytes that came over its connections, at least.
        bytes_in: Option<u64>,
        /// Bytes that went over its connections, at least.
        bytes_out: Option<u64>,
        /// Remark on it.
        note: Option<String>,
        /// Set once it listens no more.
        closed: Option<bool>,
        /// Name of the process that has the port.
        holder: Option<String>,
        /// Number of that process.
        holder_pid: Option<u32>,
    }
    /// The program listens on a port.
    PortSubscriptionEvent, "^PortSubscription$" {
        /// The port.
        port: u16,
        /// `steal`, `mirror` or `listen`.
        mode: String,
        /// The HTTP filter, where one is configured.
        filter: Option<String>,
        /// The local address, where it is known.
        address: Option<String>,
    }
    /// Environment variables that the session fetched.
    EnvVarEvent, "^EnvVar$" {
        /// Names and values; null where only the name is known.
        vars: Vec<(String, Option<String>)>,
    }
    /// A process of the session started.
    LayerConnectedEvent, "^LayerConnected$" {
        /// Its parent, where it is known.
        parent_pid: Option<u32>,
        /// Its name, where it is known.
        process_name: Option<String>,
        /// Its command line, where it is known.
        cmdline: Option<Vec<String>>,
        /// Its working directory, where it is known.
        cwd: Option<String>,
    }
    /// A process of the session ended.
    LayerDisconnectedEvent, "^LayerDisconnected$" {
        /// Its exit code, where it ended by itself.
        exit_code: Option<i32>,
        /// The name of the signal that ended it.
        signal: Option<String>,
    }
    /// A request that arrived for the program.
    IncomingRequestEvent, "^IncomingRequest$" {
        /// The HTTP method.
        method: String,
        /// The path with its query.
        path: String,
        /// The host that was asked for.
        host: String,
    }
}

/// An event of a type, or of a shape, that this version does not know, as it came.
#[derive(ToSchema)]
struct OtherEvent {
    /// Counts every event emitted in the session, from 1.
    seq: u64,
    /// Microseconds since the Unix epoch.
    ts: u64,
    /// Its type.
    #[schema(rename = "type")]
    kind: String,
}
