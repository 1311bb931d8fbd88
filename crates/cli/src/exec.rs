//! `mirrord exec -- CMD`: publishes a session, watches the program, and ends as the program ends.
//!
//! Everything that can fail is done before the program starts: the id, the config, the directory, the socket. The
//! session's tasks run on a thread of their own; this one waits for the program.

mod last_reader;
mod observed;
mod routing;
#[cfg(unix)]
mod signals;
#[cfg(not(unix))]
#[path = "exec/no_signals.rs"]
mod signals;
mod summary;
mod terminate;

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use mirrord_config::{Config, Facts};
use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_observe::{Error, PreparedProgram, SignalRelay, Stats, Tracee, Watchdog};
use mirrord_session_client::{LocatedSocket, SessionClient, locate};
use mirrord_what_if::{Reason, Sight};
use mirrord_wire::api::Suggestions;
use mirrord_wire::session::Policy;
use mirrord_wire::{Observation, SessionId, SessionInfo};
use tokio::runtime::Runtime;

use self::routing::Router;
use self::summary::SharedSummary;
use self::terminate::Termination;
use crate::args::{Exec, SummaryFormat, WATCHDOG};
use crate::diagnostics::{self, diagnostic};
use crate::record::{RecordPlan, Recorder};
use crate::{config, env, failed};

/// Exit code of `exec` where it failed itself: as `env`, `nohup` and `timeout` do.
const OWN_FAILURE: u8 = 125;
/// Interval at which `--wait-all` checks whether it is to wait no longer.
const WAIT_ALL_INTERVAL: Duration = Duration::from_millis(50);

pub(crate) fn run(arguments: Exec) -> ExitCode {
    // Elsewhere than on Linux no session is published for a program that cannot be watched.
    if cfg!(not(target_os = "linux"))
        && let Err(error) = mirrord_observe::check_support()
    {
        return failed(&error.into(), OWN_FAILURE);
    }
    prepare(arguments).map_or_else(|error| failed(&error, OWN_FAILURE), Prepared::run)
}

/// Everything but the program.
struct Prepared {
    command: mirrord_observe::Command,
    /// The session and what serves it, with its program; `None` where the config turns it off, and where this process is
    /// watched already.
    published: Option<(Published, PreparedProgram)>,
}

struct Published {
    id: SessionId,
    sessions_dir: PathBuf,
    runtime: Runtime,
    session: Session,
    tx: MonitorTx,
    termination: Termination,
    signals: SignalRelay,
    quiet: bool,
    wait_all: bool,
    /// Decides the events, where there is a config.
    plan: Option<Plan>,
    /// Records the session, where that was asked for.
    recorder: Option<Recorder>,
}

/// Config that decides the events of a run.
struct Plan {
    config: Config,
    facts: Facts,
    summary: SharedSummary,
    format: Option<SummaryFormat>,
}

impl Plan {
    fn new(config: &Config, arguments: &Exec) -> Result<Self> {
        let here = config::facts::of_this_machine();
        let facts = match &arguments.assume {
            Some(file) => config::facts::read(file)?.or(here),
            None => here,
        };
        Ok(Self {
            config: config.clone(),
            facts,
            summary: SharedSummary::new(arguments.summary.is_some()),
            format: arguments.summary,
        })
    }

    fn router<S: FnMut(Observation)>(&self, sink: S) -> Router<S> {
        Router::new(self.config.clone(), self.facts.clone(), self.summary.clone(), sink)
    }

    /// Prints the summary, where it was asked for. `missed` calls are among no events.
    fn print_summary(&self, missed: u64) {
        let Some(format) = self.format else { return };
        let suggestions = self.suggestions(missed);
        match format {
            SummaryFormat::Text => diagnostics::write(self.summary.text(&suggestions).as_bytes()),
            SummaryFormat::Json => diagnostic!("{}", self.summary.json(suggestions)),
        }
    }

    fn suggestions(&self, missed: u64) -> Suggestions {
        if !config::source(&self.config).variables.is_empty() {
            return Reason::Variables.answer();
        }
        let sight = Sight {
            has_local: true,
            unseen: missed,
            now: None,
        };
        mirrord_what_if::suggest(self.summary.run(), &self.config.json, &self.facts, sight)
    }
}

fn prepare(arguments: Exec) -> Result<Prepared> {
    let id = env::session_id()?;
    let config = config::load(arguments.config_file.as_deref(), arguments.key())?;
    let mut words = arguments.command.iter().cloned();
    let command = mirrord_observe::Command {
        program: words.next().unwrap_or_default(),
        arguments: words.collect(),
        marks_loader: config.is_some(),
    };
    let content = arguments.record_content;
    anyhow::ensure!(
        arguments.record.is_some() || !(content.with_values || content.redact),
        "--with-values and --redact are about a record: `--record FILE`"
    );
    let plan = config
        .as_ref()
        .map(|config| Plan::new(config, &arguments))
        .transpose()?;
    anyhow::ensure!(
        plan.is_some() || (arguments.assume.is_none() && arguments.summary.is_none()),
        "--assume and --summary need a config: `-f FILE`, or MIRRORD_CONFIG_FILE"
    );
    if config.as_ref().is_some_and(|config| !config.api) {
        anyhow::ensure!(
            arguments.record.is_none(),
            "--record needs a session, and the config turns it off: `api` is false"
        );
        let published = None;
        return Ok(Prepared { command, published });
    }
    let sessions_dir = env::sessions_dir(arguments.sessions.clone())?;
    mirrord_observe::raise_limits()?;
    // From here on no signal ends us: the socket would stay behind.
    let signals = SignalRelay::start();
    let watchdog = Watchdog::ThisProgram {
        arguments: vec![WATCHDOG.into()],
    };
    // Before the session is made, so that the watchdog starts meanwhile.
    let program = match PreparedProgram::new(command.clone(), watchdog) {
        Err(Error::AlreadyWatched) => {
            signals.end();
            report_outer_watcher(arguments.quiet, arguments.record.is_some());
            let published = None;
            return Ok(Prepared { command, published });
        }
        program => program?,
    };
    let listener = SessionListener::bind(&sessions_dir, &id).map_err(env::explain)?;
    let mut published = publish(id, sessions_dir, listener, config, arguments, signals)?;
    published.plan = plan;
    let published = Some((published, program));
    Ok(Prepared { command, published })
}

fn report_outer_watcher(quiet: bool, is_recorded: bool) {
    if !quiet {
        let reason = Error::AlreadyWatched;
        diagnostic!("mirrord: {reason}: the program runs with no session of its own");
    }
    if is_recorded {
        diagnostic!("mirrord: nothing is recorded: record the outer session");
    }
}

fn publish(
    id: SessionId,
    sessions_dir: PathBuf,
    listener: SessionListener,
    config: Option<Config>,
    arguments: Exec,
    signals: SignalRelay,
) -> Result<Published> {
    let given_key = arguments.key().map(str::to_owned);
    let info = SessionInfo {
        target: arguments
            .target
            .or_else(|| config.as_ref()?.target.clone())
            .unwrap_or_else(|| "targetless".to_owned()),
        key: given_key.or_else(|| config.as_ref()?.key.clone()),
        namespace: config.as_ref().and_then(|config| config.namespace.clone()),
        started_at: humantime::format_rfc3339_micros(SystemTime::now()).to_string(),
        mirrord_version: env!("CARGO_PKG_VERSION").to_owned(),
        config_path: config
            .as_ref()
            .and_then(|config| Some(config.path.as_ref()?.to_string_lossy().into_owned())),
        config_source: config.as_ref().map(config::source),
        config: config.map(|config| config.json),
        redirects: Some(false),
        name: arguments.name,
        cwd: std::env::current_dir()
            .ok()
            .map(|directory| directory.to_string_lossy().into_owned()),
        terminal: terminal(),
        ..SessionInfo::default()
    };
    let record = arguments
        .record
        .map(|path| RecordPlan::new(path, arguments.record_content).create(described(&info, &id)))
        .transpose()?;
    // One thread is enough for any rate, and leaves the machine to the program.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime
        .worker_threads(1)
        .thread_name("mirrord-session")
        .enable_all()
        .build();
    let runtime = runtime.context("no thread for the session")?;
    let termination = Termination::default();
    let on_kill = termination.clone();
    let _entered = runtime.enter();
    // Every event, at any rate: `mirrord ui` would show what the policy withholds as lost, which it is not.
    let builder = Session::builder(info).policy(Policy::All);
    let (tx, session) = builder.on_kill(move || on_kill.request()).start(listener)?;
    drop(_entered);
    let recorder = record
        .map(|record| record.start(own_client(&sessions_dir, &id)?, id.to_string()))
        .transpose()?;
    tracing::info!(session = %id, "published");
    Ok(Published {
        id,
        sessions_dir,
        runtime,
        session,
        tx,
        termination,
        signals,
        quiet: arguments.quiet,
        wait_all: arguments.wait_all,
        plan: None,
        recorder,
    })
}

/// Description of the session as its socket has it.
fn described(info: &SessionInfo, id: &SessionId) -> SessionInfo {
    SessionInfo {
        session_id: id.to_string(),
        protocol_version: mirrord_wire::PROTOCOL_VERSION,
        ..info.clone()
    }
}

/// Client of the session of this process.
fn own_client(sessions_dir: &Path, id: &SessionId) -> Result<SessionClient> {
    match locate(sessions_dir, id)? {
        LocatedSocket::Socket(socket) => Ok(SessionClient::new(&socket)),
        LocatedSocket::Foreign(reason) => anyhow::bail!("the session cannot be recorded: {reason}"),
        LocatedSocket::Missing => anyhow::bail!("the session cannot be recorded: its socket is gone"),
    }
}

/// The terminal of the standard streams, which the program shares.
fn terminal() -> Option<String> {
    let is_terminal = [
        io::stdin().is_terminal(),
        io::stdout().is_terminal(),
        io::stderr().is_terminal(),
    ];
    let fd = is_terminal.into_iter().position(|is_terminal| is_terminal)?;
    let path = std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()?;
    Some(path.to_string_lossy().into_owned())
}

impl Prepared {
    fn run(self) -> ExitCode {
        let Self { command, published } = self;
        match published {
            Some((published, program)) => published.run(program),
            None => unwatched(&command),
        }
    }
}

impl Published {
    fn run(mut self, program: PreparedProgram) -> ExitCode {
        let tx = self.tx.clone();
        let emit = move |observation: Observation| tx.emit(observation);
        let started = match &self.plan {
            Some(plan) => {
                let mut router = plan.router(emit);
                program.start(move |observation| router.emit(observation))
            }
            None => program.start(emit),
        };
        let ended = started.map(|watched| self.watch(watched));
        match &ended {
            Ok(_) => self
                .runtime
                .block_on(last_reader::shutdown(self.session, &self.sessions_dir)),
            Err(_) => self.runtime.block_on(self.session.shutdown()),
        }
        self.recorder.take().into_iter().for_each(Recorder::finish);
        self.signals.end();
        match ended {
            Ok((status, stats)) => {
                tracing::info!(?status, ?stats, "the program has ended");
                let missed = report(stats, self.quiet);
                self.plan.iter().for_each(|plan| plan.print_summary(missed));
                status.map_or_else(|error| failed(&error.into(), OWN_FAILURE), end_as)
            }
            Err(error) => not_started(error),
        }
    }

    /// Waits for the program, and for what it leaves behind where that was asked for.
    fn watch(&mut self, watched: Tracee) -> (io::Result<ExitStatus>, Stats) {
        self.recorder.iter().for_each(Recorder::program_started);
        // For a person. A script that reads stderr expects what the program writes there.
        if !self.quiet && io::stderr().is_terminal() {
            // The program has just replaced its process's image and said nothing yet.
            diagnostic!("mirrord: session {} is open; look into it with `mirrord ui`", self.id);
            if self.plan.is_some() {
                diagnostic!("mirrord: nothing goes to a cluster: this shows what would, by the config");
            }
        }
        let watched = Arc::new(watched);
        self.termination.program_runs(&watched);
        self.signals.pass_on(Arc::downgrade(&watched));
        let status = watched.wait();
        if let Ok(status) = status {
            let exit = mirrord_observe::exit_of(status);
            if let Some(recorder) = &self.recorder {
                recorder.program_ended(exit.clone());
            }
            self.session.update(|info| info.exit = Some(exit));
        }
        while self.wait_all
            && !watched.wait_for_tree(WAIT_ALL_INTERVAL)
            && !self.termination.is_requested()
            && !self.signals.end_is_requested()
        {}
        self.termination.wait();
        self.signals.finish();
        (status, watched.stats())
    }
}

/// Prints the number of calls that are missing from the events, and returns it.
fn report(stats: Stats, quiet: bool) -> u64 {
    let missed = stats.dropped + stats.unreadable + stats.untracked_processes;
    if missed > 0 {
        diagnostic!("mirrord: {missed} of the program's calls could not be told");
    }
    if stats.late {
        diagnostic!("mirrord: the program's last events are missing: telling them took too long");
    }
    if stats.abandoned_lookups > 0 && !quiet {
        diagnostic!(
            "mirrord: {} look-ups behind the program's did not end: nothing on their mounts has an outcome from then on",
            stats.abandoned_lookups
        );
    }
    if stats.refused_listeners > 0 && !quiet {
        diagnostic!(
            "mirrord: the program asked for a seccomp listener of its own and got EBUSY: a process can have one only, and \
             `mirrord exec` has it"
        );
    }
    missed + u64::from(stats.late)
}

/// The program without a session: nothing is watched, so this process becomes it.
fn unwatched(command: &mirrord_observe::Command) -> ExitCode {
    not_started(mirrord_observe::replace_process(command))
}

fn not_started(error: Error) -> ExitCode {
    let code = error.shell_exit_code().unwrap_or(OWN_FAILURE);
    failed(&error.into(), code)
}

/// Ends as the program did: with its code, or by its signal.
fn end_as(status: ExitStatus) -> ExitCode {
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
