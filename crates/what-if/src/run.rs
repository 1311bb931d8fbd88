//! Events of a run, each distinct operation once, in the order in which they came.

use std::collections::{BTreeMap, HashMap};

use crate::events::{Line, Named};
use crate::message::Side;
use crate::seen::Seen;

/// Distinct operations, and steps between them, that are kept; what the server keeps of a session is less than 16 MiB.
const MAX_OPERATIONS: usize = 200_000;
const MAX_STEPS: usize = 2_000_000;

/// Event of the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) operation: u32,
    /// One more than the place of the recorded decision; 0 where none was recorded.
    pub(crate) recorded: u32,
}

/// Events of a run.
#[derive(Debug, Default)]
pub struct Run {
    pub(crate) operations: Vec<Named>,
    places: HashMap<String, u32>,
    pub(crate) recorded: Vec<Side>,
    recorded_places: HashMap<Side, u32>,
    pub(crate) steps: Vec<Step>,
    pub(crate) unhooked: BTreeMap<String, u64>,
    pub(crate) first_seq: u64,
    pub(crate) last_seq: u64,
    /// Events beyond the bounds.
    pub(crate) omitted: u64,
    /// Outcomes by operation, arrivals and values.
    pub(crate) seen: Seen,
    /// Events that were taken in.
    pub(crate) lines: u64,
    /// Bound of the distinct operations; none is [`MAX_OPERATIONS`].
    bound: Option<usize>,
    /// First event of a rename, whose second is the next one.
    rename: Option<Line>,
}

impl Run {
    /// Creates a run that keeps at most so many distinct operations.
    #[must_use]
    pub fn bounded(operations: usize) -> Self {
        Self {
            bound: Some(operations.min(MAX_OPERATIONS)),
            ..Self::default()
        }
    }

    /// Returns the number of events that were taken in.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.lines
    }

    /// Takes in an event. One that was taken in before is passed over.
    pub fn observe(&mut self, line: &Line) {
        if line.seq > self.last_seq {
            self.add_line(line);
        }
    }

    /// Takes in event lines. Those that were taken in before, and lines that are no events, are passed over.
    pub fn add(&mut self, lines: &[u8]) {
        let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        for line in lines.filter_map(Line::read) {
            self.observe(&line);
        }
    }

    fn add_line(&mut self, line: &Line) {
        self.last_seq = line.seq;
        self.lines += 1;
        if self.first_seq == 0 {
            self.first_seq = line.seq;
        }
        self.seen.observe(line);
        if let Some(reason) = &line.unhooked {
            let known = matches!(reason.as_str(), "static" | "loader");
            let reason = if known { reason.as_str() } else { "other" };
            *self.unhooked.entry(reason.to_owned()).or_default() += 1;
            return;
        }
        if let Some(first) = self.rename.take() {
            let named = line
                .renamed(&first)
                .filter(|_| line.is_rename() && first.pid == line.pid);
            if let Some(named) = named {
                let recorded = [self.recorded(&first), self.recorded(line)];
                return self.add_steps(&[&first, line], named, recorded);
            }
            *self.unhooked.entry("operation".to_owned()).or_default() += 1;
        }
        if line.is_rename() {
            self.rename = Some(line.clone());
            return;
        }
        let operations = line.operations();
        if operations.is_empty() && line.is_file() {
            // `chmod`, `symlink`, …: a released mirrord does not hook them.
            *self.unhooked.entry("operation".to_owned()).or_default() += 1;
        }
        let recorded = self.recorded(line);
        for named in operations {
            match self.place(named) {
                Some(operation) if self.steps.len() < MAX_STEPS => {
                    self.seen.count(operation, line);
                    self.steps.push(Step { operation, recorded });
                }
                _ => self.omitted += 1,
            }
        }
    }

    /// Adds the two events of one operation.
    fn add_steps(&mut self, lines: &[&Line; 2], named: Named, recorded: [u32; 2]) {
        let Some(operation) = self.place(named).filter(|_| self.steps.len() + 2 <= MAX_STEPS) else {
            self.omitted += 2;
            return;
        };
        for (line, recorded) in lines.iter().zip(recorded) {
            self.seen.count(operation, line);
            self.steps.push(Step { operation, recorded });
        }
    }

    fn recorded(&mut self, line: &Line) -> u32 {
        let routing = match &line.routing {
            Some(routing) => routing.clone(),
            None if !line.depends_on.is_empty() => "depends".to_owned(),
            None => return 0,
        };
        let side = Side {
            routing,
            rule: line.rule.clone().unwrap_or_default(),
            detail: line.depends_on.join(", "),
        };
        if let Some(place) = self.recorded_places.get(&side) {
            return *place;
        }
        self.recorded.push(side.clone());
        let place = u32::try_from(self.recorded.len()).unwrap_or(0);
        self.recorded_places.insert(side, place);
        place
    }

    fn place(&mut self, named: Named) -> Option<u32> {
        let key = format!("{:?}\n{}\n{}", named.decided, named.name, named.operation);
        if let Some(place) = self.places.get(&key) {
            return Some(*place);
        }
        if self.operations.len() >= self.bound.unwrap_or(MAX_OPERATIONS) {
            return None;
        }
        let place = u32::try_from(self.operations.len()).ok()?;
        self.operations.push(named);
        self.places.insert(key, place);
        Some(place)
    }
}
