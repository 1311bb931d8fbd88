//! Reads the payloads of a session's stream into the store's lines, in either dialect.
//!
//! A line of our own protocol is checked and kept to the letter: unknown types and unknown fields pass as they came. A
//! released mirrord numbers nothing and stamps nothing, so its events are numbered and stamped here, and written once.

use mirrord_wire::session::MAX_SEQ;
use mirrord_wire::{Control, Counters, StreamLine, released};

use super::lines::{Framing, Lines};
use crate::clock;
use crate::limits::MAX_BAD_LINES;
use crate::store::{Batch, Key, Store};

/// What a session speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Ours: NDJSON, numbered.
    Ours,
    /// A released mirrord's: Server-Sent Events, not numbered.
    Released,
}

impl Dialect {
    /// A released mirrord sends no `protocol_version`.
    pub(crate) fn of(protocol_version: u32) -> Self {
        if protocol_version == 0 {
            Self::Released
        } else {
            Self::Ours
        }
    }
}

/// One stream on its way into the store.
#[derive(Debug)]
pub(crate) struct Stream {
    dialect: Dialect,
    lines: Lines,
    key: Key,
    /// The number up to which the stream has come. A released mirrord's events are numbered from here on.
    position: u64,
    /// Unreadable lines in a row.
    bad_lines: u32,
    /// The lines of the piece that is being read.
    batch: Batch,
}

/// What a piece of the stream told beside its events.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Events were lost: the session's own counters know more than we do.
    pub(crate) lagged: bool,
    /// Events were withheld: they are counted, but the session's lists of names know more than we do.
    pub(crate) withheld: bool,
    /// This is no session's stream.
    pub(crate) rubbish: bool,
}

impl Stream {
    /// `since` is the number after which the stream begins.
    pub(crate) fn new(dialect: Dialect, key: Key, since: u64) -> Self {
        let framing = match dialect {
            Dialect::Ours => Framing::Ndjson,
            Dialect::Released => Framing::ServerSentEvents,
        };
        Self {
            dialect,
            lines: Lines::new(framing),
            key,
            position: since,
            bad_lines: 0,
            batch: Batch::default(),
        }
    }

    /// Takes a piece as it came from the socket; its events go to the store in one step.
    pub(crate) fn take(&mut self, piece: &[u8], store: &Store) -> Told {
        let Self {
            dialect,
            lines,
            position,
            bad_lines,
            batch,
            ..
        } = self;
        let mut told = Told::default();
        let mut unreadable = 0;
        lines.push(piece, |payload| {
            let control = match dialect {
                Dialect::Ours => read_ours(payload, position, batch),
                Dialect::Released => read_released(payload, position, batch),
            };
            match control {
                Ok(control) => {
                    *bad_lines = 0;
                    if let Some(Control::Lagged { missed, suppressed }) = control {
                        let withheld = suppressed.filter(|counters| is_plausible(counters, missed));
                        let counted = withheld.as_ref().is_some_and(is_complete);
                        told.lagged |= !counted;
                        told.withheld |= counted;
                        *position = position.saturating_add(missed).min(MAX_SEQ);
                        batch.push_lagged(*position, withheld);
                    }
                }
                Err(Unreadable) => {
                    *bad_lines += 1;
                    unreadable += 1;
                }
            }
        });
        told.rubbish = *bad_lines > MAX_BAD_LINES;
        unreadable += self.lines.take_too_long();
        if !self.batch.is_empty() {
            store.append(self.key, &self.batch);
            self.batch.clear();
        }
        self.unreadable(unreadable, store);
        told
    }

    /// A line of ours that cannot be read is a gap in the numbers, which is counted when the next one comes; a released
    /// mirrord's is counted here.
    fn unreadable(&self, lines: u64, store: &Store) {
        if lines == 0 {
            return;
        }
        tracing::debug!(lines, "lines of a session's stream could not be read");
        if self.dialect == Dialect::Released {
            store.count_missed(self.key, lines);
        }
    }
}

/// Whether counters tell every kind, and not the total alone.
fn is_complete(counters: &Counters) -> bool {
    let sum = counters
        .by_type
        .values()
        .fold(0_u64, |sum, count| sum.saturating_add(*count));
    sum == counters.total
}

/// Whether counters can be of so many events; what cannot is not added to anything.
fn is_plausible(counters: &Counters, missed: u64) -> bool {
    let by_name = counters.by_type.values().chain(counters.by_operation.values());
    let all = by_name.chain(counters.by_routing.values());
    counters.total <= missed && all.into_iter().all(|count| *count <= counters.total)
}

/// A payload is no line of a stream.
struct Unreadable;

fn read_ours(payload: &[u8], position: &mut u64, batch: &mut Batch) -> Result<Option<Control>, Unreadable> {
    let text = std::str::from_utf8(payload).map_err(|_| Unreadable)?;
    match serde_json::from_str(text).map_err(|_| Unreadable)? {
        StreamLine::Event(line) if !(1..=MAX_SEQ).contains(&line.seq) => Err(Unreadable),
        StreamLine::Event(line) => {
            *position = line.seq;
            batch.push(line, text.trim_ascii());
            Ok(None)
        }
        StreamLine::Control(control) => Ok(Some(control)),
    }
}

fn read_released(payload: &[u8], position: &mut u64, batch: &mut Batch) -> Result<Option<Control>, Unreadable> {
    let text = std::str::from_utf8(payload).map_err(|_| Unreadable)?;
    let event = released::read(text).map_err(|_| Unreadable)?;
    let (line, text) = event.line(*position + 1, clock::now_micros()).map_err(|_| Unreadable)?;
    batch.push(line, &text);
    *position += 1;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, SessionId, SessionInfo};

    use super::*;
    use crate::store::ring::Place;
    use crate::store::{Bounds, Introduction};

    fn attached(protocol_version: u32) -> (Store, Stream) {
        let store = Store::new(Bounds::default());
        let info = SessionInfo {
            protocol_version,
            ..SessionInfo::default()
        };
        let id = SessionId::new("s").unwrap();
        let introduction = Introduction {
            info,
            ..Introduction::default()
        };
        let attached = store.introduce(&id, introduction);
        let stream = Stream::new(Dialect::of(protocol_version), attached.key, attached.since);
        (store, stream)
    }

    fn kept(store: &Store) -> String {
        let sessions = store.lock();
        let (_, session) = sessions.iter().next().unwrap();
        session
            .ring
            .after(Place::default(), usize::MAX)
            .map_or(String::new(), |run| run.text.to_owned())
    }

    #[test]
    fn our_lines_are_kept_to_the_letter() {
        let (store, mut stream) = attached(1);
        let lines = [
            r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db","new_field":{"b":1.50,"a":[]}}"#,
            r#"{ "ts": 6, "seq": 2, "type": "Teleported", "to": "\u0041" }"#,
        ];
        let told = stream.take(format!("{}\r\n{}\n", lines[0], lines[1]).as_bytes(), &store);
        assert_eq!(told, Told::default());
        assert_eq!(kept(&store), lines.join(","));
    }

    #[test]
    fn a_line_that_comes_twice_is_kept_once() {
        let (store, mut stream) = attached(1);
        let line = r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db"}"#;
        stream.take(format!("{line}\n{line}\n").as_bytes(), &store);
        stream.take(format!("{line}\n").as_bytes(), &store);
        assert_eq!(kept(&store), line);
        assert_eq!(
            store.summaries(false, crate::store::Audience::Desktop)[0].counts["DnsQuery"],
            1
        );
    }

    #[test]
    fn control_lines_and_rubbish_are_told_and_never_kept() {
        let (store, mut stream) = attached(1);
        let summary = |store: &Store| store.summaries(false, crate::store::Audience::Desktop).remove(0);
        stream.take(b"{\"seq\":1,\"ts\":5,\"type\":\"DnsQuery\",\"host\":\"db\"}\n", &store);
        assert!(stream.take(b"{\"type\":\"Lagged\",\"missed\":3}\n", &store).lagged);
        stream.take(b"{\"type\":\"Heartbeat\",\"seq\":4}\n", &store);
        assert_eq!((summary(&store).missed, summary(&store).before), (Some(3), 0));
        for _ in 0..MAX_BAD_LINES {
            assert!(!stream.take(b"[1,2]\n", &store).rubbish);
        }
        assert!(stream.take(b"\xff\xfe\n", &store).rubbish);
        assert_eq!(kept(&store), r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db"}"#);
    }

    #[test]
    fn what_a_session_gave_up_before_it_was_reached_is_history_and_no_loss() {
        let store = Store::new(Bounds::default());
        let id = SessionId::new("s").unwrap();
        let introduction = Introduction {
            info: SessionInfo {
                protocol_version: 1,
                ..SessionInfo::default()
            },
            state: Some(mirrord_wire::SessionState {
                seq: 1_000,
                oldest_seq: 901,
                ..mirrord_wire::SessionState::default()
            }),
            ..Introduction::default()
        };
        let attached = store.introduce(&id, introduction);
        let summary = |store: &Store| store.summaries(false, crate::store::Audience::Desktop).remove(0);
        assert_eq!(
            (attached.since, summary(&store).seq, summary(&store).before),
            (900, 900, 900)
        );
        // The stream was asked for before that was known: it says the same once more, and a little more by then.
        let mut stream = Stream::new(Dialect::Ours, attached.key, 0);
        let line = |seq: u64| format!("{{\"seq\":{seq},\"ts\":5,\"type\":\"DnsQuery\",\"host\":\"db\"}}\n");
        stream.take(
            format!("{{\"type\":\"Lagged\",\"missed\":910}}\n{}", line(911)).as_bytes(),
            &store,
        );
        let now = summary(&store);
        assert_eq!((now.seq, now.before, now.missed), (911, 910, Some(0)));
        stream.take(
            format!("{{\"type\":\"Lagged\",\"missed\":4}}\n{}", line(920)).as_bytes(),
            &store,
        );
        let now = summary(&store);
        assert_eq!((now.seq, now.before, now.missed), (920, 910, Some(8)), "lost since");
        store.end(&id, mirrord_wire::SessionEnd::Closed);
        let ended = store.summaries(true, crate::store::Audience::Desktop).remove(0);
        assert_eq!((ended.seq, ended.missed), (1_000, Some(88)), "counted, and never sent");
    }

    #[test]
    fn what_is_withheld_is_counted_and_not_missed() {
        let (store, mut stream) = attached(1);
        let summary = |store: &Store| store.summaries(false, crate::store::Audience::Desktop).remove(0);
        let counters = r#"{"total":7,"by_type":{"FileOp":7},"by_operation":{"open":7},"by_routing":{"local":7}}"#;
        let told = stream.take(
            format!(
                "{}\n{}\n",
                r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db"}"#,
                format_args!(r#"{{"type":"Lagged","missed":7,"withheld":{counters}}}"#)
            )
            .as_bytes(),
            &store,
        );
        assert!(told.withheld && !told.lagged, "{told:?}");
        let now = summary(&store);
        assert_eq!((now.seq, now.missed, now.suppressed), (8, Some(0), 7));
        assert_eq!((now.counts["FileOp"], now.counts["DnsQuery"]), (7, 1));
        assert!(now.rate > 2.0, "they are a part of the rate: {}", now.rate);
        assert_eq!(
            store
                .detail("s", crate::store::Audience::Desktop)
                .unwrap()
                .state
                .counters
                .by_operation["open"],
            7
        );
        // Of the rest of a run, only the total is known: it is not lost, and the session is asked.
        let told = stream.take(
            b"{\"type\":\"Lagged\",\"missed\":2,\"withheld\":{\"total\":2}}\n{\"seq\":12,\"ts\":5,\"type\":\"DnsQuery\",\"host\":\"db\"}\n",
            &store,
        );
        assert!(told.lagged, "{told:?}");
        let now = summary(&store);
        assert_eq!((now.seq, now.missed, now.suppressed), (12, Some(1), 9));
    }

    #[test]
    fn numbers_that_cannot_be_are_not_believed() {
        let (store, mut stream) = attached(1);
        let max = u64::MAX;
        for line in [
            format!(r#"{{"seq":{max},"ts":{max},"type":"DnsQuery","host":"db"}}"#),
            format!(r#"{{"type":"Lagged","missed":1,"withheld":{{"total":{max},"by_type":{{"FileOp":{max}}}}}}}"#),
            format!(r#"{{"type":"Lagged","missed":5,"withheld":{{"total":5,"by_type":{{"a":{max},"b":6}}}}}}"#),
            format!(r#"{{"type":"Lagged","missed":5,"withheld":{{"total":5,"by_operation":{{"a":{max}}}}}}}"#),
        ] {
            stream.take(format!("{line}\n").as_bytes(), &store);
        }
        let now = store.summaries(false, crate::store::Audience::Desktop).remove(0);
        assert_eq!((now.seq, now.missed, now.before, now.suppressed), (11, Some(0), 11, 0));
        assert_eq!(now.counts.get("FileOp"), None);
        for _ in 0..2 {
            stream.take(format!("{{\"type\":\"Lagged\",\"missed\":{max}}}\n").as_bytes(), &store);
        }
        assert_eq!(store.summaries(false, crate::store::Audience::Desktop)[0].seq, MAX_SEQ);
    }

    #[test]
    fn a_released_mirrord_is_numbered_and_stamped() {
        let (store, mut stream) = attached(0);
        stream.take(
            b"data: {\"type\":\"dns_query\",\"host\":\"db\"}\n\ndata: rubbish\n\n",
            &store,
        );
        stream.take(
            b"data: {\"type\":\"file_op\",\"path\":null,\"operation\":\"read\"}\n\n",
            &store,
        );
        let lines: Vec<EventLine> = serde_json::from_str(&format!("[{}]", kept(&store))).unwrap();
        assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2]);
        assert!(lines.iter().all(|line| line.ts > 1_600_000_000_000_000));
        assert_eq!(lines[1].event().kind(), "FileOp");
        // One of three was rubbish: what it loses nobody can know.
        assert_eq!(store.summaries(false, crate::store::Audience::Desktop)[0].missed, None);
    }
}
