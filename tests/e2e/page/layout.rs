//! Widths and heights: what a reader came for keeps its room in every window.

use mirrord_tests::browser::Tab;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Routing, SessionInfo};

use super::row;

const NAME_WIDTH: &str =
    "document.querySelector('[data-testid=overview-row] .c-session').getBoundingClientRect().width";

#[tokio::test(flavor = "multi_thread")]
async fn names_and_rows_keep_their_room_and_what_is_selected_is_seen() {
    let (home, ui) = Ui::with_home().await;
    let mut shell = Program::shell(&home, "layout").await;
    shell.run("cat /etc/hostname").await;
    let tab = Tab::at(&ui.url()).await;
    for width in [768, 900, 1024, 1280, 1440] {
        tab.resize(width, 800).await;
        tab.becomes(&format!("{NAME_WIDTH} >= 200")).await;
        tab.becomes("(h1 => h1.scrollWidth <= h1.clientWidth)(document.querySelector('.overview h1'))")
            .await;
    }
    tab.resize(900, 320).await;
    tab.click("[data-session-id='layout']").await;
    tab.becomes(&row("/etc/hostname")).await;
    tab.becomes("document.getElementById('log').clientHeight >= 100 && document.getElementById('log').getBoundingClientRect().bottom <= 320")
        .await;
    // On a phone what can be done stands in one line with the way back, and in the window.
    tab.resize(360, 740).await;
    tab.becomes("byTestId('back').offsetHeight === 44").await;
    tab.becomes(
        "[...document.querySelectorAll('.heading .actions button')].filter(own => own.offsetWidth > 0) \
         .every((own, place, all) => own.offsetTop === all[0].offsetTop && own.getBoundingClientRect().right <= innerWidth)",
    )
    .await;
    tab.resize(900, 320).await;
    tab.emulate("screen", &[("forced-colors", "active")]).await;
    tab.becomes(
        "getComputedStyle(document.querySelector('.session-row[aria-current]')).backgroundColor \
         !== getComputedStyle(document.querySelector('.sessions')).backgroundColor",
    )
    .await;
    shell.finish().await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_events_went_has_its_column_once_one_event_says_it() {
    let (home, ui) = Ui::with_home().await;
    let host = Host::start(&home, "layout-routing", SessionInfo::default());
    host.tell(MonitorEvent::FileOp {
        path: Some("/srv/one".into()),
        operation: "open".into(),
    });
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-session-id='layout-routing']").await;
    tab.becomes(&row("/srv/one")).await;
    tab.becomes("byTestId('filter-routing').hidden").await;
    tab.click("[data-testid='tab-files']").await;
    let column = "document.querySelector('[data-testid=view-files] th.routing').offsetWidth";
    tab.shows("view-files", "/srv/one").await;
    tab.becomes(&format!("{column} === 0")).await;
    host.file("/srv/two", "open", Routing::Remote, None);
    tab.becomes(&format!("{column} > 0")).await;
    tab.shows("view-files", "remote").await;
    tab.close().await;
}

/// The heads of a table's columns, and its numbers, of which something is cut off.
const CUT: &str = "[...document.querySelectorAll('.table thead button, .table .num .cell')].filter(own => own.offsetWidth && own.scrollWidth > own.clientWidth + 1).map(own => own.innerText)";

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_cuts_no_number() {
    let (home, ui) = Ui::with_home().await;
    let host = Host::start(&home, "layout-phone", SessionInfo::default());
    let connection = || MonitorEvent::OutgoingConnection {
        address: "10.0.0.1".into(),
        port: 5432,
        protocol: Some("tcp".into()),
    };
    for _ in 0..2_344 {
        host.tell(connection());
    }
    let tab = Tab::open(360, 740).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='layout-phone']").await;
    tab.click("[data-testid='tab-network']").await;
    tab.shows("view-network", "2,344").await;
    tab.becomes(&format!("{CUT}.length === 0")).await;
    host.tell_of(connection(), 7, Routing::Remote, None);
    tab.shows("view-network", "2,345").await;
    tab.shows("view-network", "remote").await;
    tab.becomes(&format!("{CUT}.length === 0")).await;
    tab.close().await;
}
