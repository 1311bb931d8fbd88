//! `mirrord ui`: becomes the one instance, binds, prints where it is, opens the browser, and serves until Ctrl-C. Where
//! another is the instance, prints where that one is.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use mirrord_ui_server::instance::{Instance, Taken, take};
use mirrord_ui_server::mirror::CliOverrides;
use mirrord_ui_server::{DevServer, LoopbackListeners, Options, Server};
use tokio_util::sync::CancellationToken;

use crate::args::{Replay, Sessions, Ui};
use crate::browser::BrowserEnv;
use crate::diagnostics::diagnostic;
use crate::session::record_class;
use crate::{browser, env, otlp, shutdown};

mod instance;
mod mirror;

/// The port that is taken where none is asked for.
pub(crate) const DEFAULT_PORT: u16 = 59281;

pub(crate) fn run(mut arguments: Ui) -> Result<ExitCode> {
    if let Some(command) = arguments.command.take() {
        return instance::run(command);
    }
    let sessions_dir = env::sessions_dir(arguments.sessions.clone())?;
    if !mirrord_private_files::inherits_privacy(&sessions_dir) {
        diagnostic!(
            "mirrord: {} is outside your profile: whoever may read it reads the token of this instance; choose a directory below \
             the profile with --sessions-dir",
            sessions_dir.display()
        );
    }
    let taken = take(&sessions_dir).map_err(|error| env::explain_owner(error.into(), &sessions_dir))?;
    let instance = match taken {
        Taken::Ours(instance) => instance,
        Taken::Running(running) => {
            instance::print_running(&running, &arguments);
            show(&running.url(), running.port(), arguments.no_open, || {
                Ok(running.ticket_url()?)
            });
            return Ok(ExitCode::SUCCESS);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    runtime.block_on(serve(arguments, sessions_dir, &instance))?;
    Ok(ExitCode::SUCCESS)
}

/// Serves records alone, with a sessions directory of its own that goes with it.
pub(crate) fn replay(arguments: Replay) -> Result<ExitCode> {
    let directory = tempfile::Builder::new().prefix("mirrord-replay-").tempdir();
    let directory = directory.context("cannot make a temporary directory")?;
    run(Ui {
        sessions: Sessions {
            sessions_dir: Some(directory.path().join("sessions")),
        },
        port: Some(arguments.port),
        no_open: arguments.no_open,
        no_cluster: true,
        replay: arguments.files,
        ..Ui::default()
    })
}

/// Returns the exit code of a failure: that of every command where it is a record's.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    match error.downcast_ref() {
        Some(mirrord_ui_server::Error::Record(error)) => record_class(error).0,
        _ => 1,
    }
}

async fn serve(arguments: Ui, sessions_dir: PathBuf, instance: &Instance) -> Result<()> {
    let listeners = bind(arguments.port).await?;
    // Where it cannot be raised, what it is has to do.
    let _ = mirrord_tcp_listener::raise_open_files_limit();
    let options = Options {
        sessions_dir,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        allow_hosts: arguments.allow_host,
        allow_frames: arguments.allow_frame,
        show_env_values: arguments.show_env_values,
        ask_cluster: !arguments.no_cluster,
        mirror: CliOverrides {
            on: arguments.mirror,
            mdns: arguments.mirror_mdns,
        },
        replays: arguments.replay,
        history: arguments.history,
        dev: arguments.dev.as_deref().map(DevServer::parse).transpose()?,
        otlp: otlp::settings(&arguments.otlp)?,
    };
    let server = Server::new(listeners, options)?;
    let shutdown = CancellationToken::new();
    shutdown::cancel_on_signals(vec![shutdown.clone(), server.hurry()])?;
    // Only now: a `mirrord ui stop` that finds us may stop us at once.
    instance.announce(&server);
    tracing::info!(port = server.port(), "listening");
    show(&server.url(), server.port(), arguments.no_open, || {
        Ok(server.ticket_url()?)
    });
    tokio::spawn(mirror::print_status(server.mirror()));
    let ending = async {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = instance.keep() => {
                diagnostic!("mirrord: another `mirrord ui` has this sessions directory since it was moved: this one ends");
                shutdown.cancel();
            }
        }
        instance.retract();
    };
    let exporter = server.exporter();
    tokio::join!(server.run(shutdown.clone()), ending);
    if let Some(info) = exporter.map(|exporter| exporter.info())
        && info.logs.dropped > 0
    {
        otlp::report(&info);
    }
    Ok(())
}

/// Prints an address, and opens the page where there is a browser to see. What opens it is given a ticket and not the
/// token: every user of the machine can read the arguments of a program.
fn show(url: &str, port: u16, no_open: bool, ticket_url: impl FnOnce() -> Result<String>) {
    // Without a reader of our output there is nothing to report.
    let _ = writeln!(io::stdout(), "Session Monitor: {url}").and_then(|()| io::stdout().flush());
    let environment = browser::environment();
    // Over SSH the address alone leads nowhere; in a container a user who asks for no browser knows that.
    let wanted = !(no_open && environment == BrowserEnv::Container);
    if let Some(advice) = browser::advice(&environment, port).filter(|_| wanted) {
        diagnostic!("mirrord: {advice}");
    }
    if !no_open && matches!(environment, BrowserEnv::Here | BrowserEnv::Wsl(_)) {
        let _ = writeln!(io::stdout(), "Opening the browser...");
        if let Err(error) = ticket_url().and_then(|url| Ok(browser::open(&environment, &url)?)) {
            diagnostic!("mirrord: the browser did not open ({error}); open the address above by hand");
        }
    }
}

/// A port asked for by hand has to be free. Without one, any free one does where the usual one is busy.
async fn bind(port: Option<u16>) -> Result<LoopbackListeners> {
    let is_in_use = |error: &io::Error| error.kind() == io::ErrorKind::AddrInUse;
    if let Some(port) = port {
        return match LoopbackListeners::bind(port).await {
            Err(error) if is_in_use(&error) => {
                bail!("port {port} is in use by another program; leave --port out to take a free one")
            }
            bound => bound.with_context(|| format!("cannot listen on port {port}")),
        };
    }
    match LoopbackListeners::bind(DEFAULT_PORT).await {
        Err(error) if is_in_use(&error) => {
            let listeners = LoopbackListeners::bind(0).await.context("cannot listen on any port")?;
            let port = listeners.port();
            diagnostic!("mirrord: port {DEFAULT_PORT} is in use by another program, so this is on port {port}");
            Ok(listeners)
        }
        bound => bound.with_context(|| format!("cannot listen on port {DEFAULT_PORT}")),
    }
}
