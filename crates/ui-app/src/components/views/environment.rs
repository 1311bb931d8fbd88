//! Environment variables of the session. Values are hidden until revealed, one or all, against shoulder surfing and
//! shared screens; the view says that it is no protection beyond that.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::parts::{FIRST, LAST, choice, empty, frame, live_text, seen, sorted};
use crate::browser::copy;
use crate::components::open_session::OpenSession;
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::i18n::{Key, count, t};
use crate::state::aggregates::Counted;
use crate::state::table::Sort;
use crate::store::app_state::use_store;
use crate::store::mirror::MirrorStore;
use crate::store::preferences::PreferencesStore;

const COLUMNS: &[Column] = &[
    Column::text(Key::ColumnName, "name variable").with("copy-name"),
    Column::number(Key::ColumnValue, "name second").with("value"),
    Column::number(Key::ColumnFetched, "num wide"),
    Column::number(Key::FieldRouting, "routing brief wide"),
    FIRST,
    LAST,
    Column::text(Key::Copy, "word copy").with("copy"),
];
/// Placeholder of a hidden value, independent of its length.
const HIDDEN: &str = "••••••";

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let all = RwSignal::new(untrack(|| use_store::<PreferencesStore>().shows_values()));
    // Those that are shown while all are hidden, and hidden while all are shown.
    let others: StoredValue<BTreeSet<u32>> = StoredValue::new(BTreeSet::new());
    let copied = RwSignal::new(None::<bool>);
    let is_shown = move |row: u32| all.get_untracked() != others.with_value(|others| others.contains(&row));
    let row = move |row: u32| {
        open.aggregates(|aggregates| {
            let environment = &aggregates.environment;
            let (name, own) = (environment.name(row), environment.seen(row));
            let value = match environment.value(row) {
                None => Cell {
                    tail: t(Key::ValueUnknown).to_owned(),
                    ..Cell::words("")
                },
                Some(value) if is_shown(row) => Cell::new(if value.is_empty() { "\"\"" } else { value }),
                Some(_) => Cell {
                    tail: HIDDEN.to_owned(),
                    ..Cell::default()
                },
            };
            let has_value = environment.value(row).is_some();
            let mut cells = vec![Cell::new(name), value];
            cells.extend(seen(open, aggregates, &own, Counted::Variables));
            cells.push(Cell::words(if has_value { t(Key::Copy) } else { "" }));
            Row {
                title: name.to_owned(),
                cells,
                ..Row::default()
            }
        })
    };
    let act = move |row: u32, act: &str| {
        let (name, value) = open.aggregates(|aggregates| {
            let environment = &aggregates.environment;
            (
                environment.name(row).to_owned(),
                environment.value(row).map(str::to_owned),
            )
        });
        if act == "value" {
            if value.is_some() {
                others.update_value(|others| {
                    if !others.remove(&row) {
                        others.insert(row);
                    }
                });
                ground.scrolled.update(|scrolled| *scrolled += 1);
            }
            return;
        }
        let text = if act == "copy" { value.unwrap_or_default() } else { name };
        spawn_local(async move { copied.set(Some(copy(&text).await)) });
    };
    let show_all = move || {
        others.set_value(BTreeSet::new());
        t(if all.get() { Key::HideValues } else { Key::ShowAllValues }).to_owned()
    };
    let said = move || match copied.get() {
        None => String::new(),
        Some(done) => t(if done { Key::Copied } else { Key::CopyFailed }).to_owned(),
    };
    let tools = view! {
        {choice("environment-values", show_all, || true, all, ground)}
        <span class="quiet tabular">{live_text(open, |aggregates| count(Key::VariablesCount, aggregates.environment.len() as u64))}</span>
        <span class="quiet" role="status" data-testid="copied">{move || said()}</span>
    }
    .into_any();
    let rows = Table {
        testid: "environment-table",
        label: Key::TabEnvironment,
        columns: COLUMNS,
        sort: Sort::up(0),
        order: sorted(ground, |aggregates, needle, sort| {
            aggregates.environment.sorted(needle, sort)
        }),
        row: Box::new(row),
        act: Box::new(act),
        empty: empty(ground, Key::EnvironmentEmpty),
    };
    let mirror: MirrorStore = use_store();
    // A device is not sent the values: it has nothing to show or to hide.
    let is_device = Memo::new(move |_| mirror.is_device());
    let note = move || {
        t(if is_device.get() {
            Key::MirrorValues
        } else {
            Key::HiddenNote
        })
    };
    let body =
        view! { <p class="quiet note" data-testid="env-note">{move || note()}</p> {table(ground, rows)} }.into_any();
    frame(ground, "view-environment", Key::TabEnvironment, true, tools, body)
}
