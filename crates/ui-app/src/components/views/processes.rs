//! The session's processes as a tree: who started whom, with which command, from when to when, and how many events each
//! made.

use crate::components::dom::prelude::*;

use super::parts::{facts, frame, number, show_events, time};
use crate::components::dynamic::{dynamic, memo};
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::i18n::{Key, count, lasted, t, with};
use crate::model::Model;
use crate::state::filter::contains;
use crate::state::table::{By, Sort, sort};

const COLUMNS: &[Column] = &[
    Column {
        title: Key::FieldProcess,
        class: "name process",
        numeric: false,
        act: "show",
    },
    Column {
        title: Key::ColumnPid,
        class: "num",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::FieldCommand,
        class: "name second wide",
        numeric: false,
        act: "",
    },
    Column {
        title: Key::TabEvents,
        class: "num",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::ColumnStarted,
        class: "time wide",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::ColumnEnded,
        class: "time ended",
        numeric: true,
        act: "",
    },
];

/// The rows: in the order of the tree, or of another column, and then flat.
fn order(model: Model, needle: &str, by: Sort, depths: StoredValue<Vec<u16>>) -> Vec<u32> {
    facts(model, |facts| {
        let all = facts.processes.all();
        let tree = facts.processes.tree();
        let is_flat = by.column != 0 || !needle.is_empty();
        let mut depth = vec![0; all.len()];
        for (own, row) in &tree {
            if let (Some(place), false) = (depth.get_mut(*row as usize), is_flat) {
                *place = *own;
            }
        }
        depths.set_value(depth);
        let mut rows: Vec<u32> = tree.into_iter().map(|(_, row)| row).collect();
        let of = |row: u32| all.get(row as usize);
        rows.retain(|row| {
            of(*row).is_some_and(|own| {
                contains(&own.name, needle) || contains(&own.command, needle) || own.pid.to_string() == needle
            })
        });
        let number: &dyn Fn(u32) -> u64 = match by.column {
            0 if needle.is_empty() => return rows,
            0 => {
                sort(
                    &mut rows,
                    &By::Text(&|row| of(row).map_or("", |own| &own.name)),
                    by.descending,
                );
                return rows;
            }
            2 => {
                sort(
                    &mut rows,
                    &By::Text(&|row| of(row).map_or("", |own| &own.command)),
                    by.descending,
                );
                return rows;
            }
            1 => &|row| of(row).map_or(0, |own| own.pid.into()),
            3 => &|row| of(row).map_or(0, |own| own.events),
            4 => &|row| of(row).map_or(0, |own| own.started),
            _ => &|row| of(row).map_or(0, |own| own.ended.unwrap_or(u64::MAX)),
        };
        sort(&mut rows, &By::Number(number), by.descending);
        rows
    })
}

fn row(model: Model, row: u32, depths: StoredValue<Vec<u16>>) -> Row {
    let process = facts(model, |facts| facts.processes.all().get(row as usize).cloned());
    let Some(process) = process else { return Row::default() };
    let ended = match process.ended {
        None => Cell {
            main: t(Key::StillRuns).to_owned(),
            class: "runs",
            ..Cell::default()
        },
        Some(ended) => Cell {
            tail: match ended.checked_sub(process.started).filter(|_| process.started > 0) {
                Some(ran) => [" · ", &with(Key::RanFor, &lasted(ran))].concat(),
                None => String::new(),
            },
            ..time(model, ended)
        },
    };
    let name = if process.name.is_empty() {
        process.pid.to_string()
    } else {
        process.name.clone()
    };
    Row {
        title: if process.command.is_empty() {
            process.name
        } else {
            process.command.clone()
        },
        cells: vec![
            Cell::new(name),
            Cell::new(process.pid.to_string()),
            Cell::new(process.command),
            number(process.events),
            time(model, process.started),
            ended,
        ],
        depth: depths.with_value(|depths| depths.get(row as usize).copied().unwrap_or(0)),
        class: if process.ended.is_some() { "over" } else { "" },
        ..Row::default()
    }
}

pub(crate) fn view(model: Model) -> AnyView {
    let ground = Ground::new(model);
    let depths = StoredValue::new(Vec::new());
    let rows = Table {
        testid: "processes-table",
        label: Key::TabProcesses,
        columns: COLUMNS,
        sort: Sort {
            column: 0,
            descending: false,
        },
        order: Box::new(move |sort, _| order(model, &ground.needle.get_untracked(), sort, depths)),
        row: Box::new(move |place| row(model, place, depths)),
        act: Box::new(move |row, _| {
            let pid = facts(model, |facts| {
                facts.processes.all().get(row as usize).map(|own| own.pid)
            });
            show_events(model, |filter| filter.pid = pid);
        }),
        empty: Box::new(move || {
            t(if ground.needle.read().is_empty() {
                Key::ProcessesEmpty
            } else {
                Key::NoRowMatches
            })
            .to_owned()
        }),
    };
    let told = memo(move || {
        model.sessions.track();
        facts(model, |facts| {
            let all = facts.processes.all();
            (
                all.len() as u64,
                all.iter().filter(|own| own.ended.is_none()).count() as u64,
                facts.processes.more(),
            )
        })
    });
    let says = move || {
        let (all, running, more) = told.get();
        let mut says = [
            count(Key::Processes, all).as_str(),
            " · ",
            &count(Key::RunningCount, running),
        ]
        .concat();
        if more > 0 {
            says.push_str(" · ");
            says.push_str(&count(Key::MoreProcesses, more));
        }
        says
    };
    let tools = view! { <span class="quiet tabular" data-testid="processes-count">{dynamic(says)}</span> }.into_any();
    frame(
        ground,
        "view-processes",
        Key::TabProcesses,
        true,
        tools,
        table(ground, rows),
    )
}
