//! A panic is no silence: the page says that it has stopped, with its report, and comes back with a reload.

use mirrord_tests::browser::Tab;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;

use super::row;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_panics_says_so_with_a_report_and_comes_back_with_a_reload() {
    let (home, ui) = Ui::with_home().await;
    let _host = service(&home, "panics");
    let tab = Tab::at(&ui.url()).await;
    tab.has("[data-session-id=panics]").await;
    tab.becomes("!document.getElementById('stopped').open").await;
    // A browser that refuses what the view layer takes for granted; reloading undoes it.
    tab.does("Document.prototype.createElement = () => { throw new Error('refused'); }")
        .await;
    tab.does("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        .await;
    tab.click("[data-session-id=panics]").await;
    tab.has("dialog#stopped[open]").await;
    tab.shows("stopped", "panicked at").await;
    tab.click("#stopped [data-act=copy]").await;
    tab.becomes("window.copied?.includes('panicked at') && window.copied.includes(navigator.userAgent)")
        .await;
    tab.press("Escape").await;
    tab.has("dialog#stopped[open]").await;
    let complaints = tab.complaints();
    assert!(
        complaints.iter().any(|said| said.contains("panicked at")),
        "{complaints:?}"
    );
    tab.click("#stopped [data-act=reload]").await;
    tab.becomes(&row("/etc/app/config.yaml")).await;
    tab.becomes("!document.getElementById('stopped').open").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_without_a_panic_is_shown_as_well() {
    let (_home, ui) = Ui::with_home().await;
    let tab = Tab::at(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.does("setTimeout(() => { throw new WebAssembly.RuntimeError('stack overflow'); })")
        .await;
    tab.has("dialog#stopped[open]").await;
    tab.shows("stopped", "stack overflow").await;
    tab.close().await;
}
