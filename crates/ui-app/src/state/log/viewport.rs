//! Viewport of the log: the scroll position as a pure function of the view, the window and one row that keeps its
//! place, the anchor.
//!
//! While the log follows, the end stays at the bottom. While a reader reads, the anchor keeps its place on the screen,
//! whatever is shown or hidden around it; where the anchor itself is hidden, its next neighbour takes its place until
//! it is back. No access to a browser.

use std::ops::Range;

use super::view::View;
use super::window::Geometry;

/// Row and its place on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The row's position, which no filter changes.
    pub position: u64,
    /// From the top of the window to the top of the row, pixels; negative where the row is partly above.
    pub offset: i64,
}

/// The window onto the rows.
#[derive(Debug, Clone, Copy)]
pub struct Viewport {
    geometry: Geometry,
    /// The window's height, pixels.
    height: u64,
    scroll: u64,
    anchor: Option<Anchor>,
    /// The position before which nothing is shown, as last seen, and whether the log followed then.
    floor: u64,
    followed: bool,
    /// The anchor of a reader, as the rows were cleared.
    cleared: Option<Anchor>,
}

impl Viewport {
    /// A window of no height.
    #[must_use]
    pub fn new(row_height: u64) -> Self {
        let geometry = Geometry {
            origin: 0,
            first: 0,
            end: 0,
            row_height,
            is_loose: false,
        };
        Self {
            geometry,
            height: 0,
            scroll: 0,
            anchor: None,
            floor: 0,
            followed: true,
            cleared: None,
        }
    }

    /// Takes in the room there is. [`Viewport::update`] has to follow.
    pub fn resize(&mut self, height: u64, row_height: u64) {
        self.height = height;
        self.geometry.row_height = row_height.max(1);
    }

    /// Takes in the rows that are shown.
    pub fn update(&mut self, view: &View, following: bool, selected: Option<u64>) {
        self.note_floor(view.floor(), following);
        if following {
            let _ = self.geometry.moved(view.first(), view.end(), true);
            self.scroll = self.lowest();
            self.set_anchor(view, selected);
            return;
        }
        self.geometry = Geometry {
            origin: view.first(),
            first: view.first(),
            end: view.end(),
            is_loose: false,
            ..self.geometry
        };
        if let Some(anchor) = self.anchor {
            let top = self.geometry.top(view.ordinal(anchor.position));
            self.scroll = top.saturating_add_signed(self.within(anchor.offset).saturating_neg());
        }
        self.scroll = self.scroll.min(self.lowest());
        if self.anchor.is_none() {
            self.set_anchor(view, selected);
        }
    }

    /// Keeps a reader's anchor while rows are cleared away, and takes it back once they are shown again.
    fn note_floor(&mut self, floor: u64, following: bool) {
        if floor > self.floor && !self.followed {
            self.cleared = self.anchor;
        }
        if floor == 0
            && let Some(anchor) = self.cleared.take()
            && !following
        {
            self.anchor = Some(anchor);
        }
        (self.floor, self.followed) = (floor, following);
    }

    /// An offset at which some of the row can be seen.
    fn within(&self, offset: i64) -> i64 {
        let row = self.geometry.row_height as i64;
        offset.clamp(1 - row, (self.height as i64 - row).max(0))
    }

    /// Takes in that the reader scrolled. Whether to follow from now on; `None` where nothing moved.
    pub fn scrolled(&mut self, view: &View, scroll: u64, following: bool, selected: Option<u64>) -> Option<bool> {
        if scroll.abs_diff(self.scroll) <= 1 {
            return None;
        }
        let up = scroll < self.scroll;
        let at_end = scroll + self.height + 2 >= self.geometry.height();
        self.scroll = scroll;
        self.set_anchor(view, selected);
        Some(at_end || (following && !up))
    }

    /// Scrolls as little as it takes to show a row, and keeps that row where it is from then on.
    pub fn reveal(&mut self, view: &View, position: u64) {
        let ordinal = view.ordinal(position);
        if let Some(scroll) = self.geometry.reveal(ordinal, self.scroll, self.height) {
            self.scroll = scroll;
        }
        self.anchor = Some(self.anchor_at(position, ordinal));
    }

    /// The anchor is the selected row where that is in sight, and the topmost otherwise.
    fn set_anchor(&mut self, view: &View, selected: Option<u64>) {
        let is_seen = |position: &u64| {
            let ordinal = view.ordinal(*position);
            let top = self.geometry.top(ordinal);
            view.position(ordinal) == Some(*position)
                && top + self.geometry.row_height > self.scroll
                && top < self.scroll + self.height
        };
        let topmost = || {
            let ordinal = self.geometry.origin + self.scroll / self.geometry.row_height;
            view.position(ordinal.max(self.geometry.first))
        };
        self.anchor = selected
            .filter(is_seen)
            .or_else(topmost)
            .map(|position| self.anchor_at(position, view.ordinal(position)));
    }

    fn anchor_at(&self, position: u64, ordinal: u64) -> Anchor {
        let offset = self.geometry.top(ordinal) as i64 - self.scroll as i64;
        Anchor { position, offset }
    }

    /// The row that keeps its place.
    #[must_use]
    pub fn anchor(&self) -> Option<Anchor> {
        self.anchor
    }

    /// Goes to where a reader was who left and came back.
    pub fn go_back(&mut self, anchor: Anchor) {
        self.anchor = Some(anchor);
    }

    /// The window's height, pixels.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.height
    }

    /// Scroll position, pixels.
    #[must_use]
    pub fn scroll(&self) -> u64 {
        self.scroll
    }

    /// The farthest that the area can be scrolled.
    fn lowest(&self) -> u64 {
        self.geometry.height().saturating_sub(self.height)
    }

    /// The height of the whole area, pixels.
    #[must_use]
    pub fn area_height(&self) -> u64 {
        self.geometry.height()
    }

    /// The ordinals of the rows to draw, and the place of the first in the area, pixels.
    #[must_use]
    pub fn rows(&self) -> (Range<u64>, u64) {
        let range = self.geometry.rows(self.scroll, self.height);
        let top = self.geometry.top(range.start);
        (range, top)
    }

    /// The position of the row at a height in the window, pixels from its top.
    #[must_use]
    pub fn position_at(&self, view: &View, y: i64) -> Option<u64> {
        let y = self.scroll.checked_add_signed(y)?;
        view.position(self.geometry.origin + y / self.geometry.row_height)
    }
}

#[cfg(test)]
#[path = "viewport_tests.rs"]
mod tests;
