//! Sessions directory and session id: from flags, then the environment, then the default.

use std::env;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use mirrord_intproxy_ipc::BindError;
use mirrord_wire::SessionId;
use uuid::Uuid;

use crate::args::Sessions;
use crate::diagnostics;

const FLAG: &str = "--sessions-dir";
const SESSIONS_DIR: &str = "MIRRORD_SESSIONS_DIR";
/// Directory of mirrord in a home.
const DIRECTORY: &str = ".mirrord";
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
            .join(DIRECTORY)
            .join("sessions"),
    };
    std::path::absolute(&dir).with_context(|| format!("the sessions directory {} cannot be used", dir.display()))
}

/// Names the way out of an error that a sessions directory gives.
pub(crate) fn explain(error: BindError) -> anyhow::Error {
    let BindError::Io { path, source, .. } = &error else {
        return error.into();
    };
    let text = format!("{error}: {source}");
    if text.contains(FLAG) {
        return anyhow::anyhow!(text);
    }
    let way_out = format!("choose another directory with {FLAG} or {SESSIONS_DIR}");
    let denied = source.kind() == ErrorKind::PermissionDenied;
    let advice = match another_users(path).filter(|_| denied) {
        // Only what is mirrord's own is there to be given back.
        Some((directory, owner)) if is_mirrords(directory) => format!("{}, or {way_out}", give_back(directory, owner)),
        Some((directory, owner)) => {
            format!(
                "{} belongs to another user (uid {owner}): {way_out}",
                directory.display()
            )
        }
        None => way_out,
    };
    anyhow::anyhow!("{text}; {advice}")
}

/// Names the way out of an error of `mirrord ui` where another user owns what mirrord has in this home.
pub(crate) fn explain_owner(error: anyhow::Error, sessions_dir: &Path) -> anyhow::Error {
    match another_users(sessions_dir) {
        Some((directory, owner)) if is_mirrords(directory) => anyhow::anyhow!(
            "{}; {}, or choose another directory with --sessions-dir or {SESSIONS_DIR}",
            diagnostics::with_causes(&error),
            give_back(directory, owner)
        ),
        _ => error,
    }
}

fn is_mirrords(directory: &Path) -> bool {
    directory.components().any(|part| part.as_os_str() == DIRECTORY)
}

fn give_back(directory: &Path, owner: u32) -> String {
    let directory = directory.display();
    format!(
        "{directory} belongs to another user (uid {owner}), as after `sudo` with this home: \
         `sudo chown -R $(id -u) {directory}` gives it back"
    )
}

/// The part of a path that belongs to another user, and that user's number, where that is what keeps us out.
#[cfg(unix)]
fn another_users(path: &Path) -> Option<(&Path, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    let (found, metadata) = path
        .ancestors()
        .find_map(|part| Some((part, part.symlink_metadata().ok()?)))?;
    (metadata.uid() != rustix::process::geteuid().as_raw()).then_some((found, metadata.uid()))
}

#[cfg(not(unix))]
fn another_users(_path: &Path) -> Option<(&Path, u32)> {
    None
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

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn an_error_names_its_way_out_once() {
        for source in [
            ErrorKind::Unsupported,
            ErrorKind::PermissionDenied,
            ErrorKind::StorageFull,
        ] {
            let error = BindError::Io {
                doing: "listen at",
                path: "/nowhere/.new/s".into(),
                source: io::Error::from(source),
            };
            let cause = error.to_string();
            let text = format!("{:#}", explain(error));
            assert!(text.starts_with(&cause), "{text}");
            assert_eq!(text.matches(FLAG).count(), 1, "{text}");
        }
    }
}
