//! Paths that the session touched.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-files" aria-label=t(Key::TabFiles)></section> }.into_any()
}
