//! The Config view: what each rule of the file decided, and "what if", which decides the run's events by an edited text.

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_wire::session::ConfigSource;
use mirrord_wire::{MonitorEvent, Routing, SessionInfo};
use serde_json::json;

use super::row;
use super::scene::Scene;

/// A file with three patterns, and lines for each of its values.
const FILE: &str = "{\n  \"target\": \"deployment/orders\",\n  \"feature\": {\n    \"fs\": {\n      \"mode\": \"read\",\n      \"read_only\": [\"^/etc/app/\"],\n      \"not_found\": [\"^/data/none\"],\n      \"local\": [\"\\\\.db$\"]\n    }\n  }\n}\n";

fn info() -> SessionInfo {
    let lines = [
        ("target", 2),
        ("feature", 3),
        ("feature.fs", 4),
        ("feature.fs.mode", 5),
        ("feature.fs.read_only[0]", 6),
        ("feature.fs.not_found[0]", 7),
        ("feature.fs.local[0]", 8),
    ];
    SessionInfo {
        target: "deployment/orders".into(),
        config_path: Some("/home/dev/orders/mirrord.json".into()),
        config: Some(json!({"target": "deployment/orders", "feature": {"fs": {"mode": "read",
            "read_only": ["^/etc/app/"], "not_found": ["^/data/none"], "local": ["\\.db$"]}}})),
        config_source: Some(ConfigSource {
            text: FILE.into(),
            lines: lines.map(|(path, line)| (path.to_owned(), line)).into(),
            facts: json!({"home": "/home/dev", "cwd": "/home/dev/orders"}),
            variables: vec![],
        }),
        ..SessionInfo::default()
    }
}

/// A run of that file: 3 reads that go to the cluster, 2 that fail, 1 by a default.
fn decided_run(home: &Home, id: &str) -> Host {
    let host = Host::start(home, id, info());
    for _ in 0..3 {
        host.file(
            "/etc/app/app.yaml",
            "open",
            Routing::Remote,
            Some("feature.fs.read_only[0]"),
        );
    }
    for _ in 0..2 {
        host.file("/data/none", "open", Routing::NotFound, Some("feature.fs.not_found[0]"));
    }
    host.file("/usr/lib/a.so", "open", Routing::Local, Some("default.local: .\\.so$"));
    host
}

async fn scene(id: &'static str) -> Scene<Host> {
    Scene::of(id, "#/s/ID/config", async |home| decided_run(home, id)).await
}

async fn opened(id: &'static str) -> Scene<Host> {
    let page = scene(id).await;
    page.has("[data-testid='what-if-open']:not([hidden])").await;
    page.click("[data-testid='what-if-open']").await;
    page.shows("what-if-says", "Events decided anew: 6").await;
    page
}

fn line(text: &str, says: &str) -> String {
    let texts = serde_json::to_string(&[text, says]).unwrap();
    format!(
        "[...document.querySelectorAll('[data-testid=\"config-lines\"] li')].some(line => {texts}.every(text => line.innerText.includes(text)))"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_of_the_file_has_its_hits_beside_it_and_leads_to_their_rows() {
    let page = scene("config-hits").await;
    page.becomes(&line("deployment/orders", "2")).await;
    page.becomes(&line("^/etc/app/", "→ remote 3")).await;
    page.becomes(&line("^/data/none", "not found 2")).await;
    page.becomes(&line(".db$", "never matched")).await;
    page.shows("config-defaults", "default.local").await;
    page.shows("config-defaults", "local 1").await;
    page.click("[data-testid='config-lines'] [data-testid='decided']").await;
    page.becomes(&row("app.yaml")).await;
    assert!(!page.is(&row("/data/none")).await, "the rows of that rule alone");
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_decisions_has_no_rule_that_never_matched() {
    let start = async |home: &Home| {
        let host = Host::start(home, "config-undecided", info());
        host.tell(MonitorEvent::DnsQuery { host: "db".into() });
        host
    };
    let page = Scene::of("config-undecided", "#/s/ID/config", start).await;
    page.becomes(&line(".db$", "8")).await;
    page.becomes("Number(byTestId('tab-events').innerText.replace(/\\D/g, '')) === 1")
        .await;
    assert!(
        !page
            .is("document.querySelector('[data-testid=never]:not([hidden])')")
            .await
    );
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_if_is_loaded_when_it_is_opened_and_shows_errors_at_their_place() {
    let page = scene("what-if-lazy").await;
    let asked = "performance.getEntriesByType('resource').some(own => own.name.includes('/assets/what-if/'))";
    page.has("[data-testid='what-if-open']:not([hidden])").await;
    assert!(!page.is(asked).await, "nothing is loaded before");
    page.click("[data-testid='what-if-open']").await;
    page.shows("what-if-says", "Events decided anew: 6").await;
    assert!(page.is(asked).await);
    page.shows("what-if-same", "Decided as before: 6").await;
    page.fill("what-if-text", &FILE.replace("read_only", "raed_only")).await;
    page.shows("what-if-says", "Errors: 1").await;
    page.shows("what-if-problems", "line 6, column").await;
    page.shows("what-if-problems", "did you mean `read_only`?").await;
    page.text("[data-testid='what-if-lines'] .wrong", "6").await;
    page.click("[data-testid='what-if-problems'] button").await;
    page.becomes("(it => document.activeElement === it && it.value.slice(it.selectionStart).startsWith('\"raed_only'))(byTestId('what-if-text'))")
        .await;
    page.fill("what-if-text", FILE).await;
    page.shows("what-if-same", "Decided as before: 6").await;
    page.becomes("byTestId('what-if-problems').children.length === 0").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_shown_before_and_after_leads_to_its_rows_and_is_taken_along() {
    let page = opened("what-if-change").await;
    let catch = "(window.copied = [], window.saved = [], \
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: text => (window.copied.push(text), Promise.resolve()) } }), \
        (make => URL.createObjectURL = own => (own.text().then(text => window.saved.push(text)), make(own)))(URL.createObjectURL.bind(URL)), true)";
    assert!(page.is(catch).await);
    let edited = FILE.replace("^/data/none", "^/etc/app/");
    page.fill("what-if-text", &edited).await;
    page.lists(
        "what-if-changes",
        &[
            "/etc/app/app.yaml",
            "→ remote",
            "not found",
            "feature.fs.not_found[0]",
            "3",
        ],
    )
    .await;
    page.lists("what-if-changes", &["/data/none", "not found", "2"]).await;
    page.shows("what-if-same", "Decided as before: 1").await;
    page.lists("what-if-routings", &["not found", "2", "3"]).await;
    page.shows("what-if-beside", "not found 3").await;
    page.shows("what-if-beside", "never matched").await;
    page.click("[data-testid='what-if-copy'] button").await;
    page.becomes("window.copied.length === 1").await;
    assert_eq!(page.value::<String>("window.copied[0]").await, edited);
    page.click("[data-testid='what-if-download']").await;
    page.becomes("window.saved.length === 1").await;
    assert_eq!(page.value::<String>("window.saved[0]").await, edited);
    page.click("[data-testid='what-if-changes'] tbody a").await;
    page.becomes(&row("app.yaml")).await;
    assert!(!page.is(&row("/data/none")).await);
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_come_later_are_decided_as_well() {
    let page = opened("what-if-live").await;
    page.session.file(
        "/etc/app/more.yaml",
        "open",
        Routing::Remote,
        Some("feature.fs.read_only[0]"),
    );
    page.shows("what-if-says", "Events decided anew: 7").await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_if_fits_on_a_phone() {
    let page = opened("what-if-phone").await;
    page.resize(390, 844).await;
    page.fill("what-if-text", &FILE.replace("^/data/none", "^/etc/app/"))
        .await;
    page.lists("what-if-changes", &["/etc/app/app.yaml"]).await;
    page.fits().await;
    page.becomes("(view => view.scrollWidth <= view.clientWidth)(byTestId('view-config'))")
        .await;
    page.becomes("getComputedStyle(byTestId('what-if-text')).fontSize === '16px'")
        .await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_real_run_is_shown_as_it_is_and_tried() {
    let start = async |home: &Home| {
        let file = home.path().join("mirrord.json");
        std::fs::write(&file, FILE).expect("a config can be written");
        let flags = ["-f".to_owned(), file.to_string_lossy().into_owned()];
        let mut shell = Program::start_with(home, "config-real", &[&flags[0], &flags[1]], &["sh"]).await;
        shell.run("test -e /etc/app/app.yaml").await;
        shell
    };
    let page = Scene::of("config-real", "#/s/ID/config", start).await;
    page.becomes(&line("deployment/orders", "2")).await;
    page.click("[data-testid='what-if-open']").await;
    page.shows("what-if-says", "Events decided anew").await;
    page.fill("what-if-text", &FILE.replace("^/data/none", "^/etc/app/"))
        .await;
    page.lists("what-if-changes", &["/etc/app/app.yaml", "not found"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_run_of_a_released_session_is_decided_by_an_edited_config_as_well() {
    let start = async |home: &Home| {
        let info = json!({"session_id": "what-if-released", "target": "deployment/orders", "started_at": "2026-11-20T18:00:00Z",
            "mirrord_version": "3.250.0", "is_operator": false, "processes": [], "port_subscriptions": [],
            "config": {"feature": {"fs": {"mode": "local", "read_only": ["^/etc/app/"]}}}});
        ReleasedHost::start(home, "what-if-released", &info)
    };
    let page = Scene::of("what-if-released", "#/s/ID/config", start).await;
    page.session.has_readers(1).await;
    let read = json!({"type": "file_op", "path": "/etc/app/app.yaml", "operation": "open"});
    page.session.tell(&read);
    page.session.tell(&json!({"type": "dns_query", "host": "db"}));
    page.has("[data-testid='what-if-open']:not([hidden])").await;
    page.click("[data-testid='what-if-open']").await;
    page.shows("what-if-says", "Events decided anew: 2").await;
    page.becomes("byTestId('what-if-text').value.includes('^/etc/app/')")
        .await;
    page.close().await;
}
