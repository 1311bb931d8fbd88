//! The configuration that the session used.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-config" aria-label=t(Key::TabConfig)></section> }.into_any()
}
