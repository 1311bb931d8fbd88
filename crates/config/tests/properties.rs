//! Laws that hold for every config: no panic, stable decisions, and the order of the lists.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use mirrord_config::{
    Batch, Config, Context, Decision, Facts, Inputs, Operation, OperationFields, Routing, Variables, decide, kinds,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn facts() -> Facts {
    serde_json::from_value(json!({
        "home": "/home/dev", "cwd": "/home/dev/shop", "exe": "/opt/app/bin/server", "tmpdir": "/tmp",
        "remote_dns": {"db": ["10.0.0.5"]}, "local_hosts": {"localhost": ["127.0.0.1"]},
    }))
    .unwrap()
}

fn config(json: &Value) -> Config {
    Config::from_json(&json.to_string(), &Variables::new()).unwrap()
}

fn decided(config: &Config, kind: &str, words: &[&str]) -> Decision {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let operation = OperationFields::from_words(kind, &words).unwrap().operation().unwrap();
    decide(config, &Context::new(facts()), &operation)
}

/// Pattern that is often found, often not, and sometimes none.
fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z/.]{0,6}",
        Just("^/app".to_owned()),
        Just("^/etc/".to_owned()),
        Just("\\.ya?ml$".to_owned()),
        Just(".*".to_owned()),
        "[(\\[a*+?|$^\\\\]{1,4}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        "/(app|etc|home/dev|tmp|srv)/[a-z.]{0,8}",
        "[a-z./]{0,10}",
        "/\\PC{0,12}",
        Just("/home/dev/.aws/config".to_owned()),
    ]
}

fn fs() -> impl Strategy<Value = Value> {
    let list = || prop::collection::vec(pattern(), 0..4);
    let mode = prop_oneof![Just("read"), Just("write"), Just("local"), Just("localwithoverrides")];
    (mode, list(), list(), list(), list()).prop_map(|(mode, not_found, read_write, read_only, local)| {
        json!({"mode": mode, "not_found": not_found, "read_write": read_write, "read_only": read_only, "local": local})
    })
}

/// Any JSON under keys that mirrord.json has.
fn odd_value() -> impl Strategy<Value = Value> {
    let keys = prop_oneof![
        Just("feature"),
        Just("fs"),
        Just("network"),
        Just("outgoing"),
        Just("incoming"),
        Just("dns"),
        Just("filter"),
        Just("local"),
        Just("remote"),
        Just("target"),
        Just("path"),
        Just("ports"),
        Just("port_mapping"),
        Just("env"),
        Just("mapping"),
        Just("http_filter"),
        Just("any_of"),
        Just("x"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        prop_oneof![
            Just("read"),
            Just("steal"),
            Just("pod/a"),
            Just("targetless"),
            Just("tcp://:53")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 32, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(keys.clone().prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn every_operation(path: &str) -> Vec<Operation> {
    let words = |usage: &str| -> Vec<String> {
        match usage {
            "OLD NEW" => vec![path.to_owned(), "/app/b".to_owned()],
            "ADDRESS:PORT" => vec!["10.0.0.5:5432".to_owned()],
            "PORT or ADDRESS:PORT" => vec!["127.0.0.1:8080".to_owned()],
            "[PATH]" => Vec::new(),
            _ => vec![path.to_owned()],
        }
    };
    kinds()
        .map(|(kind, usage)| {
            OperationFields::from_words(kind, &words(usage))
                .unwrap()
                .operation()
                .unwrap()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_a_config_or_an_error_and_never_a_panic(value in odd_value(), path in path()) {
        if let Ok(config) = Config::from_json(&value.to_string(), &Variables::new()) {
            let context = Context::new(facts());
            for operation in every_operation(&path) {
                prop_assert_eq!(decide(&config, &context, &operation), decide(&config, &context, &operation));
            }
        }
    }

    #[test]
    fn any_text_is_a_config_or_an_error_and_never_a_panic(text in "\\PC{0,64}", line in "[{}\\[\\]\",:a-z0-9]{0,40}") {
        let _ = Config::from_json(&text, &Variables::new());
        let _ = Config::from_json(&line, &Variables::new());
        let _ = Batch::default().answer(&line);
    }

    #[test]
    fn any_file_is_a_config_or_an_error_and_never_a_panic(
        text in "([{}\\[\\]\"':,&*#%|>=.\\- \n]|feature|fs|local|key|true|get_env\\(name=|default|for i in range\\(9\\)|endfor|\\PC){0,40}",
        extension in "(json|toml|yaml|yml)",
    ) {
        let path = std::path::PathBuf::from(format!("a.{extension}"));
        let _ = Config::from_text(&path, &text, &Inputs::default());
    }

    #[test]
    fn a_config_is_the_same_in_each_format(fs in fs()) {
        let json = json!({"target": "pod/a", "feature": {"fs": fs}});
        let of = |path: &str, text: &str| {
            let config = Config::from_text(std::path::Path::new(path), text, &Inputs::default());
            config.ok().map(|config| decided(&config, "file_read", &["/app/a.yaml"]))
        };
        // JSON is YAML as well; TOML takes its strings.
        let lists = ["not_found", "read_write", "read_only", "local"].map(|list| format!("{list} = {}\n", fs[list]));
        let toml = format!("target = \"pod/a\"\n[feature.fs]\nmode = {}\n{}", fs["mode"], lists.concat());
        let from_json = of("a.json", &json.to_string());
        prop_assert_eq!(&from_json, &of("a.yaml", &json.to_string()));
        prop_assert_eq!(&from_json, &of("a.toml", &toml));
    }

    #[test]
    fn the_lists_decide_in_their_order(fs in fs(), path in "/(app|etc|srv)/[a-z.]{0,8}", is_write in any::<bool>()) {
        let json = json!({"target": "pod/a", "feature": {"fs": fs}});
        let Ok(config) = Config::from_json(&json.to_string(), &Variables::new()) else {
            return Ok(());
        };
        let kind = if is_write { "file_write" } else { "file_read" };
        let decision = decided(&config, kind, &[path.as_str()]);
        let rule = decision.rule.as_ref().unwrap().to_string();
        let mut expected = None;
        let lists = ["not_found", "read_write", "read_only", "local"];
        for list in lists.into_iter().filter(|_| fs["mode"] != "local") {
            let patterns = fs[list].as_array().unwrap();
            let found = patterns.iter().position(|pattern| {
                let pattern = pattern.as_str().unwrap();
                regex::RegexBuilder::new(pattern).case_insensitive(true).build().unwrap().is_match(&path)
            });
            if let Some(index) = found {
                expected = Some(format!("feature.fs.{list}[{index}]"));
                break;
            }
        }
        match expected {
            Some(expected) => prop_assert_eq!(rule, expected),
            None => prop_assert!(rule.starts_with("default.") || rule == "feature.fs.mode", "{}", rule),
        }
        // Nothing is written remotely but by `read_write`, or in the mode `write`.
        if is_write && decision.routing == Routing::Remote {
            let rule = decision.rule.unwrap().to_string();
            prop_assert!(rule.starts_with("feature.fs.read_write") || fs["mode"] == "write");
        }
    }

    #[test]
    fn a_local_and_a_remote_filter_are_opposites(entry in "(10\\.0\\.0\\.0/8|:[1-9][0-9]{0,3}|tcp://|udp://:53|10\\.0\\.0\\.5)", port in 1_u16..6000) {
        let of = |side: &str| {
            let json = json!({"target": "pod/a", "feature": {"network": {"outgoing": {"filter": {side: [entry]}}}}});
            decided(&config(&json), "connect_tcp", &[&format!("10.0.0.5:{port}")]).routing
        };
        prop_assume!(port != 7);
        prop_assert_ne!(of("local"), of("remote"));
    }
}

#[test]
fn a_relative_path_is_never_remote() {
    for mode in ["read", "write", "localwithoverrides"] {
        let json = json!({"target": "pod/a", "feature": {"fs": {"mode": mode, "read_write": ".*"}}});
        for path in ["x", "./x", "../x", ""] {
            assert_eq!(
                decided(&config(&json), "file_read", &[path]).routing,
                Routing::Local,
                "{path}"
            );
        }
    }
}

#[test]
fn facts_that_only_the_cluster_knows_are_not_guessed() {
    let filter = json!({"target": "pod/a", "feature": {"network": {"outgoing": {"filter": {"remote": ["db", ":9"]}}}}});
    let config = config(&filter);
    let operation = |address: &str| {
        let words = [address.to_owned()];
        OperationFields::from_words("connect_tcp", &words)
            .unwrap()
            .operation()
            .unwrap()
    };
    let nothing = Context::new(Facts::default());
    let unknown = decide(&config, &nothing, &operation("10.0.0.5:80"));
    assert_eq!((unknown.routing, unknown.on.len()), (Routing::Depends, 1));
    // Remote in either case: only the rule depends.
    assert_eq!(
        decide(&config, &nothing, &operation("10.0.0.5:9")).routing,
        Routing::Remote
    );
    let known = decide(&config, &Context::new(facts()), &operation("10.0.0.5:80"));
    assert_eq!(known.routing, Routing::Remote);
    let other = decide(&config, &Context::new(facts()), &operation("10.0.0.6:80"));
    assert_eq!(other.routing, Routing::Local);
}

#[test]
fn two_keys_of_a_mapping_that_disagree_leave_it_open() {
    let json = |mapping: Value| json!({"target": "pod/a", "feature": {"fs": {"mapping": mapping}}});
    let disagree = config(&json(json!({"^/a/": "/tmp/", "^/a/b": "/app/b"})));
    assert_eq!(decided(&disagree, "file_read", &["/a/b"]).routing, Routing::Depends);
    let agree = config(&json(json!({"^/a/": "/app/", "^/a/b": "/app/b"})));
    assert_eq!(decided(&agree, "file_read", &["/a/b"]).routing, Routing::Remote);
}

#[test]
fn a_skipped_process_does_everything_locally() {
    let config = config(&json!({"target": "pod/a", "skip_processes": "sh"}));
    let mut facts = facts();
    facts.exe = Some("/bin/sh".to_owned());
    let context = Context::new(facts);
    for operation in every_operation("/app/x") {
        let decision = decide(&config, &context, &operation);
        let is_outside = matches!(operation, Operation::Env { .. } | Operation::Process);
        assert!(is_outside || decision.routing == Routing::Local, "{operation:?}");
    }
}
