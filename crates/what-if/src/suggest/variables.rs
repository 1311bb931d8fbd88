//! Variables that the config excludes and whose local value the program used.
//!
//! That a variable is read is nothing that a system call shows. What shows it is a look-up of, or a connection to, the host
//! that its value names; without that, nothing is suggested.

use std::collections::BTreeMap;

use mirrord_config::Operation;
use mirrord_wire::api::{Evidence, SuggestionKind};
use serde_json::{Value, json};

use super::{Candidate, View, quoted};
use crate::change;

const INCLUDE: &str = "feature.env.include";
const EXCLUDE: &str = "feature.env.exclude";
/// Shortest host that is looked for in values: shorter ones are in many.
const MIN_HOST: usize = 2;

/// Excluded variables whose value names a host that was reached for.
pub(super) fn excluded(view: &View<'_>) -> Vec<Candidate> {
    let hosts = hosts(view);
    let all = view.decided.iter().filter_map(|one| {
        let Operation::Env { name } = &one.own.decided else {
            return None;
        };
        let change = change(view, &one.base.rule, name)?;
        let value = view.seen.variables.get(name).filter(|value| !value.is_empty())?;
        let (host, times) = hosts.iter().find(|(host, _)| names_host(value, host))?;
        let (list, change) = change;
        Some(Candidate {
            kind: SuggestionKind::ExcludedVariable,
            subjects: vec![name.clone()],
            detail: (*host).clone(),
            evidence: Evidence {
                times: *times,
                of: view.count("DnsQuery") + view.count("OutgoingConnection"),
                failed: 0,
                query: format!("host:={}", quoted(host)),
            },
            change: change.filter(|_| !list.is_empty()),
        })
    });
    all.collect()
}

/// Hosts that were looked up or connected to, with their number of times.
fn hosts(view: &View<'_>) -> BTreeMap<String, u64> {
    let mut hosts = BTreeMap::new();
    for one in &view.decided {
        let host = match &one.own.decided {
            Operation::Lookup { name: Some(name), .. } => name.clone(),
            Operation::Connect { address, .. } if !address.ip().is_loopback() => address.ip().to_string(),
            _ => continue,
        };
        if host.len() >= MIN_HOST && host != "localhost" {
            *hosts.entry(host).or_default() += one.times;
        }
    }
    hosts
}

/// Reports a value that is a host, or has it as the host of an address or a URL: `db`, `db:5432`, `pg://u@db/x`.
fn names_host(value: &str, host: &str) -> bool {
    value.match_indices(host).any(|(start, found)| {
        let before = value.get(..start).unwrap_or_default();
        let after = value.get(start + found.len()..).unwrap_or_default();
        let starts = before.is_empty() || before.ends_with("://") || before.ends_with('@') || before.ends_with(',');
        let ends = after.is_empty() || after.starts_with([':', '/', ',', '?']);
        starts && ends
    })
}

/// Change that brings the target's value, by the rule that keeps it away.
fn change(view: &View<'_>, rule: &str, name: &str) -> Option<(&'static str, Option<Value>)> {
    if rule == "feature.env.include (no match)" {
        return Some((INCLUDE, change::append(view.config, INCLUDE, [json!(name)])));
    }
    let index = rule.strip_prefix("feature.env.exclude[")?.strip_suffix(']')?;
    let index: usize = index.parse().ok()?;
    let mut items = change::items(view.config, EXCLUDE);
    // A text of several selectors, `A;B`, has indices of its own.
    let is_plain = items
        .iter()
        .all(|item| item.as_str().is_some_and(|text| !text.contains(';')));
    if !is_plain || index >= items.len() {
        return None;
    }
    items.remove(index);
    let rest = if items.is_empty() {
        Value::Null
    } else {
        Value::Array(items)
    };
    Some((EXCLUDE, change::set(view.config, EXCLUDE, rest)))
}
