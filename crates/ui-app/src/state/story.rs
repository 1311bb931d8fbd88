//! Story of a path: the processes that touched it, how often by operation, and its outcome over time. Grows with the rows that
//! the log keeps; what came before them is in the counts of `files` alone.

use std::collections::VecDeque;

use mirrord_wire::Outcome;

use super::kind::Kind;
use super::log::{Entry, SessionLog};

/// The most spans of one outcome that are kept; the oldest gives way, and is counted.
pub const MAX_SPANS: usize = 100;
/// The most processes and operations that are distinguished; events of others are in the counts of the path alone.
const MAX_NAMES: usize = 64;

/// Events of one process with one outcome and nothing between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Outcome; `None` where it is not known.
    pub outcome: Option<Outcome>,
    /// The process.
    pub pid: Option<u32>,
    /// The operations, in the order in which they came.
    pub operations: Vec<String>,
    /// Number of events.
    pub count: u64,
    /// First event, microseconds since the Unix epoch.
    pub first: u64,
    /// Last event.
    pub last: u64,
    /// Number of the first event.
    pub seq: u64,
}

/// Story of a path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    path: String,
    generation: (u64, Option<u32>),
    /// Position of the row that is read next.
    next: u64,
    /// Processes with the number of their events.
    pub processes: Vec<(Option<u32>, u64)>,
    /// Operations with how often they were done.
    pub operations: Vec<(String, u64)>,
    /// Spans of one outcome, the oldest first.
    pub spans: VecDeque<Span>,
    /// Events of spans that gave way.
    pub omitted: u64,
    /// Number of events.
    pub count: u64,
}

impl Story {
    /// Reads the rows of a path that came since, or all where it is another path, another generation of the log, or another
    /// process tree that is followed. Rows that were evicted before they were read are missing.
    pub fn read(&mut self, path: &str, generation: u64, log: &SessionLog) {
        let (ring, generation) = (log.ring(), (generation, log.followed()));
        if self.path != path || self.generation != generation || ring.end() < self.next {
            *self = Self {
                path: path.to_owned(),
                generation,
                ..Self::default()
            };
        }
        let from = self.next;
        self.next = ring.end();
        for (_, entry) in ring.from(from) {
            if entry.kind() == Some(Kind::File) && entry.name() == self.path && log.follows(entry.pid()) {
                self.add(entry);
            }
        }
    }

    fn add(&mut self, entry: Entry<'_>) {
        let operation = entry.operation();
        self.count += 1;
        count(&mut self.processes, &entry.pid(), |pid| *pid);
        count(&mut self.operations, operation, str::to_owned);
        let (outcome, pid) = (entry.outcome(), entry.pid());
        if let Some(last) = self.spans.back_mut()
            && (last.outcome, last.pid) == (outcome, pid)
        {
            last.count += 1;
            last.last = entry.ts();
            if !last.operations.iter().any(|own| own == operation) && last.operations.len() < MAX_NAMES {
                last.operations.push(operation.to_owned());
            }
            return;
        }
        if self.spans.len() >= MAX_SPANS
            && let Some(oldest) = self.spans.pop_front()
        {
            self.omitted += oldest.count;
        }
        self.spans.push_back(Span {
            outcome,
            pid,
            operations: vec![operation.to_owned()],
            count: 1,
            first: entry.ts(),
            last: entry.ts(),
            seq: entry.seq(),
        });
    }
}

/// Counts one more of a name, or a new one where there is room.
fn count<T: PartialEq<Q>, Q: ?Sized>(all: &mut Vec<(T, u64)>, name: &Q, own: impl FnOnce(&Q) -> T) {
    if let Some((_, count)) = all.iter_mut().find(|(own, _)| own == name) {
        *count += 1;
    } else if all.len() < MAX_NAMES {
        all.push((own(name), 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::line::Line;
    use crate::state::filter::LogFilter;
    use crate::state::log::Load;
    use mirrord_filter::Scope;

    fn loaded() -> SessionLog {
        let mut log = SessionLog::default();
        log.fetch_ends(Load::Ready);
        log
    }

    fn push(log: &mut SessionLog, seq: u64, rest: &str) {
        let line = format!(r#"{{"seq":{seq},"ts":{seq},"type":"FileOp",{rest}}}"#);
        log.arrived(0, &Line::read(&line).unwrap());
    }

    #[test]
    fn a_path_has_its_processes_operations_and_outcomes_over_time() {
        let mut log = loaded();
        let own = |operation: &str, pid: u32, outcome: &str| {
            format!(r#""path":"/a/b","operation":"{operation}","pid":{pid},"outcome":"{outcome}""#)
        };
        push(&mut log, 1, &own("stat", 7, "not_found"));
        push(&mut log, 2, r#""path":"/a/other","operation":"open","pid":7"#);
        push(&mut log, 3, &own("open", 7, "not_found"));
        let mut story = Story::default();
        story.read("/a/b", 1, &log);
        push(&mut log, 4, &own("open", 8, "ok"));
        story.read("/a/b", 1, &log);
        story.read("/a/b", 1, &log);
        assert_eq!(story.count, 3, "no row is read twice");
        assert_eq!(story.processes, [(Some(7), 2), (Some(8), 1)]);
        assert_eq!(story.operations, [("stat".to_owned(), 1), ("open".to_owned(), 2)]);
        let spans: Vec<_> = story
            .spans
            .iter()
            .map(|span| (span.outcome, span.count, span.first, span.last))
            .collect();
        assert_eq!(
            spans,
            [(Some(Outcome::NotFound), 2, 1, 3), (Some(Outcome::Ok), 1, 4, 4)]
        );
        assert_eq!(story.spans[0].operations, ["stat", "open"]);
    }

    #[test]
    fn the_oldest_spans_give_way_and_are_counted() {
        let mut log = loaded();
        for seq in 1..=300 {
            let pid = seq % 2;
            push(&mut log, seq, &format!(r#""path":"/a","operation":"open","pid":{pid}"#));
        }
        let mut story = Story::default();
        story.read("/a", 1, &log);
        assert_eq!((story.spans.len(), story.omitted, story.count), (MAX_SPANS, 200, 300));
        assert_eq!(story.spans[0].seq, 201);
    }

    #[test]
    fn another_log_or_path_begins_another_story() {
        let mut log = loaded();
        push(&mut log, 1, r#""path":"/a","operation":"open""#);
        push(&mut log, 2, r#""path":"/a","operation":"open""#);
        let mut story = Story::default();
        story.read("/a", 1, &log);
        let mut other = loaded();
        push(&mut other, 1, r#""path":"/a","operation":"open""#);
        story.read("/a", 1, &other);
        assert_eq!(story.count, 1);
        story.read("/a", 2, &other);
        assert_eq!(story.count, 1);
        story.read("/b", 2, &other);
        assert_eq!(story.count, 0);
    }

    #[test]
    fn of_a_followed_process_tree_no_other_process_is_in_the_story() {
        let mut log = loaded();
        let started = r#"{"seq":1,"ts":1,"type":"LayerConnected","pid":8,"parent_pid":7}"#;
        log.arrived(0, &Line::read(started).unwrap());
        for (seq, pid) in [(2, 6), (3, 7), (4, 8)] {
            push(&mut log, seq, &format!(r#""path":"/a","operation":"open","pid":{pid}"#));
        }
        let mut story = Story::default();
        story.read("/a", 1, &log);
        assert_eq!(story.count, 3);
        let tree = LogFilter {
            tree: Some(7),
            ..LogFilter::default()
        };
        log.filter(tree, Scope::default());
        story.read("/a", 1, &log);
        assert_eq!(story.processes, [(Some(7), 1), (Some(8), 1)]);
    }
}
