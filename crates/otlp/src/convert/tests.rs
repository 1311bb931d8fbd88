//! Golden of the conversion: every line of the protocol's own golden, as what is sent of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use mirrord_wire::{ProcessInfo, SessionInfo, SessionState, StreamLine};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point;

use super::metrics;
use crate::batch::gather;
use crate::queue::Entry;
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::source::Source;

const EVENTS: &str = include_str!("../../../wire/tests/golden/events.ndjson");
const GOLDEN: &str = include_str!("../../tests/golden/logs.txt");
const METRICS: &str = include_str!("../../tests/golden/metrics.txt");

fn settings() -> Settings {
    let mut settings = Settings::read(None, None, |name| {
        (name == "OTEL_RESOURCE_ATTRIBUTES").then(|| "team=shop,mirrord.target=ours".to_owned())
    })
    .unwrap();
    settings.host_name = Some("laptop".to_owned());
    "0.1.0".clone_into(&mut settings.version);
    settings
}

fn info() -> SessionInfo {
    SessionInfo {
        session_id: "a8f3b2c1".to_owned(),
        target: "deployment/checkout/container/app".to_owned(),
        started_at: "2026-11-20T18:00:00.123456Z".to_owned(),
        mirrord_version: "0.1.0".to_owned(),
        namespace: Some("staging".to_owned()),
        name: Some("api".to_owned()),
        processes: vec![ProcessInfo {
            pid: 48213,
            process_name: "node".to_owned(),
            parent_pid: Some(48201),
            cmdline: vec!["node".to_owned(), "server.js".to_owned()],
            cwd: None,
        }],
        ..SessionInfo::default()
    }
}

fn entries(source: &Arc<Source>, lines: &str) -> Vec<Entry> {
    let entry = |text: &str| Entry {
        source: Arc::clone(source),
        text: text.into(),
    };
    lines.lines().map(entry).collect()
}

fn value(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => format!("{text:?}"),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        Some(Value::ArrayValue(list)) => {
            let values: Vec<_> = list.values.iter().map(|own| self::value(Some(own))).collect();
            format!("[{}]", values.join(", "))
        }
        other => panic!("{other:?}"),
    }
}

fn attributes(attributes: &[KeyValue]) -> String {
    let pair = |own: &KeyValue| format!(" {}={}", own.key, value(own.value.as_ref()));
    attributes.iter().map(pair).collect()
}

/// Compares with a golden; `MIRRORD_GOLDEN=write` replaces it.
fn compare(found: &str, golden: &str, file: &str) {
    if std::env::var_os("MIRRORD_GOLDEN").is_some_and(|wish| wish == "write") {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(file);
        std::fs::write(path, found).unwrap();
        return;
    }
    for (found, golden) in found.lines().zip(golden.lines()) {
        assert_eq!(found, golden);
    }
    assert_eq!(found.lines().count(), golden.lines().count());
}

#[test]
fn every_event_is_a_record_with_the_conventions_names() {
    let settings = settings();
    let source = Arc::new(Source::new(1, &info(), &settings));
    let (request, records, unreadable) = gather(&entries(&source, EVENTS), &settings, 7);
    // Its two control lines are no events.
    assert_eq!((records, unreadable), (EVENTS.lines().count() as u64 - 2, 2));
    let mut text = String::new();
    for group in &request.resource_logs {
        let resource = group.resource.as_ref().unwrap();
        writeln!(text, "resource{}", attributes(&resource.attributes)).unwrap();
        for record in &group.scope_logs[0].log_records {
            assert_eq!(record.observed_time_unix_nano, 7);
            writeln!(
                text,
                "{} {} {} {} {}\n   {}",
                record.time_unix_nano,
                record.severity_number,
                record.severity_text,
                record.event_name,
                value(record.body.as_ref()),
                attributes(&record.attributes)
            )
            .unwrap();
        }
    }
    // The golden is of Linux.
    let own_system = format!("os.type=\"{}\"", std::env::consts::OS.replace("macos", "darwin"));
    compare(&text.replace(&own_system, "os.type=\"linux\""), GOLDEN, "logs.txt");
}

#[test]
fn a_state_is_sums_since_the_sessions_start_and_levels_of_now() {
    let settings = settings();
    let source = Arc::new(Source::new(1, &info(), &settings));
    let mut state = SessionState::default();
    for line in EVENTS.lines() {
        if let StreamLine::Event(line) = serde_json::from_str(line).unwrap() {
            state.apply(&line);
        }
    }
    state.dropped = 3;
    let counters = state.counters.clone();
    let snapshot = Snapshot::new(source, &state, counters, 2.5, 1_795_197_700_000_000);
    let (request, points) = metrics::request(&[snapshot], "0.1.0");
    let mut text = String::new();
    let mut counted = 0;
    for metric in &request.resource_metrics[0].scope_metrics[0].metrics {
        let (kind, points) = match metric.data.as_ref().unwrap() {
            Data::Sum(sum) if sum.is_monotonic => ("sum", &sum.data_points),
            Data::Sum(sum) => ("level", &sum.data_points),
            Data::Gauge(gauge) => ("gauge", &gauge.data_points),
            other => panic!("{other:?}"),
        };
        writeln!(text, "{} {kind} {}", metric.name, metric.unit).unwrap();
        for point in points {
            counted += 1;
            let number = match point.value.unwrap() {
                number_data_point::Value::AsInt(number) => number.to_string(),
                number_data_point::Value::AsDouble(number) => number.to_string(),
            };
            let times = (point.start_time_unix_nano, point.time_unix_nano);
            writeln!(text, "    {times:?}{} {number}", attributes(&point.attributes)).unwrap();
        }
    }
    assert_eq!(points, counted);
    compare(&text, METRICS, "metrics.txt");
}

#[test]
fn values_of_variables_are_sent_only_where_they_are_asked_for() {
    let mut settings = settings();
    let line = r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["DB_PASSWORD","s3cret"]],"pid":7}
{"seq":2,"ts":2,"type":"EnvVar","vars":{"DB_PASSWORD":"s3cret"}}"#;
    for env_values in [false, true] {
        settings.env_values = env_values;
        let source = Arc::new(Source::new(1, &info(), &settings));
        let (request, ..) = gather(&entries(&source, line), &settings, 0);
        let text = format!("{request:?}");
        assert!(text.contains("DB_PASSWORD"), "{text}");
        assert_eq!(text.contains("s3cret"), env_values, "{text}");
    }
}

#[test]
fn a_record_has_the_program_that_its_process_ran_then() {
    let settings = settings();
    let source = Arc::new(Source::new(1, &info(), &settings));
    let lines = r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":7,"process_name":"sh"}
{"seq":2,"ts":2,"type":"DnsQuery","host":"a","pid":7}
{"seq":3,"ts":2,"type":"LayerConnected","pid":7,"process_name":"node"}
{"seq":4,"ts":2,"type":"DnsQuery","host":"b","pid":7}
no line
{"type":"Heartbeat","seq":4}"#;
    let (request, records, unreadable) = gather(&entries(&source, lines), &settings, 0);
    assert_eq!((records, unreadable), (4, 2));
    let program = |name: &str, place: usize| {
        let group = &request.resource_logs[place];
        let found = attributes(&group.resource.as_ref().unwrap().attributes);
        assert!(found.contains(&format!("process.executable.name={name:?}")), "{found}");
        assert_eq!(group.scope_logs[0].log_records.len(), 2);
    };
    program("sh", 0);
    program("node", 1);
}

#[test]
fn long_texts_are_cut_between_characters() {
    let settings = settings();
    let source = Arc::new(Source::new(1, &info(), &settings));
    let path = "é".repeat(10_000);
    let line = format!(r#"{{"seq":1,"ts":2,"type":"FileOp","path":"/{path}","operation":"open"}}"#);
    let (request, ..) = gather(&entries(&source, &line), &settings, 0);
    let record = &request.resource_logs[0].scope_logs[0].log_records[0];
    for text in record
        .attributes
        .iter()
        .map(|own| own.value.as_ref())
        .chain([record.body.as_ref()])
    {
        assert!(value(text).len() <= crate::limits::MAX_TEXT_BYTES + 2);
    }
}

#[test]
fn the_documentation_has_every_name() {
    let documented = include_str!("../../../../docs/otel.md");
    let words = [GOLDEN, METRICS].map(|golden| golden.split(' ').map(str::trim));
    let names = words.into_iter().flatten().filter_map(|word| {
        let name = word.split_once('=').map_or(word, |(name, _)| name);
        let is_name = name.contains('.') && name.chars().all(|c| c.is_ascii_lowercase() || "._8".contains(c));
        (is_name && !name.starts_with("mirrord.field.")).then_some(name)
    });
    let missing: BTreeSet<_> = names
        .filter(|name| !documented.contains(&format!("`{name}`")))
        .collect();
    let is_event = |name: &&&str| GOLDEN.contains(&format!(" {name} \""));
    let missing: Vec<_> = missing.iter().filter(|name| !is_event(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
