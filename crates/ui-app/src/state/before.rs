//! What a session says of itself beside its events: its processes and ports, and how often each path, name, destination
//! and variable came since it began, up to one event. Read from all that the server knows of the session. Whether such a
//! count is the whole one is decided here; what is done with it is not.

use mirrord_wire::{PortSubscription, Process, ProcessInfo, SessionState, Top, from_value};
use serde_json::{Map, Value};

/// Names with how often each came.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// The names that are known.
    pub items: Vec<(String, u64)>,
    /// How many names are not, or whose count was lost for a while.
    more: u64,
    /// Whether these are all names, and each event is in their counts.
    pub is_whole: bool,
}

/// What is known without its events.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Before {
    /// The number of the newest event that is counted here.
    pub seq: u64,
    /// The processes, with when they started and ended.
    pub processes: Vec<(ProcessInfo, u64, Option<u64>)>,
    /// The ports.
    pub ports: Vec<PortSubscription>,
    /// The paths.
    pub paths: Totals,
    /// The destinations.
    pub outgoing: Totals,
    /// The names that were looked up.
    pub hosts: Totals,
    /// The variables.
    pub variables: Totals,
    /// Reasons for which the session saw not everything, as words of the protocol: `io_uring`.
    pub incomplete: Vec<String>,
}

impl Before {
    /// Reads the answer of `GET /api/sessions/:id`; `None` if it is not one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        // Two fields of a `SessionDetail`, whose whole is three times the code.
        let mut detail: Map<String, Value> = serde_json::from_str(text).ok()?;
        let withheld = detail.get("withheld").and_then(Value::as_u64).unwrap_or_default();
        let state: SessionState = match detail.remove("state") {
            None | Some(Value::Null) => SessionState::default(),
            Some(state) => from_value(state).ok()?,
        };
        // A number for each event, and each in the counts: then the counts of names have them all. Of those that were
        // dropped, or sent as numbers alone, only the kind is counted.
        let is_whole = state.counters.total == state.seq && state.dropped == 0 && withheld == 0;
        let totals = |top: &Top| Totals::new(top, is_whole);
        Some(Self {
            seq: state.seq,
            paths: totals(&state.paths),
            outgoing: totals(&state.outgoing),
            hosts: totals(&state.hosts),
            variables: totals(&state.env_names),
            processes: state.processes.into_iter().map(process).collect(),
            ports: state.port_subscriptions,
            incomplete: state.incomplete,
        })
    }
}

impl Totals {
    fn new(top: &Top, is_whole: bool) -> Self {
        let items: Vec<_> = top.items().into_iter().map(|item| (item.name, item.count)).collect();
        let more = top.distinct() - items.len() as u64;
        Self {
            items,
            more,
            is_whole: is_whole && more == 0,
        }
    }
}

fn process(process: Process) -> (ProcessInfo, u64, Option<u64>) {
    (process.info, process.started_ts, process.ended_ts)
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, MonitorEvent, SessionDetail};

    use super::*;

    #[test]
    fn what_the_server_writes_is_read() {
        let mut state = SessionState::default();
        let events = [
            MonitorEvent::LayerConnected {
                pid: 7,
                parent_pid: Some(1),
                process_name: Some("node".into()),
                cmdline: vec!["node".into(), "a.js".into()],
            },
            MonitorEvent::PortSubscription {
                port: 80,
                mode: "steal".into(),
                filter: None,
            },
            MonitorEvent::EnvVar {
                vars: vec![("A".into(), None), ("B".into(), Some("1".into()))],
            },
            MonitorEvent::LayerDisconnected { pid: 7 },
        ];
        for (seq, event) in (1..).zip(events) {
            let observation = event.into();
            state.apply(&EventLine {
                seq,
                ts: seq,
                observation,
            });
        }
        let detail = SessionDetail {
            state,
            ..SessionDetail::default()
        };
        let before = Before::read(&serde_json::to_string(&detail).unwrap()).unwrap();
        let [(process, started, ended)] = before.processes.as_slice() else {
            panic!("{before:?}")
        };
        assert_eq!(
            (process.pid, process.cmdline.len(), *started, *ended),
            (7, 2, 1, Some(4))
        );
        assert_eq!(before.ports, detail.state.port_subscriptions);
        let whole = |items: &[(&str, u64)]| Totals {
            items: items.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
            more: 0,
            is_whole: true,
        };
        assert_eq!((before.seq, &before.variables), (4, &whole(&[("A", 1), ("B", 1)])));
        assert_eq!(before.paths, whole(&[]));
        assert_eq!(Before::read(r#"{"state":[]}"#), None);
        let marked = Before::read(r#"{"state":{"incomplete":["io_uring"]}}"#).unwrap();
        assert_eq!(
            (marked.incomplete.as_slice(), before.incomplete.len()),
            (["io_uring".to_owned()].as_slice(), 0)
        );
    }

    #[test]
    fn counts_are_whole_only_where_each_event_is_in_them() {
        let read = |text: &str| Before::read(text).unwrap();
        let state = |seq: u64, dropped: u64, more: u64, outside: &str| {
            read(&format!(
                r#"{{{outside}"state":{{"seq":{seq},"dropped":{dropped},"counters":{{"total":9,"by_type":{{}}}},
                "paths":{{"items":[{{"name":"/a","count":7}}],"more":{more}}}}}}}"#
            ))
        };
        let whole = state(9, 0, 0, "");
        assert!(whole.paths.is_whole && whole.hosts.is_whole);
        assert_eq!(whole.paths.items, [("/a".to_owned(), 7)]);
        // An event that the server never got, one that was dropped, some that were told as counts alone, other paths.
        assert!(!state(10, 0, 0, "").paths.is_whole);
        assert!(!state(9, 1, 0, "").paths.is_whole);
        assert!(!state(9, 0, 0, r#""withheld":3,"#).paths.is_whole);
        let others = state(9, 0, 1, "");
        assert!(!others.paths.is_whole && others.hosts.is_whole);
    }
}
