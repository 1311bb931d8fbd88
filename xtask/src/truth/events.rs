//! Calls of a program as `mirrord exec` reports them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::calls::Calls;
use super::programs::{Program, behind_a_gate, in_folder};

/// Time in which the session's socket is there.
const START_TIMEOUT: Duration = Duration::from_secs(30);
const SESSION: &str = "truth";

/// Runs a program and reads its session.
pub(super) fn calls(binary: &Path, program: &Program, folder: &Path) -> Result<Calls> {
    let sessions = folder.join("sessions");
    let mut exec = Command::new(binary);
    exec.args(["exec", "-q", "--sessions-dir"]).arg(&sessions).arg("--");
    exec.args(behind_a_gate(program)).stdin(Stdio::piped());
    in_folder(&mut exec, &folder.join("work"));
    let mut child = exec
        .env("MIRRORD_SESSION_ID", SESSION)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let stream = connect(&sessions.join(format!("{SESSION}.sock")));
    let stream = stream.and_then(|mut stream| {
        stream.write_all(b"GET /events?since=0\n")?;
        Ok(BufReader::new(stream))
    });
    // The program waits for this line.
    drop(child.stdin.take().map(|mut input| input.write_all(b"go\n")));
    let read = stream.and_then(read);
    child.wait()?;
    read
}

fn connect(socket: &Path) -> Result<UnixStream> {
    let deadline = Instant::now() + START_TIMEOUT;
    loop {
        match UnixStream::connect(socket) {
            Ok(stream) => return Ok(stream),
            Err(error) if Instant::now() > deadline => return Err(error).context("the session never came"),
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn read(stream: BufReader<UnixStream>) -> Result<Calls> {
    let mut calls = Calls::default();
    for line in stream.lines() {
        let event: Value = serde_json::from_str(&line?)?;
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let outcome = text("outcome");
        match text("type") {
            Some("FileOp") => {
                if let (Some(path), Some(operation)) = (text("path"), text("operation")) {
                    calls.add(operation, path, outcome);
                }
            }
            Some("OutgoingConnection") if text("protocol") != Some("udp") => {
                let address = text("address").unwrap_or_default();
                let port = event.get("port").and_then(Value::as_u64).unwrap_or(0);
                match address.strip_prefix("<UNIX-PATH> ") {
                    Some(path) => calls.add("connect", path, outcome),
                    None => calls.add("connect", &format!("{address}:{port}"), outcome),
                }
            }
            Some("Lagged") => bail!("events were lost: {event}"),
            _ => {}
        }
    }
    Ok(calls)
}
