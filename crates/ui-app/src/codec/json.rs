//! JSON as it is read: one value after another, from a text that stays where it is. What is not asked for is passed
//! over, checked and not built. No recursion by what the text says: a value that is passed over may be as deep as it is
//! long.

use std::borrow::Cow;

/// Deepest nesting of values that are read; deeper ones can only be skipped.
const MAX_DEPTH: u8 = 64;

/// A value as its own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a> {
    /// The text, without space around it.
    pub text: &'a str,
    /// Offset in the text that it was read from.
    pub start: usize,
    /// Marks a string with an escape.
    escaped: bool,
}

impl<'a> Raw<'a> {
    /// Reads the value.
    #[must_use]
    pub fn json(self) -> Json<'a> {
        Json::new(self.text)
    }

    /// Reports `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.text == "null"
    }

    /// The text that it is; `None` where it is none, or none that Rust can hold (half a surrogate pair).
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inside = self.text.strip_prefix('"')?.strip_suffix('"')?;
        if self.escaped {
            unescaped(inside).map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inside))
        }
    }

    /// The whole number that it is.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        self.json().number()
    }

    /// Returns the value of those given whose name it is.
    pub fn word<T: Copy>(self, values: impl IntoIterator<Item = T>, name: fn(T) -> &'static str) -> Option<T> {
        let word = self.string()?;
        values.into_iter().find(|value| name(*value) == word)
    }
}

/// Cursor in a JSON text. Every method reads one item and moves behind it; `None` is a syntax error, after which the
/// cursor is meaningless.
#[derive(Debug, Clone)]
pub struct Json<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Json<'a> {
    /// At the beginning of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Reports the end of the text.
    #[must_use]
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// An object: `each` is given every name, and has to read or to [`Json::skip`] the value.
    pub fn object(&mut self, each: &mut dyn FnMut(&str, &mut Self) -> Option<()>) -> Option<()> {
        self.members(b'{', b'}', &mut |json| {
            let name = json.string()?;
            json.take(b':').then_some(())?;
            each(&name, json)
        })
    }

    /// An array: `each` has to read one value.
    pub fn array(&mut self, each: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.members(b'[', b']', each)
    }

    fn members(&mut self, open: u8, close: u8, each: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(open).then_some(())?;
        if self.take(close) {
            return Some(());
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        loop {
            each(self)?;
            if !self.take(b',') {
                self.depth -= 1;
                return self.take(close).then_some(());
            }
        }
    }

    /// A text.
    pub fn string(&mut self) -> Option<Cow<'a, str>> {
        self.peek();
        self.raw_string()?.string()
    }

    /// A whole number that is not negative.
    pub fn number(&mut self) -> Option<u64> {
        self.peek();
        let digits = self.raw_number()?;
        digits.parse().ok()
    }

    fn word(&mut self, word: &str) -> bool {
        let is_there = self
            .text
            .as_bytes()
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word.as_bytes()));
        self.at += if is_there { word.len() } else { 0 };
        is_there
    }

    /// Reads a value with `read`, and gives its text.
    pub fn spanned(&mut self, read: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<&'a str> {
        self.peek();
        let start = self.at;
        read(self)?;
        self.text.get(start..self.at)
    }

    /// Passes over a value, whatever it is, and gives its text.
    pub fn skip(&mut self) -> Option<Raw<'a>> {
        let first = self.peek()?;
        let start = self.at;
        if first == b'"' {
            return self.raw_string();
        }
        // The brackets that are open; none is kept for what is not nested.
        let mut open: Vec<u8> = Vec::new();
        let mut escaped = false;
        loop {
            match self.peek()? {
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    let close = bracket + 2;
                    if !self.take(close) {
                        open.push(close);
                        self.key(close)?;
                        continue;
                    }
                }
                b'"' => escaped |= self.raw_string()?.escaped,
                b't' => self.word("true").then_some(())?,
                b'f' => self.word("false").then_some(())?,
                b'n' => self.word("null").then_some(())?,
                _ => drop(self.raw_number()?),
            }
            // A value ends here, and what is around it goes on, or ends with it.
            loop {
                let Some(close) = open.last().copied() else {
                    let text = self.text.get(start..self.at)?;
                    return Some(Raw { text, start, escaped });
                };
                if self.take(b',') {
                    self.key(close)?;
                    break;
                }
                self.take(close).then_some(())?;
                open.pop();
            }
        }
    }

    /// Passes over a member's name, where the bracket that closes is an object's.
    fn key(&mut self, close: u8) -> Option<()> {
        if close == b'}' {
            self.peek();
            self.raw_string()?;
            self.take(b':').then_some(())?;
        }
        Some(())
    }

    fn raw_string(&mut self) -> Option<Raw<'a>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if bytes.get(start) != Some(&b'"') {
            return None;
        }
        let mut at = start + 1;
        let mut escaped = false;
        loop {
            at = plain_end(bytes, at);
            match bytes.get(at)? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    let digits = match bytes.get(at + 1)? {
                        b'u' => 4,
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 0,
                        _ => return None,
                    };
                    let end = at + 2 + digits;
                    bytes
                        .get(at + 2..end)?
                        .iter()
                        .all(u8::is_ascii_hexdigit)
                        .then_some(())?;
                    at = end;
                }
                _ => return None,
            }
        }
        self.at = at + 1;
        let text = self.text.get(start..self.at)?;
        Some(Raw { text, start, escaped })
    }

    fn raw_number(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let is = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|byte| wanted.contains(byte));
        let digits = |mut at: usize| {
            while is(at, b"0123456789") {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(is(start, b"-"));
        let whole = at;
        at = if is(at, b"0") { at + 1 } else { digits(at) };
        (at > whole).then_some(())?;
        if is(at, b".") {
            let places = at + 1;
            at = digits(places);
            (at > places).then_some(())?;
        }
        if is(at, b"eE") {
            let power = at + 1 + usize::from(is(at + 1, b"+-"));
            at = digits(power);
            (at > power).then_some(())?;
        }
        self.at = at;
        self.text.get(start..at)
    }
}

/// Offset of the next byte that ends a string or needs care: a quote, a backslash, a control character.
fn plain_end(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let mut at = from;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
        let control = word.wrapping_sub(ONES * 0x20) & !word & TOPS;
        let special = zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c)) | control;
        if special != 0 {
            // The lowest mark is always right; only those above it may be borrowed.
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes
        .get(at)
        .is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f))
    {
        at += 1;
    }
    at
}

/// The text with its escapes, which have been checked, in their place; `None` for half a surrogate pair.
fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.push_str(plain);
        let letter = escape.chars().next()?;
        rest = escape.get(1..)?;
        out.push(match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let mut code = unit(rest)?;
                rest = rest.get(4..)?;
                if (0xd800..0xdc00).contains(&code) {
                    rest = rest.strip_prefix("\\u")?;
                    let low = unit(rest)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    rest = rest.get(4..)?;
                    code = 0x1_0000 + ((code - 0xd800) << 10) + low;
                }
                char::from_u32(code)?
            }
            same => same,
        });
    }
    out.push_str(rest);
    Some(out)
}

fn unit(text: &str) -> Option<u32> {
    u32::from_str_radix(text.get(..4)?, 16).ok()
}

/// Writes a text as JSON.
pub fn quote(out: &mut String, text: &str) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at(plain_end(rest.as_bytes(), 0));
        out.push_str(plain);
        let Some(&byte) = special.as_bytes().first() else { break };
        out.push('\\');
        match byte {
            8 => out.push('b'),
            9 => out.push('t'),
            10 => out.push('n'),
            12 => out.push('f'),
            13 => out.push('r'),
            b'"' | b'\\' => out.push(char::from(byte)),
            _ => {
                out.push_str("u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
        }
        rest = &special[1..];
    }
    out.push('"');
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
