//! `mirrord session stop` and `mirrord kill`: ends the programs of sessions, and waits until they have ended.
//!
//! Every session is looked up before the first one is ended, so that a mistyped name ends nothing.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use mirrord_session_client::{ClientError, SessionClient};
use mirrord_wire::session::MAX_SEQ;
use serde::Serialize;

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::output::{BOLD, GOOD, Output, cell};
use super::stream::SessionEvents;
use crate::args;

/// Result of one session, as JSON.
#[derive(Debug, Serialize)]
struct StoppedSession<'a> {
    session_id: &'a str,
    status: &'static str,
    waited_ms: u64,
}

pub(super) async fn run(arguments: args::SessionStop) -> Result<ExitCode, SessionError> {
    let chosen = choose(&arguments).await?;
    let limit = arguments.timeout;
    let results = join_all(chosen.iter().map(|session| stop(session, limit))).await;
    let mut out = Output::new();
    let mut code = 0;
    for (session, result) in chosen.iter().zip(results) {
        match result {
            Ok(waited) => print(&mut out, arguments.json, session, waited)?,
            Err(error) => {
                error.report(arguments.json);
                code = if code == 0 { error.code() } else { code };
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::from(code))
}

async fn choose(arguments: &args::SessionStop) -> Result<Vec<KnownSession>, SessionError> {
    if let Some(key) = &arguments.key {
        return directory::read_of(arguments.sessions.clone()).await?.of_key(key);
    }
    let mut chosen: Vec<KnownSession> = Vec::new();
    for given in &arguments.session {
        let session = directory::find_of(arguments.sessions.clone(), Some(given)).await?;
        if chosen.iter().all(|other| other.id != session.id) {
            chosen.push(session);
        }
    }
    Ok(chosen)
}

fn print(out: &mut Output, is_json: bool, session: &KnownSession, waited: Duration) -> Result<(), SessionError> {
    if is_json {
        out.json(&StoppedSession {
            session_id: &session.id,
            status: "ended",
            waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
        })?;
    } else {
        out.line(&[cell(&session.name().to_string(), BOLD), cell("ended", GOOD)])?;
    }
    Ok(())
}

/// Ends a session's program; returns the time until the session had ended.
///
/// # Errors
/// The session cannot end it, does not answer as one, or has not ended within the limit.
pub(crate) async fn stop(session: &KnownSession, limit: Duration) -> Result<Duration, SessionError> {
    let client = session.client()?;
    let (id, info) = (&session.id, session.info());
    if info.protocol_version == 0 {
        let pids: Vec<_> = info.processes.iter().map(|process| process.pid.to_string()).collect();
        let pids = if pids.is_empty() {
            "none is known".to_owned()
        } else {
            pids.join(", ")
        };
        return Err(SessionError::Unsupported {
            id: id.clone(),
            reason: format!(
                "a released mirrord can end its session API and not the program: end that by its pid ({pids})"
            ),
        });
    }
    let started = Instant::now();
    let ended = async {
        request(&client, id).await?;
        ended(&client, id).await
    };
    match tokio::time::timeout(limit, ended).await {
        Ok(result) => result.map(|()| started.elapsed()),
        Err(_) => Err(SessionError::TimedOut {
            limit,
            what: format!(
                "the session {id} has not ended: a program that ignores SIGTERM is killed after 5 s, and one that is stopped, as by \
                 Ctrl-Z, ends when it is continued"
            ),
        }),
    }
}

async fn request(client: &SessionClient, id: &str) -> Result<(), SessionError> {
    match client.kill().await {
        Ok(()) | Err(ClientError::Refused | ClientError::Gone) => Ok(()),
        Err(ClientError::Status { status, .. }) if status == 501 => Err(SessionError::Unsupported {
            id: id.to_owned(),
            reason: "it has no way to end its program".to_owned(),
        }),
        Err(error) => Err(SessionError::of_request(id, &error)),
    }
}

/// Waits for a session's end: that of its event stream.
async fn ended(client: &SessionClient, id: &str) -> Result<(), SessionError> {
    // Nothing that has happened already is of interest: the largest number is taken as the newest.
    let mut events = SessionEvents::new(client.clone(), id.to_owned(), MAX_SEQ);
    while events.next().await?.is_some() {}
    Ok(())
}
