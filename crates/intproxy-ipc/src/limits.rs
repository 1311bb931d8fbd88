//! Every bound of the session socket, and what happens at it.
//!
//! One place, so that a reader of the code can add up what a session can cost its host at most. Nothing is enforced here.

use std::time::Duration;

/// The most memory of events, whatever they and the readers do: the sum of the four bounds below.
pub const MEMORY_BYTES: usize = 2 * 1024 * 1024;

/// The most memory of events that wait between the emitters and the session's task, or are in its hands: some 10,000 file
/// operations with paths of 40 bytes. At the bound the oldest give way, a chunk at a time: they are counted in `/state`
/// by type, and every reader gets a `Lagged` line.
pub const QUEUE_BYTES: usize = 640 * 1024;

/// The memory of events is handed out in pieces of this size. An event that is longer has one of its own.
pub const CHUNK_BYTES: usize = 16 * 1024;

/// The most of it that the session's task has in hand at once, give or take a chunk a lane.
pub const IN_HAND_BYTES: usize = QUEUE_BYTES / 4;

/// Events that come within this time of each other share a stamp, at most [`MAX_SHARED_STAMPS`] beyond the first and
/// never across two batches.
pub const SHARED_STAMP_SPAN: Duration = Duration::from_micros(100);

/// The most events in a row that have the stamp of the one before.
pub const MAX_SHARED_STAMPS: u32 = 15;

/// The longest event line. A longer event is not sent, but counted as dropped: one event must not push out the rest.
pub const MAX_LINE_BYTES: usize = 256 * 1024;

/// The longest command line that is kept of a process, in bytes over all its words; what is longer ends in `…`.
pub const MAX_CMDLINE_BYTES: usize = 4 * 1024;

/// The longest name that is kept of a process, and the longest mode and filter of a port, in bytes each; what is longer
/// ends in `…`.
pub const MAX_LISTED_TEXT_BYTES: usize = 1024;

/// The events kept for `since`; the oldest give way.
pub const HISTORY_EVENTS: usize = 8_192;

/// The memory of what is kept for `since`, and for readers that are behind: all [`HISTORY_EVENTS`] while their records have
/// 120 bytes, which is what lines of some 170 bytes take, and fewer of longer ones. This bound holds for every reader.
pub const HISTORY_BYTES: usize = 960 * 1024;

/// The newest lines, which are made once for all readers that are not behind.
pub const BATCH_CACHE_BYTES: usize = 64 * 1024;

/// The lines that readers are being sent, over all of them: first come, first served, and the least for each of the rest.
pub const READERS_BYTES: usize = SHARED_BATCH_BYTES + MAX_CONNECTIONS * MIN_BATCH_BYTES;

/// The lines of those readers that came first, together.
pub const SHARED_BATCH_BYTES: usize = 64 * 1024;

/// The events kept while a reader has yet to take them, so that a short stall loses nothing even at a high rate. Beyond
/// it, the reader gets a `Lagged` line.
pub const SLOW_READER_EVENTS: usize = 2 * HISTORY_EVENTS;

/// The most bytes that are copied for one reader at a time, plus at most one line.
pub const BATCH_BYTES: usize = 16 * 1024;

/// Batch size per reader, bytes, once [`SHARED_BATCH_BYTES`] is used up.
pub const MIN_BATCH_BYTES: usize = 1024;

/// The most events taken from the queue in one go; between two goes the host's other tasks run.
pub const DRAIN_EVENTS: usize = 512;

/// Time for which events gather while there are readers, once they come in a row. The first after a pause is taken at once.
pub const BATCH_WITH_READERS: Duration = Duration::from_millis(10);

/// Time for which the session polls for further events before it sleeps until one wakes it: as long as events come
/// closer than this, no emitter has to wake anybody.
pub const IDLE_POLL_TIMEOUT: Duration = Duration::from_millis(50);

/// Time for which events gather while there are no readers. A reader that comes takes what has gathered first.
pub const BATCH_WITHOUT_READERS: Duration = Duration::from_millis(20);

/// The silence after which the session gives back the memory that only a rush needs.
pub const IDLE_TRIM_DELAY: Duration = Duration::from_secs(2);

/// Above this rate, events a second, for [`DEDUPLICATE_AFTER`], the session sends one by one only what is new.
pub const DEDUPLICATE_ABOVE_RATE: f64 = 20_000.0;

/// Time for which the rate has to be high.
pub const DEDUPLICATE_AFTER: Duration = Duration::from_secs(1);

/// Below this rate for [`ALL_AFTER`] the session sends every event again.
pub const ALL_BELOW_RATE: f64 = 5_000.0;

/// Time for which the rate has to be low.
pub const ALL_AFTER: Duration = Duration::from_secs(5);

/// Interval of the `Lagged` lines for suppressed events.
pub const SUPPRESSED_FLUSH_INTERVAL: Duration = Duration::from_millis(250);

/// The accesses that are remembered to tell a first from a repeated one, 8 bytes each; the longest unused gives way, and
/// counts as new when it comes again.
pub const SEEN_CACHE_ENTRIES: usize = 16_384;

/// The places in which one access can be remembered.
pub const SEEN_CACHE_WAYS: usize = 8;

/// The readers of `/events` served at a time; one more is answered 503 with `Retry-After`.
pub const MAX_CONNECTIONS: usize = 64;

/// The connections served beside the readers, so that `/info`, `/health` and `/kill` are answered however many there are
/// (a released mirrord removes the socket of a session that does not answer `/info`); one more is answered 503.
pub const MAX_OTHER_CONNECTIONS: usize = 16;

/// The connections at a time that are answered 503, or that stay after their answer; one more is closed at once.
pub const MAX_REFUSALS: usize = 16;

/// `Retry-After` of a refused client, in seconds.
pub const RETRY_AFTER_SECONDS: u64 = 1;

/// The longest line of a request, in bytes; a longer one is answered 431.
pub const MAX_REQUEST_LINE_BYTES: usize = 8 * 1024;

/// The most lines of a request's head; more are answered 431.
pub const MAX_REQUEST_LINES: usize = 64;

/// The largest body of a request, in bytes; a larger one is answered 413. No route reads its body.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// The time for a whole request, body included; a slower one is answered 408.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Time-out of a write to a client, in which it takes nothing of an answer that is not a stream.
pub const ANSWER_STALL: Duration = Duration::from_secs(5);

/// Time-out of a write to a reader of `/events`, in which it takes nothing.
pub const READER_STALL: Duration = Duration::from_secs(120);

/// The silence after which a reader gets a heartbeat.
pub const HEARTBEAT: Duration = Duration::from_secs(15);

/// Interval at which a reader that has closed its sending side is probed for having closed the other side, too.
pub const GONE_PROBE: Duration = Duration::from_secs(1);

/// Time for which a client's further bytes are drained after its answer: a socket closed with bytes unread would take the
/// answer along.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// The most bytes that are drained after an answer.
pub const MAX_DRAIN_BYTES: usize = 4 * 1024 * 1024;

/// Interval at which a session looks for its socket's name, and publishes it again where it has vanished.
pub const RESTORE_INTERVAL: Duration = Duration::from_secs(1);

/// Time for a client that is connected when the session shuts down to finish its request.
pub const LAST_REQUEST_TIMEOUT: Duration = Duration::from_millis(100);

/// Time that readers have to take what is kept when the session shuts down.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);

/// The first wait after the system refused to accept a connection (no descriptors left); it doubles.
pub const ACCEPT_BACKOFF: Duration = Duration::from_millis(10);

/// The longest wait between two tries to accept a connection.
pub const ACCEPT_BACKOFF_MAX: Duration = Duration::from_secs(1);

/// Time-out of a start's wait for another session that is just starting in the same directory.
pub const DIRECTORY_LOCK_TIMEOUT: Duration = Duration::from_secs(2);
