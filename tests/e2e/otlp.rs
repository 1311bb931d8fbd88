//! OpenTelemetry: what `mirrord ui` and `mirrord record` send arrives at a receiver that is not ours, by either protocol, and an
//! endpoint that is away costs nothing else.

mod rotel;

use std::process::Stdio;

use hyper::{Method, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use mirrord_wire::api::OtlpInfo;
use mirrord_wire::{Exit, MonitorEvent, Outcome, Routing, SessionInfo, SessionSummary};
use tokio::net::TcpListener;

use self::rotel::{Record, Rotel};

const SECRET: &str = "hunter2-is-the-value";
/// Events that [`session`] emits.
const EVENTS: usize = 107;

/// A session with something of everything, with secrets where a program has them, and a hundred look-ups.
fn session(home: &Home) -> Host {
    let host = Host::start(
        home,
        "shop",
        SessionInfo {
            name: Some("shop".to_owned()),
            target: "deployment/checkout".to_owned(),
            namespace: Some("staging".to_owned()),
            key: Some(SECRET.to_owned()),
            ..SessionInfo::default()
        },
    );
    host.tell(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: Some(1),
        process_name: Some("node".to_owned()),
        cmdline: ["node", "server.js", "--password", SECRET].map(str::to_owned).to_vec(),
        cwd: Some("/srv/shop".to_owned()),
    });
    host.tell_of(
        MonitorEvent::EnvVar {
            vars: vec![("DB_PASSWORD".to_owned(), Some(SECRET.to_owned()))],
        },
        7,
        Routing::Remote,
        None,
    );
    host.file("/etc/hosts", "open", Routing::Local, Some("feature.fs.local[0]"));
    let path = Some("/etc/app/config.yaml".to_owned());
    let operation = "open".into();
    host.came(MonitorEvent::FileOp { path, operation }, 7, Outcome::NotFound);
    let address = "10.96.88.2".to_owned();
    let connection = MonitorEvent::OutgoingConnection {
        address,
        port: 5432,
        protocol: Some("tcp".into()),
    };
    host.came(connection, 7, Outcome::Failed);
    for number in 0..100 {
        host.asks(&format!("db-{number}.svc"), Routing::Remote);
    }
    host.tell(MonitorEvent::Unknown {
        kind: "Novelty".to_owned(),
        fields: vec![],
    });
    host.tell(MonitorEvent::LayerDisconnected {
        pid: 7,
        exit: Exit {
            code: None,
            signal: Some("SIGSEGV".into()),
        },
    });
    host
}

fn one<'a>(records: &'a [Record], event: &str) -> &'a Record {
    let mut found = records.iter().filter(|record| record.event == event);
    let first = found.next().unwrap_or_else(|| panic!("no {event} among {records:?}"));
    assert!(found.next().is_none(), "one {event}");
    first
}

/// Checks the records of [`session`], redacted.
fn check_records(records: &[Record]) {
    assert_eq!(records.len(), EVENTS);
    let text = format!("{records:?}");
    assert!(!text.contains(SECRET), "{text}");
    let started = one(records, "mirrord.layer_connected");
    for (name, value) in [
        ("service.name", "Str(shop)"),
        ("service.instance.id", "Str(shop)"),
        ("k8s.deployment.name", "Str(checkout)"),
        ("k8s.namespace.name", "Str(staging)"),
        ("process.pid", "Int(7)"),
        ("process.executable.name", "Str(node)"),
        (
            "process.command_args",
            "Slice(Str(node), Str(server.js), Str(--password), Str(***))",
        ),
        ("process.working_directory", "Str(/srv/shop)"),
        ("team", "Str(payments)"),
    ] {
        assert_eq!(
            started.resource.get(name).map(String::as_str),
            Some(value),
            "{name}: {started:?}"
        );
    }
    let failed = one(records, "mirrord.outgoing_connection");
    assert_eq!(
        (failed.severity.as_str(), failed.body.as_str()),
        ("WARN", "Str(connect 10.96.88.2:5432: failed)")
    );
    for (name, value) in [
        ("network.peer.address", "Str(10.96.88.2)"),
        ("network.peer.port", "Int(5432)"),
        ("network.transport", "Str(tcp)"),
        ("mirrord.outcome", "Str(failed)"),
    ] {
        assert_eq!(
            failed.attributes.get(name).map(String::as_str),
            Some(value),
            "{name}: {failed:?}"
        );
    }
    assert_eq!(failed.resource, started.resource, "it is of that process");
    let variables = one(records, "mirrord.env_var");
    assert_eq!(variables.attributes["mirrord.env.names"], "Slice(Str(DB_PASSWORD))");
    let ended = one(records, "mirrord.layer_disconnected");
    assert_eq!(ended.severity, "ERROR");
    let asked = records.iter().filter(|record| record.event == "mirrord.dns_query");
    assert_eq!(asked.count(), 100);
    let mut numbers: Vec<u64> = records.iter().map(Record::seq).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(1..=EVENTS as u64), "each once: {numbers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sessions_of_mirrord_ui_arrive_at_a_receiver_by_either_protocol() {
    for protocol in ["http/protobuf", "grpc"] {
        let receiver = Rotel::start().await;
        let home = Home::new();
        let mut command = home.mirrord(["ui", "--no-open", "--port", "0", "--otlp-protocol", protocol]);
        command.args(["--otlp-endpoint", &receiver.url(protocol)]);
        command.env("OTEL_RESOURCE_ATTRIBUTES", "team=payments");
        let ui = Ui::spawn(command).await;
        let host = session(&home);
        let info = eventually("every event was sent", async || {
            let info: OtlpInfo = ui.json("/api/otlp").await;
            (info.logs.sent == EVENTS as u64).then_some(info)
        })
        .await;
        assert!(info.enabled && info.redacted && info.last_error.is_none(), "{info:?}");
        assert_eq!((info.protocol.as_deref(), info.logs.dropped), (Some(protocol), 0));
        drop(host);
        eventually("the session is over", async || {
            let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
            sessions.is_empty().then_some(())
        })
        .await;
        // Its last counts go out at the end.
        assert!(ui.interrupt().await.success());
        let output = receiver.finish().await;
        check_records(&output.records);
        assert_eq!(
            output.number("mirrord.events", "mirrord.event.type: Str(DnsQuery)"),
            Some(100)
        );
        assert_eq!(
            output.number("mirrord.outcomes", "mirrord.outcome: Str(failed)"),
            Some(1)
        );
        assert_eq!(output.number("mirrord.processes.running", ""), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_session_arrives_with_a_file_and_without_one() {
    for with_file in [true, false] {
        let receiver = Rotel::start().await;
        let home = Home::new();
        let host = session(&home);
        let file = home.path().join("run.ndjson");
        let mut command = home.mirrord(["record", "shop", "--otlp"]);
        if with_file {
            command.arg("-o").arg(&file);
        }
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url("grpc"));
        command.env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        command.env("OTEL_RESOURCE_ATTRIBUTES", "team=payments");
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        receiver.wait_for(EVENTS).await;
        drop(host);
        let output = within("the end of the recording", child.wait_with_output())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains(&format!("{EVENTS} sent")),
            "{said}"
        );
        check_records(&receiver.finish().await.records);
        assert_eq!(file.exists(), with_file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_away_is_shown_and_slows_nothing_down() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let home = Home::new();
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
    command.args(["--otlp-endpoint", &format!("http://{address}")]);
    command.env("OTEL_EXPORTER_OTLP_HEADERS", format!("authorization={SECRET}"));
    command.stderr(Stdio::piped());
    let mut ui = Ui::spawn(command).await;
    let stderr = ui.child.stderr.take().unwrap();
    let _host = session(&home);
    let info = eventually("it was tried", async || {
        let info: OtlpInfo = ui.json("/api/otlp").await;
        (info.logs.retrying > 0).then_some(info)
    })
    .await;
    assert!(info.last_error.unwrap().text.contains("cannot be reached"));
    let events: Vec<serde_json::Value> = ui.json("/api/sessions/shop/events?since=0").await;
    assert_eq!(events.len(), EVENTS, "the page has them all the same");
    assert!(ui.interrupt().await.success());
    let mut said = String::new();
    let mut stderr = tokio::io::BufReader::new(stderr);
    tokio::io::AsyncReadExt::read_to_string(&mut stderr, &mut said)
        .await
        .unwrap();
    assert_eq!(
        said.matches("error=the endpoint cannot be reached").count(),
        1,
        "once: {said}"
    );
    assert!(
        said.contains("mirrord: 0 sent, ") && said.contains("(shutdown "),
        "{said}"
    );
    assert!(!said.contains(SECRET), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_the_endpoint_takes_nothing_of_says_so() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let home = Home::new();
    let host = session(&home);
    let mut command = home.mirrord(["record", "shop", "--otlp-endpoint", &format!("grpc://{address}")]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = tokio::io::BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("Ctrl-C ends it") {
        let line = tokio::io::AsyncBufReadExt::read_line(&mut stderr, &mut said);
        assert!(within("it is recording", line).await.unwrap() > 0, "{said}");
    }
    drop(host);
    let status = within("the end of the recording", child.wait()).await.unwrap();
    tokio::io::AsyncReadExt::read_to_string(&mut stderr, &mut said)
        .await
        .unwrap();
    assert_eq!(status.code(), Some(15), "{said}");
    assert!(
        said.contains("0 sent") && said.contains("dropped") && said.contains("cannot be reached"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_none_is_refused_with_the_way_out() {
    let home = Home::new();
    for (arguments, variable, words) in [
        (["--otlp-endpoint", "collector:4317"], "", "http://localhost:4318"),
        (
            ["--otlp-endpoint", "http://me:hunter2@collector"],
            "",
            "OTEL_EXPORTER_OTLP_HEADERS",
        ),
        (["--otlp-endpoint", "http://collector/v1/logs"], "", "leave /v1/"),
        (["--otlp-endpoint", "http://127.0.0.1:99999"], "", "from 1 to 65535"),
        (["--otlp-endpoint", "http://127.0.0.1:"], "", "from 1 to 65535"),
        (
            ["--otlp", "--no-open"],
            "hunter2",
            "OTEL_EXPORTER_OTLP_HEADERS: entry 1",
        ),
        (["--otlp-protocol", "grpc"], "", "--otlp-endpoint"),
        (["--otlp-env-values", "--otlp"], "", "--otlp-unredacted"),
    ] {
        let mut command = home.mirrord(
            ["ui", "--no-open", "--port", "0"]
                .iter()
                .filter(|own| !arguments.contains(own)),
        );
        command.args(arguments).env("OTEL_EXPORTER_OTLP_HEADERS", variable);
        let output = within("a refusal", command.output()).await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // A variable is no part of the command line.
        let code = if variable.is_empty() { 2 } else { 1 };
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        let repeats = said.contains("hunter2");
        assert!(!repeats, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_endpoint_nothing_is_sent_and_it_says_so() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
    // It is set for the program's own sake.
    command.env(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        format!("http://{}", listener.local_addr().unwrap()),
    );
    let ui = Ui::spawn(command).await;
    let info: OtlpInfo = ui.json("/api/otlp").await;
    assert_eq!(info, OtlpInfo::default());
    let answer = ui.send(ui.request(Method::POST, "/api/otlp")).await;
    assert!(answer.status() != StatusCode::OK, "{}", answer.status());
}
