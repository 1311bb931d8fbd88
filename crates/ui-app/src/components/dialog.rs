//! View of a modal `<dialog>`: the browser keeps the focus in it and restores it; Escape and a click beside it close
//! it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use crate::browser::modal;
use crate::erased::handler;
use crate::i18n::{Key, t};

/// Button with a cross that closes a dialog.
pub(crate) fn close_button(id: &'static str) -> AnyView {
    view! {
        <button type="button" class="icon" aria-label=t(Key::Close) title=t(Key::Close) on:click=handler(move |_| modal::close(id))>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 4l8 8M12 4l-8 8"></path></svg>
        </button>
    }
    .into_any()
}

/// Dialog around `inside`.
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
        <dialog id=id data-testid=id aria-label=label on:click=handler(beside) on:close=handler(move |_| closed.run(()))>
            <div class="inside">{inside}</div>
        </dialog>
    }
    .into_any()
}
