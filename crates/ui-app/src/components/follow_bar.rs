//! Bar over every view of a session while a process and its descendants are followed: which, and the way back to all.

use leptos::prelude::*;

use super::log_rows::process_word;
use crate::browser::How;
use crate::erased::handler;
use crate::i18n::{Key, t, with};
use crate::state::log::SessionLog;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

/// Process in words, with its number.
pub(crate) fn process(log: &SessionLog, pid: u32) -> String {
    match log.process_name(pid) {
        Some(name) => [&process_word(Some(pid), Some(name)), " (", &pid.to_string(), ")"].concat(),
        None => pid.to_string(),
    }
}

/// The bar; nothing where all processes are shown.
#[component]
pub(crate) fn FollowBar() -> impl IntoView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let sessions: SessionsStore = use_store();
    let root = Memo::new(move |_| route.current.read().filter.tree);
    let says = Memo::new(move |_| {
        // The name may come later than the link.
        sessions.track();
        let root = root.get()?;
        Some(with(Key::Followed, &log.with(|log| process(log, root))))
    });
    let end = move |_| route.update_filter(How::Push, |filter| filter.tree = None);
    view! {
        <div class="search-line" data-testid="followed" hidden=move || root.get().is_none()>
            <bdi role="status">{move || says.get()}</bdi>
            <span class="spring"></span>
            <button type="button" class="link" data-testid="follow-all" on:click=handler(end)>{t(Key::AllProcesses)}</button>
        </div>
    }
}
