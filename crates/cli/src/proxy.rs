//! `mirrord proxy`: makes any local server reachable from the network. Binds, prints where it is and that it adds no
//! sign-in, and passes bytes until Ctrl-C; a second Ctrl-C ends what is still open.
//!
//! The addresses stand alone on stdout; everything else goes to stderr.

use std::io::{self, Write as _};
use std::num::NonZero;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use mirrord_ui_server::proxy::{self, Notice, Proxy, ProxyOptions, Served, Upstream};
use mirrord_wire::mirror::Reach;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::sync::CancellationToken;

use crate::diagnostics::diagnostic;
use crate::{args, shutdown};

/// Time in which open connections end after the first Ctrl-C.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// The threads that pass bytes: more than a network can fill.
const MAX_WORKERS: usize = 8;
/// The threads that look names up; a name is looked up once at a time.
const MAX_LOOKUP_THREADS: usize = 2;
/// The files that a process has besides its connections: pipes, its input and output, what its runtimes hold.
const OTHER_FILES: u64 = 192;

pub(crate) fn run(arguments: &args::Proxy) -> Result<ExitCode> {
    let main = runtime()?;
    let workers = workers()?;
    let handles = workers.iter().map(|worker| worker.handle.clone()).collect();
    let served = main.block_on(serve(arguments, handles))?;
    report_counts(served);
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: &args::Proxy, workers: Vec<Handle>) -> Result<Served> {
    let listener = proxy::listen(arguments.listen).await?;
    let bound = listener.local_addr().context("the listener has no address")?;
    check_open_files(arguments.max_connections);
    let options = ProxyOptions {
        upstream: arguments.upstream.clone(),
        max_connections: usize::from(arguments.max_connections),
        idle_timeout: arguments.idle_timeout.0,
        grace: DRAIN_TIMEOUT,
    };
    let upstream = arguments.upstream.clone();
    let proxy = Proxy::new(listener, options, workers, move |notice| {
        print_addresses(&upstream, &notice)
    })
    .await?;
    let (stop, at_once) = (CancellationToken::new(), CancellationToken::new());
    // The first one stops in order, the second one at once.
    shutdown::cancel_on_signals(vec![stop.clone(), at_once.clone()])?;
    show(&arguments.upstream, bound);
    tracing::info!(%bound, upstream = %arguments.upstream, "listening");
    Ok(proxy.run(stop, at_once).await)
}

/// A runtime on a thread of its own. One thread a runtime, and not many to one: what a connection brings is passed on
/// by the thread that was woken for it, and wakes no other.
struct Worker {
    handle: Handle,
    end: CancellationToken,
    thread: Option<thread::JoinHandle<()>>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end.cancel();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn workers() -> Result<Vec<Worker>> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    (0..processors.min(MAX_WORKERS)).map(worker).collect()
}

fn worker(number: usize) -> Result<Worker> {
    let runtime = runtime()?;
    let (handle, end) = (runtime.handle().clone(), CancellationToken::new());
    let ended = end.clone();
    let thread = thread::Builder::new()
        .name(format!("mirror-{number}"))
        .spawn(move || runtime.block_on(ended.cancelled()))
        .context("no thread")?;
    Ok(Worker {
        handle,
        end,
        thread: Some(thread),
    })
}

fn runtime() -> Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().max_blocking_threads(MAX_LOOKUP_THREADS);
    builder.build().context("no runtime")
}

/// Two sockets a connection have to fit into what the system lets a process open.
fn check_open_files(max_connections: u16) {
    let wanted = u64::from(max_connections) * 2 + OTHER_FILES;
    match mirrord_ui_server::raise_open_files_limit() {
        Ok(limit) if limit < wanted => diagnostic!(
            "mirrord: the limit on open files ({limit}) is less than {max_connections} connections take: about {} fit",
            limit.saturating_sub(OTHER_FILES) / 2
        ),
        Ok(_) => {}
        Err(error) => tracing::info!(%error, "the limit on open files stays"),
    }
}

fn show(upstream: &Upstream, bound: std::net::SocketAddr) {
    let urls = proxy::urls(bound);
    let mut lines = format!("Mirror of {upstream}:\n");
    for own in &urls {
        let reach = match own.reach {
            Reach::Network => "network",
            Reach::Local => "local",
        };
        lines.push_str(&format!("  {reach:8} {}\n", own.url));
    }
    // Nobody reads our output any more: then nobody needs to be told.
    let _ = io::stdout()
        .write_all(lines.as_bytes())
        .and_then(|()| io::stdout().flush());
    match urls.iter().any(|own| own.reach == Reach::Network) {
        true => diagnostic!(
            "mirrord: this adds no sign-in and no encryption: whoever reaches these addresses reaches {upstream}. \
             `--listen 127.0.0.1:{}` keeps it to this machine",
            bound.port()
        ),
        false => diagnostic!("mirrord: this adds no sign-in: every user of this machine reaches {upstream} by it"),
    }
}

fn print_addresses(upstream: &Upstream, notice: &Notice) {
    match notice {
        Notice::Down { reason } => {
            diagnostic!("mirrord: {upstream} cannot be reached ({reason}): clients are told 502 until it is back");
        }
        Notice::Up { refused } => diagnostic!("mirrord: {upstream} is back; turned away meanwhile: {refused}"),
        Notice::Full => diagnostic!("mirrord: all connections are taken (--max-connections): more are closed at once"),
        Notice::Loop => diagnostic!("mirrord: {upstream} leads back to this proxy; such a connection is closed"),
        Notice::NotAccepting { reason } => diagnostic!("mirrord: no connection can be accepted for now: {reason}"),
        Notice::Stopping { connections } => diagnostic!(
            "mirrord: stopping; still open: {connections}, closed in {} s, or at once with another Ctrl-C",
            DRAIN_TIMEOUT.as_secs()
        ),
        _ => {}
    }
}

/// Prints the number of connections that were not served.
fn report_counts(served: Served) {
    let lost = [
        (served.over_limit, "over the limit"),
        (served.refused, "while the server was away"),
        (served.idle, "closed for their silence"),
        (served.reset, "reset"),
        (served.cut_off, "cut off at the end"),
    ];
    let told: Vec<_> = lost
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !told.is_empty() {
        diagnostic!(
            "mirrord: connections: {} served, {}",
            served.connections,
            told.join(", ")
        );
    }
}
