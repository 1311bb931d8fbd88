//! The one kind of event that is cut to size.
//!
//! Runs on the emitting thread: for the events that come often it is one comparison.

use mirrord_wire::{MonitorEvent, Observation};

use crate::limits::MAX_CMDLINE_BYTES;

/// What a list's item costs beside its text.
const ITEM: usize = 8;

/// Cuts a command line to [`MAX_CMDLINE_BYTES`]: it is kept as long as its process, and a process must not go unseen
/// because a compiler or a linker was given a thousand files.
#[inline]
pub(crate) fn shorten(observation: &mut Observation) {
    if let MonitorEvent::LayerConnected { cmdline, .. } = &mut observation.event {
        shorten_cmdline(cmdline);
    }
}

fn shorten_cmdline(cmdline: &mut Vec<String>) {
    if cmdline_bytes(cmdline) <= MAX_CMDLINE_BYTES {
        return;
    }
    let mut room = MAX_CMDLINE_BYTES;
    let mut kept = Vec::new();
    for word in cmdline.drain(..) {
        let cost = word.len() + ITEM;
        if cost > room {
            kept.push(format!(
                "{}…",
                &word[..word.floor_char_boundary(room.saturating_sub(ITEM))]
            ));
            break;
        }
        room -= cost;
        kept.push(word);
    }
    *cmdline = kept;
}

fn cmdline_bytes(cmdline: &[String]) -> usize {
    cmdline.iter().map(|word| word.len() + ITEM).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connected(cmdline: Vec<String>) -> Observation {
        MonitorEvent::LayerConnected {
            pid: 7,
            parent_pid: None,
            process_name: None,
            cmdline,
        }
        .into()
    }

    #[test]
    fn a_long_command_line_keeps_its_beginning_and_says_that_it_goes_on() {
        let words = (0..10_000).map(|number| format!("object-{number}-é.o")).collect();
        let mut observation = connected(words);
        shorten(&mut observation);
        let MonitorEvent::LayerConnected { cmdline, .. } = observation.event else {
            panic!("another event");
        };
        assert!(cmdline_bytes(&cmdline) <= MAX_CMDLINE_BYTES + ITEM);
        assert_eq!(cmdline[0], "object-0-é.o");
        assert!(cmdline.last().unwrap().ends_with('…'));
    }

    #[test]
    fn an_ordinary_command_line_stays_as_it_is() {
        let mut observation = connected(vec!["node".to_owned(), "server.js".to_owned()]);
        let before = observation.clone();
        shorten(&mut observation);
        assert_eq!(observation, before);
    }
}
