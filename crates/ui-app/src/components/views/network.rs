//! Destinations that the session connected to, with what came of it, names that it looked up, and Unix sockets. A name beside
//! an address is inferred, and shows its confidence.

use leptos::prelude::*;
use mirrord_filter::Field;
use mirrord_wire::Outcome;

use super::parts::{FIRST, LAST, RESULT, ROUTING, choice, empty, frame, part, result, row, seen, sorted, title};
use crate::components::open_session::OpenSession;
use crate::components::table::{Act, Cell, Column, Ground, Row, Table, table};
use crate::format::number::grouped;
use crate::i18n::{Key, span, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::answers::traffic;
use crate::state::filter_edit::{added, is};
use crate::state::judgement::Judgement;
use crate::state::kind::{Kind, Kinds};
use crate::state::network::{Protocol, Sure};
use crate::state::reached::{reached, sorted_destinations};
use crate::state::searches::FEW;
use crate::state::table::Sort;

const DESTINATIONS: &[Column] = &[
    Column::text(Key::ColumnDestination, "name address").with("show"),
    RESULT,
    Column::number(Key::ColumnConnections, "num long"),
    Column::number(Key::ColumnTraffic, "traffic"),
    Column::number(Key::ColumnDuration, "lasted"),
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
const UNIX: &[Column] = &[
    Column::text(Key::FieldPath, "name address").with("show"),
    RESULT,
    Column::number(Key::ColumnConnections, "num long"),
    Column::number(Key::FieldProcess, "words"),
    FIRST,
    LAST,
];

/// Word for the confidence in an inferred name.
fn confidence(sure: Sure) -> &'static str {
    t(if sure == Sure::Likely {
        Key::SureLikely
    } else {
        Key::SurePerhaps
    })
}

/// Number of names or destinations that are not shown, as a tail.
fn others(more: usize) -> String {
    match more {
        0 => String::new(),
        more => [" ", &with(Key::PlusWaiting, &more.to_string())].concat(),
    }
}

/// First of several inferred names, behind its confidence, which no narrow window truncates.
fn concluded(all: &mut dyn Iterator<Item = (&str, Sure)>) -> Option<Cell> {
    let (name, sure) = all.next()?;
    Some(Cell {
        lead: [confidence(sure), " "].concat(),
        keeps_lead: true,
        tail: others(all.count()),
        ..Cell::new(name)
    })
}

/// Cell of a destination: the name that led there, where one is known, and the address behind it; its protocol, where that is
/// not TCP.
fn destination_cell(aggregates: &Aggregates, row: u32) -> Cell {
    let network = &aggregates.network;
    let (address, protocol) = (network.destination(row), network.connections(row).1);
    let protocol = match protocol {
        Protocol::Udp => [" ", protocol.word()].concat(),
        _ => String::new(),
    };
    let mut names = network.names_of(row);
    match concluded(&mut names) {
        Some(name) => Cell {
            tail: [&name.tail, " → ", address, &protocol].concat(),
            ..name
        },
        None => Cell {
            tail: protocol,
            ..Cell::path(address)
        },
    }
}

/// Cell of a destination's last outcome: a failure that is none by the rules of the summary is muted, such as a cache daemon
/// that libraries do without.
fn reached_cell(open: OpenSession, aggregates: &Aggregates, row: u32) -> Cell {
    let network = &aggregates.network;
    let own = network.connections(row).0;
    let is_quiet = || {
        let judgement = open.judgement.read_untracked();
        !judgement.is_network_failed(&network.wire_name(row))
    };
    let cell = result(&own, false);
    match own.outcome() {
        Some(Outcome::Failed) if is_quiet() => Cell {
            class: "absent",
            ..cell
        },
        _ => cell,
    }
}

fn destination(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let network = &aggregates.network;
    let ((own, _), address) = (network.connections(row), network.destination(row));
    let [count, routing, first, last] = seen(open, aggregates, &own, Counted::Destinations);
    let sum = reached(&aggregates.sockets, address).unwrap_or_default();
    let lasted = sum
        .lasted(open.until())
        .map_or_else(Cell::default, |(micros, is_open)| Cell {
            tail: if is_open {
                [" ", t(Key::OpenNow)].concat()
            } else {
                String::new()
            },
            ..Cell::words(span(micros))
        });
    Row {
        cells: vec![
            destination_cell(aggregates, row),
            reached_cell(open, aggregates, row),
            count,
            Cell::new(traffic(sum.bytes).main),
            lasted,
            routing,
            first,
            last,
        ],
        title: address.to_owned(),
        ..Row::default()
    }
}

fn host(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let network = &aggregates.network;
    let (own, name) = (network.lookups(row), network.host(row));
    let is_missed = open
        .judgement
        .with_untracked(|judgement| judgement.is_network_failed(name));
    let nothing = || Cell {
        class: if is_missed { "not-found" } else { "absent" },
        ..Cell::words(t(Key::NoConnection))
    };
    let led_to = if own.is_not_found() {
        Cell {
            class: "not-found",
            ..Cell::words(t(Key::NotFound))
        }
    } else {
        concluded(&mut network.led_to(row)).unwrap_or_else(nothing)
    };
    let mut cells = vec![Cell::new(name), led_to];
    cells.extend(seen(open, aggregates, &own, Counted::Hosts));
    Row {
        cells,
        title: name.to_owned(),
        class: if own.is_not_found() || is_missed { "absent" } else { "" },
        ..Row::default()
    }
}

fn unix(open: OpenSession, aggregates: &Aggregates, row: u32) -> Row {
    let network = &aggregates.network;
    let (own, path) = (network.connections(row).0, network.destination(row));
    let [count, _, first, last] = seen(open, aggregates, &own, Counted::Destinations);
    let who = Cell::new(aggregates.processes.words(own.pid()));
    Row {
        cells: vec![
            Cell::path(path),
            reached_cell(open, aggregates, row),
            count,
            who,
            first,
            last,
        ],
        title: path.to_owned(),
        ..Row::default()
    }
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

/// Number of destinations that failed and of names that led nowhere.
fn failures(judgement: &Judgement, aggregates: &Aggregates) -> u64 {
    let network = &aggregates.network;
    let hosts = u32::try_from(network.hosts()).unwrap_or(u32::MAX);
    let is_unjudged =
        |host: &u32| network.lookups(*host).is_not_found() && !judgement.is_network_failed(network.host(*host));
    judgement.list("network_failed").len() as u64 + (0..hosts).filter(is_unjudged).count() as u64
}

/// The rows of destinations, the Unix sockets or the others; only those that failed where they alone are asked for.
fn destinations(ground: Ground, is_unix: bool, failed: RwSignal<bool>) -> impl Fn(Sort) -> Vec<u32> {
    move |sort| {
        let judgement = ground.open.judgement.read_untracked();
        ground.open.aggregates(|aggregates| {
            let needle = ground.needle.get_untracked();
            let mut rows = sorted_destinations(aggregates, &needle, is_unix, sort);
            if failed.get_untracked() {
                rows.retain(|row| judgement.is_network_failed(&aggregates.network.wire_name(*row)));
            }
            rows
        })
    }
}

/// Text of an empty table; where only failures are asked for, that none matches.
fn none(ground: Ground, failed: RwSignal<bool>, nothing: Key) -> Box<dyn Fn() -> String + Send> {
    let none = empty(ground, nothing);
    Box::new(move || {
        if failed.get() {
            t(Key::NoRowMatches).to_owned()
        } else {
            none()
        }
    })
}

/// The Unix sockets, as a part of their own.
fn unix_sockets(ground: Ground, failed: RwSignal<bool>) -> AnyView {
    let open = ground.open;
    let all = RwSignal::new(false);
    let rows = destinations(ground, true, failed);
    let spec = Table {
        testid: "network-unix",
        label: Key::UnixSockets,
        columns: UNIX,
        sort: Sort::down(2),
        order: Box::new(move |sort, _| {
            let mut rows = rows(sort);
            rows.truncate(if all.get_untracked() { usize::MAX } else { FEW });
            rows
        }),
        row: row(open, unix),
        act: show(open, Kind::Connect, |aggregates, row| {
            aggregates.network.destination(row)
        }),
        empty: Box::new(|| t(Key::NoRowMatches).to_owned()),
    };
    let count = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| aggregates.network.unix_sockets())
    });
    part("part-unix", Key::UnixSockets, count, all, ground, table(ground, spec))
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let failed = RwSignal::new(false);
    let rows = destinations(ground, false, failed);
    let connected = Table {
        testid: "network-destinations",
        label: Key::Destinations,
        columns: DESTINATIONS,
        sort: Sort::down(2),
        order: Box::new(move |sort, _| rows(sort)),
        row: row(open, destination),
        act: show(open, Kind::Connect, |aggregates, row| {
            aggregates.network.destination(row)
        }),
        empty: none(ground, failed, Key::DestinationsEmpty),
    };
    let hosts = sorted(ground, |aggregates, needle, sort| {
        aggregates.network.sorted_hosts(needle, sort)
    });
    let asked = Table {
        testid: "network-names",
        label: Key::Lookups,
        columns: HOSTS,
        sort: Sort::down(2),
        order: Box::new(move |sort, before| {
            let mut rows = hosts(sort, before);
            if failed.get_untracked() {
                let judgement = open.judgement.read_untracked();
                open.aggregates(|aggregates| {
                    let network = &aggregates.network;
                    rows.retain(|row| {
                        network.lookups(*row).is_not_found() || judgement.is_network_failed(network.host(*row))
                    });
                });
            }
            rows
        }),
        row: row(open, host),
        act: show(open, Kind::Dns, |aggregates, row| aggregates.network.host(row)),
        empty: none(ground, failed, Key::LookupsEmpty),
    };
    let failed_count = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| failures(&open.judgement.read(), aggregates))
    });
    let label = move || with(Key::Failures, &grouped(failed_count.get()));
    let is_offered = move || failed.get() || failed_count.get() > 0;
    let tools = choice("network-failed", label, is_offered, failed, ground);
    let unix = unix_sockets(ground, failed);
    let body = view! {
        <div class="two-lines">
            {title(Key::Destinations)}
            {table(ground, connected)}
            {title(Key::Lookups)}
            <p class="quiet note">{t(Key::SureNote)}</p>
            {table(ground, asked)}
            {unix}
        </div>
    }
    .into_any();
    frame(ground, "view-network", Key::TabNetwork, true, tools, body)
}
