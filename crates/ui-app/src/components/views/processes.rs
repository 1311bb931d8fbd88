//! The session's processes.

use leptos::prelude::*;

use crate::i18n::{Key, t};
use crate::model::Model;

pub(crate) fn view(_model: Model) -> AnyView {
    view! { <section class="view" data-testid="view-processes" aria-label=t(Key::TabProcesses)></section> }.into_any()
}
