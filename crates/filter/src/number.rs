//! Numbers and ranges of them: `80`, `1024..2048`, `..500`, `>1023`, and units of bytes.

/// A range of numbers, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// This number.
    Is(u64),
    /// From one to the other, both included.
    Between(u64, u64),
    /// This number or more.
    AtLeast(u64),
    /// This number or less.
    AtMost(u64),
    /// More than this number.
    Over(u64),
    /// Less than this number.
    Under(u64),
}

impl Span {
    /// Tests a number.
    #[must_use]
    pub fn has(self, number: u64) -> bool {
        match self {
            Self::Is(own) => number == own,
            Self::Between(from, to) => (from..=to).contains(&number),
            Self::AtLeast(from) => number >= from,
            Self::AtMost(to) => number <= to,
            Self::Over(than) => number > than,
            Self::Under(than) => number < than,
        }
    }

    /// Parses a range; `read` parses each of its numbers.
    pub(crate) fn parse(text: &str, read: impl Fn(&str) -> Option<u64>) -> Option<Self> {
        for (sign, make) in [
            (">=", Self::AtLeast as fn(u64) -> Self),
            ("<=", Self::AtMost),
            (">", Self::Over),
            ("<", Self::Under),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                return read(rest).map(make);
            }
        }
        let Some((from, to)) = text.split_once("..") else {
            return read(text).map(Self::Is);
        };
        match (from, to) {
            ("", to) => read(to).map(Self::AtMost),
            (from, "") => read(from).map(Self::AtLeast),
            (from, to) => {
                let (from, to) = (read(from)?, read(to)?);
                (from <= to).then_some(Self::Between(from, to))
            }
        }
    }
}

/// Units of bytes, the larger first; `B` is one.
const UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

/// Parses a number of digits alone.
pub(crate) fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok())?
}

/// Parses a number of bytes, with a unit in any case: `4KiB`, `1.5MB`, `512`.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let ends_with = |unit: &str| {
        let at = text.len().checked_sub(unit.len())?;
        let end = text.get(at..)?;
        end.eq_ignore_ascii_case(unit).then(|| &text[..at])
    };
    let with_unit = UNITS
        .into_iter()
        .find_map(|(unit, factor)| Some((ends_with(unit)?, factor)));
    let (number, factor) = with_unit.unwrap_or((text, 1));
    let Some((whole, part)) = number.split_once('.') else {
        return digits(number)?.checked_mul(factor);
    };
    let scale = 10_u64.checked_pow(u32::try_from(part.len()).ok()?)?;
    let part = digits(part)?.checked_mul(factor)? / scale;
    digits(whole)?.checked_mul(factor)?.checked_add(part)
}

/// Writes a number of bytes with the largest unit that divides it.
#[must_use]
pub(crate) fn write_bytes(number: u64) -> String {
    let unit = UNITS
        .into_iter()
        .find(|(_, factor)| number > 0 && number.is_multiple_of(*factor));
    match unit {
        Some((unit, factor)) if factor > 1 => [&(number / factor).to_string(), unit].concat(),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let read = |text| Span::parse(text, digits);
        assert_eq!(read("80"), Some(Span::Is(80)));
        assert_eq!(read("1024..2048"), Some(Span::Between(1_024, 2_048)));
        assert_eq!(read("..500"), Some(Span::AtMost(500)));
        assert_eq!(read("500.."), Some(Span::AtLeast(500)));
        assert_eq!(read(">5"), Some(Span::Over(5)));
        assert_eq!(read("<=5"), Some(Span::AtMost(5)));
        for wrong in [
            "",
            "..",
            ">",
            "5..4",
            "a",
            "-1",
            "+1",
            "1..2..3",
            "99999999999999999999",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn bytes_have_units() {
        for (text, number) in [
            ("512", 512),
            ("1MB", 1_000_000),
            ("4kib", 4_096),
            ("1.5MB", 1_500_000),
            ("7b", 7),
        ] {
            assert_eq!(bytes(text), Some(number));
            assert_eq!(bytes(&write_bytes(number)), Some(number));
        }
        for wrong in ["MB", "1.MB", ".5MB", "1XB", "18446744073709551615GB", "1é"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }
}
