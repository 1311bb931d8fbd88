//! Writer of a record: lines go to the file at the latest when it is flushed, in a frame of their own where it is compressed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use mirrord_wire::record::{RecordEnd, RecordHeader};
use mirrord_wire::{Control, Counters};
use serde::Serialize;
use zstd::stream::write::Encoder;

use crate::error::RecordError;
use crate::limits::{COMPRESSION_LEVEL, MAX_FRAME_BYTES};
use crate::new_file::NewFile;

/// Bytes that are gathered for one write.
const BUFFER_BYTES: usize = 64 * 1024;

/// Writer of one record. Dropped without [`RecordWriter::finish`], it leaves a cut record.
pub struct RecordWriter<W: Write = File> {
    path: PathBuf,
    sink: Sink<W>,
    events: u64,
    missed: u64,
}

impl RecordWriter {
    /// Makes the file, readable by its owner alone, in place of the one that is there, and writes the header.
    ///
    /// # Errors
    /// As [`RecordWriter::prepare`] and [`PreparedRecord::begin`].
    pub fn create(path: &Path, header: &RecordHeader) -> Result<Self, RecordError> {
        Self::prepare(path, header)?.begin()
    }

    /// Makes the file, readable by its owner alone, and writes the header; what is at the path stays there.
    ///
    /// # Errors
    /// The path is a pipe, a directory or a socket, is being recorded, or cannot be made or written to.
    pub fn prepare(path: &Path, header: &RecordHeader) -> Result<PreparedRecord, RecordError> {
        let (file, new) = NewFile::create(path)?;
        let is_compressed = path.extension().is_some_and(|extension| extension == "zst");
        let writer = Self::new(file, is_compressed, path.to_owned(), header)?;
        Ok(PreparedRecord { writer, new })
    }
}

/// Record that has its header and has yet to take its name. Dropped before, it leaves nothing.
pub struct PreparedRecord {
    writer: RecordWriter,
    new: NewFile,
}

impl PreparedRecord {
    /// Takes the name, in place of the file that has it.
    ///
    /// # Errors
    /// That one is being recorded meanwhile, or cannot be replaced.
    pub fn begin(self) -> Result<RecordWriter, RecordError> {
        self.new.take_name()?;
        Ok(self.writer)
    }
}

impl<W: Write> RecordWriter<W> {
    /// Writes a record to anything; `path` is for errors.
    ///
    /// # Errors
    /// The header cannot be written.
    pub fn new(writer: W, is_compressed: bool, path: PathBuf, header: &RecordHeader) -> Result<Self, RecordError> {
        let sink = match is_compressed {
            true => Sink::compressed(writer).map_err(|source| RecordError::Write {
                path: path.clone(),
                source,
            })?,
            false => Sink::Plain(BufWriter::with_capacity(BUFFER_BYTES, writer)),
        };
        let mut record = Self {
            path,
            sink,
            events: 0,
            missed: 0,
        };
        record.json(header)?;
        record.flush()?;
        Ok(record)
    }

    /// Returns the number of events so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Returns the number of events that are missing by the lines so far.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// Writes an event line, as it came.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn event(&mut self, line: &str) -> Result<(), RecordError> {
        self.line(line.as_bytes())?;
        self.events += 1;
        Ok(())
    }

    /// Writes that events are missing here; `suppressed` counts those that the session suppressed on purpose.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn lagged(&mut self, missed: u64, suppressed: Option<Counters>) -> Result<(), RecordError> {
        self.json(&Control::Lagged { missed, suppressed })?;
        self.missed = self.missed.saturating_add(missed);
        Ok(())
    }

    /// Hands everything to the file, and ends the frame, which ends after
    /// [`MAX_FRAME_BYTES`] as well. To be called once in [`FLUSH_INTERVAL`](crate::limits::FLUSH_INTERVAL).
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn flush(&mut self) -> Result<(), RecordError> {
        self.sink.flush().map_err(|source| self.failed(source))
    }

    /// Writes the closing line and hands everything to the file; the counts in `end` are replaced by the writer's.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn finish(mut self, end: RecordEnd) -> Result<RecordEnd, RecordError> {
        let end = end.counted(self.events, self.missed);
        self.json(&end)?;
        self.flush()?;
        Ok(end)
    }

    fn json(&mut self, value: &impl Serialize) -> Result<(), RecordError> {
        let line = serde_json::to_vec(value).map_err(|error| self.failed(error.into()))?;
        self.line(&line)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), RecordError> {
        let written = self.sink.write(line).and_then(|()| self.sink.write(b"\n"));
        written.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> RecordError {
        RecordError::Write {
            path: self.path.clone(),
            source,
        }
    }
}

/// Destination of the lines.
enum Sink<W: Write> {
    Plain(BufWriter<W>),
    /// Between two frames, and while one is open. `None` after a failure alone.
    Compressed(Option<Frame<W>>),
}

enum Frame<W: Write> {
    Between(W),
    /// With the bytes that it has so far.
    Open(Box<Encoder<'static, W>>, usize),
}

impl<W: Write> Sink<W> {
    fn compressed(writer: W) -> io::Result<Self> {
        Ok(Self::Compressed(Some(Frame::Between(writer))))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Compressed(frame) => {
                let is_line_end = bytes == b"\n";
                let (mut encoder, before) = match frame.take() {
                    Some(Frame::Open(encoder, before)) => (encoder, before),
                    Some(Frame::Between(writer)) => {
                        let mut encoder = Encoder::new(writer, COMPRESSION_LEVEL)?;
                        encoder.include_checksum(true)?;
                        (Box::new(encoder), 0)
                    }
                    None => return Err(failed_before()),
                };
                let written = encoder.write_all(bytes);
                let bytes = before + bytes.len();
                // A frame ends with a line, so that it can be read by itself.
                *frame = Some(if written.is_ok() && bytes >= MAX_FRAME_BYTES && is_line_end {
                    Frame::Between(encoder.finish()?)
                } else {
                    Frame::Open(encoder, bytes)
                });
                written
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Compressed(frame) => {
                let mut writer = match frame.take() {
                    Some(Frame::Open(encoder, _)) => encoder.finish()?,
                    Some(Frame::Between(writer)) => writer,
                    None => return Err(failed_before()),
                };
                let flushed = writer.flush();
                *frame = Some(Frame::Between(writer));
                flushed
            }
        }
    }
}

fn failed_before() -> io::Error {
    io::Error::other("an earlier write failed")
}
