//! Origin of records and metrics: a session with its processes.
//!
//! Processes are learnt from the lines that are sent, in their order, so that a record has the program that its process ran
//! then. They are bounded; one that has ended goes first.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mirrord_wire::{EventLine, MonitorEvent, ProcessInfo, SessionInfo};

use crate::convert::attributes::Attributes;
use crate::convert::resource;
use crate::limits::MAX_PROCESSES;
use crate::settings::Settings;

/// A session, as the origin of what is sent.
#[derive(Debug)]
pub struct Source {
    /// Number of it in its exporter.
    pub(crate) number: u64,
    pub(crate) attributes: Attributes,
    /// Start of the session, nanoseconds since the Unix epoch; 0 where it is not known.
    pub(crate) started_ns: u64,
    processes: Mutex<HashMap<u32, KnownProcess>>,
}

#[derive(Debug)]
struct KnownProcess {
    info: ProcessInfo,
    has_ended: bool,
}

impl Source {
    pub(crate) fn new(number: u64, info: &SessionInfo, settings: &Settings) -> Self {
        let started = humantime::parse_rfc3339_weak(&info.started_at).ok();
        let started = started.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let own = Self {
            number,
            attributes: resource::session(info, settings),
            started_ns: started.map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(0)),
            processes: Mutex::default(),
        };
        let mut processes = own.lock();
        info.processes
            .iter()
            .for_each(|process| learn(&mut processes, process.clone()));
        drop(processes);
        own
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, KnownProcess>> {
        self.processes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what an event says of processes; returns whether its process is described otherwise from now on.
    pub(crate) fn observe(&self, line: &EventLine) -> bool {
        match line.event() {
            MonitorEvent::LayerConnected {
                pid,
                parent_pid,
                process_name,
                cmdline,
                cwd,
            } => {
                let info = ProcessInfo {
                    pid: *pid,
                    process_name: process_name.clone().unwrap_or_default(),
                    parent_pid: *parent_pid,
                    cmdline: cmdline.clone(),
                    cwd: cwd.clone(),
                };
                learn(&mut self.lock(), info);
                true
            }
            MonitorEvent::LayerDisconnected { pid, .. } => {
                if let Some(process) = self.lock().get_mut(pid) {
                    process.has_ended = true;
                }
                false
            }
            _ => false,
        }
    }

    /// Returns the description of a process, where it is known.
    pub(crate) fn process(&self, pid: u32) -> Option<ProcessInfo> {
        self.lock().get(&pid).map(|process| process.info.clone())
    }
}

fn learn(processes: &mut HashMap<u32, KnownProcess>, info: ProcessInfo) {
    if processes.len() >= MAX_PROCESSES && !processes.contains_key(&info.pid) {
        processes.retain(|_, process| !process.has_ended);
    }
    if processes.len() < MAX_PROCESSES || processes.contains_key(&info.pid) {
        let has_ended = false;
        processes.insert(info.pid, KnownProcess { info, has_ended });
    }
}
