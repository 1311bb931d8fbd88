//! What a session says of what happened before the oldest event that is kept: its processes, ports and the names of its
//! variables. Read from all that the server knows of the session; how often each happened is left to the events, which
//! would be counted twice.

use mirrord_wire::{PortSubscription, ProcessInfo};

use crate::codec::json::Json;
use crate::codec::types::Read as _;

/// What is known without its events.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Before {
    /// The processes, with when they started and ended.
    pub processes: Vec<(ProcessInfo, u64, Option<u64>)>,
    /// The ports.
    pub ports: Vec<PortSubscription>,
    /// The names of the variables.
    pub variables: Vec<String>,
}

impl Before {
    /// Reads the answer of `GET /api/sessions/:id`; `None` where it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut before = Self::default();
        Json::new(text).object(&mut |name, json| match name {
            "state" => json.object(&mut |name, json| before.field(name, json)),
            _ => json.skip().map(drop),
        })?;
        Some(before)
    }

    fn field(&mut self, name: &str, json: &mut Json<'_>) -> Option<()> {
        match name {
            "processes" => json.array(&mut |json| {
                self.processes.push(process(json)?);
                Some(())
            }),
            "port_subscriptions" => self.ports.read(json),
            "env_names" => json.object(&mut |name, json| match name {
                "items" => json.array(&mut |json| {
                    json.object(&mut |name, json| {
                        if name != "name" {
                            return json.skip().map(drop);
                        }
                        self.variables.push(json.string()?.into_owned());
                        Some(())
                    })
                }),
                _ => json.skip().map(drop),
            }),
            _ => json.skip().map(drop),
        }
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
        assert_eq!(before.variables, ["A", "B"]);
        assert_eq!(Before::read(r#"{"state":[]}"#), None);
    }
}
