//! Signals of a record's time line: the moment that is asked for, and how the record is played. The moment that is shown is
//! the route's.

use leptos::prelude::*;
use mirrord_wire::api::Timeline;

use crate::state::kind::Counts;
use crate::state::moment::{fitting_speed, length, seq_at, ts_of};
use crate::state::route::Route;

/// Time line of the open session, where that comes from a record.
#[derive(Clone, Copy)]
pub(crate) struct MomentStore {
    pub(crate) timeline: RwSignal<Timeline>,
    /// Moment that the reader asks for: an event, or the whole record. It is shown once the one before is.
    pub(crate) wanted: RwSignal<Option<Option<u64>>>,
    /// A moment is being loaded.
    pub(crate) is_busy: RwSignal<bool>,
    pub(crate) is_playing: RwSignal<bool>,
    pub(crate) speed: RwSignal<u32>,
    /// Numbers of events by kind at the moment that is shown; `None` for the whole record.
    pub(crate) counts: RwSignal<Option<Counts>>,
    /// Time that playing has come to, microseconds since the Unix epoch.
    position: StoredValue<u64>,
    route: RwSignal<Route>,
}

impl MomentStore {
    pub(crate) fn new(route: RwSignal<Route>) -> Self {
        Self {
            timeline: RwSignal::default(),
            wanted: RwSignal::new(None),
            is_busy: RwSignal::new(false),
            is_playing: RwSignal::new(false),
            speed: RwSignal::new(1),
            counts: RwSignal::new(None),
            position: StoredValue::new(0),
            route,
        }
    }

    /// Takes another session's time line.
    pub(crate) fn set_timeline(&self, timeline: Timeline) {
        self.speed.set(fitting_speed(&timeline));
        self.timeline.set(timeline);
    }

    /// Forgets the time line of a session that is not open any more.
    pub(crate) fn clear(&self) {
        self.is_playing.set(false);
        self.wanted.set(None);
        self.counts.set(None);
        self.timeline.set(Timeline::default());
    }

    /// Requests the moment of a time.
    pub(crate) fn seek(&self, ts: u64) {
        self.position.set_value(ts);
        let at = self
            .timeline
            .with_untracked(|timeline| (ts < timeline.last_ts).then(|| seq_at(timeline, ts)));
        self.wanted.set(Some(at));
    }

    /// Requests the whole record.
    pub(crate) fn show_whole(&self) {
        self.is_playing.set(false);
        self.wanted.set(Some(None));
    }

    /// Plays from the moment that is shown on, or from the beginning; or stops.
    pub(crate) fn toggle_playing(&self) {
        let is_playing = !self.is_playing.get_untracked();
        if is_playing {
            let position = self.timeline.with_untracked(|timeline| match self.shown() {
                Some(seq) => ts_of(timeline, seq),
                None => timeline.first_ts,
            });
            self.seek(position);
        }
        self.is_playing.set(is_playing);
    }

    /// Goes on with playing after so much time of the reader's.
    pub(crate) fn play(&self, elapsed_ms: u64) {
        let by = elapsed_ms
            .saturating_mul(1_000)
            .saturating_mul(u64::from(self.speed.get_untracked()));
        let ts = self.position.get_value().saturating_add(by);
        self.seek(ts);
        if self.timeline.with_untracked(|timeline| ts >= timeline.last_ts) {
            self.is_playing.set(false);
        }
    }

    /// Event up to which the session is shown; `None` for the whole record.
    fn shown(&self) -> Option<u64> {
        self.route.with_untracked(|route| route.at)
    }

    /// Time of the moment that is shown, microseconds since the Unix epoch; `None` for the whole record. Subscribes to it.
    pub(crate) fn ts(&self) -> Option<u64> {
        let at = self.route.read().at?;
        let timeline = self.timeline.read();
        // The exact time is asked for where nothing is known of it yet: then there is none.
        (length(&timeline) > 0).then(|| ts_of(&timeline, at))
    }
}
