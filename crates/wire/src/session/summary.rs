//! Answers in place of a list of calls: files by the name that was looked for, destinations with their outcomes, ports
//! with their arrivals, processes that died, and findings that are worth a look.
//!
//! [`Summary`] counts events in, one at a time and in the order of `seq`. The server keeps one with each session; the page
//! reads it as a snapshot and goes on counting: an event that it has counted is not counted again. Every list has a bound,
//! and what did not fit is counted. What is not known is absent: without outcomes no search has failed, and none has not.

mod findings;
mod folding;
mod lookups;
mod moment;
mod network;
mod ports;
mod probes;
mod processes;
mod seen;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use findings::{Finding, FindingKind, MAX_FINDINGS};
pub use folding::may_be_absent;
pub use lookups::{MAX_PLACES, MAX_SEARCHES, Place, SEARCH_WINDOW, Search, Verdict, is_change};
pub use moment::Moment;
pub use network::{Destination, FOLLOW_WINDOW, Host, MAX_DESTINATIONS};
pub use ports::{MAX_LISTENERS, Port, UNREACHED_AFTER};
pub use processes::{Died, MAX_DIED, MAX_RUNNING};
pub use seen::{Seen, SeenEvent};

use self::lookups::{Attempt, Lookups};
use self::network::Network;
use self::ports::Ports;
use self::probes::Probe;
use self::processes::{Processes, Running};
use super::bounded;
use super::event::EventLine;
use crate::lenient::is_zero;
use crate::openapi::described_as;

/// Answers of a session, and the state from which they go on.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Number of the newest event that was counted.
    pub seq: u64,
    /// Events up to it that were not seen, because they were lost, suppressed or before its time.
    pub missed: u64,
    latest: u64,
    lookups: Lookups,
    network: Network,
    ports: Ports,
    processes: Processes,
}

/// Numbers of failures by view; absent where nothing is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failures {
    /// Names of files that were found nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// Destinations that failed, and names that nothing followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<u64>,
    /// Ports that could not be listened on.
    pub ports: u64,
    /// Processes that died of a signal, and the first one where its exit code is not 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processes: Option<u64>,
}

/// Summary with what follows from it: the answer to `GET /api/sessions/:id/summary`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answers<'a> {
    /// Numbers of failures.
    pub failed: Failures,
    /// Findings, the gravest first.
    pub worth_a_look: Vec<Finding>,
    /// Findings beyond the bound of the list.
    #[serde(skip_serializing_if = "is_zero")]
    pub worth_a_look_more: u64,
    /// Destinations that failed, and names that nothing followed.
    pub network_failed: Vec<String>,
    /// The summary.
    #[serde(flatten)]
    pub summary: &'a Summary,
}

impl Summary {
    /// Counts an event in, unless it was counted before.
    pub fn apply(&mut self, seen: &Seen<'_>) {
        if seen.seq <= self.seq {
            return;
        }
        self.skip_to(seen.seq - 1);
        self.seq = seen.seq;
        self.latest = self.latest.max(seen.ts);
        let Seen { ts, pid, outcome, .. } = *seen;
        let Self {
            lookups,
            network,
            ports,
            processes,
            ..
        } = self;
        match seen.event {
            SeenEvent::File { path, operation } => {
                let attempt = Attempt {
                    ts,
                    pid,
                    path,
                    operation,
                    outcome,
                };
                lookups.attempt(&attempt, |name| processes.gave(pid, name));
            }
            SeenEvent::Dns { host } => network.asked(host, pid, ts, |host| processes.gave(pid, host)),
            SeenEvent::Connect { address, port } => network.connected(address, port, pid, ts, outcome),
            SeenEvent::Update(update) => {
                network.updated(update, ts, outcome);
                ports.updated(update, ts);
            }
            SeenEvent::Port { port } => ports.listens(port, pid, ts, outcome),
            SeenEvent::Listener {
                port,
                arrivals,
                last_ts,
            } => ports.reported(port, arrivals, last_ts, ts),
            SeenEvent::Request { host } => ports.requested(host, ts),
            SeenEvent::Started { name, cmdline } => processes.started(pid, name, cmdline, ts),
            SeenEvent::Ended(exit) => processes.ended(pid, exit, ts),
            SeenEvent::Other => {}
        }
    }

    /// Counts an event line in.
    pub fn apply_line(&mut self, line: &EventLine) {
        self.apply(&Seen::from(line));
    }

    /// Leaves an event out on purpose: it is neither counted nor missed.
    pub fn leave_out(&mut self, seq: u64) {
        if seq > self.seq {
            self.skip_to(seq - 1);
            self.seq = seq;
        }
    }

    /// Counts events up to a number as missed.
    pub fn skip_to(&mut self, seq: u64) {
        self.missed = self.missed.saturating_add(seq.saturating_sub(self.seq));
        self.seq = self.seq.max(seq);
    }

    /// Returns the moment of now, or of the last event of a session that has ended.
    #[must_use]
    pub fn moment(&self, now: u64, ended: bool) -> Moment {
        let latest = if ended { self.latest } else { now.max(self.latest) };
        Moment { latest, ended }
    }

    /// Returns the summary with what follows from it.
    #[must_use]
    pub fn answers(&self, now: Moment) -> Answers<'_> {
        let mut found = self.all_findings(now);
        let more = found.len().saturating_sub(MAX_FINDINGS);
        found.truncate(MAX_FINDINGS);
        Answers {
            failed: self.failed(now),
            worth_a_look: found,
            worth_a_look_more: more as u64,
            network_failed: self.network_failed(now),
            summary: self,
        }
    }

    /// Returns what is worth a look, the gravest first; at most [`MAX_FINDINGS`].
    #[must_use]
    pub fn findings(&self, now: Moment) -> Vec<Finding> {
        let mut found = self.all_findings(now);
        found.truncate(MAX_FINDINGS);
        found
    }

    fn all_findings(&self, now: Moment) -> Vec<Finding> {
        findings::findings(&self.lookups, &self.network, &self.ports, &self.processes, now)
    }

    /// Counts failures by view.
    #[must_use]
    pub fn failed(&self, now: Moment) -> Failures {
        let destinations = self.network.destinations();
        let failed = self.network_failed(now).len();
        let is_known = destinations.iter().any(|own| own.outcome.is_some()) || failed > 0;
        let died = self.processes.died.len() as u64 + self.processes.omitted;
        Failures {
            files: self.lookups.known.then(|| self.lookups.failed()),
            network: is_known.then_some(failed as u64),
            ports: self.ports.all.iter().filter(|port| port.failed > 0).count() as u64,
            processes: self.processes.known.then_some(died),
        }
    }

    /// Names of destinations that failed, and of hosts that nothing followed.
    #[must_use]
    pub fn network_failed(&self, now: Moment) -> Vec<String> {
        let all = self.network.destinations();
        let destinations = all.iter().filter(|own| own.is_failed(&all)).map(|own| own.name.clone());
        let hosts = self.network.hosts().into_iter().filter(|own| own.is_failed(now));
        destinations.chain(hosts.map(|own| own.name)).collect()
    }

    /// Searches that failed, then those that were successful in a later place, then the others that were; `None` where the
    /// outcome of no look-up is known.
    #[must_use]
    pub fn searches(&self) -> Option<Vec<&Search>> {
        let shown = |search: &&Search| self.verdict(search) != Verdict::Folded;
        self.lookups
            .known
            .then(|| self.lookups.ranked().into_iter().filter(shown).collect())
    }

    /// Judges a search.
    #[must_use]
    pub fn verdict(&self, search: &Search) -> Verdict {
        self.lookups.verdict(search)
    }

    /// Attempts in vain that loaders, imports, locales and optional files account for.
    #[must_use]
    pub fn folded(&self) -> u64 {
        self.lookups.folded
    }

    /// Destinations, in the order in which they came.
    #[must_use]
    pub fn destinations(&self) -> Vec<Destination> {
        self.network.destinations()
    }

    /// Names that were looked up, in the order in which they came.
    #[must_use]
    pub fn hosts(&self) -> Vec<Host> {
        self.network.hosts()
    }

    /// Ports, in the order in which they came.
    #[must_use]
    pub fn ports(&self) -> &[Port] {
        &self.ports.all
    }

    /// Processes that died of a signal, and the first one where its exit code is not 0.
    #[must_use]
    pub fn died(&self) -> &[Died] {
        &self.processes.died
    }

    /// Gives every text another form, and forgets the command lines of processes that run.
    pub fn redact(&mut self, rules: &Redaction<'_>) {
        let mut shape = Shape::from(&*self);
        for search in &mut shape.searches {
            search
                .places
                .iter_mut()
                .for_each(|place| place.path = (rules.path)(&place.path));
            let first = search.places.first().map(|place| folding::split(&place.path).1);
            search.name = first.unwrap_or_default().to_owned();
        }
        shape
            .probes
            .iter_mut()
            .for_each(|probe| probe.path = (rules.path)(&probe.path));
        for own in &mut shape.destinations {
            own.name = (rules.address)(&own.name);
            own.host = own.host.as_deref().map(rules.host);
        }
        shape
            .hosts
            .iter_mut()
            .for_each(|own| own.name = (rules.host)(&own.name));
        shape.running.clear();
        for died in &mut shape.died {
            died.command = (rules.command)(&died.command);
            died.exit.signal = died.exit.signal.as_deref().map(|signal| (rules.signal)(signal).into());
        }
        *self = shape.into();
    }
}

/// Forms in which the texts of a summary are shown to a reader.
#[derive(Clone, Copy)]
pub struct Redaction<'a> {
    /// Form of a path.
    pub path: &'a dyn Fn(&str) -> String,
    /// Form of an address, with its port or of a Unix socket.
    pub address: &'a dyn Fn(&str) -> String,
    /// Form of the name of a host.
    pub host: &'a dyn Fn(&str) -> String,
    /// Form of a command line.
    pub command: &'a dyn Fn(&str) -> String,
    /// Form of the name of a signal.
    pub signal: &'a dyn Fn(&str) -> String,
}

/// Summary on the wire.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
struct Shape {
    seq: u64,
    missed: u64,
    latest_ts: u64,
    /// The outcome of look-ups is known.
    outcomes: bool,
    /// The end of processes is known.
    exits: bool,
    #[serde(deserialize_with = "bounded::list::<MAX_SEARCHES, _, _>")]
    searches: Vec<Search>,
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<MAX_SEARCHES, _, _>"
    )]
    probes: Vec<Probe>,
    folded: u64,
    #[serde(rename = "searches_more")]
    searches_omitted: u64,
    #[serde(deserialize_with = "bounded::list::<MAX_DESTINATIONS, _, _>")]
    destinations: Vec<Destination>,
    #[serde(deserialize_with = "bounded::list::<MAX_DESTINATIONS, _, _>")]
    hosts: Vec<Host>,
    #[serde(rename = "network_more")]
    network_omitted: u64,
    #[serde(deserialize_with = "bounded::list::<MAX_LISTENERS, _, _>")]
    ports: Vec<Port>,
    #[serde(rename = "ports_more")]
    ports_omitted: u64,
    #[serde(deserialize_with = "bounded::list::<MAX_DIED, _, _>")]
    died: Vec<Died>,
    #[serde(rename = "died_more")]
    died_omitted: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<u32>,
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<MAX_RUNNING, _, _>"
    )]
    running: Vec<Running>,
}

described_as!(Summary, Shape);

impl From<&Summary> for Shape {
    fn from(own: &Summary) -> Self {
        let judged = |search: &Search| Search {
            verdict: own.verdict(search),
            ..search.clone()
        };
        let searches = if own.lookups.known {
            own.lookups.ranked()
        } else {
            Vec::new()
        };
        Self {
            seq: own.seq,
            missed: own.missed,
            latest_ts: own.latest,
            outcomes: own.lookups.known,
            exits: own.processes.known,
            searches: searches.into_iter().map(judged).collect(),
            probes: own.lookups.probes.repeated(),
            folded: own.lookups.folded,
            searches_omitted: own.lookups.omitted,
            destinations: own.network.destinations(),
            hosts: own.network.hosts(),
            network_omitted: own.network.omitted(),
            ports: own.ports.all.clone(),
            ports_omitted: own.ports.omitted,
            died: own.processes.died.clone(),
            died_omitted: own.processes.omitted,
            root: own.processes.root,
            running: own.processes.running.values().cloned().collect(),
        }
    }
}

impl From<Shape> for Summary {
    fn from(read: Shape) -> Self {
        let mut own = Self {
            seq: read.seq,
            missed: read.missed,
            latest: read.latest_ts,
            ..Self::default()
        };
        (own.lookups.known, own.lookups.folded) = (read.outcomes, read.folded);
        own.lookups.omitted = read.searches_omitted;
        own.lookups.restore(read.searches);
        own.lookups.probes.restore(read.probes);
        own.network.restore(read.destinations, read.hosts, read.network_omitted);
        (own.ports.all, own.ports.omitted) = (read.ports, read.ports_omitted);
        own.processes = Processes {
            root: read.root,
            running: read.running.into_iter().map(|own| (own.pid, own)).collect(),
            died: read.died,
            omitted: read.died_omitted,
            known: read.exits,
        };
        own
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shape::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Summary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Shape::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
#[path = "summary/tests.rs"]
mod tests;
