//! Measures each kind of filter on 100,000 rows such as the page has.
//!
//!     cargo run --release --package mirrord-filter --example measure
//!
//! A row is a line of the table: milliseconds for all rows (the best of five runs), rows that matched. The page searches in
//! slices of 4 ms a frame, so that the time of all rows is how long a search goes on, and no frame is late by it.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::Instant;

use mirrord_filter::{Field, Fields, Scope, parse};

const ROWS: usize = 100_000;
const RUNS: usize = 5;

/// One filter of each kind, and some together.
const FILTERS: [&str; 18] = [
    "hosts",
    "nowhere-at-all",
    "json OPEN node",
    "\"config.json\"",
    "äpfel",
    "-usr",
    "con*json",
    "type:file",
    "op:open,stat",
    "path:*.json",
    "path:=/usr/lib/node_modules/7/config.json",
    "pid:1001",
    "port:1024..6000",
    "process:node",
    "time:16:05..16:07",
    "/lib.*[0-9]+\\.json$/",
    "path:/^\\/usr/",
    "type:file -path:*.so (json OR yaml) process:node pid:1000..1002",
];

struct Row {
    ts: u64,
    name: String,
    tail: &'static str,
    kind: &'static str,
    pid: u32,
    port: Option<u16>,
}

impl Row {
    fn new(number: usize) -> Self {
        let (name, tail, kind, port) = match number % 10 {
            0 => (
                format!("10.0.{}.1:5432", number % 200),
                "tcp",
                "OutgoingConnection",
                Some(5_432),
            ),
            1 => (
                format!("service-{}.internal.example", number % 97),
                "",
                "DnsQuery",
                None,
            ),
            2 => (
                format!("/usr/lib/x86_64-linux-gnu/lib{}.so.6", number % 300),
                "open",
                "FileOp",
                None,
            ),
            3 => (format!("/etc/ssl/certs/hosts-{}", number % 50), "stat", "FileOp", None),
            _ => (
                format!("/usr/lib/node_modules/{}/config.json", number % 1_000),
                "open",
                "FileOp",
                None,
            ),
        };
        Self {
            ts: 1_795_968_000_000_000 + number as u64 * 5_000,
            name,
            tail,
            kind,
            pid: 1_000 + (number % 5) as u32,
            port,
        }
    }

    fn process(&self) -> &'static str {
        if self.pid == 1_000 { "npm start" } else { "node" }
    }
}

impl Fields for Row {
    fn ts(&self) -> u64 {
        self.ts
    }

    fn has_text(&self, field: Option<Field>, test: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            None => {
                test(&self.name)
                    || [self.tail, self.process(), self.kind].into_iter().any(&mut *test)
                    || test(&self.pid.to_string())
            }
            Some(Field::Path) => self.kind == "FileOp" && test(&self.name),
            Some(Field::Op) => self.kind == "FileOp" && test(self.tail),
            Some(Field::Type) => test(self.kind),
            Some(Field::Process) => test(self.process()),
            Some(_) => false,
        }
    }

    fn has_number(&self, field: Field, test: &mut dyn FnMut(u64) -> bool) -> bool {
        match field {
            Field::Pid => test(self.pid.into()),
            Field::Port => self.port.is_some_and(|port| test(port.into())),
            _ => false,
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: Vec<Row> = (0..ROWS).map(Row::new).collect();
    println!("{:>8}  {:>7}  filter", "ms", "matches");
    for text in FILTERS {
        let filter = parse(text)?;
        let run = || {
            let start = Instant::now();
            let matches = rows
                .iter()
                .filter(|row| filter.matches(*row, &Scope::default()))
                .count();
            (start.elapsed(), matches)
        };
        let Some((best, matches)) = (0..RUNS).map(|_| run()).min() else {
            continue;
        };
        println!("{:>8.2}  {matches:>7}  {text}", best.as_secs_f64() * 1_000.0);
    }
    Ok(())
}
