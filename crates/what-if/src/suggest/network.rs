//! Destinations that no entry of the filter covers, and ports at which nothing arrived.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use mirrord_config::{Operation, Transport};
use mirrord_wire::api::{Evidence, SuggestionKind};
use serde_json::{Value, json};

use super::{Candidate, View, quoted};
use crate::change;

/// Time for which a port listens before nothing arrived there, microseconds.
const LISTENS_FOR: u64 = 30_000_000;
const FILTER: &str = "feature.network.outgoing.filter";

/// Destinations that are in no entry of `feature.network.outgoing.filter`.
pub(super) fn uncovered(view: &View<'_>) -> Vec<Candidate> {
    let mut destinations: BTreeMap<(String, SocketAddr, &str), (u64, u64)> = BTreeMap::new();
    for one in &view.decided {
        let Operation::Connect { transport, address } = &one.own.decided else {
            continue;
        };
        let list = one
            .side
            .rule
            .strip_suffix(" (no match)")
            .filter(|list| list.starts_with(FILTER));
        let is_here = address.ip().is_loopback() || address.ip().is_unspecified();
        if let Some(list) = list.filter(|_| !is_here) {
            let protocol = if *transport == Transport::Udp { "udp" } else { "tcp" };
            let own = destinations.entry((list.to_owned(), *address, protocol)).or_default();
            own.0 += one.times;
            // Another process's decision of the same destination shares the outcomes.
            own.1 += one.seen.failed.min(one.times);
        }
    }
    let all = destinations.into_iter();
    all.map(|((list, address, protocol), (times, failed))| Candidate {
        kind: SuggestionKind::UncoveredDestination,
        evidence: Evidence {
            times,
            of: view.count("OutgoingConnection"),
            failed,
            query: format!(
                "type:connect host:={} port:{}",
                quoted(&address.ip().to_string()),
                address.port()
            ),
        },
        change: change::append(view.config, &list, [json!(format!("{protocol}://{address}"))]),
        subjects: vec![address.to_string()],
        detail: list,
    })
    .collect()
}

/// Ports that are subscribed, and at which nothing arrived.
pub(super) fn unused_ports(view: &View<'_>) -> Vec<Candidate> {
    const IGNORED: &str = "feature.network.incoming.ignore_ports";
    let mut ports: BTreeMap<u16, u64> = BTreeMap::new();
    for one in &view.decided {
        let Operation::Listen { address } = &one.own.decided else {
            continue;
        };
        let seen = view.seen.ports.get(&address.port());
        let is_unused = seen.is_some_and(|own| {
            let is_long = view
                .sight
                .now
                .is_none_or(|now| now.saturating_sub(own.since) >= LISTENS_FOR);
            own.arrivals == Some(0) && !own.is_unknown && is_long
        });
        if is_unused && one.side.routing == "remote" {
            *ports.entry(address.port()).or_default() += one.times;
        }
    }
    let of = view.count("PortSubscription");
    let candidate = |(port, times): (u16, u64)| Candidate {
        kind: SuggestionKind::UnusedPort,
        subjects: vec![port.to_string()],
        detail: IGNORED.to_owned(),
        evidence: Evidence {
            times,
            of,
            failed: 0,
            query: format!("type:port port:{port}"),
        },
        change: change::append(view.config, IGNORED, [Value::from(port)]),
    };
    ports.into_iter().map(candidate).collect()
}
