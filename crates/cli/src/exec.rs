//! `mirrord exec -- CMD`: publishes a session, watches the program, and ends as the program ends.
//!
//! Everything that can fail is done before the program starts: the id, the config, the directory, the socket. The
//! session's tasks run on a thread of their own; this one waits for the program.

mod ending;
mod last_reader;
#[cfg(unix)]
mod signals;
#[cfg(not(unix))]
#[path = "exec/no_signals.rs"]
mod signals;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use mirrord_config::Config;
use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_observe::Guardian;
use mirrord_wire::state::Policy;
use mirrord_wire::{SessionId, SessionInfo};
use tokio::runtime::Runtime;

use self::ending::Ending;
use self::signals::Held;
use crate::args::{Exec, GUARDIAN};
use crate::{failed, place};

/// What `exec` ends with where it failed itself: as `env`, `nohup` and `timeout` do.
const OWN_FAILURE: u8 = 125;

pub(crate) fn run(arguments: Exec) -> ExitCode {
    prepare(arguments).map_or_else(|error| failed(&error, OWN_FAILURE), Prepared::run)
}

/// Everything but the program.
struct Prepared {
    command: Vec<OsString>,
    /// The session and what serves it; `None` where the config turns it off.
    published: Option<Published>,
}

struct Published {
    id: SessionId,
    sessions_dir: PathBuf,
    runtime: Runtime,
    session: Session,
    tx: MonitorTx,
    ending: Ending,
    signals: Held,
}

fn prepare(arguments: Exec) -> Result<Prepared> {
    let Exec {
        sessions,
        config_file,
        target,
        command,
    } = arguments;
    let id = place::session_id()?;
    let config = config_file.as_deref().map(Config::load).transpose()?;
    if config.as_ref().is_some_and(|config| !config.api) {
        return Ok(Prepared {
            command,
            published: None,
        });
    }
    let sessions_dir = place::sessions_dir(sessions)?;
    let signals = Held::hold();
    let listener = SessionListener::bind(&sessions_dir, &id)?;
    let published = publish(id, sessions_dir, listener, config, target, signals)?;
    Ok(Prepared {
        command,
        published: Some(published),
    })
}

fn publish(
    id: SessionId,
    sessions_dir: PathBuf,
    listener: SessionListener,
    config: Option<Config>,
    target: Option<String>,
    signals: Held,
) -> Result<Published> {
    let info = SessionInfo {
        target: target
            .or_else(|| config.as_ref()?.target.clone())
            .unwrap_or_else(|| "targetless".to_owned()),
        key: config.as_ref().and_then(|config| config.key.clone()),
        namespace: config.as_ref().and_then(|config| config.namespace.clone()),
        started_at: humantime::format_rfc3339_micros(SystemTime::now()).to_string(),
        mirrord_version: env!("CARGO_PKG_VERSION").to_owned(),
        config_path: config.as_ref().map(|config| config.path.to_string_lossy().into_owned()),
        config: config.map(|config| config.json),
        ..SessionInfo::default()
    };
    // One thread is enough for any rate, and leaves the machine to the program.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime
        .worker_threads(1)
        .thread_name("mirrord-session")
        .enable_all()
        .build();
    let runtime = runtime.context("no thread for the session")?;
    let ending = Ending::default();
    let to_end = ending.clone();
    let _entered = runtime.enter();
    // Every event, at any rate: `mirrord ui` would show what the policy withholds as lost, which it is not.
    let builder = Session::builder(info).policy(Policy::All);
    let (tx, session) = builder.on_kill(move || to_end.request()).start(listener)?;
    drop(_entered);
    tracing::info!(session = %id, "published");
    Ok(Published {
        id,
        sessions_dir,
        runtime,
        session,
        tx,
        ending,
        signals,
    })
}

impl Prepared {
    fn run(self) -> ExitCode {
        let Self { command, published } = self;
        match published {
            Some(published) => published.run(command),
            None => unwatched(command),
        }
    }
}

impl Published {
    fn run(self, command: Vec<OsString>) -> ExitCode {
        let mut words = command.into_iter();
        let command = mirrord_observe::Command {
            program: words.next().unwrap_or_default(),
            arguments: words.collect(),
        };
        let guardian = Guardian::ThisProgram {
            arguments: vec![GUARDIAN.into()],
        };
        let tx = self.tx.clone();
        let started = mirrord_observe::start(&command, &guardian, move |observation| tx.emit(observation));
        let (signals, runtime, session) = (self.signals, self.runtime, self.session);
        let ended = started.map(|watched| {
            // The program has just replaced its process's image and said nothing yet.
            eprintln!("mirrord: session {} is open; look into it with `mirrord ui`", self.id);
            let watched = Arc::new(watched);
            self.ending.program_runs(&watched);
            signals.pass_on(Arc::downgrade(&watched));
            let status = watched.wait();
            self.ending.wait();
            (status, watched.counts())
        });
        match &ended {
            Ok(_) => runtime.block_on(last_reader::shutdown(session, &self.sessions_dir)),
            Err(_) => runtime.block_on(session.shutdown()),
        }
        if let Ok((status, counts)) = &ended {
            tracing::info!(?status, ?counts, "the program has ended");
        }
        match ended {
            Err(error) => {
                let code = error.shell_exit_code().unwrap_or(OWN_FAILURE);
                failed(&error.into(), code)
            }
            Ok((status, counts)) => {
                report(counts);
                status.map_or_else(|error| failed(&error.into(), OWN_FAILURE), end_as)
            }
        }
    }
}

/// What was not told is said.
fn report(counts: mirrord_observe::Counts) {
    let missed = counts.lost + counts.unread + counts.untold_processes;
    if missed > 0 {
        eprintln!("mirrord: {missed} of the program's calls could not be told");
    }
}

/// The program without a session: nothing is watched, so this process becomes it.
#[cfg(unix)]
fn unwatched(command: Vec<OsString>) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let mut words = command.into_iter();
    let program = words.next().unwrap_or_default();
    not_started(&program, std::process::Command::new(&program).args(words).exec())
}

#[cfg(not(unix))]
fn unwatched(command: Vec<OsString>) -> ExitCode {
    let mut words = command.into_iter();
    let program = words.next().unwrap_or_default();
    let status = std::process::Command::new(&program).args(words).status();
    status.map_or_else(|error| not_started(&program, error), end_as)
}

fn not_started(program: &OsStr, error: io::Error) -> ExitCode {
    let code = if error.kind() == io::ErrorKind::NotFound {
        127
    } else {
        126
    };
    failed(
        &anyhow::Error::new(error).context(format!("{} cannot be started", program.display())),
        code,
    )
}

/// Ends as the program did: with its code, or by its signal.
fn end_as(status: std::process::ExitStatus) -> ExitCode {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return signals::die_by(signal);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an exit code has eight bits on Unix"
    )]
    let code = status.code().unwrap_or(i32::from(OWN_FAILURE)) as u8;
    ExitCode::from(code)
}
