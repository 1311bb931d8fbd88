//! Judgement: a list of what is worth a look, with its evidence, and a filter that shows its rows.
//!
//! Each kind has a test in which it appears and one in which it must not. A quiet program has no findings.

use serde::Serialize;

use super::lookups::{Lookups, Place, Search};
use super::moment::Moment;
use super::network::{Destination, Host, Network};
use super::ports::{Port, Ports};
use super::probes::Probe;
use super::processes::{Died, Processes, is_news};
use crate::session::event::Outcome;

/// The most findings; the gravest are first.
pub const MAX_FINDINGS: usize = 50;
/// Seconds in each of which something failed before it is said to go on.
const SECONDS: u64 = 5;
/// Most seconds from one failure to the next, on average, of what goes on failing.
const SECONDS_APART: u64 = 3;
/// Attempts in vain before they are many.
const MANY: u64 = 100;
/// Most processes that a finding's filter names.
const MAX_PIDS: u64 = 16;
/// Time without an answer before a connection waits for one, microseconds.
const NO_ANSWER_AFTER: u64 = 10_000_000;

/// Kind of a finding, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A process died of a signal that is no request to end.
    Died,
    /// A port could not be listened on.
    BindFailed,
    /// Connections to a destination failed, again and again.
    ConnectFailed,
    /// A name was looked up, and no connection followed.
    NothingFollowed,
    /// A connection has no answer.
    NoAnswer,
    /// A file is looked for and not found, each second.
    KeepsFailing,
    /// A file was looked for in vain very often.
    Often,
    /// A file may not be opened.
    Denied,
    /// A file that a person named, or that configures the program, was found in none of its places.
    FoundNowhere,
    /// A port was reached by no connection.
    Unreached,
}

/// Something worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Kind.
    pub kind: FindingKind,
    /// The path, name, destination, port or command that it is about.
    pub subject: String,
    /// Number of attempts, look-ups or processes; of a port 0.
    pub count: u64,
    /// First and last time, microseconds since the Unix epoch.
    pub first_ts: u64,
    /// See `first_ts`.
    pub last_ts: u64,
    /// Number of places in which a file was looked for, 0 of anything else.
    pub places: usize,
    /// The signal, of a process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// The process, where it is one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Filter that shows its rows, in the language of the page and the API.
    pub query: String,
}

impl Finding {
    fn new(kind: FindingKind, subject: &str, query: String) -> Self {
        Self {
            kind,
            subject: subject.to_owned(),
            count: 0,
            first_ts: 0,
            last_ts: 0,
            places: 0,
            signal: None,
            pid: None,
            query,
        }
    }

    fn between(self, first_ts: u64, last_ts: u64, count: u64) -> Self {
        Self {
            first_ts,
            last_ts,
            count,
            ..self
        }
    }
}

/// Collects all findings of a summary's parts, the gravest first.
pub(super) fn findings(
    lookups: &Lookups,
    network: &Network,
    ports: &Ports,
    processes: &Processes,
    now: Moment,
) -> Vec<Finding> {
    let mut found = all_died(&processes.died);
    found.extend(ports.all.iter().filter_map(|port| of_port(port, now)));
    let destinations = network.destinations();
    found.extend(
        destinations
            .iter()
            .filter_map(|own| of_destination(own, &destinations, now)),
    );
    found.extend(network.hosts().iter().filter_map(|host| of_host(host, now)));
    if lookups.known {
        found.extend(
            lookups
                .ranked()
                .into_iter()
                .filter_map(|search| of_search(lookups, search)),
        );
        found.extend(lookups.probes.repeated().iter().filter_map(of_probe));
    }
    found.sort_by_key(|found| (found.kind, std::cmp::Reverse(found.count)));
    found
}

fn of_probe(probe: &Probe) -> Option<Finding> {
    let found = || Finding::new(FindingKind::KeepsFailing, &probe.path, path_query(&[&probe.path], true));
    let found = goes_on(probe.seconds, probe.first_ts, probe.last_ts).then(found)?;
    Some(Finding { places: 1, ..found }.between(probe.first_ts, probe.last_ts, probe.count))
}

/// Processes that died alike, by command and signal, are one finding.
fn all_died(all: &[Died]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for died in all.iter().filter(|died| is_news(&died.exit)) {
        let signal = died.exit.signal.as_deref();
        let is_same = |own: &&mut Finding| own.subject == died.command && own.signal.as_deref() == signal;
        let query = format!("pid:{}", died.pid);
        if let Some(own) = found.iter_mut().find(is_same) {
            own.count += 1;
            own.pid = None;
            own.last_ts = died.ended_ts;
            if own.count <= MAX_PIDS {
                own.query = [&own.query, " OR ", &query].concat();
            }
        } else {
            let own = Finding::new(FindingKind::Died, &died.command, query);
            found.push(Finding {
                signal: signal.map(str::to_owned),
                pid: Some(died.pid),
                ..own.between(died.started_ts, died.ended_ts, 1)
            });
        }
    }
    found
}

fn of_port(port: &Port, now: Moment) -> Option<Finding> {
    let kind = match port.failed {
        0 if port.is_unreached(now) => FindingKind::Unreached,
        0 => return None,
        _ => FindingKind::BindFailed,
    };
    let found = Finding::new(kind, &port.port.to_string(), format!("port:{}", port.port));
    Some(Finding {
        pid: Some(port.pid).filter(|pid| *pid != 0),
        ..found.between(port.first_ts, now.latest, port.failed)
    })
}

fn of_destination(own: &Destination, all: &[Destination], now: Moment) -> Option<Finding> {
    let (kind, count, word) = match own.outcome {
        // Once may be a question whether somebody listens there.
        Some(Outcome::Failed) if own.failed > 1 && own.is_failed(all) => {
            (FindingKind::ConnectFailed, own.failed, "failed")
        }
        Some(Outcome::Pending) if now.since(own.last_ts) > NO_ANSWER_AFTER => {
            (FindingKind::NoAnswer, own.pending, "pending")
        }
        _ => return None,
    };
    let (address, port) = own.address();
    let port = if port == 0 {
        String::new()
    } else {
        format!(" port:{port}")
    };
    let query = format!("host:{}{port} outcome:{word}", quoted(address));
    Some(Finding::new(kind, &own.name, query).between(own.first_ts, own.last_ts, count))
}

fn of_host(host: &Host, now: Moment) -> Option<Finding> {
    let found = || {
        Finding::new(
            FindingKind::NothingFollowed,
            &host.name,
            format!("type:dns host:{}", quoted(&host.name)),
        )
    };
    let found = host.is_failed(now).then(found)?;
    Some(found.between(host.first_ts, host.last_ts, host.asked))
}

fn of_search(lookups: &Lookups, search: &Search) -> Option<Finding> {
    let (kind, query) = search_kind(lookups, search)?;
    let first_ts = search.places.iter().map(|place| place.first_ts).min();
    let subject = search.places.first().filter(|_| search.places.len() == 1);
    let found = Finding::new(kind, subject.map_or(&search.name, |place| &place.path), query);
    Some(Finding {
        places: search.places.len(),
        ..found.between(first_ts.unwrap_or_default(), search.last_ts, search.attempts())
    })
}

fn search_kind(lookups: &Lookups, search: &Search) -> Option<(FindingKind, String)> {
    let denied: Vec<&str> = (search.places.iter().filter(|place| place.is_denied()))
        .map(|place| place.path.as_str())
        .collect();
    if !denied.is_empty() {
        return Some((
            FindingKind::Denied,
            [&path_query(&denied, false), " outcome:denied"].concat(),
        ));
    }
    if !lookups.is_failed(search) {
        return None;
    }
    let vain: u64 = search.places.iter().map(|place| place.not_found).sum();
    let is_on = |place: &Place| goes_on(place.seconds, place.first_ts, place.last_ts);
    let kind = if search.places.iter().any(is_on) {
        FindingKind::KeepsFailing
    } else if vain >= MANY {
        FindingKind::Often
    } else if search.given || (search.places.len() > 1 && search.is_config()) {
        FindingKind::FoundNowhere
    } else {
        return None;
    };
    let paths: Vec<&str> = search.places.iter().map(|place| place.path.as_str()).collect();
    Some((kind, path_query(&paths, true)))
}

/// Reports what failed in many seconds, and hardly a second without.
fn goes_on(seconds: u64, first_ts: u64, last_ts: u64) -> bool {
    let span = last_ts.saturating_sub(first_ts) / 1_000_000;
    seconds >= SECONDS && span <= seconds.saturating_mul(SECONDS_APART)
}

/// Writes a filter for paths: alternatives where there are several.
fn path_query(paths: &[&str], is_vain: bool) -> String {
    let terms: Vec<String> = paths.iter().map(|path| format!("path:={}", quoted(path))).collect();
    let terms = terms.join(" OR ");
    let terms = if paths.len() > 1 { format!("({terms})") } else { terms };
    if is_vain { terms + " outcome:not_found" } else { terms }
}

/// A text as a phrase of the filter language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
