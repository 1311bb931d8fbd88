//! Counts of the views: since a session began, also where its first events are gone.

use mirrord_tests::eventually;
use mirrord_wire::{Routing, SessionSummary};

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn what_began_before_the_oldest_kept_event_is_in_the_views() {
    let page = Scene::service("view-old", "#/").await;
    // More than the server keeps of one session (16 MiB), as fast as it takes it: its first events go.
    let long = "x".repeat(3_000);
    let own = async || page.ui.json::<SessionSummary>("/api/sessions/view-old").await;
    for number in 0.. {
        let before = own().await;
        if before.oldest_seq > 30 {
            break;
        }
        (0..100).for_each(|other| {
            page.session
                .file(&format!("/srv/{number}/{other}/{long}"), "open", Routing::Local, None)
        });
        eventually("the server has the events", async || {
            (own().await.seq >= before.seq + 100).then_some(())
        })
        .await;
    }
    page.at("#/s/ID/processes").await;
    page.lists("processes-table", &["node", "node server.js", "runs"]).await;
    page.lists("processes-table", &["curl", "ran"]).await;
    page.shows("covers", "earlier events are not kept here").await;
    page.shows("tab-processes", "3").await;
    // How often each process did something the session does not count: that often at the least.
    page.becomes(&cells("processes-table", "node", &[(4, "≥")])).await;
    page.click("[data-testid='tab-ports']").await;
    page.lists("ports-table", &["8080", "steal", "nothing has arrived so far"])
        .await;
    page.click("[data-testid='tab-environment']").await;
    page.lists("environment-table", &["DB_PASSWORD", "only the name is known"])
        .await;
    page.shows("tab-environment", "3").await;
    page.close().await;
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
    let page = Scene::service("view-counts", "#/").await;
    let own = async || page.ui.json::<SessionSummary>("/api/sessions/view-counts").await;
    let has = async |seq: u64| {
        eventually("the server has the events", async || {
            (own().await.seq >= seq).then_some(())
        })
        .await;
    };
    has(14).await;
    // Not to be told apart by their times: twelve more look-ups of one name, and paths of which none comes twice.
    for _ in 0..12 {
        page.session.asks("postgres", Routing::Remote);
    }
    let long = "x".repeat(3_000);
    for number in 0.. {
        let before = own().await;
        if before.oldest_seq > 40 {
            break;
        }
        (0..100).for_each(|other| {
            page.session
                .file(&format!("/srv/{number}/{other}/{long}"), "open", Routing::Local, None)
        });
        has(before.seq + 100).await;
    }
    page.at("#/s/ID/network").await;
    // When it was first asked for is not known any more, and where it went neither.
    page.becomes(&cells("network-names", "postgres", &[(3, "13"), (5, "")]))
        .await;
    page.becomes(&cells("network-names", "nowhere", &[(3, "1"), (5, "")]))
        .await;
    page.becomes(&cells("network-destinations", "10.96.14.7:5432", &[(3, "1")]))
        .await;
    page.shows("covers", "Counts since the session began").await;
    page.shows("covers", "earlier events are not kept here").await;
    page.shows("tab-network", "3").await;
    page.session.asks("postgres", Routing::Remote);
    page.becomes(&cells("network-names", "postgres", &[(3, "14"), (4, "→ remote")]))
        .await;
    // More paths than a session counts one by one: each was touched that often at the least.
    page.click("[data-testid='tab-files']").await;
    page.click("[data-testid='files-tree']").await;
    page.type_into("[data-testid='view-files-search']", "config.yaml").await;
    page.becomes(&cells("files-table", "/etc/app/config.yaml", &[(2, "≥ 2"), (3, "…")]))
        .await;
    page.session.file("/etc/app/config.yaml", "read", Routing::Remote, None);
    page.becomes(&cells(
        "files-table",
        "/etc/app/config.yaml",
        &[(2, "≥ 3"), (3, "read 1 · …")],
    ))
    .await;
    page.click("[data-testid='tab-environment']").await;
    page.becomes(&cells("environment-table", "DB_HOST", &[(3, "1"), (5, "")]))
        .await;
    // Where events went is counted by the session, too.
    page.click("[data-testid='tab-stats']").await;
    page.becomes("byTestId('figures').innerText.includes('not found <1 %')")
        .await;
    page.close().await;
}
