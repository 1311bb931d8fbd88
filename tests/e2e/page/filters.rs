//! The log's filters: like one event, by process, by routing; and what is left is saved.

use mirrord_tests::eventually;
use mirrord_tests::host::Host;
use mirrord_wire::Routing;
use serde_json::{Value, json};

use super::records::{DROP, hand};
use super::row;
use super::scene::Scene;

/// Returns the first line of a record that was saved, its events and its last line.
async fn exported(page: &Scene<Host>, place: usize) -> (Value, Vec<Value>, Value) {
    let text: String = page.value(&format!("window.saved[{place}]")).await;
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (header, end) = (lines.remove(0), lines.pop().unwrap());
    lines.retain(|line| line["type"] != "Lagged");
    (header, lines, end)
}

/// Waits until a record of the session was read; returns its notes.
async fn opened(page: &Scene<Host>, suffix: &str, events: usize) -> String {
    let path = format!("/api/sessions/{}-{suffix}", page.id);
    eventually("the record was read", async || {
        let session: Value = page.ui.json(&path).await;
        let record = &session["record"];
        let is_read = record["loading"].is_null() && record["events"] == events;
        is_read.then(|| session["notes"].to_string())
    })
    .await
}

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
    let (header, events, end) = exported(&page, 1).await;
    assert_eq!((&header["type"], &header["values"]), (&json!("Record"), &json!(false)));
    assert_eq!(header["session"]["session_id"], page.id);
    let text = json!([header, events, end]).to_string();
    assert!(text.contains("DB_PASSWORD") && !text.contains("hunter2"), "{text}");
    assert_eq!(
        (&end["events"], &end["missed"], end.get("left_out")),
        (&json!(events.len()), &json!(0), None)
    );
    // It is a record of the session, which opens by a drop.
    let whole: String = page.value("window.saved[1]").await;
    page.does(&hand("saved.ndjson", &whole, DROP)).await;
    page.is_at("#/s/ID-replay2").await;
    let notes = opened(&page, "replay2", events.len()).await;
    assert!(!notes.contains("cut") && !notes.contains("filter left out"), "{notes}");
    // So is what a filter passes, and it says so.
    page.at("#/s/ID/events?q=name:config.yaml").await;
    page.becomes(&format!("{} && !{}", row("config.yaml"), row("feature.json")))
        .await;
    page.click("[data-testid='export-ndjson']").await;
    page.becomes("window.saved.length === 3").await;
    let (_, some, end) = exported(&page, 2).await;
    let left_out = events.len() - some.len();
    assert!(!some.is_empty() && left_out > 0, "{some:?}");
    assert_eq!(
        (&end["events"], &end["left_out"]),
        (&json!(some.len()), &json!(left_out))
    );
    let part: String = page.value("window.saved[2]").await;
    page.does(&hand("some.ndjson", &part, DROP)).await;
    page.is_at("#/s/ID-replay3").await;
    let notes = opened(&page, "replay3", some.len()).await;
    let says = format!("lacks {left_out} events, which a filter left out");
    assert!(!notes.contains("cut") && notes.contains(&says), "{notes}");
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
