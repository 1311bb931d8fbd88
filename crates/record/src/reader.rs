//! Reader of a record, line by line in constant memory, whatever its size.
//!
//! A [`RecordIndex`](crate::RecordIndex) that is made meanwhile has places at which another reader can begin.
//! A record that was cut is read to its end, and says so ([`RecordReader::is_cut`]). Single lines that are damaged are counted
//! and left out; a run of them, or a damaged frame, is an error that names the line.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use mirrord_wire::record::{END, FORMAT, HEADER, RecordEnd, RecordHeader};
use mirrord_wire::session::MAX_SEQ;
use mirrord_wire::{Control, Counters, EventLine, StreamLine};

use crate::error::RecordError;
use crate::identity::FileIdentity;
use crate::index::Mark;
use crate::kind::{Use, check_kind};
use crate::limits::{MAX_BAD_LINES, MAX_HEADER_BYTES, MAX_LINE_BYTES};
use crate::line_source::{LineRead, LineSource};

/// Reader of one record.
pub struct RecordReader {
    /// Path for errors and notes.
    path: PathBuf,
    /// Path of the file; empty where it is none.
    file: PathBuf,
    identity: FileIdentity,
    source: LineSource,
    header: Arc<RecordHeader>,
    /// State before the line that was read last.
    mark: Mark,
    /// Number of the line that was read last, from 1.
    line: u64,
    /// Bytes of lines before the source's first one.
    skipped: u64,
    /// Number of the newest event.
    position: u64,
    events: u64,
    damaged: u64,
    bad_lines: u32,
    end: Option<RecordEnd>,
    /// Something follows the last line.
    goes_on: bool,
    is_over: bool,
}

/// Line of a record between its first and its last.
#[derive(Debug, PartialEq)]
pub enum RecordItem<'a> {
    /// Event, and its text as it is in the file.
    Event(EventLine, &'a str),
    /// Events that are missing here.
    Lagged {
        /// Number of missing events.
        missed: u64,
        /// Counters of those that the session suppressed on purpose.
        suppressed: Option<Counters>,
    },
}

/// Content of a line.
enum Parsed {
    Event(EventLine),
    Lagged(u64, Option<Counters>),
    End(RecordEnd),
    Ignored,
}

impl RecordReader {
    /// Opens a record as it is now, and reads its header.
    ///
    /// # Errors
    /// The path is no file, no record, or one of a later format.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        Self::open_as(path, path)
    }

    /// Opens a record that a person knows by another path, which errors and notes have.
    ///
    /// # Errors
    /// As [`RecordReader::open`].
    pub fn open_as(file: &Path, path: &Path) -> Result<Self, RecordError> {
        let mut opened = open_file(file, path)?;
        let source = FileIdentity::of(&mut opened).and_then(|identity| {
            // What is written behind it meanwhile is no part of what is read.
            let source = LineSource::new(opened, identity.bytes())?;
            Ok((source, identity))
        });
        let (source, identity) = source.map_err(|source| RecordError::Open {
            path: path.to_owned(),
            source,
        })?;
        Self::begin(file, path, identity, source)
    }

    /// Reads the header of a record that comes from anything; `path` is for errors and notes. It has no index.
    ///
    /// # Errors
    /// It is no record, or one of a later format.
    pub fn of(input: impl io::Read + Send + 'static, path: &Path) -> Result<Self, RecordError> {
        let source = LineSource::stream(input).map_err(|source| RecordError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::begin(Path::new(""), path, FileIdentity::default(), source)
    }

    fn begin(file: &Path, path: &Path, identity: FileIdentity, mut source: LineSource) -> Result<Self, RecordError> {
        let header = Arc::new(read_header(path, &mut source)?);
        let mark = Mark {
            line: 1,
            ..Mark::default()
        };
        Ok(Self::new(file, path, identity, source, header, mark))
    }

    /// Goes on at a place that an earlier reader of the file has noted.
    pub(crate) fn resume(
        (path, place): (&Path, &Path),
        (file, identity): (File, FileIdentity),
        header: Arc<RecordHeader>,
        is_compressed: bool,
        mark: Mark,
        deadline: Instant,
    ) -> Result<Self, RecordError> {
        let failed = |source| RecordError::Read {
            path: path.to_owned(),
            source,
        };
        let end = identity.bytes();
        let source = LineSource::at(file, is_compressed, (mark.spot, end), deadline).map_err(failed)?;
        Ok(Self::new(place, path, identity, source, header, mark))
    }

    fn new(
        file: &Path,
        path: &Path,
        identity: FileIdentity,
        source: LineSource,
        header: Arc<RecordHeader>,
        mark: Mark,
    ) -> Self {
        Self {
            path: path.to_owned(),
            file: file.to_owned(),
            identity,
            source,
            header,
            mark,
            line: mark.line,
            skipped: mark.bytes,
            position: mark.position,
            events: mark.events,
            damaged: 0,
            bad_lines: 0,
            end: None,
            goes_on: false,
            is_over: false,
        }
    }

    /// Returns what another reader of the file needs.
    pub(crate) fn origin(&self) -> ([PathBuf; 2], FileIdentity, Arc<RecordHeader>, bool) {
        let is_compressed = self.source.is_compressed();
        (
            [self.file.clone(), self.path.clone()],
            self.identity.clone(),
            Arc::clone(&self.header),
            is_compressed,
        )
    }

    /// Returns the state before the line that was read last.
    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// Returns the first line.
    #[must_use]
    pub fn header(&self) -> &RecordHeader {
        &self.header
    }

    /// Returns the last line, once it was read; `None` of a cut record.
    #[must_use]
    pub fn end(&self) -> Option<&RecordEnd> {
        self.end.as_ref()
    }

    /// Returns whether the record was read to its end and has no last line: its writer was killed, or the file was cut.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_over && self.end.is_none()
    }

    /// Returns whether the file has more now than when it was opened: it is being written. That is not read.
    #[must_use]
    pub fn has_grown(&self) -> bool {
        let metadata = self.file.metadata();
        metadata.is_ok_and(|metadata| metadata.len() > self.identity.bytes())
    }

    /// Returns the number of events that were read.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Returns the number of lines that were damaged or too long, and left out.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// Returns the number of the newest event that was read, or that is known to be missing.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns a sentence for each thing that the record lacks: its end, damaged lines, events that a filter left out or that its
    /// closing line counts, and what follows that line.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.notes_about(&self.path.display().to_string())
    }

    /// Returns the sentences of [`RecordReader::notes`], with another name for the record.
    #[must_use]
    pub fn notes_about(&self, name: &str) -> Vec<String> {
        let mut notes = Vec::new();
        let last = self.position;
        if self.is_cut() {
            notes.push(match self.has_grown() {
                true => format!("{name} is being written: what came after event {last} is not here; open it again"),
                false => format!("{name} was cut: what came after event {last} is missing"),
            });
        }
        if self.damaged > 0 {
            let damaged = counted(self.damaged, "damaged line");
            notes.push(format!("{name} has {damaged}, left out here"));
        }
        if let Some(end) = &self.end {
            notes.extend(self.notes_of_end(name, end));
        }
        notes
    }

    fn notes_of_end(&self, name: &str, end: &RecordEnd) -> Vec<String> {
        let mut notes = Vec::new();
        if end.left_out > 0 {
            let left_out = counted(end.left_out, "event");
            notes.push(format!("{name} lacks {left_out}, which a filter left out"));
        }
        // A damaged line was an event, or was none.
        if !(self.events..=self.events + self.damaged).contains(&end.events) {
            let wanted = counted(end.events, "event");
            notes.push(format!(
                "{name} should have {wanted} by its last line, and has {}",
                self.events
            ));
        }
        if self.goes_on {
            notes.push(format!(
                "{name} goes on behind its closing line: what follows that is not read"
            ));
        }
        notes
    }

    /// Reads the next event or gap; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read, or is damaged. Everything before was returned.
    pub fn next_item(&mut self) -> Result<Option<RecordItem<'_>>, RecordError> {
        let parsed = loop {
            if self.is_over {
                return Ok(None);
            }
            match self.next_line()? {
                Some(Parsed::Ignored) => {}
                Some(Parsed::End(end)) => {
                    self.end = Some(end);
                    self.is_over = true;
                    self.goes_on = self.has_another_line();
                }
                Some(parsed) => break parsed,
                None => self.is_over = true,
            }
        };
        Ok(match parsed {
            Parsed::Event(line) => {
                self.position = line.seq;
                self.events += 1;
                // It was parsed as text.
                let text = std::str::from_utf8(self.source.line()).unwrap_or_default();
                Some(RecordItem::Event(line, text.trim_ascii()))
            }
            Parsed::Lagged(missed, suppressed) => {
                self.position = self.position.saturating_add(missed).min(MAX_SEQ);
                Some(RecordItem::Lagged { missed, suppressed })
            }
            Parsed::End(_) | Parsed::Ignored => None,
        })
    }

    /// Reports a line behind the last one. Of a stream none is looked for: that would wait for its writer.
    fn has_another_line(&mut self) -> bool {
        if self.file.as_os_str().is_empty() {
            return false;
        }
        loop {
            let read = self.source.read(MAX_LINE_BYTES);
            let is_blank = self.source.line().trim_ascii().is_empty();
            match read {
                Ok(LineRead::Line) if is_blank => {}
                Ok(LineRead::Line | LineRead::TooLong) => return true,
                Ok(LineRead::Cut) => return !is_blank,
                Ok(LineRead::End) | Err(_) => return false,
            }
        }
    }

    fn next_line(&mut self) -> Result<Option<Parsed>, RecordError> {
        let bytes = self.skipped + self.source.used();
        let read = self.source.read(MAX_LINE_BYTES);
        self.mark = Mark {
            spot: self.source.line_spot(),
            line: self.line,
            bytes,
            position: self.position,
            events: self.events,
        };
        self.line += 1;
        match read {
            Err(error) => Err(self.failed(error)),
            Ok(LineRead::End | LineRead::Cut) => Ok(None),
            Ok(LineRead::TooLong) => {
                self.damaged += 1;
                Ok(Some(Parsed::Ignored))
            }
            Ok(LineRead::Line) => match parse(self.source.line(), self.position) {
                Some(parsed) => {
                    self.bad_lines = 0;
                    Ok(Some(parsed))
                }
                None => self.bad_line(),
            },
        }
    }

    fn bad_line(&mut self) -> Result<Option<Parsed>, RecordError> {
        self.damaged += 1;
        self.bad_lines += 1;
        if self.bad_lines > MAX_BAD_LINES {
            return Err(RecordError::Corrupt {
                path: self.path.clone(),
                line: self.line.saturating_sub(u64::from(MAX_BAD_LINES)),
                reason: format!("more than {MAX_BAD_LINES} lines in a row are no events"),
            });
        }
        Ok(Some(Parsed::Ignored))
    }

    /// Converts an error of reading: a decoder's is the content's.
    fn failed(&self, error: io::Error) -> RecordError {
        let path = self.path.clone();
        if error.raw_os_error().is_some() {
            return RecordError::Read { path, source: error };
        }
        RecordError::Corrupt {
            path,
            line: self.line,
            reason: format!("it does not decompress ({error})"),
        }
    }
}

/// Number with its noun: `1 event`, `2 events`.
fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Parses a line; `None` where it is none of a record. Numbers of events go up.
fn parse(line: &[u8], position: u64) -> Option<Parsed> {
    let text = std::str::from_utf8(line).ok()?;
    if text.trim_ascii().is_empty() {
        return Some(Parsed::Ignored);
    }
    match serde_json::from_str(text).ok()? {
        StreamLine::Event(line) if line.event().kind() == END => serde_json::from_str(text).ok().map(Parsed::End),
        StreamLine::Event(line) => (position + 1..=MAX_SEQ)
            .contains(&line.seq)
            .then_some(Parsed::Event(line)),
        StreamLine::Control(Control::Lagged { missed, suppressed }) => Some(Parsed::Lagged(missed, suppressed)),
        StreamLine::Control(_) => Some(Parsed::Ignored),
    }
}

/// Opens a directory as well: `FILE_FLAG_BACKUP_SEMANTICS`, of `CreateFileW`.
#[cfg(windows)]
const BACKUP_SEMANTICS: u32 = 0x0200_0000;

/// Opens a file to read, which errors name by another path, without waiting for the writer of a pipe.
pub(crate) fn open_file(file: &Path, path: &Path) -> Result<File, RecordError> {
    let failed = |source| RecordError::Open {
        path: path.to_owned(),
        source,
    };
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, crate::kind::nonblocking());
    // A directory would not be opened, and said to deny access.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, BACKUP_SEMANTICS);
    let file = options.open(file).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    check_kind(path, &metadata, Use::Read)?;
    Ok(file)
}

fn read_header(path: &Path, source: &mut LineSource) -> Result<RecordHeader, RecordError> {
    let not_a_record = |reason| RecordError::NotARecord {
        path: path.to_owned(),
        reason,
    };
    match source.read(MAX_HEADER_BYTES) {
        Ok(LineRead::Line) => {}
        Ok(LineRead::End) => return Err(not_a_record("it is empty")),
        Ok(LineRead::TooLong) => return Err(not_a_record("its first line is too long for a header")),
        Ok(LineRead::Cut) => return Err(not_a_record("it ends within its first line")),
        Err(error) if error.raw_os_error().is_some() => {
            let path = path.to_owned();
            return Err(RecordError::Read { path, source: error });
        }
        Err(_) => return Err(not_a_record("it does not decompress")),
    }
    let text = std::str::from_utf8(source.line()).map_err(|_| not_a_record("its first line is not text"))?;
    // A later format may have a description of another shape: its number is read first.
    let version: Version = serde_json::from_str(text).map_err(|_| not_a_record("its first line is no header"))?;
    if version.kind != HEADER {
        return Err(not_a_record("its first line is no header"));
    }
    if version.format > FORMAT {
        return Err(RecordError::OtherVersion {
            path: path.to_owned(),
            found: version.format,
            writer: printable(&version.writer),
        });
    }
    let header: RecordHeader = serde_json::from_str(text).map_err(|_| not_a_record("its header has another form"))?;
    debug_assert!(header.is_header());
    Ok(header)
}

/// Part of a header that every format has.
#[derive(serde::Deserialize)]
struct Version {
    #[serde(rename = "type")]
    kind: String,
    format: u32,
    #[serde(default)]
    writer: String,
}

/// Shortens the name of a program to what an error can show.
fn printable(name: &str) -> String {
    let shown: String = name.chars().filter(|char| !char.is_control()).take(64).collect();
    if shown.is_empty() {
        "not named".to_owned()
    } else {
        shown
    }
}
