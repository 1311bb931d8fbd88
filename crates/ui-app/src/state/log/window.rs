//! Rows in sight: pure functions of the scroll position. Rows have one height, so that nothing is measured.
//!
//! While the reader reads, the row at the top of the scrolled area (`origin`) does not change, whatever the ring evicts
//! or gains. While the log follows, the end stays: the area keeps its height for as long as that is about right, with
//! spare room at its top, so that rows come and go without a layout of it.

use std::ops::Range;

/// The tallest area that is asked of a browser, pixels; all are known to go to 16 million.
pub const MAX_HEIGHT: u64 = 12_000_000;
/// Rows drawn beyond each edge, so that a scroll step shows no blank before the next frame.
pub const OVERSCAN: u64 = 8;
/// From so many rows on, more than any window shows, the area may have room to spare: up to a part of them in so many.
const LOOSE_ROWS: u64 = 1_024;
const LOOSE_PART: u64 = 32;

/// The scrolled area, in rows by ordinal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// The ordinal at the top of the area; at most `first` but for a moment.
    pub origin: u64,
    /// The oldest row.
    pub first: u64,
    /// Behind the newest row.
    pub end: u64,
    /// A row's height, pixels.
    pub row_height: u64,
    /// Allows spare room above `first`, without evicted rows there.
    pub is_loose: bool,
}

impl Geometry {
    /// The height of the whole area, pixels.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.end.saturating_sub(self.origin) * self.row_height
    }

    /// A row's place in the area, pixels from its top.
    #[must_use]
    pub fn top(&self, ordinal: u64) -> u64 {
        ordinal.saturating_sub(self.origin) * self.row_height
    }

    /// The rows to draw for a view of `height` pixels that is scrolled by `scroll`.
    #[must_use]
    pub fn rows(&self, scroll: u64, height: u64) -> Range<u64> {
        let start = (self.origin + scroll / self.row_height).saturating_sub(OVERSCAN);
        let end = self.origin + (scroll + height).div_ceil(self.row_height) + OVERSCAN;
        let start = start.clamp(self.first, self.end.max(self.first));
        start..end.clamp(start, self.end.max(start))
    }

    /// Height at the top of the area that belongs to evicted rows, pixels.
    #[must_use]
    pub fn gone(&self) -> u64 {
        self.top(self.first)
    }

    /// Moves to the ring's new bounds. Gives the pixels by which the scroll position has to follow, so that the same
    /// row stays where it is; zero in all but rare cases while the reader reads.
    #[must_use]
    pub fn moved(&mut self, first: u64, end: u64, following: bool) -> i64 {
        let (before, tall) = (self.origin, self.end.saturating_sub(self.origin));
        self.first = first;
        self.end = end;
        if following {
            self.origin = end.saturating_sub(height_to_follow(tall, end.saturating_sub(first)));
        } else if self.is_loose || first < self.origin || self.origin > end || self.height() > MAX_HEIGHT {
            self.origin = first;
        }
        self.is_loose = following;
        let rows = i64::try_from(before.abs_diff(self.origin)).unwrap_or(0) * self.row_height as i64;
        if self.origin > before { -rows } else { rows }
    }

    /// Scroll position that brings a row into sight, for a view of `height` pixels scrolled by `scroll`; `None` if it
    /// is in sight.
    #[must_use]
    pub fn reveal(&self, ordinal: u64, scroll: u64, height: u64) -> Option<u64> {
        let top = self.top(ordinal);
        let bottom = top + self.row_height;
        if top < scroll {
            Some(top)
        } else if bottom > scroll + height {
            Some(bottom.saturating_sub(height))
        } else {
            None
        }
    }
}

/// Height of the area in rows for `count` rows; it was `tall`.
fn height_to_follow(tall: u64, count: u64) -> u64 {
    let spare = if count < LOOSE_ROWS { 0 } else { count / LOOSE_PART };
    if (count..=count + 2 * spare).contains(&tall) {
        tall
    } else {
        count + spare
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROW: u64 = 26;

    fn geometry(first: u64, end: u64) -> Geometry {
        Geometry {
            origin: first,
            first,
            end,
            row_height: ROW,
            is_loose: false,
        }
    }

    #[test]
    fn ten_thousand_rows_draw_a_window_s_worth() {
        let rows = geometry(0, 10_000).rows(5_000 * ROW, 600);
        assert_eq!(rows, 4_992..5_032);
    }

    #[test]
    fn nothing_moves_while_the_ring_gives_up_rows_under_a_reader() {
        let mut geometry = geometry(0, 100_000);
        let before = geometry.top(50_000);
        assert_eq!(geometry.moved(10_000, 110_000, false), 0);
        assert_eq!((geometry.top(50_000), geometry.gone()), (before, 10_000 * ROW));
        assert_eq!(
            geometry.rows(0, 600).count(),
            0,
            "what is gone is blank, and the caller says so"
        );
    }

    #[test]
    fn following_starts_again_at_the_oldest_row() {
        let mut geometry = geometry(0, 100);
        let _ = geometry.moved(40, 140, true);
        assert_eq!((geometry.origin, geometry.height()), (40, 100 * ROW));
    }

    #[test]
    fn following_a_full_log_never_changes_the_area() {
        let mut area = geometry(1 << 40, (1 << 40) + 1);
        let mut heights = std::collections::BTreeSet::new();
        for end in (0..200_000).step_by(150) {
            // A segment goes as a whole.
            let first = (end as u64).saturating_sub(99_000).next_multiple_of(1_024) + (1 << 40);
            let _ = area.moved(first, (1 << 40) + end as u64, true);
            if end > 110_000 {
                heights.insert(area.height());
            }
        }
        assert_eq!(heights.len(), 1, "{heights:?}");
    }

    #[test]
    fn who_stops_to_follow_finds_the_oldest_row_at_the_top_and_sees_nothing_move() {
        let mut area = geometry(0, 50_000);
        let _ = area.moved(20_000, 120_000, true);
        let (spare, eye) = (area.gone(), area.top(60_000) as i64);
        assert!(spare > 0);
        let shift = area.moved(20_000, 120_010, false);
        assert_eq!((area.gone(), area.top(60_000) as i64), (0, eye + shift));
        assert_eq!(
            area.moved(21_024, 121_034, false),
            0,
            "from then on the rows that go leave their room"
        );
        assert_eq!(area.gone(), 1_024 * ROW);
    }

    #[test]
    fn older_matches_that_are_found_later_push_the_scroll_position_along() {
        let mut geometry = geometry(100, 200);
        assert_eq!(geometry.moved(90, 200, false), 10 * ROW as i64);
        assert_eq!(geometry.origin, 90);
    }

    #[test]
    fn a_row_out_of_sight_is_brought_to_the_nearer_edge() {
        let geometry = geometry(0, 100);
        assert_eq!(geometry.reveal(0, 260, 260), Some(0));
        assert_eq!(geometry.reveal(30, 260, 260), Some(31 * ROW - 260));
        assert_eq!(geometry.reveal(12, 260, 260), None);
    }

    proptest! {
        #[test]
        fn every_row_in_sight_is_drawn_and_few_beyond(
            origin in 0_u64..1_000, gone in 0_u64..100, count in 0_u64..100_000, scroll in 0_u64..3_000_000, height in 1_u64..4_000,
        ) {
            let geometry = Geometry { origin, first: origin + gone, end: origin + gone + count, row_height: ROW, is_loose: false };
            let rows = geometry.rows(scroll, height);
            prop_assert!(rows.start >= geometry.first && rows.end <= geometry.end.max(geometry.first));
            prop_assert!(rows.end - rows.start <= height / ROW + 2 + 2 * OVERSCAN);
            let in_sight = |ordinal: &u64| {
                let top = geometry.top(*ordinal);
                top + ROW > scroll && top < scroll + height
            };
            let around = (origin + scroll / ROW).saturating_sub(2)..origin + (scroll + height) / ROW + 2;
            for ordinal in around.filter(|ordinal| (geometry.first..geometry.end).contains(ordinal)).filter(in_sight) {
                prop_assert!(rows.contains(&ordinal));
            }
        }

        #[test]
        fn an_area_that_follows_holds_every_row_and_little_more(
            steps in prop::collection::vec((0_u64..3_000, 0_u64..3_000), 1..80),
        ) {
            let mut geometry = geometry(1 << 40, 1 << 40);
            for (gained, lost) in steps {
                let end = geometry.end + gained;
                let first = (geometry.first + lost).min(end);
                let _ = geometry.moved(first, end, true);
                let (count, spare) = (end - first, geometry.gone() / ROW);
                prop_assert!(geometry.origin <= first && geometry.height() == (count + spare) * ROW);
                prop_assert!(spare * LOOSE_PART <= 2 * count && (spare == 0 || count >= LOOSE_ROWS));
                prop_assert_eq!(geometry.rows(geometry.height().saturating_sub(600), 600).end, end);
            }
        }

        #[test]
        fn the_row_under_the_eye_stays(
            first in 0_u64..500, end in 1_000_u64..3_000, more in 0_u64..1_000_000, less in 0_u64..900, eye in 950_u64..1_000,
        ) {
            let mut geometry = geometry(first, end);
            let before = geometry.top(eye) as i64;
            let shift = geometry.moved((first + less).min(eye), end + more, false);
            prop_assert_eq!(geometry.top(eye) as i64, before + shift);
            prop_assert!(geometry.height() <= MAX_HEIGHT || geometry.origin == geometry.first);
        }
    }
}
