//! Times and ranges of them: `16:05`, `16:05:07.25..16:06`, `2026-11-29T16:05:00+01:00`, `2026-11-29`, `-5m`.
//!
//! Parsed here and not by a crate: `humantime` refuses offsets and does not keep the precision that makes `16:05` a whole
//! minute, and each of the calendars that do more is larger than the rest of the language.

use crate::calendar::{date_of, days_of};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Units of a time ago, the larger first.
const AGO: [(&str, i64); 6] = [
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", SECOND),
    ("ms", 1_000),
    ("us", 1),
];

/// Moment and zone in which times of a filter are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    /// Now, microseconds since the epoch.
    pub now: u64,
    /// Minutes by which the reader's time is ahead of UTC.
    pub zone_minutes: i32,
}

/// A time, as precise as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A date, or a date and a time, in UTC or with an offset: microseconds since the epoch.
    Utc(i64, Unit),
    /// A date, or a date and a time, in the reader's zone: microseconds since the epoch, as if it were UTC.
    Local(i64, Unit),
    /// A time of any day, in the reader's zone: microseconds since midnight.
    OfDay(i64, Unit),
    /// Microseconds before now.
    Ago(i64),
}

/// Precision of a written time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A date.
    Day,
    /// Hours and minutes.
    Minute,
    /// With seconds, and so many digits of a fraction, at most six.
    Fraction(u8),
}

impl Unit {
    fn microseconds(self) -> i64 {
        match self {
            Self::Day => DAY,
            Self::Minute => MINUTE,
            Self::Fraction(digits) => 10_i64.pow(6_u32.saturating_sub(digits.into())),
        }
    }
}

impl When {
    /// Parses a time.
    fn parse(text: &str) -> Option<Self> {
        if let Some(ago) = text.strip_prefix('-') {
            return parse_ago(ago).map(Self::Ago);
        }
        if !text.is_ascii() {
            return None;
        }
        let Some((date, time)) = text.split_once(['T', 't']) else {
            if text.contains(':') {
                return parse_clock(text).map(|(us, unit)| Self::OfDay(us, unit));
            }
            return parse_date(text).map(|us| Self::Local(us, Unit::Day));
        };
        let (time, offset) = split_offset(time)?;
        let (us, unit) = parse_clock(time)?;
        let us = parse_date(date)? + us;
        Some(offset.map_or(Self::Local(us, unit), |offset| Self::Utc(us - offset, unit)))
    }

    /// Writes the time as it is parsed.
    pub(crate) fn write(self, out: &mut String) {
        match self {
            Self::Utc(us, unit) => {
                // A date alone is the reader's own: midnight in UTC needs its time.
                write_moment(out, us, unit);
                out.push('Z');
            }
            Self::Local(us, Unit::Day) => write_date(out, us.div_euclid(DAY)),
            Self::Local(us, unit) => write_moment(out, us, unit),
            Self::OfDay(us, unit) => write_clock(out, us, unit),
            Self::Ago(us) => write_ago(out, us),
        }
    }

    /// Reports a time of event at or behind the beginning of this one.
    fn is_reached(self, ts: i64, scope: &Scope) -> bool {
        match self {
            Self::OfDay(us, _) => scope.of_day(ts) >= us,
            _ => ts >= self.start(scope),
        }
    }

    /// Reports a time of event before the end of this one.
    fn is_not_passed(self, ts: i64, scope: &Scope) -> bool {
        match self {
            Self::OfDay(us, unit) => scope.of_day(ts) < us + unit.microseconds(),
            Self::Utc(_, unit) | Self::Local(_, unit) => ts < self.start(scope) + unit.microseconds(),
            Self::Ago(_) => ts <= self.start(scope),
        }
    }

    /// The beginning, microseconds since the epoch; of a time of any day, since midnight.
    fn start(self, scope: &Scope) -> i64 {
        match self {
            Self::Utc(us, _) | Self::OfDay(us, _) => us,
            Self::Local(us, _) => us - i64::from(scope.zone_minutes) * MINUTE,
            Self::Ago(us) => scope.now() - us,
        }
    }
}

impl Scope {
    /// Microseconds since midnight, in the reader's zone.
    fn of_day(&self, ts: i64) -> i64 {
        (ts + i64::from(self.zone_minutes) * MINUTE).rem_euclid(DAY)
    }

    fn now(&self) -> i64 {
        i64::try_from(self.now).unwrap_or(i64::MAX / 2)
    }
}

/// A range of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeTest {
    /// From the beginning of one to the end of the other. Times of day that go backwards go over midnight.
    Within(Option<When>, Option<When>),
    /// Before the beginning.
    Before(When),
}

impl TimeTest {
    /// Tests a time, microseconds since the epoch.
    #[must_use]
    pub fn has(self, ts: u64, scope: &Scope) -> bool {
        let ts = i64::try_from(ts).unwrap_or(i64::MAX / 2);
        match self {
            Self::Before(when) => !when.is_reached(ts, scope),
            Self::Within(Some(from @ When::OfDay(start, _)), Some(to @ When::OfDay(last, _))) if start > last => {
                from.is_reached(ts, scope) || to.is_not_passed(ts, scope)
            }
            Self::Within(from, to) => {
                from.is_none_or(|from| from.is_reached(ts, scope)) && to.is_none_or(|to| to.is_not_passed(ts, scope))
            }
        }
    }

    /// Parses a range, or the time that `after:` or `before:` was given.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let from = |when| Self::Within(Some(when), None);
        let to = |when| Self::Within(None, Some(when));
        for (sign, make) in [
            (">=", &from as &dyn Fn(When) -> Self),
            ("<=", &to),
            (">", &from),
            ("<", &Self::Before),
        ] {
            if let Some(rest) = text.strip_prefix(sign) {
                return When::parse(rest).map(make);
            }
        }
        match text.split_once("..") {
            None => match When::parse(text)? {
                ago @ When::Ago(_) => Some(from(ago)),
                when => Some(Self::Within(Some(when), Some(when))),
            },
            Some(("", last)) => When::parse(last).map(to),
            Some((first, "")) => When::parse(first).map(from),
            Some((first, last)) => Some(Self::Within(Some(When::parse(first)?), Some(When::parse(last)?))),
        }
    }

    /// Writes the range as it is parsed.
    pub(crate) fn write(self, out: &mut String) {
        match self {
            Self::Before(when) => {
                out.push('<');
                when.write(out);
            }
            Self::Within(Some(from), None) => {
                from.write(out);
                out.push_str("..");
            }
            Self::Within(Some(from), Some(to)) if from == to && !matches!(from, When::Ago(_)) => from.write(out),
            Self::Within(from, to) => {
                from.iter().for_each(|from| from.write(out));
                out.push_str("..");
                to.iter().for_each(|to| to.write(out));
            }
        }
    }
}

/// Parses digits, exactly so many.
fn number(text: &str, digits: usize) -> Option<i64> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// `HH:MM`, `HH:MM:SS`, `HH:MM:SS.fraction`.
fn parse_clock(text: &str) -> Option<(i64, Unit)> {
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest
        .split_once(':')
        .map_or((rest, None), |(minutes, rest)| (minutes, Some(rest)));
    let hours = number(hours, hours.len().clamp(1, 2)).filter(|hours| *hours < 24)?;
    let minutes = number(minutes, 2).filter(|minutes| *minutes < 60)?;
    let us = hours * HOUR + minutes * MINUTE;
    let Some(seconds) = seconds else {
        return Some((us, Unit::Minute));
    };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let us = us + number(seconds, 2).filter(|seconds| *seconds < 60)? * SECOND;
    // What is finer than a microsecond has no event.
    let kept = fraction.get(..fraction.len().min(6))?;
    if text.ends_with('.') || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let unit = Unit::Fraction(u8::try_from(kept.len()).ok()?);
    Some((us + kept.parse().unwrap_or(0) * unit.microseconds(), unit))
}

/// `YYYY-MM-DD`, in microseconds since the epoch.
fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (
        number(parts.next()?, 4)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    let days = days_of(year, month, day);
    // A day that does not exist comes back as another.
    (date_of(days) == (year, month, day)).then_some(days * DAY)
}

/// A time without its zone, and the zone's offset in microseconds; `None` in it for a time without one.
fn split_offset(time: &str) -> Option<(&str, Option<i64>)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, Some(0)));
    }
    let Some(at) = time.find(['+', '-']) else {
        return Some((time, None));
    };
    let (hours, minutes) = time[at + 1..].split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let offset = hours * HOUR + minutes * MINUTE;
    let is_zone = hours < 24 && minutes < 60;
    is_zone.then_some((
        &time[..at],
        Some(if time[at..].starts_with('-') { -offset } else { offset }),
    ))
}

/// `5m`, `1h30m`, `250ms`.
fn parse_ago(text: &str) -> Option<i64> {
    let (mut rest, mut us) = (text, 0_i64);
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, behind) = rest.split_at(digits);
        let letters = behind
            .find(|letter: char| !letter.is_ascii_alphabetic())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let (_, unit) = AGO.into_iter().find(|(name, _)| *name == unit)?;
        us = us.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        rest = behind;
    }
    (!text.is_empty() && us < i64::MAX / 4).then_some(us)
}

fn write_ago(out: &mut String, us: i64) {
    out.push('-');
    let mut left = us;
    for (name, unit) in AGO {
        let number = left / unit;
        left %= unit;
        if number > 0 {
            out.push_str(&number.to_string());
            out.push_str(name);
        }
    }
    if us == 0 {
        out.push_str("0s");
    }
}

fn write_padded(out: &mut String, number: i64, digits: usize) {
    let text = number.to_string();
    out.extend(std::iter::repeat_n('0', digits.saturating_sub(text.len())));
    out.push_str(&text);
}

fn write_moment(out: &mut String, us: i64, unit: Unit) {
    write_date(out, us.div_euclid(DAY));
    out.push('T');
    write_clock(out, us.rem_euclid(DAY), unit);
}

fn write_date(out: &mut String, days: i64) {
    let (year, month, day) = date_of(days);
    write_padded(out, year, 4);
    out.push('-');
    write_padded(out, month, 2);
    out.push('-');
    write_padded(out, day, 2);
}

fn write_clock(out: &mut String, us: i64, unit: Unit) {
    write_padded(out, us / HOUR, 2);
    out.push(':');
    write_padded(out, us % HOUR / MINUTE, 2);
    let Unit::Fraction(digits) = unit else { return };
    out.push(':');
    write_padded(out, us % MINUTE / SECOND, 2);
    if digits > 0 {
        out.push('.');
        write_padded(out, us % SECOND / unit.microseconds(), digits.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-29T16:05:30Z.
    const TS: u64 = 1_795_968_330_000_000;

    fn has(text: &str, zone_minutes: i32) -> bool {
        let scope = Scope {
            now: TS + 60_000_000,
            zone_minutes,
        };
        TimeTest::parse(text).unwrap().has(TS, &scope)
    }

    #[test]
    fn a_time_is_as_long_as_it_was_written() {
        for (text, fits) in [
            ("16:05", true),
            ("16:05:30", true),
            ("16:05:30.0", true),
            ("16:05:29", false),
            ("2026-11-29", true),
            ("2026-11-29T16:05Z", true),
            ("2026-11-29T17:05:30+01:00", true),
            ("2026-11-29T16:05:30-01:00", false),
            ("16:00..16:05", true),
            ("16:00..16:04", false),
            ("16:06..16:04", false),
            ("23:00..16:05", true),
            ("..16:05", true),
            ("<16:05", false),
            ("<16:06", true),
            (">=16:05", true),
            ("-5m", true),
            ("-59s", false),
            ("-1m", true),
            ("-1h30m..-2m", false),
            ("..-1m", true),
        ] {
            assert_eq!(has(text, 0), fits, "{text}");
        }
        assert!(has("17:05", 60) && has("2026-11-30T01:05", 540) && !has("2026-11-29", 540));
    }

    #[test]
    fn nonsense_is_no_time() {
        for text in [
            "",
            "..",
            "16",
            "24:00",
            "16:60",
            "16:05:60",
            "16:5",
            "2026-02-29",
            "2026-13-01",
            "2026-11-29T",
            "-",
            "-5",
            "-5y",
            "-99999999999999999d",
            "16:05:07.",
            "16:05:07.x",
            "2026-11-29T16:05+1",
            "é",
            "T",
            "16:05é",
            "+5m",
        ] {
            assert_eq!(TimeTest::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "16:05",
            "09:05:07.25..16:06",
            "2026-11-29",
            "2024-02-29T00:00Z",
            "2026-11-29T16:05:00.123456Z..",
            "..-1h30m",
            "<2026-11-29T16:05",
            "-5m..-1ms",
            "-0s..",
        ] {
            let test = TimeTest::parse(text).unwrap();
            let mut written = String::new();
            test.write(&mut written);
            assert_eq!(written, text);
            assert_eq!(TimeTest::parse(&written), Some(test));
        }
    }
}
