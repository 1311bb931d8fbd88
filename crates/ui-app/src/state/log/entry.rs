//! Row of the log: packing of an event into a segment's text, and reading it back.
//!
//! A row's text is what the reader sees, `lead main tail`, and what a search looks at. It contains most events whole;
//! for others the JSON line follows the text. A property test checks that what is packed is read back.

use mirrord_wire::session::destination;
use mirrord_wire::{Direction, Outcome};

use crate::codec::json::{Json, quote};
use crate::codec::line::{Event, Line, arguments, variables};
use crate::format::text::command;
use crate::state::failure;
use crate::state::filter_row::Subject;
use crate::state::kind::Kind;
use crate::state::routing::Routing;

/// The longest text of one row, bytes. What is longer loses its middle, and the row's JSON says how long it was.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// First words of a process's rows, for its start and its end. A page in another language replaces them as it draws.
pub const STARTED: &str = "started ";
/// The row of a process's end.
pub const ENDED: &str = "ended";

/// Why events are missing at a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// They were lost on the way: a reader fell behind.
    Lost,
    /// They are older than what the server keeps, or than what the page asks for.
    Older,
}

/// Kind of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Event(Kind),
    Missed(Missed),
}

/// Fixed part of a row; its text is in the segment.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The event's number; how many are missing, where they are.
    pub(super) seq: u64,
    pub(super) ts: u64,
    pub(super) start: usize,
    pub(super) lead: u32,
    pub(super) main: u32,
    pub(super) tail: u32,
    /// The length of the JSON behind the text; 0 where the text says all.
    pub(super) json: u32,
    pub(super) pid: Option<u32>,
    pub(super) what: What,
    pub(super) outcome: Option<Outcome>,
    pub(super) routing: Option<Routing>,
    /// One more than the place of the rule's name; 0 for none.
    pub(super) rule: u16,
    /// Place of its session in the log.
    pub(super) source: u8,
}

/// A row as it is read.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub(super) row: &'a Row,
    pub(super) text: &'a str,
    pub(super) rule: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// The kind of the event; `None` where events are missing.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self.row.what {
            What::Event(kind) => Some(kind),
            What::Missed(_) => None,
        }
    }

    /// Number of events missing here, and the reason.
    #[must_use]
    pub fn missed(&self) -> Option<(u64, Missed)> {
        match self.row.what {
            What::Event(_) => None,
            What::Missed(why) => Some((self.row.seq, why)),
        }
    }

    /// The event's number.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.row.seq
    }

    /// The place of its session among those of the log.
    #[must_use]
    pub fn source(&self) -> u8 {
        self.row.source
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub fn ts(&self) -> u64 {
        self.row.ts
    }

    /// The process, where it is known.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.row.pid
    }

    /// Result of the operation.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.row.outcome
    }

    /// Exit code or signal, of a process's end where one is known.
    #[must_use]
    pub fn exit(&self) -> Option<&'a str> {
        let is_end = self.kind() == Some(Kind::Process) && self.main() == ENDED && self.row.lead == 0;
        let exit = self.tail().trim_start();
        (is_end && !exit.is_empty()).then_some(exit)
    }

    /// Reports a look-up in vain where nothing need be.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.kind() == Some(Kind::File) && failure::is_expected(self.row.outcome, self.name(), self.tail().trim())
    }

    /// Reports a failure: of a look-up, of a connection, or of a process.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        (failure::is_bad(self.row.outcome, self.row.routing) && !self.is_expected())
            || self.exit().is_some_and(|exit| exit != "0")
    }

    /// Word of the machine for what was done: `open`, `tcp`, `GET`; empty where there is none.
    #[must_use]
    pub fn operation(&self) -> &'a str {
        let word = match self.kind() {
            Some(Kind::Request) => self.lead(),
            Some(Kind::Update) => self.tail().rsplit(' ').next().unwrap_or(""),
            Some(Kind::Listener) => "listen",
            Some(Kind::Port) => self.tail().trim_start().split(' ').next().unwrap_or(""),
            Some(Kind::File | Kind::Connect) => self.tail(),
            _ => "",
        };
        word.trim()
    }

    /// Reports a row that repeats another one: only number and time differ.
    #[must_use]
    pub fn repeats(&self, other: &Self) -> bool {
        let (own, other_row) = (self.row, other.row);
        matches!(own.what, What::Event(_))
            && own.what == other_row.what
            && (own.pid, own.outcome, own.routing) == (other_row.pid, other_row.outcome, other_row.routing)
            && (own.rule, own.source) == (other_row.rule, other_row.source)
            && self.haystack() == other.haystack()
    }

    /// Routing of the event.
    #[must_use]
    pub fn routing(&self) -> Option<Routing> {
        self.row.routing
    }

    /// Fields that a filter reads.
    #[must_use]
    pub fn subject(&self) -> Subject<'a> {
        let is_start = self.kind() == Some(Kind::Process) && self.lead() == STARTED;
        Subject {
            kind: self.kind(),
            source: self.row.source,
            ts: self.row.ts,
            pid: self.row.pid,
            routing: self.row.routing,
            outcome: self.row.outcome,
            is_start,
            name: if is_start { self.main() } else { self.name() },
            tail: self.tail().trim_start(),
            json: &self.text[self.haystack().len()..],
            rule: self.rule,
        }
    }

    /// Subject of the event: `lead main`.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.part(0, self.row.lead + self.row.main)
    }

    /// The rule that decided.
    #[must_use]
    pub fn rule(&self) -> Option<&'a str> {
        self.rule
    }

    /// Muted text before the main part: a path's folder, a request's method.
    #[must_use]
    pub fn lead(&self) -> &'a str {
        self.part(0, self.row.lead)
    }

    /// The main thing.
    #[must_use]
    pub fn main(&self) -> &'a str {
        self.part(self.row.lead, self.row.main)
    }

    /// Muted text behind the main part: an operation, a protocol, a host.
    #[must_use]
    pub fn tail(&self) -> &'a str {
        self.part(self.row.lead + self.row.main, self.row.tail)
    }

    /// All of it: what a search looks at.
    #[must_use]
    pub fn haystack(&self) -> &'a str {
        self.part(0, self.row.lead + self.row.main + self.row.tail)
    }

    fn part(&self, start: u32, length: u32) -> &'a str {
        let start = start as usize;
        self.text.get(start..start + length as usize).unwrap_or("")
    }

    /// Event line as JSON; `None` where events are missing. Where the row's text contains the whole event, it is
    /// composed, with the fields in their usual order.
    #[must_use]
    pub fn json(&self) -> Option<String> {
        let kind = self.kind()?;
        let json = &self.text[self.haystack().len()..];
        if !json.is_empty() {
            return Some(json.to_owned());
        }
        let mut out = String::with_capacity(128 + self.text.len());
        number(&mut out, "{\"seq\":", self.row.seq);
        number(&mut out, ",\"ts\":", self.row.ts);
        self.write_event(&mut out, kind)?;
        if let Some(pid) = self.row.pid {
            number(&mut out, ",\"pid\":", pid.into());
        }
        if let Some(outcome) = self.row.outcome {
            text(&mut out, ",\"outcome\":", outcome.name());
        }
        // A row without a routing, but with the reason, has its JSON.
        if let Some(routing) = self.row.routing {
            text(&mut out, ",\"routing\":", routing.word());
        }
        if let Some(rule) = self.rule {
            text(&mut out, ",\"rule\":", rule);
        }
        out.push('}');
        Some(out)
    }

    /// The event of a row that has no JSON of its own.
    fn write_event(&self, out: &mut String, kind: Kind) -> Option<()> {
        match kind {
            Kind::File => {
                let path = self.part(0, self.row.lead + self.row.main);
                text(out, ",\"type\":\"FileOp\",\"path\":", path);
                text(out, ",\"operation\":", self.tail().strip_prefix(' ')?);
            }
            Kind::Dns => text(out, ",\"type\":\"DnsQuery\",\"host\":", self.main()),
            Kind::Connect => {
                let (address, port) = self.main().rsplit_once(':')?;
                text(out, ",\"type\":\"OutgoingConnection\",\"address\":", address);
                out.push_str(",\"port\":");
                out.push_str(port);
                if let Some(protocol) = self.tail().strip_prefix(' ') {
                    text(out, ",\"protocol\":", protocol);
                }
            }
            Kind::Process => out.push_str(",\"type\":\"LayerDisconnected\""),
            Kind::Port | Kind::Request | Kind::Env | Kind::Other | Kind::Update | Kind::Listener => return None,
        }
        Some(())
    }
}

fn number(out: &mut String, before: &str, number: u64) {
    out.push_str(before);
    out.push_str(&number.to_string());
}

fn text(out: &mut String, before: &str, text: &str) {
    out.push_str(before);
    quote(out, text);
}

/// The lengths of a row's parts, once they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) lead: u32,
    pub(super) main: u32,
    pub(super) tail: u32,
    pub(super) json: u32,
}

/// Writes a row's text. `whole`: the row's other columns contain the rest (unless a rule has no place among the names);
/// otherwise, and wherever the text is not the whole event, the line follows as received.
pub(super) fn write(out: &mut String, line: &Line<'_>, whole: bool) -> Parts {
    let start = out.len();
    let (lead, main) = write_text(out, line);
    let tail = out.len() - start - lead - main;
    let too_long = out.len() - start > MAX_TEXT_BYTES;
    let (lead, main, tail) = if too_long { cut(out, start) } else { (lead, main, tail) };
    let text_end = out.len();
    if too_long || line.text.len() > MAX_TEXT_BYTES {
        write_cut_json(out, line);
    } else if !(whole && line.is_plain && is_whole(&line.event)) {
        out.push_str(line.text);
    }
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    Parts {
        lead: length(lead),
        main: length(main),
        tail: length(tail),
        json: length(out.len() - text_end),
    }
}

/// Reports a plain event that text and columns contain whole.
fn is_whole(event: &Event<'_>) -> bool {
    match event {
        Event::File { path, .. } => path.is_some(),
        Event::Dns { .. } => true,
        Event::Ended { exit, .. } => exit.is_unknown(),
        Event::Connect { address, protocol, .. } => {
            !address.contains(':') && !is_unix(address) && protocol.as_deref() != Some("")
        }
        _ => false,
    }
}

fn is_unix(address: &str) -> bool {
    address.starts_with("<UNIX-PATH>")
}

/// Writes `lead main tail`; the lengths of the first two.
fn write_text(out: &mut String, line: &Line<'_>) -> (usize, usize) {
    let start = out.len();
    match &line.event {
        Event::File { path, operation } => {
            let path = path.as_deref().unwrap_or("");
            let folder = path.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
            out.push_str(path);
            out.push(' ');
            out.push_str(operation);
            (folder, path.len() - folder)
        }
        Event::Dns { host } => main_and_tail(out, host, &[]),
        Event::Connect {
            address,
            port,
            protocol,
        } => {
            let destination = destination(address, *port);
            let shown = destination.strip_prefix("<UNIX-PATH> ").unwrap_or(&destination);
            main_and_tail(out, shown, &[protocol.as_deref().unwrap_or("")])
        }
        Event::Port {
            port,
            mode,
            filter,
            address,
        } => {
            let tail = [mode, address.as_deref().unwrap_or(""), filter.as_deref().unwrap_or("")];
            main_and_tail(out, &port.to_string(), &tail)
        }
        Event::Env { vars } => {
            let mut separator = "";
            // It has been read once already, whole.
            let _ = variables(*vars, &mut |name, _| {
                out.push_str(separator);
                out.push_str(&name);
                separator = ", ";
            });
            (0, out.len() - start)
        }
        Event::Started {
            process_name, cmdline, ..
        } => {
            out.push_str(STARTED);
            let arguments = arguments(*cmdline);
            match process_name {
                Some(name) if arguments.is_empty() => out.push_str(name),
                _ => out.push_str(&command(&arguments)),
            }
            (STARTED.len(), out.len() - start - STARTED.len())
        }
        Event::Ended { exit, .. } => {
            let code = exit.code.map(|code| code.to_string()).unwrap_or_default();
            main_and_tail(out, ENDED, &[&code, exit.signal.as_deref().unwrap_or("")])
        }
        Event::Update(update) => {
            let (arrow, state) = (
                if update.direction == Direction::In {
                    "←"
                } else {
                    "→"
                },
                &update.state,
            );
            main_and_tail(out, &update.remote, &[arrow, &update.local, state, &update.protocol])
        }
        Event::Listener(update) => {
            let address = match (update.port, &*update.address) {
                (0, address) => address.to_owned(),
                (port, address) => destination(address, port),
            };
            let arrivals = update.arrivals.map(|count| format!("← {count}")).unwrap_or_default();
            main_and_tail(out, &address, &[&arrivals, update.note.as_deref().unwrap_or("")])
        }
        Event::Request { method, path, host } => {
            out.push_str(method);
            out.push(' ');
            let lead = out.len() - start;
            let (_, main) = main_and_tail(out, path, &[host]);
            (lead, main)
        }
        Event::Unknown => {
            out.push_str(&line.kind);
            let _ = Json::new(line.text).object(&mut |name, json| {
                let value = json.skip()?;
                if !matches!(name, "seq" | "ts" | "type") {
                    out.push(' ');
                    out.push_str(name);
                    out.push('=');
                    out.push_str(value.text);
                }
                Some(())
            });
            (0, line.kind.len())
        }
    }
}

fn main_and_tail(out: &mut String, main: &str, tail: &[&str]) -> (usize, usize) {
    out.push_str(main);
    for part in tail.iter().filter(|part| !part.is_empty()) {
        out.push(' ');
        out.push_str(part);
    }
    (0, main.len())
}

/// Shortens the text from `start` on to its two ends, and makes all of it the main part.
fn cut(out: &mut String, start: usize) -> (usize, usize, usize) {
    let half = MAX_TEXT_BYTES / 2 - 8;
    let head_end = out.floor_char_boundary(start + half);
    let tail_start = out.ceil_char_boundary(out.len() - half);
    out.replace_range(head_end..tail_start, "…");
    (0, out.len() - start, 0)
}

/// JSON in place of an event that was too long to keep: its frame and its length.
fn write_cut_json(out: &mut String, line: &Line<'_>) {
    number(out, "{\"seq\":", line.seq);
    number(out, ",\"ts\":", line.ts);
    number(out, ",\"type\":\"Shortened\",\"bytes\":", line.text.len() as u64);
    out.push('}');
}
