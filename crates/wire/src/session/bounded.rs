//! Bounded deserialization of the lists in a session's state: a peer that sends more than a list holds is not kept whole.
//!
//! What is beyond a bound is read and dropped. Counts of kinds beyond the bound are added up under [`OTHER`], as
//! [`Counters`](super::state::Counters) itself does. `null` is an empty list, as in `lenient`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::info::PortSubscription;
use super::state::{MAX_KINDS, MAX_PORTS, MAX_PROCESSES, MAX_REASONS, OTHER, Process};
use super::top::{Count, Top};
use crate::lenient::Strict;

/// The longest name of a kind that is kept, in bytes; a longer one is counted under [`OTHER`].
const MAX_KIND_BYTES: usize = 256;

/// Reads at most [`MAX_PROCESSES`] processes.
pub(super) fn processes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Process>, D::Error> {
    deserializer.deserialize_any(AtMost::<Process>(MAX_PROCESSES, PhantomData))
}

/// Reads at most [`MAX_PORTS`] ports.
pub(super) fn ports<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PortSubscription>, D::Error> {
    deserializer.deserialize_any(AtMost::<PortSubscription>(MAX_PORTS, PhantomData))
}

/// Reads at most twice [`Top::KEPT`] names: [`Top`] bounds them again, in bytes as well.
pub(super) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Count>, D::Error> {
    deserializer.deserialize_any(AtMost::<Count>(2 * Top::KEPT, PhantomData))
}

/// Reads at most [`MAX_REASONS`] reasons.
pub(super) fn reasons<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(AtMost::<String>(MAX_REASONS, PhantomData))
}

/// Reads counts by name, of at most [`MAX_KINDS`] names and [`OTHER`].
pub(super) fn counts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, u64>, D::Error> {
    deserializer.deserialize_any(Counts)
}

/// Sequence visitor that keeps the first items and skips the rest.
struct AtMost<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < self.0 {
            match items.next_element()? {
                Some(Strict(item)) => kept.push(item),
                None => return Ok(kept),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept)
    }
}

struct Counts;

impl<'de> Visitor<'de> for Counts {
    type Value = BTreeMap<String, u64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("numbers by name")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut kept: BTreeMap<String, u64> = BTreeMap::new();
        while let Some((mut name, count)) = entries.next_entry::<String, u64>()? {
            let is_full = kept.len() >= MAX_KINDS && !kept.contains_key(&name);
            if name != OTHER && (is_full || name.len() > MAX_KIND_BYTES) {
                OTHER.clone_into(&mut name);
            }
            let own = kept.entry(name).or_default();
            *own = own.saturating_add(count);
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::session::SessionState;

    #[test]
    fn a_state_beyond_every_bound_is_read_and_kept_within_them() {
        let many: Vec<_> = (0..5_000).map(|pid| json!({"pid": pid, "process_name": "p"})).collect();
        let ports: Vec<_> = (0..5_000).map(|port| json!({"port": port, "mode": "steal"})).collect();
        let mut kinds: serde_json::Map<_, _> = (0..5_000).map(|kind| (format!("kind{kind}"), json!(1))).collect();
        kinds.insert("k".repeat(100_000), json!(1));
        let state: SessionState = serde_json::from_value(json!({
            "seq": 9, "processes": many, "port_subscriptions": ports,
            "counters": {"total": 5_001, "by_type": kinds},
        }))
        .unwrap();
        assert_eq!(
            (state.processes.len(), state.port_subscriptions.len()),
            (MAX_PROCESSES, MAX_PORTS)
        );
        let by_type = &state.counters.by_type;
        assert!(by_type.len() <= MAX_KINDS + 1, "{}", by_type.len());
        assert_eq!(by_type.values().sum::<u64>(), 5_001);
        assert!(by_type.keys().all(|name| name.len() <= MAX_KIND_BYTES));
    }
}
