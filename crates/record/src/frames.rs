//! Decompression of a file one frame after the other (RFC 8878), so that the frame of each byte is known.
//!
//! A part that is read never has bytes of two frames, so that a reader can begin again at the frame of any byte.

use std::io::{self, BufRead, BufReader, Read};

use zstd::stream::raw::{DParameter, Decoder, Operation as _};

use crate::limits::MAX_WINDOW_LOG;
use crate::line_source::Spot;

/// Compressed bytes that are read at a time.
const BUFFER_BYTES: usize = 128 * 1024;

/// Reader of the frames of a file.
pub(crate) struct Frames {
    file: BufReader<Box<dyn Read + Send>>,
    decoder: Decoder<'static>,
    /// Offset of the next compressed byte in the file.
    offset: u64,
    /// Offset of the frame that is being read.
    frame: u64,
    /// Bytes that it had so far.
    produced: u64,
    /// The last frame has ended, and the next one has not begun.
    is_between: bool,
}

impl Frames {
    /// Creates a reader of a file that is positioned at the beginning of a frame.
    pub(crate) fn new(file: Box<dyn Read + Send>, offset: u64) -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG))?;
        Ok(Self {
            file: BufReader::with_capacity(BUFFER_BYTES, file),
            decoder,
            offset,
            frame: offset,
            produced: 0,
            is_between: true,
        })
    }

    /// Returns where the next byte is.
    pub(crate) fn spot(&self) -> Spot {
        let (offset, skip) = match self.is_between {
            true => (self.offset, 0),
            false => (self.frame, self.produced),
        };
        Spot { offset, skip }
    }

    /// Reads bytes of one frame; none at the end of the file.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or ends within a frame (`UnexpectedEof`).
    pub(crate) fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let compressed = match self.file.fill_buf() {
                Ok(compressed) => compressed,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let is_end = compressed.is_empty();
            if self.is_between {
                if is_end {
                    return Ok(0);
                }
                self.decoder.reinit()?;
                (self.frame, self.produced, self.is_between) = (self.offset, 0, false);
            }
            let status = self.decoder.run_on_buffers(compressed, out)?;
            self.file.consume(status.bytes_read);
            self.offset += status.bytes_read as u64;
            self.produced += status.bytes_written as u64;
            self.is_between = status.remaining == 0;
            if status.bytes_written > 0 {
                return Ok(status.bytes_written);
            }
            if is_end && !self.is_between {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
