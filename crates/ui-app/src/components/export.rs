//! Export of the rows that pass the log's filter, as NDJSON or CSV.

use leptos::prelude::*;

use crate::browser::save;
use crate::codec::line::without_values;
use crate::erased::handler;
use crate::i18n::{Key, t};
use crate::state::export::{COLUMNS, push_csv, time};
use crate::state::filter::routing_word;
use crate::state::log::{Entry, SessionLog};
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

/// Two buttons that save the rows that are shown.
pub(crate) fn export() -> AnyView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let save_as = move |csv: bool| {
        let name = route
            .current
            .with_untracked(|route| route.session().unwrap_or("session").to_owned());
        let text = log.with(|log| written(log, csv));
        let kind = if csv { "csv" } else { "ndjson" };
        let _ = save(&[&name, ".", kind].concat(), &text);
    };
    view! {
        <button type="button" class="link" data-testid="export-ndjson" title=t(Key::ExportHint) on:click=handler(move |_| save_as(false))>{[t(Key::Export), " NDJSON"].concat()}</button>
        <button type="button" class="link" data-testid="export-csv" title=t(Key::ExportHint) on:click=handler(move |_| save_as(true))>"CSV"</button>
    }
    .into_any()
}

/// The rows that are shown, oldest first. Bounded by what the log keeps.
fn written(log: &SessionLog, csv: bool) -> String {
    let mut out = String::new();
    if csv {
        push_csv(&mut out, COLUMNS);
    }
    let view = log.view();
    for ordinal in view.first()..view.end() {
        let Some(entry) = view.position(ordinal).and_then(|position| log.ring().get(position)) else {
            continue;
        };
        if csv {
            let process = entry.pid().and_then(|pid| log.process_name(pid));
            push_row(&mut out, entry, process.unwrap_or(""));
        } else {
            out.push_str(&json(entry));
            out.push('\n');
        }
    }
    out
}

fn json(entry: Entry<'_>) -> String {
    match entry.missed() {
        Some((missed, _)) => ["{\"type\":\"Lagged\",\"missed\":", &missed.to_string(), "}"].concat(),
        None => without_values(&entry.json().unwrap_or_default(), ""),
    }
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
