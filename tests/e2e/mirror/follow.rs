//! A device's page follows the desktop's: the order, live; each keeps its own filters and place. What a device may
//! not do its page does not offer.

use hyper::Method;
use mirrord_tests::browser::{Tab, visible};
use mirrord_tests::service::service;
use mirrord_wire::Routing;
use serde_json::json;

use super::page::{mirror, pair, paired, phone, side_by_side};
use crate::page::overview::{ORDER, of};

/// The visible ones of these elements.
async fn seen(tab: &Tab, testids: &[&str]) -> Vec<String> {
    let mut seen = Vec::new();
    for testid in testids {
        if tab.is(&visible(testid)).await {
            seen.push((*testid).to_owned());
        }
    }
    seen
}

/// Controls that only the desktop offers.
const ARRANGING: [&str; 5] = ["grip", "group-by", "sort-by", "dismiss-all", "mirror-indicator"];
const MENU: [&str; 6] = [
    "menu-pin",
    "menu-up",
    "menu-down",
    "session-key",
    "menu-end",
    "menu-dismiss",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_device_shows_the_desktops_order_as_it_changes() {
    let (home, mirror) = mirror().await;
    let _hosts = ["fo-1", "fo-2", "fo-3"].map(|id| service(&home, id));
    let (desktop, tablet) = side_by_side(&mirror, 1024).await;
    desktop.fill("sort-by", "name").await;
    let both = async |expression: &str| {
        desktop.becomes(expression).await;
        tablet.becomes(expression).await;
    };
    both(&format!("{ORDER}.length === 14")).await;
    let first: String = desktop.value(ORDER).await;
    tablet.becomes(&format!("{ORDER} === '{first}'")).await;
    let press = "(grip => (grip.focus(), grip.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))))(document.querySelector('[data-grip]'))";
    desktop.does(press).await;
    desktop.becomes(&format!("{ORDER} !== '{first}'")).await;
    let second: String = desktop.value(ORDER).await;
    tablet.becomes(&format!("{ORDER} === '{second}'")).await;
    desktop.click(&of("fo-3", "[data-testid='session-menu-button']")).await;
    desktop.click("[data-testid='menu-pin']").await;
    both(&format!("{ORDER}.startsWith('fo-3')")).await;
    both("document.querySelector('[data-row=\"fo-3\"] .pin').checkVisibility()").await;
    desktop.click(&of("fo-1", "[data-testid='session-menu-button']")).await;
    desktop.type_into("[data-testid='session-key']", "green").await;
    desktop.does("byTestId('session-key').blur()").await;
    desktop.fill("group-by", "key").await;
    both("document.querySelector('.group-row')?.innerText.includes('green')").await;
    // A device that comes late is shown the same.
    let late: String = desktop.value(ORDER).await;
    tablet.does("window.isStale = true, location.reload()").await;
    tablet
        .becomes(&format!("!window.isStale && {ORDER} === '{late}'"))
        .await;
    desktop.follow("#/s/fo-2").await;
    tablet.follow("#/s/fo-1").await;
    tablet
        .becomes("document.querySelector('[data-session-id=\"fo-2\"] .led').checkVisibility()")
        .await;
    assert_eq!(
        tablet.value::<String>("location.hash").await,
        "#/s/fo-1",
        "where it is, is its own"
    );
    tablet.close().await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_learns_late_who_it_is_ends_with_the_desktops_order() {
    let (home, mirror) = mirror().await;
    let _hosts = ["fo-1", "fo-2", "fo-3"].map(|id| service(&home, id));
    for (order, pinned) in [(["fo-2", "fo-3", "fo-1"], "fo-3"), (["fo-3", "fo-1", "fo-2"], "fo-1")] {
        let sidebar = json!({"order": order, "pinned": [pinned], "view": {"group": "none", "sort": "own"}});
        mirror
            .manage::<serde_json::Value>(Method::PUT, "/mirror/sidebar", &sidebar)
            .await;
    }
    let tablet = phone(1024).await;
    tablet.hold("/api/me").await;
    pair(&mirror, &tablet).await;
    tablet.becomes("window.heard.includes('mirror.sidebar.updated')").await;
    assert!(
        !tablet.is("document.querySelector('.pin:not([hidden])')").await,
        "nothing is followed before it is known who this is"
    );
    tablet.release().await;
    tablet.becomes(&format!("{ORDER} === 'fo-1,fo-3,fo-2'")).await;
    tablet.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_offered_what_it_may_do_from_the_moment_on_that_it_may() {
    let (home, mirror) = mirror().await;
    let host = service(&home, "fo-live");
    let over = service(&home, "fo-over");
    let (desktop, tablet) = side_by_side(&mirror, 1024).await;
    drop(over);
    for tab in [&desktop, &tablet] {
        tab.shows("overview", "ended").await;
    }
    desktop.becomes(&visible("mirror-indicator")).await;
    assert_eq!(
        seen(&desktop, &ARRANGING).await,
        ["grip", "group-by", "sort-by", "dismiss-all", "mirror-indicator"]
    );
    assert_eq!(seen(&tablet, &ARRANGING).await, Vec::<String>::new());
    for id in ["fo-live", "fo-over"] {
        tablet.click(&of(id, "[data-testid='session-menu-button']")).await;
        tablet.becomes(&visible("menu-details")).await;
        assert_eq!(seen(&tablet, &MENU).await, Vec::<String>::new(), "{id}");
        assert!(
            !tablet
                .is("document.querySelector('#session-menu').innerText.includes('socket')")
                .await,
            "the path of a socket is of use on its machine alone"
        );
        tablet
            .does("document.getElementById('session-menu').hidePopover()")
            .await;
    }
    tablet.follow("#/s/fo-live").await;
    tablet.becomes(&visible("status")).await;
    assert_eq!(seen(&tablet, &["end"]).await, Vec::<String>::new());
    tablet.follow("#/settings").await;
    tablet.shows("elsewhere", "on the desktop").await;
    tablet.follow("#/s/fo-live").await;
    tablet.becomes(&visible("status")).await;
    tablet.does("window.isSame = true").await;

    let device = mirror.newest_device().await;
    mirror.set_role(&device, "controller").await;
    tablet.becomes(&visible("end")).await;
    tablet.shows("mirror-banner", "may end sessions").await;
    assert!(tablet.is("window.isSame").await, "without a reload");
    tablet.follow("#/").await;
    tablet
        .click(&of("fo-live", "[data-testid='session-menu-button']"))
        .await;
    tablet.becomes(&visible("menu-end")).await;
    assert_eq!(seen(&tablet, &MENU).await, ["menu-end"]);
    assert_eq!(seen(&tablet, &ARRANGING).await, Vec::<String>::new());
    mirror.set_role(&device, "viewer").await;
    tablet.becomes(&format!("!({})", visible("menu-end"))).await;
    tablet.shows("mirror-banner", "viewing only").await;
    assert_eq!(tablet.complaints(), Vec::<String>::new());
    drop(host);
    tablet.close().await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_says_whose_sessions_it_shows() {
    let (_home, mirror) = mirror().await;
    let me: serde_json::Value = mirror.ui.json("/api/me").await;
    let phone = paired(&mirror, 390).await;
    // A machine without a name of use is called by the one that it was reached by.
    let name = me["host"].as_str().unwrap_or(super::page::NAME);
    phone.shows("mirror-banner", name).await;
    phone.becomes(&format!("document.title.startsWith('{name} · ')")).await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_looks_for_how_it_sorts_and_where_it_scrolls_is_its_own() {
    let (home, mirror) = mirror().await;
    let hosts = ["fo-1", "fo-2"].map(|id| service(&home, id));
    for number in 0..400 {
        hosts[0].file(&format!("/srv/{number:03}"), "open", Routing::Local, None);
    }
    let (desktop, tablet) = side_by_side(&mirror, 1024).await;
    tablet.type_into("[data-testid='filter-sessions']", "fo-2").await;
    tablet.becomes(&format!("{ORDER} === 'fo-2'")).await;
    desktop.fill("group-by", "none").await;
    desktop.fill("sort-by", "name").await;
    // The desktop's change has come: there are no groups by status any more.
    tablet
        .becomes("!document.querySelector('.group-row').innerText.includes('Live')")
        .await;
    assert_eq!(tablet.value::<String>(ORDER).await, "fo-2");
    assert_eq!(
        desktop.value::<String>(ORDER).await.len(),
        9,
        "nothing is looked for there"
    );
    for tab in [&desktop, &tablet] {
        tab.follow("#/s/fo-1/files").await;
        tab.becomes("document.querySelector('[data-testid=\"files-table\"] thead th[aria-sort]')")
            .await;
    }
    let sorts =
        "[...document.querySelectorAll('[data-testid=\"files-table\"] thead th')].map(it => it.ariaSort).join()";
    let before: String = desktop.value(sorts).await;
    tablet
        .does("[...document.querySelectorAll('[data-testid=\"files-table\"] thead th:not([aria-sort=ascending], [aria-sort=descending]) button')].pop().click()")
        .await;
    tablet.becomes(&format!("{sorts} !== '{before}'")).await;
    for tab in [&desktop, &tablet] {
        tab.follow("#/s/fo-1").await;
        tab.becomes("document.getElementById('log').scrollTop > 3000").await;
    }
    tablet.does("document.getElementById('log').scrollTop = 1300").await;
    tablet
        .becomes("document.querySelector('[data-testid=\"jump\"]:not([hidden])')")
        .await;
    hosts[0].file("/srv/newest", "open", Routing::Local, None);
    desktop.follow("#/s/fo-1?type=FileOp").await;
    desktop.becomes(&crate::page::row("/srv/newest")).await;
    // It has come to the device as well: 400 paths, the 4 of the service, and this one.
    tablet.shows("tab-files", "405").await;
    let place: i32 = tablet.value("document.getElementById('log').scrollTop").await;
    assert!((1_274..=1_326).contains(&place), "{place}");
    assert_eq!(tablet.value::<String>("location.hash").await, "#/s/fo-1");
    desktop.follow("#/s/fo-1/files").await;
    desktop
        .becomes("document.querySelector('[data-testid=\"files-table\"] thead th[aria-sort]')")
        .await;
    assert_eq!(desktop.value::<String>(sorts).await, before);
    tablet.close().await;
    desktop.close().await;
}
