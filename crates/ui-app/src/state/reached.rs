//! Connections to each destination, summed: how many are open, their bytes, and how long the last one lasted; and the order of
//! the destinations by any of it.

use std::collections::BTreeMap;

use mirrord_wire::Direction;
use mirrord_wire::session::{Connection, SocketTable};

use super::aggregates::Aggregates;
use super::network::Protocol;
use super::table::{By, Sort, sort, sort_seen};

/// Sum of the connections to a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// Number of connections that are open.
    pub open: u64,
    /// Bytes in and out, where they are known: at least so many.
    pub bytes: [Option<u64>; 2],
    /// Begin of the last connection whose begin is known, microseconds since the Unix epoch, and its end where it has one.
    last: Option<(u64, Option<u64>)>,
}

impl Reached {
    fn add(&mut self, own: &Connection) {
        let sum = |sum: Option<u64>, more: Option<u64>| more.map(|more| sum.unwrap_or(0).saturating_add(more)).or(sum);
        let [bytes_in, bytes_out] = self.bytes;
        self.bytes = [sum(bytes_in, own.bytes_in), sum(bytes_out, own.bytes_out)];
        self.open += u64::from(own.closed_ts.is_none());
        let began = own.opened_ts.map(|opened| (opened, own.closed_ts));
        self.last = self.last.max(began);
    }

    /// Duration of the last connection as of `now`, microseconds, and whether it is still open.
    #[must_use]
    pub fn lasted(&self, now: u64) -> Option<(u64, bool)> {
        let (opened, closed) = self.last?;
        Some((closed.unwrap_or(now).saturating_sub(opened), closed.is_none()))
    }

    /// Bytes of both directions.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.bytes.into_iter().flatten().fold(0, u64::saturating_add)
    }
}

/// Sums the connections that the session made, by their destination.
#[must_use]
pub fn by_destination(sockets: &SocketTable) -> BTreeMap<&str, Reached> {
    let mut all: BTreeMap<&str, Reached> = BTreeMap::new();
    for own in outgoing(sockets) {
        all.entry(own.remote.as_str()).or_default().add(own);
    }
    all
}

/// Sum of the connections to one destination; `None` where none was seen.
#[must_use]
pub fn reached(sockets: &SocketTable, destination: &str) -> Option<Reached> {
    let mut own: Option<Reached> = None;
    for connection in outgoing(sockets).filter(|own| own.remote == destination) {
        own.get_or_insert_default().add(connection);
    }
    own
}

/// Puts the destinations in order, Unix sockets alone or all but those. Columns: destination, outcome, connections, bytes,
/// duration, routing, first, last; of Unix sockets path, outcome, connections, process, first, last.
#[must_use]
pub fn sorted_destinations(aggregates: &Aggregates, needle: &str, is_unix: bool, by: Sort) -> Vec<u32> {
    let network = &aggregates.network;
    let mut rows = network.found_destinations(needle);
    let own = |row: u32| network.connections(row);
    rows.retain(|row| (own(*row).1 == Protocol::Unix) == is_unix);
    let name = |row: u32| {
        let named = network.names_of(row).next().map(|(name, _)| name);
        named.unwrap_or_else(|| network.destination(row))
    };
    let sums = by_destination(&aggregates.sockets);
    let sum = |row: u32| sums.get(network.destination(row)).copied().unwrap_or_default();
    let number: &dyn Fn(u32) -> u64 = match by.column {
        0 => {
            sort(&mut rows, &By::Text(&name), by.descending);
            return rows;
        }
        1 => &|row| own(row).0.outcome_key(),
        3 if is_unix => &|row| own(row).0.pid().unwrap_or(0).into(),
        3 => &|row| sum(row).total(),
        // Of those that are open, the one that began first.
        4 if !is_unix => &|row| sum(row).lasted(u64::MAX).map_or(0, |(micros, _)| micros),
        // Behind the count: routing, first, last; a Unix socket has no routing here.
        column => {
            let of_seen = match column {
                2 => 0,
                column if is_unix => column - 2,
                column => column - 4,
            };
            sort_seen(&mut rows, of_seen, &|row| own(row).0, by.descending);
            return rows;
        }
    };
    sort(&mut rows, &By::Number(number), by.descending);
    rows
}

fn outgoing(sockets: &SocketTable) -> impl Iterator<Item = &Connection> {
    let connections = sockets.connections.items.iter();
    connections.filter(|own| own.direction == Direction::Out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(remote: &str, opened_ts: u64, closed_ts: Option<u64>, bytes_in: Option<u64>) -> Connection {
        Connection {
            direction: Direction::Out,
            remote: remote.into(),
            opened_ts: Some(opened_ts),
            closed_ts,
            bytes_in,
            ..Connection::default()
        }
    }

    #[test]
    fn connections_are_summed_by_their_destination() {
        let mut sockets = SocketTable::default();
        let arrival = Connection {
            direction: Direction::In,
            ..connection("a:1", 1, None, Some(1_000))
        };
        let unknown = Connection {
            opened_ts: None,
            ..connection("a:1", 0, None, None)
        };
        sockets.connections.items = vec![
            connection("a:1", 10, Some(15), Some(3)),
            connection("a:1", 20, None, Some(4)),
            arrival,
            unknown,
            connection("b:2", 30, Some(37), None),
        ];
        let all = by_destination(&sockets);
        let (a, b) = (all["a:1"], all["b:2"]);
        assert_eq!((a.open, a.bytes, a.total()), (2, [Some(7), None], 7));
        assert_eq!((a.lasted(50), b.lasted(50)), (Some((30, true)), Some((7, false))));
        assert_eq!((reached(&sockets, "a:1"), reached(&sockets, "c:3")), (Some(a), None));
        let only = Reached::default();
        assert_eq!((only.lasted(9), only.total()), (None, 0), "what is not known is not 0");
    }

    #[test]
    fn destinations_are_sorted_by_what_came_of_them_and_unix_sockets_apart() {
        let mut own = Aggregates::default();
        let mark = |ts| crate::state::table::Mark {
            ts,
            ..Default::default()
        };
        own.network.asked("zoo", mark(1));
        own.network.connected("10.0.0.1", 1, Some("tcp"), mark(2));
        own.network.connected("10.0.0.2", 2, Some("tcp"), mark(3));
        own.network.connected("10.0.0.2", 2, Some("tcp"), mark(4));
        own.network.connected("<UNIX-PATH> /run/x", 0, Some("unix"), mark(5));
        own.sockets.connections.items = vec![
            connection("10.0.0.1:1", 10, Some(20), Some(5)),
            connection("10.0.0.2:2", 10, Some(11), Some(9)),
        ];
        let order = |column, is_unix| sorted_destinations(&own, "", is_unix, Sort::down(column));
        assert_eq!(order(0, false), [0, 1], "by the name, where one is known");
        assert_eq!(
            (order(2, false), order(3, false), order(4, false)),
            (vec![1, 0], vec![1, 0], vec![0, 1])
        );
        assert_eq!(order(7, false), [1, 0]);
        assert_eq!((order(5, true), own.network.unix_sockets()), (vec![2], 1));
        assert_eq!(own.network.wire_name(2), "<UNIX-PATH> /run/x");
    }
}
