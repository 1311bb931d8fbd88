//! Checks of the sessions directory: whose it is, who may look into it, room for a socket's path, and what lies about.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use mirrord_intproxy_ipc::SessionListener;
use mirrord_session_client::check_directory;
use mirrord_wire::SessionId;

use super::check::Check;
use crate::{diagnostics, env};

const NAME: &str = "sessions-directory";
/// Names of files that lie about, as many as fit into a line.
const MAX_NAMES: usize = 5;
/// Entries of a directory that are looked at; a session more is found by `mirrord ui`.
const MAX_ENTRIES: usize = 10_000;
/// Length of a UUID, the usual session id.
const USUAL_ID: &str = "00000000-0000-4000-8000-000000000000";

/// Checks the directory itself.
pub(super) fn check(path: &Path) -> Check {
    let shown = path.display();
    if let Err(error) = check_directory(path) {
        let explained = env::explain_owner(error.into(), path);
        return Check::fail(
            NAME,
            diagnostics::with_causes(&explained),
            "choose another directory with --sessions-dir or MIRRORD_SESSIONS_DIR, or put a directory of yours in its place",
        );
    }
    let fits = SessionId::new(USUAL_ID).map(|id| SessionListener::check_path(path, &id));
    if let Ok(Err(error)) = fits {
        return Check::fail(NAME, error.to_string(), "choose a shorter path with --sessions-dir");
    }
    match fs::metadata(path) {
        Ok(found) => access::of_directory(path, &found),
        Err(error) if error.kind() == ErrorKind::NotFound => missing(path),
        Err(error) => Check::fail(NAME, format!("{shown}: {error}"), "choose another with --sessions-dir"),
    }
}

/// A directory that the first session makes, where it may.
fn missing(path: &Path) -> Check {
    let shown = path.display();
    let parent = path.ancestors().skip(1).find(|parent| parent.exists());
    match parent {
        Some(parent) if access::may_write(parent) => {
            Check::ok(NAME, format!("{shown} is not there yet; the first session makes it"))
        }
        _ => Check::fail(
            NAME,
            format!("{shown} is not there, and may not be made"),
            "choose a directory of yours with --sessions-dir or MIRRORD_SESSIONS_DIR",
        ),
    }
}

/// Checks for files that no session needs.
pub(super) fn leftovers(sessions_dir: &Path) -> Check {
    let name = "stale-files";
    let (records, strangers) = (records_without_socket(sessions_dir), strangers(sessions_dir));
    if let Some(first) = strangers.first() {
        let names: Vec<_> = strangers
            .iter()
            .take(MAX_NAMES)
            .map(|path| path.display().to_string())
            .collect();
        let more = strangers.len().saturating_sub(MAX_NAMES);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let parent = first.parent().unwrap_or(sessions_dir).display();
        return Check::warn(
            name,
            format!("no session's, and left alone: {}{more}", names.join(", ")),
            format!("remove from {parent} by hand what you do not know"),
        );
    }
    if records > 0 {
        return Check::warn(
            name,
            format!("records of sessions that are gone: {records}"),
            "`mirrord ui` removes them as soon as their hosts are known to have ended",
        );
    }
    Check::ok(name, "none")
}

fn entries(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().take(MAX_ENTRIES);
    entries.flatten().map(|entry| entry.path())
}

/// Counts records in `.hosts` without a socket beside them.
fn records_without_socket(sessions_dir: &Path) -> usize {
    let gone = |path: &PathBuf| {
        let socket = path
            .file_stem()
            .map(|id| sessions_dir.join(id).with_added_extension("sock"));
        path.extension().is_some_and(|extension| extension == "json") && socket.is_some_and(|socket| !socket.exists())
    };
    entries(&sessions_dir.join(".hosts")).filter(gone).count()
}

/// Entries of the directory that no part of mirrord makes. Names with a dot in front are mirrord's own.
fn strangers(sessions_dir: &Path) -> Vec<PathBuf> {
    let is_known = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with('.') || is_session_file(path)
    };
    entries(sessions_dir).filter(|path| !is_known(path)).collect()
}

#[cfg(unix)]
fn is_session_file(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    // A link by a socket's name is named by the check of the sockets.
    let kind = fs::symlink_metadata(path).map(|found| found.file_type());
    path.extension().is_some_and(|extension| extension == "sock")
        && kind.is_ok_and(|kind| kind.is_socket() || kind.is_symlink())
}

#[cfg(not(unix))]
fn is_session_file(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "pipe" || extension == "new")
}

#[cfg(unix)]
mod access {
    //! Modes and rights of Unix.

    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use rustix::fs::Access;

    use super::{Check, NAME};

    /// A directory of this user, by its mode.
    pub(super) fn of_directory(path: &Path, found: &Metadata) -> Check {
        let shown = path.display();
        let mode = found.mode() & 0o7777;
        if !may_write(path) {
            return Check::fail(
                NAME,
                format!("{shown} may not be written to (mode {mode:04o}), or is on a read-only file system"),
                format!("`chmod 700 {shown}`, or choose another with --sessions-dir"),
            );
        }
        if mode & 0o077 != 0 {
            return Check::warn(
                NAME,
                format!("{shown} has mode {mode:04o}: others may look into it"),
                format!("`chmod 700 {shown}`; the sockets in it have mode 0600 all the same"),
            );
        }
        Check::ok(NAME, format!("{shown}, mode {mode:04o}, yours"))
    }

    pub(super) fn may_write(path: &Path) -> bool {
        rustix::fs::access(path, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    }
}

#[cfg(not(unix))]
mod access {
    //! Rights of Windows: an access list decides, which only a try shows; `mirrord ui` names what is refused.

    use std::fs::Metadata;
    use std::path::Path;

    use super::{Check, NAME};

    pub(super) fn of_directory(path: &Path, _found: &Metadata) -> Check {
        let shown = path.display();
        if mirrord_private_files::inherits_privacy(path) {
            return Check::ok(NAME, format!("{shown}, below your profile"));
        }
        Check::warn(
            NAME,
            format!("{shown} is outside your profile: others may be able to read it"),
            "choose one below the profile with --sessions-dir, or see to its access list",
        )
    }

    pub(super) fn may_write(path: &Path) -> bool {
        path.is_dir()
    }
}
