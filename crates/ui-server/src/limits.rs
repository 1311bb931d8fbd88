//! Every bound of the server in one place: what it is, and what happens when it is met.

use std::time::Duration;

/// Connections at one time. At this bound an anonymous connection is closed for the new one, the oldest first; where there
/// is none, the authenticated one that has been idle longest; where all are busy, the new one is answered with 503.
pub const MAX_CONNECTIONS: usize = 256;
/// Those of them on which no request has authenticated; at the bound one that has made a request is closed for the new one,
/// or the oldest. The rest is kept for the signed-in. WebSockets take three quarters of a bound at most: the one that was opened first is closed for the
/// next one (1013).
pub const MAX_CONNECTIONS_BEFORE_SIGN_IN: usize = 64;
/// How long a new connection keeps its place though nothing has been read of it, where others without credentials come
/// faster than they can be read; those wait to be accepted.
pub const FIRST_REQUEST_GRACE: Duration = Duration::from_millis(50);
/// Connections of the mirror at one time, bounded as those of the desktop.
pub const MAX_MIRROR_CONNECTIONS: usize = 64;
/// Those of them from one address; the addresses of an IPv6 household count as one.
pub const MAX_MIRROR_CONNECTIONS_OF_ONE_ADDRESS: usize = 8;
/// Those of them on which nobody has signed in.
pub const MAX_MIRROR_CONNECTIONS_BEFORE_SIGN_IN: usize = 16;
/// The time that a client has to send its request's headers, and that a kept-alive connection may be idle.
pub const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// The bytes of a request's line and headers together; more is answered with 431.
pub const MAX_HEADERS_BYTES: usize = 64 * 1024;
/// How long a ticket can be swapped for the cookie: a browser's slowest start.
pub const TICKET_LIFETIME: Duration = Duration::from_secs(60);
/// The tickets that are out at a time; the oldest is worth nothing any more.
pub const MAX_TICKETS: usize = 16;
/// The bytes of a request's body; more is answered with 413.
pub const MAX_BODY_BYTES: u64 = 64 * 1024;
/// The time that a client has to send its request's body; longer is answered with 408.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// The time in which a client has to take [`MIN_WRITE_BYTES`] of an answer that waits for it; otherwise the connection is
/// closed, and the answer let go.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// What has to go out in each [`WRITE_TIMEOUT`]: a network of 3 KB a second is enough for it.
pub const MIN_WRITE_BYTES: usize = 64 * 1024;
/// The bytes of a WebSocket message of a client; more closes the WebSocket (1009).
pub const MAX_CLIENT_MESSAGE_BYTES: usize = 256 * 1024;
/// The messages that a client may send between two pings, though it has nothing to say; more closes it (1008).
pub const MAX_CLIENT_MESSAGES: u32 = 1_000;
/// How often a WebSocket is pinged.
pub const PING_INTERVAL: Duration = Duration::from_secs(20);
/// How long a WebSocket may go without a pong before it is closed.
pub const PONG_TIMEOUT: Duration = Duration::from_secs(45);
/// How long events are gathered for `?batch=1`.
pub const BATCH_INTERVAL: Duration = Duration::from_millis(16);
/// The event text in one `events` message; a longer line goes alone.
pub const MAX_BATCH_BYTES: usize = 64 * 1024;
/// The event text that a reader takes at a time; the rest it comes back for at once.
pub const MAX_PULL_BYTES: usize = 256 * 1024;
/// How often counts, rates and processes are sent anew.
pub const UPDATE_INTERVAL: Duration = Duration::from_secs(1);

/// The event text kept of one session; the oldest goes first, and readers that had yet to read it are told.
pub const SESSION_RING_BYTES: usize = 16 * 1024 * 1024;
/// The event text kept of all sessions together; the oldest goes first, wherever it is.
pub const ALL_RINGS_BYTES: usize = 256 * 1024 * 1024;
/// The ended sessions kept; the one that ended first is dismissed for the next.
pub const MAX_ENDED_SESSIONS: usize = 200;
/// The sessions followed at one time; a socket beyond them is looked at again at every scan, with a warning.
pub const MAX_FOLLOWED_SESSIONS: usize = 2_000;

/// The longest time between two looks at the sessions directory, whatever the watch says.
pub const RESCAN_INTERVAL: Duration = Duration::from_secs(5);
/// The time between two looks where the directory cannot be watched.
pub const POLL_INTERVAL: Duration = Duration::from_millis(150);
/// The shortest time between two looks that hints from the watch lead to; the first one is at once.
pub const HINT_DEBOUNCE: Duration = Duration::from_millis(10);
/// The age from which on a socket that refuses is stale: a host that has bound and does not listen yet refuses, too.
pub const STALE_AGE: Duration = Duration::from_secs(2);

/// The time for a session to answer `/info`, connecting included.
pub const INFO_TIMEOUT: Duration = Duration::from_secs(2);
/// The bytes of an answer to `/info`.
pub const MAX_INFO_BYTES: usize = 1024 * 1024;
/// The time for a session to answer `/state`.
pub const STATE_TIMEOUT: Duration = Duration::from_secs(5);
/// The bytes of an answer to `/state`: four lists of 128 KiB of names, and a thousand processes with command lines of
/// 4 KiB, each with room for what JSON escapes. A longer one is not read, and what is counted is what comes.
pub const MAX_STATE_BYTES: usize = 8 * 1024 * 1024;
/// The time for a session to begin its answer to `/events`.
pub const EVENTS_TIMEOUT: Duration = Duration::from_secs(5);
/// The time for a session to answer `/kill`: a host ends its program with SIGTERM, and with SIGKILL after 5 s.
pub const KILL_TIMEOUT: Duration = Duration::from_secs(10);
/// The bytes of an answer to `/kill`.
pub const MAX_KILL_BYTES: usize = 64 * 1024;
/// One line of a session's stream; a longer one is skipped and counted as missed.
pub const MAX_LINE_BYTES: usize = 256 * 1024;
/// The unreadable lines in a row after which a stream is given up as not a session's.
pub const MAX_BAD_LINES: u32 = 100;
/// The silence after which a session is asked whether it is still there; ours sends a heartbeat after 15 s.
pub const QUIET_BEFORE_PROBE: Duration = Duration::from_secs(20);
/// The time between two such questions to a session that did not answer the last one.
pub const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// The wait after a session told of lost events before its exact counters are fetched again.
pub const STATE_REFRESH_DELAY: Duration = Duration::from_millis(500);
/// The same after a session withheld events, which it counts for us: only its lists of names are behind.
pub const NAMES_REFRESH_DELAY: Duration = Duration::from_secs(2);
/// The silence after which a session whose name another one has taken is over: its last events come without a pause.
pub const DRAIN_QUIET: Duration = Duration::from_millis(120);
/// How long such a session is attached to, or its last events are read, at most.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);
/// The first wait before a session is tried again; it doubles, up to [`MAX_RETRY_DELAY`], with jitter.
pub const FIRST_RETRY_DELAY: Duration = Duration::from_millis(50);
/// The longest wait before a session is tried again.
pub const MAX_RETRY_DELAY: Duration = Duration::from_secs(5);
/// A stream that lasted this long was a success: the next wait is the first one again.
pub const STREAM_SUCCESS: Duration = Duration::from_secs(10);

/// How long an instance that is just starting or ending is waited for; one that says nothing for longer is an error.
/// Longer than [`SHUTDOWN_GRACE`].
pub const INSTANCE_START_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an instance that was told to stop may take before that is an error. Longer than [`SHUTDOWN_GRACE`].
pub const INSTANCE_STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// The time between two looks at the lock, in either case.
pub const INSTANCE_POLL_INTERVAL: Duration = Duration::from_millis(20);
/// The time between two looks of an instance at its own lock: so long two can run after the sessions directory was moved.
pub const INSTANCE_KEEP_INTERVAL: Duration = Duration::from_millis(500);
/// How long an instance may take to connect, or to answer the command line, before that is an error.
pub const INSTANCE_ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// The bytes that are read of what an instance says of itself, several times what it has; a longer text says nothing.
pub const MAX_INSTANCE_BYTES: u64 = 4 * 1024;

/// The time for the instance to answer the command line; a mirror takes up to 5 s to start.
pub const INSTANCE_ASK_TIMEOUT: Duration = Duration::from_secs(15);
/// The bytes of such an answer; more is cut, and then none.
pub const MAX_INSTANCE_ANSWER_BYTES: u64 = 1024 * 1024;

/// The events in one answer of `/api/sessions/:id/events` where the request gives no `limit`.
pub const DEFAULT_EVENTS: usize = 10_000;
/// The most events in one such answer; a larger `limit` is an error.
pub const MAX_EVENTS: usize = 100_000;
/// The event text in one such answer; the answer then says where to go on.
pub const MAX_EVENTS_BYTES: usize = 16 * 1024 * 1024;

/// The time for everything that it takes to ask the cluster for an operator; then its edition is unknown.
pub const OPERATOR_TIMEOUT: Duration = Duration::from_secs(3);
/// The time between two such questions.
pub const OPERATOR_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// The bytes of what the cluster says of its operator; more cannot be read.
pub const MAX_OPERATOR_BYTES: usize = 4 * 1024 * 1024;
/// The operator's sessions that are kept; the others are counted.
pub const MAX_OPERATOR_SESSIONS: usize = 1_000;
/// The features of an operator, and the ports of one of its sessions, that are kept.
pub const MAX_OPERATOR_FEATURES: usize = 64;
/// The bytes of a text of the cluster's that are kept; a longer one is cut.
pub const MAX_OPERATOR_TEXT_BYTES: usize = 256;
/// The bytes of a kubeconfig; a longer one is not read.
pub const MAX_KUBECONFIG_BYTES: u64 = 8 * 1024 * 1024;
/// The bytes that are read of what a credential plugin writes.
pub const MAX_PLUGIN_BYTES: u64 = 1024 * 1024;

/// The time for a development server's answer, which may be building the page.
pub const DEV_TIMEOUT: Duration = Duration::from_secs(60);
/// The bytes of such an answer: a page that is not optimised has tens of megabytes.
pub const MAX_DEV_BYTES: usize = 256 * 1024 * 1024;

/// How long connections and sessions have to end at shutdown; what is left then is logged and dropped.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);
