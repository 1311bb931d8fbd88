//! Accessibility that axe cannot check: the way of the focus and whether it is in sight, what is read out, motion,
//! colours that the system forces, a page at 400 %, wider text, and paper.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType};
use mirrord_tests::browser::Tab;
use mirrord_tests::host::Host;
use mirrord_wire::Routing;

use super::scene::{Scene, VIEWS};

/// A page with a session that has something of everything, at that session's log.
async fn open(id: &'static str, width: u32, height: u32) -> Scene<Host> {
    let page = Scene::service(id, "#/s/ID/events").await;
    page.resize(width, height).await;
    page.has("[data-testid='log-row']").await;
    page
}

/// Goes to a view and waits until it has something in it.
async fn at(page: &Scene<Host>, view: &str) {
    let (link, there) = match view {
        "events" => ("#/s/ID/events".to_owned(), "[data-testid='log-row']".to_owned()),
        _ => (
            format!("#/s/ID/{view}"),
            format!("[data-testid='view-{view}'] :is(table, li)"),
        ),
    };
    page.at(&link).await;
    page.has(&there).await;
}

/// Presses the tabulator, as the browser itself takes it.
async fn tabulator(tab: &Tab, back: bool) {
    for kind in [DispatchKeyEventType::RawKeyDown, DispatchKeyEventType::KeyUp] {
        let key = DispatchKeyEventParams::builder()
            .r#type(kind)
            .key("Tab")
            .code("Tab")
            .windows_virtual_key_code(9)
            .modifiers(if back { 8 } else { 0 });
        tab.page().execute(key.build().unwrap()).await.unwrap();
    }
}

/// The focused element: its name, its part of the page, whether it is in sight, and whether it is marked.
const FOCUS: &str = "new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame)).then(() => {
    const it = document.activeElement;
    if (!it || it === document.body) return [];
    const box = it.getBoundingClientRect(), style = getComputedStyle(it);
    const x = Math.min(innerWidth - 1, Math.max(0, box.left + Math.min(box.width / 2, 200)));
    const y = Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 100)));
    const hit = document.elementFromPoint(x, y);
    const part = it.closest('header.top') ? 0 : it.closest('.side') ? 1 : it.closest('main') ? 2 : 3;
    return [[it.outerHTML.slice(0, 160), part, Boolean(hit) && (it.contains(hit) || hit.contains(it) && hit.tagName === 'LABEL'),
        style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1]];
})";

type Stop = (String, u8, bool, bool);

/// Goes through everything that the tabulator reaches, from the first on until it is there again; behind the last
/// the focus may be the browser's own.
async fn stops(tab: &Tab, back: bool) -> Vec<Stop> {
    tab.does("document.querySelector('.skip').focus()").await;
    let mut stops: Vec<Stop> = tab.value(FOCUS).await;
    for _ in 0..250 {
        tabulator(tab, back).await;
        match tab.value::<Vec<Stop>>(FOCUS).await.pop() {
            None => {}
            Some(stop) if stops.iter().any(|first| first.0.contains("skip") && first.0 == stop.0) => return stops,
            Some(stop) => stops.push(stop),
        }
    }
    panic!("the focus does not leave the page: {:#?}", &stops[stops.len() - 3..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tabulator_goes_through_the_page_in_order_marked_and_in_sight() {
    // Low, so that there is something to scroll under what is sticky.
    let page = open("every-tab", 1440, 560).await;
    for number in 0..60 {
        page.session
            .file(&format!("/srv/{number:02}/data"), "open", Routing::Local, None);
    }
    let mut wrong = Vec::new();
    for view in ["events"].into_iter().chain(VIEWS).chain(["overview"]) {
        if view == "overview" {
            page.follow("#/").await;
            page.has("[data-testid='overview-row']").await;
        } else {
            at(&page, view).await;
        }
        for back in [false, true] {
            let mut stops = stops(&page, back).await;
            if back {
                stops[1..].reverse();
            }
            assert!(stops.len() > 10, "{view}: {stops:#?}");
            let parts: Vec<u8> = stops.iter().map(|stop| stop.1).collect();
            assert!(parts.is_sorted() && parts.contains(&2), "{view}: {stops:#?}");
            wrong.extend(
                stops
                    .into_iter()
                    .filter(|(_, _, seen, marked)| !(*seen && *marked))
                    .map(|(what, _, seen, marked)| {
                        format!("{view}, back: {back}, seen: {seen}, marked: {marked}: {what}")
                    }),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    page.tab.close().await;
}

/// Counts announcements for a screen reader: changes in live regions.
const LISTEN: &str = "(() => {
    window.told = [];
    const live = '[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off])';
    new MutationObserver(changes => {
        const regions = new Set(changes.map(it => (it.target.nodeType === 1 ? it.target : it.target.parentElement)?.closest(live)));
        regions.forEach(region => region && window.told.push(region.textContent.slice(0, 80)));
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
    return true;
})()";

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_events_a_second_are_not_read_out() {
    let page = open("every-flood", 1440, 900).await;
    assert!(page.is(LISTEN).await);
    let (mut beat, mut number) = (tokio::time::interval(Duration::from_millis(10)), 0_u64);
    let mut flood = async |events: u64| {
        for _ in 0..events / 100 {
            beat.tick().await;
            for _ in 0..100 {
                number += 1;
                page.session
                    .file(&format!("/srv/{}/{number}", number % 50), "open", Routing::Local, None);
            }
        }
    };
    flood(30_000).await;
    at(&page, "files").await;
    flood(10_000).await;
    at(&page, "stats").await;
    page.does("byTestId('chart').focus()").await;
    page.shows("chart-says", "events").await;
    flood(30_000).await;
    let told: Vec<String> = page.value("window.told").await;
    // Seven seconds and more of it, and one thing said as the chart got the focus.
    assert!(told.len() <= 2, "{} times: {told:#?}", told.len());
    // And what has to be said is said.
    page.does("byTestId('palette-button').click()").await;
    page.type_into("[data-testid='palette-input']", "net").await;
    page.becomes(&format!("window.told.length > {}", told.len())).await;
    page.tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_for_who_wants_no_motion() {
    let page = open("every-motion", 1440, 900).await;
    let moving = "[...document.querySelectorAll('*')].filter(it => {
        const style = getComputedStyle(it);
        return style.transitionDuration.split(', ').some(time => time !== '0s') || style.animationName !== 'none' || style.scrollBehavior === 'smooth';
    }).length";
    page.emulate("screen", &[("prefers-reduced-motion", "no-preference")])
        .await;
    assert!(page.value::<u32>(moving).await > 0, "the question has an answer");
    page.emulate("screen", &[("prefers-reduced-motion", "reduce")]).await;
    assert_eq!(page.value::<u32>(moving).await, 0);
    page.tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colours_that_the_system_forces_leave_what_is_chosen_to_be_seen() {
    let page = open("every-forced", 1440, 900).await;
    page.click("[data-testid='log-row']").await;
    page.has(".row[aria-selected=true]").await;
    page.emulate("screen", &[("forced-colors", "active")]).await;
    assert!(page.is("matchMedia('(forced-colors: active)').matches").await);
    let colour = |selector: &str, property: &str, pseudo: &str| {
        format!("getComputedStyle(document.querySelector('{selector}'), '{pseudo}').{property}")
    };
    let background = |selector: &str| colour(selector, "backgroundColor", "");
    for (one, other) in [
        (
            background(".row[aria-selected=true]"),
            background(".row[aria-selected=false]"),
        ),
        (background(".session-row[aria-current]"), background(".sessions")),
        (
            colour(".tabs a[aria-current]", "borderBottomColor", ""),
            background(".tabs"),
        ),
        (colour(".row .kind", "backgroundColor", "::before"), background(".row")),
        (background(".chip .square"), background(".chip")),
        (background(".session-row .dot"), background(".sessions")),
    ] {
        page.becomes(&format!("{one} !== {other}")).await;
    }
    page.tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_400_percent_there_is_one_way_to_scroll_and_room_for_rows() {
    // 1280 by 1024 at 400 %.
    let page = open("every-zoom", 320, 256).await;
    for view in ["events"].into_iter().chain(VIEWS) {
        at(&page, view).await;
        page.fits().await;
        let reached = if view == "events" {
            "(it => (it.scrollIntoView(), it.clientHeight >= 120 && it.getBoundingClientRect().top >= 0))(document.getElementById('log'))"
        } else {
            "(it => (it.scrollIntoView({block: 'end'}), it.getBoundingClientRect().bottom <= innerHeight + 1))([...document.querySelectorAll('.view > *, .summary > *')].filter(it => it.offsetHeight).pop())"
        };
        page.becomes(reached).await;
    }
    page.follow("#/").await;
    page.becomes(
        "document.querySelector('.groups').clientHeight > 60 && document.documentElement.scrollWidth <= innerWidth",
    )
    .await;
    page.tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_may_be_spaced_as_wide_as_a_reader_needs() {
    let page = open("every-space", 1440, 900).await;
    // The spacing that WCAG 1.4.12 names, by a style sheet as a browser's extension would.
    let spaced = "(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }');
        document.adoptedStyleSheets = [sheet];
        return true;
    })()";
    assert!(page.is(spaced).await);
    let mut cut = Vec::new();
    for view in ["events"].into_iter().chain(VIEWS) {
        at(&page, view).await;
        let found = "[...document.querySelectorAll('main :is(.button, .chip, .tabs a, .pill, dt, h1, h2, label, select, p), .top :is(.pill, .edition, .version)')]
            .filter(it => it.offsetParent && getComputedStyle(it).textOverflow !== 'ellipsis' && !it.matches('.off-screen, .off-screen *')
                && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1) && getComputedStyle(it).overflow !== 'visible')
            .map(it => it.outerHTML.slice(0, 140))";
        let found: Vec<String> = page.value(found).await;
        cut.extend(found.into_iter().map(|what| format!("{view}: {what}")));
        page.fits().await;
    }
    assert!(cut.is_empty(), "{}", cut.join("\n"));
    page.tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_the_page_is_light_and_has_what_was_in_sight() {
    let page = open("every-paper", 1440, 500).await;
    for number in 0..60 {
        page.session
            .file(&format!("/srv/{number:02}/data"), "open", Routing::Local, None);
    }
    let in_sight = "[...document.querySelectorAll('[data-testid=log-row]')].filter(row => row.offsetHeight).length";
    page.shows("log", "/srv/59/data").await;
    let before: u32 = page.value(in_sight).await;
    page.emulate("print", &[("prefers-color-scheme", "dark")]).await;
    page.does("document.documentElement.dataset.theme = 'dark'").await;
    page.becomes("getComputedStyle(document.body).color === 'rgb(23, 26, 33)'")
        .await;
    page.becomes(
        "!document.querySelector('.toolbar').offsetHeight && !document.querySelector('.sessions').offsetHeight",
    )
    .await;
    let rows = "[...document.querySelectorAll('[data-testid=log-row]')]";
    page.becomes(&format!(
        "{rows}.length > 5 && {rows}.every((row, at, all) => row.offsetHeight > 10 && (!at || row.getBoundingClientRect().top >= all[at - 1].getBoundingClientRect().bottom - 1))"
    ))
    .await;
    page.becomes("document.documentElement.scrollHeight > 0 && getComputedStyle(document.body).overflow === 'visible'")
        .await;
    // There is room for all rows now, and they are not added; what gives them all is named.
    page.shows("printed-part", "Export NDJSON").await;
    page.session.file("/srv/late/data", "open", Routing::Local, None);
    page.shows("log", "/srv/late/data").await;
    assert!(before < 60 && page.value::<u32>(in_sight).await <= before, "{before}");
    page.tab.close().await;
}
