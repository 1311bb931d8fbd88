//! Answers about processes that died.

use serde_json::Value;

use super::{Answer, MAX_ROWS, SECOND, Text, exit};
use crate::format::number::grouped;
use crate::format::text::brief_line;
use crate::i18n::{Key, lasted, with};
use crate::state::judgement::{Judgement, number, text};

/// The most processes that a filter names.
const MAX_PIDS: usize = 16;

/// Processes that died, the newest first; those of one command with one end are one row.
pub(super) fn rows(judgement: &Judgement) -> Vec<Answer> {
    let mut rows: Vec<(Answer, Vec<String>)> = Vec::new();
    for own in judgement.list("died").iter().rev() {
        let row = row(judgement, own);
        let pid = number(own, "pid").to_string();
        let has_room = rows.len() < MAX_ROWS;
        match rows.iter_mut().find(|(other, _)| other.key == row.key) {
            Some((_, pids)) => pids.push(pid),
            None if has_room => rows.push((row, vec![pid])),
            None => {}
        }
    }
    let finished = rows.into_iter().map(|(mut row, mut pids)| {
        row.cells.push(Text::new(grouped(pids.len() as u64)));
        if row.query.is_empty() {
            pids.truncate(MAX_PIDS);
            row.query = ["pid:", &pids.join(",")].concat();
        }
        row
    });
    finished.collect()
}

fn row(judgement: &Judgement, own: &Value) -> Answer {
    let (started, pid) = (number(own, "started_ts"), number(own, "pid").to_string());
    let ran = number(own, "ended_ts").saturating_sub(started);
    let ran = if started > 0 && ran >= SECOND {
        with(Key::RanFor, &lasted(ran))
    } else {
        String::new()
    };
    let (command, signal) = (text(own, "command"), text(own, "signal"));
    let code = own.get("exit_code").and_then(Value::as_i64);
    let end = exit(Some(signal).filter(|signal| !signal.is_empty()), code).unwrap_or_default();
    let is_it = |found: &&Value| {
        text(found, "kind") == "died" && (text(found, "subject"), text(found, "signal")) == (command, signal)
    };
    let finding = judgement.list("worth_a_look").iter().find(is_it);
    let name = if command.is_empty() { pid } else { brief_line(command) };
    Answer {
        key: [&name, "\n", &end].concat(),
        cells: vec![
            Text::machine(&name),
            Text {
                class: "lost",
                ..Text::new(end)
            },
            Text::new(ran),
        ],
        link: 0,
        query: finding.map(|found| text(found, "query").to_owned()).unwrap_or_default(),
    }
}
