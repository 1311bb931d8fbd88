//! Tickets: one use, five minutes, a few at a time. Kept as their digests; the clock is the caller's.

use std::time::Duration;

use mirrord_wire::mirror::{PairingTicket, TicketState};
use tokio::time::Instant;

use crate::secret::{Digest, random_hex};

/// Time for which a ticket is valid.
pub(crate) const TICKET_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// Tickets that are kept; at the bound the oldest that is worth nothing goes, or else the oldest, which is worth nothing
/// any more.
pub(crate) const MAX_TICKETS: usize = 4;
const TICKET_BYTES: usize = 16;

/// The tickets that were made last.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    kept: Vec<Kept>,
    /// Number of the newest.
    made: u64,
}

#[derive(Debug)]
struct Kept {
    number: u64,
    digest: Digest,
    until: Instant,
    state: TicketState,
    device: Option<String>,
}

impl Kept {
    fn state(&self, now: Instant) -> TicketState {
        match self.state {
            TicketState::Open if now >= self.until => TicketState::Expired,
            state => state,
        }
    }

    fn is_open(&self, now: Instant) -> bool {
        self.state(now) == TicketState::Open
    }
}

impl Tickets {
    /// Makes one; gives its number, and its text, which is nowhere else.
    pub(crate) fn make(&mut self, now: Instant) -> Result<(u64, String), getrandom::Error> {
        let text = random_hex::<TICKET_BYTES>()?;
        if self.kept.len() >= MAX_TICKETS {
            let closed = self.kept.iter().position(|own| !own.is_open(now));
            self.kept.remove(closed.unwrap_or(0));
        }
        self.made += 1;
        self.kept.push(Kept {
            number: self.made,
            digest: Digest::of(&text),
            until: now + TICKET_LIFETIME,
            state: TicketState::Open,
            device: None,
        });
        Ok((self.made, text))
    }

    /// Uses one up; gives its number where it was good. Each is compared, in constant time.
    pub(crate) fn redeem(&mut self, text: &str, now: Instant) -> Option<u64> {
        let digest = Digest::of(text);
        let mut found = None;
        for own in &mut self.kept {
            if own.digest.is(&digest) && own.is_open(now) {
                own.state = TicketState::Used;
                found = Some(own.number);
            }
        }
        found
    }

    /// Says whom one has let in.
    pub(crate) fn let_in(&mut self, number: u64, device: &str) {
        if let Some(own) = self.kept.iter_mut().find(|own| own.number == number) {
            own.device = Some(device.to_owned());
        }
    }

    /// States of the tickets, the newest last.
    pub(crate) fn told(&self, now: Instant) -> Vec<PairingTicket> {
        let told = |own: &Kept| PairingTicket {
            number: own.number,
            state: own.state(now),
            device: own.device.clone(),
        };
        self.kept.iter().map(told).collect()
    }

    /// Makes all worth nothing, as where the mirror stops.
    pub(crate) fn clear(&mut self) {
        let open = self.kept.iter_mut().filter(|own| own.state == TicketState::Open);
        open.for_each(|own| own.state = TicketState::Expired);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_ticket_works_once_and_within_five_minutes() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let ((number, one), (_, late)) = (tickets.make(now).unwrap(), tickets.make(now).unwrap());
        assert_eq!(one.len(), 2 * TICKET_BYTES);
        for wrong in [
            "",
            "0",
            &one[1..],
            &one.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A"),
        ] {
            assert_eq!(tickets.redeem(wrong, now), None, "{wrong}");
        }
        assert_eq!(
            (tickets.redeem(&one, now), tickets.redeem(&one, now)),
            (Some(number), None)
        );
        assert_eq!(tickets.redeem(&late, now + TICKET_LIFETIME), None);
        let (number, last) = tickets.make(now).unwrap();
        let just = now + TICKET_LIFETIME - Duration::from_nanos(1);
        assert_eq!(tickets.redeem(&last, just), Some(number));
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_are_open_and_the_oldest_goes() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let all: Vec<_> = (0..=MAX_TICKETS).map(|_| tickets.make(now).unwrap().1).collect();
        assert_eq!(tickets.redeem(&all[0], now), None);
        assert!(all[2..].iter().all(|ticket| tickets.redeem(ticket, now).is_some()));
        let (_, open) = tickets.make(now).unwrap();
        assert!(
            tickets.redeem(&all[1], now).is_some(),
            "one that is used goes before one that is open"
        );
        tickets.clear();
        assert_eq!(tickets.redeem(&open, now), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_become_of_each_is_told() {
        let (mut tickets, now) = (Tickets::default(), Instant::now());
        let (used, text) = tickets.make(now).unwrap();
        tickets.redeem(&text, now);
        tickets.let_in(used, "phone");
        tickets.make(now).unwrap();
        let states = |tickets: &Tickets, now| -> Vec<_> { tickets.told(now).iter().map(|own| own.state).collect() };
        assert_eq!(states(&tickets, now), [TicketState::Used, TicketState::Open]);
        assert_eq!(tickets.told(now)[0].device.as_deref(), Some("phone"));
        let later = now + TICKET_LIFETIME;
        assert_eq!(states(&tickets, later), [TicketState::Used, TicketState::Expired]);
        tickets.clear();
        assert_eq!(states(&tickets, now), [TicketState::Used, TicketState::Expired]);
    }
}
