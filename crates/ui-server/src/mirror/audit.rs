//! Log of what happened at the mirror: bounded lines in memory for the desktop's page, and files that are rotated at a size.
//!
//! Two rings, each with its own lines and files: what clients can cause without being let in, and what changes who may
//! what (sign-ins, revocations, roles, settings, sessions ended). A flood of the first never displaces the second. The
//! same thing again is counted in its line; beyond a number of lines of one source or kind, similar things are too. No
//! line has a secret, and nothing that a client sent is in one unescaped.

use std::collections::VecDeque;
use std::net::IpAddr;

use mirrord_private_files::PrivateFolder;
use mirrord_wire::mirror::{AuditEntry, AuditKind};

use super::steady_clock::Reading;
use crate::clock;
use crate::connections::household;

mod ring;

use self::ring::{Key, Ring, Source};

/// The bytes of a file; beyond them it becomes the older one, in place of the one before it.
pub(crate) const MAX_FILE_BYTES: u64 = 256 * 1024;
/// Lines that wait for a file that cannot be written; beyond them the oldest is lost, and counted.
const MAX_UNWRITTEN: usize = 200;
/// Characters of what a client sent, in one line.
const MAX_FOREIGN_CHARACTERS: usize = 120;

/// A file and the older one beside it.
#[derive(Debug, Clone, Copy)]
struct Files {
    name: &'static str,
    old: &'static str,
}

const GENERAL: Files = Files {
    name: "audit.log",
    old: "audit.log.1",
};
const ACCESS: Files = Files {
    name: "access.log",
    old: "access.log.1",
};

/// The log.
#[derive(Debug)]
pub(crate) struct Audit {
    folder: PrivateFolder,
    general: Ring,
    access: Ring,
    /// The number of the next line.
    next: u64,
    unwritten: VecDeque<(Files, Vec<u8>)>,
    /// Lines that no file will have.
    lost: u64,
    /// Fault of a file; logged once.
    trouble: Option<String>,
}

/// Returns true for what changes who may what.
fn is_access(kind: AuditKind) -> bool {
    matches!(
        kind,
        AuditKind::SignedIn
            | AuditKind::Paired
            | AuditKind::SignedOut
            | AuditKind::Revoked
            | AuditKind::DeviceChanged
            | AuditKind::SettingsChanged
            | AuditKind::EndedSession
            | AuditKind::NamedSession
    )
}

impl Audit {
    pub(crate) fn new(folder: PrivateFolder) -> Self {
        Self {
            folder,
            general: Ring::default(),
            access: Ring::default(),
            next: 0,
            unwritten: VecDeque::new(),
            lost: 0,
            trouble: None,
        }
    }

    /// Adds a line, or counts it in one that is there.
    pub(crate) fn add(
        &mut self,
        kind: AuditKind,
        address: Option<IpAddr>,
        device: Option<&str>,
        detail: &str,
        now: Reading,
    ) {
        // A sign-in makes another device each time; its source is the address.
        let is_new_device = matches!(kind, AuditKind::SignedIn | AuditKind::Paired);
        let source = Source {
            network: address.map(household),
            device: device.filter(|_| !is_new_device).map(str::to_owned),
        };
        let entry = AuditEntry {
            at: clock::rfc3339(now.wall),
            kind,
            address: address.map(|address| address.to_canonical().to_string()),
            device: device.map(str::to_owned),
            detail: detail.to_owned(),
        };
        let (ring, files) = match is_access(kind) {
            true => (&mut self.access, ACCESS),
            false => (&mut self.general, GENERAL),
        };
        let number = self.next;
        if let Some(line) = ring.add(number, Key { kind, source }, entry, now.steady) {
            self.next += 1;
            self.write(files, &line);
        }
    }

    /// Writes what was counted and what could not be written before; to be called about once a second.
    pub(crate) fn flush(&mut self, steady: u64, last: bool) {
        for entry in self.general.counted(steady, last) {
            self.write(GENERAL, &entry);
        }
        for entry in self.access.counted(steady, last) {
            self.write(ACCESS, &entry);
        }
        self.write_all();
    }

    fn write(&mut self, files: Files, entry: &AuditEntry) {
        let mut line = serde_json::to_vec(entry).unwrap_or_default();
        line.push(b'\n');
        if self.unwritten.len() >= MAX_UNWRITTEN {
            self.unwritten.pop_front();
            self.lost += 1;
        }
        self.unwritten.push_back((files, line));
        self.write_all();
    }

    fn write_all(&mut self) {
        while let Some((files, line)) = self.unwritten.front() {
            if let Err(error) = self.folder.append(files.name, files.old, MAX_FILE_BYTES, line) {
                return self.fail(&error.to_string());
            }
            self.unwritten.pop_front();
            self.trouble = None;
        }
    }

    fn fail(&mut self, reason: &str) {
        if self.trouble.is_none() {
            tracing::warn!("the mirror's log: {reason}");
        }
        let lost = match self.lost {
            0 => String::new(),
            lost => format!("; {lost} lines are lost"),
        };
        self.trouble = Some(format!("the mirror's log: {reason}{lost}"));
    }

    /// Returns the lines in memory, the newest first.
    pub(crate) fn list(&self) -> Vec<AuditEntry> {
        let mut lines: Vec<_> = self.general.iter().chain(self.access.iter()).collect();
        lines.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
        lines.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Returns what is wrong with a file.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }
}

/// Escapes a text of a client's for a terminal or a page.
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
mod tests;
