//! Lines of a file, plain or compressed, each bounded; what is too long is skipped without being kept. Where each line begins
//! is known, so that another source can begin there.

use std::fs::File;
use std::io::{self, BufRead as _, Read, Seek as _, SeekFrom};
use std::time::Instant;

use crate::frames::Frames;

/// First bytes of a compressed file (RFC 8878).
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Bytes that are read at a time.
const BUFFER_BYTES: usize = 64 * 1024;

/// Place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Spot {
    /// Offset in the file: of the byte, or of its frame where the file is compressed.
    pub(crate) offset: u64,
    /// Bytes of the frame before it, decompressed; 0 in a plain file.
    pub(crate) skip: u64,
}

/// Source of lines.
pub(crate) struct LineSource {
    input: Input,
    buffer: Box<[u8]>,
    /// Bytes of the buffer that have yet to be used.
    start: usize,
    end: usize,
    /// Place of the buffer's first byte.
    base: Spot,
    /// Bytes that were used, decompressed.
    used: u64,
    line: Vec<u8>,
    line_spot: Spot,
}

/// Bytes of the file, decompressed.
enum Input {
    Plain { file: Box<dyn Read + Send>, offset: u64 },
    Compressed(Box<Frames>),
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

impl Input {
    fn spot(&self) -> Spot {
        match self {
            Self::Plain { offset, .. } => Spot {
                offset: *offset,
                skip: 0,
            },
            Self::Compressed(frames) => frames.spot(),
        }
    }

    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain { file, offset } => {
                let count = loop {
                    match file.read(out) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        read => break read?,
                    }
                };
                *offset += count as u64;
                Ok(count)
            }
            Self::Compressed(frames) => frames.read(out),
        }
    }
}

impl LineSource {
    /// Creates a source of so many bytes of a file; the first ones decide whether it is compressed.
    pub(crate) fn new(mut file: File, bytes: u64) -> io::Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let read = read_fully(&mut file, &mut magic)?;
        file.seek(SeekFrom::Start(0))?;
        Self::of(Box::new(file.take(bytes)), magic[..read] == MAGIC, 0)
    }

    /// Creates a source of anything that is read from its beginning.
    pub(crate) fn stream(mut input: impl Read + Send + 'static) -> io::Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let read = read_fully(&mut input, &mut magic)?;
        let is_compressed = magic[..read] == MAGIC;
        let start = io::Cursor::new(magic[..read].to_vec());
        Self::of(Box::new(start.chain(input)), is_compressed, 0)
    }

    /// Creates a source that begins at a line of a file, and ends at an offset in it.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, ends before the place, or the deadline has passed before it was reached
    /// (`TimedOut`).
    pub(crate) fn at(
        mut file: File,
        is_compressed: bool,
        (spot, end): (Spot, u64),
        deadline: Instant,
    ) -> io::Result<Self> {
        file.seek(SeekFrom::Start(spot.offset))?;
        let file = file.take(end.saturating_sub(spot.offset));
        let mut source = Self::of(Box::new(file), is_compressed, spot.offset)?;
        let mut left = spot.skip;
        while left > 0 {
            if source.fill()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let skipped = (source.end - source.start).min(usize::try_from(left).unwrap_or(usize::MAX));
            source.start += skipped;
            left -= skipped as u64;
            if Instant::now() > deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(source)
    }

    fn of(file: Box<dyn Read + Send>, is_compressed: bool, offset: u64) -> io::Result<Self> {
        let input = match is_compressed {
            true => Input::Compressed(Box::new(Frames::new(file, offset)?)),
            false => Input::Plain { file, offset },
        };
        Ok(Self {
            input,
            buffer: vec![0; BUFFER_BYTES].into_boxed_slice(),
            start: 0,
            end: 0,
            base: Spot::default(),
            used: 0,
            line: Vec::new(),
            line_spot: Spot::default(),
        })
    }

    /// Returns whether the file is compressed.
    pub(crate) fn is_compressed(&self) -> bool {
        matches!(self.input, Input::Compressed(_))
    }

    /// Returns the line that was read last, without its end.
    pub(crate) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Returns the bytes of the lines that were read.
    pub(crate) fn used(&self) -> u64 {
        self.used
    }

    /// Returns where the line that was read last begins.
    pub(crate) fn line_spot(&self) -> Spot {
        self.line_spot
    }

    /// Reads a line of at most so many bytes.
    ///
    /// # Errors
    /// The file cannot be read, or is compressed and damaged (`Other`, `InvalidData`).
    pub(crate) fn read(&mut self, max_bytes: usize) -> io::Result<LineRead> {
        self.line.clear();
        self.line.shrink_to(64 * 1024);
        let mut is_too_long = false;
        let mut spot = None;
        loop {
            match self.fill() {
                Ok(0) => {
                    let is_inside = is_too_long || !self.line.is_empty();
                    return Ok(if is_inside { LineRead::Cut } else { LineRead::End });
                }
                Ok(_) => {}
                // A frame without its end.
                Err(error) if self.is_compressed() && error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(LineRead::Cut);
                }
                Err(error) => return Err(error),
            }
            self.line_spot = *spot.get_or_insert(self.spot());
            let mut piece = self.buffer.get(self.start..self.end).unwrap_or_default();
            // At most the buffer beyond the bound.
            let used = piece.read_until(b'\n', &mut self.line)?;
            self.start += used;
            self.used += used as u64;
            let is_end = self.line.last() == Some(&b'\n');
            if is_end {
                self.line.pop();
            }
            is_too_long |= self.line.len() > max_bytes;
            if is_too_long {
                self.line.clear();
            }
            if is_end {
                return Ok(if is_too_long { LineRead::TooLong } else { LineRead::Line });
            }
        }
    }

    /// Place of the next byte of the buffer.
    fn spot(&self) -> Spot {
        let Spot { offset, skip } = self.base;
        let used = self.start as u64;
        match self.is_compressed() {
            true => Spot {
                offset,
                skip: skip + used,
            },
            false => Spot {
                offset: offset + used,
                skip,
            },
        }
    }

    /// Reads on where the buffer has been used up; returns the number of bytes in it, 0 at the end.
    fn fill(&mut self) -> io::Result<usize> {
        if self.start == self.end {
            self.base = self.input.spot();
            (self.start, self.end) = (0, 0);
            self.end = self.input.read(&mut self.buffer)?;
        }
        Ok(self.end - self.start)
    }
}

fn read_fully(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
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
