//! The layers of the page's wasm: each is loaded when it is needed and not before, and what goes wrong is made good.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::Routing;

use super::row;

/// The layers above the first that were loaded, by their numbers.
const LOADED: &str = "performance.getEntriesByType('resource').map(entry => /layer-([1-9])/.exec(entry.name)?.[1]).filter(Boolean).sort().join()";

#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_loads_one_layer_and_each_place_what_it_needs_more() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "layer-all");
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.shows("connection-state", "Live").await;
    tab.becomes("document.querySelector('[data-testid=\"overview-row\"]')")
        .await;
    tab.becomes(&format!("{LOADED} === ''")).await;
    tab.click("[data-session-id='layer-all']").await;
    host.file("/etc/layered", "open", Routing::Remote, None);
    tab.becomes(&row("/etc/layered")).await;
    tab.becomes(&format!("{LOADED} === '1'")).await;
    tab.does("location.hash = '#/s/layer-all/files'").await;
    tab.becomes("document.querySelector('main').innerText.includes('layered')")
        .await;
    tab.becomes(&format!("{LOADED} === '1,2'")).await;
    // Nothing was called before its layer was there: the page would have said so.
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_opened_by_hand_is_there_from_the_first_time_on() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "layer-hand");
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.becomes("document.querySelector('[data-testid=\"overview-row\"]')")
        .await;
    tab.press("?").await;
    tab.becomes("document.querySelector('dialog#keys[open]')").await;
    tab.becomes(&format!("{LOADED} === '1,2'")).await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-testid='session-menu-button']").await;
    tab.becomes("document.querySelector('#session-menu:popover-open')")
        .await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_cannot_be_had_is_asked_for_until_it_comes() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "layer-gone");
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.becomes("document.querySelector('[data-session-id=\"layer-gone\"]')")
        .await;
    tab.does(
        "window.asked = 0, window.real = window.fetch, window.fetch = (address, ...more) =>
            !String(address).includes('/layer-') || window.back
                ? real(address, ...more)
                : (window.asked++, Promise.reject(new TypeError('gone')))",
    )
    .await;
    tab.click("[data-session-id='layer-gone']").await;
    tab.becomes("window.asked > 1").await;
    tab.becomes("document.querySelector('[data-testid=\"overview-row\"]')")
        .await;
    tab.does("window.back = true").await;
    host.file("/etc/after-all", "open", Routing::Local, None);
    tab.becomes(&row("/etc/after-all")).await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_for_in_time_is_loaded_as_it_is_called() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = service(&home, "layer-late");
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.becomes("document.querySelector('[data-session-id=\"layer-late\"]')")
        .await;
    // As if the page had forgotten to ask.
    tab.does("layers.load = async () => {}").await;
    tab.click("[data-session-id='layer-late']").await;
    host.file("/etc/all-the-same", "open", Routing::Local, None);
    tab.becomes(&row("/etc/all-the-same")).await;
    let complaints = tab.complaints();
    assert!(
        complaints.iter().any(|said| said.contains("the page waits for")),
        "{complaints:?}"
    );
    tab.close().await;
}
