//! What a session says of itself beside its events: its processes and ports, and how often each path, name, destination
//! and variable came since it began, up to one event. Read from all that the server knows of the session. Whether such a
//! count is the whole one is decided here; what is done with it is not.

use mirrord_wire::{PortSubscription, ProcessInfo};

use crate::codec::json::Json;
use crate::codec::types::Read as _;

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
    /// What the session could not observe, as words of the protocol: `io_uring`.
    pub incomplete: Vec<String>,
    total: u64,
    /// Events of which only the kind is counted: they were dropped, or told in numbers alone.
    nameless: u64,
}

impl Before {
    /// Reads the answer of `GET /api/sessions/:id`; `None` where it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut before = Self::default();
        Json::new(text).object(&mut |name, json| match name {
            "state" => json.object(&mut |name, json| before.field(name, json)),
            "withheld" => before.add_nameless(json),
            _ => json.skip().map(drop),
        })?;
        // A number for each event, and each in the counts: then the counts of names have them all.
        let is_whole = before.total == before.seq && before.nameless == 0;
        for totals in [
            &mut before.paths,
            &mut before.outgoing,
            &mut before.hosts,
            &mut before.variables,
        ] {
            totals.is_whole = is_whole && totals.more == 0;
        }
        Some(before)
    }

    fn add_nameless(&mut self, json: &mut Json<'_>) -> Option<()> {
        self.nameless += json.number()?;
        Some(())
    }

    fn field(&mut self, name: &str, json: &mut Json<'_>) -> Option<()> {
        match name {
            "processes" => json.array(&mut |json| {
                self.processes.push(process(json)?);
                Some(())
            }),
            "port_subscriptions" => self.ports.read(json),
            "seq" => self.seq.read(json),
            "counters" => json.object(&mut |name, json| match name {
                "total" => self.total.read(json),
                _ => json.skip().map(drop),
            }),
            "dropped" => self.add_nameless(json),
            "paths" => self.paths.read(json),
            "outgoing" => self.outgoing.read(json),
            "hosts" => self.hosts.read(json),
            "env_names" => self.variables.read(json),
            "incomplete" => self.incomplete.read(json),
            _ => json.skip().map(drop),
        }
    }
}

impl Totals {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        json.object(&mut |name, json| match name {
            "items" => json.array(&mut |json| {
                let (mut own, mut count) = (String::new(), 0_u64);
                json.object(&mut |name, json| match name {
                    "name" => own.read(json),
                    "count" => count.read(json),
                    _ => json.skip().map(drop),
                })?;
                self.items.push((own, count));
                Some(())
            }),
            "more" => self.more.read(json),
            _ => json.skip().map(drop),
        })
    }
}

fn process(json: &mut Json<'_>) -> Option<(ProcessInfo, u64, Option<u64>)> {
    let raw = json.skip()?;
    let (mut info, mut started, mut ended) = (ProcessInfo::default(), 0, None);
    info.read(&mut raw.json())?;
    raw.json().object(&mut |name, json| {
        let value = json.skip()?;
        match name {
            "started_ts" => started = value.number()?,
            "ended_ts" => ended = value.number(),
            _ => {}
        }
        Some(())
    })?;
    Some((info, started, ended))
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, MonitorEvent, SessionDetail, SessionState};

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
