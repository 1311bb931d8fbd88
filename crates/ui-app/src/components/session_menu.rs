//! Actions on a session: one menu and one dialog for all sessions. The dialog names what it would end before anything
//! is ended, and shows the outcome. Actions without permission are not offered.

use leptos::prelude::*;
use mirrord_wire::{ApiError, SessionStatus, from_json};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::copy::CopyButton;
use super::dialog::{close_button, dialog};
use super::rename::{self, RenameDialog};
use crate::api::socket::{Api, ApiHandle};
use crate::browser::{document, go, modal, style, window};
use crate::controllers::overview::dismiss;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, count, t, with};
use crate::ids;
use crate::state::route::Route;
use crate::state::sessions::{Session, Sessions};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::overview::OverviewStore;

const MENU: &str = "session-menu";
/// The processes that are named before one is ended.
const MAX_NAMED: usize = 12;
/// The size that the menu is taken to have, pixels: it stays in the window.
const MENU_SIZE: (f64, f64) = (230.0, 428.0);
/// The characters of a session's command that are read out as it is moved.
const NAME_CHARS: usize = 120;

fn menu() -> Option<HtmlElement> {
    document()?.get_element_by_id(MENU)?.dyn_into().ok()
}

/// Opens the menu under a button.
pub(crate) fn open_under(button: &Element) {
    let Some(menu) = menu() else { return };
    let place = button.get_bounding_client_rect();
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let left = (place.right() - MENU_SIZE.0).clamp(8.0, (width - MENU_SIZE.0 - 8.0).max(8.0));
    let top = (place.bottom() + 4.0).clamp(8.0, (height - MENU_SIZE.1 - 8.0).max(8.0));
    let pixels = |number: f64| [&(number as i32).to_string(), "px"].concat();
    style(&menu, "left", &pixels(left));
    style(&menu, "top", &pixels(top));
    drop(menu.show_popover());
}

fn close() {
    if let Some(menu) = menu() {
        drop(menu.hide_popover());
    }
}

/// State of a request to end a session.
#[derive(Debug, Clone, PartialEq, Default)]
enum Ending {
    #[default]
    Asked,
    Waiting,
    Said(Key, String),
}

/// Processes that the dialog would end.
#[derive(Debug, Clone, PartialEq, Default)]
struct Victim {
    command: String,
    /// Number and name.
    processes: Vec<(u32, String)>,
    more: usize,
    is_released: bool,
}

fn victim(session: &Session) -> Victim {
    let info = &session.summary.info;
    let named = info.processes.iter().take(MAX_NAMED);
    Victim {
        command: shown(&session.command(), 600),
        processes: named.map(|one| (one.pid, shown(&one.process_name, 60))).collect(),
        more: info.processes.len().saturating_sub(MAX_NAMED),
        // A session that never answered has said nothing; the server will say what can be done.
        is_released: info.protocol_version == 0 && !info.mirrord_version.is_empty(),
    }
}

/// The menu and the dialog, once for the page.
#[component]
pub(crate) fn SessionMenu() -> impl IntoView {
    let sessions: SessionsStore = use_store();
    let api: ApiHandle = expect_context();
    let own: OverviewStore = use_store();
    let status = Memo::new(move |_| {
        let meant = own.meant.read();
        sessions.with(|sessions| sessions.get(meant.as_deref()?).map(|one| one.summary.status))
    });
    let socket = Memo::new(move |_| {
        let meant = own.meant.read();
        sessions.with(|sessions| sessions.get(meant.as_deref()?)?.summary.socket.clone())
    });
    let id = move || own.meant.get_untracked().unwrap_or_default();
    let is_pinned = move || {
        own.meant
            .read()
            .as_deref()
            .is_some_and(|id| own.arrangement.read().is_pinned(id))
    };
    let move_by = move |down| {
        let name = sessions.with_untracked(|sessions| sessions.get(&id()).map(|one| shown(&one.title(), NAME_CHARS)));
        own.move_by_one(&id(), down, &name.unwrap_or_default());
    };
    let key = move || {
        let meant = own.meant.read();
        meant
            .as_deref()
            .and_then(|id| own.arrangement.read().key(id).map(str::to_owned))
            .unwrap_or_default()
    };
    let may_end =
        move || own.rights.get().end && matches!(status.get(), Some(SessionStatus::Live | SessionStatus::Unresponsive));
    let may_rename = move || own.rights.get().rename;
    let may_arrange = move || own.rights.get().arrange;
    let may_dismiss = move || own.rights.get().dismiss && status.get() == Some(SessionStatus::Ended);
    view! {
        <div id=MENU popover="auto" class="session-menu" role="dialog" aria-label=t(Key::Actions) data-testid=MENU>
            <button type="button" data-testid="menu-details" on:click=handler(move |_| { close(); go(&Route::to_session(&id())); })>{t(Key::Details)}</button>
            <button type="button" data-testid="menu-rename" hidden=move || !may_rename() on:click=handler(move |_| { close(); rename::open(own, &id()); })>{t(Key::Rename)}</button>
            <button type="button" data-testid="menu-pin" hidden=move || !may_arrange() on:click=handler(move |_| { close(); own.change(|own| own.toggle_pin(&id())); })>
                {move || t(if is_pinned() { Key::Unpin } else { Key::Pin })}
            </button>
            <button type="button" data-testid="menu-up" hidden=move || !may_arrange() on:click=handler(move |_| move_by(false))>{t(Key::MoveUp)}</button>
            <button type="button" data-testid="menu-down" hidden=move || !may_arrange() on:click=handler(move |_| move_by(true))>{t(Key::MoveDown)}</button>
            <CopyButton label=Key::CopyId text=move || id()/>
            <div hidden=move || socket.read().is_none()>
                <CopyButton label=Key::CopySocket text=move || socket.get_untracked().unwrap_or_default()/>
            </div>
            <label class="key-field" hidden=move || !may_arrange()>
                <span>{t(Key::KeyLabel)}</span>
                <input type="text" maxlength="32" autocomplete="off" spellcheck="false" dir="auto" data-testid="session-key"
                    prop:value=move || key() on:change=handler(move |event| own.change(|own| own.name(&id(), &event_target_value(&event))))/>
            </label>
            <button type="button" class="danger" data-testid="menu-end" hidden=move || !may_end() on:click=handler(move |_| { close(); modal::open(ids::END_SESSION); })>{t(Key::EndAsk)}</button>
            <button type="button" data-testid="menu-dismiss" hidden=move || !may_dismiss() on:click=handler(move |_| { close(); dismiss(api, own, &id()); })>{t(Key::Dismiss)}</button>
        </div>
        <EndDialog/>
        <RenameDialog/>
    }
}

#[component]
fn EndDialog() -> impl IntoView {
    let sessions: SessionsStore = use_store();
    let api: ApiHandle = expect_context();
    let own: OverviewStore = use_store();
    let state = RwSignal::new(Ending::default());
    let victim = Memo::new(move |_| {
        let meant = own.meant.read();
        let found = sessions.with(|sessions| sessions.get(meant.as_deref()?).map(victim));
        found.unwrap_or_default()
    });
    let is_ours = move || !victim.read().is_released;
    let end = move |_| {
        let Some(id) = own.meant.get_untracked() else { return };
        state.set(Ending::Waiting);
        let path = ["/api/sessions/", &id, "/kill?wait=true"].concat();
        api.with_value(|api: &Api| api.ask("POST", path, None, move |answer| state.set(outcome(answer))));
    };
    let label = move || {
        let known = victim.read().processes.len() + victim.read().more;
        if known == 0 {
            t(Key::EndSession).to_owned()
        } else {
            count(Key::EndNow, known as u64)
        }
    };
    let by_hand = move || {
        let pids: Vec<String> = victim
            .read_untracked()
            .processes
            .iter()
            .map(|(pid, _)| pid.to_string())
            .collect();
        ["kill ", &pids.join(" ")].concat()
    };
    let is_over = Memo::new(move |_| {
        let meant = own.meant.read();
        let status = |sessions: &Sessions| sessions.get(meant.as_deref()?).map(|one| one.summary.status);
        sessions
            .with(status)
            .is_none_or(|status| status == SessionStatus::Ended)
    });
    // What ended meanwhile is not asked to end.
    let is_asked = move || *state.read() == Ending::Asked && !is_over.get();
    let says = move || match &*state.read() {
        Ending::Asked => t(Key::HasEnded).to_owned(),
        // It ended by itself before it could be asked to: that is what was wanted.
        Ending::Said(Key::EndFailed, _) if is_over.get() => t(Key::HasEnded).to_owned(),
        Ending::Waiting => t(Key::Ending).to_owned(),
        Ending::Said(key, more) if more.is_empty() => t(*key).to_owned(),
        Ending::Said(key, more) => [t(*key), " ", more].concat(),
    };
    let inside = view! {
        <header><h2>{t(Key::EndTitle)}</h2>{close_button(ids::END_SESSION)}</header>
        <div class="end-body">
            <p>{move || t(if is_ours() { Key::EndText } else { Key::EndReleased })}</p>
            <p class="machine command-box"><bdi>{move || victim.read().command.clone()}</bdi></p>
            <ul class="pids">{move || processes(&victim.read())}</ul>
            <p class="quiet" hidden=move || !(is_ours() && is_asked())>{t(Key::EndForce)}</p>
            <p class="outcome" role="status" data-testid="end-outcome" hidden=move || is_asked()>{move || says()}</p>
            <div class="actions">
                <button type="button" class="button" autofocus on:click=handler(|_| modal::close(ids::END_SESSION))>
                    {move || t(if is_asked() { Key::Cancel } else { Key::Close })}
                </button>
                <div hidden=move || !(!is_ours() && !victim.read().processes.is_empty())><CopyButton label=Key::Copy text=move || by_hand()/></div>
                <button type="button" class="button destroy" data-testid="end-now" hidden=move || !(is_ours() && is_asked()) on:click=handler(end)>{move || label()}</button>
            </div>
        </div>
    };
    dialog(
        ids::END_SESSION,
        t(Key::EndTitle),
        Callback::new(move |()| state.set(Ending::Asked)),
        inside.into_any(),
    )
}

fn processes(victim: &Victim) -> AnyView {
    if victim.processes.is_empty() {
        return view! { <li class="quiet">{t(Key::EndNoProcess)}</li> }.into_any();
    }
    let one = |(pid, name): &(u32, String)| view! { <li><code>{pid.to_string()}</code><bdi class="machine">{name.clone()}</bdi></li> };
    let more = (victim.more > 0)
        .then(|| view! { <li class="quiet">{with(Key::PlusWaiting, &grouped(victim.more as u64))}</li> });
    view! { {victim.processes.iter().map(one).collect_view()} {more} }.into_any()
}

/// Converts the server's answer into words.
fn outcome(answer: Option<(u16, String)>) -> Ending {
    let Some((status, text)) = answer else {
        return Ending::Said(Key::EndFailed, t(Key::UnreachableTitle).to_owned());
    };
    match status {
        200 => Ending::Said(Key::HasEnded, String::new()),
        // In conflict: it had ended before it was asked to.
        409 => Ending::Said(Key::HasEnded, String::new()),
        202 => Ending::Said(Key::StillEnding, String::new()),
        _ => Ending::Said(Key::EndFailed, error(&text)),
    }
}

fn error(text: &str) -> String {
    let answer: Option<ApiError> = from_json(text).ok();
    answer.map(|answer| shown(&answer.error, 400)).unwrap_or_default()
}
