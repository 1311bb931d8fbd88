//! `mirrord session wait`: waits for an event, and for its session where that is not there yet.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use mirrord_session_client::{DirectoryWatcher, StreamItem};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::events;
use super::group::{Content, GroupItem, KeptGroup, LiveGroup, QueryPlan};
use super::key_events;
use super::output::Output;
use super::query::{EventQuery, ShownEvent};
use super::state;
use super::stream::SessionEvents;
use crate::{args, env};

pub(super) async fn run(arguments: args::SessionWait) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    if let Some(key) = &given.key {
        let plan = QueryPlan {
            filter: arguments.filter,
            with_values: arguments.with_values,
            ..QueryPlan::default()
        };
        let directory = env::sessions_dir(given.sessions).map_err(SessionError::Other)?;
        let item = wait_for_event_of_key(&directory, key, plan, arguments.timeout).await?;
        return key_events::print_one(&item, given.json);
    }
    let mut query = EventQuery::new(&arguments.filter, arguments.with_values, arguments.since)?;
    let directory = env::sessions_dir(given.sessions).map_err(SessionError::Other)?;
    let (_, event) = wait_for_event(&directory, given.session.as_deref(), &mut query, arguments.timeout).await?;
    let mut out = Output::new();
    events::print_event(&mut out, given.json, &query, &event)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Longest look at what is there already, whatever the limit.
const KEPT_LIMIT: Duration = Duration::from_secs(10);

/// Waits for a session that is meant, and for the first of its events that matches. One that it keeps counts, whatever the limit.
///
/// # Errors
/// The time is over, or the session ended, or it does not answer as one.
pub(crate) async fn wait_for_event(
    directory: &Path,
    given: Option<&str>,
    query: &mut EventQuery,
    limit: Duration,
) -> Result<(KnownSession, ShownEvent<'static>), SessionError> {
    let deadline = Instant::now() + limit;
    let is_over = |what: String| SessionError::TimedOut { limit, what };
    let session = match directory::find(directory, given).await {
        Err(error) if !error.may_appear() => return Err(error),
        Ok(session) => session,
        Err(_) => match timeout_at(deadline, appear(directory, given)).await {
            Ok(session) => session?,
            Err(_) => {
                let name = given.map_or(String::new(), |name| format!(" `{name}`"));
                return Err(is_over(format!("no session{name} appeared")));
            }
        },
    };
    match first_match(&session, query, deadline).await {
        Ok(event) => event.map(|event| (session, event)),
        Err(_) => Err(is_over(format!(
            "no event of the session {} matched; {} were looked at",
            session.id,
            query.looked_at()
        ))),
    }
}

/// Waits for a session of a key, and for the first event of any of them that matches, by time. One that is kept counts.
///
/// # Errors
/// The time is over, or every session ended, or none answers as one.
pub(crate) async fn wait_for_event_of_key(
    directory: &Path,
    key: &str,
    plan: QueryPlan,
    limit: Duration,
) -> Result<GroupItem, SessionError> {
    plan.check()?;
    let deadline = Instant::now() + limit;
    let is_over = |what: String| SessionError::TimedOut { limit, what };
    let sessions = match directory::read(directory).await?.of_key(key) {
        Err(error) if !error.may_appear() => return Err(error),
        Ok(sessions) => sessions,
        Err(_) => {
            let Ok(sessions) = timeout_at(deadline, appear_of_key(directory, key)).await else {
                return Err(is_over(format!("no session of the key `{key}` appeared")));
            };
            sessions?
        }
    };
    let kept_deadline = deadline.max(Instant::now() + KEPT_LIMIT);
    let Ok(kept) = timeout_at(kept_deadline, KeptGroup::open(&sessions, plan, true)).await else {
        return Err(is_over(format!("the sessions of the key `{key}` did not answer")));
    };
    let mut kept = kept?;
    let first = async {
        while let Some(item) = kept.next().await {
            if matches!(item.content, Content::Event(..)) {
                return Some(item);
            }
        }
        None
    };
    match timeout_at(kept_deadline, first).await {
        Ok(Some(item)) => return Ok(item),
        Ok(None) => {}
        Err(_) => {
            return Err(is_over(format!(
                "no event that the sessions of the key `{key}` keep matched"
            )));
        }
    }
    let mut live = LiveGroup::after(kept, &sessions, key, directory.to_owned());
    match timeout_at(deadline, first_event(&mut live, key)).await {
        Ok(item) => item,
        Err(_) => {
            let looked_at = live.looked_at();
            let what = format!("no event of the sessions of the key `{key}` matched; {looked_at} were looked at");
            Err(is_over(what))
        }
    }
}

/// Waits for the first event of a stream.
async fn first_event(live: &mut LiveGroup, key: &str) -> Result<GroupItem, SessionError> {
    while let Some(item) = live.next().await? {
        if matches!(item.content, Content::Event(..)) {
            return Ok(item);
        }
    }
    let failure = live.take_failures().into_iter().next();
    Err(failure.unwrap_or_else(|| SessionError::AllEnded {
        key: key.to_owned(),
        what: ", and no event matched",
    }))
}

/// Waits until there are sessions of a key.
async fn appear_of_key(directory: &Path, key: &str) -> Result<Vec<KnownSession>, SessionError> {
    let mut watcher = DirectoryWatcher::new(directory.to_owned());
    loop {
        watcher.next_scan().await?;
        match directory::read(directory).await?.of_key(key) {
            Err(error) if error.may_appear() => {}
            found => return found,
        }
    }
}

/// Waits for the first event that matches, until the deadline, but for those that the session has by now.
async fn first_match(
    session: &KnownSession,
    query: &mut EventQuery,
    deadline: Instant,
) -> Result<Result<ShownEvent<'static>, SessionError>, Elapsed> {
    let kept_deadline = deadline.max(Instant::now() + KEPT_LIMIT);
    let client = match session.client() {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let state = timeout_at(kept_deadline, state::read(session)).await?.ok();
    let newest = state.as_ref().map_or(0, |state| state.seq);
    query.learn(session.info(), state.as_ref());
    let mut events = SessionEvents::new(client, session.id.clone(), query.position());
    loop {
        let until = if query.position() < newest {
            kept_deadline
        } else {
            deadline
        };
        let batch = match timeout_at(until, events.next()).await? {
            Ok(Some(batch)) => batch,
            Ok(None) => {
                return Ok(Err(SessionError::Ended {
                    id: session.id.clone(),
                    what: ", and no event matched",
                }));
            }
            Err(error) => return Ok(Err(error)),
        };
        for item in batch.iter() {
            if let StreamItem::Event(line, text) = item
                && let Some(shown) = query.look_at(line, text)
            {
                return Ok(Ok(shown.into_owned()));
            }
        }
    }
}

/// Waits until there is a session that is meant.
async fn appear(directory: &Path, given: Option<&str>) -> Result<KnownSession, SessionError> {
    let mut watcher = DirectoryWatcher::new(directory.to_owned());
    loop {
        watcher.next_scan().await?;
        match directory::find(directory, given).await {
            Err(error) if error.may_appear() => {}
            found => return found,
        }
    }
}
