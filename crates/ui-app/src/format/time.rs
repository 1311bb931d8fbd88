//! Times: read from the wire, written as a clock or as an age. The time zone is given by the caller, in minutes.

use mirrord_filter::calendar::days_of;

/// The microseconds of a second: what the wire counts in.
pub const MICROS: u64 = 1_000_000;

/// Writes the time of day, to the millisecond: `14:02:31.000`. `offset_minutes` is what local time is ahead of UTC.
#[must_use]
pub fn clock(ts: u64, offset_minutes: i32) -> String {
    let mut out = String::with_capacity(12);
    let local = (ts / 1_000) as i64 + i64::from(offset_minutes) * 60_000;
    let day = local.rem_euclid(86_400_000);
    push_padded(&mut out, day / 3_600_000, 2);
    out.push(':');
    push_padded(&mut out, day / 60_000 % 60, 2);
    out.push(':');
    push_padded(&mut out, day / 1_000 % 60, 2);
    out.push('.');
    push_padded(&mut out, day % 1_000, 3);
    out
}

fn push_padded(out: &mut String, number: i64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        out.push(char::from(b'0' + digit as u8));
    }
}

/// Writes a time as it lies behind another: `+0.250`, `+1:02.250`, `+1:02:03.250`; with a minus where it lies before.
#[must_use]
pub fn since(ts: u64, start: u64) -> String {
    let millis = (ts.abs_diff(start) / 1_000) as i64;
    let (hours, minutes) = (millis / 3_600_000, millis / 60_000 % 60);
    let mut out = String::with_capacity(13);
    out.push(if ts < start { '-' } else { '+' });
    if hours > 0 {
        out.push_str(&hours.to_string());
        out.push(':');
        push_padded(&mut out, minutes, 2);
        out.push(':');
    } else if minutes > 0 {
        out.push_str(&minutes.to_string());
        out.push(':');
    }
    let seconds = millis / 1_000 % 60;
    push_padded(&mut out, seconds, if seconds >= 10 || millis >= 60_000 { 2 } else { 1 });
    out.push('.');
    push_padded(&mut out, millis % 1_000, 3);
    out
}

/// An age with the unit that fits it, for `i18n` to put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Less than a minute.
    Seconds(u64),
    /// Less than an hour.
    Minutes(u64),
    /// Less than a day: hours and minutes.
    Hours(u64, u64),
    /// A day or more: days and hours.
    Days(u64, u64),
}

/// The age of something that began `micros` ago.
#[must_use]
pub fn age(micros: u64) -> Age {
    let seconds = micros / MICROS;
    match seconds {
        0..60 => Age::Seconds(seconds),
        60..3_600 => Age::Minutes(seconds / 60),
        3_600..86_400 => Age::Hours(seconds / 3_600, seconds / 60 % 60),
        _ => Age::Days(seconds / 86_400, seconds / 3_600 % 24),
    }
}

/// Reads an RFC 3339 time as microseconds since the Unix epoch; `None` where it is none, or before 1970.
#[must_use]
pub fn rfc3339(text: &str) -> Option<u64> {
    let (date, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    let (clock, rest) = time.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, ':')?;
    let fraction_end = rest
        .find(|character: char| character != '.' && !character.is_ascii_digit())
        .unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at_checked(fraction_end)?;
    let offset = zone_seconds(zone)?;
    let in_range = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    if !in_range {
        return None;
    }
    let seconds = days_of(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    Some(u64::try_from(seconds).ok()? * MICROS + fraction_micros(fraction)?)
}

fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    });
    let read = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(read)
}

fn fraction_micros(fraction: &str) -> Option<u64> {
    if fraction.is_empty() {
        return Some(0);
    }
    let digits = fraction.strip_prefix('.').filter(|digits| !digits.is_empty())?;
    let micros = digits.bytes().take(6).try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0'))
    })?;
    Some(micros * 10_u64.pow(6 - digits.len().min(6) as u32))
}

fn zone_seconds(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    Some(sign * (hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_local_and_wraps_at_midnight() {
        assert_eq!(clock(1_795_197_600_123_456, 0), "18:00:00.123");
        assert_eq!(clock(1_795_197_600_123_456, -600), "08:00:00.123");
        assert_eq!(clock(1_795_197_600_123_456, 480), "02:00:00.123");
        assert_eq!(clock(0, -60), "23:00:00.000");
    }

    #[test]
    fn a_time_is_told_from_a_start() {
        let told = [0, 250_000, 62_250_000, 3_723_004_000].map(|ts| since(1_000 + ts, 1_000));
        assert_eq!(told, ["+0.000", "+0.250", "+1:02.250", "+1:02:03.004"]);
        assert_eq!(
            (since(0, 12_500_000), since(59_999_000, 0)),
            ("-12.500".to_owned(), "+59.999".to_owned())
        );
    }

    #[test]
    fn times_of_the_wire_are_read() {
        assert_eq!(rfc3339("1970-01-01T00:00:01Z"), Some(MICROS));
        assert_eq!(rfc3339("2026-11-20T18:00:00Z"), Some(1_795_197_600 * MICROS));
        assert_eq!(
            rfc3339("2026-11-20T19:00:00.25+01:00"),
            Some(1_795_197_600 * MICROS + 250_000)
        );
        assert_eq!(
            rfc3339("2000-02-29T12:00:00.123456789Z"),
            Some(951_825_600 * MICROS + 123_456)
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let wrong = [
            "",
            "yesterday",
            "2026-11-20",
            "2026-13-20T18:00:00Z",
            "2026-11-20T18:00:00",
            "1969-12-31T23:59:59Z",
            "2026-11-20T18:00:00.Z",
            "é026-11-20T18:00:00Z",
            "-026-11-20T18:00:00Z",
        ];
        assert!(wrong.iter().all(|text| rfc3339(text).is_none()));
    }

    #[test]
    fn ages_have_the_unit_that_fits() {
        assert_eq!(age(59 * MICROS), Age::Seconds(59));
        assert_eq!(age(60 * MICROS), Age::Minutes(1));
        assert_eq!(age(3_700 * MICROS), Age::Hours(1, 1));
        assert_eq!(age(90_000 * MICROS), Age::Days(1, 1));
    }
}
