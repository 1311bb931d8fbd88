//! Where the session connected to, and the names it looked up.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-network" aria-label=t(Key::TabNetwork)></section> }.into_any()
}
