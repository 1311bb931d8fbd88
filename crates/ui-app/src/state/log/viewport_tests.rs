//! A row under the eye stays there, whatever is shown or hidden around it: every gesture, in pairs and in long rows.

use std::iter;

use mirrord_filter::Scope;
use mirrord_wire::{EventLine, MonitorEvent};
use proptest::prelude::*;

use super::*;
use crate::codec::line::sent;
use crate::state::filter::LogFilter;
use crate::state::kind::{Kind, Kinds};
use crate::state::log::{Load, SessionLog};

const ROW: u64 = 26;
const HEIGHT: u64 = 600;

/// The log as the page has it: what is shown, and what the reader did.
struct Page {
    log: SessionLog,
    viewport: Viewport,
    following: bool,
    selected: Option<u64>,
    seq: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gesture {
    Click,
    Scroll(i16),
    Search,
    Nothing,
    BadPattern,
    Hide,
    Only,
    ShowAll,
    Pause,
    Clear,
    Undo,
    Follow,
    Wait(u16),
    Taller,
    Smaller,
}

use Gesture::*;

/// Every gesture that changes what is shown and can be taken back.
const CHANGES: [Gesture; 5] = [Search, BadPattern, Hide, Only, ShowAll];

fn event(seq: u64) -> EventLine {
    let host = MonitorEvent::DnsQuery {
        host: format!("host{}", seq % 10),
    };
    let file = MonitorEvent::FileOp {
        path: Some(format!("/a/{seq}")),
        operation: "open".into(),
    };
    EventLine {
        seq,
        ts: seq,
        observation: if seq.is_multiple_of(3) { host } else { file }.into(),
    }
}

impl Page {
    fn new(rows: u64) -> Self {
        let mut log = SessionLog::default();
        log.fetch_ends(Load::Ready);
        let mut page = Self {
            log,
            viewport: Viewport::new(ROW),
            following: true,
            selected: None,
            seq: 0,
        };
        page.viewport.resize(HEIGHT, ROW);
        page.wait(rows);
        page.draw();
        page
    }

    fn wait(&mut self, rows: u64) {
        for _ in 0..rows {
            self.seq += 1;
            sent(&event(self.seq), |line| self.log.arrived(0, line));
        }
    }

    fn draw(&mut self) {
        self.viewport.update(self.log.view(), self.following, self.selected);
    }

    fn follow(&mut self, following: bool) {
        self.following = following;
        self.log.read(!following);
    }

    fn filter(&mut self, chosen: LogFilter) {
        self.log.filter(chosen, Scope::default());
        self.draw();
        // A frame between two parts of the search moves nothing for good.
        while !self.log.scan(97) {
            self.draw();
        }
    }

    fn does(&mut self, gesture: Gesture) {
        let open = LogFilter::default();
        let typed = |text: &str| LogFilter {
            typed: text.to_owned(),
            ..LogFilter::default()
        };
        match gesture {
            Click => {
                let y = HEIGHT as i64 / 3;
                if let Some(position) = self.viewport.position_at(self.log.view(), y) {
                    self.follow(false);
                    self.selected = Some(position);
                    self.viewport.reveal(self.log.view(), position);
                }
            }
            Scroll(by) => {
                let lowest = self.viewport.lowest();
                let to = self.viewport.scroll().saturating_add_signed(by.into()).min(lowest);
                let follows = self.following;
                if let Some(follow) = self.viewport.scrolled(self.log.view(), to, follows, self.selected)
                    && follow != follows
                {
                    self.follow(follow);
                }
            }
            Search => self.filter(typed("7")),
            // It leaves the search as it was.
            BadPattern => self.filter(typed("/[/")),
            Nothing | ShowAll => self.filter(open),
            Hide => self.filter(LogFilter {
                kinds: Kinds::ALL.toggled(Kind::File),
                ..open
            }),
            Only => self.filter(typed("name:=host3")),
            Pause if self.log.is_paused() => self.log.resume(),
            Pause => self.log.pause(),
            Clear => {
                self.log.clear();
                self.selected = None;
                if !self.log.is_paused() {
                    self.following = true;
                }
                self.scan();
            }
            Undo => {
                self.log.undo_clear();
                if self.log.is_read() {
                    self.following = false;
                }
                self.scan();
            }
            Follow => {
                self.log.resume();
                self.follow(true);
            }
            Wait(rows) => self.wait(rows.into()),
            Taller => self.viewport.resize(2 * HEIGHT, ROW),
            Smaller => self.viewport.resize(HEIGHT / 2, ROW),
        }
        self.draw();
    }

    fn scan(&mut self) {
        while !self.log.scan(1_000) {}
    }

    /// The rows in sight, each with its place on the screen.
    fn in_sight(&self) -> Vec<(u64, i64)> {
        let (rows, _) = self.viewport.rows();
        rows.filter_map(|ordinal| {
            let top = self.viewport.geometry.top(ordinal) as i64 - self.viewport.scroll() as i64;
            let is_seen = top > -(ROW as i64) && top < self.viewport.height as i64;
            is_seen.then_some((self.log.view().position(ordinal)?, top))
        })
        .collect()
    }

    fn place(&self, position: u64) -> Option<i64> {
        let in_sight = self.in_sight();
        let (_, top) = in_sight.into_iter().find(|(own, _)| *own == position)?;
        Some(top)
    }

    /// A window with room for rows shows as many as there are.
    fn check_is_full(&self) -> Result<(), TestCaseError> {
        let shown = self.log.view().end() - self.log.view().first();
        let seen = self.in_sight().len() as u64;
        let room = self.viewport.height / ROW;
        prop_assert!(seen >= shown.min(room), "{seen} of {shown} rows in sight");
        for (position, _) in self.in_sight() {
            prop_assert!(self.log.ring().get(position).is_some(), "an evicted row in sight");
        }
        Ok(())
    }

    fn is_at_an_edge(&self) -> bool {
        self.viewport.scroll() == 0 || self.viewport.scroll() == self.viewport.lowest()
    }
}

fn gesture() -> impl Strategy<Value = Gesture> {
    prop_oneof![
        3 => Just(Click),
        3 => (-2_000_i16..1_000).prop_map(Scroll),
        5 => prop::sample::select(CHANGES.to_vec()),
        1 => Just(Nothing),
        1 => Just(Pause),
        1 => Just(Clear),
        1 => Just(Undo),
        1 => Just(Follow),
        2 => (0_u16..2_000).prop_map(Wait),
        1 => Just(Taller),
        1 => Just(Smaller),
    ]
}

/// Every gesture once, to be put in pairs.
const ALL: [Gesture; 16] = [
    Click,
    Scroll(-700),
    Scroll(300),
    Search,
    Nothing,
    BadPattern,
    Hide,
    Only,
    ShowAll,
    Pause,
    Clear,
    Undo,
    Follow,
    Wait(500),
    Taller,
    Smaller,
];

#[test]
fn a_row_that_is_clicked_is_where_it_was_once_a_search_is_taken_back() {
    for change in CHANGES {
        let mut page = Page::new(5_327);
        page.does(Scroll(-20_000));
        page.does(Click);
        let (position, before) = (page.selected.unwrap(), page.in_sight());
        page.does(change);
        if let Some(place) = page.place(position) {
            assert_eq!(
                Some(place),
                before.iter().find(|own| own.0 == position).map(|own| own.1)
            );
        }
        page.does(Nothing);
        assert_eq!(page.in_sight(), before, "{change:?}");
    }
}

#[test]
fn every_pair_of_gestures_leaves_a_full_window_and_the_row_where_it_was() {
    for rows in [3, 40, 700] {
        for (first, second) in ALL.into_iter().flat_map(|one| iter::repeat(one).zip(ALL)) {
            for start in [Click, Scroll(-4_000), Nothing] {
                let mut page = Page::new(rows);
                page.does(start);
                let before = page.in_sight();
                page.does(first);
                page.check_is_full().unwrap();
                page.does(second);
                page.check_is_full().unwrap();
                page.does(Nothing);
                page.check_is_full().unwrap();
                if [first, second]
                    .iter()
                    .all(|own| CHANGES.contains(own) || *own == Nothing)
                {
                    assert_eq!(page.in_sight(), before, "{start:?}, {first:?}, {second:?}");
                }
            }
        }
    }
}

#[test]
fn who_reads_through_a_flood_sees_nothing_move_and_nothing_go() {
    let mut page = Page::new(5_327);
    page.does(Click);
    let before = page.in_sight();
    for _ in 0..12 {
        page.does(Wait(10_000));
        assert_eq!(page.in_sight(), before);
    }
    page.does(Search);
    page.check_is_full().unwrap();
    page.does(Nothing);
    assert_eq!(page.in_sight(), before);
}

#[test]
fn a_pause_keeps_its_rows_through_a_flood() {
    let mut page = Page::new(200);
    page.does(Pause);
    let before = page.in_sight();
    (0..20).for_each(|_| page.does(Wait(10_000)));
    assert_eq!(page.in_sight(), before);
}

#[test]
fn clear_while_reading_shows_what_comes_and_undo_shows_what_was() {
    let mut page = Page::new(5_327);
    page.does(Scroll(-20_000));
    let before = page.in_sight();
    page.does(Clear);
    assert_eq!(page.in_sight(), []);
    page.does(Wait(3));
    assert_eq!(page.in_sight().len(), 3);
    page.does(Undo);
    assert_eq!(page.log.kept(), 5_330);
    assert_eq!(page.in_sight(), before);
    // Who followed goes on to follow.
    page.does(Follow);
    page.does(Clear);
    page.does(Undo);
    page.does(Wait(1));
    assert_eq!(page.in_sight().last().unwrap().0, 5_330);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn the_window_is_never_blank_and_a_change_moves_no_row_that_stays(
        rows in 0_u64..3_000, gestures in prop::collection::vec(gesture(), 1..14),
    ) {
        let mut page = Page::new(rows);
        for gesture in gestures {
            let anchor = page.viewport.anchor().filter(|_| !page.following);
            // Where there are not enough rows to keep it in its place, it goes back there once there are.
            let is_free = !page.is_at_an_edge();
            let (was_at, was_seen) = (anchor.and_then(|own| page.place(own.position)), anchor);
            page.does(gesture);
            page.check_is_full()?;
            let keeps = CHANGES.contains(&gesture) || matches!(gesture, Nothing | Wait(_));
            if let (true, Some(before), Some(anchor)) = (keeps && is_free, was_at, was_seen)
                && let Some(after) = page.place(anchor.position)
            {
                prop_assert!(after == before || page.is_at_an_edge(), "{gesture:?} moved a row from {before} to {after}");
            }
        }
    }

    #[test]
    fn a_change_that_is_taken_back_leaves_the_screen_as_it_was(
        rows in 100_u64..3_000, up in 700_i16..20_000, click in any::<bool>(),
        changes in prop::collection::vec(prop::sample::select(CHANGES.to_vec()), 1..5),
    ) {
        let mut page = Page::new(rows);
        page.does(Scroll(-up));
        if click { page.does(Click); }
        let before = page.in_sight();
        for change in changes { page.does(change); }
        page.does(Nothing);
        prop_assert_eq!(page.in_sight(), before);
    }
}
