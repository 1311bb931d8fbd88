//! Wall clock for expiry that tolerates jumps: checked against a clock that cannot be set.
//!
//! While both agree, time is the wall clock's. After a jump, time goes on by the monotonic clock until the wall clock has
//! been steady on its new course for [`SETTLE_MICROS`]; a jump that is taken back before that changes nothing.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::clock;

/// The difference between the two clocks that counts as agreement.
const TOLERANCE_MICROS: u64 = 2 * 60 * 1_000_000;
/// Time for which the wall clock has to be steady after a jump before it is trusted again.
pub(crate) const SETTLE_MICROS: u64 = 10 * 60 * 1_000_000;

/// Both clocks at one moment, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reading {
    /// Since the Unix epoch.
    pub(crate) wall: u64,
    /// Since some moment before the start of the process; goes on while the machine sleeps, where the system can tell.
    pub(crate) steady: u64,
}

/// The clock. Each question also checks it, so that it is to be asked about once a second.
pub(crate) struct SteadyClock {
    read: Box<dyn Fn() -> Reading + Send + Sync>,
    course: Mutex<Course>,
}

#[derive(Debug)]
struct Course {
    /// A moment at which both clocks were believed.
    believed: Reading,
    /// The first moment of another course of the wall clock.
    other: Option<Reading>,
}

impl Default for SteadyClock {
    fn default() -> Self {
        Self::new(|| Reading {
            wall: clock::now_micros(),
            steady: steady_micros(),
        })
    }
}

impl fmt::Debug for SteadyClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SteadyClock").finish_non_exhaustive()
    }
}

impl SteadyClock {
    /// Creates a clock over a source of readings.
    pub(crate) fn new(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        let believed = read();
        Self {
            read: Box::new(read),
            course: Mutex::new(Course { believed, other: None }),
        }
    }

    /// Returns the believed wall time and the monotonic time.
    pub(crate) fn now(&self) -> Reading {
        let reading = (self.read)();
        let mut course = self.course.lock().unwrap_or_else(PoisonError::into_inner);
        Reading {
            wall: course.believe(reading),
            steady: reading.steady,
        }
    }
}

impl Course {
    fn believe(&mut self, reading: Reading) -> u64 {
        let expected = expected(self.believed, reading);
        if expected.abs_diff(reading.wall) <= TOLERANCE_MICROS {
            (self.believed, self.other) = (reading, None);
            return reading.wall;
        }
        let since = self
            .other
            .filter(|other| self::expected(*other, reading).abs_diff(reading.wall) <= TOLERANCE_MICROS);
        match since {
            Some(since) if reading.steady.saturating_sub(since.steady) >= SETTLE_MICROS => {
                tracing::info!("the clock of this machine was set; sign-ins expire by it from now on");
                (self.believed, self.other) = (reading, None);
                reading.wall
            }
            Some(_) => expected,
            None => {
                self.other = Some(reading);
                expected
            }
        }
    }
}

/// The wall time at `now`, by the monotonic clock's course since `then`.
fn expected(then: Reading, now: Reading) -> u64 {
    then.wall.saturating_add(now.steady.saturating_sub(then.steady))
}

#[cfg(target_os = "linux")]
fn steady_micros() -> u64 {
    // CLOCK_BOOTTIME counts a suspended machine's time as well, see clock_gettime(2).
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let (seconds, nanos) = (u64::try_from(now.tv_sec), u64::try_from(now.tv_nsec));
    seconds.unwrap_or(0).saturating_mul(1_000_000) + nanos.unwrap_or(0) / 1_000
}

#[cfg(not(target_os = "linux"))]
fn steady_micros() -> u64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::*;

    /// Two clocks that a test sets.
    #[derive(Debug, Clone)]
    pub(crate) struct Hands(Arc<Mutex<Reading>>);

    impl Hands {
        pub(crate) fn new(wall: u64) -> Self {
            Self(Arc::new(Mutex::new(Reading { wall, steady: 7 })))
        }

        pub(crate) fn clock(&self) -> SteadyClock {
            let own = Arc::clone(&self.0);
            SteadyClock::new(move || *own.lock().unwrap())
        }

        /// Lets time pass.
        pub(crate) fn pass(&self, micros: u64) {
            let mut own = self.0.lock().unwrap();
            own.wall += micros;
            own.steady += micros;
        }

        /// Sets the wall clock.
        pub(crate) fn jump(&self, micros: i64) {
            let mut own = self.0.lock().unwrap();
            own.wall = own.wall.saturating_add_signed(micros);
        }
    }

    const SECOND: u64 = 1_000_000;
    const DAY: i64 = 24 * 3_600 * 1_000_000;

    #[test]
    fn a_jump_that_is_taken_back_changes_nothing() {
        for days in [31, -31] {
            let hands = Hands::new(1_000 * DAY.unsigned_abs());
            let clock = hands.clock();
            hands.pass(5 * SECOND);
            let before = clock.now().wall;
            hands.jump(days * DAY);
            assert_eq!(clock.now().wall, before);
            hands.pass(2 * SECOND);
            assert_eq!(clock.now().wall, before + 2 * SECOND);
            hands.jump(-days * DAY);
            assert_eq!(clock.now().wall, before + 2 * SECOND);
        }
    }

    #[test]
    fn a_clock_that_was_set_right_is_believed_after_a_while() {
        let hands = Hands::new(DAY.unsigned_abs());
        let clock = hands.clock();
        hands.jump(31 * DAY);
        for _ in 0..SETTLE_MICROS / SECOND {
            assert!(clock.now().wall < 2 * DAY.unsigned_abs());
            hands.pass(SECOND);
        }
        assert!(clock.now().wall > 31 * DAY.unsigned_abs());
    }

    #[test]
    fn small_corrections_are_followed() {
        let hands = Hands::new(DAY.unsigned_abs());
        let clock = hands.clock();
        hands.jump(30_000_000);
        assert_eq!(clock.now().wall, DAY.unsigned_abs() + 30_000_000);
    }

    #[test]
    fn the_systems_own_clocks_move() {
        let clock = SteadyClock::default();
        let (one, other) = (clock.now(), clock.now());
        assert!(one.steady > 0 && other.steady >= one.steady && other.wall >= one.wall);
    }
}
