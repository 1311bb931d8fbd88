//! End of a session's program, by the session's description and its events.

use mirrord_session_client::{EventBatch, StreamItem};
use mirrord_wire::{Exit, MonitorEvent, SessionInfo};

/// End of a session's first process, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct ProgramEnd {
    /// Its number.
    root: Option<u32>,
    exit: Option<Exit>,
}

impl ProgramEnd {
    /// Creates what the description says, which lists the oldest of the running processes first.
    pub(super) fn new(info: &SessionInfo) -> Self {
        Self {
            root: info.processes.first().map(|process| process.pid),
            exit: info.exit.clone(),
        }
    }

    /// Takes in a piece of the stream.
    pub(super) fn read(&mut self, batch: &EventBatch) {
        for item in batch.iter() {
            if let StreamItem::Event(line, _) = item {
                self.apply(line.event());
            }
        }
    }

    fn apply(&mut self, event: &MonitorEvent) {
        match event {
            MonitorEvent::LayerConnected { pid, .. } => {
                self.root.get_or_insert(*pid);
            }
            MonitorEvent::LayerDisconnected { pid, exit } if self.root == Some(*pid) && !exit.is_unknown() => {
                self.exit.get_or_insert_with(|| exit.clone());
            }
            _ => {}
        }
    }

    /// Returns the end.
    pub(super) fn into_exit(self) -> Option<Exit> {
        self.exit
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::ProcessInfo;

    use super::*;

    fn ended(pid: u32, code: i32) -> MonitorEvent {
        let exit = Exit {
            code: Some(code),
            signal: None,
        };
        MonitorEvent::LayerDisconnected { pid, exit }
    }

    #[test]
    fn the_first_process_ends_the_program_and_no_other() {
        let listed = |pid| ProcessInfo {
            pid,
            ..ProcessInfo::default()
        };
        let mut end = ProgramEnd::new(&SessionInfo {
            processes: vec![listed(7), listed(8)],
            ..SessionInfo::default()
        });
        end.apply(&ended(8, 1));
        assert!(end.exit.is_none());
        end.apply(&ended(7, 3));
        end.apply(&ended(7, 4));
        assert_eq!(end.into_exit().and_then(|exit| exit.code), Some(3));
    }

    #[test]
    fn an_end_that_the_description_has_stays() {
        let exit = Some(Exit {
            code: Some(5),
            signal: None,
        });
        let mut end = ProgramEnd::new(&SessionInfo {
            exit: exit.clone(),
            ..SessionInfo::default()
        });
        end.root = Some(8);
        end.apply(&ended(8, 1));
        assert_eq!(end.into_exit(), exit);
    }
}
