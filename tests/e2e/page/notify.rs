//! Notifications of the browser when a session ends.

use mirrord_tests::browser::Tab;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;

/// Keeps what the browser is asked to show; it shows it all the same.
const WATCH: &str = "(() => { window.told = []; window.Notification = class extends Notification { constructor(title, options) { super(title, options); told.push([title, options.body]); } } })()";

async fn preferences(tab: &Tab) {
    tab.click("[data-testid='preferences-button']").await;
    tab.has("[data-testid='preferences']:popover-open").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_is_told_of_by_its_name_and_exit_once_that_was_asked_for() {
    let (home, ui) = Ui::with_home().await;
    let tab = Tab::open_with_setting(1200, 800, "notifications", 1).await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.does(WATCH).await;
    let quiet = Program::start_with(&home, "quiet", &["--name", "not told"], &["sh"]).await;
    tab.has("[data-row='quiet']").await;
    quiet.finish().await;
    tab.becomes("document.querySelector('[data-row=\"quiet\"]')?.classList.contains('over')")
        .await;
    preferences(&tab).await;
    tab.click("[data-testid='notify']").await;
    tab.becomes("byTestId('notify').checked && localStorage['mirrord.preferences'].includes('notify=on')")
        .await;
    let mut dies = Program::start_with(&home, "dies", &["--name", "shop, api"], &["sh"]).await;
    tab.has("[data-row='dies']").await;
    dies.tell("kill -ABRT $$").await;
    tab.becomes("told.length === 1").await;
    let (title, body): (String, String) = tab.value("told[0]").await;
    assert_eq!(title, "shop, api");
    assert!(body.contains("SIGABRT"), "{body}");
    tab.click("[data-testid='notify']").await;
    tab.becomes("!byTestId('notify').checked && !localStorage['mirrord.preferences'].includes('notify')")
        .await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_browser_blocks_notifications_the_page_says_so_and_has_none() {
    let (_home, ui) = Ui::with_home().await;
    let tab = Tab::open_with_setting(1200, 800, "notifications", 2).await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    preferences(&tab).await;
    tab.shows("notify-why", "blocks notifications").await;
    tab.click("[data-testid='notify']").await;
    tab.becomes("!byTestId('notify').checked").await;
    tab.close_without_complaints().await;
}
