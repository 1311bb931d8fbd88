//! Signals of the reader's preferences, which this browser keeps, and of the language on display.

use leptos::prelude::*;
use mirrord_catalogues::Language;
use mirrord_wire::VersionInfo;

use crate::browser::{set_root, store};
use crate::i18n;
use crate::state::preferences::{self, Preferences, Repeats, Theme};

/// The reader's preferences.
#[derive(Clone, Copy)]
pub(crate) struct PreferencesStore {
    pub(crate) current: RwSignal<Preferences>,
    /// Language on display; it follows the preference once its catalogue is here.
    pub(crate) language: RwSignal<Language>,
    version: RwSignal<VersionInfo>,
}

impl PreferencesStore {
    pub(crate) fn new(own: Preferences, version: RwSignal<VersionInfo>) -> Self {
        Self {
            current: RwSignal::new(own),
            language: RwSignal::new(i18n::language()),
            version,
        }
    }

    /// Changes the preferences, and stores them.
    pub(crate) fn update(&self, change: impl FnOnce(&mut Preferences)) {
        let mut own = self.current.get_untracked();
        change(&mut own);
        store(preferences::KEY, &own.written());
        self.apply(own);
    }

    /// Changes the preferences for now; [`Self::update`] stores them.
    pub(crate) fn try_out(&self, change: impl FnOnce(&mut Preferences)) {
        let mut own = self.current.get_untracked();
        change(&mut own);
        self.apply(own);
    }

    /// Applies preferences from this window or another one. Styles depend on attributes of the root element, so those
    /// change before any effect measures.
    pub(crate) fn apply(&self, own: Preferences) {
        set_root("data-theme", own.theme.word());
        set_root("data-density", own.density.word());
        if self.current.get_untracked() != own {
            self.current.set(own);
        }
    }

    /// Chooses the next theme.
    pub(crate) fn next_theme(&self) {
        self.update(|own| own.theme = Theme::at(own.theme as usize + 1));
    }

    /// Folds repeats in the log, or shows each.
    pub(crate) fn toggle_repeats(&self) {
        self.update(|own| own.repeats = Repeats::at(own.repeats as usize + 1));
    }

    /// Reports values of environment variables as visible from the start: the preference, or the server's default.
    pub(crate) fn shows_values(&self) -> bool {
        let own = self.current.read().env_values;
        own.unwrap_or_else(|| self.version.read().show_env_values)
    }
}
