//! `/api/openapi.json`, against a `mirrord ui` that serves real sessions: by Schemathesis, which makes requests of it, and by
//! the answers that those of a test are to have.

use std::process::Output;
use std::time::Duration;

use hyper::Method;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::mirror::Mirror;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use mirrord_wire::{ConnectionUpdate, ListenerUpdate, MonitorEvent, Observation, Outcome, Routing, SessionInfo};
use serde_json::{Value, json};

/// Longer than Schemathesis takes on a busy machine; a run that meets it has failed.
const RUN_TIMEOUT: Duration = Duration::from_secs(240);
/// Requests of a run, at the least: fewer have tested something else.
const MIN_CASES: u64 = 500;

/// Key with characters that a path has only where they are encoded.
const ODD_KEY: &str = "pr 7/ünï";

/// Sessions of every kind, and the server that follows them.
struct Scene {
    home: Home,
    ui: Ui,
    _programs: [Program; 3],
    _host: Host,
    _released: ReleasedHost,
}

impl Scene {
    async fn start() -> Self {
        let home = Home::new();
        let file = home.path().join("run.ndjson.zst");
        let file = file.to_str().unwrap();
        let script = [
            "exec",
            "--record",
            file,
            "--",
            "sh",
            "-c",
            "cat /etc/hostname /nowhere/app.yaml; exit 3",
        ];
        let recorded = home.mirrord(script).env("MIRRORD_SESSION_ID", "run").output();
        within("the recorded run", recorded).await.unwrap();
        let mut live = Program::shell(&home, "live").await;
        live.tell(
            "cat /etc/hostname /nowhere/flags.json; mkdir /tmp/x/y; python3 -c '\
                   import socket; s = socket.create_server((\"127.0.0.1\", 0)); \
                   c = socket.create_connection(s.getsockname()); a = s.accept(); c.send(b\"x\"); a[0].recv(1); \
                   socket.socket().connect_ex((\"127.0.0.1\", 1)); input()' &",
        )
        .await;
        let victim = Program::start(&home, "victim", &["sleep", "1000"]).await;
        let keyed = Program::start_with(&home, "keyed", &["--key", "victims"], &["sleep", "1000"]).await;
        let host = odd_session(&home);
        let info = json!({"session_id": "released", "target": "pod/x", "mirrord_version": "3.200.0", "processes": []});
        let released = ReleasedHost::start(&home, "released", &info);
        let ui = Ui::start_with(
            &home,
            &[
                "--port",
                "0",
                "--no-cluster",
                "--mirror",
                "127.0.0.2:0",
                "--replay",
                file,
                "--replay",
                file,
            ],
        )
        .await;
        released.has_readers(1).await;
        released.tell(&json!({"type": "incoming_request", "method": "GET", "path": "/x", "host": "h"}));
        released.tell(&json!({"type": "env_var", "vars": ["DB_*", "HOME"]}));
        eventually("all of them are known", async || {
            let sessions: Vec<Value> = ui.json("/api/sessions?ended=true").await;
            let known = ["run", "run-replay2", "live", "victim", "keyed", "odd", "released"].map(|id| {
                sessions
                    .iter()
                    .any(|own| own["session_id"] == id && own["seq"].as_u64().unwrap() > 0)
            });
            (known == [true; 7]).then_some(())
        })
        .await;
        Self {
            home,
            ui,
            _programs: [live, victim, keyed],
            _host: host,
            _released: released,
        }
    }

    async fn document(&self) -> Value {
        self.ui.json("/api/openapi.json").await
    }
}

/// A session with events of every type, one of an unknown type and one of an unknown shape.
fn odd_session(home: &Home) -> Host {
    let info = SessionInfo {
        session_id: "odd".to_owned(),
        target: "deployment/odd".to_owned(),
        key: Some(ODD_KEY.to_owned()),
        config: Some(json!({"target": "deployment/odd"})),
        ..SessionInfo::default()
    };
    let host = Host::start(home, "odd", info);
    let unknown = |text: &str| {
        serde_json::from_str::<mirrord_wire::EventLine>(text)
            .unwrap()
            .observation
    };
    host.tell(unknown(
        r#"{"seq":1,"ts":2,"type":"Strange","deep":[{"x":null}],"pid":"seven"}"#,
    ));
    host.tell(unknown(r#"{"seq":1,"ts":2,"type":"FileOp","path":7}"#));
    host.tell(MonitorEvent::EnvVar {
        vars: vec![("KEY".to_owned(), Some("value".to_owned())), ("NAME".to_owned(), None)],
    });
    host.tell(MonitorEvent::FileOp {
        path: None,
        operation: "close".into(),
    });
    host.file("/etc/app.yaml", "open", Routing::Remote, Some("feature.fs"));
    host.asks("db", Routing::Remote);
    host.connects("10.0.0.1", Routing::Local);
    host.tell(MonitorEvent::PortSubscription {
        port: 8080,
        mode: "steal".into(),
        filter: Some("header x".to_owned()),
        address: Some("*".to_owned()),
    });
    host.tell(MonitorEvent::IncomingRequest {
        method: "GET".to_owned(),
        path: "/x".to_owned(),
        host: "h".to_owned(),
    });
    let update = ConnectionUpdate {
        protocol: "tcp".into(),
        local: "10.0.0.2:4000".to_owned(),
        remote: "10.0.0.1:5432".to_owned(),
        state: "established".into(),
        bytes_in: Some(7),
        ..ConnectionUpdate::default()
    };
    host.came(MonitorEvent::ConnectionUpdate(Box::new(update)), 7, Outcome::Connected);
    let listener = ListenerUpdate {
        protocol: "tcp".into(),
        address: "*".to_owned(),
        port: 8080,
        arrivals: Some(2),
        ..ListenerUpdate::default()
    };
    host.tell(Observation::from(MonitorEvent::ListenerUpdate(Box::new(listener))));
    host
}

/// Runs Schemathesis against a server, over the loopback alone.
async fn schemathesis(scene: &Scene) -> Output {
    let python = std::env::var_os("MIRRORD_TEST_SCHEMATHESIS_PYTHON")
        .expect("MIRRORD_TEST_SCHEMATHESIS_PYTHON names a Python with Schemathesis: `cargo xtask setup` makes one");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e");
    let mut command = scene.home.command(python);
    command
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(format!("{folder}/schemathesis.toml"))
        .arg("run")
        .arg(format!("http://{}/api/openapi.json", scene.ui.address))
        .current_dir(scene.home.path())
        .env("PYTHONPATH", folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "schemathesis_hooks")
        .env("MIRRORD_TEST_TOKEN", &scene.ui.token)
        .env("MIRRORD_TEST_SESSIONS", "live,odd,released,run")
        .env("MIRRORD_TEST_KEYS", ODD_KEY)
        .env("NO_PROXY", "*");
    let run = tokio::time::timeout(RUN_TIMEOUT, command.output()).await;
    run.expect("Schemathesis ends in time").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_no_fault_of_a_running_server() {
    let scene = Scene::start().await;
    let output = schemathesis(&scene).await;
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // It was what it was to be, and the sessions of the test went on.
    let cases: u64 = text
        .lines()
        .find_map(|line| line.trim().split_once(" generated")?.0.parse().ok())
        .unwrap_or_default();
    assert!(cases >= MIN_CASES, "{text}");
    for id in ["live", "odd", "released"] {
        let session: Value = scene.ui.json(&format!("/api/sessions/{id}")).await;
        assert_eq!(session["status"], "live", "{session}");
    }
}

/// Holds a value against a schema of the document.
fn conforms(document: &Value, schema: &str, value: &Value) {
    let schemas = &document["components"]["schemas"];
    assert!(schemas[schema].is_object(), "there is no schema {schema}");
    let whole = json!({"$ref": format!("#/components/schemas/{schema}"), "components": {"schemas": schemas}});
    let validator = jsonschema::validator_for(&whole).expect("the schemas are valid");
    let errors: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{schema}: {value}: {errors:?}");
}

/// Returns the schema of an event's own type.
fn schema_of(event: &Value) -> String {
    format!("{}Event", event["type"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_as_the_schema_of_their_type_has_them_and_others_are_any_event() {
    let scene = Scene::start().await;
    let document = scene.document().await;
    let mut seen = std::collections::BTreeSet::new();
    for id in ["live", "odd", "run", "released"] {
        let events: Vec<Value> = scene.ui.json(&format!("/api/sessions/{id}/events")).await;
        for event in &events {
            conforms(&document, "EventLine", event);
            let schema = schema_of(event);
            let is_odd = event["path"] == 7 || document["components"]["schemas"][&schema].is_null();
            conforms(&document, if is_odd { "OtherEvent" } else { &schema }, event);
            seen.insert(if is_odd { "OtherEvent".to_owned() } else { schema });
        }
    }
    let known = document["components"]["schemas"]["EventLine"]["anyOf"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(seen.len(), known, "each type was seen: {seen:?}");
    let protocol = include_str!("../../docs/PROTOCOL.md");
    let samples = protocol.lines().filter(|line| line.starts_with("{\"seq\":"));
    for sample in samples.filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if !document["components"]["schemas"][schema_of(&sample)].is_null() {
            conforms(&document, &schema_of(&sample), &sample);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_of_a_mirror_that_is_on_are_as_they_are_described() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(7).await;
    let document: Value = mirror.ui.json("/api/openapi.json").await;
    conforms(&document, "Me", &phone.json("/api/me").await);
    conforms(&document, "Me", &mirror.ui.json("/api/me").await);
    let status: Value = mirror.ui.json("/api/mirror").await;
    conforms(&document, "MirrorStatus", &status);
    assert_eq!(status["state"], "on", "{status}");
    let devices: Vec<Value> = mirror.ui.json("/api/mirror/devices").await;
    devices.iter().for_each(|device| conforms(&document, "Device", device));
    let entries: Vec<Value> = mirror.ui.json("/api/mirror/audit").await;
    entries
        .iter()
        .for_each(|entry| conforms(&document, "AuditEntry", entry));
    assert!(!devices.is_empty() && !entries.is_empty());
    let pairing: Value = mirror.manage(Method::POST, "/api/mirror/pair", &json!({})).await;
    conforms(&document, "Pairing", &pairing);
    assert_eq!(phone.get("/api/openapi.json").await.status(), 403);
}
