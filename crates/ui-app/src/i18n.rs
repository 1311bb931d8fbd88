//! Texts of the page. A compiled text has `{0}`, `{1}` for its values; one that depends on a number has a form for each plural
//! category of its language, with `|` between them.
//!
//! English is built in. Each other language is a catalogue (`mirrord-catalogues`), which is fetched when it is wanted; a text
//! that a catalogue lacks is shown in English. The language holds for the whole page: there is one thread.

mod catalogue;
mod keys;

use crate::format::number::{grouped, tenths};
use crate::format::time::{Age, age};

pub use catalogue::{adopt, is_known, language, learn};
pub use keys::Key;

/// Returns a text without values.
#[must_use]
pub fn t(key: Key) -> &'static str {
    catalogue::text(key).1
}

/// Returns a text with its value.
#[must_use]
pub fn with(key: Key, value: &str) -> String {
    filled(t(key), &[value])
}

/// Returns a text with its two values, in the order of English.
#[must_use]
pub fn with_two(key: Key, first: &str, second: &str) -> String {
    filled(t(key), &[first, second])
}

/// Returns a text that depends on a number, with the number.
#[must_use]
pub fn count(key: Key, number: u64) -> String {
    let (language, text) = catalogue::text(key);
    let form = text.split('|').nth(language.plural(number));
    // A catalogue with too few forms is read all the same.
    let form = form.or_else(|| text.rsplit('|').next()).unwrap_or_default();
    filled(form, &[&grouped(number)])
}

/// Replaces the numbered places of a text by values; a place without a value is left out.
fn filled(text: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (place, after) = behind.split_once('}').unwrap_or((behind, ""));
        out.push_str(before);
        out.push_str(
            place
                .parse()
                .ok()
                .and_then(|place: usize| values.get(place))
                .unwrap_or(&""),
        );
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Formats a day such as `2027-01-01` as the language writes it; any other text is returned unchanged.
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

/// Formats a duration in at most two units.
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

/// Formats a short duration: milliseconds below a second, tenths of a second below ten, and as [`lasted`] from there on.
#[must_use]
pub fn span(micros: u64) -> String {
    match micros {
        0..10_000 => with(Key::Milliseconds, &tenths(micros / 100)),
        10_000..1_000_000 => with(Key::Milliseconds, &(micros / 1_000).to_string()),
        1_000_000..10_000_000 => with(Key::Seconds, &tenths(micros / 100_000)),
        _ => lasted(micros),
    }
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
    fn a_short_time_has_the_unit_that_fits() {
        let spans = [0, 120, 1_500, 42_999, 300_000, 1_000_000, 2_350_000, 17_000_000].map(span);
        assert_eq!(
            spans,
            ["0 ms", "0.1 ms", "1.5 ms", "42 ms", "300 ms", "1 s", "2.3 s", "17 s"]
        );
    }

    #[test]
    fn values_have_their_places_and_are_not_read_themselves() {
        assert_eq!(filled("{1} of {0}", &["{1}", "b"]), "b of {1}");
        assert_eq!(filled("{0}/{7}{x}{", &["a"]), "a/");
    }
}
