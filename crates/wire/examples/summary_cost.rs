//! `summary_cost`: nanoseconds an event of `Summary::apply`, beside those of `SessionState::apply` and of reading the line.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::hint::black_box;
use std::time::Instant;

use mirrord_wire::session::summary::Summary;
use mirrord_wire::{EventLine, SessionState};

const ROUNDS: u64 = 200;

/// Lines like those of a program that reads its own files, imports and asks for what is not there.
fn lines(kind: Option<u32>) -> Vec<String> {
    let mut lines = Vec::new();
    for number in (0..1_000_u32).filter(|number| kind.is_none_or(|kind| number % 10 == kind)) {
        let (path, operation, outcome) = match number % 10 {
            0 => (format!("/srv/shop/data/{}.json", number % 300), "open", "ok"),
            1 => (format!("/srv/shop/data/{}", number % 100), "stat", "ok"),
            2 => (format!("/srv/shop/conf{}/app.yaml", number % 3), "open", "not_found"),
            3 => (format!("/srv/shop/{number}"), "stat", "not_found"),
            4 => (
                format!("/opt/python/lib/python3.11/site-packages/m{number}.py"),
                "stat",
                "not_found",
            ),
            5 => (format!("/usr/share/zoneinfo/{number}"), "open", "ok"),
            6 => (format!("/usr/lib/x86_64-linux-gnu/lib{number}.so.6"), "open", "ok"),
            7 => (format!("/srv/shop/src/module{number}.js"), "stat", "ok"),
            8 => (format!("/proc/self/task/{number}/stat"), "open", "ok"),
            _ => (format!("/home/dev/.cache/{number}"), "stat", "not_found"),
        };
        lines.push(format!(
            r#"{{"seq":1,"ts":1795197600123456,"type":"FileOp","path":"{path}","operation":"{operation}","pid":48213,"outcome":"{outcome}"}}"#
        ));
    }
    lines
}

/// Returns the nanoseconds an event of the fastest round: the others were interrupted.
fn measure(events: usize, mut round: impl FnMut()) -> f64 {
    let nanoseconds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed().as_nanos() as f64 / events as f64
    });
    nanoseconds.fold(f64::INFINITY, f64::min)
}

fn counted(texts: &[String], apply: &mut dyn FnMut(&EventLine)) -> f64 {
    let mut events: Vec<EventLine> = texts
        .iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let mut seq = 0;
    measure(events.len(), || {
        for line in &mut events {
            seq += 1;
            (line.seq, line.ts) = (seq, seq * 100);
            apply(line);
        }
    })
}

fn main() {
    let texts = lines(None);
    let read = measure(texts.len(), || {
        for text in &texts {
            black_box(serde_json::from_str::<EventLine>(text).ok());
        }
    });
    println!("read      {read:6.0} ns an event");
    let (mut state, mut summary) = (SessionState::default(), Summary::default());
    println!("state     {:6.0} ns", counted(&texts, &mut |line| state.apply(line)));
    println!(
        "summary   {:6.0} ns",
        counted(&texts, &mut |line| summary.apply_line(line))
    );
    for kind in 0..10 {
        let mut summary = Summary::default();
        let (texts, apply) = (lines(Some(kind)), &mut |line: &EventLine| summary.apply_line(line));
        println!("  {kind}       {:6.0} ns   {}", counted(&texts, apply), texts[0]);
    }
}
