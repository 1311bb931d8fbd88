//! Every word of the page, in one place. A text may hold `{}` for one value; one that depends on a number has its forms
//! parted by `|`, in the order of the language's plural categories.
//!
//! English is built in. Each other language is a catalogue (`locales/`), which is fetched when it is wanted; whatever a
//! catalogue does not say is said in English. Which language is shown holds for the whole page: there is one thread.

mod catalogue;
mod en;
pub mod language;

use crate::format::number::grouped;
use crate::format::time::{Age, age};

pub use catalogue::{adopt, is_known, language, learn};
pub use en::Key;

/// Text without values.
#[must_use]
pub fn t(key: Key) -> &'static str {
    catalogue::text(key).1
}

/// A text with a value in it.
#[must_use]
pub fn with(key: Key, value: &str) -> String {
    t(key).replace("{}", value)
}

/// A text with two values in it, in the order in which they stand there.
#[must_use]
pub fn with_two(key: Key, first: &str, second: &str) -> String {
    t(key).replacen("{}", first, 1).replacen("{}", second, 1)
}

/// A text that depends on a number, with the number in it.
#[must_use]
pub fn count(key: Key, number: u64) -> String {
    let (language, text) = catalogue::text(key);
    let form = text.split('|').nth(language.plural(number));
    // A text with too few forms says something all the same.
    let form = form.or_else(|| text.rsplit('|').next()).unwrap_or_default();
    form.replace("{}", &grouped(number))
}

/// A day as the language writes it, from `2027-01-01`; what is no day stays as it is.
#[must_use]
pub fn day(written: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    if let Some(day) = local_day(written) {
        return day;
    }
    written.to_owned()
}

#[cfg(target_arch = "wasm32")]
fn local_day(written: &str) -> Option<String> {
    use wasm_bindgen::JsValue;

    let date = js_sys::Date::new(&JsValue::from_str(written));
    if date.get_time().is_nan() {
        return None;
    }
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeZone", "UTC")] {
        js_sys::Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value)).ok()?;
    }
    Some(String::from(date.to_locale_date_string(language().tag(), &options)))
}

/// Duration in words.
#[must_use]
pub fn lasted(micros: u64) -> String {
    let (key, main, rest) = match age(micros) {
        Age::Seconds(seconds) => (Key::Seconds, seconds, None),
        Age::Minutes(minutes) => (Key::Minutes, minutes, None),
        Age::Hours(hours, minutes) => (Key::Hours, hours, Some((Key::Minutes, minutes))),
        Age::Days(days, hours) => (Key::Days, days, Some((Key::Hours, hours))),
    };
    let mut out = with(key, &grouped(main));
    if let Some((key, number)) = rest.filter(|(_, number)| *number > 0) {
        out.push(' ');
        out.push_str(&with(key, &grouped(number)));
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
}
