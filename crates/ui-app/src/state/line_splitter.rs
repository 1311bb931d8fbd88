//! LineSplitter out of a stream of chunks that end anywhere. Bounded: a line longer than [`MAX_LINE_BYTES`] is an
//! error.

/// The longest line that is put together.
pub const MAX_LINE_BYTES: usize = 8 * 1024 * 1024;

/// A line was longer than [`MAX_LINE_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// The line that has begun and not ended.
#[derive(Debug, Default)]
pub struct LineSplitter {
    begun: Vec<u8>,
}

impl LineSplitter {
    /// Takes a chunk, and gives every line that it completes. Empty lines are left out.
    ///
    /// # Errors
    /// A line is too long.
    pub fn take(&mut self, chunk: &[u8], mut line: impl FnMut(&[u8])) -> Result<(), TooLong> {
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (part, after) = rest.split_at(end);
            rest = after.get(1..).unwrap_or_default();
            if !self.begun.is_empty() {
                self.begun.extend_from_slice(part);
                line(&self.begun);
                self.begun.clear();
            } else if !part.is_empty() {
                line(part);
            }
        }
        if self.begun.len() + rest.len() > MAX_LINE_BYTES {
            return Err(TooLong);
        }
        self.begun.extend_from_slice(rest);
        Ok(())
    }

    /// Reports no pending partial line: a stream that ends otherwise was cut off.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_without_end_is_an_error_and_not_a_growing_buffer() {
        let mut lines = LineSplitter::default();
        let chunk = vec![b'x'; MAX_LINE_BYTES];
        assert_eq!(lines.take(&chunk, |_| {}), Ok(()));
        assert!(!lines.is_empty());
        assert_eq!(lines.take(b"x", |_| {}), Err(TooLong));
    }

    proptest! {
        #[test]
        fn lines_are_the_same_wherever_the_chunks_end(text in "[ab\n]{0,60}", size in 1_usize..8) {
            let (mut lines, mut read) = (LineSplitter::default(), Vec::new());
            for chunk in text.as_bytes().chunks(size) {
                lines.take(chunk, |line| read.push(line.to_vec())).unwrap();
            }
            let complete = text.rfind('\n').map_or("", |end| &text[..end]);
            let wanted: Vec<_> = complete.split('\n').filter(|line| !line.is_empty()).map(|line| line.as_bytes().to_vec()).collect();
            prop_assert_eq!(read, wanted);
            prop_assert_eq!(lines.is_empty(), text.is_empty() || text.ends_with('\n'));
        }
    }
}
