//! Catalogue of the history: what is kept, what is being recorded, and what has to go. It touches no file.

use std::collections::{BTreeMap, HashMap};

use mirrord_wire::SessionInfo;
use mirrord_wire::api::{History, HistoryRecord};
use tokio_util::sync::CancellationToken;

use crate::store::Key;
use crate::{clock, limits};

const DAY_MICROS: u64 = 24 * 60 * 60 * 1_000_000;

/// Bounds of the history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) bytes: u64,
    pub(super) days: u64,
    pub(super) records: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: limits::MAX_HISTORY_BYTES,
            days: limits::MAX_HISTORY_DAYS,
            records: limits::MAX_HISTORY_RECORDS,
        }
    }
}

/// Records that are kept, and those that are being written.
#[derive(Debug)]
pub(super) struct Catalogue {
    bounds: Bounds,
    /// By the names of their files.
    kept: BTreeMap<String, HistoryRecord>,
    unfinished: HashMap<Key, Unfinished>,
    /// Bytes of the records that are kept.
    kept_bytes: u64,
}

/// Record of a session that has yet to end.
#[derive(Debug, Default)]
struct Unfinished {
    file: String,
    bytes: u64,
    stop: CancellationToken,
    is_discarded: bool,
}

impl Catalogue {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            kept: BTreeMap::new(),
            unfinished: HashMap::new(),
            kept_bytes: 0,
        }
    }

    /// Takes in what was found in the folder.
    pub(super) fn load(&mut self, records: Vec<HistoryRecord>) {
        records.into_iter().for_each(|record| self.insert(record));
    }

    fn insert(&mut self, record: HistoryRecord) {
        self.remove(&record.file);
        self.kept_bytes = self.kept_bytes.saturating_add(record.bytes);
        self.kept.insert(record.file.clone(), record);
    }

    /// Forgets a record that is kept.
    pub(super) fn remove(&mut self, file: &str) -> Option<HistoryRecord> {
        let removed = self.kept.remove(file)?;
        self.kept_bytes = self.kept_bytes.saturating_sub(removed.bytes);
        Some(removed)
    }

    /// Returns whether a record is kept.
    pub(super) fn has(&self, file: &str) -> bool {
        self.kept.contains_key(file)
    }

    /// Returns the file of an earlier record of the very same session. A released mirrord's events are numbered from 1 by each
    /// of its readers: its record is not continued.
    pub(super) fn earlier(&self, info: &SessionInfo) -> Option<String> {
        let is_same = |own: &&HistoryRecord| own.session_id == info.session_id && own.started_at == info.started_at;
        let found = self.kept.values().rev().find(is_same);
        let can_be_continued = info.protocol_version > 0 && !info.started_at.is_empty();
        found.filter(|_| can_be_continued).map(|own| own.file.clone())
    }

    /// Begins a record; returns whether the session has none yet.
    pub(super) fn begin(&mut self, key: Key, stop: CancellationToken) -> bool {
        if self.is_recorded(key) {
            return false;
        }
        let own = Unfinished {
            stop,
            ..Unfinished::default()
        };
        self.unfinished.insert(key, own);
        true
    }

    pub(super) fn is_recorded(&self, key: Key) -> bool {
        self.unfinished.contains_key(&key)
    }

    pub(super) fn stop_token(&self, key: Key) -> Option<CancellationToken> {
        Some(self.unfinished.get(&key)?.stop.clone())
    }

    /// Names the file of a record that has begun.
    pub(super) fn name(&mut self, key: Key, file: &str) {
        if let Some(own) = self.unfinished.get_mut(&key) {
            file.clone_into(&mut own.file);
        }
    }

    /// Takes in the size of a record that goes on.
    pub(super) fn grow(&mut self, key: Key, bytes: u64) {
        if let Some(own) = self.unfinished.get_mut(&key) {
            own.bytes = bytes;
        }
    }

    /// Ends all records that go on; they are not to be kept.
    pub(super) fn stop_all(&mut self) {
        for own in self.unfinished.values_mut() {
            own.is_discarded = true;
            own.stop.cancel();
        }
    }

    pub(super) fn is_discarded(&self, key: Key) -> bool {
        self.unfinished.get(&key).is_some_and(|own| own.is_discarded)
    }

    /// Forgets a record that could not be made.
    pub(super) fn give_up(&mut self, key: Key) {
        self.unfinished.remove(&key);
    }

    /// Takes in a record that has ended, unless it was discarded.
    pub(super) fn end(&mut self, key: Key, record: Option<HistoryRecord>) {
        self.unfinished.remove(&key);
        if let Some(record) = record {
            self.insert(record);
        }
    }

    fn unfinished_bytes(&self) -> u64 {
        self.unfinished.values().map(|own| own.bytes).sum()
    }

    fn bytes(&self) -> u64 {
        self.kept_bytes.saturating_add(self.unfinished_bytes())
    }

    /// Returns whether all records have more bytes than they may.
    pub(super) fn is_over(&self) -> bool {
        self.bytes() > self.bounds.bytes
    }

    /// Returns whether those of sessions that have yet to end have nine tenths of that by themselves: what is then ended has room.
    pub(super) fn is_full_of_unfinished(&self) -> bool {
        self.unfinished_bytes() > self.bounds.bytes / 10 * 9
    }

    /// Forgets the records that are too old, and the oldest beyond the bounds; returns their files.
    pub(super) fn evict(&mut self, now: u64) -> Vec<String> {
        let oldest_allowed = clock::rfc3339(now.saturating_sub(self.bounds.days.saturating_mul(DAY_MICROS)));
        let mut by_age: Vec<_> = self.kept.values().map(age).collect();
        by_age.sort_unstable();
        let mut evicted = Vec::new();
        for (ended_at, file) in by_age {
            let is_too_many = self.kept.len() > self.bounds.records;
            if ended_at >= oldest_allowed && !is_too_many && !self.is_over() {
                break;
            }
            self.remove(&file);
            evicted.push(file);
        }
        evicted
    }

    /// Answers the records that match every word of a query, the session that started last first.
    pub(super) fn answer(&self, query: &str) -> History {
        let words: Vec<_> = query.split_whitespace().map(str::to_lowercase).collect();
        let mut found: Vec<_> = self.kept.values().filter(|record| matches(record, &words)).collect();
        found.sort_by(|a, b| (&b.started_at, &b.file).cmp(&(&a.started_at, &a.file)));
        let omitted = found.len().saturating_sub(History::MAX_RECORDS);
        History {
            records: found.into_iter().take(History::MAX_RECORDS).cloned().collect(),
            omitted: omitted as u64,
            bytes: self.bytes(),
            max_bytes: self.bounds.bytes,
            max_days: self.bounds.days,
            ..History::default()
        }
    }
}

/// Sort key of a record: when it ended, and its file.
fn age(record: &HistoryRecord) -> (String, String) {
    (record.ended_at.clone(), record.file.clone())
}

fn matches(record: &HistoryRecord, words: &[String]) -> bool {
    let HistoryRecord {
        session_id,
        name,
        target,
        command,
        ..
    } = record;
    let text = [name, target, command, session_id].map(|text| text.to_lowercase());
    words.iter().all(|word| text.iter().any(|text| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(file: &str, started_at: &str, bytes: u64) -> HistoryRecord {
        HistoryRecord {
            file: file.to_owned(),
            session_id: format!("id-{file}"),
            name: "Shop".to_owned(),
            command: "node server.js".to_owned(),
            started_at: started_at.to_owned(),
            ended_at: started_at.to_owned(),
            bytes,
            ..HistoryRecord::default()
        }
    }

    /// Three records of 10 bytes each, a day after each other, and the time of the last.
    fn catalogue(bounds: Bounds) -> (Catalogue, u64) {
        let mut catalogue = Catalogue::new(bounds);
        let day = |number: u64| clock::rfc3339(number * DAY_MICROS);
        catalogue.load(
            (100..103)
                .map(|number| record(&format!("f{number}"), &day(number), 10))
                .collect(),
        );
        (catalogue, 102 * DAY_MICROS)
    }

    #[test]
    fn the_oldest_go_first_by_bytes_by_days_and_by_number() {
        let bounds = Bounds::default();
        let evicted = |bounds| {
            let (mut catalogue, now) = catalogue(bounds);
            catalogue.evict(now)
        };
        assert_eq!(evicted(bounds), [] as [String; 0]);
        assert_eq!(evicted(Bounds { bytes: 20, ..bounds }), ["f100"]);
        assert_eq!(evicted(Bounds { records: 1, ..bounds }), ["f100", "f101"]);
        assert_eq!(evicted(Bounds { days: 1, ..bounds }), ["f100"]);
    }

    #[test]
    fn what_is_being_written_counts_and_is_not_evicted() {
        let (mut catalogue, now) = catalogue(Bounds {
            bytes: 30,
            ..Bounds::default()
        });
        assert!(catalogue.begin(7, CancellationToken::new()));
        assert!(!catalogue.begin(7, CancellationToken::new()), "one record a session");
        catalogue.grow(7, 15);
        assert!(catalogue.is_over());
        assert_eq!(catalogue.evict(now), ["f100", "f101"]);
        assert!(!catalogue.is_full_of_unfinished());
        catalogue.grow(7, 28);
        assert_eq!(catalogue.evict(now), ["f102"]);
        assert!(catalogue.is_full_of_unfinished());
    }

    #[test]
    fn every_word_has_to_be_in_the_name_the_target_the_command_or_the_id() {
        let (catalogue, _) = catalogue(Bounds::default());
        let files = |query: &str| -> Vec<_> {
            let found = catalogue.answer(query).records.into_iter();
            found.map(|record| record.file).collect()
        };
        assert_eq!(files(""), ["f102", "f101", "f100"]);
        assert_eq!(files("shop NODE f101"), ["f101"]);
        assert_eq!(files("shop python"), [] as [String; 0]);
    }

    #[test]
    fn a_record_is_continued_by_the_very_same_session_alone() {
        let (catalogue, _) = catalogue(Bounds::default());
        let info = |id: &str, day: u64, protocol_version| SessionInfo {
            session_id: id.to_owned(),
            started_at: clock::rfc3339(day * DAY_MICROS),
            protocol_version,
            ..SessionInfo::default()
        };
        assert_eq!(catalogue.earlier(&info("id-f101", 101, 1)).as_deref(), Some("f101"));
        assert_eq!(catalogue.earlier(&info("id-f101", 102, 1)), None);
        assert_eq!(catalogue.earlier(&info("id-f100", 101, 1)), None);
        assert_eq!(catalogue.earlier(&info("id-f101", 101, 0)), None);
    }
}
