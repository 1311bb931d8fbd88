//! Client of the sessions of this machine: finds their sockets, and reads each in our dialect and in a released mirrord's.
//!
//! On Windows a session is a named pipe, found by its marker file.
//!
//! It needs no running `mirrord ui`. [`scan`] and [`DirectoryWatcher`] find sockets, and a [`SessionClient`] connects to one;
//! every answer has a time-out and a bound ([`limits`]). Deliberately absent: keeping events, and following a session
//! through broken connections; [`Backoff`] has the delays for it.
//!
//! Lists the sessions of a directory, and prints the events of the first one until it ends:
//!
//! ```no_run
//! use std::path::Path;
//!
//! use mirrord_session_client::{StreamItem, SessionClient, scan};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let scan = scan(Path::new("/home/me/.mirrord/sessions"))?;
//! for socket in &scan.sockets {
//!     let info = SessionClient::new(socket).info().await?.info;
//!     println!("{} {}", socket.id, info.target);
//! }
//! if let Some(socket) = scan.sockets.first() {
//!     let mut events = SessionClient::new(socket).events(0).await?;
//!     while let Some(batch) = events.next_batch().await? {
//!         for item in batch.iter() {
//!             match item {
//!                 StreamItem::Event(event, json) => println!("{} {json}", event.seq),
//!                 StreamItem::Lagged { to, .. } => println!("events up to {to} are missing"),
//!             }
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```

pub mod limits;

mod backoff;
mod batch;
mod client;
mod directory;
mod error;
mod event_parser;
mod line_splitter;
mod platform;
mod request;
mod watcher;

pub use backoff::Backoff;
pub use batch::{EventBatch, StreamItem, StreamNews};
pub use client::{Attachment, EventStream, SessionClient};
pub use directory::{
    FileIdentity, LocatedSocket, Scan, SessionSocket, StaleOutcome, check_directory, list, locate, scan,
};
pub use error::{ClientError, DirectoryError};
pub use event_parser::{Dialect, EventParser, is_plausible};
pub use watcher::DirectoryWatcher;
