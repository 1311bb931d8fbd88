//! Rate limiter for failed logins: per client prefix (exponential backoff, 1–60 s) and global (30 a minute).
//!
//! An attempt counts as failed when it begins, and is taken back when it succeeds: parallel attempts gain nothing. An
//! address without a failure is never delayed, so that an attacker cannot lock out the right password from elsewhere. The
//! clock is the caller's.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use crate::connections::household;

/// Wrong attempts of an address before it has to wait.
const FREE_ATTEMPTS: u32 = 5;
/// First delay; it doubles with each failure.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Longest delay.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// Time without a failure after which an address is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);
/// Wrong attempts from everywhere within [`OVERALL_WINDOW`]; at the bound, addresses that have been wrong wait.
const OVERALL_ATTEMPTS: usize = 30;
const OVERALL_WINDOW: Duration = Duration::from_secs(60);
/// Addresses that are remembered; at the bound the one that was wrong longest ago is forgotten.
const MAX_ADDRESSES: usize = 1_024;

/// Failures, by client prefix and overall.
#[derive(Debug, Default)]
pub(crate) struct LoginRateLimiter {
    addresses: HashMap<IpAddr, Failures>,
    /// Times of the newest failures, oldest first.
    overall: VecDeque<Instant>,
}

#[derive(Debug)]
struct Failures {
    attempts: u32,
    last: Instant,
}

impl Failures {
    fn wait(&self) -> Duration {
        match self.attempts.checked_sub(FREE_ATTEMPTS) {
            None => Duration::ZERO,
            Some(over) => FIRST_WAIT.saturating_mul(1 << over.min(10)).min(MAX_WAIT),
        }
    }
}

impl LoginRateLimiter {
    /// Begins an attempt, or returns the delay before the next one. Calling it during a delay does not extend it.
    pub(crate) fn begin(&mut self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let whose = household(address);
        self.addresses.retain(|_, failures| now - failures.last < FORGET_AFTER);
        while self.overall.front().is_some_and(|at| now - *at >= OVERALL_WINDOW) {
            self.overall.pop_front();
        }
        if let Some(failures) = self.addresses.get(&whose) {
            let own = (failures.last + failures.wait()).saturating_duration_since(now);
            let full = self.overall.len() >= OVERALL_ATTEMPTS;
            let first = self.overall.front().filter(|_| full);
            let overall = first.map_or(Duration::ZERO, |at| (*at + OVERALL_WINDOW) - now);
            let wait = own.max(overall);
            if !wait.is_zero() {
                return Err(wait);
            }
        }
        self.make_room();
        let failures = self
            .addresses
            .entry(whose)
            .or_insert(Failures { attempts: 0, last: now });
        (failures.attempts, failures.last) = (failures.attempts.saturating_add(1), now);
        if self.overall.len() >= OVERALL_ATTEMPTS {
            self.overall.pop_front();
        }
        self.overall.push_back(now);
        Ok(())
    }

    /// Takes back an attempt that succeeded, and the failures of its address.
    pub(crate) fn succeed(&mut self, address: IpAddr) {
        self.addresses.remove(&household(address));
        self.overall.pop_back();
    }

    fn make_room(&mut self) {
        if self.addresses.len() >= MAX_ADDRESSES {
            let oldest = self.addresses.iter().min_by_key(|(_, failures)| failures.last);
            if let Some(oldest) = oldest.map(|(address, _)| *address) {
                self.addresses.remove(&oldest);
            }
        }
    }
}

/// Value of `Retry-After`: whole seconds, at least one.
pub(crate) fn retry_after(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1_000).max(1).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, last])
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn each_wrong_one_waits_longer_and_never_for_good() {
        let (mut throttle, mut now) = (LoginRateLimiter::default(), Instant::now());
        for _ in 0..FREE_ATTEMPTS {
            assert_eq!(throttle.begin(address(1), now), Ok(()));
        }
        for wait in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            assert_eq!(throttle.begin(address(1), now), Err(wait * SECOND));
            let almost = wait * SECOND - Duration::from_millis(1);
            assert_eq!(
                throttle.begin(address(1), now + almost),
                Err(Duration::from_millis(1)),
                "asking costs nothing"
            );
            now += wait * SECOND;
            assert_eq!(throttle.begin(address(1), now), Ok(()), "{wait}");
        }
        now += FORGET_AFTER;
        assert!(
            (0..FREE_ATTEMPTS).all(|_| throttle.begin(address(1), now).is_ok()),
            "it is forgotten"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_one_time_gain_nothing() {
        let (mut throttle, now) = (LoginRateLimiter::default(), Instant::now());
        let let_through = (0..100).filter(|_| throttle.begin(address(1), now).is_ok()).count();
        assert_eq!(let_through, FREE_ATTEMPTS as usize);
    }

    #[tokio::test(start_paused = true)]
    async fn the_right_password_from_elsewhere_works_whatever_others_do() {
        let (mut throttle, now) = (LoginRateLimiter::default(), Instant::now());
        for other in 1..=200 {
            throttle.begin(address(other), now).unwrap();
        }
        assert_eq!(
            throttle.begin(address(7), now),
            Err(OVERALL_WINDOW),
            "it has been failures, and so waits with all"
        );
        assert_eq!(throttle.begin(address(250), now), Ok(()));
        throttle.succeed(address(250));
        assert_eq!(
            throttle.begin(address(250), now),
            Ok(()),
            "and it is not held against it"
        );
        assert_eq!(throttle.begin(address(7), now + OVERALL_WINDOW), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_right_one_leaves_nothing_behind() {
        let (mut throttle, now) = (LoginRateLimiter::default(), Instant::now());
        for _ in 0..1_000 {
            throttle.begin(address(1), now).unwrap();
            throttle.succeed(address(1));
        }
        assert!(throttle.addresses.is_empty() && throttle.overall.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_household_of_ipv6_is_one_and_a_mapped_address_is_its_own() {
        let (mut throttle, now) = (LoginRateLimiter::default(), Instant::now());
        let six = |text: &str| text.parse::<IpAddr>().unwrap();
        for last in 0..FREE_ATTEMPTS {
            throttle.begin(six(&format!("2001:db8:1:2::{last:x}")), now).unwrap();
        }
        assert!(throttle.begin(six("2001:db8:1:2:ffff::1"), now).is_err());
        assert!(throttle.begin(six("2001:db8:1:3::1"), now).is_ok());
        for _ in 0..FREE_ATTEMPTS {
            throttle.begin(six("::ffff:192.168.1.9"), now).unwrap();
        }
        assert!(throttle.begin(address(9), now).is_err());
        assert!(throttle.begin(address(10), now).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_table_is_bounded() {
        let (mut throttle, now) = (LoginRateLimiter::default(), Instant::now());
        for number in 0..10_000_u32 {
            throttle
                .begin(
                    IpAddr::from(number.to_be_bytes()),
                    now + Duration::from_millis(number.into()),
                )
                .ok();
        }
        assert!(throttle.addresses.len() <= MAX_ADDRESSES && throttle.overall.len() <= OVERALL_ATTEMPTS);
    }

    #[test]
    fn a_part_of_a_second_is_a_second() {
        assert_eq!(
            (retry_after(Duration::from_millis(1)), retry_after(61 * SECOND)),
            (1, 61)
        );
    }
}
