//! Schedule of the log's drawing. With each frame while rows can be read; twenty times a second where every row in
//! sight changes each time; less often where drawing takes the browser longer. Results of a search are drawn once they
//! fill the window, so that rows do not appear one by one above those in sight.

/// From so many new rows on nothing of what was drawn last is left in sight.
const WINDOW_ROWS: u64 = 30;
/// The pause between two drawings in a rush, milliseconds.
const RUSH_MS: u64 = 50;
/// Longest pause between drawings, short enough that the page does not look frozen.
const LONGEST_MS: u64 = 330;
/// A drawing that takes longer, from its frame to the next, is followed by a pause of so many times its length.
const SLOW_MS: u64 = 24;
const SLOW_PAUSE: u64 = 3;
/// So many rows fill any window.
const FULL_ROWS: u64 = 200;
/// A search that has not found as many is waited for so long, milliseconds; then what it has is drawn.
const SEARCH_MS: u64 = 100;

/// When the log was drawn last, and how long that took.
#[derive(Debug, Clone, Copy, Default)]
pub struct RenderScheduler {
    drawn_ms: u64,
    /// The rows that there had been.
    rows: u64,
    /// Marks that the last frame has drawn: this frame measures how long that took.
    has_drawn: bool,
    cost_ms: u64,
    is_asked: bool,
    /// Rows wait for a later frame.
    waits: bool,
    /// When the search that goes on began.
    searches_ms: Option<u64>,
    is_early: bool,
}

impl RenderScheduler {
    /// The reader has done something: the next frame draws, whatever the pace.
    pub fn ask(&mut self) {
        self.is_asked = true;
        self.searches_ms = None;
    }

    /// Reports enough search results for this frame: the frame that answers a key press draws a full window, and leaves
    /// the rest to later frames.
    #[must_use]
    pub fn is_answered(&self, found: u64) -> bool {
        self.searches_ms.is_none() && found >= FULL_ROWS
    }

    /// A search has gone on in this frame: it has found so many rows, and is over or not.
    pub fn searched(&mut self, now_ms: u64, found: u64, is_over: bool) {
        let began = *self.searches_ms.get_or_insert(now_ms);
        self.is_early = !is_over && found < FULL_ROWS && now_ms < began + SEARCH_MS;
        self.is_asked = true;
    }

    /// A frame begins; `rows` is how many there have been until now. Whether to draw in it.
    pub fn frame(&mut self, now_ms: u64, rows: u64) -> bool {
        if std::mem::take(&mut self.is_early) {
            self.has_drawn = false;
            self.waits = true;
            return false;
        }
        let since = now_ms.saturating_sub(self.drawn_ms);
        if std::mem::take(&mut self.has_drawn) {
            self.cost_ms = since;
        }
        let slow = if self.cost_ms > SLOW_MS {
            (self.cost_ms * SLOW_PAUSE).min(LONGEST_MS)
        } else {
            0
        };
        let pause = if self.is_rush(rows) { slow.max(RUSH_MS) } else { slow };
        let is_new = rows != self.rows;
        // A frame comes a little early or late: the nearest one is meant.
        let draws = std::mem::take(&mut self.is_asked) || (is_new && since + 8 >= pause);
        self.waits = is_new && !draws;
        if draws {
            self.has_drawn = true;
            self.drawn_ms = now_ms;
            self.rows = rows;
        }
        draws
    }

    /// Reports that the next frame is needed: to draw what waits, or to measure the last drawing.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.has_drawn || self.waits
    }

    fn is_rush(&self, rows: u64) -> bool {
        rows.abs_diff(self.rows) >= WINDOW_ROWS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of frames a second that draw, from the rows that each brings and the time that drawing takes.
    fn drawn(rows: u64, cost_ms: u64) -> u64 {
        let (mut pace, mut now, mut all, mut drawn) = (RenderScheduler::default(), 1_000, 0, 0);
        while now < 2_000 {
            all += rows;
            let draws = pace.frame(now, all);
            drawn += u64::from(draws);
            now += if draws { cost_ms.max(16) } else { 16 };
        }
        drawn
    }

    #[test]
    fn what_can_be_read_is_drawn_with_each_frame_and_a_rush_is_not() {
        assert!(drawn(3, 16) >= 60, "{}", drawn(3, 16));
        assert!((18..=22).contains(&drawn(200, 16)), "{}", drawn(200, 16));
    }

    #[test]
    fn a_slow_browser_has_most_of_its_time_for_other_things() {
        let (cost, times) = (80, drawn(500, 80));
        assert!(times >= 3 && cost * times <= 400, "{times}");
    }

    #[test]
    fn what_the_reader_does_is_drawn_at_once() {
        let mut pace = RenderScheduler::default();
        assert!(pace.frame(1_000, 1_000) && !pace.frame(1_016, 2_000));
        pace.ask();
        assert!(pace.frame(1_032, 3_000));
    }

    #[test]
    fn a_search_is_drawn_once_it_fills_the_window_or_is_over_or_has_taken_long() {
        let drawn_after = |found: fn(u64) -> u64, frames: u64| {
            let mut pace = RenderScheduler::default();
            let _ = pace.frame(500, 1_000);
            pace.ask();
            (1..).find(|frame| {
                let now = 1_000 + frame * 16;
                pace.searched(now, found(*frame), *frame >= frames);
                let draws = pace.frame(now, 1_000);
                assert!(draws || pace.goes_on(), "frame {frame}");
                draws
            })
        };
        assert_eq!(drawn_after(|_| FULL_ROWS, 10), Some(1), "the window is full");
        assert_eq!(drawn_after(|_| 3, 1), Some(1), "all is searched");
        assert_eq!(drawn_after(|frame| frame * 80, 10), Some(3));
        assert_eq!(
            drawn_after(|_| 3, 100),
            Some(8),
            "as long as a search may be waited for"
        );
    }

    #[test]
    fn only_a_search_s_first_frame_ends_once_the_window_is_full() {
        let mut pace = RenderScheduler::default();
        pace.ask();
        assert!(!pace.is_answered(FULL_ROWS - 1) && pace.is_answered(FULL_ROWS));
        pace.searched(1_000, FULL_ROWS, false);
        assert!(!pace.is_answered(FULL_ROWS));
        pace.ask();
        assert!(pace.is_answered(FULL_ROWS));
    }

    #[test]
    fn the_next_key_s_search_is_waited_for_as_long_as_the_first() {
        let mut pace = RenderScheduler::default();
        for key in 0..5 {
            pace.ask();
            pace.searched(1_000 + key * 90, 0, false);
            assert!(!pace.frame(1_000 + key * 90, 50), "key {key}");
        }
    }

    #[test]
    fn where_nothing_is_new_no_frame_is_asked_for() {
        let mut pace = RenderScheduler::default();
        assert!(pace.frame(1_000, 5) && pace.goes_on());
        assert!(!pace.frame(1_016, 5) && !pace.goes_on());
        assert!(pace.frame(1_050, 500) && !pace.frame(1_066, 900) && pace.goes_on());
    }

    #[test]
    fn a_page_that_has_waited_draws_at_once() {
        let mut pace = RenderScheduler::default();
        assert!(pace.frame(1_000, 1_000) && pace.frame(60_000, 5_000));
    }
}
