//! Panic report: the dialog that says that the page has stopped, with a reload and a copy of the report. It is in the
//! page from the start, since nothing can be rendered after a panic; `style/stopped.js` fills and shows it, and has its
//! listeners.

use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::i18n::{Key, t};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = showStopped)]
    fn show_stopped(message: &str);
}

/// Makes a panic visible: in the browser's console with its stack, and in the page. Only the first: those that follow
/// come from what the first left half done.
pub(crate) fn set_panic_hook() {
    static HAS_STOPPED: AtomicBool = AtomicBool::new(false);
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        if !HAS_STOPPED.swap(true, Ordering::Relaxed) {
            console_error_panic_hook::hook(info);
            show_stopped(&[env!("CARGO_PKG_VERSION"), ": ", &info.to_string()].concat());
        }
    }));
}

/// The dialog.
#[component]
pub(crate) fn StoppedDialog() -> impl IntoView {
    view! {
        <dialog id="stopped" data-testid="stopped" role="alertdialog" aria-labelledby="stopped-title" aria-describedby="stopped-text">
            <div class="inside">
                <h2 id="stopped-title">{t(Key::StoppedTitle)}</h2>
                <p id="stopped-text">{t(Key::StoppedText)}</p>
                <pre class="machine" dir="ltr" tabindex="0"></pre>
                <div class="actions">
                    <button type="button" class="button" data-act="copy">{t(Key::CopyReport)}</button>
                    <button type="button" class="button" data-act="reload" autofocus>{t(Key::Reload)}</button>
                </div>
            </div>
        </dialog>
    }
}
