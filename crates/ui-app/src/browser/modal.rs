//! Modal dialogs of the page by their ids: at most one is open.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::document;

fn element(id: &str) -> Option<HtmlDialogElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Reports an open dialog.
pub(crate) fn is_any_open() -> bool {
    document().is_some_and(|document| matches!(document.query_selector("dialog[open]"), Ok(Some(_))))
}

/// Opens a dialog; returns false where another one is open.
pub(crate) fn open(id: &str) -> bool {
    !is_any_open() && element(id).is_some_and(|dialog| dialog.show_modal().is_ok())
}

/// Closes a dialog.
pub(crate) fn close(id: &str) {
    if let Some(dialog) = element(id) {
        dialog.close();
    }
}
