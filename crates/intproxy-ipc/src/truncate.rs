//! The kinds of event that are cut to size: what they say is listed for as long as a process or a port is.
//!
//! Runs on the emitting thread: for the events that come often it is one comparison.

use std::borrow::Cow;

use mirrord_wire::{MonitorEvent, Observation};

use crate::limits::{MAX_CMDLINE_BYTES, MAX_LISTED_TEXT_BYTES};

/// Cost of a list's item beside its text, bytes.
const ITEM: usize = 8;

/// Cuts a command line to [`MAX_CMDLINE_BYTES`]: it is kept as long as its process, and a process must not go unseen
/// because a compiler or a linker was given a thousand files. The other texts that are listed, to [`MAX_LISTED_TEXT_BYTES`].
#[inline]
pub(crate) fn truncate(observation: &mut Observation) {
    match &mut observation.event {
        MonitorEvent::LayerConnected {
            cmdline, process_name, ..
        } => {
            truncate_cmdline(cmdline);
            process_name.iter_mut().for_each(truncate_text);
        }
        MonitorEvent::PortSubscription {
            mode, filter, address, ..
        } => {
            address.iter_mut().for_each(truncate_text);
            if mode.len() > MAX_LISTED_TEXT_BYTES {
                let mut text = mode.to_string();
                truncate_text(&mut text);
                *mode = Cow::Owned(text);
            }
            filter.iter_mut().for_each(truncate_text);
        }
        _ => {}
    }
}

fn truncate_text(text: &mut String) {
    if text.len() > MAX_LISTED_TEXT_BYTES {
        text.truncate(text.floor_char_boundary(MAX_LISTED_TEXT_BYTES - '…'.len_utf8()));
        text.push('…');
        // What was cut off is not to be kept with it.
        text.shrink_to_fit();
    }
}

fn truncate_cmdline(cmdline: &mut Vec<String>) {
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
            cwd: None,
        }
        .into()
    }

    #[test]
    fn a_long_command_line_keeps_its_beginning_and_says_that_it_goes_on() {
        let words = (0..10_000).map(|number| format!("object-{number}-é.o")).collect();
        let mut observation = connected(words);
        truncate(&mut observation);
        let MonitorEvent::LayerConnected { cmdline, .. } = observation.event else {
            panic!("another event");
        };
        assert!(cmdline_bytes(&cmdline) <= MAX_CMDLINE_BYTES + ITEM);
        assert_eq!(cmdline[0], "object-0-é.o");
        assert!(cmdline.last().unwrap().ends_with('…'));
    }

    #[test]
    fn a_long_name_or_filter_keeps_its_beginning_and_says_that_it_goes_on() {
        let long = "é".repeat(100_000);
        let mut process = connected(Vec::new());
        if let MonitorEvent::LayerConnected { process_name, .. } = &mut process.event {
            *process_name = Some(long.clone());
        }
        let mut port = Observation::from(MonitorEvent::PortSubscription {
            port: 80,
            mode: long.clone().into(),
            filter: Some(long),
            address: None,
        });
        truncate(&mut process);
        truncate(&mut port);
        let texts = match (process.event, port.event) {
            (
                MonitorEvent::LayerConnected { process_name, .. },
                MonitorEvent::PortSubscription { mode, filter, .. },
            ) => [process_name.unwrap(), mode.into_owned(), filter.unwrap()],
            _ => panic!("other events"),
        };
        for text in texts {
            assert!(text.len() <= MAX_LISTED_TEXT_BYTES && text.starts_with("éé") && text.ends_with("é…"));
        }
    }

    #[test]
    fn an_ordinary_command_line_stays_as_it_is() {
        let mut observation = connected(vec!["node".to_owned(), "server.js".to_owned()]);
        let before = observation.clone();
        truncate(&mut observation);
        assert_eq!(observation, before);
    }
}
