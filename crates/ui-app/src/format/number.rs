//! Numbers as a reader wants them: grouped where exact, short where space is scarce. With the marks of the language
//! that is shown, English ones until it says otherwise.

use std::cell::Cell;

use mirrord_catalogues::{Language, Marks};

thread_local! {
    static MARKS: Cell<Marks> = const { Cell::new(Language::En.marks()) };
}

/// Writes with these marks from now on.
pub fn adopt(marks: Marks) {
    MARKS.set(marks);
}

/// Writes `12431` as `12,431`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let marks = MARKS.get();
    if digits.len() < marks.least_digits {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(marks.group);
        }
        out.push(digit);
    }
    out
}

/// Writes a number in at most five characters: `999`, `1.2k`, `12.4k`, `431k`, `1.3M`. Rounds down, so that `1.2k` is
/// never more than there is.
#[must_use]
pub fn short(number: u64) -> String {
    const STEPS: [(u64, char); 4] = [
        (1_000, 'k'),
        (1_000_000, 'M'),
        (1_000_000_000, 'G'),
        (1_000_000_000_000, 'T'),
    ];
    let Some((unit, letter)) = STEPS.iter().rev().find(|(unit, _)| number >= *unit) else {
        return number.to_string();
    };
    let whole = number / unit;
    let mut out = whole.to_string();
    if whole < 100 {
        out.push(MARKS.get().decimal);
        out.push_str(&(number % unit / (unit / 10)).to_string());
    }
    out.push(*letter);
    out
}

/// A rate in events a second, without its unit: whole from 10 up, one decimal below, `0` where nothing comes.
#[must_use]
pub fn rate(per_second: f64) -> String {
    // `as` saturates, and takes NaN to zero: a peer's number cannot break it.
    let number = (per_second * 10.0).round() as u64;
    if number >= 100 {
        return short(number.saturating_add(5) / 10);
    }
    tenths(number)
}

/// Writes a number of tenths: `15` as `1.5`, `20` as `2`.
#[must_use]
pub fn tenths(number: u64) -> String {
    let mut out = (number / 10).to_string();
    if !number.is_multiple_of(10) {
        out.push(MARKS.get().decimal);
        out.push_str(&(number % 10).to_string());
    }
    out
}

/// Writes a number of bytes in at most five characters and its unit: `17 B`, `1.2 kB`, `431 kB`. Rounds down.
#[must_use]
pub fn bytes(number: u64) -> String {
    let mut out = short(number);
    let at = out.find(|last: char| last.is_ascii_alphabetic()).unwrap_or(out.len());
    out.insert(at, ' ');
    out.push('B');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let written: Vec<_> = [0, 999, 1_000, 12_431, 1_234_567].map(grouped).to_vec();
        assert_eq!(written, ["0", "999", "1,000", "12,431", "1,234,567"]);
    }

    #[test]
    fn each_language_has_its_marks() {
        let written = |language: Language| {
            adopt(language.marks());
            let written = [grouped(1_234), grouped(12_345), short(12_431), rate(0.3)].join(" ");
            adopt(Language::En.marks());
            written
        };
        assert_eq!(written(Language::De), "1.234 12.345 12,4k 0,3");
        assert_eq!(written(Language::Es), "1234 12.345 12,4k 0,3");
        assert_eq!(written(Language::Pl), "1234 12\u{a0}345 12,4k 0,3");
        assert_eq!(written(Language::Ja), "1,234 12,345 12.4k 0.3");
    }

    #[test]
    fn short_numbers_keep_their_size() {
        let written: Vec<_> = [7, 999, 1_000, 1_299, 12_431, 431_900, 1_300_000].map(short).to_vec();
        assert_eq!(written, ["7", "999", "1.0k", "1.2k", "12.4k", "431k", "1.3M"]);
        assert!(short(u64::MAX).ends_with('T'));
    }

    #[test]
    fn rates_are_read_at_a_glance_and_survive_nonsense() {
        let written: Vec<_> = [0.0, 0.04, 0.3, 2.0, 84.4, 1_234.0, -5.0, f64::NAN].map(rate).to_vec();
        assert_eq!(written, ["0", "0", "0.3", "2", "84", "1.2k", "0", "0"]);
        assert!(rate(f64::INFINITY).ends_with('T'));
    }
}
