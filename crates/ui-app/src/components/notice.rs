//! A page that has nothing to show says why, and what to do next.

use leptos::prelude::*;

use super::copy::Command;
use crate::i18n::{Key, t};

/// A title, a sentence, a command where there is one, and more where there is more.
#[component]
pub(crate) fn Notice(
    testid: &'static str,
    title: Key,
    text: Key,
    #[prop(optional)] command: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="notice" data-testid=testid>
            <h1>{t(title)}</h1>
            <p>{t(text)}</p>
            {(!command.is_empty()).then(|| view! { <Command text=command/> })}
            {children.map(|children| children())}
        </section>
    }
    .into_any()
}
