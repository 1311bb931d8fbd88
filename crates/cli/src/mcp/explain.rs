//! Tool `explain`: what came of a path, a destination or a host in a session, and what follows from it.
//!
//! The kept events are read once: those about the subject are counted, and all of them make the summary and the suggestions,
//! of which those are returned that are about the same events.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::{StreamExt as _, stream};
use mirrord_session_client::{EventBatch, StreamItem};
use mirrord_what_if::{Run, obstacle, suggest_for};
use mirrord_wire::api::{Suggestion, Suggestions};
use mirrord_wire::session::destination;
use mirrord_wire::session::summary::{Destination, Search, Summary};
use mirrord_wire::{SessionInfo, SessionState};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout, timeout_at};

use super::answer::{ToolError, fit};
use super::arguments::{self, Explain};
use super::context::Context;
use super::records::blocking;
use super::subject::{Family, Relation, Subject};
use super::tally::Tally;
use crate::session::{EventQuery, KeptEvents, KnownSession, SessionError, ShownEvent, read_state};

/// Longest time in which the events are read.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Sessions of a key that are read at one time.
const MAX_SESSIONS_AT_ONCE: usize = 4;
/// Names that are counted; events of further ones are counted as omitted.
const MAX_NAMES: usize = 512;
/// Names like the subject that are returned.
const MAX_NEAR: usize = 10;
/// Lines of the text: names with their counts.
const MAX_LINES: usize = 5;
/// Distinct operations that suggestions look at.
const MAX_OPERATIONS: usize = 20_000;

/// Answers `explain`.
pub(super) async fn explain(context: &Context, given: Explain) -> Result<Value, ToolError> {
    let subject = Subject::parse(&given.subject).map_err(|reason| ToolError::Arguments {
        tool: "explain".to_owned(),
        reason: reason.to_owned(),
    })?;
    let others = [("session", given.session.is_some())];
    let answer = match arguments::key_alone("explain", given.key.as_deref(), &others)? {
        Some(key) => explain_key(context, subject, &key).await?,
        None => {
            let session = context.find(given.session.as_deref()).await?;
            explain_session(context, subject, &session).await?
        }
    };
    Ok(fit(&answer, arguments::items(None)))
}

/// Explains a subject by each session of a key, those with the most events about it first.
async fn explain_key(context: &Context, subject: Subject, key: &str) -> Result<Value, ToolError> {
    let sessions = context.sessions().await?.of_key(key)?;
    let deadline = Instant::now() + READ_TIMEOUT;
    let reads = sessions
        .iter()
        .map(|session| explain_until(deadline, context, subject.clone(), session));
    let reads: Vec<_> = reads.collect();
    let explained: Vec<_> = stream::iter(reads).buffered(MAX_SESSIONS_AT_ONCE).collect().await;
    let (mut answers, mut failures) = (Vec::new(), Vec::new());
    for (session, answer) in sessions.iter().zip(explained) {
        match answer {
            Ok(answer) => answers.push(answer),
            Err(error) => failures.push((session, error)),
        }
    }
    if answers.is_empty()
        && let Some((_, error)) = failures.pop()
    {
        return Err(error);
    }
    let number = |answer: &Value, name: &str| answer[name].as_u64().unwrap_or(0);
    answers.sort_by_key(|answer| std::cmp::Reverse(number(answer, "count")));
    let sum = |name: &str| answers.iter().map(|answer| number(answer, name)).sum::<u64>();
    let (count, looked_at) = (sum("count"), sum("looked_at"));
    let verb = if count == 1 { "is" } else { "are" };
    let mut text = format!(
        "{count} of the {looked_at} events of the sessions of the key {key} {verb} about {}.",
        subject.name()
    );
    for answer in answers.iter().filter(|answer| number(answer, "count") > 0) {
        text = text + "\n" + answer["text"].as_str().unwrap_or_default();
    }
    let mut answer = json!({
        "key": key,
        "kind": subject.kind(),
        "text": text,
        "count": count,
        "looked_at": looked_at,
        "filter": subject.filter(),
        "sessions": answers,
    });
    if !failures.is_empty() {
        let unread = failures
            .iter()
            .map(|(session, error)| format!("{}: {error}", session.id));
        answer["unread"] = unread.collect();
    }
    Ok(answer)
}

/// Explains a subject by the events of a session, as far as there is time.
async fn explain_until(
    deadline: Instant,
    context: &Context,
    subject: Subject,
    session: &KnownSession,
) -> Result<Value, ToolError> {
    let read = timeout_at(deadline, explain_session(context, subject, session));
    read.await.unwrap_or_else(|_| Err(too_long(session).into()))
}

fn too_long(session: &KnownSession) -> SessionError {
    SessionError::TimedOut {
        limit: READ_TIMEOUT,
        what: format!("the events of the session {} were not read to their end", session.id),
    }
}

/// Explains a subject by the events of a session.
async fn explain_session(context: &Context, subject: Subject, session: &KnownSession) -> Result<Value, ToolError> {
    let mut query = EventQuery::new("", context.with_values, 0)?;
    let state = read_state(session).await?;
    query.learn(session.info(), Some(&state));
    let mut reading = Reading::new(subject, session.info());
    let mut events = KeptEvents::new(session.client()?, session.id.clone(), 0, state.seq);
    let read = async {
        while let Some(batch) = events.next().await? {
            reading.add(&mut query, &batch);
        }
        Ok::<_, SessionError>(())
    };
    timeout(READ_TIMEOUT, read).await.map_err(|_| too_long(session))??;
    let suggestions = suggestions(reading.run.take(), session.info(), &state).await?;
    let explanation = reading.explain(&query, &state);
    Ok(explanation.answer(session, &state, &query, suggestions))
}

/// Returns the suggestions for the config of a session; `run` is absent where there can be none.
async fn suggestions(run: Option<Run>, info: &SessionInfo, state: &SessionState) -> Result<Suggestions, ToolError> {
    let (config, source) = (info.config.clone().unwrap_or_default(), info.config_source.clone());
    let Some(run) = run else {
        let reason = obstacle(&config, source.as_ref());
        return Ok(reason.map(mirrord_what_if::Reason::answer).unwrap_or_default());
    };
    let newest = state.seq;
    blocking(move || Ok(suggest_for(run, config, source.as_ref(), newest, Some(now())))).await
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

/// Events of a session as far as they were read.
struct Reading {
    subject: Subject,
    summary: Summary,
    /// Events for suggestions; absent where there can be none.
    run: Option<Run>,
    /// Events about the subject.
    about: BTreeMap<(Family, String), Tally>,
    /// Connections that are about it where they followed a look-up of its host.
    perhaps: BTreeMap<String, Tally>,
    near: BTreeSet<String>,
    beneath: u64,
    missed: u64,
    /// Events about the subject for whose name there was no room.
    omitted: u64,
}

impl Reading {
    fn new(subject: Subject, info: &SessionInfo) -> Self {
        let config = info.config.clone().unwrap_or_default();
        let is_open = obstacle(&config, info.config_source.as_ref()).is_none();
        Self {
            subject,
            summary: Summary::default(),
            run: is_open.then(|| Run::bounded(MAX_OPERATIONS)),
            about: BTreeMap::new(),
            perhaps: BTreeMap::new(),
            near: BTreeSet::new(),
            beneath: 0,
            missed: 0,
            omitted: 0,
        }
    }

    fn add(&mut self, query: &mut EventQuery, batch: &EventBatch) {
        for item in batch.iter() {
            match item {
                StreamItem::Event(line, text) => {
                    self.summary.apply_line(line);
                    if let Some(shown) = query.look_at(line, text) {
                        self.add_event(&shown);
                    }
                }
                StreamItem::Lagged { to, .. } => {
                    self.summary.skip_to(to);
                    self.missed += query.skip_to(to);
                }
            }
        }
    }

    fn add_event(&mut self, shown: &ShownEvent<'_>) {
        if let Some(run) = &mut self.run {
            run.add(shown.json().as_bytes());
        }
        let has_room = match self.subject.relation(&shown.line) {
            Relation::About(family, name) => count(&mut self.about, (family, name), shown),
            Relation::Perhaps(name) => count(&mut self.perhaps, name, shown),
            Relation::Beneath => {
                self.beneath += 1;
                true
            }
            Relation::Near(name) => {
                if self.near.len() < MAX_NEAR {
                    self.near.insert(name);
                }
                true
            }
            Relation::Other => true,
        };
        self.omitted += u64::from(!has_room);
    }

    /// Ends the reading: connections are the subject's where they followed a look-up of its host.
    fn explain(mut self, query: &EventQuery, state: &SessionState) -> Explanation {
        let destinations: Vec<_> = self.summary.destinations();
        if let Some(host) = self.subject.host() {
            let is_of_host = |own: &&Destination| own.host.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(host));
            let names: BTreeSet<_> = destinations.iter().filter(is_of_host).map(|own| &own.name).collect();
            for (name, tally) in self.perhaps {
                if names.contains(&name) {
                    self.about.insert((Family::Connections, name), tally);
                }
            }
        }
        Explanation {
            looked_at: query.looked_at(),
            counted: counted(&self.subject, state),
            subject: self.subject,
            summary: self.summary,
            about: self.about,
            near: self.near,
            beneath: self.beneath,
            missed: self.missed,
            omitted: self.omitted,
        }
    }
}

/// Counts an event by a name; returns whether there was room for it.
fn count<Name: Ord>(table: &mut BTreeMap<Name, Tally>, name: Name, shown: &ShownEvent<'_>) -> bool {
    let has_room = table.len() < MAX_NAMES || table.contains_key(&name);
    if has_room {
        table.entry(name).or_default().add(shown);
    }
    has_room
}

/// Explanation of a subject.
struct Explanation {
    subject: Subject,
    summary: Summary,
    about: BTreeMap<(Family, String), Tally>,
    near: BTreeSet<String>,
    beneath: u64,
    missed: u64,
    omitted: u64,
    looked_at: u64,
    /// Events of its name that the session has counted, kept or not.
    counted: Option<u64>,
}

/// Returns the number of events of a subject's own name that a session has counted; `None` where it does not list the name.
fn counted(subject: &Subject, state: &SessionState) -> Option<u64> {
    let (top, name) = match subject {
        Subject::Path(path) => (&state.paths, path.clone()),
        Subject::Destination { host, port } => (&state.outgoing, destination(host, *port)),
        Subject::Host(host) => (&state.hosts, host.clone()),
    };
    let items = top.items();
    items.iter().find(|own| own.name == name).map(|own| own.count)
}

impl Explanation {
    fn answer(
        &self,
        session: &KnownSession,
        state: &SessionState,
        query: &EventQuery,
        suggestions: Suggestions,
    ) -> Value {
        let is_about = |filter: &str| self.is_about(filter, session.info(), state);
        let names = |((family, name), tally): (&(Family, String), &Tally)| tally.json(family.name(), name, query);
        let examples = self.about.values().flat_map(Tally::examples).map(ShownEvent::value);
        let mut answer = json!({
            "session_id": session.id,
            "kind": self.subject.kind(),
            "text": self.text(&session.id, query),
            "count": self.about.values().map(|tally| tally.count).sum::<u64>(),
            "names": self.about.iter().map(names).collect::<Vec<_>>(),
            "examples": examples.take(MAX_LINES).collect::<Vec<_>>(),
            "filter": self.subject.filter(),
            "summary": self.of_summary(&is_about),
            "suggestions": of_suggestions(suggestions, &is_about),
            "looked_at": self.looked_at,
        });
        for (name, count) in [
            ("beneath", self.beneath),
            ("missed", self.missed),
            ("omitted", self.omitted),
        ] {
            if count > 0 {
                answer[name] = count.into();
            }
        }
        if let Some(counted) = self.counted {
            answer["counted"] = counted.into();
        }
        if !self.near.is_empty() {
            answer["near"] = json!(self.near);
        }
        answer
    }

    /// Reports whether a filter finds an event about the subject.
    fn is_about(&self, filter: &str, info: &SessionInfo, state: &SessionState) -> bool {
        let Ok(mut query) = EventQuery::new(filter, false, 0) else {
            return false;
        };
        query.learn(info, Some(state));
        let mut examples = self.about.values().flat_map(Tally::examples);
        examples.any(|example| query.matches(example))
    }

    /// Returns the parts of the session's summary that are about the subject.
    fn of_summary(&self, is_about: &dyn Fn(&str) -> bool) -> Value {
        let has = |family: Family, name: &str| self.about.keys().any(|(own, known)| *own == family && known == name);
        let is_searched = |search: &&Search| search.places.iter().any(|place| has(Family::Files, &place.path));
        let searches = self.summary.searches().unwrap_or_default();
        let searches = searches.into_iter().filter(is_searched).map(|search| Search {
            verdict: self.summary.verdict(search),
            ..search.clone()
        });
        let mut destinations = self.summary.destinations();
        destinations.retain(|own| has(Family::Connections, &own.name));
        let mut hosts = self.summary.hosts();
        hosts.retain(|own| has(Family::Lookups, &own.name));
        let mut findings = self.summary.findings(self.summary.moment(now(), false));
        findings.retain(|own| is_about(&own.query));
        json!({
            "searches": searches.collect::<Vec<_>>(),
            "destinations": destinations,
            "hosts": hosts,
            "findings": findings,
        })
    }

    /// Returns clauses about what is known where no event is about the subject.
    fn else_known(&self) -> String {
        let mut known = String::new();
        if self.beneath > 0 {
            known.push_str(&format!("; {} are about paths beneath it", self.beneath));
        }
        if self.missed > 0 {
            known.push_str(&format!("; {} others are not kept any more", self.missed));
        }
        match self.counted {
            Some(counted) => known + &format!(", and the session has counted {counted} of it"),
            None => known,
        }
    }

    /// Returns a sentence, and a line for each of the first names.
    fn text(&self, id: &str, query: &EventQuery) -> String {
        let what = self.subject.name();
        let looked_at = self.looked_at;
        if self.about.is_empty() {
            return format!(
                "None of the {looked_at} events of the session {id} is about {what}{}.",
                self.else_known()
            );
        }
        let count: u64 = self.about.values().map(|tally| tally.count).sum();
        let verb = if count == 1 { "is" } else { "are" };
        let first = format!("{count} of the {looked_at} events of the session {id} {verb} about {what}.");
        let names = self.about.iter().take(MAX_LINES);
        let names = names.map(|((family, name), tally)| tally.text(family.name(), name, query));
        std::iter::once(first).chain(names).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the suggestions that are about the subject, and the number of the others.
fn of_suggestions(all: Suggestions, is_about: &dyn Fn(&str) -> bool) -> Value {
    let is_wanted = |own: &&Suggestion| is_about(&own.evidence.query);
    let wanted: Vec<_> = all.items.iter().filter(is_wanted).collect();
    let mut answer = json!({
        "items": wanted,
        "others": all.omitted + (all.items.len() - wanted.len()) as u64,
    });
    if let Some(reason) = all.reason {
        answer["reason"] = reason.into();
    }
    answer
}

#[cfg(test)]
#[path = "explain/tests.rs"]
mod tests;
