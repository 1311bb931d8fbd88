//! Answers of a session in words: what is worth a look, files by the name that was looked for, destinations, ports and
//! processes that died. Made from the server's judgement and the sockets, as either changes; each list has a bound.

mod died;

use mirrord_wire::Direction;
use mirrord_wire::session::{BIND_FAILED, Listener};
use serde_json::Value;

use super::aggregates::Aggregates;
use super::judgement::{Judgement, list, maybe, number, text};
use super::listeners::{held_by, listens_on, remark};
use super::sorting::sort_by_key;
use crate::format::number::{bytes, grouped};
use crate::format::text::{brief_line, shown};
use crate::format::time::MICROS as SECOND;
use crate::i18n::{Key, count, lasted, t, with};

/// The most findings: as many as the server sends.
const MAX_FOUND: usize = 50;
/// The most rows of a list.
const MAX_ROWS: usize = 12;
/// Time after the last arrival at a port from which it is said, microseconds.
const IDLE_AFTER: u64 = 60 * SECOND;
/// The characters of a text that are shown.
const MAX_CHARS: usize = 300;

/// Text of a cell with its style, and muted text behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The text.
    pub main: String,
    /// Muted text behind it.
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
    /// Findings that the server left out.
    pub found_more: u64,
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

/// Makes the answers of a session whose folder is `cwd`, as of `now`.
#[must_use]
pub fn answers(
    judgement: &Judgement,
    aggregates: &Aggregates,
    cwd: Option<&str>,
    now: u64,
    clock: Clock<'_>,
) -> Answers {
    let found = judgement.list("worth_a_look").iter().take(MAX_FOUND);
    Answers {
        found_more: judgement.count("worth_a_look_more"),
        found: found.map(|found| sentence(judgement, aggregates, found, now)).collect(),
        files: files(judgement, cwd),
        network: network(judgement, aggregates),
        ports: ports(judgement, aggregates, now, clock),
        died: died::rows(judgement),
    }
}

/// The sentence of a kind of finding, and whether it is a failure.
fn kind(word: &str) -> (Key, bool) {
    match word {
        "died" => (Key::FoundDied, true),
        "bind_failed" => (Key::FoundBindFailed, true),
        "connect_failed" => (Key::FoundRefused, true),
        "nothing_followed" => (Key::FoundNotFollowed, true),
        "no_answer" => (Key::FoundNoAnswer, false),
        "keeps_failing" => (Key::FoundAgain, true),
        "often" => (Key::FoundAgain, false),
        "denied" => (Key::FoundDenied, true),
        "unreached" => (Key::FoundUnreached, false),
        _ => (Key::FoundNowhere, true),
    }
}

fn sentence(judgement: &Judgement, aggregates: &Aggregates, found: &Value, now: u64) -> Sentence {
    let (word, subject) = (text(found, "kind"), text(found, "subject"));
    let (key, is_failure) = kind(word);
    let signal = text(found, "signal");
    let (before, after) = t(key).split_once("{0}").unwrap_or((t(key), ""));
    Sentence {
        key: [word, " ", subject, " ", signal, " ", &number(found, "pid").to_string()].concat(),
        is_failure,
        before: before.replace("{1}", signal),
        subject: match word {
            "died" => shown(&brief_line(subject), MAX_CHARS),
            _ => shown(subject, MAX_CHARS),
        },
        after: after.replace("{1}", signal),
        evidence: evidence(judgement, aggregates, found, now),
        query: text(found, "query").to_owned(),
    }
}

/// Numbers that a finding rests on: how often, in how long, in how many places, and what is known beside it.
fn evidence(judgement: &Judgement, aggregates: &Aggregates, found: &Value, now: u64) -> String {
    let (word, subject) = (text(found, "kind"), text(found, "subject"));
    let (times, places) = (number(found, "count"), number(found, "places"));
    let last_ts = if word == "no_answer" {
        now
    } else {
        number(found, "last_ts")
    };
    let took = last_ts.saturating_sub(number(found, "first_ts"));
    let host = || {
        let mut all = judgement.list("destinations").iter();
        let host = text(all.find(|own| text(own, "name") == subject)?, "host");
        (!host.is_empty()).then(|| host.to_owned())
    };
    let listener = |says: fn(&Listener) -> Option<String>| {
        let mut all = aggregates.sockets.listeners.items.iter().rev();
        says(all.find(|own| own.port.to_string() == subject)?)
    };
    let parts = [
        (word == "connect_failed").then(host).flatten(),
        (times > 1).then(|| [&grouped(times), " ×"].concat()),
        (places > 1).then(|| count(Key::PlacesCount, places)),
        (took >= SECOND).then(|| lasted(took)),
        (word == "unreached").then(|| listener(remark)).flatten(),
        (word == "bind_failed").then(|| listener(held_by)).flatten(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn files(judgement: &Judgement, cwd: Option<&str>) -> Vec<Answer> {
    let searches = judgement.list("searches").iter();
    let is_shown = |search: &&Value| text(search, "verdict") != "folded";
    let places = searches.filter(is_shown).flat_map(|search| {
        let places = list(search, "places").iter().enumerate();
        places.map(move |(at, place)| place_row(search, at == 0, place, cwd))
    });
    places.take(MAX_ROWS).collect()
}

fn place_row(search: &Value, is_first: bool, place: &Value, cwd: Option<&str>) -> Answer {
    let (path, wanted) = (text(place, "path"), text(search, "name"));
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folder_from(folder, cwd);
    let place_name = if name == wanted {
        folder
    } else {
        [&folder, name].concat()
    };
    let times = ["found", "not_found", "denied", "written"].map(|name| number(place, name));
    Answer {
        key: [wanted, "\n", path].concat(),
        cells: vec![
            Text::machine(if is_first { wanted } else { "" }),
            Text::machine(&place_name),
            place_outcome(place, text(search, "verdict") == "failed"),
            Text::new(grouped(times.iter().sum())),
        ],
        link: 1,
        query: ["path:=", &quoted(path)].concat(),
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
fn place_outcome(place: &Value, is_failed: bool) -> Text {
    let (key, class) = match text(place, "outcome") {
        "denied" => (Key::AnswerDenied, "lost"),
        _ if number(place, "written") > 0 => (Key::AnswerWritten, ""),
        "not_found" if is_failed => (Key::NotFound, "lost"),
        "not_found" => (Key::NotFound, "absent"),
        "ok" => (Key::AnswerFound, ""),
        _ => return Text::default(),
    };
    Text {
        class,
        ..Text::new(t(key))
    }
}

fn network(judgement: &Judgement, aggregates: &Aggregates) -> Vec<Answer> {
    let rank = |own: &&Value| {
        let place = match text(own, "outcome") {
            _ if judgement.is_network_failed(text(own, "name")) => 0_u64,
            "pending" => 1,
            _ => 2,
        };
        (place, u64::MAX - number(own, "attempts"))
    };
    let mut reached: Vec<&Value> = judgement.list("destinations").iter().collect();
    sort_by_key(&mut reached, rank);
    let hosts = judgement.list("hosts").iter();
    let unfollowed = hosts.filter(|host| judgement.is_network_failed(text(host, "name")));
    let reached = reached
        .into_iter()
        .map(|own| destination_row(judgement, aggregates, own));
    unfollowed.map(host_row).chain(reached).take(MAX_ROWS).collect()
}

fn host_row(host: &Value) -> Answer {
    let name = text(host, "name");
    Answer {
        key: ["\n", name].concat(),
        cells: vec![
            Text::machine(name),
            Text::new("–"),
            Text {
                class: "lost",
                ..Text::new(t(Key::NoConnection))
            },
            Text::new(grouped(number(host, "asked"))),
            Text::default(),
        ],
        link: 0,
        query: ["type:dns host:", &quoted(name)].concat(),
    }
}

fn destination_row(judgement: &Judgement, aggregates: &Aggregates, own: &Value) -> Answer {
    let name = text(own, "name");
    Answer {
        key: name.to_owned(),
        cells: vec![
            Text::machine(text(own, "host")),
            Text::machine(name),
            outcome(text(own, "outcome"), judgement.is_network_failed(name)),
            Text::new(grouped(number(own, "attempts"))),
            traffic(sent(aggregates, name)),
        ],
        link: 1,
        query: rows_of_destination(name),
    }
}

/// Filter for the connections to a destination.
pub(super) fn rows_of_destination(name: &str) -> String {
    let (address, port) = name.rsplit_once(':').unwrap_or((name, ""));
    if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return ["host:", &quoted(name)].concat();
    }
    let address = address.trim_start_matches('[').trim_end_matches(']');
    ["host:", &quoted(address), " port:", port].concat()
}

/// Outcome of a connection in words, by the word of the wire; none where it is not known.
#[must_use]
pub fn outcome(word: &str, is_failed: bool) -> Text {
    let (key, class) = match word {
        "connected" => (Key::AnswerConnected, ""),
        "failed" if is_failed => (Key::AnswerFailed, "lost"),
        "failed" => (Key::AnswerFailed, "absent"),
        "pending" => (Key::AnswerPending, "warned"),
        "denied" => (Key::AnswerDenied, "lost"),
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

fn ports(judgement: &Judgement, aggregates: &Aggregates, now: u64, clock: Clock<'_>) -> Vec<Answer> {
    let listeners = &aggregates.sockets.listeners.items;
    let open = listeners.iter().filter(|own| own.closed_ts.is_none());
    let mut rows: Vec<Answer> = open
        .map(|own| listener_row(aggregates, own, now, clock))
        .take(MAX_ROWS)
        .collect();
    // What a session without sockets reports: the port, and the requests that arrived.
    for port in judgement.list("ports") {
        let own = Listener {
            pid: u32::try_from(number(port, "pid")).ok().filter(|pid| *pid > 0),
            port: u16::try_from(number(port, "port")).unwrap_or_default(),
            arrivals: maybe(port, "arrivals"),
            last_ts: maybe(port, "last_ts"),
            note: (number(port, "failed") > 0).then(|| BIND_FAILED.to_owned()),
            ..Listener::default()
        };
        if rows.len() < MAX_ROWS && !listeners.iter().any(|other| other.port == own.port) {
            rows.push(listener_row(aggregates, &own, now, clock));
        }
    }
    rows
}

fn listener_row(aggregates: &Aggregates, own: &Listener, now: u64, clock: Clock<'_>) -> Answer {
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
    let is_idle = |ts: &u64| now.saturating_sub(*ts) > IDLE_AFTER;
    let since = own.last_ts.filter(is_idle);
    let since = since.map(|ts| with(Key::NoConnectionSince, &clock(ts)));
    let remarks: Vec<String> = [remark(own), held_by(own), since].into_iter().flatten().collect();
    let name = listens_on(own);
    let query = if own.port == 0 {
        ["host:", &quoted(&own.address)].concat()
    } else {
        ["port:", &own.port.to_string()].concat()
    };
    Answer {
        key: [name.as_str(), " ", &own.pid.unwrap_or_default().to_string()].concat(),
        cells: vec![
            Text {
                tail: remarks.join(" · "),
                class: if is_failed { "lost" } else { "machine" },
                ..Text::new(name)
            },
            Text::machine(&aggregates.processes.words(own.pid)),
            came,
            Text::new(last),
            traffic([own.bytes_in, own.bytes_out]),
        ],
        link: 0,
        query,
    }
}

/// End of a process in words; `None` where it is not known.
#[must_use]
pub fn exit(signal: Option<&str>, code: Option<i64>) -> Option<String> {
    let code = || code.map(|code| with(Key::EndedWith, &code.to_string()));
    signal.map(|signal| with(Key::DiedOf, signal)).or_else(code)
}

/// A text as a phrase of the filter language.
pub(super) fn quoted(text: &str) -> String {
    ["\"", &text.replace('\\', "\\\\").replace('"', "\\\""), "\""].concat()
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
