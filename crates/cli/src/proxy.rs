//! `mirrord proxy`: makes any local server reachable from the network. Binds, says where it is and that it adds no
//! sign-in, and passes bytes until Ctrl-C; a second Ctrl-C ends what is still open.
//!
//! The addresses stand alone on stdout; everything else goes to stderr.

use std::io::{self, Write as _};
use std::num::NonZero;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use mirrord_tcp_listener::{interfaces, reachable_addresses};
use mirrord_tcp_proxy::{self as tcp_proxy, Notice, Proxy, ProxyOptions, ProxyStats, Upstream};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::sync::CancellationToken;

use crate::diagnostics::diagnostic;
use crate::{args, shutdown};

/// Time for open connections to end after the first Ctrl-C.
const GRACE: Duration = Duration::from_secs(5);
/// Threads that forward bytes: more than a network can fill.
const MAX_WORKERS: usize = 8;
/// Threads for look-ups of names; there is one look-up at a time.
const MAX_LOOKUP_THREADS: usize = 2;
/// Open files besides connections: pipes, standard streams, those of the runtimes.
const OTHER_FILES: u64 = 192;

pub(crate) fn run(arguments: &args::Proxy) -> Result<ExitCode> {
    let main = runtime()?;
    let workers = workers()?;
    let handles = workers.iter().map(|worker| worker.handle.clone()).collect();
    let stats = main.block_on(serve(arguments, handles))?;
    show_stats(stats);
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: &args::Proxy, workers: Vec<Handle>) -> Result<ProxyStats> {
    let listener = tcp_proxy::listen(arguments.listen).await?;
    let bound = listener.local_addr().context("the listener has no address")?;
    check_open_files(arguments.max_connections);
    let options = ProxyOptions {
        upstream: arguments.upstream.clone(),
        max_connections: usize::from(arguments.max_connections),
        idle_timeout: arguments.idle_timeout.0,
        grace: GRACE,
    };
    let upstream = arguments.upstream.clone();
    let proxy = Proxy::new(listener, options, workers, move |notice| {
        show_notice(&upstream, &notice)
    })
    .await?;
    let (stop, at_once) = (CancellationToken::new(), CancellationToken::new());
    // The first one stops in order, the second one at once.
    shutdown::cancel_on_signals(vec![stop.clone(), at_once.clone()])?;
    show(&arguments.upstream, bound);
    tracing::info!(%bound, upstream = %arguments.upstream, "listening");
    Ok(proxy.run(stop, at_once).await)
}

/// A runtime on a thread of its own. One thread a runtime, and not many to one: what a connection brings is passed on by
/// the thread that was woken for it, and wakes no other.
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
        .name(format!("proxy-{number}"))
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
    match mirrord_tcp_listener::raise_open_files_limit() {
        Ok(limit) if limit < wanted => diagnostic!(
            "mirrord: the limit on open files ({limit}) is less than {max_connections} connections take: about {} fit",
            limit.saturating_sub(OTHER_FILES) / 2
        ),
        Ok(_) => {}
        Err(error) => tracing::info!(%error, "the limit on open files stays"),
    }
}

fn show(upstream: &Upstream, bound: std::net::SocketAddr) {
    let addresses = reachable_addresses(bound, &interfaces());
    let is_local = addresses.iter().all(|own| own.address.ip().is_loopback());
    let mut lines = format!("Proxy for {upstream}:\n");
    for own in &addresses {
        let reach = if own.address.ip().is_loopback() {
            "local"
        } else {
            "network"
        };
        lines.push_str(&format!("  {reach:8} http://{}\n", own.address));
    }
    // Without a reader of our output there is nothing to report.
    let _ = io::stdout()
        .write_all(lines.as_bytes())
        .and_then(|()| io::stdout().flush());
    match is_local {
        false => diagnostic!(
            "mirrord: this adds no sign-in and no encryption: whoever reaches these addresses reaches {upstream}. \
             `--listen 127.0.0.1:{}` keeps it to this machine",
            bound.port()
        ),
        true => diagnostic!("mirrord: this adds no sign-in: every user of this machine reaches {upstream} by it"),
    }
}

fn show_notice(upstream: &Upstream, notice: &Notice) {
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
            GRACE.as_secs()
        ),
        _ => {}
    }
}

/// Prints the counts of connections that were not served, where there are any.
fn show_stats(stats: ProxyStats) {
    let lost = [
        (stats.over_limit, "over the limit"),
        (stats.refused, "while the server was away"),
        (stats.idle, "closed for their silence"),
        (stats.reset, "reset"),
        (stats.cut_off, "cut off at the end"),
    ];
    let told: Vec<_> = lost
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !told.is_empty() {
        diagnostic!(
            "mirrord: connections: {} served, {}",
            stats.connections,
            told.join(", ")
        );
    }
}
