//! Outcomes of `connect(2)`, from a duplicate of the socket that is held for a moment.
//!
//! Invariant: a duplicate is closed once its call is converted into an event, which is milliseconds: while it is open,
//! the program's own `close` sends no FIN. Nothing is taken from the socket: its pending error is polled for and never
//! read (`SO_ERROR`), so that the program still finds it. A connection that has no answer by then is followed by an
//! entry of an epoll set (`epoll(7)`), which outlives the duplicate and ends with the program's own descriptor.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{io, thread};

use mirrord_wire::{ConnectionUpdate, Direction, MonitorEvent, Observation, Outcome};
use rustix::event::{PollFd, PollFlags, Timespec, epoll, poll};
use rustix::io::Errno;
use rustix::net::{getpeername, getsockname};

use super::procfs::{self, CurrentSyscall};
use super::sys::{self, TcpInfo};

/// Duplicates that are held at a time; a connection beyond it has no outcome.
const MAX_HELD: usize = 256;
/// Time for which events wait, in one batch, for calls that have yet to be made and for answers that come at once.
const SETTLE_TIMEOUT: Duration = Duration::from_millis(3);
const SETTLE_INTERVAL: Duration = Duration::from_micros(100);
/// Connections without an answer that are followed at a time; one more stays pending.
const MAX_PENDING: usize = 1_024;
/// Time for which they are followed: the kernel gives up after some two minutes (`tcp_syn_retries`, `tcp(7)`).
const PENDING_TIMEOUT: Duration = Duration::from_secs(180);
/// Tokens of the epoll set above those of processes.
const FIRST_TOKEN: u64 = 1 << 40;

/// States of a TCP socket (`tcp_states.h`).
const SYN_SENT: u8 = 2;
const SYN_RECEIVED: u8 = 3;
const CLOSED: u8 = 7;
const LISTENS: u8 = 10;

static HELD: AtomicUsize = AtomicUsize::new(0);

/// The socket of a `connect` that was announced.
pub(crate) struct Dialed {
    socket: OwnedFd,
    tid: u32,
}

impl Dialed {
    /// Takes a duplicate, where there is room for one.
    pub(crate) fn hold(socket: OwnedFd, tid: u32) -> Option<Self> {
        let held = HELD.fetch_add(1, Ordering::Relaxed);
        // Counted, and given back in `drop` in any case.
        let dialed = Self { socket, tid };
        (held < MAX_HELD).then_some(dialed)
    }
}

impl Drop for Dialed {
    fn drop(&mut self) {
        HELD.fetch_sub(1, Ordering::Relaxed);
    }
}

/// State of a socket behind a call of `connect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Connected,
    Failed,
    Pending,
    /// The call may have yet to be made.
    Unknown,
}

/// A connection that has no answer yet.
struct Pending {
    pid: u32,
    local: SocketAddr,
    remote: SocketAddr,
    since: Instant,
}

/// State of the connections of all processes.
pub(crate) struct ConnectOutcomes {
    /// The event worker's epoll set.
    epoll: OwnedFd,
    pending: HashMap<u64, Pending>,
    newest: u64,
    /// Time that this batch may still wait.
    patience: Duration,
}

impl ConnectOutcomes {
    pub(crate) fn new(epoll: &OwnedFd) -> io::Result<Self> {
        Ok(Self {
            epoll: epoll.try_clone()?,
            pending: HashMap::new(),
            newest: FIRST_TOKEN,
            patience: SETTLE_TIMEOUT,
        })
    }

    pub(crate) fn begin_batch(&mut self) {
        self.patience = SETTLE_TIMEOUT;
    }

    /// The outcome of a TCP connection as of now.
    pub(crate) fn of_tcp(&mut self, pid: u32, to: (IpAddr, u16), dialed: Option<Dialed>) -> Option<Outcome> {
        let dialed = dialed?;
        match self.settle(|| confirmed(|| look_at_tcp(&dialed))) {
            View::Connected => Some(Outcome::Connected),
            View::Failed => Some(Outcome::Failed),
            View::Pending => {
                self.follow(pid, to, &dialed);
                Some(Outcome::Pending)
            }
            View::Unknown => None,
        }
    }

    /// The outcome of a connection to a Unix socket as of now; `is_missing` where there is no such path.
    pub(crate) fn of_unix(&mut self, dialed: Option<Dialed>, is_missing: bool) -> Option<Outcome> {
        let Some(dialed) = dialed else {
            return is_missing.then_some(Outcome::Failed);
        };
        let look = || match look_at_unix(&dialed) {
            View::Unknown if is_missing => View::Failed,
            view => view,
        };
        match self.settle(look) {
            View::Connected => Some(Outcome::Connected),
            View::Failed => Some(Outcome::Failed),
            View::Pending | View::Unknown => None,
        }
    }

    fn settle(&mut self, look: impl Fn() -> View) -> View {
        loop {
            let view = look();
            let is_settled = !matches!(view, View::Unknown | View::Pending);
            if is_settled || self.patience.is_zero() {
                return view;
            }
            let start = Instant::now();
            thread::sleep(SETTLE_INTERVAL);
            self.patience = self.patience.saturating_sub(start.elapsed());
        }
    }

    fn follow(&mut self, pid: u32, (ip, port): (IpAddr, u16), dialed: &Dialed) {
        let local = getsockname(&dialed.socket).ok();
        let Some(local) = local.and_then(|name| SocketAddr::try_from(name).ok()) else {
            return;
        };
        self.pending
            .retain(|_, pending| pending.since.elapsed() < PENDING_TIMEOUT);
        if self.pending.len() >= MAX_PENDING {
            return;
        }
        self.newest += 1;
        let flags = epoll::EventFlags::OUT | epoll::EventFlags::ONESHOT;
        let token = epoll::EventData::new_u64(self.newest);
        if epoll::add(&self.epoll, &dialed.socket, token, flags).is_ok() {
            let pending = Pending {
                pid,
                local: SocketAddr::new(local.ip().to_canonical(), local.port()),
                remote: SocketAddr::new(ip, port),
                since: Instant::now(),
            };
            self.pending.insert(self.newest, pending);
        }
    }

    /// Returns whether an event of the epoll set is a followed connection's.
    pub(crate) fn is_token(token: u64) -> bool {
        (FIRST_TOKEN..FIRST_TOKEN << 20).contains(&token)
    }

    /// The update of a followed connection that has an answer.
    pub(crate) fn answered(&mut self, token: u64, flags: epoll::EventFlags) -> Option<Observation> {
        let pending = self.pending.remove(&token)?;
        let failed = flags.intersects(epoll::EventFlags::ERR | epoll::EventFlags::HUP);
        let update = ConnectionUpdate {
            protocol: "tcp".into(),
            direction: Direction::Out,
            local: pending.local.to_string(),
            remote: pending.remote.to_string(),
            state: if failed { "closed" } else { "established" }.into(),
            bytes_in: None,
            bytes_out: None,
            rtt_us: None,
            duration_us: u64::try_from(pending.since.elapsed().as_micros()).ok(),
        };
        Some(Observation {
            pid: Some(pending.pid),
            outcome: Some(if failed { Outcome::Failed } else { Outcome::Connected }),
            ..MonitorEvent::ConnectionUpdate(Box::new(update)).into()
        })
    }

    pub(crate) fn ended(&mut self, pid: u32) {
        self.pending.retain(|_, pending| pending.pid != pid);
    }
}

/// Confirms a failure by a second look: the first one reads the socket before it asks for the thread's call, and a call that is
/// over by then may have been made in between.
fn confirmed(mut look: impl FnMut() -> View) -> View {
    match look() {
        View::Failed => look(),
        view => view,
    }
}

fn look_at_tcp(dialed: &Dialed) -> View {
    let Ok(info) = sys::tcp_info(dialed.socket.as_fd()) else {
        return View::Unknown;
    };
    let has_error = info.state == CLOSED && has_error(&dialed.socket);
    judge_tcp(&info, has_error, || procfs::current_syscall(dialed.tid))
}

fn judge_tcp(info: &TcpInfo, has_error: bool, current: impl FnOnce() -> CurrentSyscall) -> View {
    match info.state {
        SYN_SENT | SYN_RECEIVED => View::Pending,
        LISTENS => View::Unknown,
        // The acknowledged SYN counts as a byte: it was connected, and that is over.
        CLOSED if info.bytes_acked > 0 => View::Connected,
        CLOSED if has_error => View::Failed,
        // A socket before its first connect is closed as well. Once a SYN was sent, it knows the path's MTU.
        CLOSED => match current() {
            CurrentSyscall::Is(libc::SYS_connect) => View::Unknown,
            CurrentSyscall::Is(_) | CurrentSyscall::Gone => View::Failed,
            CurrentSyscall::Running if info.path_mtu > 0 => View::Failed,
            CurrentSyscall::Running => View::Unknown,
        },
        _ => View::Connected,
    }
}

fn has_error(socket: &OwnedFd) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut polled = [PollFd::new(socket, PollFlags::empty())];
    poll(&mut polled, Some(&now)).is_ok() && polled[0].revents().contains(PollFlags::ERR)
}

fn look_at_unix(dialed: &Dialed) -> View {
    match getpeername(&dialed.socket) {
        Ok(_) => View::Connected,
        Err(Errno::NOTCONN) => match procfs::current_syscall(dialed.tid) {
            CurrentSyscall::Is(libc::SYS_connect) | CurrentSyscall::Running => View::Unknown,
            CurrentSyscall::Is(_) | CurrentSyscall::Gone => View::Failed,
        },
        Err(_) => View::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(bytes_acked: u64, path_mtu: u32) -> TcpInfo {
        TcpInfo {
            state: CLOSED,
            bytes_acked,
            path_mtu,
        }
    }

    #[test]
    fn a_call_that_is_made_between_the_two_parts_of_a_look_is_no_failure() {
        let mut looks = [View::Failed, View::Connected].into_iter();
        assert_eq!(confirmed(|| looks.next().unwrap()), View::Connected);
        let mut looks = [View::Failed, View::Failed].into_iter();
        assert_eq!(confirmed(|| looks.next().unwrap()), View::Failed);
        let mut looks = [View::Connected].into_iter();
        assert_eq!(confirmed(|| looks.next().unwrap()), View::Connected);
    }

    #[test]
    fn a_closed_socket_has_failed_once_its_caller_is_out_of_connect() {
        let judge = |info, error, current| judge_tcp(&info, error, || current);
        let connects = CurrentSyscall::Is(libc::SYS_connect);
        assert_eq!(judge(closed(0, 0), false, connects), View::Unknown);
        assert_eq!(judge(closed(0, 1_500), false, connects), View::Unknown);
        assert_eq!(judge(closed(0, 0), false, CurrentSyscall::Running), View::Unknown);
        assert_eq!(judge(closed(0, 1_500), false, CurrentSyscall::Running), View::Failed);
        assert_eq!(judge(closed(0, 0), false, CurrentSyscall::Is(0)), View::Failed);
        assert_eq!(judge(closed(0, 0), false, CurrentSyscall::Gone), View::Failed);
        assert_eq!(judge(closed(0, 0), true, connects), View::Failed);
        assert_eq!(judge(closed(1, 1_500), true, CurrentSyscall::Gone), View::Connected);
    }

    #[test]
    fn what_is_held_is_bounded() {
        let socket = || OwnedFd::from(std::net::UdpSocket::bind("127.0.0.1:0").unwrap());
        let held: Vec<_> = (0..MAX_HELD + 10).map(|_| Dialed::hold(socket(), 1)).collect();
        assert!(held.iter().flatten().count() <= MAX_HELD);
        drop(held);
        assert!(Dialed::hold(socket(), 1).is_some());
    }
}
