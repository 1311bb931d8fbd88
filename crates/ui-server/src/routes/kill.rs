//! `POST /api/sessions/:id/kill`: ends the program of a session, or says why not.

use std::sync::Arc;

use http::StatusCode;
use mirrord_session_client::limits::KILL_TIMEOUT;
use mirrord_session_client::{ClientError, LocatedSocket, SessionClient, SessionSocket};
use mirrord_wire::SessionId;
use mirrord_wire::api::{KillStatus, Killed};
use mirrord_wire::mirror::AuditKind;
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use super::answer::{self, Response};
use super::call::Call;
use super::openapi::{Flag, SessionPath, UnknownSession};
use super::sessions::log_device;
use crate::mirror::redact;
use crate::store::KillTarget;

/// Answer of `POST /api/sessions/:id/kill` once the session took the request.
#[derive(Debug, Serialize, ToSchema)]
struct Killing {
    /// Always `killing`.
    #[schema(pattern = "^killing$")]
    status: &'static str,
}

/// Answer of 202: without `wait` the first, with it the second.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a form of the description alone")]
#[schema(as = KillAccepted)]
#[serde(untagged)]
enum Accepted {
    Killing(Killing),
    Ending(Killed),
}

impl Default for Killing {
    fn default() -> Self {
        Self { status: "killing" }
    }
}

/// Refusal of an end: the status and the reason.
#[derive(Debug)]
pub(super) struct KillRefused {
    pub(super) status: StatusCode,
    pub(super) reason: String,
    /// There is nothing to be ended any more.
    pub(super) has_ended: bool,
}

impl KillRefused {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
            has_ended: false,
        }
    }

    fn ended() -> Self {
        Self {
            has_ended: true,
            ..Self::new(StatusCode::CONFLICT, "the session has ended")
        }
    }

    fn unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is no such session")
    }
}

/// Ends a session: 202 once it took the request, or the reason why it did not; with `wait`, what has become of it.
#[utoipa::path(
    post,
    path = "/api/sessions/{id}/kill",
    operation_id = "kill_session",
    tag = "sessions",
    params(SessionPath, ("wait" = inline(Option<Flag>), Query, description = "Waits for its end, at most 10 s")),
    responses(
        (status = 200, description = "With `wait`: the session has ended", body = Killed),
        (status = 202, description = "The session took the request", body = Accepted),
        UnknownSession,
        (status = 409, description = "The session has ended, or its socket is not connected to"),
        (status = 501, description = "The session has no way to end its program"),
        (status = 502, description = "The session refused, or its answer is none"),
        (status = 504, description = "The session did not answer within 10 s"),
    ),
)]
pub(super) async fn kill(id: &str, call: &Call) -> Response {
    let wait = match call.flag("wait") {
        Ok(wait) => wait,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    match end(id, wait, call).await {
        Ok(None) => answer::json(StatusCode::ACCEPTED, &Killing::default()),
        Ok(Some(killed)) => answer::json(status_of(&killed), &killed),
        Err(refused) => answer::error(refused.status, refused.reason),
    }
}

/// Returns the status of an answer that was waited for.
pub(super) fn status_of(killed: &Killed) -> StatusCode {
    match killed.status {
        KillStatus::Ended => StatusCode::OK,
        KillStatus::Ending => StatusCode::ACCEPTED,
    }
}

/// Requests the end of a session; where it took the request, waits for that end if it is to.
///
/// # Errors
/// The session did not take the request.
pub(super) async fn end(id: &str, wait: bool, call: &Call) -> Result<Option<Killed>, KillRefused> {
    match call.context.store.kill_target(id) {
        KillTarget::Unknown => Err(KillRefused::unknown()),
        KillTarget::Ended => Err(KillRefused::ended()),
        KillTarget::Released(version, pids) => {
            let pids: Vec<_> = pids.iter().map(u32::to_string).collect();
            let version = redact::version(&version);
            let reason = format!(
                "mirrord {version} can end its session API and not the program: end the program by its pid ({})",
                if pids.is_empty() {
                    "none is known".to_owned()
                } else {
                    pids.join(", ")
                }
            );
            Err(KillRefused::new(StatusCode::NOT_IMPLEMENTED, reason))
        }
        KillTarget::Forward => {
            tracing::info!(session = id, "to be ended");
            let asked = Instant::now();
            forward(id, call).await?;
            log_device(AuditKind::EndedSession, id, call);
            Ok(match wait {
                true => Some(ended(id, call, asked).await),
                false => None,
            })
        }
    }
}

/// Waits for the session's end, as long as one that has to use force needs.
async fn ended(id: &str, call: &Call, asked: Instant) -> Killed {
    let store = &call.context.store;
    let mut changes = store.subscribe();
    let end = async {
        while store.kill_target(id) == KillTarget::Forward {
            if changes.changed().await.is_err() {
                break;
            }
        }
    };
    let limit = KILL_TIMEOUT;
    let (status, message) = match timeout_at(asked + limit, end).await {
        Ok(()) => (KillStatus::Ended, "the session has ended".to_owned()),
        Err(_) => {
            let message = format!("the session has not ended within {} s", limit.as_secs());
            (KillStatus::Ending, message)
        }
    };
    let waited_ms = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
    Killed {
        status,
        message,
        waited_ms,
    }
}

/// Requests the end of a session whose socket has passed the checks of a scan. Neither the status nor the text of its
/// answer is forwarded: a session is no part of this API, and a device would see its answer without redaction.
async fn forward(id: &str, call: &Call) -> Result<(), KillRefused> {
    let socket = locate(id, call).await?;
    match SessionClient::new(&socket).kill().await {
        Ok(()) => Ok(()),
        Err(ClientError::Status { status, .. }) if status == StatusCode::NOT_IMPLEMENTED => Err(KillRefused::new(
            StatusCode::NOT_IMPLEMENTED,
            "the session has no way to end its program",
        )),
        Err(ClientError::Status { status, .. }) => {
            tracing::info!(session = id, status = status.as_u16(), "the session refused to end");
            let reason = "the session refused to end its program";
            Err(KillRefused::new(StatusCode::BAD_GATEWAY, reason))
        }
        Err(ClientError::Refused | ClientError::Gone) => Err(KillRefused::ended()),
        Err(error @ ClientError::TimedOut { .. }) => {
            let reason = format!("{error}; a program that is stopped, as by Ctrl-Z, ends when it is continued");
            Err(KillRefused::new(StatusCode::GATEWAY_TIMEOUT, reason))
        }
        Err(error) => Err(KillRefused::new(StatusCode::BAD_GATEWAY, error.to_string())),
    }
}

/// Looks up the socket with the checks of a scan, at this moment: a link or another user's socket is not connected to.
async fn locate(id: &str, call: &Call) -> Result<SessionSocket, KillRefused> {
    let Ok(id) = SessionId::new(id) else {
        return Err(KillRefused::unknown());
    };
    let directory = Arc::clone(&call.context.sessions_dir);
    let located = tokio::task::spawn_blocking(move || mirrord_session_client::locate(&directory, &id)).await;
    match located {
        Ok(Ok(LocatedSocket::Socket(socket))) => Ok(socket),
        Ok(Ok(LocatedSocket::Foreign(reason))) => Err(KillRefused::new(StatusCode::CONFLICT, reason)),
        Ok(Ok(LocatedSocket::Missing)) => Err(KillRefused::ended()),
        Ok(Err(error)) => {
            tracing::warn!("{error}");
            let reason = "the sessions directory cannot be used";
            Err(KillRefused::new(StatusCode::CONFLICT, reason))
        }
        Err(_) => {
            let reason = "the socket could not be looked up";
            Err(KillRefused::new(StatusCode::INTERNAL_SERVER_ERROR, reason))
        }
    }
}
