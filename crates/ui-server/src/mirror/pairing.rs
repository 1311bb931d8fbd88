//! Tickets: one use, five minutes, a few at a time. Kept as their digests; the clock is the caller's.

use std::time::Duration;

use tokio::time::Instant;

use super::secret::{Digest, random_hex};

/// How long a ticket is good.
pub(crate) const TICKET_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// Tickets that are open; at the bound the oldest is worth nothing any more.
pub(crate) const MAX_TICKETS: usize = 4;
const TICKET_BYTES: usize = 16;

/// The tickets that are open.
#[derive(Debug, Default)]
pub(crate) struct Tickets(Vec<(Digest, Instant)>);

impl Tickets {
    /// Makes one; gives its text, which is nowhere else.
    pub(crate) fn make(&mut self, now: Instant) -> Result<String, getrandom::Error> {
        let text = random_hex::<TICKET_BYTES>()?;
        self.forget_old(now);
        if self.0.len() >= MAX_TICKETS {
            self.0.remove(0);
        }
        self.0.push((Digest::of(&text), now + TICKET_LIFETIME));
        Ok(text)
    }

    /// Uses one up; says whether it was good.
    pub(crate) fn redeem(&mut self, text: &str, now: Instant) -> bool {
        self.forget_old(now);
        let digest = Digest::of(text);
        let before = self.0.len();
        self.0.retain(|(own, _)| !own.is(&digest));
        self.0.len() < before
    }

    /// Lets all go, as where the mirror stops.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    fn forget_old(&mut self, now: Instant) {
        self.0.retain(|(_, until)| now < *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_ticket_works_once_and_within_five_minutes() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let (one, late) = (tickets.make(now).unwrap(), tickets.make(now).unwrap());
        assert_eq!(one.len(), 2 * TICKET_BYTES);
        for wrong in [
            "",
            "0",
            &one[1..],
            &one.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A"),
        ] {
            assert!(!tickets.redeem(wrong, now), "{wrong}");
        }
        assert!(tickets.redeem(&one, now) && !tickets.redeem(&one, now));
        assert!(!tickets.redeem(&late, now + TICKET_LIFETIME));
        let last = tickets.make(now).unwrap();
        assert!(tickets.redeem(&last, now + TICKET_LIFETIME - Duration::from_nanos(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_are_open_and_the_oldest_goes() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let all: Vec<_> = (0..=MAX_TICKETS).map(|_| tickets.make(now).unwrap()).collect();
        assert!(!tickets.redeem(&all[0], now));
        assert!(all[1..].iter().all(|ticket| tickets.redeem(ticket, now)));
        let open = tickets.make(now).unwrap();
        tickets.clear();
        assert!(!tickets.redeem(&open, now));
    }
}
