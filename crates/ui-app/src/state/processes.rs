//! The session's processes: who started whom, when, with which command, and how many events each made.

use mirrord_wire::session::{ProcessEntry, ProcessTable};
use mirrord_wire::{Exit, ProcessInfo};

use super::sorting::sort_places;
use crate::format::text::command;

/// The most processes kept; others are counted in `more`.
pub const MAX_PROCESSES: usize = 4_096;
/// The longest command line or name that is kept, characters.
const MAX_CHARS: usize = 4_096;

/// The most steps from a process up to its ancestors.
const MAX_ANCESTORS: usize = 64;

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Process {
    /// Its number on its machine.
    pub pid: u32,
    /// The process that started it.
    pub parent: Option<u32>,
    /// Its name.
    pub name: String,
    /// Its command line; empty where it is not known.
    pub command: String,
    /// When it started, microseconds since the Unix epoch; 0 where it is not known.
    pub started: u64,
    /// When it ended.
    pub ended: Option<u64>,
    /// Its exit code or signal, where it is known.
    pub exit: Exit,
    /// Its working directory; empty where it is not known.
    pub cwd: String,
    /// Number of its events.
    pub events: u64,
}

impl Process {
    /// Bar of its life in a span of time, from and to in thousandths; from the beginning where its start is not known.
    #[must_use]
    pub fn bar(&self, (start, end): (u64, u64)) -> (u16, u16) {
        let length = end.saturating_sub(start).max(1);
        let place = |ts: u64| {
            let part = u128::from(ts.clamp(start, end) - start) * 1_000 / u128::from(length);
            u16::try_from(part).unwrap_or(1_000)
        };
        (place(self.started), self.ended.map_or(1_000, place))
    }
}

impl ProcessEntry for Process {
    const MAX: usize = MAX_PROCESSES;
    /// A row's number is the place of its process.
    const EVICTS: bool = false;

    fn pid(&self) -> u32 {
        self.pid
    }

    fn end(&self) -> (Option<u64>, &Exit) {
        (self.ended, &self.exit)
    }

    fn end_mut(&mut self) -> (&mut Option<u64>, &mut Exit) {
        (&mut self.ended, &mut self.exit)
    }

    fn execute(&mut self, program: Self) {
        *self = Self {
            started: if self.started == 0 {
                program.started
            } else {
                self.started
            },
            parent: program.parent.or(self.parent),
            cwd: std::mem::take(&mut self.cwd),
            events: self.events,
            ..program
        };
    }
}

/// The processes.
#[derive(Debug, Clone, Default)]
pub struct Processes {
    all: ProcessTable<Process>,
    more: u64,
}

impl Processes {
    /// A process made an event.
    pub fn acted(&mut self, pid: u32) {
        if let Some(process) = self.all.newest_mut(pid) {
            process.events += 1;
        }
    }

    /// A process started, or one that runs began another program: then it keeps its place and its start.
    pub fn started(&mut self, pid: u32, parent: Option<u32>, name: Option<&str>, arguments: &[String], ts: u64) {
        let cut = |text: &str| text.chars().take(MAX_CHARS).collect::<String>();
        let fits = self.all.start(Process {
            pid,
            parent,
            name: name.map(cut).unwrap_or_default(),
            command: cut(&command(arguments)),
            started: ts,
            ..Process::default()
        });
        self.more += u64::from(!fits);
    }

    /// A process ended.
    pub fn ended(&mut self, pid: u32, ts: u64, exit: &Exit) {
        self.all.end(pid, ts, exit);
    }

    /// Learns the working directory of a process, where it is known.
    pub fn moved(&mut self, pid: u32, cwd: Option<&str>) {
        if let (Some(process), Some(cwd)) = (self.all.newest_mut(pid), cwd) {
            process.cwd = cwd.chars().take(MAX_CHARS).collect();
        }
    }

    /// Learns of processes that started before the oldest event that is kept.
    pub fn known(&mut self, processes: &[ProcessInfo]) {
        for process in processes {
            self.known_from(process, 0, None, &Exit::default());
        }
    }

    /// Learns of a process, and when it started and ended. What its events said of it stays; of two with one number,
    /// only the newer is known.
    pub fn known_from(&mut self, process: &ProcessInfo, started: u64, ended: Option<u64>, exit: &Exit) {
        match self.all.newest_mut(process.pid) {
            Some(own) if own.started == 0 => own.started = started,
            Some(own) if own.started == started => {}
            Some(_) => return,
            None => {
                let name = Some(process.process_name.as_str());
                self.started(process.pid, process.parent_pid, name, &process.cmdline, started);
            }
        }
        self.moved(process.pid, process.cwd.as_deref());
        if let Some(ended) = ended {
            self.ended(process.pid, ended, exit);
        }
    }

    /// Time from the first start to the last end, or to `until` while one runs; microseconds since the Unix epoch. Both are
    /// `until` where no start is known.
    #[must_use]
    pub fn span(&self, until: u64) -> (u64, u64) {
        let starts = self.all.iter().map(|own| own.started).filter(|ts| *ts > 0);
        let start = starts.min().unwrap_or(until);
        let end = self.all.iter().map(|own| own.ended.unwrap_or(until)).max();
        (start, end.unwrap_or(until).max(start))
    }

    /// All of them, in the order in which they came.
    #[must_use]
    pub fn all(&self) -> &[Process] {
        &self.all
    }

    /// Processes for which there was no room.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.more
    }

    /// The newest process of a number.
    #[must_use]
    pub fn of(&self, pid: u32) -> Option<&Process> {
        self.all.newest(pid)
    }

    /// Reports a process that is another, or descends from it.
    #[must_use]
    pub fn descends(&self, pid: u32, root: u32) -> bool {
        let parent = |pid: &u32| self.of(*pid).and_then(|process| process.parent);
        // Numbers come again, and could make a circle.
        let mut line = std::iter::successors(Some(pid), parent).take(MAX_ANCESTORS);
        line.any(|own| own == root)
    }

    /// Name and number of a process; empty without one.
    #[must_use]
    pub fn words(&self, pid: Option<u32>) -> String {
        let Some(pid) = pid else { return String::new() };
        let name = self.of(pid).map_or("", |process| &process.name);
        [name, " ", &pid.to_string()].concat().trim_start().to_owned()
    }

    /// A process and its descendants alone.
    #[must_use]
    pub fn of_tree(&self, root: u32) -> Self {
        let is_own = |process: &&Process| self.descends(process.pid, root);
        Self {
            all: self.all.iter().filter(is_own).cloned().collect(),
            more: self.more,
        }
    }

    /// The tree: each process behind the one that started it, with its depth. A process whose parent is not one of the
    /// session's is at the root.
    #[must_use]
    pub fn tree(&self) -> Vec<(u16, u32)> {
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); self.all.len()];
        let mut rest: Vec<(u16, u32)> = Vec::new();
        for (at, process) in (0_u32..).zip(self.all.iter()) {
            let parent = process.parent.and_then(|pid| self.parent(pid, at as usize));
            match parent.and_then(|parent| children.get_mut(parent)) {
                Some(siblings) => siblings.push(at),
                None => rest.push((0, at)),
            }
        }
        // A process that ran before the page came is known before those that had ended.
        let start = |at: u32| self.all.get(at as usize).map(|own| own.started);
        for siblings in &mut children {
            sort_places(siblings, &|one, other| start(one).cmp(&start(other)));
        }
        rest.reverse();
        let mut rows = Vec::with_capacity(self.all.len());
        while let Some((depth, at)) = rest.pop() {
            rows.push((depth, at));
            let own = children.get(at as usize).into_iter().flatten().rev();
            rest.extend(own.map(|child| (depth.saturating_add(1), *child)));
        }
        rows
    }

    /// The place of the process with a number that started before `child`: a number is used again, and what comes later
    /// started nothing that was there. So there is no circle. One whose start is not known started before all that is
    /// kept.
    fn parent(&self, pid: u32, child: usize) -> Option<usize> {
        let start = |at: usize| Some((self.all.get(at)?.started, at));
        let is_before = |at: &usize| start(*at) < start(child);
        let newest = self.all.place(pid)?;
        Some(newest).filter(is_before).or_else(|| {
            let earlier = self.all.get(..child)?;
            earlier.iter().rposition(|process| process.pid == pid).filter(is_before)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(processes: &mut Processes, pid: u32, parent: Option<u32>, ts: u64) {
        processes.started(pid, parent, Some(&format!("p{pid}")), &[], ts);
    }

    #[test]
    fn a_lane_is_a_process_s_life_in_the_time_of_all() {
        let mut processes = Processes::default();
        assert_eq!(processes.span(9), (9, 9));
        processes.started(1, None, Some("sh"), &[], 1_000);
        processes.started(2, Some(1), Some("cat"), &[], 1_250);
        processes.ended(2, 1_500, &Exit::default());
        let span = processes.span(2_000);
        assert_eq!(span, (1_000, 2_000), "one runs until now");
        assert_eq!(
            [1, 2].map(|pid| processes.of(pid).unwrap().bar(span)),
            [(0, 1_000), (250, 500)]
        );
        processes.ended(1, 1_750, &Exit::default());
        assert_eq!(processes.span(2_000), (1_000, 1_750));
        let unknown = Process {
            ended: Some(1_100),
            ..Process::default()
        };
        assert_eq!(
            unknown.bar(span),
            (0, 100),
            "from the beginning where its start is not known"
        );
    }

    #[test]
    fn children_stand_behind_their_parents() {
        let mut processes = Processes::default();
        for (pid, parent) in [(1, Some(99)), (2, Some(1)), (3, Some(1)), (4, Some(2)), (5, None)] {
            start(&mut processes, pid, parent, 1);
        }
        assert_eq!(processes.tree(), [(0, 0), (1, 1), (2, 3), (1, 2), (0, 4)]);
    }

    #[test]
    fn a_number_that_is_used_again_is_another_process() {
        let mut processes = Processes::default();
        start(&mut processes, 1, None, 1);
        start(&mut processes, 2, Some(1), 2);
        processes.acted(2);
        processes.ended(2, 3, &Exit::default());
        start(&mut processes, 2, Some(1), 4);
        processes.acted(2);
        processes.acted(2);
        let all = processes.all();
        assert_eq!(
            all.iter().map(|own| (own.ended, own.events)).collect::<Vec<_>>(),
            [(None, 0), (Some(3), 1), (None, 2)]
        );
        start(&mut processes, 9, Some(9), 5);
        assert_eq!(processes.tree().len(), 4, "nobody is their own parent");
    }

    #[test]
    fn another_program_in_a_process_keeps_its_place() {
        let mut processes = Processes::default();
        processes.known(&[ProcessInfo {
            pid: 7,
            process_name: "sh".into(),
            parent_pid: Some(1),
            cmdline: vec![],
            cwd: None,
        }]);
        processes.acted(7);
        processes.started(7, None, Some("node"), &["node".into(), "a b".into()], 9);
        let own = processes.of(7).unwrap();
        assert_eq!(
            (own.name.as_str(), own.command.as_str(), own.parent, own.events),
            ("node", "node 'a b'", Some(1), 1)
        );
        processes.known(&[ProcessInfo {
            pid: 7,
            ..ProcessInfo::default()
        }]);
        assert_eq!(processes.all().len(), 1);
    }

    #[test]
    fn what_is_known_later_stands_above_what_it_started() {
        let mut processes = Processes::default();
        start(&mut processes, 8, Some(7), 20);
        let shell = ProcessInfo {
            pid: 7,
            process_name: "sh".into(),
            ..ProcessInfo::default()
        };
        let child = ProcessInfo {
            pid: 8,
            parent_pid: Some(7),
            ..ProcessInfo::default()
        };
        processes.known_from(&shell, 10, Some(30), &Exit::default());
        processes.known_from(&child, 20, None, &Exit::default());
        processes.known(&[shell, child]);
        assert_eq!(processes.tree(), [(0, 1), (1, 0)]);
        let own = processes.of(7).unwrap();
        assert_eq!((own.started, own.ended), (10, Some(30)));
    }

    #[test]
    fn what_is_known_of_an_older_process_is_not_said_of_a_newer_one_with_its_number() {
        let mut processes = Processes::default();
        start(&mut processes, 7, None, 50);
        let older = ProcessInfo {
            pid: 7,
            ..ProcessInfo::default()
        };
        processes.known_from(&older, 10, Some(20), &Exit::default());
        assert_eq!((processes.all().len(), processes.of(7).unwrap().ended), (1, None));
    }

    #[test]
    fn processes_are_bounded_and_a_long_chain_is_no_deep_recursion() {
        let mut processes = Processes::default();
        for pid in 1..=5_000 {
            start(&mut processes, pid, Some(pid - 1), 1);
        }
        assert_eq!((processes.all().len(), processes.more()), (MAX_PROCESSES, 904));
        assert_eq!(processes.tree().last(), Some(&(4_095, 4_095)));
    }
}
