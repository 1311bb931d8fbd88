//! `mirrord session wait`: waits for an event, and for its session where that is not there yet.

use std::path::Path;
use std::process::ExitCode;

use mirrord_session_client::DirectoryWatcher;
use tokio::time::timeout_at;

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::events::{self, Printer};
use super::stream::SessionEvents;
use crate::{args, env};

pub(super) async fn run(arguments: args::SessionWait) -> Result<ExitCode, SessionError> {
    let deadline = tokio::time::Instant::now() + arguments.timeout;
    let given = arguments.session;
    let mut printer = Printer::new(
        events::parse(&arguments.filter)?,
        given.json,
        arguments.with_values,
        arguments.since,
    );
    printer.left = Some(1);
    let directory = env::sessions_dir(given.sessions).map_err(SessionError::Other)?;
    let is_over = |what: String| SessionError::TimedOut {
        limit: arguments.timeout,
        what,
    };
    let session = match timeout_at(deadline, appear(&directory, given.session.as_deref())).await {
        Ok(session) => session?,
        Err(_) => {
            let name = given
                .session
                .as_deref()
                .map_or(String::new(), |name| format!(" `{name}`"));
            return Err(is_over(format!("no session{name} appeared")));
        }
    };
    let client = session.client()?;
    let read = async {
        printer.learn_processes(&client, &session).await;
        let mut events = SessionEvents::new(client.clone(), session.id.clone(), arguments.since);
        while let Some(batch) = events.next().await? {
            printer.print_matches(&batch)?;
            if printer.left == Some(0) {
                return Ok(());
            }
        }
        Err(SessionError::Ended {
            id: session.id.clone(),
            what: ", and no event matched",
        })
    };
    let read = timeout_at(deadline, read).await;
    match read {
        Ok(result) => result.map(|()| ExitCode::SUCCESS),
        Err(_) => Err(is_over(format!(
            "no event of the session {} matched; {} were looked at",
            session.id, printer.read
        ))),
    }
}

/// Waits until there is a session that is meant.
async fn appear(directory: &Path, given: Option<&str>) -> Result<KnownSession, SessionError> {
    let mut watcher = DirectoryWatcher::new(directory.to_owned());
    loop {
        watcher.next_scan().await?;
        match directory::read(directory).await?.find(given) {
            Err(SessionError::NoSessions(_) | SessionError::NoMatch { .. }) => {}
            found => return found,
        }
    }
}
