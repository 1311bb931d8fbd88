//! All sessions, arranged: the overview, and several sessions in one log.

use hyper::Method;
use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_wire::mirror::Sidebar;
use mirrord_wire::{ProcessInfo, Routing, SessionInfo};
use serde_json::json;

use super::row;

/// A session of a command that is made up.
fn service(home: &Home, id: &str, command: &str, target: &str, key: Option<&str>) -> Host {
    let info = SessionInfo {
        session_id: id.to_owned(),
        target: target.to_owned(),
        namespace: Some("staging".to_owned()),
        started_at: "2026-11-20T18:00:00Z".to_owned(),
        mirrord_version: "0.1.0".to_owned(),
        key: key.map(str::to_owned),
        processes: vec![ProcessInfo {
            pid: 7,
            process_name: command.to_owned(),
            cmdline: vec![command.to_owned()],
            ..ProcessInfo::default()
        }],
        ..SessionInfo::default()
    };
    Host::start(home, id, info)
}

/// Ids of the overview, from the top on.
pub(crate) const ORDER: &str =
    "[...document.querySelectorAll('[data-testid=\"overview-row\"]')].map(row => row.dataset.row).join()";

pub(crate) fn of(id: &str, what: &str) -> String {
    format!("[data-row='{id}'] {what}")
}

/// A page at the overview of sessions without a target.
async fn overview(ids: &[&str]) -> (Home, Ui, Vec<Host>, Tab) {
    let (home, ui) = Ui::with_home().await;
    let hosts = ids.iter().map(|id| service(&home, id, id, "targetless", None));
    let hosts = hosts.collect();
    let tab = Tab::at(&ui.url()).await;
    (home, ui, hosts, tab)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_groups_sorts_and_finds_sessions_and_keeps_how() {
    let (home, ui) = Ui::with_home().await;
    let orders = service(&home, "ov-b", "orders", "deployment/checkout", Some("blue"));
    let _worker = service(&home, "ov-a", "worker", "deployment/payments", None);
    let tab = Tab::at(&ui.url()).await;
    tab.becomes(&format!("{ORDER}.length === 9")).await;
    tab.fill("sort-by", "name").await;
    tab.becomes(&format!("{ORDER} === 'ov-b,ov-a'")).await;
    tab.fill("group-by", "target").await;
    tab.shows("overview", "deployment/payments").await;
    tab.fill("group-by", "key").await;
    tab.shows("overview", "blue").await;
    tab.shows("overview", "no key").await;
    (0..3).for_each(|_| orders.file("/etc/remote", "open", Routing::Remote, None));
    orders.file("/etc/local", "open", Routing::Local, None);
    tab.shows("overview", "75% remote · 25% local").await;
    // A key that the reader gives holds for the grouping as well.
    tab.click(&of("ov-a", "[data-testid='session-menu-button']")).await;
    tab.type_into("[data-testid='session-key']", "green").await;
    tab.does("byTestId('session-key').blur()").await;
    tab.shows("overview", "green").await;
    tab.goto(&format!("http://{}/", ui.address)).await;
    tab.shows("overview", "green").await;
    tab.becomes("byTestId('sort-by').value === 'name'").await;
    tab.type_into("[data-testid='filter-sessions']", "PAYMENTS").await;
    tab.becomes(&format!("{ORDER} === 'ov-a'")).await;
    tab.close_without_complaints().await;
}

/// The page's own choices, as the server has stored them.
async fn kept(ui: &Ui, what: &str) -> String {
    let sidebar: Sidebar = ui.json("/mirror/sidebar").await;
    let view = sidebar.view.unwrap_or_default();
    view[what].as_str().unwrap_or_default().to_owned()
}

async fn is_kept(ui: &Ui, what: &str, word: &str) {
    let said = format!("the server has {what} {word}");
    mirrord_tests::eventually(&said, async || (kept(ui, what).await == word).then_some(())).await;
}

fn holds(testid: &str, word: &str) -> String {
    format!("byTestId('{testid}')?.value === '{word}'")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_as_the_page_goes_away_reaches_the_server() {
    let (_home, ui, _hosts, tab) = overview(&["ov-1", "ov-2"]).await;
    tab.fill("group-by", "key").await;
    is_kept(&ui, "group", "key").await;
    // The page that comes next does not learn who it is, and tells the server nothing.
    tab.hold("/api/me").await;
    let change = "box.value = 'name', box.dispatchEvent(new Event('change', { bubbles: true }))";
    tab.does(&format!(
        "(box => ({change}, window.isStale = true, location.reload()))(byTestId('sort-by'))"
    ))
    .await;
    is_kept(&ui, "sort", "name").await;
    tab.becomes("!window.isStale && window.heard?.includes('mirror.sidebar.updated')")
        .await;
    tab.becomes(&format!("{} && {}", holds("sort-by", "name"), holds("group-by", "key")))
        .await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_ends_with_its_own_arrangement_however_late_it_learns_who_it_is_and_so_does_the_server() {
    let (_home, ui, _hosts, tab) = overview(&["ov-1", "ov-2"]).await;
    tab.fill("group-by", "key").await;
    is_kept(&ui, "group", "key").await;
    tab.hold("/api/me").await;
    tab.does("window.isStale = true, location.reload()").await;
    tab.becomes("!window.isStale && byTestId('overview')").await;
    // What the server has is another page's by now, and this page is told of it.
    let older = json!({"order": ["ov-2", "ov-1"], "pinned": ["ov-2"], "view": {"group": "namespace", "sort": "own"}});
    let told = mirrord_tests::mirror::manage(&ui, Method::PUT, "/mirror/sidebar", &older).await;
    assert!(told.status().is_success());
    tab.becomes("window.heard.filter(it => it === 'mirror.sidebar.updated').length === 2")
        .await;
    let own = format!(
        "{} && !document.querySelector('.pin:not([hidden])')",
        holds("group-by", "key")
    );
    assert!(tab.is(&own).await, "it is not followed yet");
    assert!(
        tab.is("byTestId('group-by').offsetHeight === 0").await,
        "and nothing is offered"
    );
    tab.release().await;
    tab.becomes("byTestId('group-by').offsetHeight > 0").await;
    is_kept(&ui, "group", "key").await;
    assert!(tab.is(&own).await, "nor at all");
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mirrors_are_told_what_is_changed_while_something_is_searched_for() {
    let (_home, ui, _hosts, tab) = overview(&["ov-1", "ov-2"]).await;
    tab.fill("sort-by", "name").await;
    tab.type_into("[data-testid='filter-sessions']", "ov-2").await;
    tab.becomes(&format!("{ORDER} === 'ov-2'")).await;
    tab.click(&of("ov-2", "[data-testid='session-menu-button']")).await;
    tab.click("[data-testid='menu-pin']").await;
    mirrord_tests::eventually("all sessions are told, the pinned one first", async || {
        let sidebar: Sidebar = ui.json("/mirror/sidebar").await;
        (sidebar.order == ["ov-2", "ov-1"] && sidebar.pinned == ["ov-2"]).then_some(())
    })
    .await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_pinned_and_put_in_order_by_keys_and_by_pointer() {
    let (_home, ui, _hosts, tab) = overview(&["ov-1", "ov-2", "ov-3"]).await;
    tab.fill("sort-by", "name").await;
    tab.becomes(&format!("{ORDER} === 'ov-1,ov-2,ov-3'")).await;
    let press = |id: &str, key: &str| {
        format!(
            "(grip => (grip.focus(), grip.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }}))))(document.querySelector('[data-grip=\"{id}\"]'))"
        )
    };
    tab.is(&press("ov-1", "ArrowDown")).await;
    tab.becomes(&format!("{ORDER} === 'ov-2,ov-1,ov-3'")).await;
    tab.becomes("document.activeElement?.dataset.grip === 'ov-1'").await;
    tab.shows("said", "ov-1: place 2").await;
    let drag = "((grip, target) => {
        const at = element => { const box = element.getBoundingClientRect(); return { clientX: box.x + 5, clientY: box.y + box.height / 2, bubbles: true, cancelable: true } };
        grip.dispatchEvent(new PointerEvent('pointerdown', at(grip)));
        document.dispatchEvent(new PointerEvent('pointermove', at(target)));
        document.dispatchEvent(new PointerEvent('pointerup', at(target)));
        return true;
    })(document.querySelector('[data-grip=\"ov-3\"]'), document.querySelector('[data-row=\"ov-2\"]'))";
    tab.is(drag).await;
    tab.becomes(&format!("{ORDER} === 'ov-3,ov-2,ov-1'")).await;
    tab.click(&of("ov-1", "[data-testid='session-menu-button']")).await;
    tab.click("[data-testid='menu-pin']").await;
    tab.becomes(&format!("{ORDER} === 'ov-1,ov-3,ov-2'")).await;
    // A mirror is told the same.
    mirrord_tests::eventually("the sidebar is told", async || {
        let sidebar: Sidebar = ui.json("/mirror/sidebar").await;
        (sidebar.order == ["ov-1", "ov-3", "ov-2"] && sidebar.pinned == ["ov-1"]).then_some(())
    })
    .await;
    tab.goto(&format!("http://{}/", ui.address)).await;
    tab.becomes(&format!("{ORDER} === 'ov-1,ov-3,ov-2'")).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_ended_after_it_was_said_what_that_ends_and_then_dismissed() {
    let (home, ui) = Ui::with_home().await;
    let _shell = Program::shell(&home, "ov-end").await;
    let tab = Tab::at(&ui.url()).await;
    tab.click(&of("ov-end", "[data-testid='session-menu-button']")).await;
    tab.click("[data-testid='menu-end']").await;
    tab.shows("end-session", "sh").await;
    tab.shows("end-now", "End 1 process").await;
    tab.click("[data-testid='end-now']").await;
    tab.shows("end-outcome", "It has ended.").await;
    tab.click("#end-session .actions .button").await;
    tab.shows("overview", "ended").await;
    tab.click(&of("ov-end", "[data-testid='session-menu-button']")).await;
    tab.becomes("byTestId('menu-end').hidden").await;
    tab.click("[data-testid='menu-dismiss']").await;
    tab.shows("empty-state", "mirrord exec").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_its_end_is_asked_for_is_said_to_have_ended() {
    let (home, ui) = Ui::with_home().await;
    let shell = Program::shell(&home, "ov-over").await;
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-session-id='ov-over']").await;
    tab.click("[data-testid='end']").await;
    tab.shows("end-now", "End 1 process").await;
    shell.finish().await;
    tab.shows("end-outcome", "It has ended.").await;
    tab.becomes("byTestId('end-now').hidden").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_sessions_make_one_log_in_the_order_of_time() {
    let (home, ui) = Ui::with_home().await;
    let one = service(&home, "ov-one", "one", "targetless", None);
    let other = service(&home, "ov-other", "other", "targetless", None);
    one.file("/past/1", "open", Routing::Local, None);
    other.file("/past/2", "open", Routing::Local, None);
    one.file("/past/3", "open", Routing::Local, None);
    let tab = Tab::at(&ui.url()).await;
    tab.click("[data-choose='ov-one']").await;
    tab.click("[data-choose='ov-other']").await;
    tab.shows("chosen", "2 chosen").await;
    tab.click("[data-testid='show-together']").await;
    let rows = "[...document.querySelectorAll('[data-testid=\"log-row\"]')].map(row => row.querySelector('.of').innerText + row.querySelector('.main').innerText).join()";
    tab.becomes(&format!("{rows} === 'one1,other2,one3'")).await;
    other.file("/now/4", "open", Routing::Remote, None);
    tab.becomes(&row("/now/4")).await;
    one.file("/now/5", "open", Routing::Local, None);
    tab.becomes(&format!("{rows} === 'one1,other2,one3,other4,one5'")).await;
    tab.click("[data-testid='legend-session']").await;
    tab.becomes(&format!("{rows} === 'other2,other4'")).await;
    tab.type_into("[data-testid='search']", "now").await;
    tab.becomes(&format!("{rows} === 'other4'")).await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_list_is_the_overview() {
    let (home, ui) = Ui::with_home().await;
    let _hosts = ["ov-1", "ov-2"].map(|id| {
        service(
            &home,
            id,
            &[id, " --with a very long command that goes on"].concat(),
            "deployment/checkout-of-everything",
            None,
        )
    });
    let tab = Tab::open(390, 844).await;
    tab.goto(&ui.url()).await;
    tab.becomes("document.querySelectorAll('[data-testid=\"session-row\"]').length === 2")
        .await;
    tab.fits().await;
    let small = "[...document.querySelectorAll('.sessions button:not([hidden]), .sessions select, .sessions .check-box')].filter(it => it.offsetHeight > 0 && it.offsetHeight < 44).length === 0";
    tab.becomes(small).await;
    tab.click("[data-choose='ov-1']").await;
    tab.click("[data-choose='ov-2']").await;
    tab.click("[data-testid='show-together']").await;
    tab.shows("merged", "2 sessions together").await;
    tab.fits().await;
    tab.close().await;
}
