//! View model of one session row, shared by list and overview.

use mirrord_wire::{Routing, SessionEnd, SessionStatus};

use super::sparkline::path;
use crate::format::number::{grouped, rate};
use crate::format::text::shown;
use crate::i18n::{Key, count, lasted, t, with};
use crate::state::order::Arrangement;
use crate::state::sessions::Session;

/// The characters of a command or a target that a row shows at most; the rest is in its title.
const ROW_CHARS: usize = 120;
/// The ports that are named.
const MAX_PORTS: usize = 3;
/// Longest shown name of a syscall or feature that was not observed, characters.
const INCOMPLETE_CHARS: usize = 40;

/// Contents of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Row {
    pub(crate) status: Option<SessionStatus>,
    pub(crate) command: String,
    pub(crate) target: String,
    pub(crate) age: String,
    pub(crate) processes: u64,
    /// The rate, or what is wrong, or how long ago it ended.
    pub(crate) state: String,
    /// Reason for a session that is not live; empty without one.
    pub(crate) reason: String,
    pub(crate) title: String,
    pub(crate) spark: String,
    pub(crate) ports: String,
    pub(crate) events: String,
    /// Percentages of events by routing, in the order of [`ROUTINGS`]; `None` where the session does not report it.
    pub(crate) routing: Option<[u8; ROUTINGS.len()]>,
    pub(crate) key: String,
    pub(crate) pinned: bool,
    /// `command` is a name that a person gave, and not what the machine said.
    pub(crate) is_named: bool,
    /// It ended by a signal, or with an exit code that is not 0.
    pub(crate) is_failure: bool,
}

impl Row {
    /// Age and number of processes.
    pub(crate) fn aggregates(&self) -> String {
        let processes = count(Key::Processes, self.processes);
        let aggregates = [self.age.clone(), processes];
        aggregates
            .into_iter()
            .filter(|fact| !fact.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
}

/// Why a session is not live, as far as that is known.
pub(crate) fn reason(session: &Session) -> Option<String> {
    let own = || {
        let key = match (session.is_held, session.summary.end == Some(SessionEnd::Broken)) {
            (true, _) => Key::HeldHere,
            (_, true) => Key::EndedBroken,
            _ => return None,
        };
        Some(t(key).to_owned())
    };
    session.summary.reason.clone().or_else(own)
}

/// Creates a session's row.
pub(crate) fn row(session: &Session, own: &Arrangement, now: u64) -> Row {
    let info = &session.summary.info;
    let status = session.summary.status;
    let command = session.command();
    let reason = reason(session).map(|reason| shown(&reason, ROW_CHARS));
    let state = match status {
        SessionStatus::Live => with(Key::PerSecond, &rate(session.summary.rate)),
        SessionStatus::Unresponsive => reason.clone().unwrap_or_else(|| t(Key::StatusUnresponsive).to_owned()),
        SessionStatus::Ended => {
            let ago = session.ended().map_or_else(
                || t(Key::StatusEnded).to_owned(),
                |ended| with(Key::EndedAgo, &lasted(now.saturating_sub(ended))),
            );
            exit(session).map_or_else(|| ago.clone(), |exit| [&exit, " · ", &ago].concat())
        }
    };
    let until = session.ended().unwrap_or(now);
    let title = session.title();
    // That there is no target is not worth a line in each row.
    let mut target = if info.target == "targetless" {
        String::new()
    } else {
        shown(&info.target, ROW_CHARS)
    };
    if let Some(namespace) = info.namespace.as_deref().filter(|namespace| !namespace.is_empty()) {
        if !target.is_empty() {
            target.push_str(" · ");
        }
        target.push_str(&shown(namespace, ROW_CHARS));
    }
    let beside = [
        if session.has_name() {
            session.brief_command()
        } else {
            String::new()
        },
        last_folders(session.folder()).to_owned(),
    ];
    for part in beside.iter().filter(|part| !part.is_empty()) {
        if !target.is_empty() {
            target.push_str(" · ");
        }
        target.push_str(&shown(part, ROW_CHARS));
    }
    Row {
        status: Some(status),
        title: [
            shown(&command, 1_000),
            target.clone(),
            shown(session.folder(), 1_000),
            info.session_id.clone(),
        ]
        .join("\n"),
        is_failure: info
            .exit
            .as_ref()
            .is_some_and(|exit| exit.signal.is_some() || exit.code.is_some_and(|code| code != 0)),
        command: if title.is_empty() {
            t(Key::NoCommand).to_owned()
        } else {
            shown(&title, ROW_CHARS)
        },
        target,
        age: session
            .started()
            .map(|started| lasted(until.saturating_sub(started)))
            .unwrap_or_default(),
        processes: session.processes(),
        state,
        reason: reason.unwrap_or_default(),
        spark: if status == SessionStatus::Live {
            path(session.rates.iter().copied())
        } else {
            String::new()
        },
        ports: ports(session),
        events: grouped(session.counts().total()),
        routing: split(session),
        key: crate::state::groups::key(session, own)
            .map(|key| shown(key, 40))
            .unwrap_or_default(),
        pinned: own.is_pinned(session.id()),
        is_named: session.has_name(),
    }
}

/// End of a session's program, brief: its signal or its exit code.
fn exit(session: &Session) -> Option<String> {
    let exit = session.summary.info.exit.as_ref()?;
    let code = || exit.code.map(|code| with(Key::ExitCode, &code.to_string()));
    exit.signal.as_deref().map(str::to_owned).or_else(code)
}

/// The last two parts of a path: it differs between sessions of one command.
fn last_folders(path: &str) -> &str {
    let mut slashes = path.rmatch_indices('/').map(|(at, _)| at);
    let start = slashes.nth(1).map_or(0, |at| at + 1);
    path.get(start..).unwrap_or(path)
}

fn ports(session: &Session) -> String {
    let all = &session.summary.info.port_subscriptions;
    let mut named: Vec<String> = all
        .iter()
        .take(MAX_PORTS)
        .map(|port| [":", &port.port.to_string()].concat())
        .collect();
    if let Some(more) = all.len().checked_sub(MAX_PORTS).filter(|more| *more > 0) {
        named.push(with(Key::PlusWaiting, &grouped(more as u64)));
    }
    named.join(" ")
}

/// Routings that a session's counters have, in the order of display.
pub(crate) const ROUTINGS: [Routing; 5] = Routing::ALL;

/// Of a hundred. What happened at all is never none of a hundred, and what is left of rounding is the largest's.
fn split(session: &Session) -> Option<[u8; ROUTINGS.len()]> {
    let counts = ROUTINGS.map(|way| session.summary.routing.get(&way).copied().unwrap_or(0));
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let mut shares = counts.map(|count| u8::try_from((count * 100 / total).max(u64::from(count > 0))).unwrap_or(100));
    let sum: u8 = shares.iter().fold(0, |sum, share| sum.saturating_add(*share));
    if let Some(largest) = shares.iter_mut().max() {
        *largest = (*largest + 100).saturating_sub(sum).min(100);
    }
    Some(shares)
}

/// The word of a way.
pub(crate) fn way(routing: Routing) -> &'static str {
    t(match routing {
        Routing::Remote => Key::Remote,
        Routing::Local => Key::Local,
        Routing::NotFound => Key::NotFound,
        Routing::Mock => Key::RoutingMock,
        Routing::Error => Key::RoutingError,
    })
}

/// CSS classes of a session's dot: filled, warning or hollow; the word beside it is for screen readers.
pub(crate) fn dot(status: Option<SessionStatus>) -> &'static str {
    match status {
        Some(SessionStatus::Live) => "dot good",
        Some(SessionStatus::Unresponsive) => "dot warn",
        Some(SessionStatus::Ended) | None => "dot",
    }
}

pub(crate) fn word(status: Option<SessionStatus>) -> Key {
    match status {
        Some(SessionStatus::Live) => Key::StatusLive,
        Some(SessionStatus::Unresponsive) => Key::StatusUnresponsive,
        Some(SessionStatus::Ended) | None => Key::StatusEnded,
    }
}

/// Words for the syscalls and features that a session could not observe; empty for complete observation.
pub(crate) fn incomplete(what: &[String]) -> String {
    if what.is_empty() {
        return String::new();
    }
    let names: Vec<String> = what.iter().map(|own| shown(own, INCOMPLETE_CHARS)).collect();
    with(Key::Incomplete, &names.join(", "))
}
