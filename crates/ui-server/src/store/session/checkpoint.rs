//! Checkpoint of a session: a copy of everything that its events change, but for the lines that are kept.

use std::io;

use mirrord_wire::SessionState;
use mirrord_wire::session::summary::Summary;

use super::super::ring::Place;

/// Copy of what was counted of a session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checkpoint {
    pub(super) state: SessionState,
    pub(super) answers: Summary,
    pub(super) root: Option<u32>,
    pub(super) missed: u64,
    pub(super) suppressed: u64,
    pub(super) before: u64,
    pub(super) heard: bool,
    pub(super) start: Place,
    pub(super) end: Place,
}

impl Checkpoint {
    /// Returns the number of the newest event that it has.
    pub(crate) fn seq(&self) -> u64 {
        self.end.seq
    }

    /// Estimates its memory: twice its text, since up to twice as many names are held as are written.
    pub(crate) fn bytes(&self) -> usize {
        let mut written = Written(size_of::<Self>());
        // Counting does not fail.
        serde_json::to_writer(&mut written, &self.state).ok();
        serde_json::to_writer(&mut written, &self.answers).ok();
        2 * written.0
    }
}

/// Number of bytes that were written.
struct Written(usize);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
