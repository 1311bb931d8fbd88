//! Diagnostics on stderr that never block, fail or panic.
//!
//! Standard error belongs to the watched program and to its reader as well: a full pipe, a full disk or a closed reader
//! must neither end this process nor hold it up. Invariant: what cannot be written within [`WRITE_TIMEOUT`] is dropped;
//! `clippy::print_stderr` keeps every other way shut.

use std::fmt;
use std::io;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

/// Writes a line to stderr, as `eprintln!` does, or drops it.
macro_rules! diagnostic {
    ($($arguments:tt)*) => {
        $crate::diagnostics::write_line(format_args!($($arguments)*))
    };
}
pub(crate) use diagnostic;

/// Time in which a reader of stderr makes room: one that is stuck costs the end of a program no more.
#[cfg(unix)]
const WRITE_TIMEOUT: std::time::Duration = std::time::Duration::from_millis(200);
/// Bytes that a writable pipe has room for, by POSIX (`PIPE_BUF`, `pipe(7)`).
#[cfg(unix)]
const CHUNK_BYTES: usize = 4_096;

/// Returns an error and its causes in one line, each once: some errors have the text of their cause in their own.
pub(crate) fn with_causes(error: &anyhow::Error) -> String {
    error.chain().skip(1).fold(error.to_string(), |text, cause| {
        let cause = cause.to_string();
        if text.ends_with(&cause) {
            text
        } else {
            format!("{text}: {cause}")
        }
    })
}

pub(crate) fn write_line(line: fmt::Arguments<'_>) {
    write(format!("{line}\n").as_bytes());
}

/// Writes bytes to stderr, or drops them.
pub(crate) fn write(bytes: &[u8]) {
    #[cfg(unix)]
    for chunk in bytes.chunks(CHUNK_BYTES) {
        if write_chunk(chunk).is_none() {
            return;
        }
    }
    #[cfg(not(unix))]
    let _ = io::Write::write_all(&mut io::stderr(), bytes);
}

/// Set once a write found no room in time: the next one does not wait for it again.
#[cfg(unix)]
static IS_STUCK: AtomicBool = AtomicBool::new(false);

#[cfg(unix)]
fn write_chunk(mut chunk: &[u8]) -> Option<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stderr = io::stderr();
    let timeout = match IS_STUCK.load(Ordering::Relaxed) {
        true => Timespec::default(),
        false => Timespec::try_from(WRITE_TIMEOUT).ok()?,
    };
    while !chunk.is_empty() {
        let mut polled = [PollFd::new(&stderr, PollFlags::OUT)];
        match poll(&mut polled, Some(&timeout)) {
            Err(rustix::io::Errno::INTR) => continue,
            Ok(1) if polled[0].revents() == PollFlags::OUT => IS_STUCK.store(false, Ordering::Relaxed),
            Ok(0) => {
                IS_STUCK.store(true, Ordering::Relaxed);
                return None;
            }
            _ => return None,
        }
        match rustix::io::write(&stderr, chunk) {
            Ok(count) if count > 0 => chunk = chunk.get(count..)?,
            Err(rustix::io::Errno::INTR) => {}
            _ => return None,
        }
    }
    Some(())
}

/// The log's way to stderr.
pub(crate) struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::anyhow;
    use mirrord_record::RecordError;

    use super::with_causes;

    #[test]
    fn a_cause_that_an_error_has_in_its_text_is_not_repeated() {
        let source = io::Error::from_raw_os_error(2);
        let reason = source.to_string();
        let path = "/nope/x".into();
        let error = anyhow::Error::from(RecordError::Open { path, source });
        let shown = with_causes(&error.context("no record"));
        assert_eq!(shown, format!("no record: /nope/x cannot be opened: {reason}"));
        let error = anyhow!("the port is in use").context("cannot listen");
        assert_eq!(with_causes(&error), "cannot listen: the port is in use");
    }
}
