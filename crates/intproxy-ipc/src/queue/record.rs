//! One waiting event as a run of bytes: what an emitter writes, and what the session's task reads.
//!
//! Bytes and not the event itself, for two reasons that were measured: the event's memory is freed by the thread that
//! made it, which costs a fifth of freeing it on another, and a queue of bytes has a bound that is exact. The events that
//! come by the thousand have a form of their own; the rest are JSON. Never leaves the process, so it has no version.

use std::borrow::Cow;

use mirrord_wire::{Counters, EventLine, MonitorEvent, Observation, Routing};

/// `length, seq, ts, [kind and flags, code, port], pid, length of the first text`, four bytes each.
const HEADER: usize = 24;
/// A further text: which it is, and its length.
const MORE: usize = 5;

const FILE_OP: u8 = 0;
const DNS_QUERY: u8 = 1;
const CONNECTION: u8 = 2;
const REQUEST: u8 = 3;
const JSON: u8 = 4;
const KINDS: usize = 5;
const KIND: u8 = 0b111;
const ROUTING_SHIFT: u8 = 4;
const HAS_PID: u8 = 1 << 6;
const HAS_FIRST: u8 = 1 << 7;

/// Which text follows the first.
const SECOND: u8 = 1;
const THIRD: u8 = 2;
const RULE: u8 = 3;

/// Operations and protocols that are written as their place in here; 0 is any other, written out.
const NAMES: [&str; 24] = [
    "", "open", "stat", "access", "readlink", "read", "write", "close", "opendir", "readdir", "mkdir", "rmdir",
    "unlink", "rename", "chdir", "link", "symlink", "chmod", "chown", "truncate", "exec", "tcp", "udp", "unix",
];

/// The place of a name in [`NAMES`]; a `match`, since a search would cost more than all the rest of an emission.
fn code(name: &str) -> u8 {
    match name {
        "open" => 1,
        "stat" => 2,
        "access" => 3,
        "readlink" => 4,
        "read" => 5,
        "write" => 6,
        "close" => 7,
        "opendir" => 8,
        "readdir" => 9,
        "mkdir" => 10,
        "rmdir" => 11,
        "unlink" => 12,
        "rename" => 13,
        "chdir" => 14,
        "link" => 15,
        "symlink" => 16,
        "chmod" => 17,
        "chown" => 18,
        "truncate" => 19,
        "exec" => 20,
        "tcp" => 21,
        "udp" => 22,
        "unix" => 23,
        _ => 0,
    }
}

fn name(code: u8) -> &'static str {
    NAMES.get(usize::from(code)).copied().unwrap_or("")
}

/// An event in the parts of which a record is made. Small, since it is made for every event that is emitted.
pub(super) struct Parts<'a> {
    /// Kind and flags, code, port.
    marks: u32,
    pid: u32,
    first: &'a [u8],
    /// The bytes of the further texts.
    more: usize,
    observation: &'a Observation,
}

impl<'a> Parts<'a> {
    /// Takes an event apart. What is not of the frequent kinds is serialised, on the emitter's thread, into `json`.
    #[inline]
    pub(super) fn of(observation: &'a Observation, json: &'a mut Vec<u8>) -> Self {
        let (kind, first, name, port) = match &observation.event {
            MonitorEvent::FileOp { path, operation } => (FILE_OP, path.as_deref(), Some(operation), 0),
            MonitorEvent::DnsQuery { host } => (DNS_QUERY, Some(host.as_str()), None, 0),
            MonitorEvent::OutgoingConnection {
                address,
                port,
                protocol,
            } => (CONNECTION, Some(address.as_str()), protocol.as_ref(), *port),
            MonitorEvent::IncomingRequest { path, .. } => (REQUEST, Some(path.as_str()), None, 0),
            _ => return Self::json(observation, json),
        };
        let routing = match observation.routing {
            None => 0,
            Some(Routing::Remote) => 1,
            Some(Routing::Local) => 2,
            Some(Routing::NotFound) => 3,
        };
        let pid = if observation.pid.is_some() { HAS_PID } else { 0 };
        let has_first = if first.is_some() { HAS_FIRST } else { 0 };
        let code = name.map_or(0, |name| code(name));
        let mut parts = Self {
            marks: u32::from(kind | routing << ROUTING_SHIFT | pid | has_first)
                | u32::from(code) << 8
                | u32::from(port) << 16,
            pid: observation.pid.unwrap_or(0),
            first: first.unwrap_or_default().as_bytes(),
            more: 0,
            observation,
        };
        if kind == REQUEST || (name.is_some() && code == 0) || observation.rule.is_some() {
            let mut more = 0;
            parts.for_each_more(|_, text| more += MORE + text.len());
            parts.more = more;
        }
        parts
    }

    #[cold]
    fn json(observation: &'a Observation, json: &'a mut Vec<u8>) -> Self {
        let line = EventLine {
            seq: 0,
            ts: 0,
            observation: observation.clone(),
        };
        // Nothing in these types can fail to be written; an empty text would be counted as lost.
        *json = serde_json::to_vec(&line).unwrap_or_default();
        Self {
            marks: u32::from(JSON | HAS_FIRST),
            pid: 0,
            first: json,
            more: 0,
            observation,
        }
    }

    fn for_each_more(&self, mut each: impl FnMut(u8, &'a str)) {
        let (second, third) = match &self.observation.event {
            MonitorEvent::FileOp { operation, .. } => (Some(&**operation), None),
            MonitorEvent::OutgoingConnection { protocol, .. } => (protocol.as_deref(), None),
            MonitorEvent::IncomingRequest { method, host, .. } => (Some(&**method), Some(&**host)),
            _ => (None, None),
        };
        let second = second.filter(|_| self.marks >> 8 & 0xff == 0);
        let texts = [
            (SECOND, second),
            (THIRD, third),
            (RULE, self.observation.rule.as_deref()),
        ];
        for (which, text) in texts {
            text.into_iter().for_each(|text| each(which, text));
        }
    }

    /// How long the record is.
    #[inline]
    pub(super) fn size(&self) -> usize {
        HEADER + self.first.len() + self.more
    }

    /// Appends the record; `seq` and `ts` are counted from what the reader of the bytes is told.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>, seq: u32, ts: u32) {
        // Two at a time: read back whole from memory where they were just written in pieces, they would stall.
        let two = |low: u32, high: u32| (u64::from(low) | u64::from(high) << 32).to_le_bytes();
        out.extend_from_slice(&two(self.size() as u32, seq));
        out.extend_from_slice(&two(ts, self.marks));
        out.extend_from_slice(&two(self.pid, self.first.len() as u32));
        out.extend_from_slice(self.first);
        if self.more > 0 {
            self.write_more(out);
        }
    }

    fn write_more(&self, out: &mut Vec<u8>) {
        self.for_each_more(|which, text| {
            out.push(which);
            out.extend_from_slice(&(text.len() as u32).to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        });
    }
}

/// A record that is being read.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    bytes: &'a [u8],
}

impl<'a> Record<'a> {
    /// The record at the beginning of `bytes`, and what follows it.
    pub(super) fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let length = word(bytes, 0)? as usize;
        let (bytes, rest) = bytes.split_at_checked(length.max(HEADER))?;
        Some((Self { bytes }, rest))
    }

    pub(super) fn seq(self) -> u32 {
        word(self.bytes, 4).unwrap_or(0)
    }

    fn flags(self) -> u8 {
        self.bytes[12]
    }

    fn code(self) -> u8 {
        self.bytes[13]
    }

    fn routing(self) -> Option<Routing> {
        match self.flags() >> ROUTING_SHIFT & 0b11 {
            1 => Some(Routing::Remote),
            2 => Some(Routing::Local),
            3 => Some(Routing::NotFound),
            _ => None,
        }
    }

    fn first(self) -> Option<&'a [u8]> {
        let length = word(self.bytes, 20)? as usize;
        let text = self.bytes.get(HEADER..HEADER + length);
        text.filter(|_| self.flags() & HAS_FIRST != 0)
    }

    fn more(self, wanted: u8) -> Option<String> {
        let mut rest = self.bytes.get(HEADER + word(self.bytes, 20)? as usize..)?;
        while let Some((which, _)) = rest.split_first() {
            let end = MORE + word(rest, 1)? as usize;
            if *which == wanted {
                return Some(text(rest.get(MORE..end)?));
            }
            rest = rest.get(end..)?;
        }
        None
    }

    fn named(self) -> Option<Cow<'static, str>> {
        match self.code() {
            0 => self.more(SECOND).map(Cow::Owned),
            code => Some(Cow::Borrowed(name(code))),
        }
    }

    /// The event, as it was; `seq` and `ts` are what its numbers are counted from.
    pub(super) fn event(self, seq: u64, ts: u64) -> Option<EventLine> {
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
                port: u16::from_le_bytes([self.bytes[14], self.bytes[15]]),
                protocol: self.named(),
            },
            REQUEST => MonitorEvent::IncomingRequest {
                method: self.more(SECOND).unwrap_or_default(),
                path: first().unwrap_or_default(),
                host: self.more(THIRD).unwrap_or_default(),
            },
            _ => {
                let mut line: EventLine = serde_json::from_slice(self.first()?).ok()?;
                (line.seq, line.ts) = self.numbers(seq, ts);
                return Some(line);
            }
        };
        let pid = word(self.bytes, 16).filter(|_| self.flags() & HAS_PID != 0);
        let (seq, ts) = self.numbers(seq, ts);
        let observation = Observation {
            event,
            pid,
            routing: self.routing(),
            rule: self.more(RULE).map(Cow::Owned),
        };
        Some(EventLine { seq, ts, observation })
    }

    fn numbers(self, seq: u64, ts: u64) -> (u64, u64) {
        let own = word(self.bytes, 8).unwrap_or(0);
        (seq + u64::from(self.seq()), ts + u64::from(own))
    }
}

/// Counts records that nobody will read.
pub(super) fn count_lost(mut bytes: &[u8], lost: &mut Counters) {
    // By name only at the end: a flood gives up millions, nearly all of them of a few kinds.
    let (mut kinds, mut names, mut routings) = ([0; KINDS], [0; NAMES.len()], [0; 4]);
    while let Some((record, rest)) = Record::split(bytes) {
        bytes = rest;
        let kind = record.flags() & KIND;
        if kind == JSON {
            if let Some(line) = record.event(0, 0) {
                lost.count(&line.observation, 1);
            }
            continue;
        }
        kinds[usize::from(kind)] += 1;
        routings[usize::from(record.flags() >> ROUTING_SHIFT & 0b11)] += 1;
        match (kind, record.code()) {
            (FILE_OP, 0) => lost.count_operation(&record.more(SECOND).unwrap_or_default(), 1),
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
    for (routing, count) in [Routing::Remote, Routing::Local, Routing::NotFound]
        .into_iter()
        .zip(&routings[1..])
    {
        lost.count_routing(routing, *count);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> impl Iterator<Item = EventLine> {
        include_str!("../../../wire/tests/golden/events.ndjson")
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
    }

    #[test]
    fn every_event_comes_back_as_it_was() {
        let mut bytes = Vec::new();
        for (number, line) in golden().enumerate() {
            let mut json = Vec::new();
            let parts = Parts::of(&line.observation, &mut json);
            let before = bytes.len();
            parts.write(&mut bytes, number as u32, 7);
            assert_eq!(bytes.len() - before, parts.size());
        }
        let mut rest = bytes.as_slice();
        for (number, line) in golden().enumerate() {
            let (record, next) = Record::split(rest).unwrap();
            rest = next;
            let back = record.event(1_000, 90).unwrap();
            assert_eq!((back.seq, back.ts), (1_000 + number as u64, 97));
            let same = EventLine {
                seq: back.seq,
                ts: back.ts,
                ..line
            };
            assert_eq!(
                serde_json::to_string(&back).unwrap(),
                serde_json::to_string(&same).unwrap()
            );
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn names_have_the_places_that_they_are_written_as() {
        for (place, name) in NAMES.iter().enumerate().skip(1) {
            assert_eq!(usize::from(code(name)), place, "{name}");
        }
        assert_eq!(code("novel"), 0);
    }

    #[test]
    fn what_is_lost_is_counted_as_if_it_had_arrived() {
        let (mut bytes, mut all, mut lost) = (Vec::new(), Counters::default(), Counters::default());
        for line in golden() {
            Parts::of(&line.observation, &mut Vec::new()).write(&mut bytes, 0, 0);
            all.count(&line.observation, 1);
        }
        count_lost(&bytes, &mut lost);
        assert_eq!(lost, all);
    }
}
