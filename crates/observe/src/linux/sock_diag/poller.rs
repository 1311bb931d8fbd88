//! The thread that looks at sockets: takes calls, notices and looks in turn, and hands on what has changed.

use std::collections::HashMap;
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use std::{io, mem};

use mirrord_wire::{ListenerUpdate, MonitorEvent, Observation, Outcome};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::time::{ClockId, clock_gettime};

use super::bind::{PendingBind, Verdict};
use super::holder::{self, SearchBudget};
use super::netlink::Diag;
use super::shared::{Interest, Shared, is_in_other_network, lock};
use super::socket::TcpSocket;
use super::tracker::{TOO_MANY, Tracker, with_pid};
use crate::linux::bound::Bound;
use crate::linux::procfs;
use crate::linux::sys::block_every_signal;

/// Interval between two looks, at least.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);
/// A look is followed by a pause of this many times its processor time, so that looking takes less than a hundredth of a processor.
const PAUSE_FACTOR: u32 = 120;
/// Longest interval, however long a look takes.
const MAX_LOOK_INTERVAL: Duration = Duration::from_secs(10);
/// Interval between two looks at a `bind` whose outcome is not known yet.
const BIND_INTERVAL: Duration = Duration::from_millis(1);
const MAX_BINDS: usize = 256;
/// Time for which a last report waits for connections to be destroyed.
const LAST_NOTICES_TIMEOUT: Duration = Duration::from_millis(30);
const LAST_NOTICES_INTERVAL: Duration = Duration::from_millis(3);
/// Listeners in other network namespaces that are remembered.
const MAX_ELSEWHERE: usize = 256;
/// Processes whose descriptors are searched in one look.
const MAX_SEARCHED: usize = 64;
/// Longest wait, where nothing is of interest.
const IDLE_INTERVAL: Duration = Duration::from_secs(3_600);

/// Reason for which a session is incomplete that cannot look at its sockets.
const NOT_PERMITTED: &str = "sock_diag";

/// Processor time of this thread.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// Ends of sockets that are kept until it is known whose they were.
const MAX_EARLY: usize = 1_024;

/// State of the thread.
pub(super) struct Poller {
    shared: Arc<Shared>,
    tracker: Tracker,
    diag: Option<Diag>,
    buffer: Vec<u8>,
    /// Ends of sockets whose listener was not known when they came.
    early: Vec<TcpSocket>,
    binds: Vec<PendingBind>,
    search_budget: SearchBudget,
    /// Listeners whose arrivals cannot be known.
    elsewhere: Vec<(u32, ListenerUpdate)>,
    looked: Option<Instant>,
    interval: Duration,
    /// A look is due at once: something is new.
    news: bool,
    flushed: u64,
    has_admitted: bool,
}

impl Poller {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let mut tracker = Tracker::default();
        tracker.begin_look();
        Self {
            shared,
            tracker,
            diag: Diag::open().ok(),
            buffer: Vec::new(),
            early: Vec::new(),
            binds: Vec::new(),
            search_budget: SearchBudget::default(),
            elsewhere: Vec::new(),
            looked: None,
            interval: LOOK_INTERVAL,
            news: false,
            flushed: 0,
            has_admitted: false,
        }
    }

    /// Runs until this process ends.
    pub(super) fn run(mut self) {
        block_every_signal();
        loop {
            self.take_interests();
            self.settle_binds();
            self.take_notices();
            if self.is_due() {
                self.look();
            }
            self.flush();
            self.admit();
            if !lock(&self.shared.outbox).is_empty() {
                self.shared.queue.wake();
            }
            self.wait();
        }
    }

    fn take_interests(&mut self) {
        let interests = mem::take(&mut *lock(&self.shared.inbox));
        let has_news = !interests.is_empty();
        for interest in interests {
            self.take_interest(interest);
        }
        if has_news {
            self.take_early();
        }
    }

    fn take_interest(&mut self, interest: Interest) {
        if self.diag.is_none() {
            return self.admit_not_permitted(&interest);
        }
        match interest {
            Interest::Connect {
                pid,
                cookie,
                remote,
                since,
            } => {
                if is_in_other_network(pid) != Some(true) {
                    self.tracker.expect(cookie, pid, remote, since);
                }
            }
            Interest::Listen {
                pid,
                inode,
                protocol,
                bound,
            } => self.listens(pid, inode, protocol, bound),
            Interest::Bind(bind) if self.binds.len() < MAX_BINDS => self.binds.push(bind),
            Interest::Bind(_) => {}
            Interest::Inherited { pid, sockets } => self.inherited(pid, sockets),
            Interest::Ended { pid } => self.ended(pid),
        }
        self.news = true;
    }

    fn listens(&mut self, pid: u32, inode: u64, protocol: &'static str, bound: Option<Bound>) {
        if protocol == "unix" || is_in_other_network(pid) != Some(true) {
            return self.tracker.listens(inode, pid, protocol, bound);
        }
        let Some(bound) = bound.filter(|_| self.elsewhere.len() < MAX_ELSEWHERE) else {
            return;
        };
        let update = ListenerUpdate {
            protocol: protocol.into(),
            address: bound.text(),
            port: bound.address.port(),
            note: Some("other_network".into()),
            ..ListenerUpdate::default()
        };
        self.elsewhere.push((pid, update.clone()));
        self.emit_listener(pid, update);
    }

    fn inherited(&mut self, pid: u32, sockets: Vec<u64>) {
        let (mut listening, mut unix) = (Vec::new(), Vec::new());
        if let Some(diag) = &mut self.diag {
            let _ = diag.tcp_listeners(&mut |socket| listening.push(socket.inode));
            let _ = diag.unix(&mut |socket| unix.extend(socket.listens.then_some(socket.inode)));
        }
        for inode in sockets {
            if listening.contains(&inode) {
                self.tracker.listens(inode, pid, "tcp", None);
            } else if unix.contains(&inode) {
                self.tracker.listens(inode, pid, "unix", None);
            }
        }
    }

    fn ended(&mut self, pid: u32) {
        for (pid, update) in self.elsewhere.extract_if(.., |own| own.0 == pid).collect::<Vec<_>>() {
            let closed = true;
            self.emit_listener(pid, ListenerUpdate { closed, ..update });
        }
    }

    fn emit_listener(&self, pid: u32, update: ListenerUpdate) {
        self.shared
            .emit(with_pid(pid, MonitorEvent::ListenerUpdate(Box::new(update))));
    }

    fn settle_binds(&mut self) {
        for bind in mem::take(&mut self.binds) {
            match bind.look() {
                Verdict::Pending => self.binds.push(bind),
                Verdict::Bound(address) if bind.protocol == "udp" => {
                    let bound = Bound { address, ..bind.bound };
                    self.listens(bind.pid(), bound.inode, "udp", Some(bound));
                }
                Verdict::Bound(_) => {}
                Verdict::Failed => self.bind_failed(&bind),
                Verdict::Unknown if self.is_taken(&bind) => self.bind_failed(&bind),
                Verdict::Unknown => {}
            }
        }
    }

    /// Returns whether another socket listens on the port, where this one is closed.
    fn is_taken(&mut self, bind: &PendingBind) -> bool {
        let own = bind.bound;
        if bind.protocol != "tcp"
            || self.tracker.is_listener(own.inode)
            || is_in_other_network(bind.pid()) == Some(true)
        {
            return false;
        }
        let diag = self.diag.as_mut();
        diag.is_some_and(|diag| holder::listener_at(diag, own).is_some())
    }

    fn bind_failed(&mut self, bind: &PendingBind) {
        let (pid, bound) = (bind.pid(), bind.bound);
        // Processes of another network namespace have other ports.
        let is_elsewhere = is_in_other_network(pid) == Some(true);
        let diag = self.diag.as_mut().filter(|_| !is_elsewhere);
        let budget = &mut self.search_budget;
        let holder = diag.and_then(|diag| budget.spend(|| holder::holder(diag, bind)));
        let is_known = holder.is_some();
        let update = holder::bind_failed(bind, holder);
        if bind.protocol == "udp" {
            return self.emit_listener(pid, update);
        }
        let event = MonitorEvent::PortSubscription {
            port: bound.address.port(),
            mode: "listen".into(),
            filter: None,
            address: Some(bound.text()),
        };
        self.shared.emit(Observation {
            outcome: Some(Outcome::Failed),
            ..with_pid(pid, event)
        });
        if is_known {
            self.emit_listener(pid, update);
        }
    }

    fn take_notices(&mut self) {
        let shared = Arc::clone(&self.shared);
        let Some(destroyed) = shared.subscription.get() else {
            return;
        };
        let is_announced = shared.is_announced();
        let (tracker, early) = (&mut self.tracker, &mut self.early);
        // An end that was lost is found by the looks, an arrival that was as short is not.
        let lost = destroyed.read(&mut self.buffer, &mut |socket| {
            let unknown = tracker.destroyed(socket, &mut |observation| shared.emit(observation));
            early.extend(unknown.filter(|_| is_announced && early.len() < MAX_EARLY));
        });
        if lost {
            shared.has_left_out.store(true, Ordering::Relaxed);
        }
    }

    /// Takes the ends of sockets that came before their listener or their call was known.
    fn take_early(&mut self) {
        let (tracker, shared) = (&mut self.tracker, &self.shared);
        let is_announced = shared.is_announced();
        for socket in mem::take(&mut self.early) {
            let unknown = tracker.destroyed(socket, &mut |observation| shared.emit(observation));
            self.early.extend(unknown.filter(|_| is_announced));
        }
    }

    fn is_due(&self) -> bool {
        let since = self.looked.map_or(Duration::MAX, |looked| looked.elapsed());
        since >= self.interval && (self.news || !self.tracker.is_idle())
    }

    fn look(&mut self) {
        let start = processor_time();
        self.tracker.begin_look();
        // A look that broke off says nothing of what it did not see.
        if self.look_at_sockets().is_ok() {
            self.find_owners();
            let shared = &self.shared;
            self.tracker.end_look(&mut |observation| shared.emit(observation));
        }
        self.news = false;
        let ports = self.tracker.tcp_ports();
        self.take_early();
        if let Some(destroyed) = self.shared.subscription.get()
            && !ports.is_empty()
            && !self.shared.is_announced()
        {
            destroyed.filter(&ports);
        }
        let pause = processor_time().saturating_sub(start).saturating_mul(PAUSE_FACTOR);
        self.interval = pause.clamp(LOOK_INTERVAL, MAX_LOOK_INTERVAL);
        self.looked = Some(Instant::now());
    }

    fn look_at_sockets(&mut self) -> io::Result<()> {
        let Some(diag) = &mut self.diag else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let tracker = &mut self.tracker;
        if tracker.has_unknown_port() {
            diag.tcp_listeners(&mut |socket| tracker.take(socket))?;
        }
        let ports = tracker.tcp_ports();
        if !ports.is_empty() {
            diag.tcp(&ports, &mut |socket| tracker.take(socket))?;
        }
        let ports = tracker.udp_ports();
        if !ports.is_empty() {
            diag.udp(&ports, &mut |socket| {
                tracker.take_udp(socket.inode, socket.is_connected)
            })?;
        }
        if tracker.has("unix") {
            let mut sockets = Vec::new();
            diag.unix(&mut |socket| sockets.push(socket))?;
            tracker.take_unix(&sockets);
        }
        Ok(())
    }

    /// Finds which process has an arrival, where it may be another one than that which listens.
    fn find_owners(&mut self) {
        let unowned = self.tracker.unowned();
        let processes: Vec<u32> = lock(&self.shared.processes).iter().rev().copied().collect();
        if unowned.is_empty() || processes.len() < 2 {
            return;
        }
        let mut owners = HashMap::new();
        for pid in processes.into_iter().take(MAX_SEARCHED) {
            for inode in procfs::socket_inodes(pid) {
                if unowned.contains(&inode) {
                    owners.entry(inode).or_insert(pid);
                }
            }
        }
        self.tracker.own(&owners);
    }

    /// Makes the last report that was asked for.
    fn flush(&mut self) {
        let asked = lock(&self.shared.flush).asked;
        if asked == self.flushed {
            return;
        }
        let start = Instant::now();
        while self.tracker.has_open() && start.elapsed() < LAST_NOTICES_TIMEOUT {
            self.wait_for_notices(LAST_NOTICES_INTERVAL);
            self.take_interests();
            self.take_notices();
        }
        // What is missing in both is closed.
        self.look();
        self.look();
        self.flushed = asked;
        lock(&self.shared.flush).made = asked;
        self.shared.flushed.notify_all();
    }

    fn admit_not_permitted(&mut self, interest: &Interest) {
        let (Interest::Connect { pid, .. } | Interest::Listen { pid, .. }) = interest else {
            return;
        };
        if !mem::replace(&mut self.has_admitted, true) {
            self.shared.emit(MonitorEvent::incomplete(NOT_PERMITTED, *pid).into());
        }
    }

    /// Admits once that connections were left out.
    fn admit(&mut self) {
        let left_out = self.shared.has_left_out.swap(false, Ordering::Relaxed) | self.tracker.take_left_out();
        if left_out && !mem::replace(&mut self.has_admitted, true) {
            let pid = lock(&self.shared.processes).first().copied().unwrap_or_default();
            self.shared.emit(MonitorEvent::incomplete(TOO_MANY, pid).into());
        }
    }

    fn wait(&mut self) {
        let timeout = if !self.binds.is_empty() {
            BIND_INTERVAL
        } else if self.news || !self.tracker.is_idle() {
            let since = self.looked.map_or(Duration::MAX, |looked| looked.elapsed());
            self.interval.saturating_sub(since)
        } else {
            IDLE_INTERVAL
        };
        self.wait_for_notices(timeout);
        let mut count = [0; 8];
        let _ = rustix::io::read(&self.shared.wake, &mut count);
    }

    fn wait_for_notices(&self, timeout: Duration) {
        let timeout = Timespec::try_from(timeout).ok();
        let wake = PollFd::new(&self.shared.wake, PollFlags::IN);
        let _ = match self.shared.subscription.get() {
            Some(destroyed) => {
                let fd = destroyed.as_fd();
                poll(&mut [wake, PollFd::new(&fd, PollFlags::IN)], timeout.as_ref())
            }
            None => poll(&mut [wake], timeout.as_ref()),
        };
    }
}
