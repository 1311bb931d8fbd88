//! `mirrord session events --key`: the events of all sessions of a key as one stream, each with its session.

use std::process::ExitCode;

use mirrord_wire::session::with_session_id;
use unicode_width::UnicodeWidthStr as _;

use super::directory;
use super::error::SessionError;
use super::event_text;
use super::events::{gap_cell, lagged, report_unreadable};
use super::group::{Content, GroupItem, KeptGroup, LiveGroup, QueryPlan};
use super::output::{BOLD, Output, cell};
use crate::{args, env};

/// Most columns that the name of a session takes; a longer one moves the rest of its line.
const MAX_LABEL_COLUMNS: usize = 24;

pub(super) async fn run(arguments: args::SessionEvents, key: &str) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    let plan = QueryPlan {
        filter: arguments.filter.unwrap_or_default(),
        with_values: arguments.with_values,
        ..QueryPlan::default()
    };
    // A filter that does not parse is named before a session is asked.
    plan.check()?;
    let directory = env::sessions_dir(given.sessions).map_err(SessionError::Other)?;
    let sessions = directory::read(&directory).await?.of_key(key)?;
    let mut printer = Printer::new(given.json, arguments.limit);
    let mut kept = KeptGroup::open(&sessions, plan, arguments.follow).await?;
    printer.report(kept.take_failures());
    while !printer.is_done()
        && let Some(item) = kept.next().await
    {
        printer.print(&item)?;
        printer.report(kept.take_failures());
    }
    printer.report(kept.take_failures());
    printer.out.flush()?;
    if !arguments.follow || printer.is_done() {
        report_unreadable(kept.unreadable(), "the sessions");
        return Ok(printer.code());
    }
    let mut live = LiveGroup::after(kept, &sessions, key, directory);
    while !printer.is_done()
        && let Some(item) = live.next().await?
    {
        printer.print(&item)?;
        if live.is_idle() {
            printer.out.flush()?;
        }
        printer.report(live.take_failures());
    }
    printer.out.flush()?;
    printer.report(live.take_failures());
    report_unreadable(live.unreadable(), "the sessions");
    if printer.is_done() || printer.code != 0 {
        return Ok(printer.code());
    }
    Err(SessionError::AllEnded {
        key: key.to_owned(),
        what: "",
    })
}

/// Prints the one event that was waited for.
pub(super) fn print_one(item: &GroupItem, is_json: bool) -> Result<ExitCode, SessionError> {
    let mut printer = Printer::new(is_json, None);
    printer.print(item)?;
    printer.out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Printer of a merged stream.
struct Printer {
    out: Output,
    is_json: bool,
    /// Events that are still to be printed, where there is a limit.
    left: Option<u64>,
    /// Columns of the widest name so far.
    columns: usize,
    /// Exit code of the first session that failed.
    code: u8,
}

impl Printer {
    fn new(is_json: bool, limit: Option<u64>) -> Self {
        Self {
            out: Output::new(),
            is_json,
            left: limit,
            columns: 0,
            code: 0,
        }
    }

    /// Returns whether there are as many events as were asked for.
    fn is_done(&self) -> bool {
        self.left == Some(0)
    }

    fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }

    /// Reports failures of single sessions; the others go on.
    fn report(&mut self, failures: Vec<SessionError>) {
        for error in failures {
            error.report(self.is_json);
            self.code = if self.code == 0 { error.code() } else { self.code };
        }
    }

    fn print(&mut self, item: &GroupItem) -> Result<(), SessionError> {
        if let Content::Event(..) = item.content {
            self.left = self.left.map(|left| left - 1);
        }
        if self.is_json {
            let line = match &item.content {
                Content::Event(shown, _) => shown.json().into_owned(),
                Content::Gap(missed) => serde_json::to_string(&lagged(*missed)).unwrap_or_default(),
            };
            self.out.raw(&with_session_id(&line, &item.session_id))?;
            return Ok(());
        }
        self.columns = self.columns.max(item.label.width().min(MAX_LABEL_COLUMNS));
        let label = cell(&format!("{:1$}", item.label, self.columns), BOLD);
        match &item.content {
            Content::Event(shown, process) => {
                let mut cells = event_text::cells(&shown.line, process.as_deref());
                cells.insert(1, label);
                self.out.line(&cells)?;
            }
            Content::Gap(missed) => self.out.line(&[label, gap_cell(*missed)])?,
        }
        Ok(())
    }
}
