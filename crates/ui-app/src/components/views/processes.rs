//! The session's processes as a tree: who started whom, with which command, how many events each made, and a lane of time for
//! each from its start to its end.

use leptos::prelude::*;

use super::parts::{empty, frame, live_text, number, time};
use crate::components::open_session::OpenSession;
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::format::text::brief_line;
use crate::i18n::{Key, count, lasted, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::answers::exit;
use crate::state::filter::contains;
use crate::state::processes::Process;
use crate::state::table::{By, Sort, sort};

const COLUMNS: &[Column] = &[
    Column::text(Key::FieldProcess, "name process").with("show"),
    Column::number(Key::ColumnPid, "num wide"),
    Column::text(Key::FieldCommand, "name second wide"),
    Column::number(Key::TabEvents, "num"),
    Column::number(Key::FieldTime, "lane").with("show"),
    Column::number(Key::ColumnEnded, "time ended"),
    Column::text(Key::ColumnFolder, "name second wide cwd"),
    Column::text(Key::WithChildren, "children wide").with("tree"),
];

/// The rows: in the order of the tree, or of another column, and then flat.
fn order(open: OpenSession, needle: &str, by: Sort, depths: StoredValue<Vec<u16>>) -> Vec<u32> {
    open.aggregates(|aggregates| {
        let all = aggregates.processes.all();
        let tree = aggregates.processes.tree();
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
            6 => {
                sort(
                    &mut rows,
                    &By::Text(&|row| of(row).map_or("", |own| &own.cwd)),
                    by.descending,
                );
                return rows;
            }
            7 => &|row| of(row).map_or(0, |own| own.pid.into()),
            _ => &|row| of(row).map_or(0, |own| own.ended.unwrap_or(u64::MAX)),
        };
        sort(&mut rows, &By::Number(number), by.descending);
        rows
    })
}

/// Lane of a process: its bar in the time of all of them, with its start and its end in words.
fn lane(open: OpenSession, process: &Process) -> Cell {
    let span = open.aggregates(|aggregates| aggregates.processes.span(open.until()));
    let text = |ts: u64| time(open, ts).main;
    let [start, end] = [Some(process.started), process.ended].map(|ts| ts.filter(|ts| *ts > 0).map(text));
    let end = end.unwrap_or_else(|| t(Key::StillRuns).to_owned());
    Cell {
        class: match (process.ended, &process.exit.signal) {
            (_, Some(_)) => "died",
            (None, None) => "running",
            (Some(_), None) => "",
        },
        bar: Some(process.bar(span)),
        ..Cell::words([start.as_deref().unwrap_or("…"), " – ", &end].concat())
    }
}

/// Times between which the lanes are, in words.
fn axis(open: OpenSession) -> String {
    let (start, end) = open.aggregates(|aggregates| aggregates.processes.span(open.until()));
    if start >= end {
        return String::new();
    }
    [&time(open, start).main, " – ", &time(open, end).main].concat()
}

fn row(open: OpenSession, row: u32, depths: StoredValue<Vec<u16>>) -> Row {
    let (process, is_whole) = open.aggregates(|aggregates| {
        let process = aggregates.processes.all().get(row as usize).cloned();
        (process, aggregates.is_whole(Counted::Else))
    });
    let Some(process) = process else { return Row::default() };
    let lane = lane(open, &process);
    let end = exit(process.exit.signal.as_deref(), process.exit.code.map(i64::from));
    let is_failure = process.exit.signal.is_some();
    let ended = match process.ended {
        None => Cell {
            class: "runs",
            ..Cell::words(t(Key::StillRuns))
        },
        Some(ended) => {
            let at = time(open, ended).main;
            let ran = ended.checked_sub(process.started).filter(|_| process.started > 0);
            let ran = ran.map(|ran| with(Key::RanFor, &lasted(ran)));
            let mut parts = [end, Some(at), ran].into_iter().flatten();
            Cell {
                main: parts.next().unwrap_or_default(),
                tail: parts.map(|part| [" · ", &part].concat()).collect(),
                class: if is_failure { "not-found" } else { "" },
                ..Cell::words("")
            }
        }
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
            Cell::new(brief_line(&process.command)),
            number(process.events, is_whole),
            lane,
            ended,
            Cell::path(&process.cwd),
            Cell::words(with(Key::FollowProcess, &process.pid.to_string())),
        ],
        depth: depths.with_value(|depths| depths.get(row as usize).copied().unwrap_or(0)),
        class: if process.ended.is_some() { "over" } else { "" },
        ..Row::default()
    }
}

/// Number of processes, of running ones, and of those beyond the limit.
fn held(aggregates: &Aggregates) -> String {
    let all = aggregates.processes.all();
    let running = all.iter().filter(|own| own.ended.is_none()).count();
    let mut says = [
        count(Key::Processes, all.len() as u64).as_str(),
        " · ",
        &count(Key::RunningCount, running as u64),
    ]
    .concat();
    if aggregates.processes.more() > 0 {
        says.push_str(" · ");
        says.push_str(&count(Key::MoreProcesses, aggregates.processes.more()));
    }
    says
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let depths = StoredValue::new(Vec::new());
    let rows = Table {
        testid: "processes-table",
        label: Key::TabProcesses,
        columns: COLUMNS,
        sort: Sort::up(0),
        order: Box::new(move |sort, _| order(open, &ground.needle.get_untracked(), sort, depths)),
        row: Box::new(move |place| row(open, place, depths)),
        act: Box::new(move |row, act| {
            let pid = open.aggregates(|aggregates| aggregates.processes.all().get(row as usize).map(|own| own.pid));
            match pid {
                Some(pid) if act == "tree" => open.follow(pid),
                pid => open.show_events(|filter| filter.pid = pid),
            }
        }),
        empty: empty(ground, Key::ProcessesEmpty),
    };
    let axis = Memo::new(move |_| {
        open.track();
        axis(open)
    });
    let tools = view! {
        <span class="quiet tabular" data-testid="processes-count">{live_text(open, held)}</span>
        <span class="quiet tabular" data-testid="lanes-axis">{move || axis.get()}</span>
    }
    .into_any();
    frame(
        ground,
        "view-processes",
        Key::TabProcesses,
        true,
        tools,
        view! { <div class="two-lines">{table(ground, rows)}</div> }.into_any(),
    )
}
