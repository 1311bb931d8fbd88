//! Names that a person gives sessions in the page.

use mirrord_tests::browser::{Tab, visible};
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::{ProcessInfo, SessionInfo};
use serde_json::Value;

use super::overview::of;

/// A session of `npm start` in a folder.
fn npm(home: &mirrord_tests::home::Home, id: &str, folder: &str) -> Host {
    let info = SessionInfo {
        session_id: id.to_owned(),
        target: "targetless".to_owned(),
        started_at: "2026-11-20T18:00:00Z".to_owned(),
        mirrord_version: "0.1.0".to_owned(),
        cwd: Some(folder.to_owned()),
        processes: vec![ProcessInfo {
            pid: 7,
            process_name: "npm".to_owned(),
            cmdline: vec!["npm".to_owned(), "start".to_owned()],
            ..ProcessInfo::default()
        }],
        ..SessionInfo::default()
    };
    Host::start(home, id, info)
}

const INPUT: &str = "[data-testid='rename-input']";
const IS_OPEN: &str = "byTestId('rename-session').open";
/// Double click on the second line of a session's row.
fn double_click(selector: &str) -> String {
    format!(
        "document.querySelector(\"{selector}\").dispatchEvent(new MouseEvent('dblclick', {{ bubbles: true, cancelable: true }}))"
    )
}

async fn name(ui: &Ui, id: &str) -> Value {
    let session: Value = ui.json(&format!("/api/sessions/{id}")).await;
    session["name"].clone()
}

/// Types a name into the open dialog, in place of the one that is there, and saves it by Enter.
async fn save(tab: &Tab, name: &str) {
    tab.becomes(IS_OPEN).await;
    tab.becomes("document.activeElement === byTestId('rename-input')").await;
    tab.does("byTestId('rename-input').value = ''").await;
    tab.type_into(INPUT, name).await;
    tab.press("Enter").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_one_command_are_told_apart_by_names_that_stay() {
    let (home, ui) = Ui::with_home().await;
    let _hosts = ["n-a", "n-b"].map(|id| npm(&home, id, "/srv/shop"));
    let tab = Tab::at(&ui.url()).await;
    tab.has(&of("n-a", "")).await;
    tab.does(&double_click(&of("n-a", ".under"))).await;
    save(&tab, " shop, blue ").await;
    tab.becomes(&format!("!{IS_OPEN}")).await;
    tab.text(&of("n-a", ".c-session"), "shop, blue").await;
    assert_eq!(name(&ui, "n-a").await, "shop, blue");
    // The menu, and F2 where the focus is on the row.
    tab.click(&of("n-b", "[data-testid='session-menu-button']")).await;
    tab.click("[data-testid='menu-rename']").await;
    save(&tab, "shop, green").await;
    tab.text(&of("n-b", ".c-session"), "shop, green").await;
    tab.does(&format!("document.querySelector(\"{}\").focus()", of("n-b", "a")))
        .await;
    tab.press("F2").await;
    tab.becomes("byTestId('rename-input').value === 'shop, green'").await;
    tab.press("Escape").await;
    tab.becomes(&format!("!{IS_OPEN}")).await;
    tab.follow("#/s/n-a").await;
    tab.text("[data-testid='session'] h1", "shop, blue").await;
    tab.text("[data-session-id='n-b']", "shop, green").await;
    tab.becomes("document.title.startsWith('shop, blue')").await;
    // The session's own page; and nothing typed takes the name back.
    tab.click("[data-testid='rename']").await;
    tab.becomes("byTestId('rename-input').value === 'shop, blue'").await;
    tab.does("byTestId('rename-input').value = ''").await;
    tab.click("[data-testid='rename-save']").await;
    tab.text("[data-testid='session'] h1", "npm start").await;
    assert_eq!(name(&ui, "n-a").await, Value::Null);
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_refuses_is_said_in_the_dialog_and_what_was_typed_stays() {
    let (home, ui) = Ui::with_home().await;
    let _host = npm(&home, "n-a", "/srv/shop");
    let tab = Tab::at(&format!("{}#/s/n-a", ui.url())).await;
    tab.click("[data-testid='rename']").await;
    tab.becomes(IS_OPEN).await;
    tab.does("byTestId('rename-input').value = 'a\\u202eb'").await;
    tab.click("[data-testid='rename-save']").await;
    tab.shows("rename-reason", "control characters").await;
    tab.becomes(&format!("{IS_OPEN} && byTestId('rename-input').value === 'a\\u202eb'"))
        .await;
    assert!(tab.is(&visible("rename-save")).await);
    tab.close().await;
}
