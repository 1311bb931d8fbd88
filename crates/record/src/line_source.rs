//! Lines of a file, plain or compressed, each bounded; what is too long is skipped without being kept.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use zstd::stream::read::Decoder;

use crate::limits::MAX_WINDOW_LOG;

/// First bytes of a compressed file (RFC 8878).
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Source of lines.
pub(crate) struct LineSource {
    input: BufReader<Box<dyn Read + Send>>,
    is_compressed: bool,
    line: Vec<u8>,
}

/// Result of reading one line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LineRead {
    /// A whole line, in [`LineSource::line`].
    Line,
    /// A line beyond the bound.
    TooLong,
    /// The file ends within a line, or within a frame.
    Cut,
    /// The file ends.
    End,
}

impl LineSource {
    /// Creates a source; the first bytes decide whether it is compressed.
    pub(crate) fn new(mut file: File) -> io::Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let read = read_fully(&mut file, &mut magic)?;
        let is_compressed = magic[..read] == MAGIC;
        let start = io::Cursor::new(magic[..read].to_vec());
        let whole = start.chain(file);
        let input: Box<dyn Read + Send> = if is_compressed {
            let mut decoder = Decoder::new(whole)?;
            decoder.window_log_max(MAX_WINDOW_LOG)?;
            Box::new(decoder)
        } else {
            Box::new(whole)
        };
        Ok(Self {
            input: BufReader::with_capacity(64 * 1024, input),
            is_compressed,
            line: Vec::new(),
        })
    }

    /// Returns the line that was read last, without its end.
    pub(crate) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Reads a line of at most so many bytes.
    ///
    /// # Errors
    /// The file cannot be read, or is compressed and damaged (`Other`, `InvalidData`).
    pub(crate) fn read(&mut self, max_bytes: usize) -> io::Result<LineRead> {
        self.line.clear();
        self.line.shrink_to(64 * 1024);
        let mut is_too_long = false;
        loop {
            let piece = match self.input.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // A decoder's word for a frame without its end.
                Err(error) if self.is_compressed && error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(LineRead::Cut);
                }
                Err(error) => return Err(error),
            };
            if piece.is_empty() {
                let is_inside = is_too_long || !self.line.is_empty();
                return Ok(if is_inside { LineRead::Cut } else { LineRead::End });
            }
            let end = piece.iter().position(|byte| *byte == b'\n');
            let part = &piece[..end.unwrap_or(piece.len())];
            is_too_long |= self.line.len() + part.len() > max_bytes;
            if is_too_long {
                self.line.clear();
            } else {
                self.line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                return Ok(if is_too_long { LineRead::TooLong } else { LineRead::Line });
            }
        }
    }
}

fn read_fully(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
