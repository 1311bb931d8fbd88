//! Sessions as a host has them, emitting at a rate that is spread evenly over them and over time.

use std::path::Path;
use std::time::{Duration, SystemTime};

use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_wire::session::Policy;
use mirrord_wire::{MonitorEvent, PROTOCOL_VERSION, SessionId, SessionInfo};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::Failure;

/// Time between two emissions.
const TICK: Duration = Duration::from_millis(1);

/// Maximum of events at a time: where this program had to wait for the processor, the rest follows step by step,
/// since a session's own queue has a bound.
const MAX_BURST: u64 = 1_000;

/// Sessions that live as long as this does.
pub(crate) struct Sessions(Vec<(MonitorTx, Session)>);

impl Sessions {
    pub(crate) fn start(directory: &Path, count: usize) -> Result<Self, Failure> {
        let start = |number: usize| -> Result<_, Failure> {
            let listener = SessionListener::bind(directory, &SessionId::new(format!("load-{number}"))?)?;
            let info = SessionInfo {
                protocol_version: PROTOCOL_VERSION,
                target: "deployment/load".to_owned(),
                started_at: format!("{:?}", SystemTime::now()),
                ..SessionInfo::default()
            };
            // Every event, whatever the rate: what is measured is how they are carried.
            Ok(Session::builder(info).policy(Policy::All).start(listener)?)
        };
        Ok(Self((0..count).map(start).collect::<Result<_, _>>()?))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Emits at `rate` a second in all, and gives how many that were.
    pub(crate) async fn emit(&self, rate: u64, duration: Duration) -> u64 {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let began = Instant::now();
        let mut emitted = 0;
        let mut next = self.0.iter().cycle();
        while began.elapsed() < duration {
            ticks.tick().await;
            let due = rate * u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX) / 1_000_000;
            let due = due.min(emitted + MAX_BURST);
            for number in emitted..due {
                if let Some((tx, _)) = next.next() {
                    tx.emit(event(number));
                }
            }
            emitted = due;
        }
        emitted
    }
}

fn event(number: u64) -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(format!("/usr/lib/python3/dist-packages/yaml/{}.py", number % 500)),
        operation: "open".into(),
    }
}
