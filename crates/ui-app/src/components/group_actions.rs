//! Actions on the sessions of one key, as `mirrord up` starts them: shown in one log, and ended together.

use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use crate::api::socket::ApiHandle;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::i18n::{Key, t, with};
use crate::state::groups::Title;
use crate::state::order::Grouping;
use crate::state::route::MAX_MERGED;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::overview::OverviewStore;

/// Buttons beside the title of a key's group; nothing of other groups.
pub(crate) fn group_actions(title: &Title) -> Option<AnyView> {
    let own: OverviewStore = use_store();
    let sessions: SessionsStore = use_store();
    let api: ApiHandle = expect_context();
    let Title::Named(_) = title else { return None };
    let title = title.clone();
    let ids = Memo::new(move |_| {
        let groups = own.groups.read();
        // Those of the list that are not made as rows yet belong to the group as well.
        groups
            .iter()
            .find(|group| group.title == title)
            .map(|group| group.ids.clone())
            .unwrap_or_default()
    });
    let is_key = Memo::new(move |_| own.arrangement.read().grouping == Grouping::Key && ids.read().len() > 1);
    let together = move || {
        let ids = ids.read();
        [
            "#/m/",
            &ids.iter().take(MAX_MERGED).cloned().collect::<Vec<_>>().join(","),
        ]
        .concat()
    };
    let running = Memo::new(move |_| {
        let sessions = sessions.read();
        let runs = |id: &&String| {
            sessions
                .get(id)
                .is_some_and(|own| own.summary.status != SessionStatus::Ended)
        };
        ids.read().iter().filter(runs).cloned().collect::<Vec<_>>()
    });
    let is_asked = RwSignal::new(false);
    let end = move |_| {
        if !is_asked.get_untracked() {
            return is_asked.set(true);
        }
        is_asked.set(false);
        for id in running.get_untracked() {
            let path = ["/api/sessions/", &id, "/kill"].concat();
            // The list says of each what came of it.
            api.with_value(|api| api.ask("POST", path, None, drop));
        }
    };
    let label = move || match is_asked.get() {
        true => with(Key::EndGroupSure, &grouped(running.read().len() as u64)),
        false => t(Key::EndGroup).to_owned(),
    };
    let may_end = move || is_key.get() && own.rights.get().end && !running.read().is_empty();
    Some(
        view! {
            <span class="group-actions" hidden=move || !is_key.get()>
                <a class="link" data-testid="group-together" href=together>{t(Key::ShowTogether)}</a>
                <button type="button" class="link danger" data-testid="group-end" hidden=move || !may_end()
                    on:click=handler(end) on:blur=handler(move |_| is_asked.set(false))>{label}</button>
            </span>
        }
        .into_any(),
    )
}
