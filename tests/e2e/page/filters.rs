//! The log's filters: like one event, by process, by routing; and what is left is saved.

use mirrord_wire::Routing;

use super::row;
use super::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn events_like_one_are_shown_alone_or_hidden_and_what_is_left_is_saved() {
    let page = Scene::service("view-like", "#/s/ID/events").await;
    page.session.file("=cmd()", "open", Routing::Local, None);
    page.becomes(&row("=cmd()")).await;
    let select = |text: &str| {
        format!(
            "[data-testid='log-row'][data-seq='{}']",
            if text == "config" { 5 } else { 7 }
        )
    };
    page.click(&select("config")).await;
    page.click("[data-testid='hide-like']").await;
    page.becomes(&format!("!{} && {}", row("config.yaml"), row("feature.json")))
        .await;
    page.click(&select("feature")).await;
    page.click("[data-testid='only-like']").await;
    page.becomes(&format!("!{} && {}", row("=cmd()"), row("feature.json")))
        .await;
    assert!(
        page.is("byTestId('search').value === '-name:=\"/etc/app/config.yaml\" name:=\"/etc/app/feature.json\"'")
            .await
    );
    for _ in 0..2 {
        page.does("history.back()").await;
    }
    page.becomes(&row("config.yaml")).await;
    // What is saved is what a link to it holds, before the browser asks where to put it.
    let catch = "(window.saved = [], URL.createObjectURL = (own => blob => (blob.text().then(text => window.saved.push(text)), own(blob)))(URL.createObjectURL.bind(URL)), true)";
    assert!(page.is(catch).await);
    page.click("[data-testid='export-csv']").await;
    page.becomes("window.saved.length === 1").await;
    let csv: String = page.value("window.saved[0]").await;
    assert!(
        csv.starts_with("\"seq\",\"time\",\"type\"") && csv.contains("\"'=cmd() open\""),
        "{csv}"
    );
    page.click("[data-testid='export-ndjson']").await;
    page.becomes("window.saved.length === 2").await;
    let lines: String = page.value("window.saved[1]").await;
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "{lines}"
    );
    assert!(lines.contains("DB_PASSWORD") && !lines.contains("hunter2"), "{lines}");
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_by_a_process_and_by_routing() {
    let page = Scene::service("view-choose", "#/s/ID/events").await;
    page.becomes(&row("b.js")).await;
    page.becomes("document.querySelector('[data-testid=\"filter-process\"] option[value=\"8\"]')")
        .await;
    page.fill("filter-process", "8").await;
    page.becomes(&format!("{} && !{}", row("sh server.js"), row("b.js")))
        .await;
    page.fill("filter-process", "").await;
    page.fill("filter-routing", "not_found").await;
    page.becomes(&format!("{} && !{}", row("feature.json"), row("b.js")))
        .await;
    page.close().await;
}
