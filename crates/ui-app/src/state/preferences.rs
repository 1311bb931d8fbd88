//! Preferences of the reader, kept in the browser in the form of `storage_format`.

use mirrord_catalogues::Language;

use super::columns::Columns;
use super::storage_format::{choice, parts};

/// The key in the browser's storage.
pub const KEY: &str = "mirrord.preferences";
/// The format's version: what another one wrote is ignored.
const VERSION: &str = "1";
/// The longest text that is read: what is longer is not ours.
const MAX_BYTES: usize = 1_024;

choice! {
    /// Light or dark.
    Theme {
        /// As the system is.
        #[default]
        System = "system",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

choice! {
    /// Density of rows.
    Density {
        /// As many rows as can be read.
        #[default]
        Compact = "compact",
        /// More room.
        Comfortable = "comfortable",
    }
}

choice! {
    /// Format of an event's time.
    Times {
        /// The time of day.
        #[default]
        Absolute = "absolute",
        /// Time since the event.
        Relative = "relative",
        /// Time from the session's start.
        SinceStart = "since-start",
        /// Time since the row before.
        SinceBefore = "since-before",
    }
}

choice! {
    /// Single letters as shortcuts.
    SingleKeys {
        /// They are.
        #[default]
        On = "on",
        /// Only keys without a letter, and those with Control, are.
        Off = "off",
    }
}

choice! {
    /// Repeats in the log.
    Repeats {
        /// Each is a row.
        #[default]
        Each = "each",
        /// Those of one event are one row.
        Folded = "folded",
    }
}

choice! {
    /// Notifications when a session ends.
    Notify {
        /// None.
        #[default]
        Off = "off",
        /// As far as the browser permits them.
        On = "on",
    }
}

/// All choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Light or dark.
    pub theme: Theme,
    /// Density of rows.
    pub density: Density,
    /// Format of an event's time.
    pub times: Times,
    /// The language; `None` for the browser's.
    pub language: Option<Language>,
    /// Single letters as shortcuts: speech input and accidental typing are reasons to turn them off.
    pub single_keys: SingleKeys,
    /// Repeats in the log.
    pub repeats: Repeats,
    /// Notifications when a session ends.
    pub notify: Notify,
    /// Columns of the log, and their widths.
    pub columns: Columns,
    /// Values of variables visible from the start; `None` for the server's default.
    pub env_values: Option<bool>,
}

impl Preferences {
    /// Reads what was stored. What cannot be read is as if it had not been chosen.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        let mut own = Self::default();
        for (name, word) in parts(stored, VERSION, MAX_BYTES) {
            match name {
                "theme" => own.theme = Theme::of_word(word),
                "density" => own.density = Density::of_word(word),
                "times" => own.times = Times::of_word(word),
                "keys" => own.single_keys = SingleKeys::of_word(word),
                "repeats" => own.repeats = Repeats::of_word(word),
                "notify" => own.notify = Notify::of_word(word),
                "columns" => own.columns = Columns::read(word),
                "language" => own.language = Language::of_tag(word),
                "env" => {
                    own.env_values = match word {
                        "shown" => Some(true),
                        "hidden" => Some(false),
                        _ => None,
                    };
                }
                _ => {}
            }
        }
        own
    }

    /// Writes what [`Preferences::read`] reads.
    #[must_use]
    pub fn written(&self) -> String {
        let mut out = String::from(VERSION);
        let mut put = |name: &str, word: &str| {
            out.push(';');
            out.push_str(name);
            out.push('=');
            out.push_str(word);
        };
        put("theme", self.theme.word());
        put("density", self.density.word());
        put("times", self.times.word());
        put("keys", self.single_keys.word());
        if self.repeats != Repeats::Each {
            put("repeats", self.repeats.word());
        }
        if self.notify != Notify::Off {
            put("notify", self.notify.word());
        }
        let columns = self.columns.written();
        if !columns.is_empty() {
            put("columns", &columns);
        }
        if let Some(language) = self.language {
            put("language", language.tag());
        }
        if let Some(shown) = self.env_values {
            put("env", if shown { "shown" } else { "hidden" });
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::columns::Column;

    proptest! {
        #[test]
        fn what_was_chosen_is_read_back(
            theme in 0..3_usize, density in 0..2_usize, times in 0..4_usize, keys in 0..2_usize, notify in 0..2_usize, repeats in 0..2_usize,
            language in prop::option::of(prop::sample::select(Language::ALL.to_vec())), env_values in any::<Option<bool>>(),
            toggled in 0..8_usize, width in 0_u16..900,
        ) {
            let column = Column::ALL[toggled];
            let columns = Columns::default().toggled(column).with_width(column, width);
            let own = Preferences {
                theme: Theme::at(theme), density: Density::at(density), times: Times::at(times), single_keys: SingleKeys::at(keys), notify: Notify::at(notify), repeats: Repeats::at(repeats), language, env_values, columns,
            };
            prop_assert!(own.written().len() <= MAX_BYTES);
            prop_assert_eq!(Preferences::read(&own.written()), own);
        }

        #[test]
        fn whatever_is_stored_something_is_read(stored in any::<String>(), tail in "[;=a-z-]{0,80}") {
            let _ = Preferences::read(&stored);
            let _ = Preferences::read(&["1;", &tail].concat());
        }
    }

    #[test]
    fn another_version_and_nonsense_are_ignored_and_a_broken_value_costs_no_other() {
        for stored in ["", "2;theme=dark", "theme=dark", "1theme=dark", "\u{0}"] {
            assert_eq!(Preferences::read(stored), Preferences::default(), "{stored}");
        }
        let own = Preferences::read("1;theme=solarized;density=comfortable;language=tlh;env=maybe;new=x");
        assert_eq!((own.theme, own.density), (Theme::System, Density::Comfortable));
        assert_eq!((own.language, own.env_values), (None, None));
        let long = ["1;theme=dark;x=", &"x".repeat(MAX_BYTES)].concat();
        assert_eq!(Preferences::read(&long).theme, Theme::System);
    }
}
