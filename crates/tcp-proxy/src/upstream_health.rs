//! Health of the upstream server: one notice when it becomes unreachable and one when it is back, with the number of clients
//! that were refused in between.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::proxy::Notice;

/// Health of the upstream server.
#[derive(Debug, Default)]
pub(crate) struct UpstreamHealth(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Clients refused in the current outage; zero where there is none.
    refused: u64,
    all: u64,
}

impl UpstreamHealth {
    /// Counts a refused client; returns a notice for the first one of an outage.
    pub(crate) fn failed(&self, error: &io::Error) -> Option<Notice> {
        let mut state = self.lock();
        state.refused += 1;
        state.all += 1;
        let is_first = state.refused == 1;
        is_first.then(|| Notice::Down { reason: reason(error) })
    }

    /// Ends an outage; returns a notice where there was one.
    pub(crate) fn reached(&self) -> Option<Notice> {
        let refused = std::mem::take(&mut self.lock().refused);
        (refused > 0).then_some(Notice::Up { refused })
    }

    /// Returns the number of clients refused so far.
    pub(crate) fn total_refused(&self) -> u64 {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_reported_once_at_each_end() {
        let health = UpstreamHealth::default();
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(health.reached(), None);
        let down = Notice::Down {
            reason: "nothing listens there".to_owned(),
        };
        assert_eq!(health.failed(&refused), Some(down.clone()));
        assert_eq!(health.failed(&refused), None);
        assert_eq!(health.reached(), Some(Notice::Up { refused: 2 }));
        assert_eq!(health.reached(), None);
        assert_eq!(health.failed(&refused), Some(down));
        assert_eq!(health.total_refused(), 3);
    }
}
