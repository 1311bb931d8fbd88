//! `mirrord doctor`: checks what mirrord needs on this machine. Each check has a result and, where something is in the way,
//! the way out.
//!
//! Invariant: it changes nothing; what it asks of others has a time-out. What cannot be found out is not guessed.

mod browser;
mod check;
mod cluster;
mod directory;
mod ports;
mod programs;
mod sessions;
#[cfg_attr(target_os = "linux", path = "doctor/watching_linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "doctor/watching_elsewhere.rs")]
mod watching;

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use mirrord_ui_server::{has_page, instance};

use self::check::{Check, Report, Status as CheckStatus};
use crate::args::Status;
use crate::{diagnostics, env};

const FAILED: u8 = 1;

pub(crate) fn run(arguments: Status) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    let mut checks = watching::checks();
    match env::sessions_dir(arguments.sessions) {
        Ok(sessions_dir) => {
            let directory = directory::check(&sessions_dir);
            // One that no command uses has no sessions, whatever is in it.
            let is_usable = directory.status != CheckStatus::Fail;
            checks.push(directory);
            if is_usable {
                checks.push(directory::leftovers(&sessions_dir));
                checks.push(runtime.block_on(sessions::check(&sessions_dir)));
                checks.push(instance_check(&sessions_dir));
            }
            checks.push(ports::ui_port(&sessions_dir));
        }
        Err(error) => checks.push(Check::fail(
            "sessions-directory",
            diagnostics::with_causes(&error),
            "say where with --sessions-dir",
        )),
    }
    checks.push(ports::mirror_port());
    checks.push(page());
    checks.extend(runtime.block_on(programs::checks()));
    checks.push(cluster::check());
    checks.push(browser::check());
    let report = Report::new(checks);
    let text = if arguments.json {
        format!("{}\n", serde_json::to_string(&report)?)
    } else {
        report.text()
    };
    io::stdout().write_all(text.as_bytes())?;
    io::stdout().flush()?;
    Ok(if report.is_failed() {
        ExitCode::from(FAILED)
    } else {
        ExitCode::SUCCESS
    })
}

/// Returns the instance of the sessions directory: one that runs is asked nothing.
fn instance_check(sessions_dir: &std::path::Path) -> Check {
    match instance::find(sessions_dir) {
        Ok(None) => Check::ok("ui", "no `mirrord ui` runs for this sessions directory"),
        Ok(Some(running)) => {
            let (pid, port) = (running.pid(), running.port());
            Check::ok("ui", format!("`mirrord ui` runs: process {pid}, port {port}"))
        }
        Err(error) => Check::fail(
            "ui",
            error.to_string(),
            "`mirrord ui stop` ends one that hangs; another --sessions-dir has an instance of its own",
        ),
    }
}

/// A binary that was built without the page says so before its user opens it.
fn page() -> Check {
    if has_page() {
        return Check::ok("page", "this program has its page inside");
    }
    Check::fail(
        "page",
        "this program was built without its page: `mirrord ui` serves the API alone",
        "build it with `cargo xtask build --release`, in a checkout",
    )
}
