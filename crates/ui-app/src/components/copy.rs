//! Copying: a button that says whether it worked, and a command with such a button beside it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{copy, sleep};
use crate::erased::handler;
use crate::i18n::{Key, t};

/// Time that the button shows the outcome.
const SAID_MS: u32 = 1_500;

/// A button that copies what `text` gives at the moment of the click.
#[component]
pub(crate) fn CopyButton(label: Key, #[prop(into)] text: Callback<(), String>) -> impl IntoView {
    let said = RwSignal::new(label);
    let click = move |_| {
        spawn_local(async move {
            said.set(if copy(&text.run(())).await {
                Key::Copied
            } else {
                Key::CopyFailed
            });
            sleep(SAID_MS, drop).await;
            said.set(label);
        });
    };
    view! {
        <button type="button" class="button" on:click=handler(click) aria-live="polite">
            {move || t(said.get())}
        </button>
    }
}

/// A command to copy.
#[component]
pub(crate) fn Command(#[prop(into)] text: String) -> impl IntoView {
    let copied = text.clone();
    view! {
        <div class="command">
            <code>{text}</code>
            <CopyButton label=Key::Copy text=move || copied.clone()/>
        </div>
    }
}
