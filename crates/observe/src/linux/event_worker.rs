//! Event worker: the thread that turns records into observations, sees processes end, and calls the sink.
//!
//! Invariant: no program waits for this thread. A process's start is emitted before its calls, and its end after them,
//! once each (an exec is another start). Between two batches it pauses for a millisecond, so that the observer need not
//! wake it for each call.

use std::collections::{HashMap, HashSet};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mirrord_wire::{MonitorEvent, Observation, Outcome};
use rustix::event::{Timespec, epoll};

use super::batch::{drop_doubtful, take_jobs};
use super::connect_outcome::ConnectOutcomes;
use super::discovery::{Discovery, IDLE_LOOK_INTERVAL, open_child};
use super::dns::Lookups;
use super::environments::Environments;
use super::event_builder::{self, Alive, EventBuilder};
use super::exec_attempts::ExecAttempts;
use super::path_outcomes::PathOutcomes;
use super::paths::escape;
use super::process::{ObservationPoint, Process, Start, start_of_fork};
use super::process_exit::exit_of_process;
use super::procfs::{self, Kin};
use super::progress::{Progress, Reached};
use super::queue::{Call, Queue, Record};
use super::roots::Root;
use super::sock_diag::SocketMonitor;
use super::sys::{Listener, block_every_signal};

/// The rest between two batches: what it adds to an event's way is far below what a person sees.
const BATCH_INTERVAL: Duration = Duration::from_millis(1);
/// Time for which an exec or a socket is polled, with growing pauses. A later change is seen at the process's next call
/// or at its end.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);
const MAX_BACKOFF: Duration = Duration::from_millis(64);
/// Time for which the root's end waits for earlier ends of other processes.
const EARLIER_ENDS_TIMEOUT: Duration = Duration::from_millis(100);
/// Time after the tree's end in which its processes become collectable.
const REAP_TIMEOUT: Duration = Duration::from_secs(2);

/// Processes that are watched for their end at a time.
const MAX_ALIVE: usize = 4_096;
/// Ancestors of a process that are asked for until one is known.
const MAX_ANCESTORS: usize = 64;

const WAKE: u64 = u64::MAX;
const LISTENER: u64 = u64::MAX - 1;

/// Guard that marks the end on drop, also where the sink panics.
struct AtEnd(Arc<Progress>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        self.0.reach(Reached::AllEnded);
    }
}

/// State of the thread.
pub(crate) struct EventWorker<Sink> {
    queue: Arc<Queue>,
    listener: Arc<Listener>,
    progress: Arc<Progress>,
    sink: Sink,
    epoll: OwnedFd,
    alive: Alive,
    /// Processes with an emitted start and no emitted end.
    introduced: HashSet<u32>,
    discovery: Discovery,
    pending_execs: Vec<(Arc<Process>, Instant)>,
    builder: EventBuilder,
    /// Sockets that this process had before the program was forked.
    inheritable: Vec<u64>,
    sockets: SocketMonitor,
    path_outcomes: PathOutcomes,
    /// Attempts to execute a program, of processes whose start is yet to be emitted.
    attempts: ExecAttempts,
    environments: Environments,
    our_namespace: Vec<u8>,
    /// Records that were taken from the queue and not emitted yet.
    taken: Vec<Record>,
    pause: Duration,
    tree_ended: Option<Instant>,
    root_ended: Option<Instant>,
}

impl<Sink: FnMut(Observation)> EventWorker<Sink> {
    pub(crate) fn new(
        queue: Arc<Queue>,
        listener: Arc<Listener>,
        progress: Arc<Progress>,
        path_outcomes: PathOutcomes,
        sockets: SocketMonitor,
        sink: Sink,
    ) -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let connects = ConnectOutcomes::new(&epoll)?;
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
            pending_execs: Vec::new(),
            builder: EventBuilder::new(Lookups::default(), connects),
            path_outcomes,
            attempts: ExecAttempts::new(),
            environments: Environments::default(),
            our_namespace: procfs::mount_namespace(std::process::id()).unwrap_or_default(),
            taken: Vec::new(),
            inheritable: procfs::socket_inodes(std::process::id()),
            sockets,
            pause: BATCH_INTERVAL,
            tree_ended: None,
            root_ended: None,
        })
    }

    /// Runs until the end of the tree's last process was emitted.
    pub(crate) fn run(mut self) {
        block_every_signal();
        let _at_end = AtEnd(Arc::clone(&self.progress));
        let mut events = Vec::with_capacity(64);
        loop {
            let busy = self.process_batch();
            self.look_at_execs();
            self.discover(busy);
            self.sockets.drain(&mut self.sink);
            let looks = self.builder.look_at_sockets(&self.alive, &mut self.sink)
                || !self.pending_execs.is_empty()
                || self.discovery.is_waiting();
            if self.is_over() {
                break;
            }
            self.wait(busy, looks, &mut events);
            let none = events.is_empty();
            for event in events.drain(..) {
                self.happened(event);
            }
            if let Some(since) = self.root_ended
                && (none || since.elapsed() > EARLIER_ENDS_TIMEOUT)
            {
                self.root_ended = None;
                self.sockets.flush(&mut self.sink);
                self.progress.reach(Reached::RootEnded);
            }
        }
        self.process_batch();
        self.process_batch();
        let left: Vec<u32> = self.alive.keys().copied().collect();
        left.into_iter().for_each(|pid| self.end(pid));
        self.sockets.flush(&mut self.sink);
    }

    fn is_over(&self) -> bool {
        self.tree_ended
            .is_some_and(|since| self.alive.is_empty() || since.elapsed() > REAP_TIMEOUT)
    }

    fn wait(&mut self, busy: bool, looks: bool, events: &mut Vec<epoll::Event>) {
        self.pause = if busy || !looks {
            BATCH_INTERVAL
        } else {
            (self.pause * 2).min(MAX_BACKOFF)
        };
        let sleeps = !busy && self.taken.is_empty() && self.queue.may_sleep();
        let pause = if self.root_ended.is_some() {
            Some(Duration::ZERO)
        } else if !sleeps {
            Some(BATCH_INTERVAL)
        } else if looks || self.tree_ended.is_some() {
            Some(self.pause)
        } else {
            Some(IDLE_LOOK_INTERVAL)
        };
        let pause = pause.and_then(|pause| Timespec::try_from(pause).ok());
        // Every signal is blocked, and the descriptors are ours: there is no error but one that a rest may cure.
        if epoll::wait(&self.epoll, rustix::buffer::spare_capacity(events), pause.as_ref()).is_err() {
            std::thread::sleep(BATCH_INTERVAL);
        }
        if sleeps {
            self.queue.awake();
        }
    }

    fn happened(&mut self, event: epoll::Event) {
        match event.data.u64() {
            WAKE => {}
            LISTENER => {
                let _ = epoll::delete(&self.epoll, &*self.listener);
                self.tree_ended = Some(Instant::now());
            }
            token if ConnectOutcomes::is_token(token) => {
                if let Some(update) = self.builder.connects.answered(token, event.flags) {
                    (self.sink)(update);
                }
            }
            pid => {
                self.queue.wait_for_what_was_answered();
                // What was taken before, and then the rest.
                self.process_batch();
                self.process_batch();
                self.end(pid as u32);
            }
        }
    }

    /// Emits the events of what was taken from the queue, and takes what was announced meanwhile.
    fn process_batch(&mut self) -> bool {
        let mut batch = std::mem::take(&mut self.taken);
        if batch.is_empty() {
            self.queue.take(&mut batch);
        }
        let busy = !batch.is_empty();
        let outcomes = self.look_up(&mut batch);
        self.builder.connects.begin_batch();
        for (record, outcome) in batch.drain(..).zip(outcomes) {
            self.process(record, outcome);
        }
        if self.taken.is_empty() {
            // Its room is used again.
            self.taken = batch;
        }
        busy
    }

    /// The outcomes of the look-ups among these records.
    fn look_up(&mut self, batch: &mut [Record]) -> Vec<Option<Outcome>> {
        let mut outcomes = vec![None; batch.len()];
        let (places, jobs) = take_jobs(batch);
        if !jobs.is_empty() {
            for (place, outcome) in places.into_iter().zip(self.path_outcomes.look_up(jobs)) {
                outcomes[place] = outcome;
            }
            self.queue.wait_for_changes();
            self.queue.take(&mut self.taken);
            if self.queue.take_lost_changes() {
                outcomes.fill(None);
            }
            drop_doubtful(batch, &self.taken, &mut outcomes);
        }
        outcomes
    }

    fn process(&mut self, record: Record, outcome: Option<Outcome>) {
        match record {
            Record::Appeared(process) => self.watch_for_end(process),
            Record::Started(process, start) => self.started(process.pid, start),
            Record::Forked(process, start) => {
                if !self.introduced.contains(&process.pid) {
                    self.started(process.pid, start);
                }
            }
            Record::ExecPending(process) => {
                self.pause = BATCH_INTERVAL;
                self.attempts.set_fork(process.pid, || process.before_exec());
                self.pending_execs.retain(|(other, _)| !Arc::ptr_eq(other, &process));
                self.pending_execs.push((process, Instant::now()));
            }
            Record::Call {
                pid,
                call:
                    Call::File {
                        located,
                        operation: "exec",
                        ..
                    },
            } if self.attempts.keeps(self.is_root(pid), self.introduced.contains(&pid)) => {
                let observation = event_builder::file(pid, &located, ("exec", false), outcome);
                let (is_root, is_introduced) = (self.is_root(pid), self.introduced.contains(&pid));
                let found = self.attempts.keep(pid, observation, is_root, is_introduced);
                found.into_iter().for_each(&mut self.sink);
            }
            Record::Call { pid, call } => {
                if self.attempts.root_searches() && self.introduced.contains(&pid) && self.is_root(pid) {
                    self.attempts.end_search(pid).into_iter().for_each(&mut self.sink);
                }
                self.sockets.note(pid, &call, self.alive.get(&pid));
                self.builder.emit((pid, call), outcome, &self.alive, &mut self.sink);
            }
        }
    }

    fn is_root(&self, pid: u32) -> bool {
        self.alive.get(&pid).is_some_and(|process| process.is_root())
    }

    fn watch_for_end(&mut self, process: Arc<Process>) {
        let pid = process.pid;
        if let Some(known) = self.alive.get(&pid) {
            if known.was_found {
                // We were the first to find it; it may have ended since, and is reported by its call all the same.
                let _ = epoll::delete(&self.epoll, &known.pidfd);
                self.discovery.take(pid);
                if known.is_reported() {
                    process.set_reported();
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
        self.pending_execs.retain(|(process, since)| {
            if let Some(start) = process.resolve_exec(ObservationPoint::Meanwhile) {
                started.push((process.pid, start));
            }
            process.has_pending_exec() && !process.has_ended() && now.duration_since(*since) < LOOK_TIMEOUT
        });
        for (pid, start) in started {
            self.started(pid, start);
        }
    }

    /// Finds processes that have made no call, and emits the start of those that execute nothing.
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
            process.set_reported();
            self.started(process.pid, start);
        }
    }

    /// Emits the starts of a process's unknown ancestors, the oldest first; `None` where it has no ancestor in the tree
    /// any more. The root's parent is the process that started the program.
    fn introduce_parent(&mut self, pid: u32, parent: u32) -> Option<u32> {
        let is_root = self.is_root(pid);
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
        let is_root = self.is_root(pid);
        let variables = self.environments.started(pid, start.parent, is_root);
        self.emit_start(pid, start);
        if !variables.is_empty() {
            let event = MonitorEvent::EnvVar { vars: variables };
            (self.sink)(event_builder::with_pid(pid, event));
        }
        self.attempts.started(pid, is_root).into_iter().for_each(&mut self.sink);
        let mut inherited = Vec::new();
        if is_first && is_root {
            // By now the program may have sockets of its own.
            inherited = procfs::socket_inodes(pid);
            inherited.retain(|socket| self.inheritable.contains(socket));
            EventBuilder::emit_inherited_ports(pid, &inherited, &mut self.sink);
        }
        self.sockets.started(pid, inherited);
    }

    fn emit_start(&mut self, pid: u32, start: Start) {
        let cwd = start.directory.or_else(|| self.working_directory(pid));
        (self.sink)(Observation::from(MonitorEvent::LayerConnected {
            pid,
            parent_pid: start.parent,
            process_name: Some(start.name),
            cmdline: start.command_line,
            cwd,
        }));
    }

    /// The working directory of a process, as its own root sees it.
    fn working_directory(&self, pid: u32) -> Option<String> {
        let path = procfs::working_directory(pid).ok()?;
        let root = Root::of(pid, &self.our_namespace);
        let inside = root.as_ref().map_or(Some(&path[..]), |root| root.inside(&path))?;
        Some(escape(inside))
    }

    fn end(&mut self, pid: u32) {
        let Some(process) = self.alive.remove(&pid) else {
            return;
        };
        let exit = exit_of_process(&process);
        let _ = epoll::delete(&self.epoll, &process.pidfd);
        if let Some(start) = process.resolve_exec(ObservationPoint::End) {
            self.started(pid, start);
        }
        if let Some(found) = self.discovery.take(pid) {
            self.introduce(&process, found.start);
        }
        if !self.introduced.contains(&pid)
            && !process.is_root()
            && let Some(fork) = self.attempts.fork(pid)
        {
            self.started(pid, fork);
        }
        if process.is_root() && self.introduced.contains(&pid) {
            self.attempts.end_search(pid).into_iter().for_each(&mut self.sink);
        }
        self.attempts.take(pid);
        self.environments.ended(pid);
        process.set_ended();
        self.builder.ended(pid);
        self.sockets.ended(pid);
        if self.introduced.remove(&pid) {
            (self.sink)(Observation::from(MonitorEvent::LayerDisconnected { pid, exit }));
        }
        if process.is_root() {
            // Others that ended before it may have to be reported yet.
            self.root_ended = Some(Instant::now());
        }
    }
}
