//! Failures among the events: look-ups, connections and processes.

use mirrord_wire::Outcome;
use mirrord_wire::session::summary::may_be_absent;

use crate::codec::line::{Event, Line};
use crate::state::routing::Routing;

/// Reports an event that failed. A look-up in vain where nothing need be is none.
#[must_use]
pub fn is_failure(line: &Line<'_>) -> bool {
    let is_bad_end = |event: &Event<'_>| match event {
        Event::Ended { exit, .. } => exit.signal.is_some() || exit.code.is_some_and(|code| code != 0),
        _ => false,
    };
    let is_expected = || match &line.event {
        Event::File {
            path: Some(path),
            operation,
        } => is_expected(line.outcome, path, operation),
        _ => false,
    };
    (is_bad(line.outcome, line.routing) && !is_expected()) || is_bad_end(&line.event)
}

/// Reports a look-up in vain where nothing need be, by the rules of the summary.
#[must_use]
pub fn is_expected(outcome: Option<Outcome>, path: &str, operation: &str) -> bool {
    outcome == Some(Outcome::NotFound) && may_be_absent(path, operation)
}

/// Reports an outcome, or a routing, of something that failed.
#[must_use]
pub fn is_bad(outcome: Option<Outcome>, routing: Option<Routing>) -> bool {
    matches!(outcome, Some(Outcome::NotFound | Outcome::Denied | Outcome::Failed))
        || matches!(routing, Some(Routing::NotFound | Routing::Error))
}
