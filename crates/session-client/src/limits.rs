//! Bounds of what is read from a sessions directory and from a session, and what happens when one is met.

use std::time::Duration;

/// Longest time between two scans of the sessions directory, whatever its watch reports.
pub const RESCAN_INTERVAL: Duration = Duration::from_secs(5);
/// Time between two scans where the directory cannot be watched.
pub const POLL_INTERVAL: Duration = Duration::from_millis(150);
/// Shortest time between the starts of two scans that the watch asked for; the first one is immediate.
pub const HINT_DEBOUNCE: Duration = Duration::from_millis(10);
/// Age from which on a socket that refuses is stale: a host that has bound and does not listen yet refuses, too.
pub const STALE_AGE: Duration = Duration::from_secs(2);

/// Time for a session to answer `/info`, connecting included.
pub const INFO_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes of an answer to `/info`; a longer one is an error.
pub const MAX_INFO_BYTES: usize = 1024 * 1024;
/// Time for a session to answer `/state`.
pub const STATE_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer to `/state`: four lists of 128 KiB of names, and a thousand processes with command lines of 4 KiB,
/// each with room for what JSON escapes. A longer one is an error.
pub const MAX_STATE_BYTES: usize = 8 * 1024 * 1024;
/// Time for a session to begin its answer to `/events`.
pub const EVENTS_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for a session to answer `/kill`: a host ends its program with SIGTERM, and with SIGKILL after 5 s.
pub const KILL_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer to `/kill`; a longer one is an error.
pub const MAX_KILL_BYTES: usize = 64 * 1024;
/// Bytes of a response's status line and headers; more is an error.
pub const MAX_HEADERS_BYTES: usize = 64 * 1024;
/// Bytes of one line of an event stream; a longer one is skipped and counted.
pub const MAX_LINE_BYTES: usize = 256 * 1024;
/// Unreadable lines in a row after which a stream is an error: it is no session's.
pub const MAX_BAD_LINES: u32 = 100;
