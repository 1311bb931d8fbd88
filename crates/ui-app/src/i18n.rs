//! Every word of the page, in one place. A text may hold `{}` for one value; one that depends on a number has its forms
//! parted by `|`, in the order of the language's plural categories. Only English so far.

mod en;
pub mod language;

use crate::format::number::grouped;
use crate::format::time::{Age, age};

pub use en::Key;

/// A text as it stands.
#[must_use]
pub fn t(key: Key) -> &'static str {
    en::TEXTS[key as usize]
}

/// A text with a value in it.
#[must_use]
pub fn with(key: Key, value: &str) -> String {
    t(key).replace("{}", value)
}

/// A text that depends on a number, with the number in it.
#[must_use]
pub fn count(key: Key, number: u64) -> String {
    let mut forms = t(key).split('|');
    let first = forms.next().unwrap_or_default();
    let form = if number == 1 {
        first
    } else {
        forms.next().unwrap_or(first)
    };
    form.replace("{}", &grouped(number))
}

/// A day as the language writes it, from `2027-01-01`; what is no day stays as it is.
#[must_use]
pub fn day(written: &str) -> String {
    written.to_owned()
}

/// How long something has lasted, in words.
#[must_use]
pub fn lasted(micros: u64) -> String {
    let (key, main, rest) = match age(micros) {
        Age::Seconds(seconds) => (Key::Seconds, seconds, None),
        Age::Minutes(minutes) => (Key::Minutes, minutes, None),
        Age::Hours(hours, minutes) => (Key::Hours, hours, Some((Key::Minutes, minutes))),
        Age::Days(days, hours) => (Key::Days, days, Some((Key::Hours, hours))),
    };
    let mut out = count(key, main);
    if let Some((key, number)) = rest.filter(|(_, number)| *number > 0) {
        out.push(' ');
        out.push_str(&count(key, number));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_pick_their_form() {
        assert_eq!(count(Key::Processes, 1), "1 process");
        assert_eq!(count(Key::Processes, 1_200), "1,200 processes");
        assert_eq!(count(Key::Processes, 0), "0 processes");
    }

    #[test]
    fn ages_have_at_most_two_units() {
        let hour = 3_600_000_000;
        assert_eq!(
            [5_000_000, 840_000_000, hour, hour + 120_000_000, 25 * hour].map(lasted),
            ["5 s", "14 min", "1 h", "1 h 2 min", "1 d 1 h"]
        );
    }

    #[test]
    fn no_text_is_empty() {
        assert!(en::TEXTS.iter().all(|text| !text.trim().is_empty()));
    }
}
