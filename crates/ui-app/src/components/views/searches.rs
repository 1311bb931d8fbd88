//! Names that the session looked for: one row each, with its places beneath while it is open.

use leptos::prelude::*;
use mirrord_filter::{Expr, Field, Filter};

use super::parts::{FIRST, LAST, part, time};
use crate::components::open_session::OpenSession;
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with_two};
use crate::state::filter_edit::is;
use crate::state::searches::{Ask, Came, FEW, SearchRow, Searches, count as number_of_searches};
use crate::state::table::Sort;

const COLUMNS: &[Column] = &[
    Column::text(Key::ColumnName, "name").with("open"),
    Column::number(Key::ColumnResult, "name second"),
    Column::number(Key::ColumnTimes, "num").with("show"),
    Column::number(Key::FieldProcess, "words wide"),
    FIRST,
    LAST,
];
/// The most places that a filter names.
const MAX_PLACES: usize = 16;

/// Cell of what came of a search: in which of its places it was found, and the path of that.
fn came(row: &SearchRow) -> Cell {
    let (key, class) = match row.came {
        Came::Found(_) => (Key::AnswerFound, ""),
        Came::Written => (Key::AnswerWritten, ""),
        Came::NotFound if row.is_failed => (Key::NotFound, "not-found"),
        Came::NotFound => (Key::NotFound, "absent"),
        Came::Denied => (Key::AnswerDenied, "not-found"),
        Came::Unknown => return Cell::default(),
    };
    let (main, tail) = match row.came {
        Came::Found(place) if row.places.len() > 1 => (
            with_two(Key::FoundInPlace, &place.to_string(), &row.places.len().to_string()),
            row.path.as_str(),
        ),
        Came::NotFound if row.places.len() > 1 => {
            let places = count(Key::PlacesCount, row.places.len() as u64);
            ([t(key), " · ", &places].concat(), "")
        }
        _ => (t(key).to_owned(), ""),
    };
    let gap = if tail.is_empty() { "" } else { "  " };
    Cell {
        class,
        tail: [gap, tail].concat(),
        ..Cell::words(main)
    }
}

fn row(open: OpenSession, row: &SearchRow) -> Row {
    let name = if row.is_place || row.places.len() == 1 {
        Cell::path(&row.path)
    } else {
        Cell::new(row.name.as_str())
    };
    let pid = Some(row.pid).filter(|pid| *pid > 0 && !row.is_place);
    Row {
        cells: vec![
            name,
            came(row),
            Cell::new(grouped(row.times)),
            Cell::new(open.aggregates(|aggregates| aggregates.processes.words(pid))),
            time(open, row.first),
            time(open, row.last),
        ],
        title: if row.path.is_empty() {
            row.name.clone()
        } else {
            row.path.clone()
        },
        class: if row.is_failed { "absent" } else { "" },
        depth: u16::from(row.is_place),
        open: row.open,
    }
}

/// Filter for the rows of a search, or of one of its places.
fn rows_of(row: &SearchRow) -> String {
    let paths = row.places.iter().take(MAX_PLACES);
    let terms = paths.map(|path| Expr::Term(is(Field::Name, path))).collect();
    Filter::new(Expr::any(terms)).to_string()
}

/// The part of the view of files that has the searches.
pub(super) fn part_of(ground: Ground, failed: RwSignal<bool>) -> AnyView {
    let open = ground.open;
    let all = RwSignal::new(false);
    let searches = StoredValue::new_local(Searches::default());
    let order = move |sort: Sort, _: Vec<u32>| {
        let ask = Ask {
            needle: ground.needle.get_untracked(),
            failed: failed.get_untracked(),
            most: if all.get_untracked() { usize::MAX } else { FEW },
        };
        let judgement = open.judgement.read_untracked();
        let order = searches.try_update_value(|searches| searches.order(&judgement, &ask, sort));
        order.unwrap_or_default()
    };
    let act = move |number: u32, act: &str| {
        let own = searches.with_value(|searches| searches.row(number));
        match act {
            "open" if own.open.is_some() => {
                searches.update_value(|searches| searches.toggle(number));
                ground.ask();
            }
            "open" => open.set_story(Some(own.path)),
            _ => open.show_events(|filter| filter.typed = rows_of(&own)),
        }
    };
    let body = table(
        ground,
        Table {
            testid: "files-searches",
            label: Key::FilesLookedFor,
            columns: COLUMNS,
            sort: Sort::down(1),
            order: Box::new(order),
            row: Box::new(move |number| row(open, &searches.with_value(|searches| searches.row(number)))),
            act: Box::new(act),
            empty: Box::new(|| t(Key::NoRowMatches).to_owned()),
        },
    );
    let rows = Memo::new(move |_| number_of_searches(&open.judgement.read()));
    part("part-searches", Key::FilesLookedFor, rows, all, ground, body)
}
