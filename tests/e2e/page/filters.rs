//! The log's filters: like one event, by process, by routing; and what is left is saved.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::Routing;

use super::row;

#[tokio::test(flavor = "multi_thread")]
async fn events_like_one_are_shown_alone_or_hidden_and_what_is_left_is_saved() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "view-like");
    host.file("=cmd()", "open", Routing::Local, None);
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='view-like']").await;
    tab.becomes(&row("=cmd()")).await;
    let select = |text: &str| {
        format!(
            "[data-testid='log-row'][data-seq='{}']",
            if text == "config" { 5 } else { 7 }
        )
    };
    tab.click(&select("config")).await;
    tab.click("[data-testid='hide-like']").await;
    tab.becomes(&format!("!{} && {}", row("config.yaml"), row("feature.json")))
        .await;
    tab.click(&select("feature")).await;
    tab.click("[data-testid='only-like']").await;
    tab.becomes(&format!("!{} && {}", row("=cmd()"), row("feature.json")))
        .await;
    assert!(
        tab.value::<bool>(
            "location.hash.includes('not=/etc/app/config.yaml') && location.hash.includes('is=/etc/app/feature.json')"
        )
        .await
    );
    for _ in 0..2 {
        tab.click("[data-testid='term']").await;
    }
    tab.becomes(&row("config.yaml")).await;
    // What is saved is what a link to it holds, before the browser asks where to put it.
    let catch = "(window.saved = [], URL.createObjectURL = (own => blob => (blob.text().then(text => window.saved.push(text)), own(blob)))(URL.createObjectURL.bind(URL)), true)";
    assert!(tab.value::<bool>(catch).await);
    tab.click("[data-testid='export-csv']").await;
    tab.becomes("window.saved.length === 1").await;
    let csv: String = tab.value("window.saved[0]").await;
    assert!(
        csv.starts_with("\"seq\",\"time\",\"type\"") && csv.contains("\"'=cmd() open\""),
        "{csv}"
    );
    tab.click("[data-testid='export-ndjson']").await;
    tab.becomes("window.saved.length === 2").await;
    let lines: String = tab.value("window.saved[1]").await;
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "{lines}"
    );
    assert!(lines.contains("DB_PASSWORD") && !lines.contains("hunter2"), "{lines}");
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_by_a_process_and_by_routing() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "view-choose");
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='view-choose']").await;
    tab.becomes(&row("b.js")).await;
    let choose = |testid: &str, value: &str| {
        format!(
            "(it => (it.value = '{value}', it.dispatchEvent(new Event('change')), true))(document.querySelector('[data-testid=\"{testid}\"]'))"
        )
    };
    tab.becomes("document.querySelector('[data-testid=\"filter-process\"] option[value=\"8\"]')")
        .await;
    tab.value::<bool>(&choose("filter-process", "8")).await;
    tab.becomes(&format!("{} && !{}", row("sh server.js"), row("b.js")))
        .await;
    tab.value::<bool>(&choose("filter-process", "")).await;
    tab.value::<bool>(&choose("filter-routing", "not_found")).await;
    tab.becomes(&format!("{} && !{}", row("feature.json"), row("b.js")))
        .await;
    tab.close().await;
}
