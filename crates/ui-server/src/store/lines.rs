//! Lines of a session as the store hands them out, or where else they are.

use std::sync::Arc;

use crate::scrub::RecordSource;

/// Lines of a session, with their numbers.
pub(crate) type Lines = Vec<(u64, String)>;

/// Result of a look for the next lines.
#[derive(Debug)]
pub(crate) enum NextLines {
    /// Lines that are kept.
    Kept(Lines),
    /// Lines up to a number are in the file of its record.
    InFile(Arc<RecordSource>, u64),
    /// There are none.
    End,
}

/// Result of a look for the lines before a number.
#[derive(Debug)]
pub(crate) enum PreviousLines {
    /// Lines that are kept.
    Kept(Lines),
    /// Lines before a number are in the file of its record.
    InFile(Arc<RecordSource>, u64),
    /// There are none.
    End,
}
