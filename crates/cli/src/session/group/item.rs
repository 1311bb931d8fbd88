//! Pieces of a merged stream, and their order.

use std::cmp::Ordering;

use super::super::query::ShownEvent;

/// Piece of the merged stream.
#[derive(Debug)]
pub(crate) struct GroupItem {
    /// Time in the order of the stream: the event's, or that of an event of its session before it, where that is later.
    pub(super) at: u64,
    /// Number of its session's event after which it comes.
    pub(super) after: u64,
    pub(crate) session_id: String,
    /// Name of its session for people: its name, or its id.
    pub(crate) label: String,
    pub(crate) content: Content,
}

/// Content of a piece.
#[derive(Debug)]
pub(crate) enum Content {
    /// Matching event, and the name of its process.
    Event(Box<ShownEvent<'static>>, Option<String>),
    /// Number of events that are missing here.
    Gap(u64),
}

/// Compares by time, and by session where that is equal.
pub(super) fn in_order(one: (u64, usize), other: (u64, usize)) -> Ordering {
    one.cmp(&other)
}
