//! Where sessions live and what a session is called: flags, then the environment, then the default.

use std::env;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use mirrord_wire::SessionId;
use uuid::Uuid;

use crate::args::Sessions;

const SESSIONS_DIR: &str = "MIRRORD_SESSIONS_DIR";
const SESSION_ID: &str = "MIRRORD_SESSION_ID";

/// The sessions directory, absolute. An empty variable is an unset one.
pub(crate) fn sessions_dir(sessions: Sessions) -> Result<PathBuf> {
    let given = sessions
        .sessions_dir
        .or_else(|| variable(SESSIONS_DIR).map(PathBuf::from));
    let dir = match given {
        Some(dir) => dir,
        None => home()
            .with_context(|| format!("there is no home directory: say where with --sessions-dir or {SESSIONS_DIR}"))?
            .join(".mirrord")
            .join("sessions"),
    };
    std::path::absolute(&dir).with_context(|| format!("the sessions directory {} cannot be used", dir.display()))
}

/// The session's id: what the environment asks for, or a new one.
pub(crate) fn session_id() -> Result<SessionId> {
    match variable(SESSION_ID) {
        Some(id) => SessionId::new(id.to_string_lossy()).with_context(|| format!("{SESSION_ID} is not a session id")),
        None => Ok(SessionId::new(Uuid::new_v4().to_string())?),
    }
}

fn home() -> Option<PathBuf> {
    env::home_dir().filter(|home| home.is_absolute())
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
