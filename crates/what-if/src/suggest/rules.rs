//! Items of the config's lists that decided nothing, although there were operations of their family.
//!
//! Only where every event of the session was seen, with those that stay local: the absence of a decision is no evidence
//! otherwise.

use std::collections::BTreeSet;

use mirrord_config::Operation;
use mirrord_wire::api::{Evidence, SuggestionKind};
use serde_json::Value;

use super::{Candidate, View};
use crate::change;
use crate::events::Named;

/// List of the config: its path, its family, the operations from which on it is judged, and whether it may become empty.
struct List {
    path: &'static str,
    family: fn(&Named) -> bool,
    query: &'static str,
    at_least: u64,
    may_be_empty: bool,
}

const fn files(path: &'static str) -> List {
    List {
        path,
        family: |own| own.kind == "FileOp",
        query: "type:file",
        at_least: 20,
        may_be_empty: true,
    }
}

const fn addresses(path: &'static str) -> List {
    List {
        path,
        family: |own| matches!(own.decided, Operation::Connect { .. } | Operation::Lookup { .. }),
        query: "type:connect,dns",
        at_least: 3,
        // An empty filter is an error.
        may_be_empty: false,
    }
}

const fn ports(path: &'static str, may_be_empty: bool) -> List {
    List {
        path,
        family: |own| matches!(own.decided, Operation::Listen { .. }),
        query: "type:port",
        at_least: 1,
        may_be_empty,
    }
}

const LISTS: [List; 11] = [
    files("feature.fs.not_found"),
    files("feature.fs.read_write"),
    files("feature.fs.read_only"),
    files("feature.fs.local"),
    addresses("feature.network.outgoing.filter.local"),
    addresses("feature.network.outgoing.filter.remote"),
    List {
        family: |own| matches!(own.decided, Operation::Lookup { .. }),
        query: "type:dns",
        ..addresses("feature.network.dns.filter.local")
    },
    List {
        family: |own| matches!(own.decided, Operation::Lookup { .. }),
        query: "type:dns",
        ..addresses("feature.network.dns.filter.remote")
    },
    List {
        family: |own| matches!(own.decided, Operation::ConnectUnix { .. }),
        query: "type:connect",
        at_least: 1,
        may_be_empty: true,
        path: "feature.network.outgoing.unix_streams",
    },
    ports("feature.network.incoming.ports", false),
    ports("feature.network.incoming.ignore_ports", true),
];

/// Items that decided nothing, list by list.
pub(super) fn unused(view: &View<'_>) -> Vec<Candidate> {
    if !view.sight.has_local || view.sight.unseen > 0 {
        return Vec::new();
    }
    let sides = view.decided.iter().flat_map(|one| [one.side, one.base]);
    let used: BTreeSet<&str> = sides.map(|side| side.rule.as_str()).collect();
    LISTS.iter().filter_map(|list| unused_of(view, list, &used)).collect()
}

/// Names that were looked up.
fn looked_up<'a>(view: &View<'a>) -> BTreeSet<&'a str> {
    let names = view.decided.iter().map(|one| match &one.own.decided {
        Operation::Lookup { name, .. } => name.as_deref(),
        _ => None,
    });
    names.flatten().collect()
}

/// Host of an entry of a filter: `tcp://db:5432` has `db`.
fn host(entry: &str) -> &str {
    let address = entry.rsplit_once("://").map_or(entry, |(_, address)| address);
    address.split_once(':').map_or(address, |(host, _)| host)
}

fn unused_of(view: &View<'_>, list: &List, used: &BTreeSet<&str>) -> Option<Candidate> {
    let family = view.decided.iter().filter(|one| (list.family)(one.own));
    let of: u64 = family.map(|one| one.times).sum();
    // The list itself as a rule: one of its entries may have decided, which one depends on facts that are missing.
    if of < list.at_least || used.contains(list.path) {
        return None;
    }
    let items = change::items(view.config, list.path);
    let looked_up = looked_up(view);
    let (mut rest, mut unused) = (Vec::new(), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        // A connection to a name follows its look-up, and may not have come only because that failed here.
        let is_asked_for = item.as_str().is_some_and(|text| looked_up.contains(host(text)));
        if is_asked_for || used.contains(format!("{}[{index}]", list.path).as_str()) {
            rest.push(item);
        } else {
            unused.push(item);
        }
    }
    if unused.is_empty() || (rest.is_empty() && !list.may_be_empty) {
        return None;
    }
    let rest = if rest.is_empty() {
        Value::Null
    } else {
        Value::Array(rest)
    };
    let in_words = |item: &Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    Some(Candidate {
        kind: SuggestionKind::UnusedRule,
        subjects: unused.iter().map(in_words).collect(),
        detail: list.path.to_owned(),
        evidence: Evidence {
            times: 0,
            of,
            failed: 0,
            query: list.query.to_owned(),
        },
        change: change::set(view.config, list.path, rest),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_that_decides_is_judged() {
        assert_eq!(LISTS.map(|list| list.path), crate::lists::DECIDING);
    }
}
