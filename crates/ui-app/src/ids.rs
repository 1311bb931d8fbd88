//! Ids of elements that code outside their component opens or focuses.

/// Dialog of the palette.
pub(crate) const PALETTE: &str = "palette";
/// Dialog of the keyboard shortcuts.
pub(crate) const SHORTCUTS: &str = "keys";
/// Dialog of the log's filters in a narrow window.
pub(crate) const FILTERS: &str = "filters";
/// Menu of saved filters.
pub(crate) const SAVED_FILTERS: &str = "saved-filters";
/// Dialog that asks before a session is ended.
pub(crate) const END_SESSION: &str = "end-session";
/// Dialog of a session's name.
pub(crate) const RENAME_SESSION: &str = "rename-session";
/// Menu of preferences.
pub(crate) const PREFERENCES: &str = "preferences";
/// First choice in the menu of preferences.
pub(crate) const FIRST_PREFERENCE: &str = "theme-0";
/// Choice of the language.
pub(crate) const LANGUAGE: &str = "language";
