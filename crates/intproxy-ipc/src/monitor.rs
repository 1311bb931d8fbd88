//! The host's end: a handle that takes events and never gives anything back, not even an error.

use std::fmt;
use std::sync::Arc;

use mirrord_wire::Observation;

use crate::queue::Queue;
use crate::truncate::truncate;

/// Publishes events of one session, from any thread, at any rate.
///
/// A call never blocks, never awaits, never fails and never panics; where the queue is full its oldest event gives way,
/// is counted in `/state`, and every reader gets a `Lagged` line. Cloning is cheap. After the session's end events go nowhere.
///
/// ```
/// use mirrord_intproxy_ipc::MonitorTx;
/// let tx = MonitorTx::disabled();
/// tx.emit_with(|| -> mirrord_wire::MonitorEvent { unreachable!("nobody asks for it") });
/// ```
#[derive(Clone, Default)]
pub struct MonitorTx {
    queue: Option<Arc<Queue>>,
}

impl MonitorTx {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self { queue: Some(queue) }
    }

    /// Monitoring is off: no socket, no task, no allocation.
    #[must_use]
    pub const fn disabled() -> Self {
        Self { queue: None }
    }

    /// Reports that events are published: `false` when monitoring is off and after the session's end.
    #[must_use]
    #[inline]
    pub fn is_enabled(&self) -> bool {
        self.queue.as_ref().is_some_and(|queue| !queue.is_closed())
    }

    /// Publishes an event.
    #[inline]
    pub fn emit(&self, observation: impl Into<Observation>) {
        self.emit_with(|| observation);
    }

    /// Publishes an event, which is not even built when monitoring is off.
    #[inline]
    pub fn emit_with<O: Into<Observation>>(&self, build: impl FnOnce() -> O) {
        if let Some(queue) = &self.queue
            && !queue.is_closed()
        {
            let mut observation = build().into();
            truncate(&mut observation);
            queue.push(&observation);
        }
    }
}

impl fmt::Debug for MonitorTx {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MonitorTx")
            .field("enabled", &self.is_enabled())
            .finish()
    }
}
