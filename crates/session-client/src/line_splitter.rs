//! Splitter of a byte stream into payloads, however its bytes were divided: lines of NDJSON, or the `data` of Server-Sent
//! Events. A line beyond the bound is skipped to its end and counted; the buffer never grows past it.

use crate::limits::MAX_LINE_BYTES;

/// Framing of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// One payload a line.
    Ndjson,
    /// Server-Sent Events: `data` lines up to an empty one; comments and other fields are skipped.
    ServerSentEvents,
}

/// Splitter, with the part of the stream that is not a whole payload yet.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    framing: Framing,
    /// The line so far.
    line: Vec<u8>,
    /// The line is beyond the bound: the rest of it is skipped.
    is_overlong: bool,
    /// The event's data so far.
    data: Vec<u8>,
    /// The event is beyond the bound, or has a line that is: the rest of it is skipped.
    is_skipped: bool,
    too_long: u64,
}

impl LineSplitter {
    pub(crate) fn new(framing: Framing) -> Self {
        Self {
            framing,
            line: Vec::new(),
            is_overlong: false,
            data: Vec::new(),
            is_skipped: false,
            too_long: 0,
        }
    }

    /// Splits a piece of the stream and calls `payload` with each payload that it completes.
    pub(crate) fn push(&mut self, mut piece: &[u8], mut payload: impl FnMut(&[u8])) {
        while let Some(end) = piece.iter().position(|byte| *byte == b'\n') {
            let (head, rest) = piece.split_at(end);
            piece = rest.get(1..).unwrap_or_default();
            if self.line.is_empty() && !self.is_overlong && head.len() <= MAX_LINE_BYTES {
                // The ordinary case: the line is whole in this piece and needs no copy.
                self.end_of_line(trim(head), &mut payload);
                continue;
            }
            self.extend(head);
            if std::mem::take(&mut self.is_overlong) {
                self.end_of_overlong_line();
            } else {
                let line = std::mem::take(&mut self.line);
                self.end_of_line(trim(&line), &mut payload);
            }
            self.line.clear();
        }
        self.extend(piece);
    }

    /// Returns the number of payloads that were skipped since the last call.
    pub(crate) fn take_too_long(&mut self) -> u64 {
        std::mem::take(&mut self.too_long)
    }

    fn extend(&mut self, piece: &[u8]) {
        if self.is_overlong || self.line.len() + piece.len() > MAX_LINE_BYTES {
            self.is_overlong = true;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(piece);
        }
    }

    fn end_of_overlong_line(&mut self) {
        match self.framing {
            Framing::Ndjson => self.too_long += 1,
            Framing::ServerSentEvents => self.is_skipped = true,
        }
    }

    fn end_of_line(&mut self, line: &[u8], payload: &mut impl FnMut(&[u8])) {
        match self.framing {
            Framing::Ndjson => emit(line, payload),
            Framing::ServerSentEvents if line.is_empty() => self.end_of_event(payload),
            Framing::ServerSentEvents => self.field(line),
        }
    }

    fn field(&mut self, line: &[u8]) {
        let Some(data) = line.strip_prefix(b"data:") else {
            return;
        };
        if self.data.len() + data.len() > MAX_LINE_BYTES {
            self.is_skipped = true;
            self.data = Vec::new();
            return;
        }
        if !self.data.is_empty() {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(data.strip_prefix(b" ").unwrap_or(data));
    }

    fn end_of_event(&mut self, payload: &mut impl FnMut(&[u8])) {
        if std::mem::take(&mut self.is_skipped) {
            self.too_long += 1;
        } else {
            emit(&self.data, payload);
        }
        self.data.clear();
    }
}

fn trim(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn emit(line: &[u8], payload: &mut impl FnMut(&[u8])) {
    if !line.is_empty() {
        payload(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(framing: Framing, stream: &[u8], portion: usize) -> (Vec<String>, u64) {
        let mut lines = LineSplitter::new(framing);
        let mut seen = Vec::new();
        for piece in stream.chunks(portion) {
            lines.push(piece, |payload| seen.push(String::from_utf8(payload.to_vec()).unwrap()));
        }
        (seen, lines.take_too_long())
    }

    #[test]
    fn payloads_are_the_same_however_the_bytes_were_divided() {
        let ndjson = b"{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}\n{\"unfinished\":";
        let events =
            b"data: one\n\n\n: comment\nid: 4\ndata:two\r\n\r\nevent: x\ndata: a\ndata: b\n\ndata: unfinished\n";
        for portion in 1..=events.len() {
            assert_eq!(
                read(Framing::Ndjson, ndjson, portion).0,
                [r#"{"a":1}"#, r#"{"b":2}"#, r#"{"c":3}"#]
            );
            assert_eq!(
                read(Framing::ServerSentEvents, events, portion).0,
                ["one", "two", "a\nb"]
            );
        }
    }

    #[test]
    fn what_is_too_long_is_skipped_to_its_end_and_counted() {
        let long = "x".repeat(MAX_LINE_BYTES + 1);
        let fits = "y".repeat(MAX_LINE_BYTES);
        for portion in [1_000, MAX_LINE_BYTES, usize::MAX >> 1] {
            let ndjson = format!("a\n{long}\nb\n{fits}\n");
            assert_eq!(
                read(Framing::Ndjson, ndjson.as_bytes(), portion),
                (vec!["a".to_owned(), "b".to_owned(), fits.clone()], 1)
            );
            let half = &long[..MAX_LINE_BYTES / 2 + 8];
            let events = format!("data: a\n\ndata: {long}\n\ndata: {half}\ndata: {half}\n\ndata: b\n\n");
            assert_eq!(
                read(Framing::ServerSentEvents, events.as_bytes(), portion),
                (vec!["a".to_owned(), "b".to_owned()], 2)
            );
        }
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let mut lines = LineSplitter::new(Framing::Ndjson);
        for _ in 0..100 {
            lines.push(&[b'x'; 64 * 1024], |_| panic!("there is no payload"));
            assert!(lines.line.capacity() <= 2 * MAX_LINE_BYTES);
        }
    }
}
