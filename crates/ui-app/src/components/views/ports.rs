//! The ports that the session subscribed to, and what arrived. A port that nothing has arrived at says so, and since
//! when.

use leptos::prelude::*;
use mirrord_filter::Field;

use super::parts::{FIRST, LAST, frame, row, seen, so_far, sorted, time, title};
use super::summary::listeners;
use crate::components::open_session::OpenSession;
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::i18n::{self, Key, lasted, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::filter_edit::{added, is};
use crate::state::kind::{Kind, Kinds};
use crate::state::ports::{Arrived, Port};
use crate::state::table::Sort;

/// The ports of which a narrow window says in a sentence what arrived.
const MAX_TOLD: usize = 4;
const PORTS: &[Column] = &[
    Column::text(Key::FieldPort, "num first").with("show"),
    Column::text(Key::FieldMode, "word"),
    Column::text(Key::FieldFilter, "words wide"),
    Column::number(Key::ColumnSince, "time wide"),
    Column::number(Key::ColumnArrived, "name second"),
];
const REQUESTS: &[Column] = &[
    Column::text(Key::FieldMethod, "word first"),
    Column::text(Key::FieldPath, "name").with("show"),
    Column::text(Key::FieldHost, "words wide"),
    Column::number(Key::ColumnRequests, "num"),
    Column::number(Key::FieldRouting, "routing brief wide"),
    FIRST,
    LAST,
];

/// Cell of the requests that arrived at a port. Requests do not name their port: several ports share one number.
fn arrived(open: OpenSession, port: &Port) -> Cell {
    // What has ended waits no longer.
    let (counted, ended) = open
        .summary(|session| (session.counts().of(Kind::Request), session.ended()))
        .unwrap_or_default();
    let now = ended.unwrap_or_else(|| open.now.get_untracked());
    let warned = |says: String| Cell {
        main: says,
        class: "warned",
        ..Cell::words("")
    };
    match open.aggregates(|aggregates| aggregates.ports.arrived_at(port, counted, now)) {
        Arrived::NotWatched => Cell {
            tail: t(Key::PortNotWatched).to_owned(),
            ..Cell::words("")
        },
        Arrived::Nothing(None) => warned(t(Key::PortNothingYet).to_owned()),
        Arrived::Nothing(Some(waited)) => warned(with(Key::PortNothing, &lasted(waited))),
        Arrived::Requests { count, ago, together } => {
            let last = ago.map(|ago| {
                let ago = with(Key::EndedAgo, &lasted(ago));
                [" · ", &with(Key::TheLast, &ago)].concat()
            });
            let which = if together { t(Key::AllPortsTogether) } else { "" };
            Cell {
                main: i18n::count(Key::RequestsCount, count),
                tail: [last.as_deref().unwrap_or(""), which].concat(),
                ..Cell::words("")
            }
        }
    }
}

fn port_row(open: OpenSession, row: u32) -> Row {
    let port = open.aggregates(|aggregates| aggregates.ports.ports().get(row as usize).cloned());
    let Some(port) = port else { return Row::default() };
    Row {
        title: port.filter.clone().unwrap_or_default(),
        cells: vec![
            Cell::new(port.port.to_string()),
            Cell::new(port.mode.as_str()),
            Cell::new(port.filter.as_deref().unwrap_or("")),
            time(open, port.since),
            arrived(open, &port),
        ],
        ..Row::default()
    }
}

fn request_row(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let ([method, host, path], own) = aggregates.ports.asked_for(row);
    let mut cells = vec![Cell::new(method), Cell::path(path), Cell::new(host)];
    cells.extend(seen(open, aggregates, &own, Counted::Else));
    Row {
        title: path.to_owned(),
        cells,
        ..Row::default()
    }
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let ports = Table {
        testid: "ports-table",
        label: Key::TabPorts,
        columns: PORTS,
        sort: Sort::up(0),
        order: sorted(ground, |aggregates, _, sort| aggregates.ports.sorted_ports(sort)),
        row: Box::new(move |row| port_row(open, row)),
        act: Box::new(move |_, _| {
            open.show_events(|filter| filter.kinds = Kinds::NONE.with(Kind::Port).with(Kind::Request));
        }),
        empty: Box::new(move || t(so_far(open, Key::PortsEmpty)).to_owned()),
    };
    let requests = Table {
        testid: "ports-requests",
        label: Key::Requests,
        columns: REQUESTS,
        sort: Sort::down(6),
        order: sorted(ground, |aggregates, needle, sort| {
            aggregates.ports.sorted_requests(needle, sort)
        }),
        row: row(open, request_row),
        act: Box::new(move |row, _| {
            let name = open.aggregates(|aggregates| {
                let ([method, _, path], _) = aggregates.ports.asked_for(row);
                [method, " ", path].concat()
            });
            open.show_events(|filter| filter.typed = added("", is(Field::Name, &name), false));
        }),
        empty: Box::new(move || {
            let key = if !ground.needle.read().is_empty() {
                Key::NoRowMatches
            } else if open.aggregates(|aggregates| aggregates.ports.sees_requests()) {
                so_far(open, Key::RequestsEmpty)
            } else {
                Key::RequestsNotSeen
            };
            t(key).to_owned()
        }),
    };
    let quiet = Memo::new(move |_| {
        open.track();
        open.now.track();
        let ports = open.aggregates(|aggregates| {
            aggregates
                .ports
                .ports()
                .iter()
                .take(MAX_TOLD)
                .cloned()
                .collect::<Vec<_>>()
        });
        let told = ports.iter().map(|port| {
            let cell = arrived(open, port);
            [port.port.to_string().as_str(), ": ", &cell.main, &cell.tail].concat()
        });
        told.collect::<Vec<_>>().join("\n")
    });
    let body = view! { <p class="narrow pre" aria-hidden="true">{move || quiet.get()}</p> <div class="summary-part">{listeners(open)}</div> {table(ground, ports)} {title(Key::Requests)} {table(ground, requests)} }.into_any();
    frame(ground, "view-ports", Key::TabPorts, true, ().into_any(), body)
}
