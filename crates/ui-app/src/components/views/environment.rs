//! The session's variables. Values are hidden until they are asked for, one or all, so that nobody reads them over a
//! shoulder or off a shared screen; it is no protection beyond that, and the view says so.

use std::collections::BTreeSet;

use crate::components::dom::prelude::*;
use leptos::task::spawn_local;

use super::parts::{choice, facts, frame, number, routing, time};
use crate::browser::copy;
use crate::components::dynamic::{dynamic, memo};
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::i18n::{Key, count, t};
use crate::model::Model;
use crate::state::table::Sort;

const COLUMNS: &[Column] = &[
    Column {
        title: Key::ColumnName,
        class: "name variable",
        numeric: false,
        act: "copy-name",
    },
    Column {
        title: Key::ColumnValue,
        class: "name second",
        numeric: true,
        act: "value",
    },
    Column {
        title: Key::ColumnFetched,
        class: "num wide",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::FieldRouting,
        class: "routing wide",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::ColumnFirst,
        class: "time wide",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::ColumnLast,
        class: "time wide",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::Copy,
        class: "word copy",
        numeric: false,
        act: "copy",
    },
];
/// What stands in place of a hidden value, however long it is.
const HIDDEN: &str = "••••••";

pub(crate) fn view(model: Model) -> AnyView {
    let ground = Ground::new(model);
    let all = RwSignal::new(untrack(|| model.shows_values()));
    // Those that are shown while all are hidden, and hidden while all are shown.
    let others: StoredValue<BTreeSet<u32>> = StoredValue::new(BTreeSet::new());
    let copied = RwSignal::new(None::<bool>);
    let is_shown = move |row: u32| all.get_untracked() != others.with_value(|others| others.contains(&row));
    let row = move |row: u32| {
        facts(model, |facts| {
            let environment = &facts.environment;
            let (name, seen) = (environment.name(row), environment.seen(row));
            let value = match environment.value(row) {
                None => Cell {
                    tail: t(Key::ValueUnknown).to_owned(),
                    ..Cell::default()
                },
                Some(value) if is_shown(row) => Cell::new(if value.is_empty() { "\"\"" } else { value }),
                Some(_) => Cell {
                    tail: HIDDEN.to_owned(),
                    ..Cell::default()
                },
            };
            let has_value = environment.value(row).is_some();
            Row {
                title: name.to_owned(),
                cells: vec![
                    Cell::new(name),
                    value,
                    number(seen.count),
                    routing(facts, &seen),
                    time(model, seen.first),
                    time(model, seen.last),
                    Cell::new(if has_value { t(Key::Copy) } else { "" }),
                ],
                ..Row::default()
            }
        })
    };
    let act = move |row: u32, act: &str| {
        let (name, value) = facts(model, |facts| {
            let environment = &facts.environment;
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
    let told = memo(move || {
        model.sessions.track();
        facts(model, |facts| facts.environment.len() as u64)
    });
    let said = move || match copied.get() {
        None => String::new(),
        Some(done) => t(if done { Key::Copied } else { Key::CopyFailed }).to_owned(),
    };
    let tools = view! {
        {choice("environment-values", show_all, all, ground)}
        <span class="quiet tabular">{dynamic(move || count(Key::VariablesCount, told.get()))}</span>
        <span class="quiet" role="status" data-testid="copied">{dynamic(said)}</span>
    }
    .into_any();
    let rows = Table {
        testid: "environment-table",
        label: Key::TabEnvironment,
        columns: COLUMNS,
        sort: Sort {
            column: 0,
            descending: false,
        },
        order: Box::new(move |sort, _| {
            facts(model, |facts| {
                facts.environment.sorted(&ground.needle.get_untracked(), sort)
            })
        }),
        row: Box::new(row),
        act: Box::new(act),
        empty: Box::new(move || {
            t(if ground.needle.read().is_empty() {
                Key::EnvironmentEmpty
            } else {
                Key::NoRowMatches
            })
            .to_owned()
        }),
    };
    // A device is not sent the values: it has nothing to show or to hide.
    let is_device = memo(move || model.mirror.is_device());
    let note = move || {
        t(if is_device.get() {
            Key::MirrorValues
        } else {
            Key::HiddenNote
        })
    };
    let body =
        view! { <p class="quiet note" data-testid="env-note">{dynamic(note)}</p> {table(ground, rows)} }.into_any();
    frame(ground, "view-environment", Key::TabEnvironment, true, tools, body)
}
