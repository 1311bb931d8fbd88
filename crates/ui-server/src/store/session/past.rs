//! A session as it was at an event of its record: a checkpoint of what was counted, and the counting from there on.

use mirrord_record::RecordItem;
use mirrord_session_client::is_plausible;
use mirrord_wire::session::summary::{Moment, Summary};
use mirrord_wire::{SessionDetail, SessionStatus};

use super::super::ring::{Gap, Ring};
use super::Session;
use super::checkpoint::Checkpoint;

impl Session {
    /// Copies what was counted so far.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            state: self.state.clone(),
            answers: self.answers.clone(),
            root: self.root,
            missed: self.missed,
            suppressed: self.suppressed,
            before: self.before,
            heard: self.heard,
            start: self.ring.start(),
            end: self.ring.end(),
        }
    }

    /// Creates the session of a checkpoint, which runs and keeps no lines.
    pub(crate) fn past(&self, checkpoint: &Checkpoint) -> Self {
        let mut info = self.info.clone();
        info.exit = None;
        let Checkpoint {
            state,
            answers,
            root,
            missed,
            suppressed,
            before,
            heard,
            start,
            end,
        } = checkpoint.clone();
        Self {
            info,
            given_name: self.given_name.clone(),
            known: true,
            status: SessionStatus::Live,
            extra: self.extra.clone(),
            notes: self.notes.clone(),
            disclosure: self.disclosure,
            is_replay: true,
            record: self.record.clone(),
            state,
            answers,
            root,
            missed,
            suppressed,
            before,
            heard,
            ring: Ring::without_lines(start, end),
            ..Self::unknown(self.id.clone(), None)
        }
    }

    /// Counts an item of a record as the store has counted it, without its line. `position` is that of the reader behind it.
    pub(crate) fn recount(&mut self, item: RecordItem<'_>, position: u64) {
        match item {
            RecordItem::Event(line, _) => {
                let seq = line.seq;
                if self.begin(seq) {
                    self.ring.skip(Gap {
                        missed: 1,
                        suppressed: 0,
                    });
                    self.count(&line);
                }
            }
            RecordItem::Lagged { missed, suppressed } => {
                let suppressed = suppressed.filter(|counters| is_plausible(counters, missed));
                self.lagged(position, suppressed.as_ref());
            }
        }
    }

    /// Number of the newest event that was counted.
    pub(crate) fn newest(&self) -> u64 {
        self.ring.end().seq
    }

    /// Copy of the answers of a session of the past, which hold at its last event.
    pub(crate) fn past_answers(&self) -> (Summary, Moment) {
        (self.answers.clone(), self.answers.moment(0, false))
    }

    /// Describes a session of the past, whose record has ended by now: its own status, and all else as it was.
    pub(crate) fn past_detail(&self, now: &Self) -> SessionDetail {
        let mut detail = self.detail();
        detail.summary.status = now.status;
        detail.summary.ended_at = now.ended_ts.map(crate::clock::rfc3339);
        detail.summary.end = now.end;
        let first = detail.summary.record.as_ref().map_or(0, |record| record.first_seq);
        let oldest = if first <= detail.summary.seq { first } else { 0 };
        (detail.summary.oldest_seq, detail.state.oldest_seq) = (oldest, oldest);
        detail
    }
}
