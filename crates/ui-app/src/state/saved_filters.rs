//! Filters that the reader saved under a name, in this browser.

use mirrord_wire::from_json;

/// Name in the browser's storage.
pub const KEY: &str = "mirrord-filters";
/// The most saved filters; of more the oldest goes.
pub const MAX_SAVED: usize = 30;
/// The longest name, characters; a longer one is cut.
pub const MAX_NAME_CHARS: usize = 60;

/// Saved filters, the newest first: a name, and what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedFilters(Vec<(String, String)>);

impl SavedFilters {
    /// Reads what was stored; nothing where it is not what a page writes.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        let mut all = Self::default();
        let read: Vec<(String, String)> = from_json(stored).unwrap_or_default();
        read.iter().rev().for_each(|(name, typed)| all.save(name, typed));
        all
    }

    /// Writes it for the storage.
    #[must_use]
    pub fn written(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[(String, String)] {
        &self.0
    }

    /// Saves a filter; one of the same name goes. Without a name the filter is its own.
    pub fn save(&mut self, name: &str, typed: &str) {
        let typed = typed.trim();
        if typed.is_empty() {
            return;
        }
        let name = if name.trim().is_empty() { typed } else { name.trim() };
        let name: String = name.chars().take(MAX_NAME_CHARS).collect();
        self.remove(&name);
        self.0.insert(0, (name, typed.to_owned()));
        self.0.truncate(MAX_SAVED);
    }

    /// Forgets a filter.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(own, _)| own != name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_kept_under_its_name_and_the_oldest_goes() {
        let mut saved = SavedFilters::default();
        saved.save("mine", "type:file");
        saved.save(" mine ", " type:dns ");
        saved.save("", "hosts");
        saved.save("none", "  ");
        let own = |name: &str, typed: &str| (name.to_owned(), typed.to_owned());
        assert_eq!(saved.all(), [own("hosts", "hosts"), own("mine", "type:dns")]);
        assert_eq!(SavedFilters::read(&saved.written()), saved);
        (0..100).for_each(|number| saved.save(&number.to_string(), "x"));
        assert_eq!((saved.all().len(), saved.all()[0].0.as_str()), (MAX_SAVED, "99"));
        saved.remove("99");
        assert_eq!(saved.all()[0].0, "98");
        saved.save(&"é".repeat(500), "x");
        assert_eq!(saved.all()[0].0.chars().count(), MAX_NAME_CHARS);
        for broken in ["", "{}", "[1]", "[[\"a\"]]", "x"] {
            assert_eq!(SavedFilters::read(broken), SavedFilters::default());
        }
    }
}
