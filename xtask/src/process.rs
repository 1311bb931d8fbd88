//! Running other programs: with their output shown, kept in a log behind a progress line, or captured. None of them
//! gets our standard input, so nothing can stop to ask.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

/// Interval of the progress lines of a long step.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(15);
/// Interval at which a child's end is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// Lines of a failed step's log that are shown.
const TAIL_LINES: usize = 40;
/// Time-out of a question such as `--version`.
const QUESTION_TIMEOUT: Duration = Duration::from_secs(60);

/// Runs `command` with all its output on our standard error: standard output is for results.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::from(io::stderr()))
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    check(status, &shown)
}

/// Runs `command` with its own output where its reader looks for it.
pub(crate) fn run_shown(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let status = command.stdin(Stdio::null()).status();
    check(status.with_context(|| format!("cannot start `{shown}`"))?, &shown)
}

/// As [`run_shown`], and ended once it has taken `limit`. What it started itself is the caller's to end.
pub(crate) fn run_shown_within(limit: Duration, command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let child = command.stdin(Stdio::null()).spawn();
    let mut child = child.with_context(|| format!("cannot start `{shown}`"))?;
    let status = wait_within(&mut child, &shown, limit, |_| ())?;
    check(status, &shown)
}

/// Runs a long `command` with its output in the file `log`, a line of progress every 15 s, and the log's end shown
/// where it fails.
pub(crate) fn run_logged(what: &str, log: &Path, command: &mut Command) -> Result<()> {
    run_logged_within(what, log, Duration::MAX, command)
}

/// As [`run_logged`], and ended once it has taken `limit`.
pub(crate) fn run_logged_within(what: &str, log: &Path, limit: Duration, command: &mut Command) -> Result<()> {
    let shown = describe(command);
    if let Some(parent) = log.parent() {
        fs::create_dir_all(parent)?;
    }
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let mut next_line = PROGRESS_INTERVAL;
    let status = wait_within(&mut child, &shown, limit, |elapsed| {
        if elapsed >= next_line {
            next_line += PROGRESS_INTERVAL;
            let last = tail(log, 1);
            eprintln!("  {what}: {} so far; {}", seconds(elapsed), last.trim());
        }
    })?;
    check(status, &shown).map_err(|error| anyhow!("{error}; the end of {}:\n{}", log.display(), tail(log, TAIL_LINES)))
}

/// Returns the trimmed standard output of `command`. Its errors are part of the error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = describe(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    // Both pipes are read as they fill, or a talkative child would wait for us while we wait for it.
    let stdout = child.stdout.take().map(read_all);
    let stderr = child.stderr.take().map(read_all);
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > QUESTION_TIMEOUT {
            end(&mut child);
            bail!("`{shown}` did not answer within {}", seconds(QUESTION_TIMEOUT));
        }
        thread::sleep(Duration::from_millis(2));
    };
    let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
        let bytes = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    };
    let (stdout, stderr) = (text(stdout), text(stderr));
    check(status, &shown).with_context(|| stderr)?;
    Ok(stdout)
}

/// The program's version line, where the program is there and has one.
pub(crate) fn version(program: impl AsRef<std::ffi::OsStr>) -> Option<String> {
    output(Command::new(program).arg("--version")).ok()
}

/// An elapsed time for people: `0.4 s`, `41 s`, `6 min 3 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match whole {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// The line of a failed command's log that says why, or the error's first.
pub(crate) fn reason(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let reason = text.lines().find(|line| line.starts_with("error"));
    reason.or(text.lines().next()).unwrap_or_default().to_owned()
}

/// Waits for `child` and ends it after `limit`; `meanwhile` is called with the time that has passed.
fn wait_within(
    child: &mut Child,
    shown: &str,
    limit: Duration,
    mut meanwhile: impl FnMut(Duration),
) -> Result<ExitStatus> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        let elapsed = started.elapsed();
        if elapsed > limit {
            end(child);
            bail!("`{shown}` did not finish within {}", seconds(limit));
        }
        meanwhile(elapsed);
        thread::sleep(POLL_INTERVAL);
    }
}

fn end(child: &mut Child) {
    // Either it is gone already, or this ends it; both are what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

fn read_all(mut pipe: impl io::Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn check(status: ExitStatus, shown: &str) -> Result<()> {
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// The last `lines` lines of a log; empty where there is none.
fn tail(log: &Path, lines: usize) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(log) {
        let _ = file.read_to_end(&mut bytes);
    }
    last_lines(&String::from_utf8_lossy(&bytes), lines)
}

fn last_lines(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(name).chain(args).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well_at_every_size() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(41)), "41 s");
        assert_eq!(seconds(Duration::from_secs(363)), "6 min 3 s");
    }

    #[test]
    fn the_tail_skips_blank_lines_and_survives_short_logs() {
        assert_eq!(last_lines("a\n\nb\nc\n\n", 2), "b\nc");
        assert_eq!(last_lines("", 5), "");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = output(&mut Command::new("/no/such/program-x")).unwrap_err();
        assert!(format!("{error:#}").contains("program-x"));
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_hangs_is_ended_at_its_limit() {
        let folder = tempdir();
        let log = folder.join("log");
        let mut command = Command::new("sleep");
        let error = run_logged_within("sleeping", &log, Duration::from_millis(100), command.arg("60")).unwrap_err();
        assert!(format!("{error:#}").contains("did not finish"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_failure_shows_the_end_of_its_log() {
        let folder = tempdir();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one line; echo error: the reason; echo a third; exit 3"]);
        let error = run_logged("failing", &folder.join("log"), &mut command).unwrap_err();
        assert!(format!("{error:#}").contains("error: the reason"));
        assert_eq!(reason(&error), "error: the reason");
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    fn tempdir() -> std::path::PathBuf {
        let name = format!("xtask-{}-{:?}", std::process::id(), thread::current().id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
