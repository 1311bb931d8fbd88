//! The history: sessions that were kept as records, to be found, opened and deleted. On the desktop alone; off unless it is
//! turned on.

use leptos::prelude::*;
use mirrord_wire::api::{History, HistoryRecord};

use crate::api::socket::ApiHandle;
use crate::browser::zone_minutes;
use crate::components::records::RecordChoices;
use crate::controllers::records;
use crate::erased::handler;
use crate::format::number::bytes;
use crate::format::text::{brief_line, shown};
use crate::format::time::{clock, rfc3339};
use crate::i18n::{Key, count, lasted, t, with_two};
use crate::state::answers::exit;
use crate::state::export::time;
use crate::store::app_state::use_store;
use crate::store::records::RecordsStore;

/// The characters of a name.
const NAME_CHARS: usize = 160;

/// The whole of a page's middle.
pub(crate) fn history() -> AnyView {
    let own: RecordsStore = use_store();
    let api: ApiHandle = expect_context();
    let is_on = Memo::new(move |_| own.history.read().as_ref().map(|history| history.enabled));
    let bounds = move || own.history.read().as_ref().map(bounds).unwrap_or_default();
    let error = Memo::new(move |_| own.history.read().as_ref().and_then(|history| history.error.clone()));
    let nothing = move || {
        let history = own.history.read();
        let key = match (history.as_ref(), own.typed.read().is_empty()) {
            (Some(history), true) if history.records.is_empty() && !history.enabled => Key::HistoryOff,
            (Some(history), true) if history.records.is_empty() => Key::HistoryEmpty,
            (Some(history), false) if history.records.is_empty() => Key::NoRowMatches,
            (None, _) => Key::LogLoading,
            _ => return None,
        };
        Some(t(key))
    };
    let rows = move || {
        let history = own.history.read();
        let records = history
            .as_ref()
            .map(|history| history.records.clone())
            .unwrap_or_default();
        records.into_iter().map(|record| row(record, own, api)).collect_view()
    };
    let omitted = move || {
        let omitted = own.history.read().as_ref().map_or(0, |history| history.omitted);
        (omitted > 0).then(|| count(Key::MoreSessions, omitted))
    };
    view! {
        <main class="settings history" id="main" tabindex="-1" data-testid="history">
            <div>
                <a class="link" href="#/">{t(Key::BackToList)}</a>
                <h1>{t(Key::HistoryTitle)}</h1>
                <p class="quiet">{t(Key::HistoryLead)}</p>
                <div class="view-tools">
                    <label class="switch">
                        <input type="checkbox" role="switch" data-testid="keep-history" prop:checked=move || is_on.get() == Some(true)
                            disabled=move || is_on.get().is_none()
                            on:change=handler(move |event| records::keep_history(own, api, event_target_checked(&event)))/>
                        <span>{t(Key::KeepHistory)}</span>
                    </label>
                    <label class="field">
                        <span class="off-screen">{t(Key::SearchHistory)}</span>
                        <input id="search" type="search" maxlength="200" autocomplete="off" spellcheck="false" dir="auto" data-testid="history-search"
                            placeholder=t(Key::SearchHistory) prop:value=move || own.typed.get()
                            on:input=handler(move |event| own.typed.set(event_target_value(&event)))/>
                    </label>
                    <RecordChoices/>
                    <span class="spring"></span>
                    <span class="quiet tabular" data-testid="history-bounds">{bounds}</span>
                </div>
                <p class="lost" role="alert" hidden=move || error.read().is_none()>{move || error.get().map(|error| shown(&error, 400))}</p>
                <p class="quiet" role="status" data-testid="history-nothing" hidden=move || nothing().is_none()>{nothing}</p>
                <ul class="kept">{rows}</ul>
                <p class="quiet">{omitted}</p>
            </div>
        </main>
    }
    .into_any()
}

/// Room that is taken, and the bounds.
fn bounds(history: &History) -> String {
    let room = with_two(Key::HistoryBytes, &bytes(history.bytes), &bytes(history.max_bytes));
    [room, count(Key::HistoryDays, history.max_days)].join(" · ")
}

/// Day and time of day.
fn moment(ts: u64) -> String {
    let zone = zone_minutes(ts);
    let local = ts.saturating_add_signed(i64::from(zone) * 60_000_000);
    let mut clock = clock(ts, zone);
    clock.truncate("hh:mm:ss".len());
    [&time(local)[.."yyyy-mm-dd".len()], " ", &clock].concat()
}

fn row(record: HistoryRecord, own: RecordsStore, api: ApiHandle) -> AnyView {
    let title = [&record.name, &record.command, &record.session_id]
        .into_iter()
        .find(|text| !text.is_empty())
        .map(|text| shown(&brief_line(text), NAME_CHARS))
        .unwrap_or_default();
    let (started, ended) = (rfc3339(&record.started_at), rfc3339(&record.ended_at));
    let length = started
        .zip(ended)
        .map(|(started, ended)| lasted(ended.saturating_sub(started)));
    let exit = record.exit.as_ref();
    let exit = exit.and_then(|own| exit_words(own.signal.as_deref(), own.code));
    let target = (record.target != "targetless").then(|| shown(&record.target, NAME_CHARS));
    let facts: Vec<String> = [
        started.map(moment),
        length,
        exit,
        target,
        Some(count(Key::EventsCount, record.events)),
        (record.missed > 0).then(|| count(Key::MissedLost, record.missed)),
        Some(bytes(record.bytes)),
    ]
    .into_iter()
    .flatten()
    .filter(|fact| !fact.is_empty())
    .collect();
    let is_asked = RwSignal::new(false);
    let file = StoredValue::new(record.file);
    let open = move |_| file.with_value(|file| records::open_kept(own, api, file));
    let delete = move |_| {
        if is_asked.get_untracked() {
            file.with_value(|file| records::delete_kept(own, api, file));
        } else {
            is_asked.set(true);
        }
    };
    view! {
        <li data-testid="kept-record">
            <button type="button" class="take" title=record.command data-testid="open-kept" on:click=handler(open)>
                <bdi class="machine">{title}</bdi>
                <span class="quiet tabular">{facts.join(" · ")}</span>
            </button>
            <button type="button" class="button danger" data-testid="delete-kept" on:click=handler(delete) on:blur=handler(move |_| is_asked.set(false))>
                {move || t(if is_asked.get() { Key::DeleteForGood } else { Key::Delete })}
            </button>
        </li>
    }
    .into_any()
}

fn exit_words(signal: Option<&str>, code: Option<i32>) -> Option<String> {
    exit(signal, code.map(i64::from))
}
