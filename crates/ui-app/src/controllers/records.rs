//! Controller of records: opens those that are dropped on the page or chosen, records and saves sessions, and keeps the history
//! current while it is shown.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_wire::api::{History, HistorySwitch, RecordOpened, RecordingSwitch};
use mirrord_wire::mirror::Permission;
use mirrord_wire::{ApiError, from_json};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, FileList};

use crate::api::socket::{Answer, ApiHandle};
use crate::browser::{every, go, listen};
use crate::erased::effect;
use crate::format::text::shown;
use crate::i18n::{Key, t, with_two};
use crate::state::percent::push_encoded;
use crate::state::route::{Place, Route};
use crate::store::app_state::AppState;
use crate::store::records::RecordsStore;

/// Records that are opened of one drop; the store has no room for many.
const MAX_FILES: u32 = 8;
/// Interval of requests for the history while it is shown.
const HISTORY_MS: i32 = 5_000;
/// The characters of a reason.
const REASON_CHARS: usize = 600;

/// Follows for as long as the page is open.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    listen_to_files(state, api);
    let is_shown = Memo::new(move |_| state.route.current.read().place == Place::History && may(state));
    effect(move || {
        state.records.typed.track();
        // A session that ends is kept.
        if is_shown.get() {
            request_history(state.records, api);
        }
    });
    every(HISTORY_MS, move || {
        if is_shown.get_untracked() {
            request_history(state.records, api);
        }
    });
}

/// Reports a page that may have to do with records: the desktop's.
fn may(state: AppState) -> bool {
    state.mirror.may(Permission::ManageMirror)
}

/// Files that are dragged over the page and dropped on it. Where nothing is done with them, the browser does what it does.
fn listen_to_files(state: AppState, api: ApiHandle) {
    let files = move |event: &DragEvent| {
        let data = event.data_transfer()?;
        let has_files = data
            .types()
            .iter()
            .any(|kind| kind.as_string().as_deref() == Some("Files"));
        // Before it is known whose page it is, the server decides.
        (has_files && !untrack(|| state.mirror.is_device())).then_some(data)
    };
    listen("dragover", move |event: DragEvent| {
        if let Some(data) = files(&event) {
            event.prevent_default();
            data.set_drop_effect("copy");
            if !state.records.is_dragging.get_untracked() {
                state.records.is_dragging.set(true);
            }
        }
    });
    listen("dragleave", move |event: DragEvent| {
        // From the page, and not from one element of it to another.
        if event.related_target().is_none() {
            state.records.is_dragging.set(false);
        }
    });
    listen("drop", move |event: DragEvent| {
        state.records.is_dragging.set(false);
        if let Some(data) = files(&event) {
            event.prevent_default();
            if let Some(files) = data.files() {
                open_files(state.records, api, &files);
            }
        }
    });
}

/// Opens the records among some files, each as a session.
pub(crate) fn open_files(records: RecordsStore, api: ApiHandle, files: &FileList) {
    records.fault.set(None);
    for file in (0..files.length().min(MAX_FILES)).filter_map(|place| files.get(place)) {
        open_file(records, api, file);
    }
}

fn open_file(records: RecordsStore, api: ApiHandle, file: File) {
    let name = file.name();
    records.opening.update(|opening| opening.push(name.clone()));
    let mut path = String::from("/api/records?name=");
    push_encoded(&mut path, &name);
    spawn_local(async move {
        let answer = api.get_value().send_file(&path, &file).await;
        records.opening.update(|opening| {
            if let Some(place) = opening.iter().position(|own| *own == name) {
                opening.remove(place);
            }
        });
        opened(records, &name, answer);
    });
}

fn opened(records: RecordsStore, name: &str, answer: Answer) {
    match answer {
        Some((201, text)) => {
            let opened: Option<RecordOpened> = from_json(&text).ok();
            go(&Route::to_session(&opened.unwrap_or_default().session_id));
        }
        answer => {
            let why = with_two(Key::NotOpened, &shown(name, 80), &reason(answer));
            records.fault.set(Some(why));
        }
    }
}

fn reason(answer: Answer) -> String {
    let error = answer.map(|(_, text)| from_json::<ApiError>(&text).map_or(text, |answer| answer.error));
    shown(
        &error.unwrap_or_else(|| t(Key::MirrorNoAnswer).to_owned()),
        REASON_CHARS,
    )
}

/// Sends a change, and keeps why it was refused.
fn change(
    records: RecordsStore,
    api: ApiHandle,
    method: &'static str,
    path: String,
    body: Option<String>,
    done: impl FnOnce(String) + 'static,
) {
    records.fault.set(None);
    let answered = move |answer: Answer| match answer {
        Some((200..=299, text)) => done(text),
        answer => records.fault.set(Some(reason(answer))),
    };
    api.with_value(|api| api.ask(method, path, body, answered));
}

/// Begins to record a session, or ends that.
pub(crate) fn record(records: RecordsStore, api: ApiHandle, id: &str, on: bool) {
    let path = ["/api/sessions/", id, "/recording"].concat();
    let body = serde_json::to_string(&RecordingSwitch { on }).ok();
    // The list of sessions says what came of it.
    change(records, api, "PUT", path, body, drop);
}

/// Has the browser save the record of a session.
pub(crate) fn save(records: RecordsStore, api: ApiHandle, id: &str) {
    let path = ["/api/sessions/", id, "/record"].concat();
    let name = [id, ".ndjson"].concat();
    change(records, api, "GET", path, None, move |text| {
        drop(crate::browser::save(&name, &text))
    });
}

fn request_history(records: RecordsStore, api: ApiHandle) {
    let typed = records.typed.get_untracked();
    let mut path = String::from("/api/history?q=");
    push_encoded(&mut path, &typed);
    let learn = move |answer: Answer| match answer {
        Some((200, text)) if records.typed.get_untracked() == typed => take_history(records, &text),
        Some((200, _)) => {}
        answer => records.fault.set(Some(reason(answer))),
    };
    api.with_value(|api| api.ask("GET", path, None, learn));
}

fn take_history(records: RecordsStore, text: &str) {
    let history: Option<History> = from_json(text).ok();
    if history.is_some() && records.history.with_untracked(|before| *before != history) {
        records.history.set(history);
    }
}

/// Turns the history on or off.
pub(crate) fn keep_history(records: RecordsStore, api: ApiHandle, enabled: bool) {
    let body = serde_json::to_string(&HistorySwitch { enabled }).ok();
    change(records, api, "PUT", "/api/history".to_owned(), body, move |_| {
        request_history(records, api)
    });
}

/// Opens a record of the history as a session.
pub(crate) fn open_kept(records: RecordsStore, api: ApiHandle, file: &str) {
    change(records, api, "POST", kept(file, "/open"), None, move |text| {
        let opened: Option<RecordOpened> = from_json(&text).ok();
        go(&Route::to_session(&opened.unwrap_or_default().session_id));
    });
}

/// Deletes a record of the history.
pub(crate) fn delete_kept(records: RecordsStore, api: ApiHandle, file: &str) {
    change(records, api, "DELETE", kept(file, ""), None, move |_| {
        request_history(records, api)
    });
}

fn kept(file: &str, action: &str) -> String {
    let mut path = String::from("/api/history/");
    push_encoded(&mut path, file);
    path.push_str(action);
    path
}

/// Reads the files that were chosen in a field, and empties it: the same file can be chosen again.
pub(crate) fn chosen(event: &web_sys::Event) -> Option<FileList> {
    let field: web_sys::HtmlInputElement = event.target()?.dyn_into().ok()?;
    field.files().filter(|files| files.length() > 0)
}
