//! Rows of a log as a record: what the page shows of a session, in the form in which any session is kept.
//!
//! Every number up to the last row is accounted for: an event that a filter, a time or a fold leaves out is one that the record
//! does not have on purpose, and one that did not come to the page is missing. Of a log of several sessions, whose numbers say
//! nothing together, the lines alone are written, each with its session. Values of variables are left out of either.

use std::collections::BTreeSet;

use mirrord_wire::record::{EndReason, RecordEnd, RecordHeader};
use mirrord_wire::session::with_session_id;
use mirrord_wire::{Control, Counters, Exit, SessionInfo};
use serde::Serialize;

use super::kind::Kind;
use super::log::{Entry, STARTED, SessionLog};
use crate::codec::line::without_values;

/// Session of a record.
#[derive(Debug, Default)]
pub struct Exported {
    /// Description of the session.
    pub info: SessionInfo,
    /// It is a device's page: what it has is redacted.
    pub is_redacted: bool,
    /// Time of now, RFC 3339.
    pub now: String,
    /// End of the session, where the log goes up to it.
    pub ended_at: Option<String>,
}

/// Lines of a record, with what is missing between them.
#[derive(Default)]
struct Lines {
    text: String,
    /// Number up to which everything is accounted for.
    position: u64,
    events: u64,
    missed: u64,
    left_out: u64,
    /// Events since then that are not shown.
    hidden: u64,
    /// Processes whose start is among the events.
    started: BTreeSet<u32>,
}

/// Writes the rows that are shown of a session as a record. Bounded by what the log keeps.
#[must_use]
pub fn record(log: &SessionLog, exported: Exported) -> String {
    let mut lines = Lines::default();
    let view = log.view();
    let mut shown = (view.first()..view.end())
        .filter_map(|ordinal| view.position(ordinal))
        .peekable();
    let until = view.held().unwrap_or(log.ring().end());
    let mut newest = 0;
    for (position, entry) in log.ring().from(0).take_while(|(position, _)| *position < until) {
        while shown.next_if(|own| *own < position).is_some() {}
        let is_shown = shown.next_if_eq(&position).is_some();
        if entry.missed().is_some() {
            continue;
        }
        newest = entry.seq();
        match is_shown {
            true => lines.event(entry),
            false => lines.hidden += 1,
        }
    }
    lines.gap(newest);
    lines.finish(exported)
}

/// Writes the rows that are shown of several sessions, each line with its session.
#[must_use]
pub fn merged(log: &SessionLog, ids: &[String]) -> String {
    let mut out = String::new();
    let view = log.view();
    for ordinal in view.first()..view.end() {
        let entry = view.position(ordinal).and_then(|position| log.ring().get(position));
        let Some(entry) = entry else { continue };
        let line = match entry.missed() {
            Some((missed, _)) => written(&lagged(missed, false)),
            None => json(entry),
        };
        let id = ids.get(usize::from(entry.source())).map_or("", String::as_str);
        out.push_str(&with_session_id(&line, id));
        out.push('\n');
    }
    out
}

fn json(entry: Entry<'_>) -> String {
    without_values(&entry.json().unwrap_or_default(), None)
}

fn lagged(missed: u64, is_left_out: bool) -> Control {
    let suppressed = is_left_out.then(|| Counters {
        total: missed,
        ..Counters::default()
    });
    Control::Lagged { missed, suppressed }
}

fn written(value: &impl Serialize) -> String {
    // What is written has no maps but with texts for keys, which is all that could fail.
    serde_json::to_string(value).unwrap_or_default()
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn event(&mut self, entry: Entry<'_>) {
        self.gap(entry.seq().saturating_sub(1));
        if entry.kind() == Some(Kind::Process) && entry.lead() == STARTED {
            self.started.extend(entry.pid());
        }
        self.line(&json(entry));
        self.events += 1;
        self.position = entry.seq();
    }

    /// Accounts for the numbers up to one: those that are not shown, and those that the page has not.
    fn gap(&mut self, to: u64) {
        let all = to.saturating_sub(self.position);
        let left_out = std::mem::take(&mut self.hidden).min(all);
        for (count, is_left_out) in [(left_out, true), (all - left_out, false)] {
            if count > 0 {
                self.line(&written(&lagged(count, is_left_out)));
                self.missed += count;
            }
        }
        self.left_out += left_out;
        self.position = self.position.max(to);
    }

    fn finish(self, exported: Exported) -> String {
        let Exported {
            mut info,
            is_redacted,
            now,
            ended_at,
        } = exported;
        info.remove_values();
        info.processes.retain(|process| !self.started.contains(&process.pid));
        let exit: Option<Exit> = info.exit.take();
        let mut header = RecordHeader::new(info);
        header.writer = concat!("mirrord ", env!("CARGO_PKG_VERSION")).to_owned();
        header.recorded_at.clone_from(&now);
        header.redacted = is_redacted;
        let reason = match ended_at {
            Some(_) => EndReason::Ended,
            None => EndReason::Stopped,
        };
        let mut end = RecordEnd::new(reason);
        end.left_out = self.left_out;
        end.exit = exit.filter(|_| ended_at.is_some());
        end.ended_at = ended_at.unwrap_or(now);
        let end = end.counted(self.events, self.missed);
        [&written(&header), "\n", &self.text, &written(&end), "\n"].concat()
    }
}

#[cfg(test)]
#[path = "export_record_tests.rs"]
mod tests;
