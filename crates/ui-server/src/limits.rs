//! Bounds of the server, and what happens when one is met.

use std::time::Duration;

/// Connections at one time. At this bound an anonymous connection is closed for the new one, the oldest first; where there
/// is none, the authenticated one that has been idle longest; where all are busy, the new one is answered with 503.
pub const MAX_CONNECTIONS: usize = 256;
/// Those of them on which no request has authenticated; at the bound one that has made a request is closed for the new one,
/// or the oldest. The rest is kept for the signed-in. WebSockets take three quarters of a bound at most: the one that was opened first is closed for the
/// next one (1013).
pub const MAX_CONNECTIONS_BEFORE_SIGN_IN: usize = 64;
/// Time for which a new connection is kept though nothing has been read of it, where others without credentials come
/// faster than they can be read; those wait to be accepted.
pub const FIRST_REQUEST_GRACE: Duration = Duration::from_millis(50);
/// Connections of the mirror at one time, bounded as those of the desktop.
pub const MAX_MIRROR_CONNECTIONS: usize = 64;
/// Those of them from one address; the addresses of an IPv6 household count as one.
pub const MAX_MIRROR_CONNECTIONS_OF_ONE_ADDRESS: usize = 8;
/// Those of them on which no request has authenticated.
pub const MAX_MIRROR_CONNECTIONS_BEFORE_SIGN_IN: usize = 16;
/// The time that a client has to send its request's headers, and that a kept-alive connection may be idle.
pub const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// The bytes of a request's line and headers together; more is answered with 431.
pub const MAX_HEADERS_BYTES: usize = 64 * 1024;
/// Time for which a ticket can be exchanged for the cookie: a browser's slowest start.
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
/// Bytes to be written in each [`WRITE_TIMEOUT`]: a network of 3 KB a second is enough.
pub const MIN_WRITE_BYTES: usize = 64 * 1024;
/// The bytes of a WebSocket message of a client; more closes the WebSocket (1009).
pub const MAX_CLIENT_MESSAGE_BYTES: usize = 256 * 1024;
/// The messages that a client may send between two pings, though it has nothing to say; more closes it (1008).
pub const MAX_CLIENT_MESSAGES: u32 = 1_000;
/// Time between two pings of a WebSocket.
pub const PING_INTERVAL: Duration = Duration::from_secs(20);
/// Time without a pong after which a WebSocket is closed.
pub const PONG_TIMEOUT: Duration = Duration::from_secs(45);
/// Time for which events are batched for `?batch=1`.
pub const BATCH_INTERVAL: Duration = Duration::from_millis(16);
/// The event text in one `events` message; a longer line goes alone.
pub const MAX_BATCH_BYTES: usize = 64 * 1024;
/// The event text that a reader takes at a time; the rest it comes back for at once.
pub const MAX_PULL_BYTES: usize = 256 * 1024;
/// Time between two updates of counts, rates and processes.
pub const UPDATE_INTERVAL: Duration = Duration::from_secs(1);

/// The event text kept of one session; the oldest is evicted first, and reported to readers that had yet to read it.
pub const SESSION_RING_BYTES: usize = 16 * 1024 * 1024;
/// The event text kept of all sessions together; the oldest goes first, wherever it is.
pub const ALL_RINGS_BYTES: usize = 256 * 1024 * 1024;
/// The ended sessions kept; the one that ended first is dismissed for the next.
pub const MAX_ENDED_SESSIONS: usize = 200;
/// The sessions followed at one time; a socket beyond them is looked at again at every scan, with a warning.
pub const MAX_FOLLOWED_SESSIONS: usize = 2_000;

/// Silence after which a session is probed; ours sends a heartbeat after 15 s.
pub const QUIET_BEFORE_PROBE: Duration = Duration::from_secs(20);
/// Time between two probes of a session that did not answer.
pub const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// Delay after lost events before a session's exact counters are requested again.
pub const STATE_REFRESH_DELAY: Duration = Duration::from_millis(500);
/// As [`STATE_REFRESH_DELAY`], after a session suppressed events, which it counts for us: only its lists of names are behind.
pub const NAMES_REFRESH_DELAY: Duration = Duration::from_secs(2);
/// The silence after which a session whose name another one has taken is over: its last events come without a pause.
pub const DRAIN_QUIET: Duration = Duration::from_millis(120);
/// Maximum time for such a session to be attached, and for its last events to be read.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);
/// A stream that lasted this long was a success: the next wait is the first one again.
pub const STREAM_SUCCESS: Duration = Duration::from_secs(10);

/// Time to wait for an instance that is just starting or ending; one without an address after it is an error.
/// Longer than [`SHUTDOWN_GRACE`].
pub const INSTANCE_START_TIMEOUT: Duration = Duration::from_secs(5);
/// Time for an instance to fill the file that it has locked; one whose file is empty for longer had no room on the disk.
pub const INSTANCE_RESERVE_TIMEOUT: Duration = Duration::from_millis(500);
/// Time for an instance to end after the signal; longer is an error. Longer than [`SHUTDOWN_GRACE`].
pub const INSTANCE_STOP_TIMEOUT: Duration = Duration::from_secs(10);
/// The time between two looks at the lock, in either case.
pub const INSTANCE_POLL_INTERVAL: Duration = Duration::from_millis(20);
/// The time between two looks of an instance at its own lock: so long two can run after the sessions directory was moved.
pub const INSTANCE_KEEP_INTERVAL: Duration = Duration::from_millis(500);
/// Time for an instance to answer the command line, connecting included.
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
/// Time that one such answer may search; the answer then says where to go on.
pub const MAX_SEARCH_TIME: Duration = Duration::from_secs(2);
/// Time after which a search that has read the file of a record answers with what it has found, if it has found anything.
pub const FIRST_HITS_TIME: Duration = Duration::from_millis(50);

/// The checkpoints of a record; every other one is forgotten beyond.
pub const MAX_CHECKPOINTS: usize = 64;
/// The memory that they may take, bytes, by an estimate; every other one is forgotten beyond.
pub const MAX_CHECKPOINT_BYTES: usize = 16 * 1024 * 1024;
/// The events between two checkpoints at first; twice as many each time that there are too many.
pub const CHECKPOINT_SPACING: u64 = 16_384;
/// Time for reading in the file of a record for one answer; a record that needs longer to get to an event is answered with 503.
pub const MAX_RECORD_READ_TIME: Duration = Duration::from_secs(5);
/// Parts of records that are read at one time; another one waits for [`SEARCH_QUEUE_TIMEOUT`] and is then answered with 503.
pub const MAX_RECORD_READS: usize = 4;

/// Distinct operations that the suggestions of a session look at; the others are counted.
pub const MAX_SUGGESTION_OPERATIONS: usize = 20_000;
/// The hits in one answer of `/api/search` where the request gives no `limit`.
pub const DEFAULT_HITS: usize = 50;
/// The most hits in one such answer; a larger `limit` is an error.
pub const MAX_HITS: usize = 200;
/// The most hits of one session in such an answer, so that others have room.
pub const MAX_SESSION_HITS: usize = 8;
/// The most characters of a subject in such an answer; a longer one is cut.
pub const MAX_HIT_CHARS: usize = 400;
/// Searches over all sessions at one time; another one waits for [`SEARCH_QUEUE_TIMEOUT`] and is then answered with 503.
pub const MAX_SEARCHES: usize = 2;
/// Time that a search over all sessions waits for its turn.
pub const SEARCH_QUEUE_TIMEOUT: Duration = Duration::from_secs(4);

/// Sessions of a key whose events are merged; the oldest of more are left out, and counted in the answer.
pub const MAX_KEY_SESSIONS: usize = 200;
/// Sessions of a key up to which the files of their records stay open while they are merged; those of more are opened for each part.
pub const MAX_KEY_FILES: usize = 8;
/// Sessions of a key that are ended at one time; the others wait for their turn.
pub const MAX_KEY_KILLS: usize = 64;
/// Time in which the turn of each comes; one whose turn does not come is not ended, and its answer says so.
pub const KEY_KILL_TIMEOUT: Duration = Duration::from_secs(20);

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

/// Time for connections and sessions to end at shutdown; what is left then is logged and dropped.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);

/// The bytes of a record that is sent to the server; more is answered with 413.
pub const MAX_UPLOAD_BYTES: u64 = 1024 * 1024 * 1024;
/// The bytes of all records that were sent and are open; another one is answered with 507.
pub const MAX_UPLOADS_BYTES: u64 = 4 * MAX_UPLOAD_BYTES;
/// The records that are sent at one time; another one is answered with 503.
pub const MAX_UPLOADS: usize = 2;
/// The time in which [`MIN_UPLOAD_BYTES`] of a record, or the rest of it, have to come; otherwise it is answered with 408.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of a record that come in each [`UPLOAD_TIMEOUT`].
pub const MIN_UPLOAD_BYTES: usize = 64 * 1024;
/// Sessions of records at one time that were opened in the page; another one is answered with 409.
pub const MAX_OPEN_RECORDS: usize = 100;
/// The time that a recording has for its last events once it is to end; the answer then has what is known.
pub const RECORDING_END_TIMEOUT: Duration = Duration::from_secs(5);
/// The bytes of the history; the oldest records go first, and a session that has so many by itself is recorded no further.
pub const MAX_HISTORY_BYTES: u64 = 1024 * 1024 * 1024;
/// The days after which a record of the history goes.
pub const MAX_HISTORY_DAYS: u64 = 30;
/// The records of the history; the oldest go first.
pub const MAX_HISTORY_RECORDS: usize = 10_000;
/// The time for a comparison of two sessions; longer is answered with 503.
pub const COMPARISON_TIMEOUT: Duration = Duration::from_secs(60);
/// The bytes of a comparison's answer; a longer one is answered with 422.
pub const MAX_COMPARISON_BYTES: usize = 64 * 1024 * 1024;
