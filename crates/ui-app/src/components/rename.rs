//! Name of a session: a dialog, which the menu, a double click on a row and F2 open. The server checks the name and keeps it.

use leptos::html::Input;
use leptos::prelude::*;
use mirrord_wire::api::SessionName;
use mirrord_wire::{ApiError, from_json};
use web_sys::{KeyboardEvent, MouseEvent, SubmitEvent};

use super::dialog::{close_button, dialog};
use crate::api::socket::{Api, ApiHandle};
use crate::browser::{is_inside, modal};
use crate::erased::handler;
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::ids;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::overview::OverviewStore;

/// The characters of the server's reason that are shown.
const REASON_CHARS: usize = 400;

/// Opens the dialog for a session, where this client may name one.
pub(crate) fn open(own: OverviewStore, id: &str) {
    if own.rights.get_untracked().rename {
        own.meant.set(Some(id.to_owned()));
        modal::open(ids::RENAME_SESSION);
    }
}

/// Opens the dialog for the row of a double click; a double click on one of its controls is two clicks on that.
pub(crate) fn on_double_click(own: OverviewStore, id: &str, event: &MouseEvent) {
    let on_control = is_inside(event, "button, input, label");
    if !on_control {
        event.prevent_default();
        open(own, id);
    }
}

/// Opens the dialog by F2, as file managers have it.
pub(crate) fn on_key(own: OverviewStore, id: &str, event: &KeyboardEvent) {
    if event.key() == "F2" {
        event.prevent_default();
        open(own, id);
    }
}

/// The dialog, once for the page.
#[component]
pub(crate) fn RenameDialog() -> impl IntoView {
    let sessions: SessionsStore = use_store();
    let api: ApiHandle = expect_context();
    let own: OverviewStore = use_store();
    let field: NodeRef<Input> = NodeRef::new();
    let reason = RwSignal::new(String::new());
    let is_filled = StoredValue::new(false);
    // Once, as the dialog opens: a name that is given elsewhere meanwhile does not replace what is typed.
    let fill = move || {
        if is_filled.try_update_value(|is_filled| std::mem::replace(is_filled, true)) != Some(false) {
            return;
        }
        let meant = own.meant.get_untracked();
        let name = sessions.with_untracked(|sessions| sessions.get(meant.as_deref()?)?.summary.info.name.clone());
        if let Some(field) = field.get_untracked() {
            field.set_value(&name.unwrap_or_default());
            field.select();
        }
    };
    let command = Memo::new(move |_| {
        let meant = own.meant.read();
        let found = sessions.with(|sessions| sessions.get(meant.as_deref()?).map(|one| shown(&one.command(), 300)));
        found.unwrap_or_default()
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if let (Some(id), Some(field)) = (own.meant.get_untracked(), field.get_untracked()) {
            save(api, &id, field.value(), reason);
        }
    };
    let inside = view! {
        <header><h2>{t(Key::RenameTitle)}</h2>{close_button(ids::RENAME_SESSION)}</header>
        <form class="end-body" on:submit=handler(save)>
            <p class="machine command-box"><bdi>{move || command.get()}</bdi></p>
            <label class="name-field">
                <span>{t(Key::RenameLabel)}</span>
                <input type="text" node_ref=field maxlength=SessionName::MAX_CHARS autofocus autocomplete="off" spellcheck="false" dir="auto"
                    data-testid="rename-input" on:focus=handler(move |_| fill())/>
            </label>
            <p class="quiet">{t(Key::RenameText)}</p>
            <p class="outcome" role="status" data-testid="rename-reason" hidden=move || reason.read().is_empty()>{move || reason.get()}</p>
            <div class="actions">
                <button type="button" class="button" on:click=handler(|_| modal::close(ids::RENAME_SESSION))>{t(Key::Cancel)}</button>
                <button type="submit" class="button primary" data-testid="rename-save">{t(Key::RenameSave)}</button>
            </div>
        </form>
    };
    dialog(
        ids::RENAME_SESSION,
        t(Key::RenameTitle),
        Callback::new(move |()| {
            is_filled.set_value(false);
            reason.set(String::new());
        }),
        inside.into_any(),
    )
}

/// Saves a name and closes the dialog, or has the reason say why it could not be saved.
fn save(api: ApiHandle, id: &str, name: String, reason: RwSignal<String>) {
    let Ok(body) = serde_json::to_string(&SessionName { name }) else {
        return;
    };
    let path = ["/api/sessions/", id, "/name"].concat();
    api.with_value(|api: &Api| {
        api.ask("PUT", path, Some(body), move |answer| match answer {
            Some((200, _)) => modal::close(ids::RENAME_SESSION),
            answer => reason.set(refusal(answer)),
        });
    });
}

/// Reason for which a session was not named, in words.
fn refusal(answer: Option<(u16, String)>) -> String {
    let said = answer.and_then(|(_, text)| from_json::<ApiError>(&text).ok());
    said.map_or_else(
        || t(Key::UnreachableTitle).to_owned(),
        |said| shown(&said.error, REASON_CHARS),
    )
}
