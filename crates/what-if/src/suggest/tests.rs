//! Each kind of suggestion with a run in which it must appear and one in which it must not.

use mirrord_config::{Config, Variables};
use mirrord_wire::api::{Suggestion, SuggestionKind as Kind, Suggestions};
use serde_json::{Value, json};

use super::*;

const EXEC: Sight = Sight {
    has_local: true,
    unseen: 0,
    now: None,
};

fn facts() -> Facts {
    let facts = json!({"home": "/home/ada", "cwd": "/home/ada/shop", "tmpdir": "/tmp"});
    serde_json::from_value(facts).unwrap()
}

fn of_run(config: &Value, events: &[Value], sight: Sight) -> Suggestions {
    let mut run = Run::default();
    for (index, event) in events.iter().enumerate() {
        let mut event = event.clone();
        event["seq"] = json!(index + 1);
        run.add(event.to_string().as_bytes());
    }
    let all = suggest(run, config, &facts(), sight);
    for own in &all.items {
        let changed = change::apply(config, &own.change);
        let read = Config::from_json(&changed.to_string(), &Variables::new());
        assert!(
            read.is_ok(),
            "{changed}: {:?}",
            read.err().map(|problems| problems.to_string())
        );
        let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
        assert_eq!(sum(&own.effect.before), sum(&own.effect.after), "{own:?}");
        assert!(!own.text.is_empty() && !own.evidence.query.is_empty());
    }
    all
}

fn find(config: &Value, events: &[Value], kind: Kind) -> Vec<Suggestion> {
    let all = of_run(config, events, EXEC);
    all.items.into_iter().filter(|own| own.kind == kind).collect()
}

fn open(path: &str, outcome: &str) -> Value {
    json!({"type": "FileOp", "operation": "open", "path": path, "outcome": outcome})
}

fn times(event: &Value, count: usize) -> Vec<Value> {
    vec![event.clone(); count]
}

fn connect(address: &str, port: u16, outcome: &str) -> Value {
    json!({"type": "OutgoingConnection", "address": address, "port": port, "protocol": "tcp", "outcome": outcome})
}

fn target(feature: Value) -> Value {
    json!({"target": "pod/shop", "feature": feature})
}

#[test]
fn rules_that_decided_nothing_appear_and_those_that_did_do_not() {
    let config = target(json!({"fs": {"mode": "read", "local": ["^/data/", "^/never/"]}}));
    let mut events = times(&open("/data/a", "ok"), 19);
    events.push(open("/data/b", "ok"));
    let found = find(&config, &events, Kind::UnusedRule);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].subjects, ["^/never/"]);
    assert_eq!((found[0].evidence.of, found[0].effect.changed), (20, 0));
    assert_eq!(found[0].change, json!({"feature": {"fs": {"local": ["^/data/"]}}}));
    events.push(open("/never/x", "ok"));
    assert_eq!(find(&config, &events, Kind::UnusedRule), []);
    // Too few operations are no evidence, and neither are some that are missing.
    assert_eq!(find(&config, &events[..10], Kind::UnusedRule), []);
    for sight in [
        Sight { unseen: 1, ..EXEC },
        Sight {
            has_local: false,
            ..EXEC
        },
    ] {
        assert_eq!(of_run(&config, &events[..20], sight).items, []);
    }
}

#[test]
fn an_entry_that_may_have_decided_is_not_called_unused() {
    let filter = |entries: Value| target(json!({"network": {"outgoing": {"filter": {"remote": entries}}}}));
    let events = times(&connect("10.0.0.9", 5432, "failed"), 5);
    // Which of the two is not known: the name's addresses are the cluster's.
    assert_eq!(
        find(&filter(json!(["db:5432", "10.1.1.1:80"])), &events, Kind::UnusedRule),
        []
    );
    let found = find(
        &filter(json!(["10.0.0.9:5432", "10.1.1.1:80"])),
        &events,
        Kind::UnusedRule,
    );
    assert_eq!(found[0].subjects, ["10.1.1.1:80"]);
    // No connection can follow a look-up that failed here, and in a cluster it would not have.
    let look_up = json!({"type": "DnsQuery", "host": "cache"});
    let asked = [events, times(&look_up, 2)].concat();
    let entries = filter(json!(["10.0.0.9:5432", "tcp://cache:6379", "10.1.1.1:80"]));
    assert_eq!(find(&entries, &asked, Kind::UnusedRule)[0].subjects, ["10.1.1.1:80"]);
    let events = times(&connect("10.0.0.9", 5432, "failed"), 5);
    // The last entry is not taken away: an empty filter is an error.
    assert_eq!(find(&filter(json!(["10.1.1.1:80"])), &events, Kind::UnusedRule), []);
}

#[test]
fn paths_that_look_local_and_are_read_remotely_appear() {
    let config = target(json!({"fs": "read"}));
    let events = times(&open("/srv/venv/lib/site-packages/x/data.bin", "ok"), 12);
    let found = find(&config, &events, Kind::LooksLocal);
    assert_eq!(found[0].subjects, ["/(site|dist)-packages/"]);
    assert_eq!((found[0].evidence.times, found[0].effect.changed), (12, 12));
    assert_eq!(found[0].effect.before, BTreeMap::from([("remote".to_owned(), 12)]));
    assert_eq!(found[0].effect.after, BTreeMap::from([("local".to_owned(), 12)]));
    // Few; and by a rule of the user's own.
    assert_eq!(find(&config, &events[..9], Kind::LooksLocal), []);
    let wanted = target(json!({"fs": {"read_only": ["site-packages"]}}));
    assert_eq!(find(&wanted, &events, Kind::LooksLocal), []);
}

#[test]
fn each_look_of_a_local_path_has_a_pattern_that_takes_it() {
    for path in [
        "/lib64/x.bin",
        "/data/libx.so.1.2",
        "/srv/dist-packages/x.bin",
        "/srv/__pycache__/x.bin",
        "/srv/.git/HEAD",
        "/srv/x.mjs",
    ] {
        let found = find(
            &target(json!({"fs": "read"})),
            &times(&open(path, "ok"), 10),
            Kind::LooksLocal,
        );
        assert_eq!(found.len(), 1, "{path}");
    }
}

#[test]
fn paths_that_look_remote_and_are_missing_here_appear() {
    let config = target(json!({}));
    let missing = open("/etc/shop/flags.yaml", "not_found");
    let found = find(&config, &times(&missing, 3), Kind::LooksRemote);
    assert_eq!(
        found[0].change,
        json!({"feature": {"fs": {"read_only": ["^/etc/shop/flags\\.yaml$"]}}})
    );
    assert_eq!((found[0].effect.changed, found[0].evidence.failed), (3, 3));
    // Once is enough for what a cluster alone has.
    let secret = open("/run/secrets/token", "not_found");
    assert_eq!(find(&config, &[secret], Kind::LooksRemote).len(), 1);
    for events in [
        times(&missing, 2),
        // Found here; a system directory; a write.
        times(&open("/etc/shop/flags.yaml", "ok"), 5),
        times(&open("/etc/ssl/openssl.conf", "not_found"), 5),
        times(
            &json!({"type": "FileOp", "operation": "write", "path": "/etc/shop/a.yaml", "outcome": "not_found"}),
            5,
        ),
    ] {
        assert_eq!(find(&config, &events, Kind::LooksRemote), [], "{events:?}");
    }
}

#[test]
fn a_file_that_is_here_and_would_be_remote_appears() {
    let config = target(json!({"fs": {"mode": "read", "local": "^/x"}}));
    let found = find(&config, &[open("/srv/shop/seed.db", "ok")], Kind::ExistsLocally);
    assert_eq!(found[0].subjects, ["/srv/shop/seed.db"]);
    assert_eq!(
        found[0].change["feature"]["fs"]["local"],
        json!(["^/x", "^/srv/shop/seed\\.db$"])
    );
    // Not here; asked for by a rule; local anyway.
    assert_eq!(
        find(&config, &[open("/srv/shop/seed.db", "not_found")], Kind::ExistsLocally),
        []
    );
    let wanted = target(json!({"fs": {"read_only": ["seed"]}}));
    assert_eq!(
        find(&wanted, &[open("/srv/shop/seed.db", "ok")], Kind::ExistsLocally),
        []
    );
    assert_eq!(find(&config, &[open("/usr/share/x", "ok")], Kind::ExistsLocally), []);
    // Many of one directory are one suggestion.
    let many: Vec<Value> = ["a", "b", "c", "d", "e", "f"]
        .map(|name| open(&format!("/srv/m+n/{name}"), "ok"))
        .into();
    let found = find(&config, &many, Kind::ExistsLocally);
    assert_eq!(
        (found.len(), found[0].effect.changed, found[0].subjects.len()),
        (1, 6, 5)
    );
}

#[test]
fn a_port_that_nobody_reached_appears() {
    let config = target(json!({"network": {"incoming": "steal"}}));
    let listens =
        |port: u16| json!({"type": "PortSubscription", "port": port, "mode": "listen", "address": "*", "ts": 1});
    let report = |port: u16, arrivals: u64| json!({"type": "ListenerUpdate", "protocol": "tcp", "address": "*", "port": port, "arrivals": arrivals});
    let events = [listens(8080), listens(9090), report(8080, 0), report(9090, 2)];
    let found = find(&config, &events, Kind::UnusedPort);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].change,
        json!({"feature": {"network": {"incoming": {"mode": "steal", "ignore_ports": [8080]}}}})
    );
    assert_eq!(found[0].effect.changed, 1);
    // Nothing is known; it has just begun; it would not be subscribed.
    assert_eq!(find(&config, &[listens(8080)], Kind::UnusedPort), []);
    let soon = Sight {
        now: Some(1_000),
        ..EXEC
    };
    assert_eq!(of_run(&config, &events, soon).items, []);
    let off = target(json!({"network": {"incoming": "off"}}));
    assert_eq!(find(&off, &events, Kind::UnusedPort), []);
}

#[test]
fn a_destination_that_no_filter_covers_appears() {
    let config = target(json!({"network": {"outgoing": {"filter": {"remote": ["10.0.0.1:80"]}}}}));
    let events = [
        connect("10.0.0.1", 80, "connected"),
        connect("10.0.0.5", 5432, "failed"),
    ];
    let found = find(&config, &events, Kind::UncoveredDestination);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].subjects, ["10.0.0.5:5432"]);
    assert_eq!((found[0].evidence.failed, found[0].effect.changed), (1, 1));
    let filter = &found[0].change["feature"]["network"]["outgoing"]["filter"]["remote"];
    assert_eq!(*filter, json!(["10.0.0.1:80", "tcp://10.0.0.5:5432"]));
    let local = target(json!({"network": {"outgoing": {"filter": {"local": ["10.0.0.1:80"]}}}}));
    assert_eq!(
        find(&local, &events, Kind::UncoveredDestination)[0].effect.after["local"],
        2
    );
    // No filter; loopback; an entry whose name may have the address.
    assert_eq!(find(&target(json!({})), &events, Kind::UncoveredDestination), []);
    assert_eq!(
        find(&config, &[connect("127.0.0.1", 80, "ok")], Kind::UncoveredDestination),
        []
    );
    let named = target(json!({"network": {"outgoing": {"filter": {"remote": ["db:5432"]}}}}));
    assert_eq!(find(&named, &events[1..], Kind::UncoveredDestination), []);
}

#[test]
fn an_excluded_variable_whose_value_was_used_appears() {
    let config = target(json!({"env": {"exclude": ["DB_*", "CACHE"]}}));
    let variables =
        json!({"type": "EnvVar", "vars": [["DB_URL", "postgres://u@db:5432/x"], ["CACHE", "redis"], ["A", null]]});
    let lookup = json!({"type": "DnsQuery", "host": "db"});
    let found = find(&config, &[variables.clone(), lookup.clone()], Kind::ExcludedVariable);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].subjects.as_slice(), found[0].detail.as_str()),
        (&["DB_URL".to_owned()][..], "db")
    );
    assert_eq!(found[0].change, json!({"feature": {"env": {"exclude": ["CACHE"]}}}));
    assert_eq!(found[0].effect.changed, 1);
    assert!(!format!("{found:?}").contains("postgres://"), "a value may be a secret");
    // Never used; not excluded; another host that contains it.
    assert_eq!(
        find(&config, std::slice::from_ref(&variables), Kind::ExcludedVariable),
        []
    );
    assert_eq!(
        find(
            &target(json!({})),
            &[variables.clone(), lookup.clone()],
            Kind::ExcludedVariable
        ),
        []
    );
    let other = json!({"type": "DnsQuery", "host": "edi"});
    assert_eq!(find(&config, &[variables.clone(), other], Kind::ExcludedVariable), []);
    let included = target(json!({"env": {"include": "A"}}));
    let found = find(&included, &[variables, lookup], Kind::ExcludedVariable);
    assert_eq!(
        found[0].change,
        json!({"feature": {"env": {"include": ["A", "DB_URL"]}}})
    );
}

#[test]
fn the_aws_directory_appears_where_it_is_mapped_away() {
    let config = target(json!({}));
    let events = [open("/home/ada/.aws/credentials", "ok")];
    let found = find(&config, &events, Kind::AwsMapped);
    assert_eq!(found[0].change, json!({"feature": {"magic": {"aws": false}}}));
    assert_eq!((found[0].evidence.times, found[0].effect.changed), (1, 1));
    assert_eq!(
        find(&target(json!({"magic": {"aws": false}})), &events, Kind::AwsMapped),
        []
    );
    assert_eq!(find(&config, &[open("/home/ada/.awsome", "ok")], Kind::AwsMapped), []);
}

#[test]
fn a_recorded_decision_goes_before_that_of_the_config_here() {
    let config = target(json!({"network": {"outgoing": {"filter": {"remote": ["db:5432", "10.1.1.1:80"]}}}}));
    let mut event = connect("10.0.0.9", 5432, "connected");
    event["routing"] = json!("remote");
    event["rule"] = json!("feature.network.outgoing.filter.remote[0]");
    let found = of_run(&config, &times(&event, 4), EXEC).items;
    assert!(
        found.iter().all(|own| own.kind != Kind::UncoveredDestination),
        "{found:?}"
    );
}

#[test]
fn suggestions_are_bounded_and_the_rest_is_counted() {
    let config = target(json!({"network": {"outgoing": {"filter": {"remote": ["10.0.0.1:80"]}}}}));
    let events: Vec<Value> = (1..=40)
        .map(|last| connect(&format!("10.9.0.{last}"), 80, "failed"))
        .collect();
    let all = of_run(&config, &events, EXEC);
    assert_eq!((all.items.len(), all.omitted), (MAX_OF_A_KIND, 37));
    assert_eq!((all.events, all.seq, all.reason), (40, 40, None));
}

#[test]
fn a_config_with_errors_has_a_reason_and_a_quiet_run_has_no_suggestions() {
    let all = of_run(&json!({"feature": {"fs": {"nope": 1}}}), &[open("/a", "ok")], EXEC);
    assert_eq!(all.reason.as_deref(), Some("invalid_config"));
    assert_eq!(of_run(&target(json!({})), &[], EXEC), Suggestions::default());
}

#[test]
fn the_config_that_a_released_mirrord_reports_is_read() {
    // `config` of `/info` of 3.250.
    let reported = json!({"container":{"host_gateway_detection":false},"external_proxy":{"log_destination":"/tmp/x.log"},
        "feature":{"env":{"include":"","override":{}},"fs":{"read_only":["/etc/.*","/usr/share/.*"]},"network":{"incoming":{"mode":"off"}}},
        "internal_proxy":{"idle_timeout":20,"log_destination":"/home/dev/intproxy.log"},"key":{"Generated":"8c057"},
        "kube_context":"none","operator":false,"target":{"namespace":"default"},"telemetry":false});
    let config = change::as_file(reported);
    assert_eq!(config["key"], "8c057");
    let sight = Sight {
        has_local: false,
        ..EXEC
    };
    assert_eq!(of_run(&config, &[open("/etc/hostname", "ok")], sight).reason, None);
}

#[test]
fn the_two_events_of_a_rename_are_one_operation_that_is_decided_anew() {
    let config = target(json!({"fs": {"mode": "read", "local": ["^/never"]}}));
    let renamed = |path: &str, pid: u32| json!({"type": "FileOp", "operation": "rename", "path": path, "pid": pid});
    let mut comparer = Comparer::new(&config.to_string(), Value::Null);
    for (index, mut event) in [
        renamed("/data/a", 7),
        renamed("/data/b", 7),
        renamed("/data/c", 7),
        renamed("/data/d", 8),
    ]
    .into_iter()
    .chain([open("/data/e", "ok")])
    .enumerate()
    {
        event["seq"] = json!(index + 1);
        comparer.add(event.to_string().as_bytes());
    }
    let changed = target(json!({"fs": {"mode": "read", "not_found": ["^/data/b"]}}));
    let own = effect(&mut comparer, &changed).unwrap();
    // Two events of one rename, and the file; a path without its partner is no operation.
    assert_eq!((own.changed, own.before["remote"], own.after["not_found"]), (2, 3, 2));
}
