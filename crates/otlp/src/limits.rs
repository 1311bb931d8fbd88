//! Bounds of the sender, and what happens when one is met.

use std::time::Duration;

/// Text of the events that wait to be sent, their bookkeeping included; an event beyond it is dropped and counted.
pub const QUEUE_BYTES: usize = 16 * 1024 * 1024;
/// Records in one request.
pub const BATCH_RECORDS: usize = 2_000;
/// Text of the events in one request; a longer event goes alone.
pub const BATCH_BYTES: usize = 512 * 1024;
/// Time for which events are gathered before a request that is not full is sent.
pub const BATCH_INTERVAL: Duration = Duration::from_secs(1);
/// Time between two sets of metrics, as the SDKs' OTEL_METRIC_EXPORT_INTERVAL would say otherwise.
pub const METRICS_INTERVAL: Duration = Duration::from_secs(10);
/// Time for one request, connecting included, where OTEL_EXPORTER_OTLP_TIMEOUT does not say.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// First delay before a request is sent again.
pub const FIRST_RETRY_DELAY: Duration = Duration::from_secs(1);
/// Longest delay before a request is sent again, also where the endpoint asks for a longer one.
pub const MAX_RETRY_DELAY: Duration = Duration::from_secs(60);
/// Time after which a request is given up, and its records are counted as dropped.
pub const MAX_RETRY_TIME: Duration = Duration::from_secs(5 * 60);
/// Time at the end for what waits; the rest is counted as dropped.
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer; a longer one is no answer of OTLP.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Bytes of a text in a record; a longer one is cut.
pub const MAX_TEXT_BYTES: usize = 4 * 1024;
/// Processes of a session whose description is kept; one beyond them has its number alone.
pub const MAX_PROCESSES: usize = 4_096;
/// Bytes of a file of certificates.
pub const MAX_CERTIFICATES_BYTES: u64 = 1024 * 1024;
