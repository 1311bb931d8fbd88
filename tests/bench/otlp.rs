//! Cost of sending to an OpenTelemetry endpoint: the share of a core that `mirrord ui` takes at a rate of events, with an endpoint
//! and without one, and what is lost on the way.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::api::OtlpInfo;
use mirrord_wire::{Routing, SessionInfo, SessionSummary};
use tokio::net::TcpListener;

const RATE: u32 = 10_000;
const TIME: Duration = Duration::from_secs(10);
const ROUNDS: usize = 2;

pub(crate) async fn run() -> Result<()> {
    let seconds = TIME.as_secs();
    println!("\n`mirrord ui` with an OpenTelemetry endpoint, {RATE} events/s for {seconds} s; {ROUNDS} rounds in turn");
    let endpoint = endpoint().await?;
    for _ in 0..ROUNDS {
        let alone = measure(None).await?;
        let sending = measure(Some(endpoint)).await?;
        let Figures { share, sent, lost } = sending;
        println!(
            "  core share: without {:.3}   with {share:.3} (goal: at most 0.3)   sent {sent}, lost {lost} (goal: 0)",
            alone.share
        );
    }
    Ok(())
}

struct Figures {
    /// Of one core.
    share: f64,
    sent: u64,
    lost: u64,
}

async fn measure(endpoint: Option<SocketAddr>) -> Result<Figures> {
    let home = Home::new();
    let url = endpoint.map(|address| format!("http://{address}"));
    let mut arguments = vec!["--port", "0"];
    arguments.extend(url.iter().flat_map(|url| ["--otlp-endpoint", url.as_str()]));
    let ui = Ui::start_with(&home, &arguments).await;
    let host = Host::start(&home, "otlp", SessionInfo::default());
    eventually("the session is followed", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
        (sessions.len() == 1).then_some(())
    })
    .await;
    let pid = ui.child.id().context("mirrord ui has ended")?;
    let (before, began) = (cpu_time(pid)?, Instant::now());
    let emitted = tokio::task::spawn_blocking(move || (emit(&host), host)).await?;
    let took = began.elapsed().as_secs_f64();
    let share = (cpu_time(pid)? - before).as_secs_f64() / took;
    let (emitted, _host) = emitted;
    if endpoint.is_none() {
        return Ok(Figures {
            share,
            sent: 0,
            lost: 0,
        });
    }
    let info: OtlpInfo = eventually("everything was sent or dropped", async || {
        let info: OtlpInfo = ui.json("/api/otlp").await;
        (info.logs.sent + info.logs.dropped >= emitted).then_some(info)
    })
    .await;
    Ok(Figures {
        share,
        sent: info.logs.sent,
        lost: emitted - info.logs.sent,
    })
}

/// Emits events at the rate; returns their number.
fn emit(host: &Host) -> u64 {
    let began = Instant::now();
    let mut told = 0;
    while began.elapsed() < TIME {
        let due = (began.elapsed().as_secs_f64() * f64::from(RATE)) as u64;
        while told < due {
            let path = format!("/srv/shop/node_modules/package-{}/index.js", told % 5_000);
            host.file(&path, "open", Routing::Local, Some("feature.fs.local[0]"));
            told += 1;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    told
}

/// Time that a process has had of the processor, of all its threads (proc_pid_stat(5)).
fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit_once(')').context("no /proc/PID/stat")?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    let ticks: u64 = ticks.sum::<Result<u64, _>>()?;
    // USER_HZ is 100 on every architecture of Linux that we build for.
    Ok(Duration::from_millis(ticks * 10))
}

/// Starts an endpoint that takes everything.
async fn endpoint() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(take));
            tokio::spawn(connection);
        }
    });
    Ok(address)
}

async fn take(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    // One that broke off is sent again.
    let _ = request.into_body().collect().await;
    Ok(Response::default())
}
