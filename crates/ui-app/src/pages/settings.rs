//! The settings: showing the sessions on a phone. On the desktop alone; a device has none.

use leptos::prelude::*;

use crate::components::mirror::{audit, devices, form, pairing, status, switch};
use crate::i18n::{Key, t};

/// The whole of a page's middle.
pub(crate) fn settings() -> AnyView {
    view! {
        <main class="settings" id="main" tabindex="-1" data-testid="settings">
            <div>
                <a class="link" href="#/">{t(Key::BackToList)}</a>
                <h1>{t(Key::MirrorHeading)}</h1>
                <p class="quiet">{t(Key::MirrorLead)}</p>
                <section class="part first">
                    {switch()}
                    {status()}
                </section>
                {pairing()}
                {devices()}
                {form()}
                {audit()}
            </div>
        </main>
    }
    .into_any()
}
