//! A page that has nothing to show says why, and what to do next.

use leptos::prelude::*;

use super::copy::Command;
use crate::erased::handler;
use crate::i18n::{Key, t, with};

/// Line that is on paper alone: that it has a part, and what gives all.
pub(crate) fn printed_part(whole: &str) -> AnyView {
    view! { <p class="on-paper" data-testid="printed-part">{with(Key::PrintedPart, whole)}</p> }.into_any()
}

/// Contents of the page's middle without data.
pub(crate) struct EmptyState {
    /// The hook for tests.
    pub(crate) testid: &'static str,
    pub(crate) title: Key,
    pub(crate) text: Key,
    /// A command to copy; may be empty.
    pub(crate) command: String,
    pub(crate) foot: Option<Key>,
    /// Label and action of a button.
    pub(crate) action: Option<(Key, Callback<()>)>,
}

impl EmptyState {
    /// The whole of a page's middle.
    pub(crate) fn view(self) -> AnyView {
        let Self {
            testid,
            title,
            text,
            command,
            foot,
            action,
        } = self;
        view! {
            <main class="middle" id="main" tabindex="-1">
                <section class="notice" data-testid=testid>
                    <h1>{t(title)}</h1>
                    <p>{t(text)}</p>
                    {(!command.is_empty()).then(|| view! { <Command text=command/> })}
                    {foot.map(|foot| view! { <p class="quiet">{t(foot)}</p> })}
                    {action.map(|(label, action)| view! {
                        <button type="button" class="button" on:click=handler(move |_| action.run(()))>{t(label)}</button>
                    })}
                </section>
            </main>
        }
        .into_any()
    }
}
