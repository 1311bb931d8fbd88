//! The rows in sight as elements that are used again and again: made once, filled when another event takes their place.
//! By hand and not by the framework, since forty rows are filled sixty times a second. A row holds text nodes alone:
//! whatever an event says, it is never markup.

use std::borrow::Cow;

use mirrord_filter::Field;
use mirrord_wire::{Direction, Outcome};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Text};

use super::kind_labels::one;
use super::search_marks::Marked;
use crate::codec::line::{Event, Line};
use crate::format::number::{bytes, grouped};
use crate::format::text::shown;
use crate::format::time::{clock, since};
use crate::i18n::{Key, count, lasted, span, t, with, with_two};
use crate::state::kind::Kind;
use crate::state::log::{ENDED, Entry, Fold, Missed, STARTED};
use crate::state::routing::Routing;

/// The characters that a rule or a process name shows at most.
const ASIDE_CHARS: usize = 60;
/// The fewest characters that a row's text is shortened to, however narrow the window.
const LEAST_CHARS: usize = 24;

/// Shortest leading part of a row whose main part is long, characters.
const LEAST_LEAD_CHARS: usize = 10;

/// A piece of text in a row, with what it says, so that what stays the same is not set again.
struct Cell {
    element: Element,
    node: Text,
    says: String,
    class: String,
}

impl Cell {
    /// Makes the cell as an element's only child.
    fn new(document: &Document, row: &Element, tag: &str, class: &str) -> Option<Self> {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        let node = document.create_text_node("");
        element.append_child(&node).ok()?;
        row.append_child(&element).ok()?;
        Some(Self {
            element,
            node,
            says: String::new(),
            class: String::new(),
        })
    }

    /// Gives the cell its classes. Its own and not the row's: a class of the row has the browser look at all that is in
    /// it.
    fn dress(&mut self, class: &str) {
        if self.class != class {
            self.element.set_class_name(class);
            class.clone_into(&mut self.class);
        }
    }

    fn piece(&self) -> (&Text, &str) {
        (&self.node, &self.says)
    }

    /// The text alone, for marks of these fields.
    fn marked(&self, fields: &'static [Field]) -> Marked<'_> {
        Marked {
            fields,
            pieces: [self.piece(), (&self.node, "")],
        }
    }

    fn say(&mut self, text: &str) {
        if self.says != text {
            self.node.set_data(text);
            text.clone_into(&mut self.says);
        }
    }
}

/// State of a row besides its event.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Look {
    pub(crate) position: u64,
    pub(crate) selected: bool,
    /// Width of the text column, characters.
    pub(crate) chars: usize,
    /// Format of its time.
    pub(crate) clock: Clock,
    /// Marks that what was done is a column of its own.
    pub(crate) has_operation: bool,
    /// The run of repeats that it begins.
    pub(crate) fold: Option<Fold>,
    /// Number of changes of the sessions' names in the log.
    pub(crate) labelled: u32,
}

/// Format of an event's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// As the time of day, in the browser's own zone.
    OfDay,
    /// As it lies behind this time, microseconds since the Unix epoch.
    Since(u64),
    /// As it lies before this time.
    Before(u64),
    /// As it lies behind the row before, which each row has for itself.
    Steps,
    /// As it lies behind this time, which is that of the row before.
    Step(u64),
}

impl Clock {
    pub(crate) fn format(self, ts: u64, zone_minutes: i32) -> String {
        match self {
            Self::OfDay | Self::Steps => clock(ts, zone_minutes),
            Self::Step(before) if ts < before => ["−", &span(before - ts)].concat(),
            Self::Step(before) => ["+", &span(ts - before)].concat(),
            Self::Since(start) => since(ts, start),
            Self::Before(now) => with(Key::EndedAgo, &lasted(now.saturating_sub(ts))),
        }
    }
}

/// One row's elements.
pub(crate) struct RowElements {
    pub(crate) row: HtmlElement,
    time: Cell,
    kind: Cell,
    /// The session, where there are several.
    session: Cell,
    process: Cell,
    pid: Cell,
    operation: Cell,
    lead: Cell,
    main: Cell,
    tail: Cell,
    fold: Cell,
    outcome: Cell,
    routing: Cell,
    rule: Cell,
    class: &'static str,
    look: Option<Look>,
}

impl RowElements {
    /// Makes a row, hidden and empty.
    pub(crate) fn new(document: &Document, number: usize) -> Option<Self> {
        let row: HtmlElement = document.create_element("div").ok()?.dyn_into().ok()?;
        row.set_id(&row_id(number));
        row.set_hidden(true);
        row.set_attribute("role", "option").ok()?;
        let time = Cell::new(document, &row, "span", "time")?;
        let kind = Cell::new(document, &row, "span", "kind")?;
        let session = Cell::new(document, &row, "bdi", "of")?;
        let process = Cell::new(document, &row, "span", "process")?;
        let pid = Cell::new(document, &row, "span", "pid")?;
        let operation = Cell::new(document, &row, "span", "op")?;
        let text = document.create_element("bdi").ok()?;
        text.set_class_name("text");
        row.append_child(&text).ok()?;
        let lead = Cell::new(document, &text, "span", "lead")?;
        let main = Cell::new(document, &text, "b", "main")?;
        let tail = Cell::new(document, &text, "span", "tail")?;
        let fold = Cell::new(document, &text, "span", "fold")?;
        let outcome = Cell::new(document, &row, "span", "outcome")?;
        let route = document.create_element("span").ok()?;
        route.set_class_name("route");
        row.append_child(&route).ok()?;
        let routing = Cell::new(document, &route, "span", "routing")?;
        let rule = Cell::new(document, &route, "span", "rule")?;
        Some(Self {
            row,
            time,
            kind,
            session,
            process,
            pid,
            operation,
            lead,
            main,
            tail,
            fold,
            outcome,
            routing,
            rule,
            class: "",
            look: None,
        })
    }

    /// Width of the text column in characters, measured with a sample that is shorter than the column.
    pub(crate) fn room(&mut self, sample: String) -> Option<usize> {
        let count = sample.len() as f64;
        self.tail.say(&sample);
        let column = self.tail.element.parent_element()?.client_width();
        let width = self.tail.element.get_bounding_client_rect().width();
        // One less: what is measured in fractions of pixels is laid out in whole ones.
        (width > 0.0).then(|| ((f64::from(column) * count / width) as usize).saturating_sub(1))
    }

    /// Texts that a search is marked in.
    pub(crate) fn searched(&self) -> [Marked<'_>; 5] {
        [
            Marked {
                fields: &[Field::Path, Field::Host, Field::Address, Field::Name],
                pieces: [self.lead.piece(), self.main.piece()],
            },
            self.tail.marked(&[Field::Op]),
            self.operation.marked(&[Field::Op]),
            self.pid.marked(&[]),
            self.process.marked(&[Field::Process]),
        ]
    }

    /// Shows nothing.
    pub(crate) fn hide(&mut self) {
        if self.look.take().is_some() {
            self.row.set_hidden(true);
            drop(self.row.remove_attribute("data-testid"));
        }
    }

    /// Shows an event; does nothing where it is shown already.
    pub(crate) fn show(
        &mut self,
        entry: Entry<'_>,
        look: Look,
        process: Option<&str>,
        session: Option<&str>,
        zone_minutes: i32,
    ) {
        let before = self.look.replace(look);
        if before == Some(look) {
            return;
        }
        if before.is_none() {
            self.row.set_hidden(false);
            drop(self.row.set_attribute("data-testid", "log-row"));
        }
        if before.is_none_or(|before| before.selected != look.selected) {
            drop(
                self.row
                    .set_attribute("aria-selected", if look.selected { "true" } else { "false" }),
            );
        }
        if before.is_none_or(|before| {
            Look {
                selected: look.selected,
                ..before
            } != look
        }) {
            match entry.missed() {
                Some((missed, why)) => self.fill_missed(missed, why, session),
                None => self.fill(entry, look, process, zone_minutes),
            }
            if let Some(session) = session {
                self.session.dress(&["of s-", &entry.source().to_string()].concat());
                self.session.say(session);
            }
        }
    }

    fn fill(&mut self, entry: Entry<'_>, look: Look, process: Option<&str>, zone_minutes: i32) {
        let Some(kind) = entry.kind() else { return };
        let routing = entry.routing();
        self.set_class("row");
        drop(self.row.set_attribute("data-seq", &entry.seq().to_string()));
        self.time.say(&look.clock.format(entry.ts(), zone_minutes));
        self.kind.say(one(kind));
        self.kind.dress(&["kind k-", kind.slug()].concat());
        self.process.say(&process_word(entry.pid(), process));
        self.pid
            .say(&entry.pid().map(|pid| pid.to_string()).unwrap_or_default());
        self.operation.say(operation_word(entry));
        let fold = look.fold.map(|fold| fold_word(&fold)).unwrap_or_default();
        self.fill_text(entry, kind, look.has_operation, look.chars.saturating_sub(fold.len()));
        self.fold.say(&fold);
        let (word, class) = result(entry);
        self.outcome.say(&word);
        self.outcome.dress(class);
        self.routing.say(&routing.map(routing_word).unwrap_or_default());
        self.routing
            .dress(&["routing", routing.map_or("", routing_class)].concat());
        self.rule
            .say(&entry.rule().map(|rule| shown(rule, ASIDE_CHARS)).unwrap_or_default());
    }

    fn fill_text(&mut self, entry: Entry<'_>, kind: Kind, has_operation: bool, chars: usize) {
        let (pid, traffic);
        let text = match (kind, entry.main()) {
            (Kind::Process, ENDED) if entry.lead().is_empty() => {
                pid = entry.pid().map(|pid| pid.to_string()).unwrap_or_default();
                let word = if has_operation { pid.as_str() } else { t(Key::RowEnded) };
                ["", word, if has_operation { "" } else { entry.tail() }]
            }
            (Kind::Process, main) if entry.lead() == STARTED => ["", main, ""],
            (Kind::Update, main) => {
                traffic = update(entry);
                [traffic.0, main, &traffic.1]
            }
            (Kind::File | Kind::Connect, main) if has_operation => [entry.lead(), main, ""],
            (Kind::Request, main) if has_operation => ["", main, entry.tail()],
            (_, main) => [entry.lead(), main, entry.tail()],
        };
        // "started" is the page's word, and not the machine's.
        let own_lead = if kind == Kind::Process && !has_operation && entry.lead() == STARTED {
            [t(Key::RowStarted), " "].concat()
        } else {
            text[0].to_owned()
        };
        let (lead, main, tail) = fit(&own_lead, text[1], text[2], chars);
        self.lead.say(&lead);
        self.main.say(&main);
        self.tail.say(&tail);
    }

    fn fill_missed(&mut self, missed: u64, why: Missed, session: Option<&str>) {
        let key = match why {
            Missed::Lost => Key::MissedLost,
            Missed::Older => Key::MissedOlder,
        };
        self.set_class(if why == Missed::Lost {
            "row missed lost"
        } else {
            "row missed"
        });
        drop(self.row.remove_attribute("data-seq"));
        let says = count(key, missed);
        let says = match session {
            Some(session) => with_two(Key::OfSession, session, &says),
            None => says,
        };
        self.main.say(&says);
        let others = [
            &mut self.time,
            &mut self.kind,
            &mut self.process,
            &mut self.lead,
            &mut self.tail,
        ];
        others
            .into_iter()
            .chain([&mut self.routing, &mut self.rule, &mut self.pid, &mut self.operation])
            .chain([&mut self.fold, &mut self.outcome])
            .for_each(|cell| cell.say(""));
    }

    fn set_class(&mut self, class: &'static str) {
        if self.class != class {
            self.row.set_class_name(class);
            self.class = class;
        }
    }
}

/// Id of a row's element, for `aria-activedescendant`.
pub(crate) fn row_id(number: usize) -> String {
    let mut id = String::from("row-");
    id.push_str(&number.to_string());
    id
}

/// Word for what was done: the machine's, or the page's where the machine has none.
pub(crate) fn operation_word(entry: Entry<'_>) -> &str {
    match entry.kind() {
        Some(Kind::Dns) => t(Key::OperationLookup),
        Some(Kind::Process) if entry.lead() == STARTED => t(Key::RowStarted),
        Some(Kind::Process) => t(Key::RowEnded),
        _ => entry.operation(),
    }
}

/// Number of repeats, and the time that they took.
fn fold_word(fold: &Fold) -> String {
    [" ", &with_two(Key::Repeats, &grouped(fold.count), &span(fold.length()))].concat()
}

/// Arrow of a connection that came in, and what went over it.
fn update(entry: Entry<'_>) -> (&'static str, String) {
    let json = entry.json().unwrap_or_default();
    match Line::read(&json).map(|line| line.event) {
        Some(Event::Update(update)) => {
            let arrow = if update.direction == Direction::In { "← " } else { "" };
            (arrow, [" ", &traffic(&update)].concat())
        }
        _ => ("", String::new()),
    }
}

/// State of a connection, what went over it and how long it has lasted, as far as each is known.
pub(crate) fn traffic(update: &mirrord_wire::ConnectionUpdate) -> String {
    let known = [
        Some(update.state.clone().into_owned()),
        update.bytes_in.map(|number| with(Key::BytesIn, &bytes(number))),
        update.bytes_out.map(|number| with(Key::BytesOut, &bytes(number))),
        update.duration_us.map(span),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Word for what came of an event, and its style: red is what failed, orange what has no answer yet. What is looked for in vain
/// where nothing need be has no colour.
fn result(entry: Entry<'_>) -> (Cow<'static, str>, &'static str) {
    match (entry.outcome(), entry.exit()) {
        (Some(outcome), _) if entry.is_expected() => (outcome_word(outcome).into(), "outcome"),
        (Some(outcome), _) => (outcome_word(outcome).into(), outcome_class(outcome)),
        (None, Some(exit)) => (
            exit_word(exit).into(),
            if exit == "0" { "outcome" } else { "outcome bad" },
        ),
        (None, None) => ("".into(), "outcome"),
    }
}

/// Word for an exit code, or for the signal that ended a process.
pub(crate) fn exit_word(exit: &str) -> String {
    if exit.starts_with(|first: char| first.is_ascii_alphabetic()) {
        shown(exit, ASIDE_CHARS)
    } else {
        with(Key::ExitCode, exit)
    }
}

/// Word for an outcome.
pub(crate) fn outcome_word(outcome: Outcome) -> &'static str {
    t(match outcome {
        Outcome::Ok => Key::OutcomeOk,
        Outcome::NotFound => Key::NotFound,
        Outcome::Denied => Key::OutcomeDenied,
        Outcome::Connected => Key::OutcomeConnected,
        Outcome::Failed => Key::OutcomeFailed,
        Outcome::Pending => Key::OutcomePending,
    })
}

/// Style of an outcome.
pub(crate) fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "outcome",
        Outcome::NotFound | Outcome::Denied | Outcome::Failed => "outcome bad",
        Outcome::Connected => "outcome good",
        Outcome::Pending => "outcome waits",
    }
}

/// A process's name, or its number where the name is not known.
pub(crate) fn process_word(pid: Option<u32>, name: Option<&str>) -> String {
    match (pid, name) {
        (_, Some(name)) if !name.is_empty() => shown(name, ASIDE_CHARS),
        (Some(pid), _) => pid.to_string(),
        (None, _) => String::new(),
    }
}

/// Word for an event's routing, with an arrow for those that left this machine, or for the reason why there is none.
pub(crate) fn routing_word(routing: Routing) -> String {
    let key = match routing {
        Routing::Remote => return ["→ ", t(Key::Remote)].concat(),
        Routing::Local => Key::Local,
        Routing::NotFound => Key::NotFound,
        Routing::Mock => Key::RoutingMock,
        Routing::Error => Key::RoutingError,
        Routing::Depends => Key::Depends,
        Routing::Static => Key::UnhookedStatic,
        Routing::Loader => Key::UnhookedLoader,
    };
    t(key).to_owned()
}

pub(crate) fn routing_class(routing: Routing) -> &'static str {
    routing.class()
}

/// Shortens a row's text to the room there is. What steps back gives way first: the folder before the name.
pub(crate) fn fit(lead: &str, main: &str, tail: &str, chars: usize) -> (String, String, String) {
    let chars = chars.max(LEAST_CHARS);
    // Bytes are never fewer than characters: what fits by bytes needs no counting, and most rows fit.
    if lead.len() + main.len() + tail.len() <= chars {
        return (shown(lead, chars), shown(main, chars), shown(tail, chars));
    }
    let tail = shown(tail, chars / 3);
    let room = chars.saturating_sub(tail.chars().count());
    let main = shown(
        main,
        room.saturating_sub(lead.len().min(LEAST_LEAD_CHARS) + 1)
            .max(LEAST_CHARS / 2),
    );
    let room = room.saturating_sub(main.chars().count() + 1);
    let lead = if lead.is_empty() {
        String::new()
    } else {
        shown(lead, room)
    };
    (lead, main, tail)
}
