//! Attempts to execute a program by processes whose start is not emitted yet.
//!
//! A fork that executes a program is reported as that program, and its start is known only afterwards. Its attempts are
//! kept until then. Where all of them fail, it is reported as the fork that it is. Of the root's, which are our own
//! search along `PATH`, the last is kept.

use std::collections::HashMap;

use mirrord_wire::Observation;

use super::process::Start;

/// Attempts that are kept of one process; a longer `PATH` has the latest.
const MAX_ATTEMPTS: usize = 64;

#[derive(Default)]
pub(crate) struct ExecAttempts(HashMap<u32, Attempts>);

#[derive(Default)]
struct Attempts {
    observations: Vec<Observation>,
    /// The process as it was before.
    fork: Option<Start>,
}

impl ExecAttempts {
    pub(crate) fn keep(&mut self, pid: u32, observation: Observation, is_root: bool) {
        let kept = &mut self.0.entry(pid).or_default().observations;
        if is_root {
            kept.clear();
        } else if kept.len() == MAX_ATTEMPTS {
            kept.remove(0);
        }
        kept.push(observation);
    }

    /// Notes the process as it was before an attempt.
    pub(crate) fn set_fork(&mut self, pid: u32, fork: impl FnOnce() -> Option<Start>) {
        if let Some(attempts) = self.0.get_mut(&pid)
            && attempts.fork.is_none()
        {
            attempts.fork = fork();
        }
    }

    pub(crate) fn take(&mut self, pid: u32) -> Vec<Observation> {
        self.0
            .remove(&pid)
            .map(|attempts| attempts.observations)
            .unwrap_or_default()
    }

    /// The start of a process that has ended with nothing but attempts.
    pub(crate) fn fork(&self, pid: u32) -> Option<Start> {
        self.0.get(&pid)?.fork.clone()
    }
}
