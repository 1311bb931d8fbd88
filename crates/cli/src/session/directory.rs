//! The sessions of the directory, each with its answer to `/info`, and the search for the one that is meant.

use std::fmt;
use std::path::{Path, PathBuf};

use futures_util::future::join_all;
use mirrord_session_client::{ClientError, Scan, SessionClient, SessionSocket, StaleOutcome, scan};
use mirrord_wire::{InfoAnswer, SessionInfo, SessionStatus};

use super::error::SessionError;
use super::output::clean;
use crate::args::Sessions;
use crate::env;

/// A session of the directory.
#[derive(Debug)]
pub(crate) struct KnownSession {
    pub(crate) id: String,
    /// Its socket; none where the entry is never connected to.
    socket: Option<SessionSocket>,
    /// Its answer; a minimal one where it does not answer.
    pub(crate) answer: InfoAnswer,
    pub(crate) status: SessionStatus,
    /// Reason why it is not live.
    pub(crate) reason: Option<String>,
}

/// Id of a session, with what a person knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionName {
    pub(crate) id: String,
    /// Name, or target; may be empty.
    pub(crate) label: String,
}

impl fmt::Display for SessionName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.label.as_str() {
            "" => out.write_str(&self.id),
            label => write!(out, "{} ({})", self.id, clean(label)),
        }
    }
}

impl KnownSession {
    /// Returns the path of its socket.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.socket.as_ref().map(|socket| socket.path.as_path())
    }

    /// Returns its description.
    pub(crate) fn info(&self) -> &SessionInfo {
        &self.answer.info
    }

    /// Returns a client of it.
    ///
    /// # Errors
    /// It does not answer, or is not connected to.
    pub(crate) fn client(&self) -> Result<SessionClient, SessionError> {
        match (&self.socket, &self.reason) {
            (Some(socket), None) => Ok(SessionClient::new(socket)),
            (_, reason) => Err(SessionError::Unresponsive {
                id: self.id.clone(),
                reason: reason.clone().unwrap_or_default(),
            }),
        }
    }

    pub(crate) fn name(&self) -> SessionName {
        let info = self.info();
        let label = info.name.clone().unwrap_or_else(|| info.target.clone());
        SessionName {
            id: self.id.clone(),
            label,
        }
    }
}

/// The sessions directory, and the sessions that were in it.
#[derive(Debug)]
pub(crate) struct SessionList {
    pub(crate) directory: PathBuf,
    pub(crate) known: Vec<KnownSession>,
}

/// Reads the sessions of a directory, oldest first.
///
/// # Errors
/// The directory cannot be read.
pub(crate) async fn read(directory: &Path) -> Result<SessionList, SessionError> {
    let Scan { sockets, foreign, .. } = scan(directory)?;
    let asked = join_all(sockets.into_iter().map(ask)).await;
    let foreign = foreign.into_iter().map(|(id, reason)| KnownSession {
        id: id.to_string(),
        socket: None,
        answer: minimal(id.as_str()),
        status: SessionStatus::Unresponsive,
        reason: Some(reason),
    });
    let mut known: Vec<_> = asked.into_iter().flatten().chain(foreign).collect();
    known.sort_by(|one, other| {
        let key = |session: &KnownSession| (session.info().started_at.clone(), session.id.clone());
        key(one).cmp(&key(other))
    });
    let directory = directory.to_owned();
    Ok(SessionList { directory, known })
}

/// Reads the sessions of the directory that the command line means.
pub(crate) async fn read_of(sessions: Sessions) -> Result<SessionList, SessionError> {
    read(&env::sessions_dir(sessions).map_err(SessionError::Other)?).await
}

/// Finds the session that is meant, as [`SessionList::find`] does. One that is given by its whole id is asked alone: no other
/// one holds it up.
///
/// # Errors
/// The directory cannot be read, there is no such session, or several are meant.
pub(crate) async fn find(directory: &Path, given: Option<&str>) -> Result<KnownSession, SessionError> {
    if let Some(given) = given {
        let socket = scan(directory)?
            .sockets
            .into_iter()
            .find(|socket| socket.id.as_str() == given);
        if let Some(socket) = socket
            && let Some(session) = ask(socket).await
        {
            return Ok(session);
        }
    }
    read(directory).await?.find(given)
}

/// Finds the session that is meant in the directory that the command line means.
pub(crate) async fn find_of(sessions: Sessions, given: Option<&str>) -> Result<KnownSession, SessionError> {
    find(&env::sessions_dir(sessions).map_err(SessionError::Other)?, given).await
}

fn minimal(id: &str) -> InfoAnswer {
    let session_id = id.to_owned();
    InfoAnswer {
        info: SessionInfo {
            session_id,
            ..SessionInfo::default()
        },
        ..InfoAnswer::default()
    }
}

/// Requests the description of a session; `None` where the session is over.
async fn ask(socket: SessionSocket) -> Option<KnownSession> {
    let answer = SessionClient::new(&socket).info().await;
    let id = socket.id.to_string();
    let (answer, reason) = match answer {
        Ok(mut answer) => {
            // The file's name decides: it is unique, and it is what the socket is found by.
            answer.info.session_id.clone_from(&id);
            (answer, None)
        }
        Err(ClientError::Gone) => return None,
        Err(ClientError::Refused) => match socket.remove_if_stale(false) {
            StaleOutcome::Removed | StaleOutcome::Kept => return None,
            StaleOutcome::Foreign(reason) => (minimal(&id), Some(reason)),
        },
        Err(error) => (minimal(&id), Some(error.to_string())),
    };
    Some(KnownSession {
        id,
        socket: Some(socket),
        answer,
        status: match reason {
            None => SessionStatus::Live,
            Some(_) => SessionStatus::Unresponsive,
        },
        reason,
    })
}

impl SessionList {
    /// Finds the session that is meant: by its id, its name, its target or the beginning of its id, in this order; without
    /// any, the only one.
    ///
    /// # Errors
    /// There is none, or several are meant.
    pub(crate) fn find(mut self, given: Option<&str>) -> Result<KnownSession, SessionError> {
        if self.known.is_empty() {
            return Err(SessionError::NoSessions(self.directory));
        }
        let meant = match given {
            None => (0..self.known.len()).collect(),
            // An empty text is the beginning of every id: a variable that is not set must not end a session.
            Some("") => Vec::new(),
            Some(given) => self.meant(given),
        };
        match (&meant[..], given) {
            ([one], _) => Ok(self.known.swap_remove(*one)),
            ([], given) => Err(SessionError::NoMatch {
                given: given.unwrap_or_default().to_owned(),
                known: self.known.iter().map(KnownSession::name).collect(),
            }),
            (several, given) => Err(SessionError::Ambiguous {
                given: given.map(str::to_owned),
                matches: several.iter().map(|place| self.known[*place].name()).collect(),
            }),
        }
    }

    fn meant(&self, given: &str) -> Vec<usize> {
        type Test = fn(&KnownSession, &str) -> bool;
        let tests: [Test; 4] = [
            |session, given| session.id == given,
            |session, given| session.info().name.as_deref() == Some(given),
            |session, given| session.info().target == given,
            |session, given| session.id.starts_with(given),
        ];
        let found = tests.into_iter().map(|test| {
            let sessions = self.known.iter().enumerate();
            let fitting = sessions.filter(|(_, session)| test(session, given));
            fitting.map(|(place, _)| place).collect::<Vec<_>>()
        });
        found.into_iter().find(|places| !places.is_empty()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions(list: &[(&str, &str, &str)]) -> SessionList {
        let known = list.iter().map(|(id, name, target)| {
            let mut answer = minimal(id);
            answer.info.name = (!name.is_empty()).then(|| (*name).to_owned());
            answer.info.target = (*target).to_owned();
            KnownSession {
                id: (*id).to_owned(),
                socket: None,
                answer,
                status: SessionStatus::Live,
                reason: None,
            }
        });
        SessionList {
            directory: "/d".into(),
            known: known.collect(),
        }
    }

    #[test]
    fn a_session_is_found_by_id_name_target_and_prefix_in_this_order() {
        let all = || {
            sessions(&[
                ("ab-1", "", "pod/x"),
                ("ab-2", "api", "pod/y"),
                ("api", "", "pod/y"),
                ("apis", "ab-1", "z"),
            ])
        };
        let found = |given: &str| all().find(Some(given)).map(|session| session.id);
        assert_eq!(found("ab-1").unwrap(), "ab-1", "the id before another one's name");
        assert_eq!(found("api").unwrap(), "api", "the id before a longer one and a name");
        assert_eq!(found("pod/x").unwrap(), "ab-1");
        assert_eq!(found("apis").unwrap(), "apis");
        let several = found("ab-").unwrap_err();
        assert!(
            matches!(&several, SessionError::Ambiguous { matches, .. } if matches.len() == 2),
            "{several}"
        );
        assert_eq!(found("pod/y").unwrap_err().code(), 5);
        assert_eq!(found("none").unwrap_err().code(), 4);
        assert_eq!(sessions(&[]).find(Some("x")).unwrap_err().code(), 3);
        assert_eq!(all().find(None).unwrap_err().code(), 5);
        assert_eq!(sessions(&[("one", "", "")]).find(None).unwrap().id, "one");
        let empty = sessions(&[("one", "", "")]).find(Some("")).unwrap_err();
        assert_eq!(empty.code(), 4, "a variable that is not set is no session");
    }
}
