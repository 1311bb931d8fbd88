//! Destinations of datagrams, reported once a socket is in use for them.
//!
//! Connecting a datagram socket sends nothing. The C library and Go connect one to each address of a host, to learn
//! which of them to use (RFC 6724), and close it. So such a connection is reported where a question was sent over it,
//! or where the socket is still so connected a while later. A datagram with an address is reported when it is the first
//! of its socket to that address. All of it is found out after the call, by checks that take microseconds.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::queue::{Datagram, Destination};
use super::sockets::DatagramSocket;

/// Time for which a socket must stay connected: an order of magnitude above the time that sorting addresses takes on a
/// loaded machine.
const CONNECTED_TIMEOUT: Duration = Duration::from_millis(25);
/// Connected sockets that wait for their time; beyond it the oldest is looked at early.
const MAX_PENDING: usize = 256;
/// Reported destinations that are remembered; beyond it the oldest is forgotten, and may be reported again.
const MAX_REPORTED: usize = 1_024;

/// A datagram socket that was connected.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) pid: u32,
    pub(crate) tid: u32,
    inode: u64,
    pub(crate) to: Datagram,
    since: Instant,
}

#[derive(PartialEq, Eq)]
struct Reported {
    pid: u32,
    inode: Option<u64>,
    fd: i32,
    to: Destination,
}

/// State of the datagram sockets of all processes.
#[derive(Default)]
pub(crate) struct Datagrams {
    pending: VecDeque<Pending>,
    reported: VecDeque<Reported>,
}

impl Datagrams {
    /// A socket was connected. What comes back is to be looked at now.
    pub(crate) fn connected(&mut self, pid: u32, tid: u32, inode: u64, to: Datagram, now: Instant) -> Option<Pending> {
        // A reconnected socket has another peer, and a descriptor is open on one socket at a time.
        let is_over = |pending: &Pending| pending.inode == inode || (pending.pid == pid && pending.to.fd == to.fd);
        self.pending.retain(|pending| !is_over(pending));
        self.pending.push_back(Pending {
            pid,
            tid,
            inode,
            to,
            since: now,
        });
        if self.pending.len() > MAX_PENDING {
            self.pending.pop_front()
        } else {
            None
        }
    }

    /// Takes the sockets whose time has come.
    pub(crate) fn take_due(&mut self, now: Instant) -> Vec<Pending> {
        let is_due = |pending: &Pending| now.saturating_duration_since(pending.since) >= CONNECTED_TIMEOUT;
        let due = self.pending.iter().take_while(|pending| is_due(pending)).count();
        self.pending.drain(..due).collect()
    }

    /// Something was sent over a connected socket: takes what it is connected to.
    pub(crate) fn take_used(&mut self, pid: u32, fd: i32) -> Option<Pending> {
        let is_used = |pending: &Pending| pending.pid == pid && pending.to.fd == fd;
        let place = self.pending.iter().position(is_used)?;
        self.pending.remove(place)
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Returns whether this is the first datagram of its socket to its destination. A socket that cannot be looked at
    /// any more is taken for another one.
    pub(crate) fn is_first(&mut self, pid: u32, fd: i32, to: Destination, inode: Option<u64>) -> bool {
        let reported = Reported { pid, inode, fd, to };
        if inode.is_some() && self.reported.contains(&reported) {
            return false;
        }
        if self.reported.len() == MAX_REPORTED {
            self.reported.pop_front();
        }
        self.reported.push_back(reported);
        true
    }

    pub(crate) fn ended(&mut self, pid: u32) {
        self.pending.retain(|pending| pending.pid != pid);
        self.reported.retain(|reported| reported.pid != pid);
    }
}

impl Pending {
    /// Returns whether the socket is still the same one, and connected to the same address.
    pub(crate) fn is_still_connected(&self, now: Option<&DatagramSocket>) -> bool {
        let to = (self.to.ip, self.to.port);
        now.is_some_and(|now| now.inode == self.inode && now.peer == Some(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(port: u16) -> Datagram {
        let ip = std::net::Ipv4Addr::LOCALHOST.into();
        Datagram { fd: 3, ip, port }
    }

    fn socket(inode: u64, port: u16) -> DatagramSocket {
        let peer = Some((to(port).ip, port));
        DatagramSocket { inode, peer }
    }

    #[test]
    fn a_socket_is_looked_at_when_its_time_has_come() {
        let mut datagrams = Datagrams::default();
        let start = Instant::now();
        assert!(datagrams.connected(1, 1, 7, to(9), start).is_none());
        assert!(datagrams.connected(1, 1, 7, to(10), start).is_none());
        assert!(datagrams.take_due(start).is_empty());
        let due = datagrams.take_due(start + CONNECTED_TIMEOUT);
        assert_eq!(due.len(), 1, "connected anew");
        assert!(due[0].is_still_connected(Some(&socket(7, 10))));
        assert!(!due[0].is_still_connected(Some(&socket(7, 9))));
        assert!(!due[0].is_still_connected(Some(&socket(8, 10))));
        assert!(!due[0].is_still_connected(None));
        assert!(!datagrams.is_waiting());
    }

    #[test]
    fn what_is_sent_goes_to_the_socket_that_has_the_descriptor_now() {
        let mut datagrams = Datagrams::default();
        let now = Instant::now();
        for (inode, port) in [(7, 1), (8, 2), (9, 53)] {
            assert!(datagrams.connected(1, 1, inode, to(port), now).is_none());
        }
        assert_eq!(datagrams.take_used(1, 3).unwrap().to.port, 53);
        assert!(!datagrams.is_waiting(), "the others were closed");
    }

    #[test]
    fn what_waits_is_bounded_and_nothing_is_given_up() {
        let mut datagrams = Datagrams::default();
        let now = Instant::now();
        let early = (0..1_000).filter_map(|inode| {
            let fd = i32::try_from(inode).unwrap() + 3;
            datagrams.connected(1, 1, inode, Datagram { fd, ..to(9) }, now)
        });
        assert_eq!(early.count(), 1_000 - MAX_PENDING);
        assert!(datagrams.take_used(2, 3).is_none());
        assert!(datagrams.take_used(1, 1_002).is_some());
    }

    #[test]
    fn the_first_datagram_of_a_socket_to_a_destination_counts() {
        let mut datagrams = Datagrams::default();
        let to = |port| Destination::Internet { ip: to(port).ip, port };
        assert!(datagrams.is_first(1, 3, to(9), Some(7)));
        assert!(!datagrams.is_first(1, 3, to(9), Some(7)));
        assert!(datagrams.is_first(1, 3, to(10), Some(7)), "elsewhere");
        assert!(datagrams.is_first(1, 3, to(9), Some(8)), "another socket");
        assert!(datagrams.is_first(1, 3, to(9), None) && datagrams.is_first(1, 3, to(9), None));
    }
}
