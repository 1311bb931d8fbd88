//! Signals of records: one that is opened or could not be, a file over the page, the history.

use leptos::prelude::*;
use mirrord_wire::api::History;

/// Records, as far as the page has to do with them.
#[derive(Clone, Copy)]
pub(crate) struct RecordsStore {
    /// A file is held over the page.
    pub(crate) is_dragging: RwSignal<bool>,
    /// Names of records that are being opened.
    pub(crate) opening: RwSignal<Vec<String>>,
    /// Reason for which something could not be done.
    pub(crate) fault: RwSignal<Option<String>>,
    /// Sessions that were kept; `None` until the server has said.
    pub(crate) history: RwSignal<Option<History>>,
    /// Text that the history is searched for.
    pub(crate) typed: RwSignal<String>,
}

impl RecordsStore {
    pub(crate) fn new() -> Self {
        Self {
            is_dragging: RwSignal::new(false),
            opening: RwSignal::default(),
            fault: RwSignal::new(None),
            history: RwSignal::new(None),
            typed: RwSignal::default(),
        }
    }
}
