//! Record of an instance in its lock's file: one JSON object.
//!
//! Its bytes are reserved with blanks as soon as the lock is held, so that a disk that is full later cannot keep the record
//! from being written. A text that is not whole, not ours or of a process that has ended says nothing: it is being written, or was left.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use serde::{Deserialize, Serialize};

use super::process::{self, Process};
use super::{ask, ticket};
use crate::access::token::Token;
use crate::clock;
use crate::limits::{INSTANCE_ANSWER_TIMEOUT, INSTANCE_ASK_TIMEOUT, MAX_INSTANCE_BYTES};

/// The file's bytes while its lock is held: a record, and blanks.
const RECORD_BYTES: usize = 512;

/// An instance that runs: which process it is, and where.
#[derive(Debug, Clone)]
pub struct Running {
    process: Process,
    started_at: String,
    port: u16,
    token: Token,
}

impl Running {
    pub(super) fn process(&self) -> Process {
        self.process
    }

    /// The number of its process.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.process.pid
    }

    pub(super) fn token(&self) -> &str {
        self.token.as_str()
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Since when it listens, as RFC 3339.
    #[must_use]
    pub fn started_at(&self) -> &str {
        &self.started_at
    }

    /// The address to open, with the token: for the terminal and the browser, never for a log.
    #[must_use]
    pub fn url(&self) -> String {
        self.token.url(self.port)
    }

    /// An address that signs one browser in, once, within a minute: for an argument of a program, which others can read.
    ///
    /// # Errors
    /// The instance does not answer, or not with a ticket.
    pub fn ticket_url(&self) -> io::Result<String> {
        ticket::ask(self.port, self.token.as_str())
    }

    /// Sends the instance a request with its token; gives the status and the body of its answer.
    ///
    /// # Errors
    /// The instance does not answer, or not as one.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
        ask::ask(
            (self.port, self.token.as_str()),
            method,
            path,
            body,
            INSTANCE_ASK_TIMEOUT,
        )
    }

    /// Asks for something that is answered at once by an instance that is well.
    pub(super) fn ask_quickly(&self, method: &str, path: &str) -> io::Result<(u16, String)> {
        let own = (self.port, self.token.as_str());
        ask::ask(own, method, path, "", INSTANCE_ANSWER_TIMEOUT)
    }
}

/// The file's text. Not `Debug`: the token is in plain text.
#[derive(Serialize, Deserialize)]
struct Record {
    pid: i32,
    /// When the process started, in the kernel's ticks; not there where the system does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_time: Option<u64>,
    started_at: String,
    port: u16,
    token: String,
}

/// Fills the file with blanks: where the disk is full, this fails, and no later [`write()`] does.
pub(super) fn reserve(file: &File) -> io::Result<()> {
    fill(file, Vec::new())
}

/// Writes the address of this process, into the bytes that are reserved.
pub(super) fn write(file: &File, port: u16, token: &str) -> io::Result<()> {
    let Process { pid, start_time } = Process::this();
    let record = Record {
        pid,
        start_time,
        started_at: clock::rfc3339(clock::now_micros()),
        port,
        token: token.to_owned(),
    };
    fill(file, serde_json::to_vec(&record)?)
}

/// Writes a text and blanks in place: a file that is emptied first gives up its room on the disk.
fn fill(file: &File, mut text: Vec<u8>) -> io::Result<()> {
    text.resize(RECORD_BYTES.max(text.len() + 1), b' ');
    text.pop();
    text.push(b'\n');
    let mut writer = file;
    writer.seek(SeekFrom::Start(0))?;
    writer.write_all(&text)?;
    file.set_len(text.len() as u64)
}

/// Reads who holds the lock; `None` where the file does not say so, or not yet.
pub(super) fn read(file: &File) -> Option<Running> {
    let mut text = Vec::new();
    file.take(MAX_INSTANCE_BYTES).read_to_end(&mut text).ok()?;
    let running = parse(&text)?;
    process::is_alive(running.process).then_some(running)
}

/// Reads the port of an instance that this system does not know, as of another container; `None` where there is no record.
pub(super) fn port(file: &File) -> Option<u16> {
    let mut text = Vec::new();
    file.take(MAX_INSTANCE_BYTES).read_to_end(&mut text).ok()?;
    Some(parse(&text)?.port)
}

fn parse(text: &[u8]) -> Option<Running> {
    let record: Record = serde_json::from_slice(text).ok()?;
    // It is printed: nothing but a date is one.
    humantime::parse_rfc3339(&record.started_at).ok()?;
    Some(Running {
        process: Process {
            pid: record.pid,
            start_time: record.start_time,
        },
        started_at: record.started_at,
        port: record.port,
        token: Token::parse(&record.token)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> String {
        "0123456789abcdef".repeat(4)
    }

    #[test]
    fn what_is_written_is_read() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(1000).unwrap();
        write(&file, 4711, &token()).unwrap();
        (&file).rewind().unwrap();
        let running = read(&file).unwrap();
        assert_eq!((running.process(), running.port()), (Process::this(), 4711));
        assert_eq!(running.url(), format!("http://127.0.0.1:4711/?token={}", token()));
        assert!(!format!("{running:?}").contains(&token()), "{running:?}");
    }

    #[test]
    fn a_record_takes_the_room_that_was_reserved() {
        let file = tempfile::tempfile().unwrap();
        reserve(&file).unwrap();
        let reserved = file.metadata().unwrap().len();
        (&file).rewind().unwrap();
        assert!(reserved > 0 && read(&file).is_none(), "blanks say nothing");
        // The longest there is: nothing is reserved beyond what is there.
        write(&file, u16::MAX, &token()).unwrap();
        assert_eq!(file.metadata().unwrap().len(), reserved);
    }

    #[test]
    fn only_a_whole_record_says_anything() {
        let text = |started_at: &str, token: &str| {
            format!(r#"{{"pid":1,"start_time":2,"started_at":"{started_at}","port":3,"token":"{token}"}}"#)
        };
        let right = text("2026-11-20T18:00:00.123Z", &token());
        assert!(parse(right.as_bytes()).is_some());
        for length in 0..right.len() {
            assert!(parse(&right.as_bytes()[..length]).is_none(), "{length}");
        }
        for wrong in [
            text("now\\u001b[2J", &token()),
            text("2026-11-20T18:00:00.123Z", "\\u001b[2J"),
            text("2026-11-20T18:00:00.123Z", &token()[1..]),
            right.replace("\"port\":3", "\"port\":65536"),
        ] {
            assert!(parse(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
