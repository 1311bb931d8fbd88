//! Controller of a record's moments: loads what the session was at one, moves on while it is played, and keeps it in the
//! address. One moment is loaded at a time; of those that are asked for meanwhile, the last one is next.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_wire::api::Timeline;
use mirrord_wire::{SessionDetail, from_json};

use crate::api::rest::EventQuery;
use crate::api::socket::ApiHandle;
use crate::browser::{every, now_ms, sleep};
use crate::codec::line::{Line, StreamLine};
use crate::erased::effect;
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::state::kind::{Counts, Kind};
use crate::state::log::Load;
use crate::state::moment::MOMENT_ROWS;
use crate::store::app_state::AppState;

/// Interval at which a record that is played moves on.
const TICK_MS: i32 = 100;
/// The longest time that one step of playing makes up for: a hidden tab sleeps.
const MAX_TICK_MS: u64 = 1_000;
/// Time that a moment has to stay before it is written into the address: browsers limit how often that may change.
const SETTLED_MS: u32 = 250;

/// Follows for as long as the page is open.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    let record = Memo::new(move |_| {
        let id = state.route.current.read().session().map(str::to_owned)?;
        let events = |id: &str| {
            let sessions = state.sessions.read();
            Some(sessions.get(id)?.summary.record.as_ref()?.events)
        };
        // A record that is being read has more events with each look.
        events(&id).map(|events| (id, events))
    });
    let mut before = None;
    effect(move || {
        let open = record.get();
        let id = open.as_ref().map(|(id, _)| id.clone());
        if before != id {
            before = id;
            state.moment.clear();
        }
        if let Some((id, _)) = open {
            request_timeline(state, api, id);
        }
    });
    effect(move || {
        let wanted = state.moment.wanted.get();
        if let Some(at) = wanted.filter(|_| !state.moment.is_busy.get()) {
            state.moment.wanted.set(None);
            state.route.set_at(at);
        }
    });
    let shown = Memo::new(move |_| state.route.current.read().at);
    Effect::new(move |before: Option<Option<u64>>| {
        let at = shown.get();
        if before.is_some_and(|before| before != at) {
            spawn_local(write(state, at));
        }
        at
    });
    let last = StoredValue::new(now_ms());
    every(TICK_MS, move || {
        let now = now_ms();
        let elapsed = now.saturating_sub(last.get_value()).min(MAX_TICK_MS);
        last.set_value(now);
        if state.moment.is_playing.get_untracked() {
            state.moment.play(elapsed);
        }
    });
}

/// Writes the moment into the address, unless another one has come since.
async fn write(state: AppState, at: Option<u64>) {
    sleep(SETTLED_MS, drop).await;
    if state.route.current.with_untracked(|route| route.at == at) {
        state.route.write();
    }
}

fn request_timeline(state: AppState, api: ApiHandle, id: String) {
    let asked = id.clone();
    let learn = move |text: Option<String>| {
        let timeline = text.and_then(|text| from_json::<Timeline>(&text).ok());
        if let Some(timeline) = timeline.filter(|_| state.route.session().as_deref() == Some(&asked)) {
            state.moment.set_timeline(timeline);
        }
    };
    api.with_value(|api| api.session([&id, "/timeline"].concat(), learn));
}

/// Shows the session as it was right after an event: goes on from what is shown where that is a little before it.
pub(crate) fn show(state: AppState, api: ApiHandle, at: u64) {
    let Some(id) = state.route.session() else { return };
    state.moment.is_busy.set(true);
    spawn_local(async move {
        let is_open = || {
            let route = state.route.current.read_untracked();
            route.session() == Some(&id) && route.at == Some(at)
        };
        let loaded = load(state, api, &id, at).await;
        if is_open() {
            match loaded {
                Ok(moment) => apply(state, &moment),
                Err(reason) => fail(state, &reason),
            }
            state.sessions.notify();
        }
        state.moment.is_busy.set(false);
    });
}

/// Events and counts of a moment.
struct Moment {
    /// Its newest events, each as its line.
    lines: Vec<String>,
    /// Everything up to it; `None` where the lines go on from what is shown.
    detail: Option<SessionDetail>,
}

async fn load(state: AppState, handle: ApiHandle, id: &str, at: u64) -> Result<Moment, String> {
    let api = handle.get_value();
    let shown = state.log.with(|log| (log.last_seq(0), log.load()));
    let goes_on = state.moment.counts.get_untracked().is_some()
        && shown.1 == Load::Ready
        && (shown.0..=shown.0 + MOMENT_ROWS).contains(&at);
    let query = EventQuery {
        since: if goes_on {
            shown.0
        } else {
            at.saturating_sub(MOMENT_ROWS)
        },
        until: Some(at),
        limit: MOMENT_ROWS,
    };
    let mut lines = Vec::new();
    let mut take = |text: Option<&str>| lines.extend(text.map(str::to_owned));
    // The reason for which there is no moment comes with its state.
    let detail = match goes_on {
        true => None,
        false => Some(api.detail_at(id, at).await?),
    };
    let read = api.history(id, query, &mut take, &|| true).await;
    read.map_err(|_| String::new())?;
    Ok(Moment { lines, detail })
}

fn apply(state: AppState, moment: &Moment) {
    let counts = match &moment.detail {
        Some(detail) => Counts::of_types(&detail.summary.counts),
        None => {
            let mut counts = state.moment.counts.get_untracked().unwrap_or_default();
            let kinds = moment
                .lines
                .iter()
                .filter_map(|text| Some(Kind::of_type(&Line::read(text)?.kind)));
            kinds.for_each(|kind| counts.add(kind));
            counts
        }
    };
    state.moment.counts.set(Some(counts));
    if moment.detail.is_some() {
        state.log.reset();
        let filter = state.route.current.with_untracked(|route| route.filter.clone());
        state.log.show_filtered(filter);
    }
    state.log.update(|log| {
        log.fetch_begins();
        for text in &moment.lines {
            if let Some(StreamLine::Event(line)) = StreamLine::read(text) {
                log.fetched(0, &line);
            }
        }
        if let Some(detail) = &moment.detail {
            log.began(Some(detail.clone()));
        }
        log.fetch_ends(Load::Ready);
    });
}

/// Says why a moment is not shown, and shows the whole record.
fn fail(state: AppState, reason: &str) {
    let reason = match reason {
        "" => t(Key::LogFailed).to_owned(),
        reason => shown(reason, 400),
    };
    state.records.fault.set(Some(reason));
    state.moment.show_whole();
}
