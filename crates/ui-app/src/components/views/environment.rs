//! The session's variables.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-environment" aria-label=t(Key::TabEnvironment)></section> }
        .into_any()
}
