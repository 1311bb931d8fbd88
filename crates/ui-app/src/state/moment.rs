//! Moment of a record: the event up to which its session is shown, its place on the record's time line, and how it moves on
//! while the record is played.

use mirrord_wire::api::Timeline;

/// Steps of the time line's slider.
pub const STEPS: u64 = 1_000;
/// Speeds of playing, in times of the run's own.
pub const SPEEDS: [u32; 5] = [1, 2, 10, 60, 600];
/// Newest events that are shown of a moment; the session's counts have those before.
pub const MOMENT_ROWS: u64 = 5_000;

/// Returns the number of the newest event at a time; those of one bucket are taken to be evenly spread.
#[must_use]
pub fn seq_at(timeline: &Timeline, ts: u64) -> u64 {
    let buckets = &timeline.buckets;
    let place = buckets.partition_point(|bucket| bucket.ts <= ts);
    let Some(bucket) = place.checked_sub(1).and_then(|place| buckets.get(place)) else {
        return 0;
    };
    let end = buckets.get(place).map_or(timeline.last_ts, |next| next.ts);
    if ts >= timeline.last_ts || end <= bucket.ts {
        return bucket.seq;
    }
    let before = place
        .checked_sub(2)
        .and_then(|place| buckets.get(place))
        .map_or(0, |bucket| bucket.seq);
    before + part(bucket.seq.saturating_sub(before), ts - bucket.ts, end - bucket.ts)
}

/// Returns the time of an event by its number, as [`seq_at`] has it.
#[must_use]
pub fn ts_of(timeline: &Timeline, seq: u64) -> u64 {
    let buckets = &timeline.buckets;
    let place = buckets.partition_point(|bucket| bucket.seq < seq);
    let Some(bucket) = buckets.get(place) else {
        return timeline.last_ts;
    };
    let before = place.checked_sub(1).map_or(0, |place| buckets[place].seq);
    let end = buckets.get(place + 1).map_or(timeline.last_ts, |next| next.ts);
    let within = part(
        end.saturating_sub(bucket.ts),
        seq.saturating_sub(before),
        bucket.seq - before,
    );
    bucket.ts + within
}

/// Returns the time of a step of the slider.
#[must_use]
pub fn ts_of_step(timeline: &Timeline, step: u64) -> u64 {
    timeline.first_ts + part(length(timeline), step.min(STEPS), STEPS)
}

/// Returns the step of the slider at a time.
#[must_use]
pub fn step_of_ts(timeline: &Timeline, ts: u64) -> u64 {
    part(STEPS, ts.saturating_sub(timeline.first_ts), length(timeline)).min(STEPS)
}

/// Returns the time that the record covers, microseconds.
#[must_use]
pub fn length(timeline: &Timeline) -> u64 {
    timeline.last_ts.saturating_sub(timeline.first_ts)
}

/// Returns the slowest speed by which a record is played in half a minute, or the fastest one.
#[must_use]
pub fn fitting_speed(timeline: &Timeline) -> u32 {
    let fits = |speed: &&u32| length(timeline) / u64::from(**speed) <= 30_000_000;
    SPEEDS.iter().find(fits).or(SPEEDS.last()).copied().unwrap_or(1)
}

/// A part of a whole that is divided into so many; no more than the whole.
fn part(whole: u64, of: u64, all: u64) -> u64 {
    let exact = u128::from(whole) * u128::from(of.min(all)) / u128::from(all.max(1));
    u64::try_from(exact).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use mirrord_wire::api::TimelineBucket;
    use proptest::prelude::*;

    use super::*;

    fn timeline(events: &[u64]) -> Timeline {
        let mut seq = 0;
        let bucket = |(place, events): (usize, &u64)| {
            seq += events;
            TimelineBucket {
                ts: 1_000_000 + place as u64 * 100,
                seq,
                events: *events,
                failed: 0,
            }
        };
        let buckets: Vec<_> = events.iter().enumerate().map(bucket).collect();
        Timeline {
            first_ts: 1_000_000,
            last_ts: 1_000_000 + events.len() as u64 * 100,
            buckets,
        }
    }

    #[test]
    fn a_moment_has_its_event_and_an_event_its_moment() {
        let timeline = timeline(&[10, 0, 20]);
        assert_eq!(seq_at(&timeline, 0), 0);
        assert_eq!(
            [1_000_050, 1_000_150, 1_000_250].map(|ts| seq_at(&timeline, ts)),
            [5, 10, 20]
        );
        assert_eq!([1_000_300, u64::MAX].map(|ts| seq_at(&timeline, ts)), [30, 30]);
        assert_eq!(
            [5, 10, 20, 30, 99].map(|seq| ts_of(&timeline, seq)),
            [1_000_050, 1_000_100, 1_000_250, 1_000_300, 1_000_300]
        );
    }

    #[test]
    fn a_record_without_events_has_no_moment() {
        let empty = Timeline::default();
        assert_eq!(
            (
                seq_at(&empty, 7),
                ts_of(&empty, 7),
                step_of_ts(&empty, 7),
                ts_of_step(&empty, 7)
            ),
            (0, 0, 0, 0)
        );
        assert_eq!(fitting_speed(&empty), 1);
    }

    #[test]
    fn a_long_record_is_played_faster() {
        let lasting = |seconds: u64| Timeline {
            last_ts: seconds * 1_000_000,
            ..Timeline::default()
        };
        assert_eq!(
            [5, 45, 100, 3_600, 1_000_000].map(|seconds| fitting_speed(&lasting(seconds))),
            [1, 2, 10, 600, 600]
        );
    }

    proptest! {
        #[test]
        fn time_goes_on_with_the_events(events in prop::collection::vec(0_u64..1_000, 1..60), steps in prop::collection::vec(0..=STEPS, 2..20)) {
            let timeline = timeline(&events);
            let all: u64 = events.iter().sum();
            let mut steps = steps;
            steps.sort_unstable();
            let seqs: Vec<u64> = steps.iter().map(|step| seq_at(&timeline, ts_of_step(&timeline, *step))).collect();
            prop_assert!(seqs.is_sorted() && seqs.iter().all(|seq| *seq <= all));
            prop_assert_eq!(seq_at(&timeline, ts_of_step(&timeline, STEPS)), all);
            for seq in seqs.into_iter().filter(|seq| *seq > 0) {
                let back = seq_at(&timeline, ts_of(&timeline, seq));
                prop_assert!(back.abs_diff(seq) <= all / 100 + 10, "{} came back as {}", seq, back);
            }
        }
    }
}
