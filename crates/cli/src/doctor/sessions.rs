//! Check of the sessions: each socket is asked for `/info` once, and nothing is removed.

use std::path::Path;

use mirrord_session_client::{ClientError, Scan, SessionClient, SessionSocket, list};
use mirrord_wire::SessionId;
use tokio::task::JoinSet;

use super::check::Check;

const NAME: &str = "sessions";
/// Sockets that are asked at a time.
const CONCURRENCY: usize = 32;
/// Sockets that are asked at all; the number of the others is shown.
const MAX_ASKED: usize = 512;
/// Sessions that are named in a line.
const MAX_NAMED: usize = 5;

pub(super) async fn check(sessions_dir: &Path) -> Check {
    match list(sessions_dir) {
        Ok(found) => judge(ask_all(found).await),
        // The check of the directory has the way out.
        Err(error) => Check::fail(NAME, error.to_string(), "see `sessions-directory` above"),
    }
}

/// Answers of the sockets.
#[derive(Debug, Default)]
struct Answers {
    live: usize,
    refused: Vec<SessionId>,
    /// Sessions that do not answer as one, or are never asked, with the reason.
    unresponsive: Vec<(SessionId, String)>,
    not_asked: usize,
}

async fn ask_all(found: Scan) -> Answers {
    let mut answers = Answers {
        unresponsive: found.foreign,
        not_asked: found.sockets.len().saturating_sub(MAX_ASKED),
        ..Answers::default()
    };
    let mut sockets = found.sockets.into_iter().take(MAX_ASKED);
    let mut asked = JoinSet::new();
    for socket in sockets.by_ref().take(CONCURRENCY) {
        asked.spawn(ask(socket));
    }
    while let Some(answer) = asked.join_next().await {
        if let Some(socket) = sockets.next() {
            asked.spawn(ask(socket));
        }
        match answer {
            Ok((_, Ok(()))) => answers.live += 1,
            Ok((id, Err(ClientError::Refused))) => answers.refused.push(id),
            // It ended meanwhile.
            Ok((_, Err(ClientError::Gone))) | Err(_) => {}
            Ok((id, Err(error))) => answers.unresponsive.push((id, error.to_string())),
        }
    }
    answers
        .refused
        .sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    answers
        .unresponsive
        .sort_unstable_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    answers
}

async fn ask(socket: SessionSocket) -> (SessionId, Result<(), ClientError>) {
    let answer = SessionClient::new(&socket).info().await;
    (socket.id, answer.map(drop))
}

fn judge(answers: Answers) -> Check {
    let Answers {
        live,
        refused,
        unresponsive,
        not_asked,
    } = answers;
    let mut found = vec![format!("live: {live}")];
    let mut ways_out = Vec::new();
    if !refused.is_empty() {
        found.push(format!(
            "stale: {} ({})",
            refused.len(),
            named(refused.iter().map(SessionId::to_string))
        ));
        ways_out.push("`mirrord ui` removes a socket whose session is known to be dead");
    }
    if !unresponsive.is_empty() {
        let reasons = unresponsive.iter().map(|(id, reason)| format!("{id}: {reason}"));
        found.push(format!("unresponsive: {} ({})", unresponsive.len(), named(reasons)));
        ways_out.push("an unresponsive one is left alone: end its program, or remove its socket by hand");
    }
    if not_asked > 0 {
        found.push(format!("not asked: {not_asked}"));
    }
    let found = found.join(", ");
    if ways_out.is_empty() {
        Check::ok(NAME, found)
    } else {
        Check::warn(NAME, found, ways_out.join("; "))
    }
}

fn named(names: impl Iterator<Item = String>) -> String {
    let all: Vec<_> = names.collect();
    let more = all.len().saturating_sub(MAX_NAMED);
    let mut named = all.into_iter().take(MAX_NAMED).collect::<Vec<_>>().join("; ");
    if more > 0 {
        named.push_str(&format!("; and {more} more"));
    }
    named
}
