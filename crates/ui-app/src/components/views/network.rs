//! Where the session connected to, and the names it looked up. A name beside an address is a conclusion, and says how sure
//! it is.

use crate::components::dom::prelude::*;

use super::parts::{choice, facts, frame, number, routing, show_events, time, title};
use crate::components::table::{Cell, Column, Ground, Row, Table, table};
use crate::format::number::grouped;
use crate::i18n::{Key, t, with};
use crate::model::Model;
use crate::state::kind::{Kind, Kinds};
use crate::state::network::Sure;
use crate::state::table::{Seen, Sort};
use crate::state::terms::Term;

const DESTINATIONS: &[Column] = &[
    Column {
        title: Key::ColumnDestination,
        class: "name",
        numeric: false,
        act: "show",
    },
    Column {
        title: Key::ColumnName,
        class: "name second",
        numeric: false,
        act: "",
    },
    Column {
        title: Key::FieldProtocol,
        class: "word wide",
        numeric: false,
        act: "",
    },
    Column {
        title: Key::ColumnConnections,
        class: "num",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::FieldRouting,
        class: "routing",
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
];
const HOSTS: &[Column] = &[
    Column {
        title: Key::ColumnName,
        class: "name",
        numeric: false,
        act: "show",
    },
    Column {
        title: Key::ColumnLedTo,
        class: "name second",
        numeric: false,
        act: "",
    },
    Column {
        title: Key::ColumnLookups,
        class: "num",
        numeric: true,
        act: "",
    },
    Column {
        title: Key::FieldRouting,
        class: "routing",
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
];

fn destination(model: Model, row: u32) -> Row {
    facts(model, |facts| {
        let network = &facts.network;
        let ((seen, protocol), address) = (network.connections(row), network.destination(row));
        let mut names = network.names_of(row);
        let name = names.next().map_or_else(Cell::default, |(name, sure)| Cell {
            main: name.to_owned(),
            tail: [
                " · ",
                t(if sure == Sure::Likely {
                    Key::SureLikely
                } else {
                    Key::SurePerhaps
                }),
            ]
            .concat(),
            ..Cell::default()
        });
        let more = names.count();
        let name = if more == 0 {
            name
        } else {
            Cell {
                tail: [&name.tail, " ", &with(Key::PlusWaiting, &more.to_string())].concat(),
                ..name
            }
        };
        let mut cells = vec![
            Cell::path(address),
            name,
            Cell::new(protocol.word()),
            number(seen.count),
            routing(facts, &seen),
        ];
        cells.extend(times(model, &seen));
        Row {
            cells,
            title: address.to_owned(),
            ..Row::default()
        }
    })
}

fn host(model: Model, row: u32) -> Row {
    facts(model, |facts| {
        let network = &facts.network;
        let (seen, name) = (network.lookups(row), network.host(row));
        let led_to: Vec<&str> = network.led_to(row).collect();
        let led_to = if seen.is_not_found() {
            Cell {
                class: "not-found",
                ..Cell::new(t(Key::NotFound))
            }
        } else if led_to.is_empty() {
            Cell {
                tail: t(Key::NoConnection).to_owned(),
                ..Cell::default()
            }
        } else {
            Cell::new(led_to.join(", "))
        };
        let mut cells = vec![Cell::new(name), led_to, number(seen.count), routing(facts, &seen)];
        cells.extend(times(model, &seen));
        Row {
            cells,
            title: name.to_owned(),
            class: if seen.is_not_found() { "absent" } else { "" },
            ..Row::default()
        }
    })
}

fn times(model: Model, seen: &Seen) -> [Cell; 2] {
    [time(model, seen.first), time(model, seen.last)]
}

pub(crate) fn view(model: Model) -> AnyView {
    let ground = Ground::new(model);
    let failed = RwSignal::new(false);
    let needle = move || ground.needle.get_untracked();
    let says = move |nothing: Key| {
        t(if ground.needle.read().is_empty() {
            nothing
        } else {
            Key::NoRowMatches
        })
        .to_owned()
    };
    let connected = Table {
        testid: "network-destinations",
        label: Key::Destinations,
        columns: DESTINATIONS,
        sort: Sort {
            column: 3,
            descending: true,
        },
        order: Box::new(move |sort, _| facts(model, |facts| facts.network.sorted_destinations(&needle(), sort))),
        row: Box::new(move |row| destination(model, row)),
        act: Box::new(move |row, _| {
            let name = facts(model, |facts| facts.network.destination(row).to_owned());
            show_events(model, |filter| {
                filter.kinds = Kinds::NONE.with(Kind::Connect);
                filter.terms = vec![Term::of_name(&name, false)];
            });
        }),
        empty: Box::new(move || says(Key::DestinationsEmpty)),
    };
    let asked = Table {
        testid: "network-names",
        label: Key::Lookups,
        columns: HOSTS,
        sort: Sort {
            column: 2,
            descending: true,
        },
        order: Box::new(move |sort, _| {
            facts(model, |facts| {
                let mut rows = facts.network.sorted_hosts(&needle(), sort);
                if failed.get_untracked() {
                    rows.retain(|row| facts.network.lookups(*row).is_not_found());
                }
                rows
            })
        }),
        row: Box::new(move |row| host(model, row)),
        act: Box::new(move |row, _| {
            let name = facts(model, |facts| facts.network.host(row).to_owned());
            show_events(model, |filter| {
                filter.kinds = Kinds::NONE.with(Kind::Dns);
                filter.terms = vec![Term::of_name(&name, false)];
            });
        }),
        empty: Box::new(move || {
            if failed.get() {
                t(Key::NoRowMatches).to_owned()
            } else {
                says(Key::LookupsEmpty)
            }
        }),
    };
    let label = move || {
        model.sessions.track();
        with(
            Key::FailedLookups,
            &grouped(facts(model, |facts| facts.network.failed() as u64)),
        )
    };
    let tools = choice("network-failed", label, failed, ground);
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
