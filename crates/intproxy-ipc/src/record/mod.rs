//! One event as a run of bytes: what an emitter writes, what the session's task reads, and what is kept.
//!
//! Bytes and not the event itself: the event's memory is freed by the thread that made it, and a queue of bytes has a
//! bound that is exact. And not its line, which takes twice as many. The events that come by the thousand have a form of
//! their own; the rest are JSON. Never leaves the process, so it has no version.

mod names;

use std::borrow::Cow;

use mirrord_wire::{Counters, DecisionDetail, EventLine, MonitorEvent, Observation, Outcome, Routing, Unhooked};

use self::names::{NAMES, code, name};

/// `length, seq, ts, [kind and flags, code and outcome, port], pid, length of the first text`, four bytes each.
const HEADER: usize = 24;
/// A further text: which it is, and its length.
const MORE: usize = 5;

const FILE_OP: u8 = 0;
const DNS_QUERY: u8 = 1;
const CONNECTION: u8 = 2;
const REQUEST: u8 = 3;
const JSON: u8 = 4;
/// Not an event: the line, as JSON, that accounts for so many suppressed ones as stand in the place of the process.
const SUPPRESSED: u8 = 5;
const KINDS: usize = 6;
const KIND: u8 = 0b111;
/// The bits of the routing, its place among all of them from 1.
const ROUTING: u8 = 0b111;
const ROUTING_SHIFT: u8 = 3;
const HAS_PID: u8 = 1 << 6;
const HAS_FIRST: u8 = 1 << 7;
/// The code's bits; those above have the outcome.
const CODE: u8 = 0b1_1111;
const OUTCOME_SHIFT: u8 = 5;

/// Marks of the texts that follow the first.
const SECOND: u8 = 1;
const THIRD: u8 = 2;
const RULE: u8 = 3;
const ROOT: u8 = 4;
const PASSED: u8 = 5;
const WRITE: u8 = 6;
/// May be there more than once.
const DEPENDS_ON: u8 = 7;
const UNHOOKED: u8 = 8;
const SENDTO: u8 = 9;

/// An event in the parts of which a record is made. Small, since it is made for every event that is emitted.
pub(crate) struct Parts<'a> {
    /// Kind and flags, code and outcome, port.
    marks: u32,
    pid: u32,
    first: &'a [u8],
    /// The bytes of the further texts.
    more: usize,
    observation: Option<&'a Observation>,
}

impl<'a> Parts<'a> {
    /// Takes an event apart; `None` where it is not of the frequent kinds.
    #[inline]
    pub(crate) fn of(observation: &'a Observation) -> Option<Self> {
        let (kind, first, name, port) = match &observation.event {
            MonitorEvent::FileOp { path, operation } => (FILE_OP, path.as_deref(), Some(operation), 0),
            MonitorEvent::DnsQuery { host } => (DNS_QUERY, Some(host.as_str()), None, service_port(observation)),
            MonitorEvent::OutgoingConnection {
                address,
                port,
                protocol,
            } => (CONNECTION, Some(address.as_str()), protocol.as_ref(), *port),
            MonitorEvent::IncomingRequest { path, .. } => (REQUEST, Some(path.as_str()), None, 0),
            _ => return None,
        };
        let routing = observation.routing.map_or(0, |routing| routing as u8 + 1);
        let pid = if observation.pid.is_some() { HAS_PID } else { 0 };
        let has_first = if first.is_some() { HAS_FIRST } else { 0 };
        let code = name.map_or(0, |name| code(name));
        let outcome = observation.outcome.map_or(0, |outcome| outcome as u8 + 1);
        let mut parts = Self {
            marks: u32::from(kind | routing << ROUTING_SHIFT | pid | has_first)
                | u32::from(code | outcome << OUTCOME_SHIFT) << 8
                | u32::from(port) << 16,
            pid: observation.pid.unwrap_or(0),
            first: first.unwrap_or_default().as_bytes(),
            more: 0,
            observation: Some(observation),
        };
        let has_more = observation.rule.is_some() || observation.root.is_some() || observation.detail.is_some();
        if kind == REQUEST || (name.is_some() && code == 0) || has_more {
            let mut more = 0;
            parts.for_each_more(|_, text| more += MORE + text.len());
            parts.more = more;
        }
        Some(parts)
    }

    /// An event of the other kinds, as [`json`] has it.
    pub(crate) fn rare(json: &'a [u8]) -> Self {
        Self::text(JSON, 0, json)
    }

    /// The line, as JSON, that accounts for `count` events.
    pub(crate) fn suppressed(count: u32, json: &'a [u8]) -> Self {
        Self::text(SUPPRESSED, count, json)
    }

    fn text(kind: u8, number: u32, first: &'a [u8]) -> Self {
        Self {
            marks: u32::from(kind | HAS_FIRST),
            pid: number,
            first,
            more: 0,
            observation: None,
        }
    }

    fn for_each_more(&self, mut each: impl FnMut(u8, &'a str)) {
        let Some(observation) = self.observation else {
            return;
        };
        let (second, third) = match &observation.event {
            MonitorEvent::FileOp { operation, .. } => (Some(&**operation), None),
            MonitorEvent::OutgoingConnection { protocol, .. } => (protocol.as_deref(), None),
            MonitorEvent::IncomingRequest { method, host, .. } => (Some(&**method), Some(&**host)),
            _ => (None, None),
        };
        let second = second.filter(|_| self.marks >> 8 & u32::from(CODE) == 0);
        let (rule, root) = (observation.rule.as_deref(), observation.root.as_deref());
        let texts = [(SECOND, second), (THIRD, third), (RULE, rule), (ROOT, root)];
        for (which, text) in texts {
            text.into_iter().for_each(|text| each(which, text));
        }
        if let Some(detail) = observation.detail.as_deref() {
            for_each_detail(detail, each);
        }
    }

    /// Returns the record's length, bytes.
    #[inline]
    pub(crate) fn size(&self) -> usize {
        HEADER + self.first.len() + self.more
    }

    /// Writes the record into a place of its size; `seq` and `ts` are relative to the chunk's own.
    #[inline]
    pub(crate) fn write(&self, out: &mut [u8], seq: u32, ts: u32) {
        let size = out.len() as u32;
        let Some((header, texts)) = out.split_first_chunk_mut::<HEADER>() else {
            return;
        };
        // Two at a time: read back whole from memory where they were just written in pieces, they would stall.
        let two = |low: u32, high: u32| (u64::from(low) | u64::from(high) << 32).to_le_bytes();
        header[..8].copy_from_slice(&two(size, seq));
        header[8..16].copy_from_slice(&two(ts, self.marks));
        header[16..].copy_from_slice(&two(self.pid, self.first.len() as u32));
        let Some((first, more)) = texts.split_at_mut_checked(self.first.len()) else {
            return;
        };
        first.copy_from_slice(self.first);
        if !more.is_empty() {
            self.write_more(more);
        }
    }

    #[cold]
    fn write_more(&self, mut out: &mut [u8]) {
        // The place has room for exactly these, so nothing of it can fail.
        let mut put = |bytes: &[u8]| _ = std::io::Write::write_all(&mut out, bytes);
        self.for_each_more(|which, text| {
            put(&[which]);
            put(&(text.len() as u32).to_le_bytes());
            put(text.as_bytes());
        });
    }
}

/// The service's port in the place of a connection's; 0 where it is not known, and 0 asks for none.
fn service_port(observation: &Observation) -> u16 {
    let port = observation.detail.as_deref().and_then(|detail| detail.port);
    port.unwrap_or(0)
}

#[cold]
fn for_each_detail<'a>(detail: &'a DecisionDetail, mut each: impl FnMut(u8, &'a str)) {
    let texts = [
        (PASSED, detail.passed.as_deref()),
        (WRITE, detail.write.then_some("")),
        (SENDTO, detail.sendto.then_some("")),
        (UNHOOKED, detail.unhooked.map(Unhooked::name)),
    ];
    for (which, text) in texts {
        text.into_iter().for_each(|text| each(which, text));
    }
    detail.depends_on.iter().for_each(|fact| each(DEPENDS_ON, fact));
}

/// An event as it is in a record of the other kinds.
#[cold]
pub(crate) fn json(observation: &Observation) -> Vec<u8> {
    let line = EventLine {
        seq: 0,
        ts: 0,
        observation: observation.clone(),
    };
    // Nothing in these types can fail to be written; an empty text would be counted as lost.
    serde_json::to_vec(&line).unwrap_or_default()
}

/// A record with its number and its time.
#[derive(Clone, Copy)]
pub(crate) struct Stamped<'a> {
    pub(crate) seq: u64,
    pub(crate) ts: u64,
    pub(crate) record: Record<'a>,
}

/// A record that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    bytes: &'a [u8],
}

/// A file operation that is being read.
pub(crate) struct FileOp<'a> {
    pub(crate) path: &'a [u8],
    pub(crate) operation: &'static str,
    pub(crate) pid: Option<u32>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) routing: Option<Routing>,
    pub(crate) rule: Option<&'a [u8]>,
    pub(crate) passed: Option<&'a [u8]>,
    pub(crate) is_write: bool,
    pub(crate) unhooked: Option<Unhooked>,
    pub(crate) root: Option<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The record at the beginning of `bytes`, and what follows it.
    pub(crate) fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let length = word(bytes, 0)? as usize;
        let (bytes, rest) = bytes.split_at_checked(length.max(HEADER))?;
        Some((Self { bytes }, rest))
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// With its number and its time, given what they are counted from.
    pub(crate) fn stamped(self, seq: u64, ts: u64) -> Stamped<'a> {
        let own = |at| u64::from(word(self.bytes, at).unwrap_or(0));
        Stamped {
            seq: seq + own(4),
            ts: ts + own(8),
            record: self,
        }
    }

    /// Gives the record at the beginning of `bytes` another number and time.
    pub(crate) fn stamp(bytes: &mut [u8], seq: u32, ts: u32) {
        if let Some(place) = bytes.get_mut(4..12) {
            place.copy_from_slice(&(u64::from(seq) | u64::from(ts) << 32).to_le_bytes());
        }
    }

    /// The line, and how many events it accounts for, where it is not an event.
    pub(crate) fn suppressed(self) -> Option<(u64, &'a [u8])> {
        let is = self.flags() & KIND == SUPPRESSED;
        is.then(|| (u64::from(self.pid_word()), self.first().unwrap_or_default()))
    }

    /// The parts of a file operation that has a path, a known name and no open dependency.
    pub(crate) fn file_op(self) -> Option<FileOp<'a>> {
        let is = self.flags() & KIND == FILE_OP && self.code() != 0 && self.more(DEPENDS_ON).is_none();
        is.then_some(FileOp {
            path: self.first()?,
            operation: name(self.code()),
            pid: self.pid(),
            outcome: self.outcome(),
            routing: self.routing(),
            rule: self.more(RULE),
            passed: self.more(PASSED),
            is_write: self.more(WRITE).is_some(),
            unhooked: self.unhooked(),
            root: self.more(ROOT),
        })
    }

    fn pid_word(self) -> u32 {
        word(self.bytes, 16).unwrap_or(0)
    }

    fn pid(self) -> Option<u32> {
        (self.flags() & HAS_PID != 0).then(|| self.pid_word())
    }

    fn flags(self) -> u8 {
        self.bytes[12]
    }

    fn code(self) -> u8 {
        self.bytes[13] & CODE
    }

    fn outcome(self) -> Option<Outcome> {
        let place = usize::from(self.bytes[13] >> OUTCOME_SHIFT).checked_sub(1)?;
        Outcome::ALL.get(place).copied()
    }

    fn routing(self) -> Option<Routing> {
        let place = usize::from(self.flags() >> ROUTING_SHIFT & ROUTING).checked_sub(1)?;
        Routing::ALL.get(place).copied()
    }

    fn first(self) -> Option<&'a [u8]> {
        let length = word(self.bytes, 20)? as usize;
        let text = self.bytes.get(HEADER..HEADER + length);
        text.filter(|_| self.flags() & HAS_FIRST != 0)
    }

    fn more(self, wanted: u8) -> Option<&'a [u8]> {
        self.texts().find_map(|(which, text)| (which == wanted).then_some(text))
    }

    /// The further texts, with their marks.
    fn texts(self) -> impl Iterator<Item = (u8, &'a [u8])> {
        let first = word(self.bytes, 20).unwrap_or(0) as usize;
        let mut rest = self.bytes.get(HEADER + first..).unwrap_or_default();
        std::iter::from_fn(move || {
            let end = MORE + word(rest, 1)? as usize;
            let (text, next) = rest.split_at_checked(end)?;
            rest = next;
            Some((*text.first()?, text.get(MORE..)?))
        })
    }

    fn unhooked(self) -> Option<Unhooked> {
        let word = self.more(UNHOOKED)?;
        Unhooked::ALL.into_iter().find(|own| own.name().as_bytes() == word)
    }

    /// The port in the place of a connection's.
    fn port(self) -> u16 {
        u16::from_le_bytes([self.bytes[14], self.bytes[15]])
    }

    fn detail(self) -> Option<Box<DecisionDetail>> {
        let is_dns = self.flags() & KIND == DNS_QUERY;
        let depends_on = self.texts().filter(|(which, _)| *which == DEPENDS_ON);
        let detail = DecisionDetail {
            passed: self.more(PASSED).map(text),
            write: self.more(WRITE).is_some(),
            sendto: self.more(SENDTO).is_some(),
            port: Some(self.port()).filter(|port| is_dns && *port > 0),
            depends_on: depends_on.map(|(_, own)| text(own)).collect(),
            unhooked: self.unhooked(),
            by_loader: false,
        };
        (detail != DecisionDetail::default()).then(|| Box::new(detail))
    }

    fn named(self) -> Option<Cow<'static, str>> {
        match self.code() {
            0 => self.more(SECOND).map(text).map(Cow::Owned),
            code => Some(Cow::Borrowed(name(code))),
        }
    }

    /// Returns the observation as it was; `None` where it is not an event.
    fn observation(self) -> Option<Observation> {
        let first = || self.first().map(text);
        let event = match self.flags() & KIND {
            FILE_OP => MonitorEvent::FileOp {
                path: first(),
                operation: self.named().unwrap_or_default(),
            },
            DNS_QUERY => MonitorEvent::DnsQuery {
                host: first().unwrap_or_default(),
            },
            CONNECTION => MonitorEvent::OutgoingConnection {
                address: first().unwrap_or_default(),
                port: self.port(),
                protocol: self.named(),
            },
            REQUEST => MonitorEvent::IncomingRequest {
                method: self.more(SECOND).map(text).unwrap_or_default(),
                path: first().unwrap_or_default(),
                host: self.more(THIRD).map(text).unwrap_or_default(),
            },
            JSON => {
                let line: EventLine = serde_json::from_slice(self.first()?).ok()?;
                return Some(line.observation);
            }
            _ => return None,
        };
        Some(Observation {
            event,
            pid: self.pid(),
            outcome: self.outcome(),
            routing: self.routing(),
            rule: self.more(RULE).map(text).map(Cow::Owned),
            detail: self.detail(),
            root: self.more(ROOT).map(text).map(Cow::Owned),
        })
    }
}

impl Stamped<'_> {
    /// The event, as it was; `None` where it is not one.
    pub(crate) fn event(&self) -> Option<EventLine> {
        Some(EventLine {
            seq: self.seq,
            ts: self.ts,
            observation: self.record.observation()?,
        })
    }
}

/// Counts records that are given up.
pub(crate) fn count_lost(mut bytes: &[u8], lost: &mut Counters) {
    // By name only at the end: a flood gives up millions, nearly all of them of a few kinds.
    let (mut kinds, mut names, mut routings) = ([0; KINDS], [0; NAMES.len()], [0; ROUTING as usize + 1]);
    let mut outcomes = [0; Outcome::ALL.len()];
    while let Some((record, rest)) = Record::split(bytes) {
        bytes = rest;
        let kind = record.flags() & KIND;
        if kind == JSON {
            if let Some(observation) = record.observation() {
                lost.count(&observation, 1);
            }
            continue;
        }
        kinds[usize::from(kind) % KINDS] += 1;
        routings[usize::from(record.flags() >> ROUTING_SHIFT & ROUTING)] += 1;
        if let Some(outcome) = record.outcome() {
            outcomes[outcome as usize] += 1;
        }
        match (kind, record.code()) {
            (FILE_OP, 0) => lost.count_operation(&record.more(SECOND).map(text).unwrap_or_default(), 1),
            (FILE_OP, code) => names[usize::from(code) % NAMES.len()] += 1,
            _ => {}
        }
    }
    let types = ["FileOp", "DnsQuery", "OutgoingConnection", "IncomingRequest"];
    for (kind, count) in types.into_iter().zip(kinds).filter(|(_, count)| *count > 0) {
        lost.count_type(kind, count);
    }
    for (name, count) in NAMES.into_iter().zip(names).filter(|(_, count)| *count > 0) {
        lost.count_operation(name, count);
    }
    for (routing, count) in Routing::ALL.into_iter().zip(&routings[1..]) {
        lost.count_routing(routing, *count);
    }
    for (outcome, count) in Outcome::ALL.into_iter().zip(outcomes) {
        lost.count_outcome(outcome, count);
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn text(bytes: &[u8]) -> String {
    // It was text when it was written.
    String::from_utf8(bytes.to_vec()).unwrap_or_default()
}

/// Writes one record, of any kind.
#[cfg(test)]
pub(crate) fn written(observation: &Observation) -> Vec<u8> {
    let json = json(observation);
    let parts = Parts::of(observation).unwrap_or_else(|| Parts::rare(&json));
    let mut record = vec![0; parts.size()];
    parts.write(&mut record, 0, 0);
    record
}

#[cfg(test)]
mod tests;
