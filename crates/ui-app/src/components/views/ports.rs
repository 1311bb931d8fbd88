//! Sockets that the session listens on with who came, the ports that it subscribed to, and requests. A port that nothing has
//! arrived at says so, and since when.

use leptos::prelude::*;
use mirrord_filter::Field;

use super::parts::{FIRST, LAST, frame, live_text, row, seen, so_far, sorted, time, title};
use crate::components::open_session::OpenSession;
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::format::number::grouped;
use crate::i18n::{self, Key, lasted, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::answers::traffic;
use crate::state::filter_edit::{added, is};
use crate::state::kind::{Kind, Kinds};
use crate::state::listeners;
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
const LISTENERS: &[Column] = &[
    Column::text(Key::ColumnListens, "name address").with("show"),
    Column::text(Key::FieldProcess, "words"),
    Column::text(Key::ColumnRemark, "name second"),
    Column::number(Key::ColumnCame, "num"),
    Column::number(Key::OpenNow, "num early"),
    LAST,
    Column::number(Key::ColumnTraffic, "traffic wide early"),
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

fn listener_row(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let Some(own) = listeners::listener(aggregates, row) else {
        return Row::default();
    };
    let said = |ts| time(open, ts).main;
    let remark = open
        .judgement
        .with_untracked(|judgement| listeners::remarks(own, judgement, open.until(), &said));
    let is_failed = listeners::is_failed(own);
    let is_unreached = own.arrivals == Some(0) && own.closed_ts.is_none();
    let number = |number: Option<u64>| number.map(grouped).unwrap_or_default();
    let name = listeners::listens_on(own);
    let last = match (own.last_ts, own.arrivals) {
        (Some(ts), _) => time(open, ts),
        (None, Some(0)) => Cell::words(t(Key::Never)),
        _ => Cell::default(),
    };
    Row {
        cells: vec![
            Cell {
                tail: if own.protocol == "udp" {
                    " udp".to_owned()
                } else {
                    String::new()
                },
                ..Cell::new(name.as_str())
            },
            Cell::new(aggregates.processes.words(own.pid)),
            Cell {
                class: if is_failed { "not-found" } else { "warned" },
                ..Cell::words(remark)
            },
            Cell {
                class: if is_unreached { "warned" } else { "" },
                ..Cell::new(number(own.arrivals))
            },
            Cell::new(number(own.open)),
            last,
            Cell::new(traffic([own.bytes_in, own.bytes_out]).main),
        ],
        title: name,
        class: match own.closed_ts {
            _ if is_failed => "absent",
            Some(_) => "over",
            None => "",
        },
        ..Row::default()
    }
}

/// The sockets that listen, with who came.
fn listening(ground: Ground) -> AnyView {
    let open = ground.open;
    let spec = Table {
        testid: "ports-listeners",
        label: Key::Listeners,
        columns: LISTENERS,
        sort: Sort::up(0),
        order: sorted(ground, listeners::sorted),
        row: row(open, listener_row),
        act: Box::new(move |row, _| {
            let query = open.aggregates(|aggregates| listeners::listener(aggregates, row).map(listeners::rows_of));
            open.show_events(|filter| filter.typed = query.unwrap_or_default());
        }),
        empty: Box::new(|| t(Key::NoRowMatches).to_owned()),
    };
    let (rows, omitted) = (
        Memo::new(move |_| {
            open.track();
            open.aggregates(|aggregates| aggregates.sockets.listeners.items.len())
        }),
        live_text(open, |aggregates| match aggregates.sockets.listeners.omitted {
            0 => String::new(),
            omitted => with(Key::PlusWaiting, &grouped(omitted)),
        }),
    );
    view! {
        <div class="two-lines" class:vacant=move || rows.get() == 0 data-testid="part-listeners">
            <h2>{t(Key::Listeners)} <span class="quiet tabular">{omitted}</span></h2>
            {table(ground, spec)}
        </div>
    }
    .into_any()
}

/// The subscribed ports that are not among the listeners: a local port is either.
fn subscribed(aggregates: &Aggregates, sort: Sort) -> Vec<u32> {
    let mut rows = aggregates.ports.sorted_ports(sort);
    let listeners = &aggregates.sockets.listeners.items;
    let is_listed = |port: &Port| port.mode == "listen" && listeners.iter().any(|own| own.port == port.port);
    rows.retain(|row| {
        let port = aggregates.ports.ports().get(*row as usize);
        port.is_some_and(|port| !is_listed(port))
    });
    rows
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
        order: sorted(ground, |aggregates, _, sort| subscribed(aggregates, sort)),
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
            let rows = subscribed(aggregates, Sort::up(0)).into_iter();
            let of = |row: u32| aggregates.ports.ports().get(row as usize).cloned();
            rows.filter_map(of).take(MAX_TOLD).collect::<Vec<_>>()
        });
        let told = ports.iter().map(|port| {
            let cell = arrived(open, port);
            [port.port.to_string().as_str(), ": ", &cell.main, &cell.tail].concat()
        });
        told.collect::<Vec<_>>().join("\n")
    });
    let listens = listening(ground);
    // Where all ports are among the listeners, there is nothing to say of others.
    let is_vacant = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| {
            !aggregates.sockets.listeners.items.is_empty() && subscribed(aggregates, Sort::up(0)).is_empty()
        })
    });
    let body = view! {
        {listens}
        <div class:vacant=move || is_vacant.get()>
            <p class="narrow pre" aria-hidden="true">{move || quiet.get()}</p>
            {table(ground, ports)}
        </div>
        {title(Key::Requests)}
        {table(ground, requests)}
    }
    .into_any();
    frame(ground, "view-ports", Key::TabPorts, true, ().into_any(), body)
}
