//! The ports that the session subscribed to.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-ports" aria-label=t(Key::TabPorts)></section> }.into_any()
}
