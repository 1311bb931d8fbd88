//! `mirrord session events`: what a session keeps, and what comes.

use std::borrow::Cow;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_filter::{LineFilter, Scope};
use mirrord_session_client::{EventBatch, SessionClient, StreamItem};
use mirrord_wire::{Control, EventLine, SessionInfo};
use serde_json::Value;

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::event_text;
use super::output::{HINT, Output, cell};
use super::stream::{self, SessionEvents};
use crate::args;
use crate::diagnostics::diagnostic;

pub(super) async fn run(arguments: args::SessionEvents) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    let filter = parse(arguments.filter.as_deref().unwrap_or_default())?;
    let session = directory::read_of(given.sessions)
        .await?
        .find(given.session.as_deref())?;
    let client = session.client()?;
    let mut printer = Printer::new(filter, given.json, arguments.with_values, arguments.since);
    printer.left = arguments.limit;
    printer.learn_processes(&client, &session).await;
    let until = if arguments.follow {
        None
    } else {
        Some(newest_kept(&client, &session).await?)
    };
    if until.is_some_and(|until| until <= arguments.since) {
        return Ok(ExitCode::SUCCESS);
    }
    let mut events = SessionEvents::new(client, session.id.clone(), arguments.since);
    let is_over = |printer: &Printer, newest: Option<u64>| {
        let is_done = until.is_some_and(|until| newest.is_some_and(|newest| newest >= until));
        is_done || printer.left == Some(0)
    };
    while let Some(batch) = events.next().await? {
        printer.print(&batch)?;
        if is_over(&printer, stream::newest(&batch)) {
            printer.finish();
            return Ok(ExitCode::SUCCESS);
        }
    }
    printer.finish();
    Err(SessionError::Ended {
        id: session.id,
        what: if arguments.follow {
            ""
        } else {
            " before all of its events were read"
        },
    })
}

/// Parses a filter of the command line.
///
/// # Errors
/// The text is none.
pub(super) fn parse(text: &str) -> Result<LineFilter, SessionError> {
    let filter = mirrord_filter::parse(text).map_err(|error| SessionError::Filter {
        text: text.to_owned(),
        error,
    })?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let scope = Scope {
        now: u64::try_from(now.as_micros()).unwrap_or(u64::MAX),
        zone_minutes: 0,
    };
    Ok(LineFilter::new(filter, scope))
}

/// Returns the number of the newest event of a session that keeps its events.
async fn newest_kept(client: &SessionClient, session: &KnownSession) -> Result<u64, SessionError> {
    let state = client.state().await;
    let state = state.map_err(|error| super::state::failure(&session.id, session.info(), &error))?;
    Ok(state.seq)
}

/// Printer of matching events.
pub(super) struct Printer {
    filter: LineFilter,
    pub(super) out: Output,
    is_json: bool,
    with_values: bool,
    /// Number of the newest event that was read.
    position: u64,
    /// Events that are still to be printed, where there is a limit.
    pub(super) left: Option<u64>,
    /// Events that were read.
    pub(super) read: u64,
    /// Lines that could not be read.
    unreadable: u64,
}

impl Printer {
    pub(super) fn new(filter: LineFilter, is_json: bool, with_values: bool, since: u64) -> Self {
        Self {
            filter,
            out: Output::new(),
            is_json,
            with_values,
            position: since,
            left: None,
            read: 0,
            unreadable: 0,
        }
    }

    /// Takes in the processes that the session knows already.
    pub(super) async fn learn_processes(&mut self, client: &SessionClient, session: &KnownSession) {
        let info: &SessionInfo = session.info();
        for process in &info.processes {
            self.filter
                .learn(process.pid, process.process_name.clone(), process.parent_pid);
        }
        // A released mirrord has none, and one that fails costs names alone.
        for process in client.state().await.map(|state| state.processes).unwrap_or_default() {
            self.filter
                .learn(process.info.pid, process.info.process_name, process.info.parent_pid);
        }
    }

    /// Prints the matching events of a piece, at most as many as are left, and the gaps.
    pub(super) fn print(&mut self, batch: &EventBatch) -> Result<(), SessionError> {
        self.print_items(batch, true)
    }

    /// Prints the matching events of a piece alone.
    pub(super) fn print_matches(&mut self, batch: &EventBatch) -> Result<(), SessionError> {
        self.print_items(batch, false)
    }

    fn print_items(&mut self, batch: &EventBatch, with_gaps: bool) -> Result<(), SessionError> {
        self.unreadable += batch.news().unreadable;
        for item in batch.iter() {
            if self.left == Some(0) {
                break;
            }
            match item {
                StreamItem::Event(line, text) => self.event(line, text)?,
                StreamItem::Lagged { to, .. } if with_gaps => self.gap(to)?,
                StreamItem::Lagged { .. } => {}
            }
        }
        self.out.flush()?;
        Ok(())
    }

    fn event(&mut self, line: &EventLine, text: &str) -> Result<(), SessionError> {
        self.read += 1;
        self.position = line.seq;
        // A filter sees what is printed, so that none finds a value that is left out.
        let is_shortened = !self.with_values && line.has_values();
        let shown = if is_shortened {
            Cow::Owned(line.clone().without_values())
        } else {
            Cow::Borrowed(line)
        };
        let needs_value = !self.filter.is_open() || !self.is_json;
        if needs_value {
            let value = if is_shortened {
                serde_json::to_value(&*shown)
            } else {
                serde_json::from_str(text)
            };
            let value: Value = value.unwrap_or_default();
            self.filter.learn_from(&value);
            if !self.filter.matches(&value) {
                return Ok(());
            }
        }
        self.left = self.left.map(|left| left - 1);
        if !self.is_json {
            let process = shown.observation.pid.and_then(|pid| self.filter.process_name(pid));
            self.out.line(&event_text::cells(&shown, process))?;
        } else if is_shortened {
            self.out.json(&*shown)?;
        } else {
            self.out.raw(text)?;
        }
        Ok(())
    }

    /// Prints a gap in the stream: events that the session has given up, or that this reader was too slow for.
    fn gap(&mut self, to: u64) -> Result<(), SessionError> {
        let missed = to.saturating_sub(self.position);
        self.position = to.max(self.position);
        if missed == 0 {
            return Ok(());
        }
        if self.is_json {
            let suppressed = None;
            self.out.json(&Control::Lagged { missed, suppressed })?;
        } else {
            let events = if missed == 1 { "event is" } else { "events are" };
            self.out
                .line(&[cell(&format!("{missed} {events} missing here"), HINT)])?;
        }
        Ok(())
    }

    /// Reports what could not be read.
    pub(super) fn finish(&self) {
        if self.unreadable > 0 {
            diagnostic!("mirrord: {} lines of the session could not be read", self.unreadable);
        }
    }
}
