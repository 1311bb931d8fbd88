//! Failures among the events: look-ups, connections and processes.

use mirrord_wire::Outcome;

use crate::codec::line::{Event, Line};
use crate::state::routing::Routing;

/// Reports an event that failed.
#[must_use]
pub fn is_failure(line: &Line<'_>) -> bool {
    let is_bad_end = |event: &Event<'_>| match event {
        Event::Ended { exit, .. } => exit.signal.is_some() || exit.code.is_some_and(|code| code != 0),
        _ => false,
    };
    is_bad(line.outcome, line.routing) || is_bad_end(&line.event)
}

/// Reports an outcome, or a routing, of something that failed.
#[must_use]
pub fn is_bad(outcome: Option<Outcome>, routing: Option<Routing>) -> bool {
    matches!(outcome, Some(Outcome::NotFound | Outcome::Denied | Outcome::Failed))
        || matches!(routing, Some(Routing::NotFound | Routing::Error))
}
