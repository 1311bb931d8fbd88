//! Records behind sessions: any moment of a record, and any of its events, read from its file again.
//!
//! A record is read once, in the background ([`load`]): each event is counted into its session, and noted in an index of the
//! file, in a timeline, and every so often in a checkpoint of what was counted. A session as it was at an event is the last
//! checkpoint before it and the events after that ([`past`]). Everything in here has a bound, whatever the record's size. A file
//! that is gone or has changed is not read; who asks gets the reason, and the session has a note. Reading blocks, so it is done
//! on a thread for blocking work, a bounded part at a time.

mod file_lines;
pub(crate) mod load;
pub(crate) mod past;
mod source;
mod timeline;

pub(crate) use self::file_lines::FileLines;
pub(crate) use self::source::{Progress, RecordSource};
