//! Cost of a decision with 50 rules, for `cargo xtask bench config`: a figure a line, in nanoseconds, with its goal.

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use mirrord_config::{Config, Context, Facts, Operation, OperationFields, Variables, decide};
use serde_json::{Value, json};

/// Decisions of one kind that are timed together.
const DECISIONS: u32 = 200_000;
/// The most that a decision may take, in nanoseconds.
const MAX_NANOSECONDS: f64 = 1_000.0;
/// Rounds, of which the fastest counts.
const ROUNDS: u32 = 5;

fn config() -> Config {
    let patterns = |start: &str, count: usize| -> Vec<String> {
        (0..count)
            .map(|index| format!("^/{start}/{index}/.*\\.conf$"))
            .collect()
    };
    let addresses: Vec<String> = (0..10).map(|index| format!("10.{index}.0.0/16:5432")).collect();
    let json = json!({"target": "deployment/app", "feature": {
        "fs": {"not_found": patterns("none", 10), "read_write": patterns("rw", 10), "read_only": patterns("ro", 10), "local": patterns("local", 10)},
        "network": {"outgoing": {"filter": {"local": addresses}}},
    }});
    match Config::from_json(&json.to_string(), &Variables::new()) {
        Ok(config) => config,
        Err(problems) => panic!("{problems}"),
    }
}

fn operation(fields: Value) -> Operation {
    let fields: OperationFields = serde_json::from_value(fields).unwrap_or_default();
    match fields.operation() {
        Ok(operation) => operation,
        Err(error) => panic!("{error}"),
    }
}

fn main() {
    let facts = json!({"home": "/home/dev", "cwd": "/home/dev/shop", "exe": "/opt/app/bin/server", "tmpdir": "/tmp"});
    let facts: Facts = serde_json::from_value(facts).unwrap_or_default();
    let (config, context) = (config(), Context::new(facts));
    let cases = [
        (
            "file_by_mode",
            json!({"kind": "file_read", "path": "/var/lib/app/data/orders-2026.db"}),
        ),
        (
            "file_by_default",
            json!({"kind": "file_read", "path": "/usr/lib/python3.13/site-packages/requests/api.py"}),
        ),
        (
            "file_by_rule",
            json!({"kind": "file_write", "path": "/local/7/etc/app.conf"}),
        ),
        (
            "connection",
            json!({"kind": "connect_tcp", "address": "192.168.7.5:5432"}),
        ),
        (
            "look_up",
            json!({"kind": "dns", "name": "orders.staging.svc.cluster.local"}),
        ),
        ("variable", json!({"kind": "env", "name": "DATABASE_URL"})),
    ];
    for (name, fields) in cases {
        let operation = operation(fields);
        let round = || {
            let started = Instant::now();
            for _ in 0..DECISIONS {
                black_box(decide(&config, &context, black_box(&operation)));
            }
            started.elapsed().as_nanos() as f64 / f64::from(DECISIONS)
        };
        let fastest = (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min);
        let met = if fastest <= MAX_NANOSECONDS { "met" } else { "MISSED" };
        let _ = writeln!(
            std::io::stdout(),
            "{name:16} {fastest:6.0} ns  at most {MAX_NANOSECONDS} ns  {met}"
        );
    }
}
