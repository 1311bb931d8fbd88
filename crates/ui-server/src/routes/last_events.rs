//! `GET /api/sessions/:id/events?last=N`: the newest events that match, read backwards a part at a time.
//!
//! Bounded as an answer that is read forwards; where there may be older ones, `Mirrord-Next-Until` says where to go on.

use std::time::Instant;

use http::{HeaderName, HeaderValue};

use super::answer::Response;
use super::event_lines::EventLines;
use super::events::{Growing, Wanted};
use crate::limits;

/// Place to continue at.
const NEXT_UNTIL: HeaderName = HeaderName::from_static("mirrord-next-until");

/// Events that were found, the newest first.
#[derive(Default)]
struct Found {
    lines: Vec<String>,
    bytes: usize,
    /// Number before which older ones may be.
    next: Option<u64>,
    is_over: bool,
}

/// Answers with the newest `count` events of those that are wanted, oldest first.
pub(super) async fn last(
    mut source: EventLines<'_>,
    wanted: &Wanted,
    count: usize,
    growing: Growing,
) -> Result<Response, Box<Response>> {
    let started = Instant::now();
    let mut found = Found::default();
    let mut before = wanted.until.saturating_add(1);
    while !found.is_over {
        let Some(part) = source.previous(before).await? else {
            break;
        };
        found.add(&part.lines, wanted, count, started);
        before = part.start + 1;
        found.is_over |= part.start <= wanted.since;
    }
    let mut growing = growing;
    found.lines.iter().rev().for_each(|line| growing.push(line));
    let mut response = growing.finish(None);
    if let Some(next) = found.next {
        response.headers_mut().insert(NEXT_UNTIL, HeaderValue::from(next));
    }
    Ok(response)
}

impl Found {
    fn add(&mut self, lines: &[(u64, String)], wanted: &Wanted, count: usize, started: Instant) {
        for (seq, line) in lines.iter().rev() {
            if *seq <= wanted.since || self.lines.len() >= count {
                self.is_over = true;
                return;
            }
            if wanted.takes(line) {
                if self.bytes + line.len() > limits::MAX_EVENTS_BYTES && !self.lines.is_empty() {
                    (self.next, self.is_over) = (Some(*seq), true);
                    return;
                }
                self.bytes += line.len();
                self.lines.push(line.clone());
            }
            if started.elapsed() > limits::MAX_SEARCH_TIME {
                (self.next, self.is_over) = (Some(seq - 1), true);
                return;
            }
        }
        self.is_over |= self.lines.len() >= count;
    }
}
