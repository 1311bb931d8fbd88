//! Counts of the views: since a session began, also where its first events are gone.

use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Routing, SessionSummary};

use super::views::{has, open};

#[tokio::test(flavor = "multi_thread")]
async fn what_began_before_the_oldest_kept_event_is_in_the_views() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "view-old");
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    // More than the server keeps of one session (16 MiB), as fast as it takes it: its first events go.
    let long = "x".repeat(3_000);
    let own = async || ui.json::<SessionSummary>("/api/sessions/view-old").await;
    for number in 0.. {
        let before = own().await;
        if before.oldest_seq > 30 {
            break;
        }
        (0..100).for_each(|other| host.file(&format!("/srv/{number}/{other}/{long}"), "open", Routing::Local, None));
        eventually("the server has the events", async || {
            (own().await.seq >= before.seq + 100).then_some(())
        })
        .await;
    }
    open(&ui, &tab, "view-old", "processes").await;
    tab.becomes(&has("processes-table", &["node", "node server.js", "runs"]))
        .await;
    tab.becomes(&has("processes-table", &["curl", "ran"])).await;
    tab.shows("covers", "earlier events are not kept here").await;
    tab.shows("tab-processes", "3").await;
    // How often each process did something the session does not count: that often at the least.
    tab.becomes(&cells("processes-table", "node", &[(4, "≥")])).await;
    tab.click("[data-testid='tab-ports']").await;
    tab.becomes(&has("ports-table", &["8080", "steal", "nothing has arrived so far"]))
        .await;
    tab.click("[data-testid='tab-environment']").await;
    tab.becomes(&has("environment-table", &["DB_PASSWORD", "only the name is known"]))
        .await;
    tab.shows("tab-environment", "3").await;
    tab.close().await;
}

/// Is there a row that begins with this name, and whose cells, by their place from 1 on, begin with these texts?
fn cells(table: &str, name: &str, texts: &[(u8, &str)]) -> String {
    let [name, texts] = [
        serde_json::to_string(name).unwrap(),
        serde_json::to_string(texts).unwrap(),
    ];
    format!(
        "[...document.querySelectorAll('[data-testid=\"{table}\"] tbody tr[data-place]:not([hidden])')].some(row =>
            row.cells[0].innerText.trim() === {name} && {texts}.every(([at, text]) => text ? row.cells[at - 1].textContent.startsWith(text) : !row.cells[at - 1].textContent))"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_those_since_the_session_began_though_its_first_events_are_gone() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "view-counts");
    let own = async || ui.json::<SessionSummary>("/api/sessions/view-counts").await;
    let has = async |seq: u64| {
        eventually("the server has the events", async || {
            ui.send(ui.request(hyper::Method::GET, "/api/sessions/view-counts"))
                .await
                .status()
                .is_success()
                .then_some(())
        })
        .await;
        eventually("the server has the events", async || {
            (own().await.seq >= seq).then_some(())
        })
        .await;
    };
    has(14).await;
    // Not to be told apart by their times: twelve more look-ups of one name, and paths of which none comes twice.
    for _ in 0..12 {
        host.tell_of(
            MonitorEvent::DnsQuery {
                host: "postgres".into(),
            },
            7,
            Routing::Remote,
            None,
        );
    }
    let long = "x".repeat(3_000);
    for number in 0.. {
        let before = own().await;
        if before.oldest_seq > 40 {
            break;
        }
        (0..100).for_each(|other| host.file(&format!("/srv/{number}/{other}/{long}"), "open", Routing::Local, None));
        has(before.seq + 100).await;
    }
    let tab = Tab::open(1440, 900).await;
    open(&ui, &tab, "view-counts", "network").await;
    // When it was first asked for is not known any more, and where it went neither.
    tab.becomes(&cells("network-names", "postgres", &[(3, "13"), (5, "")]))
        .await;
    tab.becomes(&cells("network-names", "nowhere", &[(3, "1"), (5, "")]))
        .await;
    tab.becomes(&cells("network-destinations", "10.96.14.7:5432", &[(4, "1")]))
        .await;
    tab.shows("covers", "Counts since the session began").await;
    tab.shows("covers", "earlier events are not kept here").await;
    tab.shows("tab-network", "3").await;
    host.tell_of(
        MonitorEvent::DnsQuery {
            host: "postgres".into(),
        },
        7,
        Routing::Remote,
        None,
    );
    tab.becomes(&cells("network-names", "postgres", &[(3, "14"), (4, "→ remote")]))
        .await;
    // More paths than a session counts one by one: each was touched that often at the least.
    tab.click("[data-testid='tab-files']").await;
    tab.click("[data-testid='files-tree']").await;
    tab.type_into("[data-testid='view-files-search']", "config.yaml").await;
    tab.becomes(&cells("files-table", "/etc/app/config.yaml", &[(2, "≥ 2"), (3, "…")]))
        .await;
    host.file("/etc/app/config.yaml", "read", Routing::Remote, None);
    tab.becomes(&cells(
        "files-table",
        "/etc/app/config.yaml",
        &[(2, "≥ 3"), (3, "read 1 · …")],
    ))
    .await;
    tab.click("[data-testid='tab-environment']").await;
    tab.becomes(&cells("environment-table", "DB_HOST", &[(3, "1"), (5, "")]))
        .await;
    // Where events went is counted by the session, too.
    tab.click("[data-testid='tab-stats']").await;
    tab.becomes("document.querySelector('[data-testid=\"figures\"]').innerText.includes('not found <1 %')")
        .await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}
