//! Records on the page: where a file can be dropped, what is being opened, and what could not be; the choice of a file; the
//! buttons that record a session.

use leptos::prelude::*;
use mirrord_wire::SessionStatus;
use mirrord_wire::api::Recording;
use mirrord_wire::mirror::Permission;

use crate::api::socket::ApiHandle;
use crate::controllers::records;
use crate::erased::handler;
use crate::format::text::shown;
use crate::i18n::{Key, count, t, with, with_two};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::mirror::MirrorStore;
use crate::store::records::RecordsStore;

/// Place for a file over the whole page, and the bar with what came of it.
#[component]
pub(crate) fn RecordsBar() -> impl IntoView {
    let own: RecordsStore = use_store();
    let opening = move || {
        let names = own.opening.read();
        names.first().map(|name| with(Key::OpeningRecord, &shown(name, 80)))
    };
    let close = move |_| own.fault.set(None);
    view! {
        <div class="drop-place" data-testid="drop-place" hidden=move || !own.is_dragging.get()><p>{t(Key::DropRecord)}</p></div>
        <p class="records-bar" role="status" data-testid="opening" hidden=move || own.opening.read().is_empty()>{opening}</p>
        <div class="records-bar lost" role="alert" data-testid="record-fault" hidden=move || own.fault.read().is_none()>
            <bdi>{move || own.fault.get()}</bdi>
            <span class="spring"></span>
            <button type="button" class="link" on:click=handler(close)>{t(Key::Close)}</button>
        </div>
    }
}

/// Choice of records to open, and the way to those that were kept; on the desktop alone.
#[component]
pub(crate) fn RecordChoices() -> impl IntoView {
    let own: RecordsStore = use_store();
    let mirror: MirrorStore = use_store();
    let api: ApiHandle = expect_context();
    let open = move |event: web_sys::Event| {
        if let Some(files) = records::chosen(&event) {
            records::open_files(own, api, &files);
        }
    };
    view! {
        <div class="record-choices" hidden=move || !mirror.may(Permission::ManageMirror)>
            <label class="button">
                {t(Key::OpenRecord)}
                <input type="file" class="off-screen" multiple accept=".ndjson,.zst" data-testid="open-record" on:change=handler(open)/>
            </label>
            <a class="button" href="#/history" data-testid="history-link">{t(Key::HistoryTitle)}</a>
        </div>
    }
}

/// State of a recording in words, with its file.
fn recording_says(recording: &Recording) -> String {
    if let Some(error) = &recording.error {
        return with_two(Key::RecordingEnded, &recording.file, &shown(error, 200));
    }
    let events = count(Key::EventsCount, recording.events);
    let missed = (recording.missed > 0).then(|| count(Key::MissedLost, recording.missed));
    let parts = [Some(with(Key::RecordingTo, &recording.file)), Some(events), missed];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Buttons that record the open session and save what is kept of it, with the state of its recording; on the desktop alone.
#[component]
pub(crate) fn RecordButtons(id: StoredValue<String>) -> impl IntoView {
    let own: RecordsStore = use_store();
    let mirror: MirrorStore = use_store();
    let sessions: SessionsStore = use_store();
    let api: ApiHandle = expect_context();
    let known = Memo::new(move |_| {
        let sessions = sessions.read();
        let session = id.with_value(|id| sessions.get(id).map(|session| &session.summary).cloned())?;
        Some((session.status, session.recording, session.record.is_some()))
    });
    let recording = Memo::new(move |_| known.get().and_then(|(_, recording, _)| recording));
    let is_on = Memo::new(move |_| recording.read().as_ref().is_some_and(|own| own.on));
    let is_live = move || {
        known
            .read()
            .as_ref()
            .is_some_and(|(status, ..)| *status == SessionStatus::Live)
    };
    let is_ours = Memo::new(move |_| mirror.may(Permission::ManageMirror));
    let can_save = move || is_ours.get() && known.read().as_ref().is_some_and(|(.., is_record)| !is_record);
    let label = move || t(if is_on.get() { Key::StopRecording } else { Key::Record });
    let toggle = move |_| id.with_value(|id| records::record(own, api, id, !is_on.get_untracked()));
    let says = move || recording.read().as_ref().map(recording_says);
    view! {
        <span class="recording" class:lost=move || recording.read().as_ref().is_some_and(|own| own.error.is_some()) role="status"
            data-testid="recording" hidden=move || !is_ours.get() || recording.read().is_none()><bdi title=says>{says}</bdi></span>
        <button type="button" class="button record" data-testid="record" aria-pressed=move || if is_on.get() { "true" } else { "false" }
            hidden=move || !(is_ours.get() && (is_live() || is_on.get())) title=t(Key::RecordHint) on:click=handler(toggle)>
            <span class="dot-record" aria-hidden="true"></span><span class="word">{label}</span>
        </button>
        <button type="button" class="button" data-testid="save-record" hidden=move || !can_save() title=t(Key::SaveRecordHint)
            on:click=handler(move |_| id.with_value(|id| records::save(own, api, id)))>{t(Key::SaveRecord)}</button>
    }
}
