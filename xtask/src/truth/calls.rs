//! Calls of a run as a multiset, and the comparison of two runs.

use std::collections::BTreeMap;

/// Wrong outcomes that are named on stderr, of one program.
const MAX_NAMED: usize = 20;

/// Calls by operation and path or address, with the number of each outcome.
#[derive(Default)]
pub(super) struct Calls(BTreeMap<(String, String), BTreeMap<Option<String>, u64>>);

impl Calls {
    /// Adds a call. An outcome that is not known, or that is none of those that events have, is `None`.
    pub(super) fn add(&mut self, operation: &str, path: &str, outcome: Option<&str>) {
        let key = (operation.to_owned(), without_numbers(path));
        let outcomes = self.0.entry(key).or_default();
        *outcomes.entry(outcome.map(str::to_owned)).or_default() += 1;
    }

    /// Compares what was observed with the truth.
    pub(super) fn compare(truth: &Self, observed: &Self) -> Comparison {
        let count = |calls: &Self| calls.0.values().flat_map(BTreeMap::values).sum();
        let mut compared = Comparison {
            truth: count(truth),
            observed: count(observed),
            ..Comparison::default()
        };
        for (key, outcomes) in &observed.0 {
            let Some(expected) = truth.0.get(key) else { continue };
            let sum = |outcomes: &BTreeMap<Option<String>, u64>| outcomes.values().sum::<u64>();
            compared.both += sum(outcomes).min(sum(expected));
            compared.judge(key, outcomes, expected);
        }
        compared
    }
}

/// A path without the numbers of processes and the names of temporary files, which differ from run to run.
fn without_numbers(path: &str) -> String {
    let names = path.split('/').enumerate().map(|(place, name)| {
        let is_process = place == 2 && path.starts_with("/proc/") && name.bytes().all(|byte| byte.is_ascii_digit());
        let is_temporary = place == 2 && path.starts_with("/tmp/cc");
        match name {
            _ if is_process => "N".to_owned(),
            name if is_temporary => format!("cc{}", name.get(8..).unwrap_or_default()),
            name => name.to_owned(),
        }
    });
    names.collect::<Vec<_>>().join("/")
}

/// Result of a comparison.
#[derive(Default)]
pub(super) struct Comparison {
    truth: u64,
    observed: u64,
    both: u64,
    /// Outcomes of paths that were known, and those of them that are wrong.
    paths: (u64, u64),
    connections: (u64, u64),
    /// Calls that strace has an outcome of, and events have none.
    unknown: u64,
    /// Calls that strace has an outcome of.
    known_to_strace: u64,
    wrong: Vec<String>,
}

impl Comparison {
    pub(super) const HEAD: [&'static str; 7] = [
        "program",
        "calls",
        "recall",
        "precision",
        "outcomes known",
        "`ok`, `not_found`, `denied` right",
        "`connected`, `failed` right",
    ];

    fn judge(
        &mut self,
        key: &(String, String),
        observed: &BTreeMap<Option<String>, u64>,
        expected: &BTreeMap<Option<String>, u64>,
    ) {
        let has_outcome = |(outcome, count): (&Option<String>, &u64)| outcome.is_some().then_some(*count);
        let by_strace: u64 = expected.iter().filter_map(has_outcome).sum();
        let known: u64 = observed.iter().filter_map(has_outcome).sum();
        self.known_to_strace += by_strace;
        self.unknown += by_strace.saturating_sub(known);
        for (outcome, count) in observed {
            let Some(outcome) = outcome else { continue };
            // Pending is no claim, and where strace has no more there is nothing to compare with.
            if outcome == "pending" || expected.contains_key(&Some("pending".to_owned())) {
                continue;
            }
            // A call that one run has more of, as a retry, is right where it had that outcome at all.
            let right = expected.get(&Some(outcome.clone())).copied().unwrap_or(0);
            let differ = expected.values().sum::<u64>() != observed.values().sum::<u64>();
            let wrong = if right > 0 && differ {
                0
            } else {
                count.saturating_sub(right)
            };
            let into = if key.0 == "connect" {
                &mut self.connections
            } else {
                &mut self.paths
            };
            into.0 += count;
            into.1 += wrong;
            if wrong > 0 {
                self.wrong.push(format!(
                    "{wrong} × {} {}: {outcome} in place of {expected:?}",
                    key.0, key.1
                ));
            }
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.truth += other.truth;
        self.observed += other.observed;
        self.both += other.both;
        self.unknown += other.unknown;
        self.known_to_strace += other.known_to_strace;
        for (own, other) in [
            (&mut self.paths, other.paths),
            (&mut self.connections, other.connections),
        ] {
            own.0 += other.0;
            own.1 += other.1;
        }
    }

    pub(super) fn row(&self, name: &str) -> [String; 7] {
        let right = |(all, wrong): (u64, u64)| share(all - wrong, all);
        [
            name.to_owned(),
            self.truth.to_string(),
            share(self.both, self.truth),
            share(self.both, self.observed),
            share(self.known_to_strace - self.unknown, self.known_to_strace),
            right(self.paths),
            right(self.connections),
        ]
    }

    /// Names outcomes that are wrong.
    pub(super) fn report_wrong(&self) {
        for wrong in self.wrong.iter().take(MAX_NAMED) {
            eprintln!("  wrong: {wrong}");
        }
    }
}

/// A share in per cent, rounded down, so that 100 is all.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = part * 1_000 / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_counted() {
        let (mut truth, mut observed) = (Calls::default(), Calls::default());
        truth.add("open", "/a", Some("ok"));
        truth.add("open", "/b", Some("not_found"));
        truth.add("stat", "/proc/12/x", Some("ok"));
        observed.add("open", "/a", Some("not_found"));
        observed.add("stat", "/proc/77/x", None);
        let compared = Calls::compare(&truth, &observed);
        assert_eq!((compared.truth, compared.observed, compared.both), (3, 2, 2));
        assert_eq!((compared.paths, compared.unknown), ((1, 1), 1));
        assert_eq!(compared.row("x")[2], "66.6 %");
    }
}
