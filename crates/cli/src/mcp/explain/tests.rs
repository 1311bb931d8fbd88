//! Explanations of made-up runs.

use mirrord_wire::{EventLine, ProcessInfo};

use super::*;

fn explained(subject: &str, info: &SessionInfo, events: &[Value]) -> Value {
    let mut query = EventQuery::new("", false, 0).unwrap();
    query.learn(info, None);
    let mut reading = Reading::new(Subject::parse(subject).unwrap(), info);
    for (seq, event) in (1..).zip(events) {
        let mut event = event.clone();
        (event["seq"], event["ts"]) = (json!(seq), json!(1_000_000 + seq));
        let text = event.to_string();
        let line: EventLine = serde_json::from_str(&text).unwrap();
        reading.summary.apply_line(&line);
        let shown = query.look_at(&line, &text).unwrap();
        reading.add_event(&shown);
    }
    let run = reading.run.take();
    let suggestions = run.map_or_else(Suggestions::default, |run| {
        let (config, source) = (info.config.clone().unwrap_or_default(), info.config_source.as_ref());
        suggest_for(run, config, source, events.len() as u64, None)
    });
    let state = SessionState::default();
    let explanation = reading.explain(&query, &state);
    let is_about = |filter: &str| explanation.is_about(filter, info, &state);
    json!({
        "text": explanation.text("s", &query),
        "names": explanation
            .about
            .iter()
            .map(|((family, name), tally)| tally.json(family.name(), name, &query))
            .collect::<Vec<_>>(),
        "summary": explanation.of_summary(&is_about),
        "suggestions": of_suggestions(suggestions, &is_about),
        "near": explanation.near,
    })
}

fn info() -> SessionInfo {
    let process = ProcessInfo {
        pid: 7,
        process_name: "node".to_owned(),
        ..ProcessInfo::default()
    };
    SessionInfo {
        processes: vec![process],
        ..SessionInfo::default()
    }
}

fn open(path: &str, outcome: &str) -> Value {
    json!({"type": "FileOp", "path": path, "operation": "open", "pid": 7, "outcome": outcome, "routing": "local", "rule": "feature.fs.mode"})
}

fn connect(address: &str, port: u16, outcome: &str) -> Value {
    json!({"type": "OutgoingConnection", "address": address, "port": port, "protocol": "tcp", "pid": 7, "outcome": outcome})
}

#[test]
fn a_path_has_its_outcomes_its_rule_its_process_and_its_search() {
    let events = [
        open("/etc/app.yaml", "not_found"),
        open("/etc/other", "ok"),
        open("/etc/app.yaml", "not_found"),
        open("/opt/app.yaml", "ok"),
    ];
    let answer = explained("/etc/app.yaml", &info(), &events);
    let own = &answer["names"][0];
    assert_eq!(answer["names"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!((&own["count"], &own["outcomes"]), (&json!(2), &json!({"not_found": 2})));
    assert_eq!(own["operations"], json!({"open": 2}));
    assert_eq!(
        own["routing"],
        json!([{"routing": "local", "rule": "feature.fs.mode", "count": 2}])
    );
    assert_eq!(own["processes"], json!([{"pid": 7, "name": "node", "count": 2}]));
    assert_eq!(
        (&own["first_time"], &own["last_time"]),
        (
            &json!("1970-01-01T00:00:01.000001Z"),
            &json!("1970-01-01T00:00:01.000003Z")
        )
    );
    assert_eq!(answer["near"], json!(["/opt/app.yaml"]));
    let places = &answer["summary"]["searches"][0]["places"];
    assert_eq!(places[1]["path"], "/opt/app.yaml", "the search went on there: {answer}");
    let text = answer["text"].as_str().unwrap();
    let (first, second) = text.split_once('\n').unwrap();
    assert_eq!(first, "2 of the 4 events of the session s are about /etc/app.yaml.");
    assert!(
        second.ends_with("open 2; not_found 2; local by feature.fs.mode 2; node (7) 2"),
        "{text}"
    );
}

#[test]
fn a_host_has_the_connections_that_followed_its_look_up_and_no_others() {
    let events = [
        json!({"type": "DnsQuery", "host": "db", "pid": 7, "routing": "remote"}),
        connect("10.0.0.5", 5432, "failed"),
        json!({"type": "DnsQuery", "host": "cache", "pid": 7}),
        connect("10.0.0.6", 5432, "connected"),
    ];
    let names = |subject: &str| {
        let answer = explained(subject, &info(), &events);
        let names = answer["names"].as_array().unwrap().iter();
        let names = names.map(|own| {
            (
                own["family"].as_str().unwrap().to_owned(),
                own["name"].as_str().unwrap().to_owned(),
            )
        });
        names.collect::<Vec<_>>()
    };
    let pair = |family: &str, name: &str| (family.to_owned(), name.to_owned());
    assert_eq!(
        names("DB"),
        [pair("lookups", "db"), pair("connections", "10.0.0.5:5432")]
    );
    assert_eq!(names("db:5432"), names("db"));
    assert_eq!(names("db:80"), [pair("lookups", "db")]);
    assert_eq!(names("10.0.0.6:5432"), [pair("connections", "10.0.0.6:5432")]);
    assert_eq!(names("nowhere"), []);
    let answer = explained("db", &info(), &events);
    assert_eq!(answer["summary"]["destinations"][0]["failed"], 1, "{answer}");
    assert_eq!(answer["summary"]["hosts"][0]["asked"], 1, "{answer}");
}

#[test]
fn findings_and_suggestions_are_those_about_the_subject_alone() {
    let run: Vec<_> = (0..9).map(|_| open("/etc/shop/flags.yaml", "not_found")).collect();
    let events: Vec<_> = run.iter().cloned().chain([open("/etc/hosts", "ok")]).collect();
    let session = SessionInfo {
        config: Some(json!({"target": "pod/shop", "feature": {}})),
        config_source: Some(mirrord_wire::session::ConfigSource {
            facts: json!({"home": "/home/ada", "cwd": "/home/ada", "tmpdir": "/tmp"}),
            ..Default::default()
        }),
        ..info()
    };
    let about = explained("/etc/shop/flags.yaml", &session, &events);
    let other = explained("/etc/hosts", &session, &events);
    let kinds = |answer: &Value| answer["suggestions"]["items"].as_array().map(Vec::len);
    assert_eq!(about["suggestions"]["items"][0]["kind"], "looks_remote", "{about}");
    assert_eq!(
        (kinds(&other), &other["suggestions"]["others"]),
        (Some(0), &json!(1)),
        "{other}"
    );
}

#[test]
fn a_value_that_is_left_out_makes_no_suggestion() {
    let events = [
        json!({"type": "EnvVar", "vars": [["DB_HOST", "s3cret-db"]], "pid": 7}),
        json!({"type": "DnsQuery", "host": "s3cret-db", "pid": 7, "routing": "remote"}),
    ];
    let session = SessionInfo {
        config: Some(json!({"target": "pod/shop", "feature": {"env": {"exclude": ["DB_*"]}}})),
        config_source: Some(mirrord_wire::session::ConfigSource::default()),
        ..info()
    };
    let answer = explained("s3cret-db", &session, &events);
    assert!(!answer["suggestions"].to_string().contains("DB_HOST"), "{answer}");
}

#[test]
fn what_there_is_too_much_of_is_counted() {
    let mut reading = Reading::new(Subject::parse("x/f").unwrap(), &SessionInfo::default());
    for number in 0..MAX_NAMES + 3 {
        let text = format!(r#"{{"seq":{number},"ts":1,"type":"FileOp","path":"/{number}/x/f","operation":"open"}}"#);
        let line: EventLine = serde_json::from_str(&text).unwrap();
        reading.add_event(&ShownEvent::new(&line, &text, false));
    }
    assert_eq!((reading.about.len(), reading.omitted), (MAX_NAMES, 3));
}

#[test]
fn a_name_whose_events_are_not_kept_any_more_is_known_by_the_sessions_count() {
    let query = EventQuery::new("", false, 0).unwrap();
    let mut state = SessionState::default();
    for _ in 0..4 {
        state.paths.add("/gone");
    }
    let text = |subject: &str| {
        let mut reading = Reading::new(Subject::parse(subject).unwrap(), &SessionInfo::default());
        reading.missed = 9;
        reading.explain(&query, &state).text("s", &query)
    };
    assert_eq!(
        text("/gone"),
        "None of the 0 events of the session s is about /gone; 9 others are not kept any more, and the session has counted 4 of it."
    );
    assert!(text("/never").ends_with("about /never; 9 others are not kept any more."));
}
