//! Whether the server behind the proxy is away: told once when it goes and once when it is back, with how many clients
//! were turned away in between, however many come at a time.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Notice;

#[derive(Debug, Default)]
pub(super) struct Outage(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Those of the outage that lasts; zero: there is none.
    refused: u64,
    all: u64,
}

impl Outage {
    /// Counts a client that was turned away; the first one of an outage is news.
    pub(super) fn failed(&self, error: &io::Error) -> Option<Notice> {
        let mut state = self.lock();
        state.refused += 1;
        state.all += 1;
        let is_first = state.refused == 1;
        is_first.then(|| Notice::Down { reason: reason(error) })
    }

    /// The server was reached; after an outage that is news.
    pub(super) fn reached(&self) -> Option<Notice> {
        let refused = std::mem::take(&mut self.lock().refused);
        (refused > 0).then_some(Notice::Up { refused })
    }

    pub(super) fn all(&self) -> u64 {
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
    fn an_outage_is_told_once_at_each_end() {
        let outage = Outage::default();
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(outage.reached(), None);
        let down = Notice::Down {
            reason: "nothing listens there".to_owned(),
        };
        assert_eq!(outage.failed(&refused), Some(down.clone()));
        assert_eq!(outage.failed(&refused), None);
        assert_eq!(outage.reached(), Some(Notice::Up { refused: 2 }));
        assert_eq!(outage.reached(), None);
        assert_eq!(outage.failed(&refused), Some(down));
        assert_eq!(outage.all(), 3);
    }
}
