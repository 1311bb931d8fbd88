//! Attempts to execute a program that wait for the start of their process.
//!
//! A fork that executes a program is reported as that program, and its start is known only afterwards. Its attempts are
//! kept until then. Where all of them fail, it is reported as the fork that it is. Of the root's, which are our own
//! search along `PATH`, the last alone is reported: its start may be found while attempts of the search are still queued, so
//! that the search ends with the attempt that found the program, or with any other call.

use std::collections::HashMap;

use mirrord_wire::{Observation, Outcome};

use super::process::Start;

/// Attempts that are kept of one process; a longer `PATH` has the latest.
const MAX_ATTEMPTS: usize = 64;

pub(crate) struct ExecAttempts {
    kept: HashMap<u32, Attempts>,
    /// The root has yet to find its program.
    root_searches: bool,
}

#[derive(Default)]
struct Attempts {
    observations: Vec<Observation>,
    /// The process as it was before.
    fork: Option<Start>,
}

impl ExecAttempts {
    pub(crate) fn new() -> Self {
        Self {
            kept: HashMap::new(),
            root_searches: true,
        }
    }

    /// Reports a process whose attempts are kept.
    pub(crate) fn keeps(&self, is_root: bool, is_introduced: bool) -> bool {
        !is_introduced || (is_root && self.root_searches)
    }

    /// Keeps an attempt; returns what is to be emitted now.
    pub(crate) fn keep(
        &mut self,
        pid: u32,
        observation: Observation,
        is_root: bool,
        is_introduced: bool,
    ) -> Vec<Observation> {
        let is_found = observation.outcome == Some(Outcome::Ok);
        let kept = &mut self.kept.entry(pid).or_default().observations;
        if is_root {
            kept.clear();
        } else if kept.len() == MAX_ATTEMPTS {
            kept.remove(0);
        }
        kept.push(observation);
        if is_root && is_introduced && is_found {
            return self.end_search(pid);
        }
        Vec::new()
    }

    /// Notes the process as it was before an attempt.
    pub(crate) fn set_fork(&mut self, pid: u32, fork: impl FnOnce() -> Option<Start>) {
        if let Some(attempts) = self.kept.get_mut(&pid)
            && attempts.fork.is_none()
        {
            attempts.fork = fork();
        }
    }

    /// Returns the attempts to be emitted behind the start of their process.
    pub(crate) fn started(&mut self, pid: u32, is_root: bool) -> Vec<Observation> {
        let last = self.kept.get(&pid).and_then(|attempts| attempts.observations.last());
        let is_found = last.is_some_and(|last| last.outcome == Some(Outcome::Ok));
        match (is_root && self.root_searches, is_found) {
            (true, false) => Vec::new(),
            (true, true) => self.end_search(pid),
            (false, _) => self.take(pid),
        }
    }

    /// The root makes another call, or ends: returns the last attempt of its search, where that goes on.
    pub(crate) fn end_search(&mut self, root: u32) -> Vec<Observation> {
        if !std::mem::take(&mut self.root_searches) {
            return Vec::new();
        }
        self.take(root)
    }

    /// Reports a root that has yet to find its program.
    pub(crate) fn root_searches(&self) -> bool {
        self.root_searches
    }

    /// Drops the attempts of a process, and returns them.
    pub(crate) fn take(&mut self, pid: u32) -> Vec<Observation> {
        self.kept
            .remove(&pid)
            .map(|attempts| attempts.observations)
            .unwrap_or_default()
    }

    /// The start of a process that has ended with nothing but attempts.
    pub(crate) fn fork(&self, pid: u32) -> Option<Start> {
        self.kept.get(&pid)?.fork.clone()
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::MonitorEvent;

    use super::*;

    fn attempt(path: &str, outcome: Option<Outcome>) -> Observation {
        let event = MonitorEvent::FileOp {
            path: Some(path.to_owned()),
            operation: "exec".into(),
        };
        Observation {
            outcome,
            ..event.into()
        }
    }

    fn paths(observations: &[Observation]) -> Vec<&str> {
        let mut paths = Vec::new();
        for own in observations {
            if let MonitorEvent::FileOp { path: Some(path), .. } = &own.event {
                paths.push(path.as_str());
            }
        }
        paths
    }

    #[test]
    fn of_the_root_s_search_the_last_attempt_is_reported_wherever_its_start_comes() {
        let (missing, found) = (Some(Outcome::NotFound), Some(Outcome::Ok));
        // The start comes behind the search, or in its midst.
        let mut own = ExecAttempts::new();
        assert!(own.keep(1, attempt("/a", missing), true, false).is_empty());
        assert!(own.keep(1, attempt("/bin", found), true, false).is_empty());
        assert_eq!(paths(&own.started(1, true)), ["/bin"]);
        let mut own = ExecAttempts::new();
        assert!(own.keep(1, attempt("/a", missing), true, false).is_empty());
        assert!(own.started(1, true).is_empty() && own.keeps(true, true));
        assert!(own.keep(1, attempt("/a", missing), true, true).is_empty());
        assert_eq!(paths(&own.keep(1, attempt("/bin", found), true, true)), ["/bin"]);
        assert!(!own.keeps(true, true) && own.end_search(1).is_empty());
        // No outcome is known.
        let mut own = ExecAttempts::new();
        assert!(own.keep(1, attempt("/a", None), true, false).is_empty());
        assert!(own.started(1, true).is_empty());
        assert!(own.keep(1, attempt("/bin", None), true, true).is_empty());
        assert_eq!(paths(&own.end_search(1)), ["/bin"]);
    }

    #[test]
    fn of_another_process_every_attempt_is_reported_behind_its_start() {
        let mut own = ExecAttempts::new();
        for path in ["/a", "/bin"] {
            assert!(own.keep(2, attempt(path, None), false, false).is_empty());
        }
        assert_eq!(paths(&own.started(2, false)), ["/a", "/bin"]);
        assert!(!own.keeps(false, true) && own.keeps(true, true));
    }
}
