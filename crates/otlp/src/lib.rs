//! Sender of sessions to an OpenTelemetry endpoint: events as log records, counts and rates as metrics, sessions and processes
//! as resources, by OTLP over HTTP (protobuf) and gRPC.
//!
//! [`Exporter::push`] never blocks and never fails: what finds no room in the queue ([`limits`]) is dropped and counted, as is
//! everything else that does not arrive ([`Exporter::info`]). Lines are converted and encoded when their request is made, once,
//! however often it is sent. The caller redacts: what is pushed leaves the machine.
//!
//! Decisions:
//! - **No SDK.** `opentelemetry_sdk` counts what its batch processor drops, and writes the number to its own log alone; and one of
//!   its providers has one Resource, so that each process of each session would need a provider with a thread of its own. The
//!   messages are those of `opentelemetry-proto`.
//! - **gRPC without tonic.** A unary call is an HTTP/2 request with 5 bytes before its message and a status in its trailers
//!   (`transport/grpc.rs`). tonic's channel would bring tower's balancer, buffer and time-outs, retries that it does not have, and
//!   a second way to connect beside that of HTTP.
//!
//! Deliberately absent: traces, proxies, redirects, queues on a disk, and values of environment variables unless
//! [`Settings::env_values`] asks for them.

pub mod limits;

mod backoff;
mod batch;
mod convert;
mod counts;
mod endpoint;
mod error;
mod exporter;
mod queue;
mod settings;
mod snapshot;
mod source;
mod transport;

pub use endpoint::{Endpoint, Protocol};
pub use error::SettingsError;
pub use exporter::{ExportTask, Exporter};
pub use settings::{Settings, Timing};
pub use snapshot::Snapshot;
pub use source::Source;
