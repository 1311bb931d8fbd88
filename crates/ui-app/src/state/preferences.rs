//! What the reader chose for this browser. Written as words, so that a value of another version is ignored and not
//! misread.

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The key in the browser's storage.
    pub const KEY: &'static str = "mirrord.theme";
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word that is stored, and set on the page for its styles.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.word() == word)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_read_back_and_nonsense_is_the_system_s() {
        assert!(
            Theme::ALL
                .into_iter()
                .all(|theme| Theme::of_word(theme.word()) == theme)
        );
        assert_eq!(Theme::of_word("solarized"), Theme::System);
    }
}
