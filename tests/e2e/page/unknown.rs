//! The page shows no number and no promise where it cannot know.

use mirrord_tests::browser::Tab;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, SessionInfo};

/// Publishes a session whose host says neither routing nor outcome.
fn plain(ui: &mirrord_tests::home::Home) -> Host {
    let host = Host::start(ui, "unknown-plain", SessionInfo::default());
    host.tell(MonitorEvent::FileOp {
        path: Some("/etc/app/config.yaml".to_owned()),
        operation: "open".into(),
    });
    host.tell(MonitorEvent::OutgoingConnection {
        address: "10.0.0.5".to_owned(),
        port: 5432,
        protocol: Some("tcp".into()),
    });
    host
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_tells_no_outcomes_is_given_none() {
    let (home, ui) = Ui::with_home().await;
    let shell = Program::shell(&home, "unknown-exec").await;
    let _service = service(&home, "unknown-not");
    let _plain = plain(&home);
    let tab = Tab::at(&ui.url()).await;
    for (id, is_told) in [("unknown-not", true), ("unknown-plain", false)] {
        tab.click(&format!("[data-session-id='{id}']")).await;
        for (view, testid) in [("files", "files-not-found"), ("network", "network-failed")] {
            tab.follow(&format!("#/s/{id}/{view}")).await;
            tab.becomes(&format!("byTestId('{testid}')")).await;
            tab.becomes(&format!("byTestId('{testid}').hidden === {}", !is_told))
                .await;
        }
    }
    for (id, says) in [
        ("unknown-not", "No request has arrived yet"),
        ("unknown-exec", "Requests cannot be seen"),
    ] {
        tab.follow(&format!("#/s/{id}/ports")).await;
        tab.shows("view-ports", says).await;
    }
    shell.finish().await;
    tab.shows("view-ports", "Requests cannot be seen").await;
    tab.close().await;
}
