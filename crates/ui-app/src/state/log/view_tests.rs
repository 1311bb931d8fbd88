//! Tests of the view: filter, range, repeats and the count over time, however the search is sliced.

use mirrord_filter::Scope;
use mirrord_wire::{EventLine, MonitorEvent};
use proptest::prelude::*;

use super::*;
use crate::codec::line::sent;
use crate::state::filter::Query;
use crate::state::kind::Kind;

fn push(ring: &mut Ring, seq: u64) {
    push_host(ring, seq, seq);
}

fn push_host(ring: &mut Ring, seq: u64, host: u64) {
    let observation = MonitorEvent::DnsQuery {
        host: format!("host{host}"),
    }
    .into();
    let line = EventLine {
        seq,
        ts: seq,
        observation,
    };
    sent(&line, |line| ring.push(line));
}

fn query(typed: &str) -> Query {
    Query::parse(typed, Scope::default()).unwrap()
}

fn shown(view: &View) -> Vec<u64> {
    (view.first()..view.end())
        .filter_map(|ordinal| view.position(ordinal))
        .collect()
}

#[test]
fn rows_that_come_while_paused_wait_and_none_is_lost() {
    let mut ring = Ring::default();
    let mut view = View::all();
    let open = Filter::OPEN;
    (0..5).for_each(|seq| push(&mut ring, seq));
    view.follow(&ring, open);
    view.hold();
    (5..9).for_each(|seq| push(&mut ring, seq));
    view.follow(&ring, open);
    assert_eq!((shown(&view).len(), view.waiting()), (5, 4));
    view.release();
    assert_eq!((shown(&view).len(), view.waiting()), (9, 0));
}

#[test]
fn a_row_keeps_its_ordinal_while_older_matches_are_found_and_newer_ones_come() {
    let even = query("/[02468]$/");
    let filter = Filter {
        query: Some(&even),
        ..Filter::OPEN
    };
    let mut ring = Ring::default();
    (0..100).for_each(|seq| push(&mut ring, seq));
    let mut view = View::all();
    view.restart(&ring, false);
    view.scan(&ring, filter, 10);
    let ordinal = view.ordinal(96);
    assert_eq!(view.position(ordinal), Some(96));
    push(&mut ring, 100);
    view.follow(&ring, filter);
    assert!(view.scan(&ring, filter, 1_000));
    assert_eq!(view.position(ordinal), Some(96));
    assert_eq!(shown(&view).len(), 51);
}

#[test]
fn a_row_keeps_its_ordinal_while_the_ring_gives_up_older_ones() {
    let every_tenth = query("host:*0");
    let filter = Filter {
        query: Some(&every_tenth),
        ..Filter::OPEN
    };
    let mut ring = Ring::default();
    let mut view = View::all();
    view.restart(&ring, false);
    (0..50_000).for_each(|seq| push(&mut ring, seq));
    view.follow(&ring, filter);
    let ordinal = view.ordinal(49_990);
    (50_000..120_000).for_each(|seq| push(&mut ring, seq));
    view.follow(&ring, filter);
    assert!(ring.first() > 0, "rows were given up");
    assert_eq!(view.position(ordinal), Some(49_990));
    assert!(view.position(view.first()) >= Some(ring.first()));
}

#[test]
fn too_many_matches_are_not_looked_at_at_once() {
    let all = query("host");
    let filter = Filter {
        query: Some(&all),
        ..Filter::OPEN
    };
    let mut ring = Ring::default();
    let mut view = View::all();
    assert!(!view.narrow(&ring, filter), "a view of everything has listed nothing");
    view.restart(&ring, false);
    (0..NARROW_ROWS as u64).for_each(|seq| push(&mut ring, seq));
    view.follow(&ring, filter);
    assert!(view.narrow(&ring, filter));
    push(&mut ring, NARROW_ROWS as u64);
    view.follow(&ring, filter);
    assert!(!view.narrow(&ring, filter));
    assert_eq!(shown(&view).len(), NARROW_ROWS + 1);
}

proptest! {
    #[test]
    fn what_is_narrowed_at_any_moment_is_what_the_new_filter_finds(
        before in 0_u64..200, after in 0_u64..200, budget in 1_u64..80, digit in 0_u32..10, pause in any::<bool>(),
    ) {
        let digit = char::from_digit(digit, 10).unwrap();
        let (wide, narrow) = (query(&digit.to_string()), query(&format!("{digit} /[135]$/")));
        let [wide, narrow] = [&wide, &narrow].map(|query| Filter { query: Some(query), ..Filter::OPEN });
        let mut ring = Ring::default();
        (0..before).for_each(|seq| push(&mut ring, seq));
        let mut view = View::all();
        view.restart(&ring, false);
        if pause { view.hold(); }
        view.scan(&ring, wide, budget);
        prop_assert!(view.narrow(&ring, narrow));
        (before..before + after).for_each(|seq| push(&mut ring, seq));
        view.follow(&ring, narrow);
        while !view.scan(&ring, narrow, budget) {}
        let limit = if pause { before } else { before + after };
        let is_wanted = |seq: &u64| { let text = format!("host{seq}"); text.contains(digit) && text.ends_with(['1', '3', '5']) };
        prop_assert_eq!(shown(&view), (0..limit).filter(is_wanted).collect::<Vec<_>>());
    }

    #[test]
    fn however_it_is_sliced_the_view_is_the_filter(
        before in 0_u64..300, after in 0_u64..300, budget in 1_u64..80, digit in 0_u32..10, pause in any::<bool>(),
    ) {
        let wanted = query(&format!("host:*{digit}"));
        let filter = Filter { query: Some(&wanted), ..Filter::OPEN };
        let mut ring = Ring::default();
        (0..before).for_each(|seq| push(&mut ring, seq));
        let mut view = View::all();
        view.follow(&ring, filter);
        if pause { view.hold(); }
        view.restart(&ring, false);
        for seq in before..before + after {
            push(&mut ring, seq);
            view.scan(&ring, filter, budget);
            view.follow(&ring, filter);
        }
        while !view.scan(&ring, filter, budget) {}
        let limit = if pause { before } else { before + after };
        let expected: Vec<u64> = (0..limit).filter(|seq| seq % 10 == u64::from(digit)).collect();
        prop_assert_eq!(shown(&view), expected);
    }

    #[test]
    fn however_it_is_sliced_and_evicted_a_folded_row_is_a_run_of_repeats(
        hosts in prop::collection::vec(0_u64..3, 1..200), old in 0_usize..200, budget in 1_u64..40, range in any::<bool>(), expands in any::<bool>(),
    ) {
        let old = old.min(hosts.len());
        let mut ring = Ring::default();
        let mut view = View::all();
        let range = TimeRange::new(20, 90).filter(|_| range);
        view.set_range(range);
        view.set_folding(true);
        let open = Filter::OPEN;
        let mut all = (0..).zip(&hosts);
        all.by_ref().take(old).for_each(|(seq, host)| push_host(&mut ring, seq, *host));
        view.restart(&ring, true);
        view.scan(&ring, open, budget);
        for (seq, host) in all {
            push_host(&mut ring, seq, *host);
            view.follow(&ring, open);
            view.scan(&ring, open, budget);
        }
        while !view.scan(&ring, open, budget) {}
        let is_shown = |seq: &u64| range.is_none_or(|range| range.contains(*seq));
        let rows: Vec<(u64, u64)> = (0..).zip(hosts).filter(|(seq, _)| is_shown(seq)).collect();
        let runs: Vec<(u64, u64)> = rows.chunk_by(|(_, one), (_, other)| one == other).map(|run| (run[0].0, run.len() as u64)).collect();
        let lines = |view: &View| -> Vec<(u64, u64)> {
            shown(view).into_iter().map(|position| (position, view.fold(position).map_or(1, |fold| fold.count))).collect()
        };
        prop_assert_eq!(lines(&view), runs.clone());
        for (position, _) in &rows {
            let first = runs.iter().rev().find(|(first, _)| first <= position).map(|(first, _)| *first);
            prop_assert_eq!(view.position(view.ordinal(*position)), first);
        }
        if expands {
            for (first, count) in runs {
                prop_assert_eq!(view.expand(&ring, open, first), count > 1);
            }
            prop_assert_eq!(shown(&view), rows.into_iter().map(|(position, _)| position).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_tally_counts_what_passes_the_filter_once_whatever_range_is_shown(
        before in 0_u64..300, after in 0_u64..300, budget in 1_u64..80, digit in 0_u32..10, at in 0_u64..300, recount in any::<bool>(),
    ) {
        let wanted = query(&format!("host:*{digit}"));
        let filter = Filter { query: Some(&wanted), ..Filter::OPEN };
        let mut ring = Ring::default();
        let mut all = Histogram::default();
        let mut add = |ring: &mut Ring, view: &mut View, seq| {
            push(ring, seq);
            all.add(seq, Kind::Dns, false);
            view.align(&all);
            view.follow(ring, filter);
        };
        let mut view = View::all();
        (0..before).for_each(|seq| add(&mut ring, &mut view, seq));
        view.restart(&ring, false);
        view.recount(&Histogram::default());
        for seq in before..before + after {
            add(&mut ring, &mut view, seq);
            view.scan(&ring, filter, budget);
            if seq == at {
                view.set_range(TimeRange::new(at, at + 50));
                view.restart(&ring, false);
                if recount { view.recount(&Histogram::default()); }
            }
        }
        while !view.scan(&ring, filter, budget) {}
        let expected = (0..before + after).filter(|seq| seq % 10 == u64::from(digit)).count();
        prop_assert_eq!(view.tally().buckets().iter().map(|own| own.total()).sum::<u64>(), expected as u64);
    }
}

#[test]
fn the_rest_of_a_run_stays_while_its_beginning_is_evicted() {
    let mut ring = Ring::default();
    let mut view = View::all();
    view.set_folding(true);
    view.restart(&ring, true);
    for seq in 0..120_000 {
        push_host(&mut ring, seq, seq / 119_000);
        view.follow(&ring, Filter::OPEN);
    }
    let first = ring.first();
    assert!(first > 0, "rows were evicted");
    assert_eq!(shown(&view), [first, 119_000]);
    assert_eq!(view.fold(first).map(|fold| fold.count), Some(119_000));
}
