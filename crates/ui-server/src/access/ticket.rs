//! Tickets: random texts that sign one browser in, once, within a minute: in the address that opens the browser, and as the
//! code that the page exchanges for its key.
//!
//! What opens the browser is given an address as an argument, and other users of the machine can read the arguments of
//! every process. The token would be theirs for good; a ticket is used up by the browser that it was made for.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, header};
use tokio::time::Instant;

use super::token::Token;
use crate::error::Error;
use crate::limits::{MAX_TICKETS, TICKET_LIFETIME};

/// The tickets that are out.
#[derive(Default)]
pub(crate) struct Tickets {
    out: Mutex<VecDeque<(Token, Instant)>>,
}

impl fmt::Debug for Tickets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tickets(…)")
    }
}

impl Tickets {
    fn lock(&self) -> MutexGuard<'_, VecDeque<(Token, Instant)>> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes one; beyond [`MAX_TICKETS`] the oldest is worth nothing any more.
    pub(crate) fn issue(&self) -> Result<Token, Error> {
        let ticket = Token::random()?;
        let mut out = self.lock();
        if out.len() >= MAX_TICKETS {
            out.pop_front();
        }
        out.push_back((ticket.clone(), Instant::now() + TICKET_LIFETIME));
        Ok(ticket)
    }

    /// Uses one up; says whether it was worth anything.
    pub(crate) fn redeem(&self, candidate: &str) -> bool {
        let mut out = self.lock();
        let now = Instant::now();
        out.retain(|(_, until)| now < *until);
        let place = out.iter().position(|(ticket, _)| ticket.is(candidate));
        place.is_some_and(|place| out.remove(place).is_some())
    }
}

/// The ticket of a query; plain hexadecimal, as a token is.
pub(crate) fn in_query(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("ticket="))
}

/// The ticket of `Authorization: Ticket …`.
pub(crate) fn in_authorization(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, ticket) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("ticket").then(|| ticket.trim())
}

/// The address that a ticket opens.
pub(crate) fn url(ticket: &str, port: u16) -> String {
    format!("http://127.0.0.1:{port}/?ticket={ticket}")
}

/// The path and query of the page with a ticket as its one-time code. A query, since the browser then keeps the fragment of
/// the address that it was given; the page takes it out of its address.
pub(crate) fn page_with_code(code: &Token) -> String {
    format!("/?code={}", code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_ticket_works_once_and_not_for_long() {
        let tickets = Tickets::default();
        let [first, second, third] = [(); 3].map(|()| tickets.issue().unwrap());
        assert!(!tickets.redeem("") && !tickets.redeem(&first.as_str()[1..]));
        assert!(tickets.redeem(second.as_str()));
        assert!(!tickets.redeem(second.as_str()), "only once");
        tokio::time::advance(TICKET_LIFETIME - std::time::Duration::from_secs(1)).await;
        assert!(tickets.redeem(first.as_str()));
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        assert!(!tickets.redeem(third.as_str()), "its time is over");
    }

    #[tokio::test]
    async fn there_are_never_many() {
        let tickets = Tickets::default();
        let all: Vec<_> = (0..=MAX_TICKETS).map(|_| tickets.issue().unwrap()).collect();
        assert_eq!(tickets.lock().len(), MAX_TICKETS);
        assert!(!tickets.redeem(all[0].as_str()) && tickets.redeem(all[1].as_str()));
    }
}
