//! Suggestions in the Config view: with their rows, their change, and "what if" to try it.

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_wire::session::ConfigSource;
use mirrord_wire::{Routing, SessionInfo};
use serde_json::json;

use super::row;
use super::scene::Scene;

/// A run whose libraries go to the cluster by the mode alone.
fn run(home: &Home, id: &str, variables: &[&str]) -> Host {
    let info = SessionInfo {
        config_path: Some("/home/dev/orders/mirrord.json".into()),
        config: Some(json!({"target": "pod/orders", "feature": {"fs": "read"}})),
        config_source: Some(ConfigSource {
            text: "{\"target\": \"pod/orders\", \"feature\": {\"fs\": \"read\"}}\n".into(),
            lines: vec![("feature.fs".into(), 1)],
            facts: json!({"home": "/home/dev", "cwd": "/home/dev/orders"}),
            variables: variables.iter().map(|name| (*name).to_owned()).collect(),
        }),
        redirects: Some(false),
        ..SessionInfo::default()
    };
    let host = Host::start(home, id, info);
    for number in 0..12 {
        let path = format!("/lib64/extra/{number}.bin");
        host.file(&path, "open", Routing::Remote, Some("feature.fs.mode"));
    }
    host.file("/etc/passwd", "open", Routing::Local, Some("default.local: ^/etc(/|$)"));
    host
}

async fn scene(id: &'static str, variables: &'static [&'static str]) -> Scene<Host> {
    Scene::of(id, "#/s/ID/config", async |home| run(home, id, variables)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_has_its_change_and_effect_and_is_tried() {
    let page = scene("suggested", &[]).await;
    page.shows("nothing-redirected", "Nothing was redirected").await;
    page.shows("suggestions", "would be read in the cluster").await;
    page.shows("suggestion-change", "^/lib(32|64|x32)/").await;
    page.shows("suggestion-effect", "Decided otherwise: 12").await;
    page.shows("suggestion-effect", "1 → 13").await;
    page.click("[data-testid='suggestion-try']").await;
    page.shows("what-if-says", "Events decided anew: 13").await;
    page.shows("what-if-same", "Decided as before: 1").await;
    page.lists("what-if-changes", &["/lib64/extra/", "local"]).await;
    page.becomes("byTestId('what-if-text').value.includes('\"mode\": \"read\"')")
        .await;
    page.fits().await;
    page.resize(360, 800).await;
    page.click("[data-testid='what-if-open']").await;
    page.shows("suggestions", "Try it").await;
    page.fits().await;
    page.becomes("(view => view.scrollWidth <= view.clientWidth)(byTestId('view-config'))")
        .await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suggestion_leads_to_its_rows() {
    let page = scene("suggested-rows", &[]).await;
    page.shows("suggestion-rows", "Operations: 12").await;
    page.click("[data-testid='suggestion-rows']").await;
    page.becomes(&row("/lib64/extra/")).await;
    assert!(!page.is(&row("/etc/passwd")).await, "its rows alone");
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_variables_decide_the_reason_is_there_in_place_of_suggestions() {
    let page = scene("suggested-none", &["MIRRORD_FILE_MODE"]).await;
    page.shows("suggestions", "Environment variables go before the file")
        .await;
    assert!(!page.is("!!byTestId('suggestion')").await);
    page.close().await;
}
