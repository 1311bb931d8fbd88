//! The session in numbers.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-stats" aria-label=t(Key::TabStats)></section> }.into_any()
}
