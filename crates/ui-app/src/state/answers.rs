//! Answers of a session in words: what is worth a look, files by the name that was looked for, destinations, ports and
//! processes that died. Made from a [`Summary`] and the sockets, a few times a second at most; each list has a bound.

use mirrord_wire::session::summary::{Destination, Died, Finding, FindingKind, Host, Moment, Place, Search, Verdict};
use mirrord_wire::session::{BIND_FAILED, Listener};
use mirrord_wire::{Direction, Exit, Outcome};

use super::aggregates::Aggregates;
use crate::format::number::{bytes, grouped};
use crate::format::text::shown;
use crate::i18n::{Key, count, lasted, t, with};

/// The most rows of a list.
const MAX_ROWS: usize = 12;
/// The characters of a text that are shown.
const MAX_CHARS: usize = 300;

/// Text of a cell with its style, and what steps back behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The text.
    pub main: String,
    /// What steps back.
    pub tail: String,
    /// `machine`, `lost`, `warned` or none.
    pub class: &'static str,
}

/// Row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Key among the rows of its list.
    pub key: String,
    /// The cells.
    pub cells: Vec<Text>,
    /// The cell that links to its rows.
    pub link: usize,
    /// Filter that shows its rows.
    pub query: String,
}

/// Finding as a sentence around its subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence {
    /// Key among the findings.
    pub key: String,
    /// It failed; otherwise it deserves a look.
    pub is_failure: bool,
    /// The sentence before its subject.
    pub before: String,
    /// The subject, as a machine wrote it.
    pub subject: String,
    /// The sentence behind it.
    pub after: String,
    /// Numbers that it rests on.
    pub evidence: String,
    /// Filter that shows its rows.
    pub query: String,
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Findings, the gravest first.
    pub found: Vec<Sentence>,
    /// Places of files, by the name that was looked for.
    pub files: Vec<Answer>,
    /// Destinations, and names that nothing followed.
    pub network: Vec<Answer>,
    /// Ports.
    pub ports: Vec<Answer>,
    /// Processes that died.
    pub died: Vec<Answer>,
}

impl Text {
    fn new(main: impl Into<String>) -> Self {
        Self {
            main: shown(&main.into(), MAX_CHARS),
            ..Self::default()
        }
    }

    fn machine(main: &str) -> Self {
        Self {
            class: "machine",
            ..Self::new(main)
        }
    }
}

/// Time of an event as the reader prefers it.
pub type Clock<'a> = &'a dyn Fn(u64) -> String;

/// Makes the answers of a session whose folder is `cwd`.
#[must_use]
pub fn answers(aggregates: &Aggregates, cwd: Option<&str>, now: Moment, clock: Clock<'_>) -> Answers {
    let summary = &aggregates.summary;
    Answers {
        found: (summary.findings(now).into_iter().take(MAX_ROWS))
            .map(|found| sentence(aggregates, found, now))
            .collect(),
        files: files(aggregates, cwd),
        network: network(aggregates, now),
        ports: ports(aggregates, clock),
        died: summary.died().iter().rev().take(MAX_ROWS).map(died).collect(),
    }
}

fn sentence(aggregates: &Aggregates, found: Finding, now: Moment) -> Sentence {
    let key = match found.kind {
        FindingKind::Died => Key::FoundDied,
        FindingKind::BindFailed => Key::FoundBindFailed,
        FindingKind::ConnectFailed => Key::FoundRefused,
        FindingKind::NothingFollowed => Key::FoundNotFollowed,
        FindingKind::NoAnswer => Key::FoundNoAnswer,
        FindingKind::KeepsFailing | FindingKind::Often => Key::FoundAgain,
        FindingKind::Denied => Key::FoundDenied,
        FindingKind::FoundNowhere => Key::FoundNowhere,
        FindingKind::Unreached => Key::FoundUnreached,
    };
    let is_failure = !matches!(
        found.kind,
        FindingKind::NoAnswer | FindingKind::Unreached | FindingKind::Often
    );
    let signal = found.signal.as_deref().unwrap_or_default();
    let (before, after) = t(key).split_once("{0}").unwrap_or((t(key), ""));
    Sentence {
        key: format!("{:?} {} {}", found.kind, found.subject, found.pid.unwrap_or_default()),
        is_failure,
        before: before.replace("{1}", signal),
        subject: shown(&found.subject, MAX_CHARS),
        after: after.replace("{1}", signal),
        evidence: evidence(aggregates, &found, now),
        query: found.query,
    }
}

/// Numbers that a finding rests on: how often, in how long, in how many places, and what is known beside it.
fn evidence(aggregates: &Aggregates, found: &Finding, now: Moment) -> String {
    let last_ts = match found.kind {
        FindingKind::NoAnswer => now.latest,
        _ => found.last_ts,
    };
    let took = last_ts.saturating_sub(found.first_ts);
    let host = || {
        let all = aggregates.summary.destinations();
        all.into_iter().find(|own| own.name == found.subject)?.host
    };
    let listener = || {
        let port: u16 = found.subject.parse().ok()?;
        let own = aggregates
            .sockets
            .listeners
            .items
            .iter()
            .rev()
            .find(|own| own.port == port)?;
        remark(own)
    };
    let parts = [
        (found.kind == FindingKind::ConnectFailed).then(host).flatten(),
        (found.count > 1).then(|| [&grouped(found.count), " ×"].concat()),
        (found.places > 1).then(|| count(Key::PlacesCount, found.places as u64)),
        (took >= 1_000_000).then(|| lasted(took)),
        (found.kind == FindingKind::Unreached).then(listener).flatten(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn files(aggregates: &Aggregates, cwd: Option<&str>) -> Vec<Answer> {
    let searches = aggregates.summary.searches().unwrap_or_default();
    let mut rows = Vec::new();
    for search in searches {
        let is_failed = aggregates.summary.verdict(search) == Verdict::Failed;
        let places = search.places.iter().enumerate();
        rows.extend(places.map(|(at, place)| place_row(search, at, place, is_failed, cwd)));
        if rows.len() >= MAX_ROWS {
            break;
        }
    }
    rows.truncate(MAX_ROWS);
    rows
}

fn place_row(search: &Search, at: usize, place: &Place, is_failed: bool, cwd: Option<&str>) -> Answer {
    let (folder, name) = place.path.rsplit_once('/').unwrap_or(("", &place.path));
    let is_alternative = name != search.name;
    let where_to = match folder_from(folder, cwd) {
        folder if is_alternative => [&folder, name].concat(),
        folder => folder,
    };
    let first = if at == 0 { search.name.as_str() } else { "" };
    Answer {
        key: [&search.name, "\n", &place.path].concat(),
        cells: vec![
            Text::machine(first),
            Text::machine(&where_to),
            place_outcome(place, is_failed),
            Text::new(grouped(place.found + place.not_found + place.denied + place.written)),
        ],
        link: 1,
        query: format!("path:={}", quoted(&place.path)),
    }
}

/// A folder with its slash, from the session's own where it is below that.
fn folder_from(folder: &str, cwd: Option<&str>) -> String {
    let below = cwd.and_then(|cwd| folder.strip_prefix(cwd));
    match below {
        Some("") => "./".to_owned(),
        Some(rest) if rest.starts_with('/') => [".", rest, "/"].concat(),
        _ => [folder, "/"].concat(),
    }
}

/// Outcome of a place: what a search found later elsewhere is no failure.
fn place_outcome(place: &Place, is_failed: bool) -> Text {
    let (key, class) = match place.outcome {
        Some(Outcome::Denied) => (Key::AnswerDenied, "lost"),
        _ if place.written > 0 => (Key::AnswerWritten, ""),
        Some(Outcome::NotFound) => (Key::NotFound, if is_failed { "lost" } else { "absent" }),
        Some(_) => (Key::AnswerFound, ""),
        None => return Text::default(),
    };
    Text {
        class,
        ..Text::new(t(key))
    }
}

fn network(aggregates: &Aggregates, now: Moment) -> Vec<Answer> {
    let all = aggregates.summary.destinations();
    let rank = |own: &Destination| match own.outcome {
        Some(Outcome::Failed) if own.is_failed(&all) => 0,
        Some(Outcome::Pending) => 1,
        _ => 2,
    };
    let mut sorted: Vec<&Destination> = all.iter().collect();
    sorted.sort_by_key(|own| (rank(own), std::cmp::Reverse(own.attempts)));
    let hosts = aggregates.summary.hosts();
    let unfollowed = hosts.iter().filter(|host| host.is_failed(now)).map(host_row);
    let reached = sorted
        .into_iter()
        .map(|own| destination_row(aggregates, own, rank(own) == 0));
    unfollowed.chain(reached).take(MAX_ROWS).collect()
}

fn host_row(host: &Host) -> Answer {
    Answer {
        key: ["\n", &host.name].concat(),
        cells: vec![
            Text::machine(&host.name),
            Text::new("–"),
            Text {
                class: "lost",
                ..Text::new(t(Key::NoConnection))
            },
            Text::new(grouped(host.asked)),
            Text::default(),
        ],
        link: 0,
        query: format!("type:dns host:{}", quoted(&host.name)),
    }
}

fn destination_row(aggregates: &Aggregates, own: &Destination, is_failed: bool) -> Answer {
    let (address, port) = own.name.rsplit_once(':').unwrap_or((&own.name, "0"));
    let is_unix = own.port() == 0;
    let address = address.trim_start_matches('[').trim_end_matches(']');
    let query = if is_unix {
        format!("host:{}", quoted(&own.name))
    } else {
        format!("host:{} port:{port}", quoted(address))
    };
    Answer {
        key: own.name.clone(),
        cells: vec![
            Text::machine(own.host.as_deref().unwrap_or_default()),
            Text::machine(&own.name),
            outcome(own.outcome, is_failed),
            Text::new(grouped(own.attempts)),
            traffic(sent(aggregates, &own.name)),
        ],
        link: 1,
        query,
    }
}

/// Outcome of a connection in words; none where it is not known.
#[must_use]
pub fn outcome(outcome: Option<Outcome>, is_failed: bool) -> Text {
    let (key, class) = match outcome {
        Some(Outcome::Connected) => (Key::AnswerConnected, ""),
        Some(Outcome::Failed) => (Key::AnswerFailed, if is_failed { "lost" } else { "absent" }),
        Some(Outcome::Pending) => (Key::AnswerPending, "warned"),
        Some(Outcome::Denied) => (Key::AnswerDenied, "lost"),
        Some(Outcome::NotFound) => (Key::NotFound, "lost"),
        _ => return Text::default(),
    };
    Text {
        class,
        ..Text::new(t(key))
    }
}

/// Bytes in and out of all connections to a destination, where they are known.
#[must_use]
pub fn sent(aggregates: &Aggregates, destination: &str) -> [Option<u64>; 2] {
    let connections = aggregates.sockets.connections.items.iter();
    let own = connections.filter(|own| own.direction == Direction::Out && own.remote == destination);
    own.fold([None, None], |[bytes_in, bytes_out], own| {
        let add = |sum: Option<u64>, more: Option<u64>| more.map(|more| sum.unwrap_or(0).saturating_add(more)).or(sum);
        [add(bytes_in, own.bytes_in), add(bytes_out, own.bytes_out)]
    })
}

/// Bytes in and out: `1.2 MB / 84 kB`; empty where neither is known.
#[must_use]
pub fn traffic([bytes_in, bytes_out]: [Option<u64>; 2]) -> Text {
    let one = |number: Option<u64>| number.map_or_else(|| "–".to_owned(), bytes);
    if bytes_in.is_none() && bytes_out.is_none() {
        return Text::default();
    }
    Text::new([&one(bytes_in), " / ", &one(bytes_out)].concat())
}

fn ports(aggregates: &Aggregates, clock: Clock<'_>) -> Vec<Answer> {
    let listeners = &aggregates.sockets.listeners.items;
    let open = listeners.iter().filter(|own| own.closed_ts.is_none());
    let mut rows: Vec<Answer> = open
        .map(|own| listener_row(aggregates, own, clock))
        .take(MAX_ROWS)
        .collect();
    // What a session without sockets reports: the port, and the requests that arrived.
    for port in aggregates.summary.ports() {
        if rows.len() < MAX_ROWS && !listeners.iter().any(|own| own.port == port.port) {
            let own = Listener {
                pid: Some(port.pid).filter(|pid| *pid > 0),
                port: port.port,
                arrivals: port.arrivals,
                last_ts: port.last_ts,
                note: (port.failed > 0).then(|| BIND_FAILED.to_owned()),
                ..Listener::default()
            };
            rows.push(listener_row(aggregates, &own, clock));
        }
    }
    rows
}

fn listener_row(aggregates: &Aggregates, own: &Listener, clock: Clock<'_>) -> Answer {
    let is_failed = own.note.as_deref() == Some(BIND_FAILED);
    let last = match (own.last_ts, own.arrivals) {
        (Some(ts), _) => clock(ts),
        (None, Some(0)) => t(Key::Never).to_owned(),
        _ => String::new(),
    };
    let came = Text {
        class: if own.arrivals == Some(0) { "warned" } else { "" },
        ..Text::new(own.arrivals.map(grouped).unwrap_or_default())
    };
    let name = listens_on(own);
    let query = if own.port == 0 {
        format!("host:{}", quoted(&own.address))
    } else {
        format!("port:{}", own.port)
    };
    Answer {
        key: format!("{name} {}", own.pid.unwrap_or_default()),
        cells: vec![
            Text {
                tail: remark(own).unwrap_or_default(),
                class: if is_failed { "lost" } else { "machine" },
                ..Text::new(name)
            },
            Text::machine(&process(aggregates, own.pid)),
            came,
            Text::new(last),
            traffic([own.bytes_in, own.bytes_out]),
        ],
        link: 0,
        query,
    }
}

/// Address of a socket that listens.
#[must_use]
pub fn listens_on(own: &Listener) -> String {
    match own.address.as_str() {
        "" => [":", &own.port.to_string()].concat(),
        address if own.port == 0 => address.to_owned(),
        address if address.contains(':') => ["[", address, "]:", &own.port.to_string()].concat(),
        address => [address, ":", &own.port.to_string()].concat(),
    }
}

/// Remark on a socket that listens, in words.
#[must_use]
pub fn remark(own: &Listener) -> Option<String> {
    let is_loopback = own.address.starts_with("127.") || own.address == "::1";
    let key = match own.note.as_deref() {
        Some(BIND_FAILED) => Key::NotListening,
        Some("other_network" | "not_permitted") => Key::PortNotWatched,
        Some("ipv6_only") => Key::Ipv6Only,
        _ if is_loopback => Key::LoopbackOnly,
        _ => return None,
    };
    Some(t(key).to_owned())
}

/// Name and number of a process.
#[must_use]
pub fn process(aggregates: &Aggregates, pid: Option<u32>) -> String {
    let Some(pid) = pid else { return String::new() };
    let name = aggregates.processes.of(pid).map_or("", |process| &process.name);
    [name, " ", &pid.to_string()].concat().trim_start().to_owned()
}

fn died(own: &Died) -> Answer {
    let ran = own.ended_ts.saturating_sub(own.started_ts);
    let ran = if own.started_ts > 0 && ran >= 1_000_000 {
        with(Key::RanFor, &lasted(ran))
    } else {
        String::new()
    };
    let command = if own.command.is_empty() {
        own.pid.to_string()
    } else {
        own.command.clone()
    };
    Answer {
        key: own.pid.to_string(),
        cells: vec![
            Text::machine(&command),
            Text {
                class: "lost",
                ..Text::new(exit(&own.exit).unwrap_or_default())
            },
            Text::new(ran),
        ],
        link: 0,
        query: format!("pid:{}", own.pid),
    }
}

/// End of a process in words; `None` where it is not known.
#[must_use]
pub fn exit(exit: &Exit) -> Option<String> {
    match (&exit.signal, exit.code) {
        (Some(signal), _) => Some(with(Key::DiedOf, signal)),
        (None, Some(code)) => Some(with(Key::EndedWith, &code.to_string())),
        (None, None) => None,
    }
}

/// A text as a phrase of the filter language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
