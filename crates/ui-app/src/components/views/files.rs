//! Paths that the session touched: names that were looked for, what was written, and all of them as a tree or as a flat table.
//! The tree is the order by name; sorted by anything else the table is flat. A path opens its story beside them.

use std::collections::BTreeSet;

use leptos::prelude::*;
use mirrord_filter::Field;

use super::parts::{FIRST, LAST, RESULT, ROUTING, choice, frame, live_text, part, result, seen, so_far};
use super::{searches, story};
use crate::components::open_session::OpenSession;
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::files::{Ask, Branch};
use crate::state::filter_edit::{added, is, is_in};
use crate::state::searches::FEW;
use crate::state::table::{Seen, Sort};

const COLUMNS: &[Column] = &[
    Column::text(Key::FieldPath, "name").with("open"),
    Column::number(Key::TabEvents, "num").with("show"),
    Column::number(Key::ColumnOperations, "operations wide"),
    RESULT,
    ROUTING,
    FIRST,
    LAST,
];
const WRITTEN: &[Column] = &[
    Column::text(Key::FieldPath, "name").with("open"),
    Column::number(Key::TabEvents, "num").with("show"),
    Column::number(Key::ColumnOperations, "operations wide"),
    FIRST,
    LAST,
];
/// The most operations that a row names.
const MAX_OPERATIONS: usize = 3;

/// State of the tree: toggled folders, rows, and the sorted paths for the next update.
#[derive(Default)]
struct Tree {
    turned: BTreeSet<String>,
    rows: Vec<Branch>,
    sorted: Vec<u32>,
    /// Marks that the table shows the tree.
    shown: bool,
}

/// The most folders whose state is kept.
const MAX_OPEN: usize = 2_000;

fn operations(aggregates: &Aggregates, file: u32) -> Cell {
    let operations = aggregates.files.operations(file);
    let mut words: Vec<String> = operations
        .iter()
        .take(MAX_OPERATIONS)
        .map(|(name, count)| [name, " ", &grouped(u64::from(*count))].concat())
        .collect();
    let told: u64 = operations.iter().map(|(_, count)| u64::from(*count)).sum();
    // Others, and those of events that this page was not sent.
    if operations.len() > MAX_OPERATIONS || told < aggregates.files.seen(file).count {
        words.push("…".to_owned());
    }
    Cell::new(words.join(" · "))
}

fn cells(open: OpenSession, aggregates: &Aggregates, name: Cell, operations: Cell, own: &Seen) -> Vec<Cell> {
    let [count, routing, first, last] = seen(open, aggregates, own, Counted::Paths);
    vec![name, count, operations, result(own, true), routing, first, last]
}

fn class(seen: &Seen) -> &'static str {
    if seen.is_not_found() { "absent" } else { "" }
}

fn flat_row(open: OpenSession, aggregates: &Aggregates, file: u32) -> Row {
    let (path, own) = (aggregates.files.path(file), aggregates.files.seen(file));
    Row {
        cells: cells(open, aggregates, Cell::path(path), operations(aggregates, file), &own),
        title: path.to_owned(),
        class: class(&own),
        ..Row::default()
    }
}

fn tree_row(open: OpenSession, aggregates: &Aggregates, branch: &Branch) -> Row {
    let path = aggregates.files.path(branch.file);
    let start = branch.name_start as usize;
    if branch.folder_end == 0 {
        let name = Cell::path(path.get(start..).unwrap_or(path));
        return Row {
            cells: cells(
                open,
                aggregates,
                name,
                operations(aggregates, branch.file),
                &branch.seen,
            ),
            title: path.to_owned(),
            class: class(&branch.seen),
            depth: branch.depth,
            open: None,
        };
    }
    let folder = path.get(..branch.folder_end as usize).unwrap_or(path);
    let inside = Cell::words(with(Key::FilesInside, &grouped(branch.files.into())));
    Row {
        cells: cells(
            open,
            aggregates,
            Cell::new(folder.get(start..).unwrap_or(folder)),
            inside,
            &branch.seen,
        ),
        title: folder.to_owned(),
        class: "folder",
        depth: branch.depth,
        open: Some(branch.is_open),
    }
}

/// Number of paths, and of those beyond the limit.
fn held(aggregates: &Aggregates) -> String {
    let mut says = count(Key::PathsCount, aggregates.files.len() as u64);
    if aggregates.files.more() > 0 {
        says.push_str(" · ");
        says.push_str(&count(Key::MoreEvents, aggregates.files.more()));
    }
    says
}

fn written_row(open: OpenSession, aggregates: &Aggregates, file: u32) -> Row {
    let row = flat_row(open, aggregates, file);
    let mut cells = row.cells;
    // Neither outcome nor routing: of a change neither says whether it was done.
    cells.drain(3..5);
    Row {
        cells,
        class: "",
        ..row
    }
}

/// Paths that were written, made or renamed; the latest first.
fn written(ground: Ground) -> AnyView {
    let open = ground.open;
    let all = RwSignal::new(false);
    let order = move |sort: Sort, _: Vec<u32>| {
        open.aggregates(|aggregates| {
            let mut rows = aggregates.files.written(&ground.needle.get_untracked());
            let column = if sort.column > 2 { sort.column + 2 } else { sort.column };
            aggregates.files.sort(&mut rows, Sort { column, ..sort });
            rows.truncate(if all.get_untracked() { usize::MAX } else { FEW });
            rows
        })
    };
    let act = move |file: u32, act: &str| {
        let path = open.aggregates(|aggregates| aggregates.files.path(file).to_owned());
        if act == "open" {
            open.set_story(Some(path));
        } else {
            open.show_events(|filter| filter.typed = added("", is(Field::Name, &path), false));
        }
    };
    let body = table(
        ground,
        Table {
            testid: "files-written",
            label: Key::FilesWritten,
            columns: WRITTEN,
            sort: Sort::down(4),
            order: Box::new(order),
            row: Box::new(move |file| open.aggregates(|aggregates| written_row(open, aggregates, file))),
            act: Box::new(act),
            empty: Box::new(|| t(Key::NoRowMatches).to_owned()),
        },
    );
    let count = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| aggregates.files.written("").len())
    });
    part("part-written", Key::FilesWritten, count, all, ground, body)
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let (as_tree, not_found) = (RwSignal::new(true), RwSignal::new(false));
    let failed = RwSignal::new(false);
    let tree = StoredValue::new_local(Tree::default());
    let order = move |sort: Sort, before: Vec<u32>| {
        let ask = Ask {
            needle: ground.needle.get_untracked(),
            not_found: not_found.get_untracked(),
            only: (failed.get_untracked()).then(|| open.judgement.read_untracked().failed_paths()),
        };
        let is_tree = as_tree.get_untracked() && sort.column == 0 && !sort.descending;
        open.aggregates(|aggregates| {
            let made = tree.try_update_value(|tree| {
                tree.shown = is_tree;
                if !is_tree {
                    return None;
                }
                let sorted = if before.is_empty() {
                    Vec::new()
                } else {
                    std::mem::take(&mut tree.sorted)
                };
                (tree.rows, tree.sorted) = aggregates.files.tree(&ask, &tree.turned, sorted);
                Some((0..).zip(&tree.rows).map(|(place, _)| place).collect())
            });
            made.flatten()
                .unwrap_or_else(|| aggregates.files.flat(&ask, sort, before))
        })
    };
    let row = move |row: u32| {
        open.aggregates(|aggregates| {
            tree.with_value(|tree| match tree.rows.get(row as usize).filter(|_| tree.shown) {
                Some(branch) => tree_row(open, aggregates, branch),
                None => flat_row(open, aggregates, row),
            })
        })
    };
    let act = move |row: u32, act: &str| {
        let branch = tree.with_value(|tree| tree.rows.get(row as usize).filter(|_| tree.shown).cloned());
        let path = open.aggregates(|aggregates| {
            let path = aggregates.files.path(branch.as_ref().map_or(row, |branch| branch.file));
            let end = branch.as_ref().map_or(0, |branch| branch.folder_end as usize);
            path.get(..end).filter(|_| end > 0).unwrap_or(path).to_owned()
        });
        let is_folder = branch.is_some_and(|branch| branch.folder_end > 0);
        if is_folder && act == "open" {
            tree.update_value(|tree| {
                if !tree.turned.remove(&path) && tree.turned.len() < MAX_OPEN {
                    tree.turned.insert(path);
                }
            });
            return ground.ask();
        }
        if act == "open" {
            return open.set_story(Some(path));
        }
        let by = |path: &str| {
            if is_folder { is_in(path) } else { is(Field::Name, path) }
        };
        open.show_events(|filter| filter.typed = added("", by(&path), false));
    };
    let empty = move || {
        let is_asked = !ground.needle.read().is_empty() || not_found.get() || failed.get();
        let key = if is_asked {
            Key::NoRowMatches
        } else {
            so_far(open, Key::FilesEmpty)
        };
        t(key).to_owned()
    };
    let absent = move || {
        open.track();
        with(
            Key::NotFoundCount,
            &grouped(open.aggregates(|aggregates| aggregates.files.not_found())),
        )
    };
    let tools = view! {
        {choice("files-tree", || t(Key::AsTree).to_owned(), || true, as_tree, ground)}
        {choice("files-not-found", absent, move || open.tells_routing() || open.tells_outcome(), not_found, ground)}
        {choice("files-failed", || t(Key::FailedOnly).to_owned(), move || failed.get() || open.judgement.read().failed("files") > 0, failed, ground)}
        <span class="quiet tabular" data-testid="files-count">{live_text(open, held)}</span>
    }
    .into_any();
    let (searched, changed) = (searches::part_of(ground, failed), written(ground));
    let all = table(
        ground,
        Table {
            testid: "files-table",
            label: Key::TabFiles,
            columns: COLUMNS,
            sort: Sort::up(0),
            order: Box::new(order),
            row: Box::new(row),
            act: Box::new(act),
            empty: Box::new(empty),
        },
    );
    let body = view! {
        {searched}
        {changed}
        <h2>{t(Key::AllPaths)}</h2>
        {all}
    }
    .into_any();
    let main = frame(ground, "view-files", Key::TabFiles, true, tools, body);
    view! { <div class="beside-story">{main}{story::panel(open)}</div> }.into_any()
}
