//! `mirrord session events`: what a session keeps, and what comes.

use std::process::ExitCode;

use mirrord_session_client::{EventBatch, StreamItem};
use mirrord_wire::Control;

use super::error::SessionError;
use super::event_text;
use super::kept::KeptEvents;
use super::output::{Cell, HINT, Output, cell};
use super::query::{EventQuery, ShownEvent};
use super::stream::SessionEvents;
use super::{directory, key_events, state};
use crate::args;
use crate::diagnostics::diagnostic;

pub(super) async fn run(arguments: args::SessionEvents) -> Result<ExitCode, SessionError> {
    if let Some(key) = arguments.session.key.clone() {
        return key_events::run(arguments, &key).await;
    }
    let given = arguments.session;
    let filter = arguments.filter.as_deref().unwrap_or_default();
    let query = EventQuery::new(filter, arguments.with_values, arguments.since)?;
    let session = directory::find_of(given.sessions, given.session.as_deref()).await?;
    let client = session.client()?;
    let mut printer = Printer {
        query,
        out: Output::new(),
        is_json: given.json,
        left: arguments.limit,
        unreadable: 0,
    };
    // What is to come needs none: a released mirrord has no state, and one that fails costs names alone.
    let state = state::read(&session).await;
    printer.query.learn(session.info(), state.as_ref().ok());
    let read = if arguments.follow {
        let events = SessionEvents::new(client, session.id.clone(), arguments.since);
        follow(events, &session.id, &mut printer).await
    } else {
        let events = KeptEvents::new(client, session.id.clone(), arguments.since, state?.seq);
        print_kept(events, &mut printer).await
    };
    printer.finish();
    read.map(|()| ExitCode::SUCCESS)
}

/// Prints what comes, until there is enough.
async fn follow(mut events: SessionEvents, id: &str, printer: &mut Printer) -> Result<(), SessionError> {
    while let Some(batch) = events.next().await? {
        printer.print(&batch)?;
        if printer.left == Some(0) {
            return Ok(());
        }
    }
    Err(SessionError::Ended {
        id: id.to_owned(),
        what: "",
    })
}

/// Prints what is kept, until there is enough.
async fn print_kept(mut events: KeptEvents, printer: &mut Printer) -> Result<(), SessionError> {
    while printer.left != Some(0)
        && let Some(batch) = events.next().await?
    {
        printer.print(&batch)?;
    }
    Ok(())
}

/// Prints an event, as text or JSON.
pub(super) fn print_event(
    out: &mut Output,
    is_json: bool,
    query: &EventQuery,
    shown: &ShownEvent<'_>,
) -> Result<(), SessionError> {
    if is_json {
        out.raw(&shown.json())?;
    } else {
        let process = shown.line.observation.pid.and_then(|pid| query.process_name(pid));
        out.line(&event_text::cells(&shown.line, process))?;
    }
    Ok(())
}

/// Printer of matching events.
struct Printer {
    query: EventQuery,
    out: Output,
    is_json: bool,
    /// Events that are still to be printed, where there is a limit.
    left: Option<u64>,
    /// Lines that could not be read.
    unreadable: u64,
}

impl Printer {
    /// Prints the matching events of a piece, at most as many as are left, and the gaps.
    fn print(&mut self, batch: &EventBatch) -> Result<(), SessionError> {
        self.unreadable += batch.news().unreadable;
        for item in batch.iter() {
            if self.left == Some(0) {
                break;
            }
            match item {
                StreamItem::Event(line, text) => {
                    if let Some(shown) = self.query.look_at(line, text) {
                        self.left = self.left.map(|left| left - 1);
                        print_event(&mut self.out, self.is_json, &self.query, &shown)?;
                    }
                }
                StreamItem::Lagged { to, .. } => self.gap(to)?,
            }
        }
        self.out.flush()?;
        Ok(())
    }

    /// Prints a gap in the stream: events that the session has given up, or that this reader was too slow for.
    fn gap(&mut self, to: u64) -> Result<(), SessionError> {
        let missed = self.query.skip_to(to);
        if missed == 0 {
            return Ok(());
        }
        if self.is_json {
            self.out.json(&lagged(missed))?;
        } else {
            self.out.line(&[gap_cell(missed)])?;
        }
        Ok(())
    }

    /// Reports what could not be read.
    fn finish(&self) {
        report_unreadable(self.unreadable, "the session");
    }
}

/// Control line of a gap.
pub(super) fn lagged(missed: u64) -> Control {
    let suppressed = None;
    Control::Lagged { missed, suppressed }
}

/// Text of a gap.
pub(super) fn gap_cell(missed: u64) -> Cell {
    let events = if missed == 1 { "event is" } else { "events are" };
    cell(&format!("{missed} {events} missing here"), HINT)
}

/// Reports lines that could not be read, where there are any.
pub(super) fn report_unreadable(lines: u64, of: &str) {
    if lines > 0 {
        diagnostic!("mirrord: {lines} lines of {of} could not be read");
    }
}
