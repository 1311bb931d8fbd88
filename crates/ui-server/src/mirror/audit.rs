//! What happened at the mirror: the newest lines in memory for the desktop's page, all of them in a file that is turned
//! over at its bound.
//!
//! No line has a secret, and nothing that a client sent stands in one unescaped. The same thing again from the same
//! address within seconds is counted in its line and not written again, so that a flood of refusals fills neither.

use std::collections::VecDeque;
use std::net::IpAddr;

use mirrord_wire::mirror::{AuditEntry, AuditKind};

use super::private_file::Folder;
use crate::clock;

/// Lines in memory; the oldest goes first. The file still has it.
pub(crate) const MAX_ENTRIES: usize = 500;
/// The bytes of the file; beyond them it becomes the older one, in place of the one before it.
pub(crate) const MAX_FILE_BYTES: u64 = 256 * 1024;
/// The time within which the same thing again is counted.
const SAME_WITHIN_MICROS: u64 = 10 * 1_000_000;
/// Characters of what a client sent, in one line.
const MAX_FOREIGN_CHARACTERS: usize = 120;
const FILE: &str = "audit.log";
const OLD_FILE: &str = "audit.log.1";

/// The log.
#[derive(Debug)]
pub(crate) struct Audit {
    folder: Folder,
    entries: VecDeque<AuditEntry>,
    /// When the newest line was, and how often it happened again since.
    newest: (u64, u64),
    /// The line in words, without how often.
    detail: String,
    /// What is wrong with the file; said once.
    trouble: Option<String>,
}

impl Audit {
    pub(crate) fn new(folder: Folder) -> Self {
        Self {
            folder,
            entries: VecDeque::new(),
            newest: (0, 0),
            detail: String::new(),
            trouble: None,
        }
    }

    /// Takes a line down.
    pub(crate) fn add(
        &mut self,
        kind: AuditKind,
        address: Option<IpAddr>,
        device: Option<&str>,
        detail: &str,
        now: u64,
    ) {
        let address = address.map(|address| address.to_canonical().to_string());
        if let Some(newest) = self.entries.back_mut()
            && (newest.kind, newest.address.as_ref(), newest.device.as_deref()) == (kind, address.as_ref(), device)
            && self.detail == detail
            && now.saturating_sub(self.newest.0) < SAME_WITHIN_MICROS
        {
            self.newest.1 += 1;
            newest.detail = format!("{detail} (and {} more)", self.newest.1);
            return;
        }
        self.write_repeats();
        let entry = AuditEntry {
            at: clock::rfc3339(now),
            kind,
            address,
            device: device.map(str::to_owned),
            detail: detail.to_owned(),
        };
        self.write(&entry);
        if self.entries.len() >= MAX_ENTRIES {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        (self.newest, self.detail) = ((now, 0), detail.to_owned());
    }

    /// The line that happened again goes into the file a second time, with how often.
    fn write_repeats(&mut self) {
        if let Some(newest) = self.entries.back().filter(|_| self.newest.1 > 0).cloned() {
            self.write(&newest);
            self.newest.1 = 0;
        }
    }

    fn write(&mut self, entry: &AuditEntry) {
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        let written = self.folder.append(FILE, OLD_FILE, MAX_FILE_BYTES, &line);
        let trouble = written.err().map(|error| format!("the mirror's log: {error}"));
        if let Some(trouble) = trouble
            .as_deref()
            .filter(|trouble| self.trouble.as_deref() != Some(*trouble))
        {
            tracing::warn!("{trouble}");
        }
        self.trouble = trouble;
    }

    /// The lines in memory, the newest first.
    pub(crate) fn list(&self) -> Vec<AuditEntry> {
        self.entries.iter().rev().cloned().collect()
    }

    /// What is wrong with the file.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }
}

/// What a client sent, made safe to be shown in a terminal or a page.
pub(crate) fn foreign(text: &str) -> String {
    let mut shown = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(MAX_FOREIGN_CHARACTERS) {
        match character {
            ' '..='~' if character != '\\' => shown.push(character),
            _ => shown.extend(character.escape_unicode()),
        }
    }
    if characters.next().is_some() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit() -> (tempfile::TempDir, Audit) {
        let home = tempfile::tempdir().unwrap();
        let audit = Audit::new(Folder::new(home.path().join(".mirror")));
        (home, audit)
    }

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 66));

    #[test]
    fn a_flood_is_one_line_with_its_number() {
        let (_home, mut audit) = audit();
        for now in 0..10_000 {
            audit.add(AuditKind::Throttled, Some(ADDRESS), None, "told to wait", now * 500);
        }
        assert_eq!(audit.list().len(), 1);
        assert_eq!(audit.list()[0].detail, "told to wait (and 9999 more)");
        audit.add(AuditKind::SignedIn, Some(ADDRESS), None, "iPhone", 10_000_000);
        let file = audit.folder.read(FILE, 10_000).unwrap().unwrap();
        let lines: Vec<AuditEntry> = file
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        let details: Vec<_> = lines.iter().map(|entry| entry.detail.as_str()).collect();
        assert_eq!(details, ["told to wait", "told to wait (and 9999 more)", "iPhone"]);
    }

    #[test]
    fn memory_and_file_are_bounded() {
        let (_home, mut audit) = audit();
        for now in 0..6_000 {
            audit.add(
                AuditKind::SignInFailed,
                Some(ADDRESS),
                None,
                &format!("line {now}"),
                now,
            );
        }
        assert_eq!(
            (audit.list().len(), audit.list()[0].detail.as_str()),
            (MAX_ENTRIES, "line 5999")
        );
        for name in [FILE, OLD_FILE] {
            let bytes = audit.folder.read(name, 1 << 20).unwrap().unwrap().len() as u64;
            assert!(bytes > 0 && bytes < MAX_FILE_BYTES + 1_024, "{name} {bytes}");
        }
    }

    #[test]
    fn a_log_that_cannot_be_written_is_said_and_stops_nothing() {
        let (home, _) = audit();
        std::fs::write(home.path().join("file"), "").unwrap();
        let mut audit = Audit::new(Folder::new(home.path().join("file")));
        audit.add(AuditKind::Started, None, None, "x", 1);
        assert!(
            audit.trouble().unwrap().contains("is not a directory"),
            "{:?}",
            audit.trouble()
        );
        assert_eq!(audit.list().len(), 1);
    }

    #[test]
    fn what_a_client_sent_turns_no_terminal_over() {
        assert_eq!(foreign("curl/8.5"), "curl/8.5");
        assert_eq!(foreign("a\u{1b}[2J\n\u{202e}\\"), "a\\u{1b}[2J\\u{a}\\u{202e}\\u{5c}");
        assert_eq!(foreign(&"x".repeat(1_000)).len(), MAX_FOREIGN_CHARACTERS + 3);
    }
}
