//! The list of keys.

use leptos::prelude::*;

use super::dialog::dialog;
use crate::browser::{is_mac, modal};
use crate::erased::handler;
use crate::i18n::{Key, t};
use crate::ids;
use crate::state::command::LISTED;

/// Keys as they are printed on this machine's keyboard.
pub(crate) fn printed(keys: &str) -> String {
    if is_mac() {
        keys.replace("Ctrl", "⌘")
    } else {
        keys.to_owned()
    }
}

/// The keys, each in a box of its own.
fn boxes(keys: &str) -> AnyView {
    let keys: Vec<_> = printed(keys).split(' ').map(str::to_owned).collect();
    keys.into_iter()
        .map(|key| view! { <kbd>{key}</kbd> })
        .collect_view()
        .into_any()
}

/// The dialog.
#[component]
pub(crate) fn ShortcutsDialog() -> impl IntoView {
    let group = |(title, lines): (Key, &[(&'static str, Key)])| {
        let line = |(keys, what): &(&'static str, Key)| {
            view! { <div><dt>{boxes(keys)}</dt><dd>{t(*what)}</dd></div> }.into_any()
        };
        view! { <section><h3>{t(title)}</h3><dl>{lines.iter().map(line).collect_view()}</dl></section> }.into_any()
    };
    let inside = view! {
        <header>
            <h2>{t(Key::KeysTitle)}</h2>
            <button type="button" class="icon" autofocus aria-label=t(Key::Close) title=t(Key::Close) on:click=handler(|_| modal::close(ids::SHORTCUTS))>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 4l8 8M12 4l-8 8"></path></svg>
            </button>
        </header>
        <div class="key-groups" tabindex="0" role="group" aria-label=t(Key::KeysTitle)>{LISTED.map(group)}</div>
    };
    dialog(
        ids::SHORTCUTS,
        t(Key::KeysTitle),
        Callback::new(|()| ()),
        inside.into_any(),
    )
}
