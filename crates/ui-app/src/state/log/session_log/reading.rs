//! Pausing, reading and clearing: they change the shown and the evicted rows, never the counts. A row in a reader's
//! sight is not evicted; its place on the screen is not decided here.

use super::SessionLog;
use crate::state::log::reorder_buffer::ReorderBuffer;

impl SessionLog {
    /// Hides the rows that are shown, and those that a reader did not wait for. While paused, what waits goes on to
    /// wait. What was counted stays counted, and nothing is fetched again; [`SessionLog::undo_clear`] shows the rows
    /// again, as far as they are kept by then.
    pub fn clear(&mut self) {
        self.cleared_reading = self.reading;
        let floor = self.view.held().filter(|_| self.paused);
        if floor.is_none() {
            // What waits for its neighbours in time came before.
            let all = self.reorder.as_mut().map(ReorderBuffer::all).unwrap_or_default();
            self.add_all(all);
            self.read(false);
        }
        let shown = std::mem::take(&mut self.histogram);
        self.uncleared.get_or_insert(shown);
        self.show_from(floor.unwrap_or(self.ring.end()));
    }

    /// Shows again what was cleared, to a reader who reads where that is what [`SessionLog::clear`] ended.
    pub fn undo_clear(&mut self) {
        if std::mem::take(&mut self.cleared_reading) {
            self.read(true);
        }
        if let Some(all) = self.uncleared.take() {
            self.histogram = all;
        }
        self.show_from(0);
    }

    /// Number of cleared rows that can be restored.
    #[must_use]
    pub fn cleared(&self) -> u64 {
        self.ring.count_from(0) - self.kept()
    }

    /// Number of kept rows, cleared ones aside.
    #[must_use]
    pub fn kept(&self) -> u64 {
        self.ring.count_from(self.view.floor())
    }

    fn show_from(&mut self, position: u64) {
        self.view.set_floor(position);
        self.restart(true);
    }

    /// Rows that come from now on wait, and none that is here is evicted.
    pub fn pause(&mut self) {
        self.paused = true;
        self.pin();
    }

    /// Reports the effect of [`SessionLog::pause`].
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The rows that waited are shown. Where a reader reads, those of them that come later wait again; and where some
    /// were evicted, the reader keeps what is there.
    pub fn resume(&mut self) {
        self.paused = false;
        if !self.reading {
            self.unpin();
        } else {
            self.read_on();
        }
    }

    /// Reports a reader of older rows: they are held as by [`SessionLog::pause`].
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.reading
    }

    /// Reports a reader of older rows: they are held as by [`SessionLog::pause`].
    pub fn read(&mut self, reading: bool) {
        self.reading = reading;
        if reading {
            self.pin();
        } else if !self.paused {
            self.unpin();
        }
    }

    /// Shows a reader what came meanwhile below what is there, and holds it from now on; unless rows between were
    /// evicted.
    pub fn read_on(&mut self) {
        let (start, end) = self.ring.hole();
        if start >= end && !self.paused {
            self.unpin();
            self.pin();
        }
    }

    fn pin(&mut self) {
        self.follow();
        self.view.hold();
        self.ring.pin();
    }

    fn unpin(&mut self) {
        self.view.release();
        self.ring.unpin();
        self.follow();
    }
}
