//! Paths that the session touched: counts by operation, first and last time, routing and rule. Grows with each event; a
//! known path costs a look-up. The tree is made of the sorted paths on demand.

use std::collections::BTreeSet;

use mirrord_wire::session::NameTable;
use mirrord_wire::session::summary::is_change;

use super::sorting::sort_by_key;
use super::table::{self, By, Mark, Seen, Sort, Tally, found, name_table, seen_of, sort};

/// The most paths kept, and their bytes; events of others are counted in `more`.
pub const MAX_PATHS: usize = 100_000;
const MAX_PATH_BYTES: usize = 16 * 1024 * 1024;
/// Most distinct names of operations; others are counted as the last.
const MAX_OPERATIONS: usize = 32;

/// Numbers of operations, with how often each was done.
type Operations = Vec<(u8, u32)>;

/// The paths.
#[derive(Debug, Clone)]
pub struct Files {
    files: NameTable<Tally<Operations>>,
    operations: NameTable<()>,
    not_found: u64,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            files: name_table(MAX_PATHS, MAX_PATH_BYTES),
            operations: name_table(MAX_OPERATIONS, 4_096),
            not_found: 0,
        }
    }
}

/// Query of the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// In lower case; empty for all.
    pub needle: String,
    /// Only what was answered as "not found".
    pub not_found: bool,
    /// Only these.
    pub only: Option<BTreeSet<String>>,
}

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Depth in the tree.
    pub depth: u16,
    /// The number of its path; of a folder, of the first path in it.
    pub file: u32,
    /// Offsets in that path of its name's start, and of a folder's end; 0 for a file.
    pub name_start: u32,
    /// The end of a folder's path with its slash; 0 for a file.
    pub folder_end: u32,
    /// Number of paths in it.
    pub files: u32,
    /// Marks an open folder.
    pub is_open: bool,
    /// All that happened in it.
    pub seen: Seen,
}

impl Files {
    /// Counts an operation.
    pub fn apply(&mut self, path: &str, operation: &str, mark: Mark) {
        let Some((_, file)) = self.files.entry(path) else {
            return;
        };
        let before = u64::from(file.seen.is_missing());
        file.seen.add(mark);
        self.not_found = self.not_found + u64::from(file.seen.is_missing()) - before;
        let operation = self
            .operations
            .entry(operation)
            .map_or(MAX_OPERATIONS as u8 - 1, |(number, ())| number as u8);
        match file.detail.iter_mut().find(|(own, _)| *own == operation) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => file.detail.push((operation, 1)),
        }
    }

    /// Learns how often a path was touched since the session began, by whichever operations.
    pub fn total(&mut self, path: &str, count: u64) {
        table::raise_total(&mut self.files, path, count);
    }

    /// Number of paths.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Reports none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Events of paths for which there was no room.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.files.refused()
    }

    /// Number of paths answered as "not found".
    #[must_use]
    pub fn not_found(&self) -> u64 {
        self.not_found
    }

    /// A path.
    #[must_use]
    pub fn path(&self, file: u32) -> &str {
        self.files.name(file)
    }

    /// Statistics of a path.
    #[must_use]
    pub fn seen(&self, file: u32) -> Seen {
        seen_of(&self.files, file)
    }

    /// The operations on a path, most frequent first.
    #[must_use]
    pub fn operations(&self, file: u32) -> Vec<(&str, u32)> {
        let own = self.files.get(file).map(|file| file.detail.as_slice());
        let mut operations: Vec<_> = own
            .unwrap_or_default()
            .iter()
            .map(|(operation, count)| (self.operations.name((*operation).into()), *count))
            .collect();
        sort_by_key(&mut operations, |(_, count)| std::cmp::Reverse(*count));
        operations
    }

    /// The paths with the most events, at most `most`.
    #[must_use]
    pub fn top(&self, most: usize) -> Vec<(&str, u64)> {
        table::top(&self.files, most)
    }

    /// Paths that were written, made or renamed, as far as they have what is searched for, in lower case.
    #[must_use]
    pub fn written(&self, needle: &str) -> Vec<u32> {
        let changes: Vec<bool> = self.operations.iter().map(|(name, ())| is_change(name)).collect();
        let is_written = |(operation, _): &(u8, u32)| changes.get(usize::from(*operation)) == Some(&true);
        let mut rows = found(self.files.len(), needle, |file| self.path(file));
        rows.retain(|file| {
            self.files
                .get(*file)
                .is_some_and(|own| own.detail.iter().any(is_written))
        });
        rows
    }

    /// Number of a path, where it is kept.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<u32> {
        self.files.find(path)
    }

    /// Puts paths in the order of a column of the flat table.
    pub fn sort(&self, rows: &mut [u32], by: Sort) {
        let seen = |file: u32| self.seen(file);
        let number: &dyn Fn(u32) -> u64 = match by.column {
            0 => return sort(rows, &By::Text(&|file| self.path(file)), by.descending),
            2 => &|file| self.files.get(file).map_or(0, |file| file.detail.len() as u64),
            3 => &move |file| seen(file).outcome_key(),
            4 => &move |file| seen(file).routing_key(),
            5 => &move |file| seen(file).first,
            6 => &move |file| seen(file).last,
            _ => &move |file| seen(file).count,
        };
        sort(rows, &By::Number(number), by.descending);
    }

    fn asked(&self, ask: &Ask) -> Vec<u32> {
        let mut rows = found(self.files.len(), &ask.needle, |file| self.path(file));
        if ask.not_found {
            rows.retain(|file| self.seen(*file).is_missing());
        }
        if let Some(only) = &ask.only {
            rows.retain(|file| only.contains(self.path(*file)));
        }
        rows
    }

    /// The flat table: paths, events, operations, outcome, routing, first, last. `before` is what it was for the same question:
    /// paths that are new are put into it.
    #[must_use]
    pub fn flat(&self, ask: &Ask, by: Sort, before: Vec<u32>) -> Vec<u32> {
        let mut rows = before;
        let asked = self.asked(ask);
        if rows.len() > asked.len() {
            rows.clear();
        }
        // What is asked for comes in the order of numbers, and a path never leaves it but where the question changes.
        let known: Vec<bool> = rows.iter().fold(vec![false; self.files.len()], |mut known, row| {
            if let Some(place) = known.get_mut(*row as usize) {
                *place = true;
            }
            known
        });
        rows.extend(
            asked
                .into_iter()
                .filter(|file| known.get(*file as usize) == Some(&false)),
        );
        self.sort(&mut rows, by);
        rows
    }

    /// Tree: the rows of open folders and of the root. Folders at the root are open, and all of them during a search,
    /// except those that the reader `turned`.
    #[must_use]
    pub fn tree(&self, ask: &Ask, turned: &BTreeSet<String>, before: Vec<u32>) -> (Vec<Branch>, Vec<u32>) {
        let by_path = Sort {
            column: 0,
            descending: false,
        };
        let sorted = self.flat(ask, by_path, before);
        let mut rows = Vec::new();
        let all = !ask.needle.is_empty() || ask.not_found || ask.only.is_some();
        // What stands at the root is open from the start: a tree that shows one closed folder shows nothing.
        let is_open = |folder: &str, depth: u16| (all || depth == 0) != turned.contains(folder);
        self.level(&sorted, 0, 0, &is_open, &mut rows);
        (rows, sorted)
    }

    /// The rows of one folder: `sorted` are the paths in it, which share their first `start` bytes.
    fn level(
        &self,
        sorted: &[u32],
        start: usize,
        depth: u16,
        open: &dyn Fn(&str, u16) -> bool,
        rows: &mut Vec<Branch>,
    ) {
        let mut rest = sorted;
        while let Some((first, others)) = rest.split_first() {
            let path = self.path(*first);
            let Some(folder_end) = folder_end(path, start) else {
                rows.push(self.leaf(*first, start, depth));
                rest = others;
                continue;
            };
            let folder = &path[..folder_end];
            let count = rest.partition_point(|file| self.path(*file).starts_with(folder));
            let (inside, behind) = rest.split_at(count.max(1));
            rest = behind;
            let last = inside.last().map_or(path, |file| self.path(*file));
            if inside.len() == 1 {
                rows.push(self.leaf(*first, start, depth));
                continue;
            }
            let folder_end = shared_folder(path, last).max(folder_end);
            let is_open = depth < MAX_DEPTH && open(&path[..folder_end], depth);
            let mut seen = Seen::default();
            inside.iter().for_each(|file| seen.join(&self.seen(*file)));
            rows.push(Branch {
                depth,
                file: *first,
                name_start: start as u32,
                folder_end: folder_end as u32,
                files: inside.len() as u32,
                is_open,
                seen,
            });
            if is_open {
                self.level(inside, folder_end, depth + 1, open, rows);
            }
        }
    }

    fn leaf(&self, file: u32, start: usize, depth: u16) -> Branch {
        Branch {
            depth,
            file,
            name_start: start as u32,
            folder_end: 0,
            files: 1,
            is_open: false,
            seen: self.seen(file),
        }
    }
}

/// The deepest folder that opens: beyond, the tree would be as deep as a hostile path is long.
const MAX_DEPTH: u16 = 64;

/// End of the folder that a path goes through from `start` on, with its slash.
fn folder_end(path: &str, start: usize) -> Option<usize> {
    let rest = path.get(start..)?;
    let name = rest.trim_start_matches('/');
    let end = name.find('/')? + rest.len() - name.len() + 1;
    // A path that ends with a slash is itself, and not a folder with nothing in it.
    (start + end < path.len()).then_some(start + end)
}

/// The end of the last folder that two paths share.
fn shared_folder(one: &str, other: &str) -> usize {
    let same = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(one, other)| one == other)
        .count();
    one.as_bytes()[..same]
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(0, |slash| slash + 1)
}

#[cfg(test)]
mod tests {
    use crate::state::routing::Routing;
    use proptest::prelude::*;

    use super::*;

    fn files(paths: &[&str]) -> Files {
        let mut files = Files::default();
        for (ts, path) in paths.iter().enumerate() {
            let ts = ts as u64;
            files.apply(path, "open", Mark { ts, ..Mark::default() });
        }
        files
    }

    fn tree(files: &Files, needle: &str, open: &[&str]) -> Vec<String> {
        let ask = Ask {
            needle: needle.to_owned(),
            ..Ask::default()
        };
        let open = open.iter().map(|folder| (*folder).to_owned()).collect();
        let (rows, _) = files.tree(&ask, &open, Vec::new());
        rows.iter()
            .map(|row| {
                let path = files.path(row.file);
                let end = if row.folder_end > 0 {
                    row.folder_end as usize
                } else {
                    path.len()
                };
                format!(
                    "{}{} {}",
                    ".".repeat(row.depth.into()),
                    &path[row.name_start as usize..end],
                    row.seen.count
                )
            })
            .collect()
    }

    #[test]
    fn operations_are_counted_apart_and_not_found_is_remembered() {
        let mut files = Files::default();
        for (operation, routing) in [
            ("open", Routing::NotFound),
            ("stat", Routing::Local),
            ("stat", Routing::NotFound),
        ] {
            let routing = Some(routing);
            files.apply(
                "/a",
                operation,
                Mark {
                    routing,
                    ..Mark::default()
                },
            );
        }
        assert_eq!(files.operations(0), [("stat", 2), ("open", 1)]);
        assert_eq!((files.not_found(), files.seen(0).count), (1, 3));
    }

    #[test]
    fn what_was_written_is_told_apart_by_its_operations() {
        let mut files = files(&["/in", "/out/log", "/out/db"]);
        files.apply("/out/log", "write", Mark::default());
        files.apply("/out/db", "rename", Mark::default());
        files.apply("/in", "stat", Mark::default());
        assert_eq!(files.written(""), [1, 2]);
        assert_eq!(files.written("log"), [1]);
    }

    #[test]
    fn the_tree_joins_folders_that_have_nothing_else() {
        let files = files(&[
            "/usr/lib/a/x",
            "/usr/lib/a/y",
            "/usr/lib/b/z",
            "/etc/hosts",
            "/etc/hosts",
        ]);
        assert_eq!(tree(&files, "", &["/usr/lib/"]), ["/etc/hosts 2", "/usr/lib/ 3"]);
        assert_eq!(
            tree(&files, "", &["/usr/lib/a/"]),
            ["/etc/hosts 2", "/usr/lib/ 3", ".a/ 2", "..x 1", "..y 1", ".b/z 1"]
        );
        assert_eq!(tree(&files, "hosts", &[]), ["/etc/hosts 2"]);
        assert_eq!(tree(&files, "lib/a", &[]), ["/usr/lib/a/ 2", ".x 1", ".y 1"]);
    }

    #[test]
    fn a_folder_that_was_touched_itself_stands_beside_what_is_in_it() {
        let files = files(&["/srv", "/srv/", "/srv/a", "/srv/b", "relative", "//"]);
        let rows = tree(&files, "", &[]);
        assert_eq!(
            rows,
            ["// 1", "/srv 1", "/srv/ 1", "/srv/ 2", ".a 1", ".b 1", "relative 1"]
        );
    }

    #[test]
    fn a_path_as_deep_as_it_is_long_does_not_go_deeper_than_the_tree_does() {
        let deep = "/a".repeat(2_000);
        let (one, other) = ([&deep, "/x"].concat(), [&deep[..2_000], "/y"].concat());
        let all: Vec<String> = (1..1_000).map(|depth| "/a/b".repeat(depth)).collect();
        let mut paths: Vec<&str> = all.iter().map(String::as_str).collect();
        paths.extend([one.as_str(), other.as_str()]);
        let files = files(&paths);
        assert!(tree(&files, "a", &[]).len() <= 3 * (usize::from(MAX_DEPTH) + 2));
    }

    #[test]
    fn a_table_takes_what_is_new_into_its_order() {
        let mut files = files(&["/b", "/a", "/a"]);
        let by = |column| Sort {
            column,
            descending: column > 0,
        };
        let first = files.flat(&Ask::default(), by(1), Vec::new());
        assert_eq!(first, [1, 0]);
        files.apply("/c", "open", Mark::default());
        assert_eq!(files.flat(&Ask::default(), by(1), first.clone()), [1, 0, 2]);
        assert_eq!(files.flat(&Ask::default(), by(0), first), [1, 0, 2]);
    }

    proptest! {
        #[test]
        fn every_path_is_in_the_tree_once(paths in prop::collection::vec("(/[ab]{0,2}){1,4}", 1..30)) {
            let names: Vec<&str> = paths.iter().map(String::as_str).collect();
            let files = files(&names);
            let ask = Ask { needle: "/".to_owned(), ..Ask::default() };
            let (rows, _) = files.tree(&ask, &BTreeSet::new(), Vec::new());
            let mut leaves: Vec<u32> = rows.iter().filter(|row| row.folder_end == 0).map(|row| row.file).collect();
            leaves.sort_unstable();
            prop_assert_eq!(leaves, (0..files.len() as u32).collect::<Vec<_>>());
            let top: u64 = rows.iter().filter(|row| row.depth == 0).map(|row| row.seen.count).sum();
            prop_assert_eq!(top, paths.len() as u64);
        }
    }
}
