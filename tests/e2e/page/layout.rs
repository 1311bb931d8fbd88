//! Widths and heights: what a reader came for keeps its room in every window.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;

use super::row;

const NAME_WIDTH: &str =
    "document.querySelector('[data-testid=overview-row] .c-session').getBoundingClientRect().width";

#[tokio::test(flavor = "multi_thread")]
async fn names_and_rows_keep_their_room_and_what_is_selected_is_seen() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "layout").await;
    shell.run("cat /etc/hostname").await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    for width in [768, 900, 1024, 1280, 1440] {
        tab.resize(width, 800).await;
        tab.becomes(&format!("{NAME_WIDTH} >= 200")).await;
    }
    tab.resize(900, 320).await;
    tab.click("[data-session-id='layout']").await;
    tab.becomes(&row("/etc/hostname")).await;
    tab.becomes("document.getElementById('log').clientHeight >= 100 && document.getElementById('log').getBoundingClientRect().bottom <= 320")
        .await;
    tab.emulate("screen", &[("forced-colors", "active")]).await;
    tab.becomes(
        "getComputedStyle(document.querySelector('.session-row[aria-current]')).backgroundColor \
         !== getComputedStyle(document.querySelector('.sessions')).backgroundColor",
    )
    .await;
    shell.finish().await;
    tab.close().await;
}
