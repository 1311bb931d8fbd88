//! Sockets that listen, bound UDP sockets and ports that could not be had, as rows of a table: their order, and what is
//! remarkable about each in words.

use mirrord_wire::session::{BIND_FAILED, Listener};

use super::aggregates::Aggregates;
use super::filter::contains;
use super::judgement::{Judgement, maybe, number};
use super::table::{By, Sort, sort};
use crate::format::time::MICROS as SECOND;
use crate::i18n::{Key, t, with};

/// Time without an arrival from which it is said, microseconds.
const IDLE_AFTER: u64 = 60 * SECOND;

/// A listener.
#[must_use]
pub fn listener(aggregates: &Aggregates, row: u32) -> Option<&Listener> {
    aggregates.sockets.listeners.items.get(row as usize)
}

/// Reports a port that could not be had.
#[must_use]
pub fn is_failed(own: &Listener) -> bool {
    own.note.as_deref() == Some(BIND_FAILED)
}

/// Reports a socket that listened, and does so no more.
fn is_over(own: &Listener) -> bool {
    own.closed_ts.is_some() && !is_failed(own)
}

/// Puts the listeners in order. Columns: address, process, remark, arrivals, open, last, bytes. By the address those that
/// listen no more are last.
#[must_use]
pub fn sorted(aggregates: &Aggregates, needle: &str, by: Sort) -> Vec<u32> {
    let all = &aggregates.sockets.listeners.items;
    let mut rows: Vec<u32> = (0..).zip(all).map(|(row, _)| row).collect();
    let of = |row: u32| all.get(row as usize);
    rows.retain(|row| {
        let has = |own: &Listener| {
            contains(&listens_on(own), needle) || contains(&aggregates.processes.words(own.pid), needle)
        };
        of(*row).is_some_and(has)
    });
    let number: &dyn Fn(&Listener) -> u64 = match by.column {
        0 => &|own| {
            // A Unix socket has no port, and comes behind those that have one.
            let port = if own.port == 0 { 1 << 16 } else { u64::from(own.port) };
            port + (u64::from(is_over(own)) << 32)
        },
        1 => &|own| own.pid.unwrap_or(0).into(),
        2 => &|own| u64::from(is_failed(own)) * 2 + u64::from(is_over(own)),
        3 => &|own| own.arrivals.map_or(0, |arrivals| arrivals + 1),
        4 => &|own| own.open.map_or(0, |open| open + 1),
        5 => &|own| own.last_ts.unwrap_or(0),
        _ => &|own| own.bytes_in.unwrap_or(0) + own.bytes_out.unwrap_or(0),
    };
    let number = |row: u32| of(row).map_or(0, number);
    sort(&mut rows, &By::Number(&number), by.descending);
    rows
}

/// The process that has the port where it could not be had, in words.
#[must_use]
pub fn held_by(own: &Listener) -> Option<String> {
    let name = own.holder.as_deref().unwrap_or_default();
    let process = [name, " ", &own.holder_pid?.to_string()].concat();
    Some(with(Key::HeldBy, process.trim()))
}

/// Remarks about a listener, in words: that it is on loopback alone, that it could not have its port and which process
/// has it, and since when no connection arrived, as of `now`.
#[must_use]
pub fn remarks(own: &Listener, judgement: &Judgement, now: u64, clock: &dyn Fn(u64) -> String) -> String {
    let since = match (own.last_ts, own.arrivals) {
        _ if own.closed_ts.is_some() => None,
        (Some(last), _) => Some(last),
        // It listens since then, and nothing has come.
        (None, Some(0)) => {
            let mut ports = judgement.list("ports").iter();
            let port = ports.find(|port| number(port, "port") == u64::from(own.port) && own.port != 0);
            port.and_then(|port| maybe(port, "first_ts"))
        }
        (None, _) => None,
    };
    let since = since.filter(|since| now.saturating_sub(*since) > IDLE_AFTER);
    let parts = [
        remark(own),
        held_by(own),
        since.map(|since| with(Key::NoConnectionSince, &clock(since))),
        is_over(own).then(|| t(Key::ListensNoMore).to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Filter that shows the rows of a listener.
#[must_use]
pub fn rows_of(own: &Listener) -> String {
    if own.port == 0 {
        let address = own.address.replace('\\', "\\\\").replace('"', "\\\"");
        return ["\"", &address, "\""].concat();
    }
    ["port:", &own.port.to_string()].concat()
}

/// Address of a socket that listens.
#[must_use]
pub fn listens_on(own: &Listener) -> String {
    match own.address.as_str() {
        "" => [":", &own.port.to_string()].concat(),
        address if own.port == 0 => address.to_owned(),
        address if address.contains(':') => ["[", address, "]:", &own.port.to_string()].concat(),
        address => [address, ":", &own.port.to_string()].concat(),
    }
}

/// Remark on a socket that listens, in words.
#[must_use]
pub fn remark(own: &Listener) -> Option<String> {
    let is_loopback = own.address.starts_with("127.") || own.address == "::1";
    let key = match own.note.as_deref() {
        Some(BIND_FAILED) => Key::NotListening,
        Some("other_network" | "not_permitted") => Key::PortNotWatched,
        Some("ipv6_only") => Key::Ipv6Only,
        _ if is_loopback => Key::LoopbackOnly,
        _ => return None,
    };
    Some(t(key).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(port: u16) -> Listener {
        Listener {
            protocol: "tcp".into(),
            address: "127.0.0.1".into(),
            port,
            arrivals: Some(0),
            ..Listener::default()
        }
    }

    fn clock(ts: u64) -> String {
        format!("@{}", ts / SECOND)
    }

    #[test]
    fn a_listener_says_what_is_remarkable_about_it() {
        let judgement = Judgement::read(r#"{"ports":[{"port":8080,"first_ts":5000000}]}"#).unwrap();
        let said = |own: &Listener, now: u64| remarks(own, &judgement, now * SECOND, &clock);
        assert_eq!(said(&own(8080), 30), "loopback only");
        assert_eq!(said(&own(8080), 99), "loopback only · no connection since @5");
        let reached = Listener {
            last_ts: Some(9 * SECOND),
            arrivals: Some(2),
            address: "0.0.0.0".into(),
            ..own(8080)
        };
        assert_eq!(
            (said(&reached, 30).as_str(), said(&reached, 99).as_str()),
            ("", "no connection since @9")
        );
        let unknown = Listener {
            arrivals: None,
            ..own(9)
        };
        assert_eq!(said(&unknown, 999), "loopback only", "what is not known is not said");
        let failed = Listener {
            note: Some(BIND_FAILED.into()),
            closed_ts: Some(1),
            holder: Some("postgres".into()),
            holder_pid: Some(812),
            ..own(5432)
        };
        assert_eq!(said(&failed, 999), "could not be listened on · held by postgres 812");
        let over = Listener {
            closed_ts: Some(1),
            ..own(80)
        };
        assert_eq!(said(&over, 999), "loopback only · listens no more");
    }

    #[test]
    fn listeners_are_sorted_and_those_that_are_over_come_last() {
        let mut all = Aggregates::default();
        let over = Listener {
            closed_ts: Some(1),
            ..own(80)
        };
        let unix = Listener {
            protocol: "unix".into(),
            address: "<UNIX-PATH> /run/x".into(),
            arrivals: Some(3),
            ..own(0)
        };
        all.sockets.listeners.items = vec![over, unix, own(8080), own(443)];
        assert_eq!(sorted(&all, "", Sort::up(0)), [3, 2, 1, 0]);
        assert_eq!(sorted(&all, "", Sort::down(3))[0], 1);
        assert_eq!(sorted(&all, "/run", Sort::up(0)), [1]);
    }
}
