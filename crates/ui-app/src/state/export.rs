//! Rows as CSV for a table program. Such a program runs what looks like a formula and obeys characters that turn a line
//! around: here they are plain text.

use mirrord_filter::calendar::date_of;

use crate::format::text::shown;

/// The columns of a CSV file.
pub const COLUMNS: [&str; 8] = ["seq", "time", "type", "process", "pid", "text", "routing", "rule"];

/// Writes a line of CSV (RFC 4180), every field quoted.
pub fn push_csv(out: &mut String, fields: [&str; 8]) {
    for (place, field) in fields.into_iter().enumerate() {
        out.push_str(if place > 0 { ",\"" } else { "\"" });
        out.push_str(&plain(field).replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

/// Writes a line of a table as text, its fields parted by tabs: what is copied is pasted into a table program as often
/// as into a message. No field holds a tab or the end of a line.
pub fn push_tabbed<'a>(out: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (place, field) in fields.enumerate() {
        out.extend((place > 0).then_some('\t'));
        out.push_str(&plain(field));
    }
    out.push('\n');
}

/// A field whose characters can all be seen, and which is no formula.
fn plain(field: &str) -> String {
    let text = shown(field, field.len());
    // A leading apostrophe is how table programs mark what is no formula.
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula || field.starts_with(['\t', '\r', '\n']) {
        ["'", &text].concat()
    } else {
        text
    }
}

/// A time as RFC 3339, in UTC, to the microsecond.
#[must_use]
pub fn time(ts: u64) -> String {
    let (seconds, micros) = (ts / 1_000_000, ts % 1_000_000);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date_of(i64::try_from(days).unwrap_or_default());
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::time::rfc3339;

    fn csv(text: &str) -> String {
        let mut out = String::new();
        push_csv(&mut out, ["1", "", "", "", "", text, "", ""]);
        out.split(',').nth(5).unwrap().to_owned()
    }

    #[test]
    fn what_looks_like_a_formula_is_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"] {
            assert!(csv(text).starts_with("\"'"), "{text:?}: {}", csv(text));
        }
        assert_eq!(csv("/etc/hosts"), "\"/etc/hosts\"");
    }

    #[test]
    fn a_copied_line_has_its_fields_and_no_formula() {
        let mut out = String::new();
        push_tabbed(&mut out, ["a\tb\nc", "=1+1", "", "x\u{202e}y"].into_iter());
        assert_eq!(out, "a␉b↵c\t'=1+1\t\tx⟨U+202E⟩y\n");
    }

    #[test]
    fn quotes_and_line_ends_stay_in_their_field() {
        assert_eq!(csv("a\"b\nc"), "\"a\"\"b↵c\"");
        assert_eq!(csv("x\u{202e}y"), "\"x⟨U+202E⟩y\"");
    }

    #[test]
    fn a_time_is_read_back() {
        for ts in [0, 951_825_600_123_456, 1_795_197_600_000_001, 4_102_444_799_999_999] {
            assert_eq!(rfc3339(&time(ts)), Some(ts), "{}", time(ts));
        }
    }
}
