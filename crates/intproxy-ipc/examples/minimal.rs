//! The least that a host does: bind, start, emit, shut down.
//!
//!     cargo run --package mirrord-intproxy-ipc --example minimal -- DIR
//!
//! Then, elsewhere: `echo 'GET /events?since=0' | nc -U DIR/minimal.sock`. It emits one event a second, until Ctrl-C or
//! `POST /kill`. A host with made-up events of all kinds is in `host.rs`.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use mirrord_intproxy_ipc::{Session, SessionListener};
use mirrord_wire::{MonitorEvent, SessionId, SessionInfo};
use tokio::sync::Notify;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args_os().nth(1).ok_or("which directory?")?;
    let listener = SessionListener::bind(directory.as_ref(), &SessionId::new("minimal")?)?;
    let killed = Arc::new(Notify::new());
    let kill = Arc::clone(&killed);
    let builder = Session::builder(SessionInfo::default()).on_kill(move || kill.notify_one());
    let (tx, session) = builder.start(listener)?;

    let mut second = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = second.tick() => tx.emit_with(|| MonitorEvent::DnsQuery { host: "postgres".to_owned() }),
            () = killed.notified() => break,
            ended = tokio::signal::ctrl_c() => break ended?,
        }
    }
    session.shutdown().await;
    Ok(())
}
