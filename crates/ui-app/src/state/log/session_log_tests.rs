//! The log of a session takes in what is fetched and what arrives, each event once, and gives up the oldest.

use mirrord_wire::{
    EventLine, Exit, MonitorEvent, PortSubscription, ProcessInfo, SessionDetail, SessionState, from_json,
};
use proptest::prelude::*;

use super::*;
use crate::codec::line::sent;
use crate::state::aggregates::Counted;
use crate::state::kind::Kinds;

fn line(seq: u64, event: MonitorEvent) -> EventLine {
    EventLine {
        seq,
        ts: seq,
        observation: event.into(),
    }
}

fn dns(seq: u64) -> EventLine {
    line(
        seq,
        MonitorEvent::DnsQuery {
            host: format!("host{seq}"),
        },
    )
}

fn ready() -> SessionLog {
    let mut log = SessionLog::default();
    log.fetch_ends(Load::Ready);
    log
}

fn kept(log: &SessionLog) -> Vec<(u64, Option<Missed>)> {
    log.ring()
        .from(0)
        .map(|(_, entry)| (entry.seq(), entry.missed().map(|(_, why)| why)))
        .collect()
}

#[test]
fn what_the_server_no_longer_keeps_is_told_from_what_was_lost() {
    let mut log = SessionLog::default();
    log.fetch_begins();
    sent(&dns(14), |line| log.arrived(0, line));
    sent(&dns(11), |line| log.fetched(0, line));
    sent(&dns(12), |line| log.fetched(0, line));
    log.fetch_ends(Load::Ready);
    assert_eq!(
        kept(&log),
        [
            (10, Some(Missed::Older)),
            (11, None),
            (12, None),
            (1, Some(Missed::Lost)),
            (14, None)
        ]
    );
}

#[test]
fn after_a_break_only_what_is_new_is_added() {
    let mut log = SessionLog::default();
    log.fetch_begins();
    (1..=3).for_each(|seq| sent(&dns(seq), |line| log.fetched(0, line)));
    log.fetch_ends(Load::Ready);
    log.fetch_begins();
    sent(&dns(6), |line| log.arrived(0, line));
    (3..=5).for_each(|seq| sent(&dns(seq), |line| log.fetched(0, line)));
    log.fetch_ends(Load::Ready);
    assert_eq!(
        kept(&log).iter().map(|(seq, _)| *seq).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6]
    );
}

#[test]
fn what_was_before_the_server_attached_is_history_and_no_loss() {
    let mut log = ready();
    log.lagged(0, 1_329_562, 1_329_559);
    let rows = [(1_329_559, Some(Missed::Older)), (3, Some(Missed::Lost))];
    assert_eq!(kept(&log), rows);
    assert_eq!(
        (log.aggregates().stats.older(), log.aggregates().stats.lost()),
        (1_329_559, 3)
    );
}

#[test]
fn numbers_that_begin_again_hide_no_event() {
    let mut log = ready();
    (1..=5).for_each(|seq| sent(&dns(seq), |line| log.arrived(0, line)));
    log.renumber(0, 5);
    assert_eq!(log.last_seq(0), 5, "the server is as far");
    log.renumber(0, 2);
    log.fetch_begins();
    (1..=2).for_each(|seq| sent(&dns(seq), |line| log.fetched(0, line)));
    log.fetch_ends(Load::Ready);
    let seqs: Vec<_> = kept(&log).iter().map(|(seq, _)| *seq).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 1, 2]);
}

#[test]
fn pausing_and_clearing_change_what_is_shown_and_nothing_else() {
    let mut log = ready();
    (1..=5).for_each(|seq| sent(&dns(seq), |line| log.arrived(0, line)));
    log.pause();
    (6..=8).for_each(|seq| sent(&dns(seq), |line| log.arrived(0, line)));
    assert_eq!((log.view().end() - log.view().first(), log.view().waiting()), (5, 3));
    log.clear();
    let shown = |log: &SessionLog| log.view().end() - log.view().first();
    assert_eq!(
        (shown(&log), log.view().waiting(), log.last_seq(0)),
        (0, 3, 8),
        "it stays paused"
    );
    sent(&dns(9), |line| log.arrived(0, line));
    log.resume();
    assert_eq!((shown(&log), log.kept(), log.cleared()), (4, 4, 5));
    assert_eq!(
        log.histogram()
            .buckets()
            .iter()
            .map(|bucket| bucket.total())
            .sum::<u64>(),
        1
    );
    log.clear();
    assert_eq!((shown(&log), log.kept(), log.cleared()), (0, 0, 9));
    sent(&dns(10), |line| log.arrived(0, line));
    log.undo_clear();
    assert_eq!((shown(&log), log.kept(), log.cleared()), (10, 10, 0));
    assert_eq!(
        log.histogram()
            .buckets()
            .iter()
            .map(|bucket| bucket.total())
            .sum::<u64>(),
        10
    );
    assert_eq!(kept(&log).len(), 10);
}

#[test]
fn what_is_read_is_kept_however_much_comes_meanwhile() {
    let mut log = ready();
    (1..=2_000).for_each(|seq| sent(&dns(seq), |line| log.arrived(0, line)));
    log.read(true);
    (2_001..=300_000).for_each(|seq| sent(&dns(seq), |line| log.arrived(0, line)));
    assert_eq!(log.view().end() - log.view().first(), 2_000);
    assert_eq!(log.ring().get(0).map(|entry| entry.seq()), Some(1));
    assert!(log.view().waiting() + 2_000 < 298_000, "what was evicted does not wait");
    assert_eq!(log.view().waiting() + 2_000 + log.given_up(), 300_000);
    // Going on below would leave rows out between two that stand side by side.
    log.read_on();
    assert_eq!(log.view().end() - log.view().first(), 2_000);
    log.read(false);
    let view = log.view();
    let newest = log.ring().get(view.position(view.end() - 1).unwrap()).unwrap();
    assert_eq!((newest.seq(), view.waiting()), (300_000, 0));
    assert!((view.first()..view.end()).all(|ordinal| view.position(ordinal).is_some()));
}

#[test]
fn a_filter_finds_the_old_rows_and_the_new_ones() {
    let mut log = ready();
    (1..=20).for_each(|seq| sent(&dns(seq), |line| log.arrived(0, line)));
    sent(
        &line(
            21,
            MonitorEvent::LayerDisconnected {
                pid: 3,
                exit: Exit::default(),
            },
        ),
        |line| log.arrived(0, line),
    );
    log.filter(
        LogFilter {
            kinds: Kinds::ALL.toggled(Kind::Process),
            typed: "/1$/".to_owned(),
            ..LogFilter::default()
        },
        Scope::default(),
    );
    while !log.scan(7) {}
    sent(&dns(31), |line| log.arrived(0, line));
    assert!(log.shows_events());
    let view = log.view();
    let seqs: Vec<_> = (view.first()..view.end())
        .filter_map(|ordinal| log.ring().get(view.position(ordinal)?))
        .map(|entry| (entry.seq(), entry.missed().is_some()))
        .collect();
    assert_eq!(seqs, [(1, false), (11, false), (31, false)]);
    let nowhere = LogFilter {
        typed: "nowhere".to_owned(),
        ..LogFilter::default()
    };
    log.filter(nowhere, Scope::default());
    while !log.scan(100) {}
    assert_eq!(log.view().end(), log.view().first(), "what was missed matches nothing");
    log.filter(LogFilter::default(), Scope::default());
    assert_eq!(log.view().end() - log.view().first(), 23, "it stands among all events");
}

#[test]
fn names_of_processes_come_from_the_log_and_from_the_session() {
    let mut log = ready();
    let started = MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("node".into()),
        cmdline: vec![],
        cwd: None,
    };
    sent(&line(1, started), |line| log.arrived(0, line));
    let known = [(7, "old"), (8, "npm")].map(|(pid, name)| ProcessInfo {
        pid,
        process_name: name.into(),
        ..ProcessInfo::default()
    });
    let info = SessionInfo {
        processes: known.to_vec(),
        ..SessionInfo::default()
    };
    log.known(&info);
    assert_eq!(
        [7, 8, 9].map(|pid| log.process_name(pid)),
        [Some("node"), Some("npm"), None]
    );
    assert_eq!(
        log.aggregates().processes.all().len(),
        2,
        "in the view of processes as well"
    );
}

#[test]
fn what_began_before_the_oldest_kept_event_is_in_the_views() {
    let mut log = SessionLog::default();
    log.fetch_begins();
    let child = MonitorEvent::LayerConnected {
        pid: 8,
        parent_pid: Some(7),
        process_name: Some("cat".into()),
        cmdline: vec![],
        cwd: None,
    };
    sent(&line(41, child), |line| log.fetched(0, line));
    log.fetch_ends(Load::Ready);
    let shell = ProcessInfo {
        pid: 7,
        process_name: "sh".into(),
        ..ProcessInfo::default()
    };
    let port = PortSubscription {
        port: 8080,
        mode: "steal".into(),
        filter: None,
        address: None,
    };
    log.known(&SessionInfo {
        processes: vec![shell],
        port_subscriptions: vec![port],
        ..SessionInfo::default()
    });
    let before = r#"{"state":{"seq":41,"counters":{"total":41},"paths":{"items":[{"name":"/etc/hosts","count":3}]},
        "env_names":{"items":[{"name":"DB_HOST","count":2}]},
        "processes":[{"pid":7,"process_name":"sh","started_ts":5}]}}"#;
    log.hold();
    log.began(from_json(before).ok());
    let aggregates = log.aggregates();
    assert_eq!((aggregates.stats.older(), aggregates.missing()), (40, 0));
    assert_eq!(
        (aggregates.files.path(0), aggregates.files.seen(0).count),
        ("/etc/hosts", 3)
    );
    assert!(aggregates.is_whole(Counted::Paths) && !aggregates.is_whole(Counted::Else));
    assert_eq!(aggregates.processes.tree(), [(0, 1), (1, 0)]);
    assert_eq!(aggregates.processes.of(7).map(|own| own.started), Some(5));
    assert_eq!(aggregates.ports.ports().len(), 1);
    assert_eq!(
        (aggregates.environment.name(0), aggregates.environment.value(0)),
        ("DB_HOST", None)
    );
}

#[test]
fn several_sessions_make_one_log_by_time_and_each_says_what_it_missed() {
    let at = |seq: u64, ts: u64| EventLine { ts, ..dns(seq) };
    let mut log = SessionLog::merged(2);
    sent(&at(3, 30), |line| log.arrived(0, line));
    sent(&at(1, 10), |line| log.fetched(0, line));
    sent(&at(2, 20), |line| log.fetched(0, line));
    sent(&at(5, 15), |line| log.fetched(1, line));
    assert!(!log.ripen(0) && kept(&log).is_empty(), "the past goes in at once");
    log.fetch_ends(Load::Ready);
    let sources = |log: &SessionLog| -> Vec<(u8, u64)> {
        log.ring()
            .from(0)
            .map(|(_, entry)| (entry.source(), entry.seq()))
            .collect()
    };
    assert_eq!(sources(&log), [(1, 4), (0, 1), (1, 5), (0, 2), (0, 3)]);
    log.lagged(1, 9, 0);
    sent(&at(4, 60), |line| log.arrived(0, line));
    sent(&at(15, 50), |line| log.arrived(1, line));
    assert!(log.ripen(1_000));
    assert!(!log.ripen(1_000 + super::super::reorder_buffer::HOLD_MS));
    assert_eq!(sources(&log)[5..], [(1, 9), (1, 15), (0, 4)]);
    log.label(vec!["one".into(), "other".into()], 0b10);
    while !log.scan(100) {}
    assert_eq!(
        log.view().end() - log.view().first(),
        4,
        "the other's events and what it missed are hidden"
    );
    assert_eq!(
        (log.label_of(1), log.label_of(2), log.labelled()),
        (Some("other"), None, 1)
    );
}

proptest! {
    #[test]
    fn what_a_session_counted_itself_makes_up_for_every_event_that_was_lost(
        all in prop::collection::vec((0_u8..3, any::<bool>()), 1..40), asked in 0_usize..40, answered in 0_usize..40, until in 0_usize..40,
    ) {
        let events: Vec<EventLine> = (1..).zip(&all).map(|(seq, (host, _))| {
            line(seq, MonitorEvent::DnsQuery { host: format!("host{host}") })
        }).collect();
        let mut log = ready();
        let arrive = |log: &mut SessionLog, range: std::ops::Range<usize>| {
            for at in range {
                // Some are lost on the way; the last is not, so that every gap is known.
                if all[at].1 || at + 1 == all.len() { sent(&events[at], |line| log.arrived(0, line)); }
            }
        };
        // The session is asked, events go on arriving, and it answers with what it had then counted.
        let asked = asked.min(all.len());
        let answered = answered.clamp(asked, all.len());
        let until = until.clamp(asked, all.len());
        arrive(&mut log, 0..asked);
        log.hold();
        arrive(&mut log, asked..until);
        let mut state = SessionState::default();
        events[..answered].iter().for_each(|event| state.apply(event));
        let detail = SessionDetail { state, ..SessionDetail::default() };
        log.began(Some(detail));
        arrive(&mut log, until..all.len());
        let aggregates = log.aggregates();
        let lost_behind = (answered..all.len() - 1).filter(|at| !all[*at].1).count() as u64;
        let lost = all[..all.len() - 1].iter().filter(|(_, came)| !came).count() as u64;
        prop_assert_eq!(aggregates.missing(), if answered == 0 { lost } else { lost_behind });
        prop_assert_eq!(aggregates.is_whole(Counted::Hosts), aggregates.missing() == 0);
        for number in 0..aggregates.network.hosts() as u32 {
            let name = aggregates.network.host(number);
            let is_it = |at: &usize| format!("host{}", all[*at].0) == name;
            let came = |at: &usize| *at < answered || all[*at].1 || at + 1 == all.len();
            let count = (0..all.len()).filter(is_it).filter(came).count() as u64;
            prop_assert_eq!(aggregates.network.lookups(number).count, count);
        }
    }
}

fn of_process(seq: u64, pid: u32, event: MonitorEvent) -> EventLine {
    let mut line = line(seq, event);
    line.observation.pid = Some(pid);
    line
}

fn started(seq: u64, pid: u32, parent: u32) -> EventLine {
    let event = MonitorEvent::LayerConnected {
        pid,
        parent_pid: Some(parent),
        process_name: Some(format!("p{pid}")),
        cmdline: vec![],
        cwd: None,
    };
    of_process(seq, pid, event)
}

fn opened(seq: u64, pid: u32) -> EventLine {
    let event = MonitorEvent::FileOp {
        path: Some(format!("/{pid}")),
        operation: "open".into(),
    };
    of_process(seq, pid, event)
}

fn follow(log: &mut SessionLog, pid: u32) {
    let filter = LogFilter {
        tree: Some(pid),
        ..LogFilter::default()
    };
    log.filter(filter, Scope::default());
}

#[test]
fn every_view_has_the_events_of_the_followed_process_and_its_descendants_alone() {
    let mut log = ready();
    let lines = [started(1, 7, 1), started(2, 8, 7), started(3, 9, 8), started(4, 6, 1)];
    lines.iter().for_each(|own| sent(own, |line| log.arrived(0, line)));
    for (seq, pid) in [(5, 6), (6, 7), (7, 8), (8, 9)] {
        sent(&opened(seq, pid), |line| log.arrived(0, line));
    }
    follow(&mut log, 8);
    assert!(!log.is_followed_read(), "rows are read a slice at a time");
    let reads: Vec<_> = (0..4).map(|_| log.read_followed(3)).collect();
    assert_eq!(reads, [false, false, true, false]);
    let paths = |log: &SessionLog| log.aggregates().files.len();
    assert_eq!((paths(&log), log.aggregates().stats.seen()), (2, 4));
    let pids: Vec<_> = log.aggregates().processes.all().iter().map(|own| own.pid).collect();
    assert_eq!(pids, [8, 9]);
    // What comes later, and what a new descendant does, is taken in; a process from elsewhere is not.
    for own in [started(9, 10, 9), opened(10, 10), started(11, 11, 6), opened(12, 11)] {
        sent(&own, |line| log.arrived(0, line));
    }
    assert!(!log.read_followed(100), "the views were told once");
    assert_eq!((paths(&log), log.aggregates().missing()), (3, 0));
    assert_eq!(log.all_aggregates().files.len(), 6);
    while !log.scan(100) {}
    let shown: Vec<_> = (log.view().first()..log.view().end())
        .filter_map(|ordinal| log.ring().get(log.view().position(ordinal)?)?.pid())
        .collect();
    assert_eq!(shown, [8, 9, 8, 9, 10, 10]);
    log.filter(LogFilter::default(), Scope::default());
    assert_eq!(paths(&log), 6);
}

#[test]
fn of_a_followed_process_the_rows_that_are_not_kept_are_missing() {
    let mut log = ready();
    let rows = crate::state::log::ring::MAX_ROWS + 5_000;
    (1..=rows).for_each(|seq| sent(&opened(seq, 7), |line| log.arrived(0, line)));
    follow(&mut log, 7);
    assert!(log.read_followed(u64::MAX));
    let own = log.aggregates();
    assert_eq!(own.stats.seen() + own.stats.older(), rows);
    assert!(own.stats.older() > 0 && !own.is_whole(Counted::Paths) && own.stats.lost() == 0);
}
