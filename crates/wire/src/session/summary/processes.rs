//! Processes that died, and the command lines by which a name was given to the program.
//!
//! A signal by which a process is asked to end (`ASKED`), or which a pipeline sends, is no news. An exit code is news of
//! the session's first process alone: of a child (`false`, `grep` without a match) its parent makes what it will.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lenient::flattened;
use crate::session::event::Exit;

/// The most processes that run, of which the command is known; of more it is not.
pub const MAX_RUNNING: usize = 1_024;
/// The most processes that died; of more the number alone is known.
pub const MAX_DIED: usize = 64;
/// Part of a command line that is kept.
const MAX_COMMAND_BYTES: usize = 256;

/// Signals by which a process is ended on purpose.
const ASKED: &[&str] = &["SIGHUP", "SIGINT", "SIGPIPE", "SIGQUIT", "SIGTERM"];

/// A process that runs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub(super) struct Running {
    pub(super) pid: u32,
    /// Its command line, or its name where that is not known; a part of a long one.
    pub(super) command: String,
    pub(super) started_ts: u64,
}

/// A process that died.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(remote = "Self", default)]
pub struct Died {
    /// The process.
    pub pid: u32,
    /// Its command line, or its name; a part of a long one, empty where neither is known.
    pub command: String,
    /// When it started, microseconds since the Unix epoch; 0 where that was not seen.
    pub started_ts: u64,
    /// When it ended.
    pub ended_ts: u64,
    /// Its signal or exit code.
    #[serde(flatten, skip_deserializing)]
    pub exit: Exit,
}

flattened!(Died: exit);

/// The processes.
#[derive(Debug, Clone, Default)]
pub(super) struct Processes {
    /// The session's first process.
    pub(super) root: Option<u32>,
    pub(super) running: BTreeMap<u32, Running>,
    pub(super) died: Vec<Died>,
    /// Processes that died and did not fit.
    pub(super) omitted: u64,
    /// An exit code or signal was seen; without one nothing is known.
    pub(super) known: bool,
}

impl Processes {
    pub(super) fn started(&mut self, pid: u32, name: &str, cmdline: &[String], ts: u64) {
        self.root.get_or_insert(pid);
        let command = if cmdline.is_empty() {
            name.to_owned()
        } else {
            cmdline.join(" ")
        };
        let command = shortened(command);
        if let Some(own) = self.running.get_mut(&pid) {
            own.command = command;
        } else if self.running.len() < MAX_RUNNING {
            let started_ts = ts;
            self.running.insert(
                pid,
                Running {
                    pid,
                    command,
                    started_ts,
                },
            );
        }
    }

    pub(super) fn ended(&mut self, pid: u32, exit: &Exit, ts: u64) {
        self.known |= !exit.is_unknown();
        let own = self.running.remove(&pid).unwrap_or_default();
        let is_code = self.root == Some(pid) && exit.code.is_some_and(|code| code != 0);
        if !is_code && !is_news(exit) {
            return;
        }
        if self.died.len() >= MAX_DIED {
            self.omitted = self.omitted.saturating_add(1);
            return;
        }
        self.died.push(Died {
            pid,
            command: own.command,
            started_ts: own.started_ts,
            ended_ts: ts,
            exit: exit.clone(),
        });
    }

    /// Reports a name on the command line of a process or of the session's first one.
    pub(super) fn gave(&self, pid: u32, name: &str) -> bool {
        let root = self.root.unwrap_or_default();
        let commands = [pid, root].into_iter().filter_map(|pid| self.running.get(&pid));
        commands.into_iter().any(|own| has_name(&own.command, name))
    }
}

/// Reports an end by a signal that is no request to end.
pub(super) fn is_news(exit: &Exit) -> bool {
    exit.signal.as_deref().is_some_and(|signal| !ASKED.contains(&signal))
}

/// Reports a name in a text that no letter of a longer name is beside.
fn has_name(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let mut places = text.match_indices(name);
    !name.is_empty()
        && places.any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let behind = text.get(at + name.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(is_part) && !behind.is_some_and(is_part)
        })
}

fn shortened(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_COMMAND_BYTES));
    text
}
