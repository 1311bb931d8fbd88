//! State of the connection, and the backoff of attempts. Pure: the caller supplies time and randomness.

/// The shortest first wait.
pub const FIRST_WAIT_MS: u32 = 500;
/// Longest wait between attempts.
pub const LONGEST_WAIT_MS: u32 = 15_000;
/// A connection that held this long starts again with the shortest wait. One that breaks at once does not, or a server
/// that accepts and hangs up would be asked without a pause.
pub const STEADY_MS: u64 = 5_000;

/// State of the connection to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// No answer yet.
    Connecting,
    /// The socket is open, the list of sessions is awaited.
    Syncing,
    /// Everything that happens is seen.
    Live,
    /// The connection is lost; the next try begins at this time, milliseconds since the Unix epoch.
    Retrying {
        /// When.
        at_ms: u64,
    },
    /// The server asks for a token that the page does not have. It is not asked again until the user says so.
    SignedOut,
}

/// Why the page does not come to be live, though the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// The server takes the page for one of another origin: something between rewrites `Host`.
    Origin,
    /// Something between does not let the WebSocket through.
    WebSocket,
    /// The browser sends no cookie, so that a sign-in comes to nothing.
    Cookies,
}

impl Obstacle {
    /// The WebSockets in a row that did not open before anything is said: one can be lost to a restart.
    pub const MIN_FAILURES: u32 = 2;

    /// Concludes from a request that carries an `Origin` and asks for nothing: whether it was refused for that; `None`
    /// where there was no answer, for then the server is gone.
    #[must_use]
    pub fn of(failures: u32, is_foreign: Option<bool>) -> Option<Self> {
        is_foreign
            .filter(|_| failures >= Self::MIN_FAILURES)
            .map(|is_foreign| if is_foreign { Self::Origin } else { Self::WebSocket })
    }
}

impl Connection {
    /// The whole seconds until the next try, rounded up; none where no try is planned.
    #[must_use]
    pub fn seconds_left(self, now_ms: u64) -> Option<u64> {
        match self {
            Self::Retrying { at_ms } => Some(at_ms.saturating_sub(now_ms).div_ceil(1_000)),
            _ => None,
        }
    }
}

/// Counts tries that came to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff {
    failures: u32,
    live_since_ms: Option<u64>,
}

impl Backoff {
    /// Connected, and up to date.
    pub fn connected(&mut self, now_ms: u64) {
        self.live_since_ms = Some(now_ms);
    }

    /// The connection, or the try, failed: how long to wait. `dice` is anywhere in 0 to 1.
    pub fn failed(&mut self, now_ms: u64, dice: f64) -> u32 {
        if let Some(since) = self.live_since_ms.take()
            && now_ms.saturating_sub(since) >= STEADY_MS
        {
            self.failures = 0;
        }
        let wait = wait_ms(self.failures, dice);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    /// Forgets the failures: the user asked for a try now.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

/// The wait after so many failures: doubling, capped, and spread over its upper half so that many pages do not come
/// back in step.
fn wait_ms(failures: u32, dice: f64) -> u32 {
    let full = FIRST_WAIT_MS
        .saturating_mul(2_u32.saturating_pow(failures))
        .min(LONGEST_WAIT_MS);
    full / 2 + (f64::from(full / 2) * dice.clamp(0.0, 1.0)) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..8).map(|_| backoff.failed(0, 1.0)).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    }

    #[test]
    fn only_a_connection_that_held_resets_the_wait() {
        let mut backoff = Backoff::default();
        (0..4).for_each(|_| {
            backoff.failed(0, 1.0);
        });
        backoff.connected(10_000);
        assert_eq!(backoff.failed(10_100, 1.0), 8_000, "it broke at once");
        backoff.connected(20_000);
        assert_eq!(backoff.failed(20_000 + STEADY_MS, 1.0), 500, "it held");
    }

    #[test]
    fn the_seconds_left_are_never_zero_while_there_is_time() {
        let retrying = Connection::Retrying { at_ms: 3_000 };
        assert_eq!(
            [0, 1, 2_999, 3_000, 9_999].map(|now| retrying.seconds_left(now)),
            [Some(3), Some(3), Some(1), Some(0), Some(0)]
        );
        assert_eq!(Connection::Live.seconds_left(0), None);
    }

    #[test]
    fn a_websocket_that_alone_does_not_open_is_told_from_a_server_that_is_gone() {
        let of = Obstacle::of;
        assert_eq!((of(2, None), of(1, Some(true)), of(0, Some(false))), (None, None, None));
        assert_eq!(of(2, Some(true)), Some(Obstacle::Origin));
        assert_eq!(of(3, Some(false)), Some(Obstacle::WebSocket));
    }

    proptest! {
        #[test]
        fn every_wait_is_bounded_both_ways(failures in any::<u32>(), dice in any::<f64>()) {
            let wait = wait_ms(failures, dice);
            prop_assert!((FIRST_WAIT_MS / 2..=LONGEST_WAIT_MS).contains(&wait));
        }
    }
}
