//! The mirror from the command line: its status on the terminal, and `mirrord ui mirror pair`, `status`, `devices` and
//! `revoke`, which ask the `mirrord ui` that runs.
//!
//! Output for programs is alone on stdout; everything else goes to stderr. Each exits with 1 where none runs.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use mirrord_ui_server::instance::{self, Running};
use mirrord_ui_server::mirror::{MirrorWatch, qr};
use mirrord_wire::ApiError;
use mirrord_wire::mirror::{Device, MirrorState, MirrorStatus, Pairing};
use serde::de::DeserializeOwned;

use crate::args::{Mirror, MirrorCommand, Revoke, Sessions, Status};
use crate::diagnostics::{self, diagnostic};
use crate::env;

const NONE_RUNS: u8 = 1;

/// Prints in the terminal where the mirror is and why it is not, for as long as it runs. The random password is shown
/// here and never logged.
pub(super) async fn print_status(mut mirror: MirrorWatch) {
    let mut last = String::new();
    while let Some(status) = mirror.changed().await {
        let said = match status.state {
            MirrorState::Off => String::new(),
            MirrorState::On => where_it_is(&status),
            MirrorState::Waiting | MirrorState::Failed => {
                let reason = status.reason.unwrap_or_default();
                if reason != last {
                    diagnostic!("mirrord: the mirror is not on: {reason}");
                }
                last = reason;
                continue;
            }
        };
        if said != last && !said.is_empty() {
            print(&said);
        }
        last = said;
    }
}

fn where_it_is(status: &MirrorStatus) -> String {
    let urls: Vec<_> = status.urls.iter().map(|own| own.url.as_str()).collect();
    let mut said = format!("Mirror: {}", urls.join(" "));
    let credentials = &status.credentials;
    if let Some(password) = &credentials.password {
        said.push_str(&format!("\nMirror sign-in: {} {password}", credentials.username));
    }
    said
}

pub(super) fn run(arguments: Mirror) -> Result<ExitCode> {
    match arguments.command {
        MirrorCommand::Pair(sessions) => with(sessions, pair),
        MirrorCommand::Status(Status { sessions, json }) => with(sessions, |running| status(running, json)),
        MirrorCommand::Devices(Status { sessions, json }) => with(sessions, |running| devices(running, json)),
        MirrorCommand::Revoke(Revoke { sessions, id, .. }) => with(sessions, |running| revoke(running, id.as_deref())),
    }
}

fn with(sessions: Sessions, ask: impl FnOnce(&Running) -> Result<()>) -> Result<ExitCode> {
    let directory = env::sessions_dir(sessions)?;
    match instance::find(&directory)? {
        Some(running) => ask(&running).map(|()| ExitCode::SUCCESS),
        None => {
            diagnostic!("mirrord: not running: no `mirrord ui` for {}", directory.display());
            Ok(ExitCode::from(NONE_RUNS))
        }
    }
}

/// Asks, and gives the body of an answer that is a success.
fn text(running: &Running, method: &str, path: &str, body: &str) -> Result<String> {
    let (status, answer) = running
        .ask(method, path, body)
        .context("the `mirrord ui` that runs does not answer")?;
    if !(200..300).contains(&status) {
        let reason = serde_json::from_str::<ApiError>(&answer).map_or_else(|_| status.to_string(), |told| told.error);
        bail!("{reason}");
    }
    Ok(answer)
}

fn ask<T: DeserializeOwned>(running: &Running, method: &str, path: &str, body: &str) -> Result<T> {
    let answer = text(running, method, path, body)?;
    serde_json::from_str(&answer).context("the `mirrord ui` that runs is of another version")
}

fn pair(running: &Running) -> Result<()> {
    let pairing: Pairing = ask(running, "POST", "/api/mirror/pair", "{}")?;
    diagnostics::write(qr::terminal(&pairing.url).as_bytes());
    diagnostic!("Good once, until {}:", pairing.expires_at);
    for url in &pairing.urls {
        print(url);
    }
    Ok(())
}

fn status(running: &Running, json: bool) -> Result<()> {
    if json {
        print(&text(running, "GET", "/api/mirror", "")?);
        return Ok(());
    }
    let status: MirrorStatus = ask(running, "GET", "/api/mirror", "")?;
    let state = match status.state {
        MirrorState::Off => "off",
        MirrorState::On => "on",
        MirrorState::Waiting => "waiting",
        MirrorState::Failed => "failed",
    };
    match &status.reason {
        Some(reason) => print(&format!("{state}: {reason}")),
        None => print(state),
    }
    if status.state == MirrorState::On {
        print(&where_it_is(&status));
    }
    for device in &status.connected {
        print(&format!(
            "connected: {} at {} ({})",
            device.name, device.address, device.id
        ));
    }
    if let Some(warning) = &status.warning {
        diagnostic!("mirrord: {warning}");
    }
    Ok(())
}

fn devices(running: &Running, json: bool) -> Result<()> {
    if json {
        print(&text(running, "GET", "/api/mirror/devices", "")?);
        return Ok(());
    }
    let devices: Vec<Device> = ask(running, "GET", "/api/mirror/devices", "")?;
    if devices.is_empty() {
        diagnostic!("mirrord: no device is signed in");
    }
    for device in devices {
        let role = format!("{:?}", device.role).to_lowercase();
        print(&format!(
            "{}  {role}  {}  {}  last seen {}",
            device.id, device.address, device.name, device.last_seen_at
        ));
    }
    Ok(())
}

fn revoke(running: &Running, id: Option<&str>) -> Result<()> {
    let path = match id {
        // It becomes a part of a path: nothing but hexadecimal is an id.
        Some(id) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("/api/mirror/devices/{id}")
        }
        Some(_) => bail!("there is no such device"),
        None => "/api/mirror/devices".to_owned(),
    };
    text(running, "DELETE", &path, "").map(|_| ())
}

fn print(line: &str) {
    // Without a reader of our output there is nothing to report.
    let _ = writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush());
}
