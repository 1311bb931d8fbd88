//! Destinations that the session connected to, and names that it looked up. A name beside an address is inferred, and
//! shows its confidence.

use leptos::prelude::*;
use mirrord_filter::Field;

use super::parts::{FIRST, LAST, RESULT, ROUTING, choice, empty, frame, result, row, seen, sorted, title};
use crate::components::open_session::OpenSession;
use crate::components::table::{Act, Cell, Column, Ground, Row, Table, table};
use crate::format::number::grouped;
use crate::i18n::{Key, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::answers::{sent, traffic};
use crate::state::filter_edit::{added, is};
use crate::state::kind::{Kind, Kinds};
use crate::state::network::Sure;
use crate::state::table::{By, Sort, sort};

const DESTINATIONS: &[Column] = &[
    Column::text(Key::ColumnDestination, "name address").with("show"),
    Column::text(Key::ColumnName, "name second"),
    Column::text(Key::FieldProtocol, "word wide"),
    Column::number(Key::ColumnConnections, "num long"),
    RESULT,
    Column::number(Key::ColumnTraffic, "traffic wide"),
    ROUTING,
    FIRST,
    LAST,
];
const HOSTS: &[Column] = &[
    Column::text(Key::ColumnName, "name").with("show"),
    Column::text(Key::ColumnLedTo, "name second"),
    Column::number(Key::ColumnLookups, "num long"),
    ROUTING,
    FIRST,
    LAST,
];

/// First of several inferred names, behind its confidence, which no narrow window truncates.
fn concluded(all: &mut dyn Iterator<Item = (&str, Sure)>) -> Option<Cell> {
    let (name, sure) = all.next()?;
    let word = t(if sure == Sure::Likely {
        Key::SureLikely
    } else {
        Key::SurePerhaps
    });
    let more = all.count();
    Some(Cell {
        lead: [word, " "].concat(),
        keeps_lead: true,
        tail: match more {
            0 => String::new(),
            more => [" ", &with(Key::PlusWaiting, &more.to_string())].concat(),
        },
        ..Cell::new(name)
    })
}

fn destination(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let network = &aggregates.network;
    let ((own, protocol), address) = (network.connections(row), network.destination(row));
    let mut names = network.names_of(row);
    let name = concluded(&mut names).unwrap_or_default();
    let mut cells = vec![Cell::path(address), name, Cell::new(protocol.word())];
    let [count, routing, first, last] = seen(open, aggregates, &own, Counted::Destinations);
    let bytes = Cell::new(traffic(sent(aggregates, address)).main);
    cells.extend([count, result(&own, false), bytes, routing, first, last]);
    Row {
        cells,
        title: address.to_owned(),
        ..Row::default()
    }
}

fn host(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let network = &aggregates.network;
    let (own, name) = (network.lookups(row), network.host(row));
    let led_to = if own.is_not_found() {
        Cell {
            class: "not-found",
            ..Cell::words(t(Key::NotFound))
        }
    } else {
        concluded(&mut network.led_to(row)).unwrap_or_else(|| Cell {
            tail: t(Key::NoConnection).to_owned(),
            ..Cell::words("")
        })
    };
    let mut cells = vec![Cell::new(name), led_to];
    cells.extend(seen(open, aggregates, &own, Counted::Hosts));
    Row {
        cells,
        title: name.to_owned(),
        class: if own.is_not_found() { "absent" } else { "" },
        ..Row::default()
    }
}

/// Puts destinations in order: two columns stand between those that the state sorts by.
fn sorted_destinations(aggregates: &Aggregates, needle: &str, by: Sort) -> Vec<u32> {
    let network = &aggregates.network;
    let column = if by.column > 5 { by.column - 2 } else { by.column.min(3) };
    let mut rows = network.sorted_destinations(needle, Sort { column, ..by });
    let outcome = |row: u32| network.connections(row).0.outcome_key();
    let bytes = |row: u32| {
        sent(aggregates, network.destination(row))
            .into_iter()
            .flatten()
            .sum::<u64>()
    };
    match by.column {
        4 => sort(&mut rows, &By::Number(&outcome), by.descending),
        5 => sort(&mut rows, &By::Number(&bytes), by.descending),
        _ => {}
    }
    rows
}

/// Shows the events of one kind that have a name.
fn show(open: OpenSession, kind: Kind, name: fn(&Aggregates, u32) -> &str) -> Act {
    Box::new(move |row, _| {
        let term = open.aggregates(|aggregates| is(Field::Name, name(aggregates, row)));
        open.show_events(|filter| {
            filter.kinds = Kinds::NONE.with(kind);
            filter.typed = added("", term, false);
        });
    })
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let failed = RwSignal::new(false);
    let connected = Table {
        testid: "network-destinations",
        label: Key::Destinations,
        columns: DESTINATIONS,
        sort: Sort::down(3),
        order: sorted(ground, |aggregates, needle, sort| {
            sorted_destinations(aggregates, needle, sort)
        }),
        row: row(open, destination),
        act: show(open, Kind::Connect, |aggregates, row| {
            aggregates.network.destination(row)
        }),
        empty: empty(ground, Key::DestinationsEmpty),
    };
    let (hosts, none) = (
        sorted(ground, |aggregates, needle, sort| {
            aggregates.network.sorted_hosts(needle, sort)
        }),
        empty(ground, Key::LookupsEmpty),
    );
    let asked = Table {
        testid: "network-names",
        label: Key::Lookups,
        columns: HOSTS,
        sort: Sort::down(2),
        order: Box::new(move |sort, before| {
            let mut rows = hosts(sort, before);
            if failed.get_untracked() {
                open.aggregates(|aggregates| {
                    rows.retain(|row| aggregates.network.lookups(*row).is_not_found());
                });
            }
            rows
        }),
        row: row(open, host),
        act: show(open, Kind::Dns, |aggregates, row| aggregates.network.host(row)),
        empty: Box::new(move || {
            if failed.get() {
                t(Key::NoRowMatches).to_owned()
            } else {
                none()
            }
        }),
    };
    let label = move || {
        open.track();
        with(
            Key::FailedLookups,
            &grouped(open.aggregates(|aggregates| aggregates.network.failed() as u64)),
        )
    };
    let tools = choice("network-failed", label, move || open.tells_routing(), failed, ground);
    let body = view! {
        {title(Key::Destinations)}
        {table(ground, connected)}
        {title(Key::Lookups)}
        <p class="quiet note">{t(Key::SureNote)}</p>
        {table(ground, asked)}
    }
    .into_any();
    frame(ground, "view-network", Key::TabNetwork, true, tools, body)
}
