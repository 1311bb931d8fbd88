//! A minimal host: a session with made-up but plausible events, until Ctrl-C, `POST /kill`, or the terminal's end.
//!
//!     cargo run --package mirrord-intproxy-ipc --example host -- [--sessions-dir DIR] [--rate EVENTS_PER_SECOND] [--policy all]
//!
//! It watches nothing. What it shows is how little an intproxy has to do: bind, start, emit, shut down.

#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_wire::session::Policy;
use mirrord_wire::{Exit, MonitorEvent, Observation, Routing, SessionId, SessionInfo};
use tokio::sync::Notify;

/// The host's own process plays the program.
const PROGRAM: &str = "orders-service";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse()?;
    let id = SessionId::new(format!("example-{}", std::process::id()))?;
    let listener = SessionListener::bind(&arguments.sessions_dir, &id)?;
    eprintln!(
        "host: session {id} at {}; look with `mirrord ui`",
        listener.path().display()
    );

    let killed = Arc::new(Notify::new());
    let kill = Arc::clone(&killed);
    let mut builder = Session::builder(info()).on_kill(move || kill.notify_one());
    if arguments.every_event {
        builder = builder.policy(Policy::All);
    }
    let (tx, session) = builder.start(listener)?;
    tokio::select! {
        () = invent(&tx, arguments.rate) => {}
        () = killed.notified() => eprintln!("host: killed by a client"),
        ended = end_of_program() => ended?,
    }
    tx.emit(MonitorEvent::LayerDisconnected {
        pid: std::process::id(),
        exit: Exit::default(),
    });
    session.shutdown().await;
    Ok(())
}

struct Arguments {
    sessions_dir: PathBuf,
    rate: f64,
    /// Sends every event one by one, whatever the rate.
    every_event: bool,
}

impl Arguments {
    fn parse() -> Result<Self, Box<dyn Error>> {
        let variable = std::env::var_os("MIRRORD_SESSIONS_DIR").filter(|value| !value.is_empty());
        let mut sessions_dir = variable.map(PathBuf::from);
        let (mut rate, mut every_event) = (5.0, false);
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--sessions-dir" => sessions_dir = Some(PathBuf::from(value)),
                "--rate" => rate = value.parse()?,
                "--policy" if value == "all" => every_event = true,
                _ => return Err(format!("unknown argument {word}").into()),
            }
        }
        if !(0.001..=1e6).contains(&rate) {
            return Err("--rate is between 0.001 and 1000000 events a second".into());
        }
        let home = || Some(std::env::home_dir()?.join(".mirrord").join("sessions"));
        let sessions_dir = sessions_dir
            .or_else(home)
            .ok_or("no home directory: say where with --sessions-dir")?;
        Ok(Self {
            sessions_dir,
            rate,
            every_event,
        })
    }
}

fn info() -> SessionInfo {
    SessionInfo {
        target: "deployment/orders".to_owned(),
        started_at: rfc3339_now(),
        mirrord_version: env!("CARGO_PKG_VERSION").to_owned(),
        namespace: Some("staging".to_owned()),
        ..SessionInfo::default()
    }
}

/// Emits for as long as it is polled.
async fn invent(tx: &MonitorTx, rate: f64) {
    tx.emit(MonitorEvent::LayerConnected {
        pid: std::process::id(),
        parent_pid: None,
        process_name: Some(PROGRAM.to_owned()),
        cmdline: vec![PROGRAM.to_owned(), "--port".to_owned(), "8080".to_owned()],
        cwd: None,
    });
    tx.emit(MonitorEvent::EnvVar {
        vars: vec![
            ("DB_HOST".to_owned(), Some("postgres".to_owned())),
            ("LOG_LEVEL".to_owned(), Some("info".to_owned())),
        ],
    });
    tx.emit(MonitorEvent::PortSubscription {
        port: 8080,
        mode: "steal".into(),
        filter: Some("header x-user: dev".to_owned()),
        address: None,
    });
    let mut pause = tokio::time::interval(Duration::from_secs_f64(1.0 / rate));
    for number in 0_u64.. {
        pause.tick().await;
        tx.emit_with(|| made_up(number));
    }
}

/// One of a service's usual doings; the same number gives the same event.
fn made_up(number: u64) -> Observation {
    // A multiplicative hash, so that kinds do not come in turn.
    let pick = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let of = |names: &[&str]| names[pick as usize % names.len()].to_owned();
    let (event, routing) = match pick % 16 {
        0 | 1 => {
            let host = of(&[
                "postgres.staging.svc.cluster.local",
                "redis.staging.svc.cluster.local",
                "api.stripe.com",
            ]);
            (MonitorEvent::DnsQuery { host }, Routing::Remote)
        }
        2 | 3 => {
            let address = of(&["10.96.88.2", "10.96.14.70", "10.96.201.9"]);
            let (port, protocol) = (5432, Some("tcp".into()));
            let event = MonitorEvent::OutgoingConnection {
                address,
                port,
                protocol,
            };
            (event, Routing::Remote)
        }
        4 => {
            let (method, host) = (of(&["GET", "GET", "POST"]), "orders.staging".to_owned());
            let path = format!("/api/orders/{}", pick % 1_000);
            (MonitorEvent::IncomingRequest { method, path, host }, Routing::Remote)
        }
        kind => {
            let local = kind % 3 == 0;
            let path = match local {
                true => of(&[
                    "/usr/share/zoneinfo/UTC",
                    "/home/dev/orders/src/server.js",
                    "/tmp/orders.log",
                ]),
                false => of(&[
                    "/etc/app/feature-flags.json",
                    "/etc/resolv.conf",
                    "/var/run/secrets/token",
                ]),
            };
            let operation = of(&["open", "stat", "access", "readlink"]).into();
            let event = MonitorEvent::FileOp {
                path: Some(path),
                operation,
            };
            (event, if local { Routing::Local } else { Routing::Remote })
        }
    };
    Observation {
        pid: Some(std::process::id()),
        routing: Some(routing),
        ..event.into()
    }
}

/// Resolves when the user or the system asks the host to end, so that the socket goes with it.
#[cfg(unix)]
async fn end_of_program() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended,
        _ = terminate.recv() => Ok(()),
        _ = hangup.recv() => Ok(()),
    }
}

/// Resolves when the user asks the host to end, so that the pipe goes with it.
#[cfg(not(unix))]
async fn end_of_program() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// The time as RFC 3339 has it, by the civil calendar's rule for days since 1970 (the year starts in March here, so that
/// a leap day is its last).
fn rfc3339_now() -> String {
    let since_epoch = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
    let (days, second) = (since_epoch / 86_400 + 719_468, since_epoch % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (year + era * 400 + month / 10, (month + 2) % 12 + 1);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
