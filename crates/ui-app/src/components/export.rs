//! Export of the rows that pass the log's filter: as a record of the session, or as CSV.

use leptos::prelude::*;
use mirrord_wire::{SessionInfo, SessionStatus};

use crate::browser::{now_ms, save};
use crate::erased::handler;
use crate::i18n::{Key, t};
use crate::state::export::{COLUMNS, push_csv, time};
use crate::state::export_record::{self, Exported};
use crate::state::filter::routing_word;
use crate::state::log::{Entry, SessionLog};
use crate::state::route::Route;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::mirror::MirrorStore;
use crate::store::route::RouteStore;

/// Two buttons that save the rows that are shown.
pub(crate) fn export() -> AnyView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let sessions: SessionsStore = use_store();
    let mirror: MirrorStore = use_store();
    let save_as = move |is_csv: bool| {
        let name = route
            .current
            .with_untracked(|route| route.session().unwrap_or("session").to_owned());
        let text = log.with(|log| match is_csv {
            true => table(log),
            false => route
                .current
                .with_untracked(|route| ndjson(log, route, sessions, mirror)),
        });
        let kind = if is_csv { "csv" } else { "ndjson" };
        let _ = save(&[&name, ".", kind].concat(), &text);
    };
    view! {
        <button type="button" class="link" data-testid="export-ndjson" title=t(Key::ExportHint) on:click=handler(move |_| save_as(false))>{[t(Key::Export), " NDJSON"].concat()}</button>
        <button type="button" class="link" data-testid="export-csv" title=t(Key::ExportHint) on:click=handler(move |_| save_as(true))>"CSV"</button>
    }
    .into_any()
}

/// The rows that are shown as NDJSON: of one session its record.
fn ndjson(log: &SessionLog, route: &Route, sessions: SessionsStore, mirror: MirrorStore) -> String {
    let Some(id) = route.session() else {
        return export_record::merged(log, &route.sessions());
    };
    let summary = sessions.with_untracked(|sessions| sessions.get(id).map(|own| own.summary.clone()));
    let has_ended = summary.as_ref().is_some_and(|own| own.status == SessionStatus::Ended);
    let info = summary.as_ref().map(|own| own.info.clone());
    let exported = Exported {
        info: info.unwrap_or_else(|| SessionInfo {
            session_id: id.to_owned(),
            ..SessionInfo::default()
        }),
        is_redacted: untrack(|| mirror.is_device()),
        now: time(now_ms() * 1_000),
        // At one moment of a record the session has yet to end.
        ended_at: summary
            .and_then(|own| own.ended_at)
            .filter(|_| has_ended && route.at.is_none()),
    };
    export_record::record(log, exported)
}

/// The rows that are shown as CSV, oldest first. Bounded by what the log keeps.
fn table(log: &SessionLog) -> String {
    let mut out = String::new();
    push_csv(&mut out, COLUMNS);
    let view = log.view();
    for ordinal in view.first()..view.end() {
        let Some(entry) = view.position(ordinal).and_then(|position| log.ring().get(position)) else {
            continue;
        };
        let process = entry.pid().and_then(|pid| log.process_name(pid));
        push_row(&mut out, entry, process.unwrap_or(""));
    }
    out
}

fn push_row(out: &mut String, entry: Entry<'_>, process: &str) {
    if let Some((missed, _)) = entry.missed() {
        return push_csv(out, ["", "", "Lagged", "", "", &missed.to_string(), "", ""]);
    }
    let pid = entry.pid().map(|pid| pid.to_string()).unwrap_or_default();
    let seq = entry.seq().to_string();
    let fields = [
        seq.as_str(),
        &time(entry.ts()),
        entry.kind().map_or("", |kind| kind.slug()),
        process,
        &pid,
        entry.haystack(),
        entry.routing().map_or("", routing_word),
        entry.rule().unwrap_or(""),
    ];
    push_csv(out, fields);
}
