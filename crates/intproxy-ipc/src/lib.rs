//! Publishes one session on a private Unix socket or named pipe: what its program does, live, and what it has done so far.
//!
//! The host (an intproxy) binds a [`SessionListener`], starts a [`Session`], and hands events to a [`MonitorTx`] from any
//! thread. Clients read `/health`, `/info`, `/state` and `/events` over HTTP/1.1 on the socket, as `docs/PROTOCOL.md` has
//! it. All that it needs of the host is a tokio runtime with I/O and time.
//!
//! ```
//! # #[cfg(unix)]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let home = tempfile::tempdir()?;
//! # let sessions_dir = home.path().join("sessions");
//! use mirrord_intproxy_ipc::{Session, SessionListener};
//! use mirrord_wire::{MonitorEvent, SessionId, SessionInfo};
//!
//! let listener = SessionListener::bind(&sessions_dir, &SessionId::new("a8f3b2c1")?)?;
//! let info = SessionInfo { target: "deployment/orders".into(), ..SessionInfo::default() };
//! let (tx, session) = Session::builder(info).on_kill(|| std::process::exit(0)).start(listener)?;
//!
//! tx.emit(MonitorEvent::DnsQuery { host: "postgres".into() });
//! // …the host's own work, for as long as it takes…
//! session.shutdown().await;
//! # assert_eq!(std::fs::read_dir(&sessions_dir)?.count(), 0);
//! # Ok(())
//! # }
//! # #[cfg(not(unix))]
//! # fn main() {}
//! ```
//!
//! # What it costs
//!
//! [`MonitorTx::emit`] numbers the event, stamps it and copies it into a queue: no system call (but to wake the
//! session's task after a silence), no waiting, with readers or without. The event's memory stays with the thread that
//! made it. [`MonitorTx::disabled`] is a test of one word. One task takes events in, in batches; an event is serialised
//! when a client reads it, and once for all who are not behind. A client is a place in what is kept, and the batch that
//! it is being sent. `cargo xtask bench session` measures all of it.
//!
//! Four mechanisms stand in place of plain code. Each was replaced by it and measured in turn with it in one run, on two
//! busy cores; the goals of the bench are 40 ns a call beyond building the event and 0.4 µs an event delivered.
//!
//! | mechanism | with it | plain code instead |
//! |---|---|---|
//! | records of bytes (`record`, `chunk`) | 32 ns a call, nothing lost at the readers' pace | `Observation`s in a `Mutex<VecDeque>`: 73 to 94 ns, since another thread frees them, and 6 % lost, since fewer fit into [`limits::QUEUE_BYTES`] |
//! | time stamps that up to 16 events within 100 µs share (`queue::clock`) | 32 ns a call | the system's clock for each event: 66 ns |
//! | the line of a file operation, written by hand (`event_json`) | 0.42 µs an event delivered, 0.29 of it the host's | `serde_json`: 0.61 µs, 0.46 of it the host's |
//! | lanes (`queue`) | an emitter never waits: a lane that is locked is passed by for the next | one `Mutex`: as fast, with one thread and with four, but an emitter waits for a thread that was interrupted while it held the lock |
//!
//! # What it holds
//!
//! At most [`limits::MEMORY_BYTES`] of events: those that wait ([`limits::QUEUE_BYTES`]), those that are kept
//! ([`limits::HISTORY_BYTES`]), and the lines that at most [`limits::MAX_CONNECTIONS`] clients are being sent
//! ([`limits::BATCH_CACHE_BYTES`], [`limits::READERS_BYTES`]). Beside them the bounded lists of the session's state. Every bound
//! is in [`limits`], with what happens at it. What does not fit is dropped, oldest first, counted in `/state`, and in each
//! reader's stream there is a `Lagged` line with the exact number in its place. At a high rate that lasts, repeated accesses to a
//! path are sent as counters ([`SessionBuilder::policy`]); the counters of `/state` are exact always.
//!
//! # What it exposes
//!
//! Paths, host names, addresses, command lines and environment variables, to its own user and to root, on this machine:
//! the directory has mode 0700 and the socket 0600 whenever it can be reached, links and foreign directories are refused,
//! and a connection of another user is closed; a Windows pipe admits its owner alone. A client that may read may also ask for the session's end, where the host gave
//! a callback. The crate writes no log, and no answer repeats a client's bytes.
//!
//! # What it does when things break
//!
//! A client can harm its own connection alone. Should one of the session's tasks panic, the session ends, its socket goes,
//! and the host goes on, `emit` included. After SIGKILL the socket stays, refuses connections, and is replaced by the
//! next session of its name. A Rust program ignores SIGPIPE; a host that restores it would be ended by a client that
//! hangs up.

mod batch_cache;
mod chunk;
mod connection;
mod error;
mod event_json;
mod event_stream;
mod http;
pub mod limits;
mod monitor;
mod queue;
mod queue_sync;
mod record;
mod request;
mod response_format;
mod ring;
mod sampling;
mod service;
mod session;
mod session_buffer;
mod session_core;
mod transport;
mod truncate;

pub use error::{BindError, StartError};
pub use monitor::MonitorTx;
pub use session::{Session, SessionBuilder};
pub use transport::SessionListener;
