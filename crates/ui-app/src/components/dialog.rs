//! A dialog of the browser's own: modal, so that the focus stays in it and comes back afterwards, closed by Escape and by a
//! click beside it. One id, one dialog.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::browser::document;

fn element(id: &str) -> Option<HtmlDialogElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Whether any dialog is open.
pub(crate) fn is_any_open() -> bool {
    document().is_some_and(|document| matches!(document.query_selector("dialog[open]"), Ok(Some(_))))
}

/// Opens a dialog. Whether it could: not where one is open already.
pub(crate) fn open(id: &str) -> bool {
    !is_any_open() && element(id).is_some_and(|dialog| dialog.show_modal().is_ok())
}

/// Closes a dialog.
pub(crate) fn close(id: &str) {
    if let Some(dialog) = element(id) {
        dialog.close();
    }
}

/// The dialog around what it holds.
pub(crate) fn dialog(id: &'static str, label: &'static str, closed: Callback<()>, inside: AnyView) -> AnyView {
    // A click beside the dialog is a click on the dialog itself: everything in it is in an element of its own.
    let beside = move |event: web_sys::MouseEvent| {
        let on = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
        if let Some(dialog) = on {
            dialog.close();
        }
    };
    view! {
        <dialog id=id data-testid=id aria-label=label on:click=beside on:close=move |_| closed.run(())>
            <div class="inside">{inside}</div>
        </dialog>
    }
    .into_any()
}
