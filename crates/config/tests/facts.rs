//! Rules that need more than the config: mounts of the target, arguments, earlier operations, environment variables.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use mirrord_config::{
    Batch, Config, Context, Facts, Operation, OperationFields, Routing, Step, Transport, Variables, decide,
    decide_traced,
};
use serde_json::{Value, json};

/// Answers one operation with a config for `pod/a` and a context.
fn answer(feature: &Value, op: &Value, context: &Value) -> Value {
    let line = json!({"config": {"target": "pod/a", "feature": feature}, "op": op, "context": context});
    serde_json::from_str(&Batch::default().answer(&line.to_string()).unwrap()).unwrap()
}

fn routing(feature: &Value, op: &Value, context: &Value) -> String {
    answer(feature, op, context)["routing"].as_str().unwrap().to_owned()
}

#[test]
fn mounts_of_the_target_are_read_remotely_unless_local_has_them() {
    let op = |kind: &str, path: &str| json!({"kind": kind, "path": path});
    let context = json!({"mounts": [{"path": "/srv/config"}, {"path": "/srv/one.txt", "sub_path": true}]});
    let mode = json!({"fs": "localwithoverrides"});
    for (path, expected) in [
        ("/srv/config", "remote"),
        ("/SRV/config/a/b", "remote"),
        ("/srv/config2", "local"),
        ("/srv/one.txt", "remote"),
        ("/srv/one.txt/x", "local"),
    ] {
        assert_eq!(routing(&mode, &op("file_read", path), &context), expected, "{path}");
    }
    assert_eq!(routing(&mode, &op("file_write", "/srv/config/a"), &context), "local");
    let local = json!({"fs": {"mode": "localwithoverrides", "local": "^/srv/config"}});
    assert_eq!(routing(&local, &op("file_read", "/srv/config/a"), &context), "local");
    let off = json!({"fs": "localwithoverrides", "magic": {"auto_mount": false}});
    assert_eq!(routing(&off, &op("file_read", "/srv/config/a"), &context), "local");
}

#[test]
fn a_mapped_path_names_the_key_that_mapped_it() {
    let feature = json!({"fs": {"mapping": {"^/data/": "/srv/"}}});
    let context = json!({"home": "/home/ada"});
    let op = |path: &str| json!({"kind": "file_read", "path": path});
    for (path, mapped, by) in [
        ("/data/a", json!("/srv/a"), json!("feature.fs.mapping")),
        (
            "/home/ada/.aws/config",
            json!("/tmp/.aws/config"),
            json!("feature.magic.aws"),
        ),
        ("/opt/a", Value::Null, Value::Null),
    ] {
        let answer = answer(&feature, &op(path), &context);
        assert_eq!((&answer["path"], &answer["mapped_by"]), (&mapped, &by), "{path}");
    }
}

#[test]
fn every_entry_before_the_one_that_decides_says_why_it_does_not() {
    let config = json!({"target": "pod/a", "feature": {
        "fs": {"read_only": ["^/x", "^/y"]},
        "network": {"outgoing": {"filter": {"remote": ["10.0.0.0/8:80", "tcp://11.0.0.0/8", "12.0.0.0/8"]}}}
    }});
    let config = Config::from_json(&config.to_string(), &Variables::new()).unwrap();
    let passed = |kind: &str, argument: &str| -> Vec<String> {
        let operation = OperationFields::from_words(kind, &[argument.to_owned()]).unwrap();
        let mut trace: Vec<Step> = Vec::new();
        let context = Context::new(Facts::default());
        decide_traced(&config, &context, &operation.operation().unwrap(), &mut trace);
        trace
            .into_iter()
            .map(|step| format!("{}: {}", step.rule, step.why))
            .collect()
    };
    let read = passed("file_read", "/y/1");
    assert!(
        read.contains(&"feature.fs.read_only[0]: its pattern is not found in /y/1".to_owned()),
        "{read:?}"
    );
    let filter = "feature.network.outgoing.filter.remote";
    assert_eq!(
        passed("connect_udp", "10.0.0.1:81")[1..],
        [
            format!("{filter}[0]: it is for the port 80, not 81"),
            format!("{filter}[1]: it is for TCP alone"),
            format!("{filter}[2]: it does not have 10.0.0.1"),
        ]
    );
    let error = OperationFields::from_words("listen", &["99999".to_owned()])
        .unwrap()
        .operation();
    assert!(error.unwrap_err().to_string().contains("the highest is 65535"));
}

#[test]
fn a_process_of_next_keeps_its_own_connections() {
    let op = json!({"kind": "connect_tcp", "address": "127.0.0.1:3001"});
    for (argument, expected) in [
        ("next", "local"),
        ("/app/node_modules/.bin/next", "local"),
        ("/app/node_modules/next/dist/bin/next", "local"),
        ("nextcloud", "remote"),
    ] {
        let context = json!({"args": ["node", argument]});
        assert_eq!(routing(&json!({}), &op, &context), expected, "{argument}");
    }
    let off = json!({"magic": {"turbo": false}});
    assert_eq!(routing(&off, &op, &json!({"args": ["next"]})), "remote");
}

#[test]
fn a_program_reaches_its_own_listener_where_it_is_really_bound() {
    let feature =
        json!({"network": {"incoming": {"mode": "steal", "listen_ports": [[80, 4480]], "ignore_ports": [81]}}});
    let before = json!([{"kind": "listen", "address": "0.0.0.0:80"}, {"kind": "listen", "address": "0.0.0.0:81"}]);
    let connect = |kind: &str, address: &str| {
        let op = json!({"kind": kind, "address": address});
        answer(&feature, &op, &json!({"before": before}))
    };
    assert_eq!(connect("connect_tcp", "127.0.0.1:80")["connects_to"], "0.0.0.0:4480");
    assert_eq!(
        connect("connect_tcp", "127.0.0.1:81")["routing"],
        "remote",
        "it is not subscribed"
    );
    assert_eq!(
        connect("connect_udp", "127.0.0.1:80")["routing"],
        "remote",
        "another protocol"
    );
    assert_eq!(
        connect("connect_tcp", "10.0.0.1:80")["routing"],
        "remote",
        "another machine"
    );
}

#[test]
fn an_address_that_the_filter_looked_up_is_known_later() {
    let feature = json!({"network": {"outgoing": {"filter": {"remote": ["db:5432"]}}}});
    let context = |before: Value| json!({"remote_dns": {"db": ["10.96.0.10"]}, "local_hosts": {"db": ["192.0.2.1"]}, "before": before});
    let op = json!({"kind": "connect_tcp", "address": "10.96.0.10:80"});
    let later = answer(
        &feature,
        &op,
        &context(json!([{"kind": "connect_tcp", "address": "10.96.0.10:5432"}])),
    );
    assert_eq!(later["connects_to"], "192.0.2.1:80");
    assert_eq!(
        answer(&feature, &op, &context(json!([])))["connects_to"],
        "10.96.0.10:80"
    );
}

#[test]
fn a_variable_goes_before_the_file_and_a_wrong_one_is_an_error() {
    let op = json!({"kind": "listen", "address": "0.0.0.0:80"});
    let with = |name: &str, value: &str| json!({"mirrord_env": {name: value}});
    let feature =
        json!({"network": {"incoming": {"mode": "steal", "http_filter": {"header_filter": "x", "ports": [80]}}}});
    assert_eq!(answer(&feature, &op, &json!({}))["filter"], "header_filter: x");
    let other = answer(&feature, &op, &with("MIRRORD_HTTP_FILTER_PORTS", "81;82"));
    assert!(other["filter"].is_null() && other["mode"] == "steal", "{other}");
    let line = json!({"config": {}, "op": {"kind": "verify"}, "context": with("MIRRORD_TCP_OUTGOING", "yes")});
    let verified = Batch::default().answer(&line.to_string()).unwrap();
    assert!(verified.contains("MIRRORD_TCP_OUTGOING is `yes`"), "{verified}");
}

#[test]
fn a_variable_of_the_target_that_is_not_known_is_left_open() {
    let op = json!({"kind": "env", "name": "DB_HOST"});
    let open = answer(&json!({}), &op, &json!({"local_env": {}}));
    assert_eq!(
        (&open["routing"], &open["on"][0]),
        (&"depends".into(), &"remote_env: DB_HOST".into())
    );
    let set = answer(&json!({"env": {"override": {"DB_HOST": "a"}}}), &op, &json!({}));
    assert_eq!((&set["routing"], &set["value"]), (&"override".into(), &"a".into()));
    let file = json!({"env": {"env_file": ".env", "mapping": {"HOST$": "b"}}});
    assert_eq!(answer(&file, &op, &json!({}))["on"][0], "env_file: .env");
    let known = answer(&file, &op, &json!({"env_file": {"DB_HOST": "x"}}));
    assert_eq!((&known["routing"], &known["value"]), (&"changed".into(), &"b".into()));
    let nowhere = answer(
        &json!({}),
        &json!({"kind": "env", "name": "aws_profile"}),
        &json!({"remote_env": {}, "local_env": {}}),
    );
    assert_eq!(nowhere["routing"], "absent");
}

#[test]
fn a_child_of_a_next_process_keeps_its_connections_as_well() {
    let mut parent = Facts::default();
    parent.args = ["node", "/srv/node_modules/next/dist/bin/next", "dev"]
        .map(str::to_owned)
        .into();
    let child = parent.of_child(&["sh".to_owned(), "-c".to_owned()]);
    let grandchild = child.of_child(&["node".to_owned()]);
    assert_eq!(grandchild.argv0.as_deref(), Some("node"));
    assert_eq!(grandchild.args.len(), 2, "one word is enough");
    let config = Config::from_json(r#"{"target":"pod/a"}"#, &Variables::new()).unwrap();
    let address = "127.0.0.1:5432".parse().unwrap();
    let transport = Transport::Tcp;
    let connect = Operation::Connect { transport, address };
    for (facts, expected) in [(grandchild, Routing::Local), (Facts::default(), Routing::Remote)] {
        assert_eq!(decide(&config, &Context::new(facts), &connect).routing, expected);
    }
}

#[test]
fn a_target_by_labels_is_a_target_and_needs_the_operator() {
    let config = |operator: bool| {
        let json = json!({"target": {"path": {"labels": {"app": "a"}}}, "operator": operator});
        Config::from_json(&json.to_string(), &Variables::new())
    };
    let own = config(true).unwrap();
    assert_eq!(own.target.as_deref(), Some("label/app=a"));
    let mode = own.values().iter().find(|value| value.path == "feature.fs.mode");
    assert_eq!(mode.unwrap().value, "read", "without a target it is another");
    assert!(config(false).is_err());
}
