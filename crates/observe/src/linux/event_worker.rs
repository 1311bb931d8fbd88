//! The teller's thread: turns records into observations, sees processes end, and calls the sink.
//!
//! Invariant: no program waits for this thread. A process's start is told before its calls, and its end after them, once
//! each (an exec is another start). Between two batches it rests for a millisecond, so that the observer need not wake
//! it for each call.

use std::collections::{HashMap, HashSet};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use mirrord_wire::{MonitorEvent, Observation};
use rustix::event::{Timespec, epoll};

use super::discovery::{Discovery, IDLE_LOOK_INTERVAL, open_child};
use super::dns::Lookups;
use super::event_builder::{Alive, Telling};
use super::process::{Moment, Process, Start, start_of_fork};
use super::procfs::Kin;
use super::queue::{Queue, Record};
use super::sys::{Listener, block_every_signal};

/// The rest between two batches: what it adds to an event's way is far below what a person sees.
const REST: Duration = Duration::from_millis(1);
/// How long it is waited, with growing pauses, for an exec to take place or for a socket to listen. What is decided
/// later is seen when the process calls again, or ends.
const LOOKING_LASTS: Duration = Duration::from_secs(5);
const MAX_PAUSE: Duration = Duration::from_millis(64);
/// How long the end of the root waits for the ends of others that came before it.
const OTHERS_LAST: Duration = Duration::from_millis(100);
/// How long after the tree's end its processes may take to become collectable.
const ENDING_LASTS: Duration = Duration::from_secs(2);

/// Processes that are watched for their end at a time.
const MAX_ALIVE: usize = 4_096;
/// Ancestors of a process that are asked for until one is known.
const MAX_ANCESTORS: usize = 64;

const WAKE: u64 = u64::MAX;
const LISTENER: u64 = u64::MAX - 1;

/// What others may wait for.
#[derive(Default)]
pub(crate) struct Progress {
    state: Mutex<Reached>,
    changed: Condvar,
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Reached {
    #[default]
    Running,
    /// The root's end was told, and everything that came before it.
    RootTold,
    /// Every process's end was told; nothing more will come.
    AllTold,
}

impl Progress {
    /// Waits, for a bounded time; false where that was not enough.
    pub(crate) fn wait_for(&self, reached: Reached, at_most: Duration) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_timeout_while(state, at_most, |state| *state < reached);
        *waited.unwrap_or_else(PoisonError::into_inner).0 >= reached
    }

    fn reach(&self, reached: Reached) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = reached;
        self.changed.notify_all();
    }
}

/// Tells that nothing more will come, even where the sink panics.
struct AtEnd(Arc<Progress>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        self.0.reach(Reached::AllTold);
    }
}

/// What the thread works with.
pub(crate) struct Teller<Sink> {
    queue: Arc<Queue>,
    listener: Arc<Listener>,
    progress: Arc<Progress>,
    sink: Sink,
    epoll: OwnedFd,
    alive: Alive,
    /// The processes whose start was told, and whose end was not.
    introduced: HashSet<u32>,
    discovery: Discovery,
    trying: Vec<(Arc<Process>, Instant)>,
    telling: Telling,
    pause: Duration,
    tree_ended: Option<Instant>,
    root_ended: Option<Instant>,
}

impl<Sink: FnMut(Observation)> Teller<Sink> {
    pub(crate) fn new(
        queue: Arc<Queue>,
        listener: Arc<Listener>,
        progress: Arc<Progress>,
        sink: Sink,
    ) -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &*queue, epoll::EventData::new_u64(WAKE), epoll::EventFlags::IN)?;
        // A hang-up is always reported: no process is left that has the filter.
        epoll::add(
            &epoll,
            &*listener,
            epoll::EventData::new_u64(LISTENER),
            epoll::EventFlags::empty(),
        )?;
        Ok(Self {
            queue,
            listener,
            progress,
            sink,
            epoll,
            alive: HashMap::new(),
            introduced: HashSet::new(),
            discovery: Discovery::new(),
            trying: Vec::new(),
            telling: Telling::new(Lookups::default()),
            pause: REST,
            tree_ended: None,
            root_ended: None,
        })
    }

    /// Runs until the last process of the tree has ended and was told.
    pub(crate) fn run(mut self) {
        block_every_signal();
        let _at_end = AtEnd(Arc::clone(&self.progress));
        let mut batch = Vec::new();
        let mut events = Vec::with_capacity(64);
        loop {
            let busy = self.tell_batch(&mut batch);
            self.look_at_execs();
            self.discover(busy);
            let looks = self.telling.look_at_sockets(&self.alive, &mut self.sink)
                || !self.trying.is_empty()
                || self.discovery.is_waiting();
            if self.is_over() {
                break;
            }
            self.wait(busy, looks, &mut events);
            let ended: Vec<u64> = events.drain(..).map(|event: epoll::Event| event.data.u64()).collect();
            let none = ended.is_empty();
            for token in ended {
                self.happened(token, &mut batch);
            }
            if let Some(since) = self.root_ended
                && (none || since.elapsed() > OTHERS_LAST)
            {
                self.root_ended = None;
                self.progress.reach(Reached::RootTold);
            }
        }
        let left: Vec<u32> = self.alive.keys().copied().collect();
        left.into_iter().for_each(|pid| self.end(pid));
    }

    fn is_over(&self) -> bool {
        self.tree_ended
            .is_some_and(|since| self.alive.is_empty() || since.elapsed() > ENDING_LASTS)
    }

    fn wait(&mut self, busy: bool, looks: bool, events: &mut Vec<epoll::Event>) {
        self.pause = if busy || !looks {
            REST
        } else {
            (self.pause * 2).min(MAX_PAUSE)
        };
        let sleeps = !busy && self.queue.may_sleep();
        let pause = if self.root_ended.is_some() {
            Some(Duration::ZERO)
        } else if !sleeps {
            Some(REST)
        } else if looks || self.tree_ended.is_some() {
            Some(self.pause)
        } else {
            Some(IDLE_LOOK_INTERVAL)
        };
        let pause = pause.and_then(|pause| Timespec::try_from(pause).ok());
        // Every signal is blocked, and the descriptors are ours: there is no error but one that a rest may cure.
        if epoll::wait(&self.epoll, rustix::buffer::spare_capacity(events), pause.as_ref()).is_err() {
            std::thread::sleep(REST);
        }
        if sleeps {
            self.queue.awake();
        }
    }

    fn happened(&mut self, token: u64, batch: &mut Vec<Record>) {
        match token {
            WAKE => {}
            LISTENER => {
                let _ = epoll::delete(&self.epoll, &*self.listener);
                self.tree_ended = Some(Instant::now());
            }
            pid => {
                self.queue.wait_for_what_was_answered();
                self.tell_batch(batch);
                self.end(pid as u32);
            }
        }
    }

    fn tell_batch(&mut self, batch: &mut Vec<Record>) -> bool {
        self.queue.take(batch);
        let busy = !batch.is_empty();
        for record in batch.drain(..) {
            match record {
                Record::Appeared(process) => self.watch_for_end(process),
                Record::Started(process, start) => self.started(process.pid, start),
                Record::Forked(process, start) => {
                    if !self.introduced.contains(&process.pid) {
                        self.started(process.pid, start);
                    }
                }
                Record::Tries(process) => {
                    self.pause = REST;
                    self.trying.retain(|(other, _)| !Arc::ptr_eq(other, &process));
                    self.trying.push((process, Instant::now()));
                }
                Record::Call { pid, call } => self.telling.tell(pid, call, &self.alive, &mut self.sink),
            }
        }
        busy
    }

    fn watch_for_end(&mut self, process: Arc<Process>) {
        let pid = process.pid;
        if let Some(known) = self.alive.get(&pid) {
            if known.was_found {
                // We were the first to find it; it may have ended since, and is told by its call all the same.
                let _ = epoll::delete(&self.epoll, &known.pidfd);
                self.discovery.take(pid);
                if known.is_told() {
                    process.set_told();
                }
            } else {
                // Its number was given to another process: the end of the first has not been seen yet.
                self.end(pid);
            }
        }
        let token = epoll::EventData::new_u64(u64::from(pid));
        let added = epoll::add(&self.epoll, &process.pidfd, token, epoll::EventFlags::IN);
        self.alive.insert(pid, process);
        if added.is_err() {
            self.end(pid);
        }
    }

    fn look_at_execs(&mut self) {
        let now = Instant::now();
        let mut started = Vec::new();
        self.trying.retain(|(process, since)| {
            if let Some(start) = process.settle(Moment::Meanwhile) {
                started.push((process.pid, start));
            }
            process.is_trying() && !process.has_ended() && now.duration_since(*since) < LOOKING_LASTS
        });
        for (pid, start) in started {
            self.started(pid, start);
        }
    }

    /// Finds processes that have made no call, and tells those that stay what they are.
    fn discover(&mut self, busy: bool) {
        if busy {
            self.discovery.want();
        }
        let now = Instant::now();
        for pid in self.discovery.numbers(now) {
            self.adopt(pid, now);
        }
        for found in self.discovery.take_due(now) {
            self.introduce(&found.process, found.start);
        }
    }

    /// Watches a process that is a child of one that is watched.
    fn adopt(&mut self, pid: u32, now: Instant) -> Option<Arc<Process>> {
        if self.alive.contains_key(&pid) || self.alive.len() >= MAX_ALIVE {
            return None;
        }
        let process = open_child(pid, |parent| self.alive.contains_key(&parent))?;
        self.watch_for_end(Arc::clone(&process));
        self.discovery.found(Arc::clone(&process), now);
        Some(process)
    }

    fn introduce(&mut self, process: &Process, start: Start) {
        if !self.introduced.contains(&process.pid) && !process.has_ended() {
            process.set_told();
            self.started(process.pid, start);
        }
    }

    /// Introduces the ancestors of a process that nobody knows yet, the oldest first; `None` where it has none of the
    /// tree any more. The root's parent is who started the program.
    fn introduce_parent(&mut self, pid: u32, parent: u32) -> Option<u32> {
        let is_root = self.alive.get(&pid).is_some_and(|process| process.is_root());
        if is_root || self.introduced.contains(&parent) {
            return Some(parent);
        }
        let mut unknown = vec![parent];
        while let Some(oldest) = unknown.last()
            && !self.alive.get(oldest).is_some_and(|process| process.is_root())
        {
            let next = Kin::read(*oldest)?.parent;
            if self.introduced.contains(&next) {
                break;
            }
            if next <= 1 || unknown.len() == MAX_ANCESTORS {
                return None;
            }
            unknown.push(next);
        }
        for pid in unknown.into_iter().rev() {
            let process = match self.alive.get(&pid) {
                Some(process) => Arc::clone(process),
                None => self.adopt(pid, Instant::now())?,
            };
            let found = self.discovery.take(pid).map(|found| found.start);
            self.introduce(&process, found.or_else(|| start_of_fork(pid))?);
        }
        self.introduced.contains(&parent).then_some(parent)
    }

    fn started(&mut self, pid: u32, mut start: Start) {
        start.parent = start.parent.and_then(|parent| self.introduce_parent(pid, parent));
        let is_first = self.introduced.insert(pid);
        self.tell_start(pid, start);
        if is_first && self.alive.get(&pid).is_some_and(|process| process.is_root()) {
            Telling::tell_inherited_ports(pid, &mut self.sink);
        }
    }

    fn tell_start(&mut self, pid: u32, start: Start) {
        (self.sink)(Observation::from(MonitorEvent::LayerConnected {
            pid,
            parent_pid: start.parent,
            process_name: Some(start.name),
            cmdline: start.command_line,
        }));
    }

    fn end(&mut self, pid: u32) {
        let Some(process) = self.alive.remove(&pid) else {
            return;
        };
        let _ = epoll::delete(&self.epoll, &process.pidfd);
        if let Some(start) = process.settle(Moment::End) {
            self.started(pid, start);
        }
        if let Some(found) = self.discovery.take(pid) {
            self.introduce(&process, found.start);
        }
        process.set_ended();
        self.telling.ended(pid);
        if self.introduced.remove(&pid) {
            (self.sink)(Observation::from(MonitorEvent::LayerDisconnected { pid }));
        }
        if process.is_root() {
            // Others that ended before it may have to be told yet.
            self.root_ended = Some(Instant::now());
        }
    }
}
