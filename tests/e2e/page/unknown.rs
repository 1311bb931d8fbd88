//! The page shows no number and no promise where it cannot know.

use mirrord_tests::browser::Tab;
use mirrord_tests::program::Program;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;

async fn is_hidden(tab: &Tab, testid: &str) -> bool {
    tab.value(&format!("byTestId('{testid}').hidden")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_tells_no_outcomes_is_given_none() {
    let (home, ui) = Ui::with_home().await;
    let mut shell = Program::shell(&home, "unknown-exec").await;
    let _host = service(&home, "unknown-not");
    let tab = Tab::at(&ui.url()).await;
    for (id, is_told) in [("unknown-not", true), ("unknown-exec", false)] {
        tab.click(&format!("[data-session-id='{id}']")).await;
        if !is_told {
            shell.run("test -e /nonexistent").await;
        }
        for (view, testid) in [("files", "files-not-found"), ("network", "network-failed")] {
            tab.follow(&format!("#/s/{id}/{view}")).await;
            tab.becomes(&format!("byTestId('{testid}')")).await;
            tab.becomes(&format!("byTestId('{testid}').hidden === {}", !is_told))
                .await;
            assert_eq!(is_hidden(&tab, testid).await, !is_told, "{id} {view}");
        }
        tab.follow(&format!("#/s/{id}/ports")).await;
        let says = if is_told {
            "No request has arrived yet"
        } else {
            "Requests cannot be seen"
        };
        tab.shows("view-ports", says).await;
    }
    shell.finish().await;
    tab.shows("view-ports", "Requests cannot be seen").await;
    tab.close().await;
}
