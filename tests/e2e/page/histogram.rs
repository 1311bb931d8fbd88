//! The histogram of the log: read by pointing, a range of time by dragging and by keys, failures in red, and the filter.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::{MonitorEvent, Outcome, SessionInfo};

const PLOT: &str = "document.querySelector('[data-testid=plot]')";
/// Events that the bars count, of a path of the drawing.
const DRAWN: &str = "document.querySelector('.timeline path.k-FileOp').getAttribute('d').split('M').length - 1";
const FAILED: &str = "document.querySelector('.timeline path.failed').getAttribute('d').split('M').length - 1";

fn file(host: &Host, path: &str, outcome: Outcome) {
    let event = MonitorEvent::FileOp {
        path: Some(path.into()),
        operation: "open".into(),
    };
    host.came(event, 7, outcome);
}

/// Events in at least six bars: each is emitted once the one before is drawn.
async fn spread(host: &Host, tab: &Tab) -> usize {
    let mut events = 0;
    while tab.value::<u32>(DRAWN).await < 6 {
        let outcome = if events % 4 == 1 {
            Outcome::NotFound
        } else {
            Outcome::Ok
        };
        file(host, if events % 2 == 0 { "/even" } else { "/odd" }, outcome);
        events += 1;
        tab.shows("shown", &format!("{events} of {events} ")).await;
    }
    events
}

fn pointer(kind: &str, part: &str, buttons: u8) -> String {
    format!(
        "(it => {{ const at = it.getBoundingClientRect(); it.setPointerCapture = () => {{}}; \
         it.dispatchEvent(new PointerEvent('{kind}', {{clientX: at.x + at.width * ({part}), clientY: at.y + 10, pointerId: 1, \
         button: 0, buttons: {buttons}, bubbles: true, cancelable: true}})); }})({PLOT})"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_time_is_dragged_read_and_left_again() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = Host::start(&home, "bars-drag", SessionInfo::default());
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='bars-drag']").await;
    tab.becomes(PLOT).await;
    let events = spread(&host, &tab).await;
    assert!(
        tab.value::<u32>(FAILED).await > 0,
        "failures are drawn in their own colour"
    );
    // The first bar is that of the first event.
    tab.does(&pointer("pointermove", "0.001", 0)).await;
    tab.becomes("/^\\d\\d:\\d\\d:\\d\\d.* · \\d+ events?/.test(document.querySelector('[data-testid=tip]').innerText)")
        .await;
    tab.does(&pointer("pointerdown", "0.001", 1)).await;
    tab.does(&pointer("pointermove", "0.02", 1)).await;
    tab.becomes("!document.querySelector('[data-testid=range]').hidden")
        .await;
    tab.does(&pointer("pointerup", "0.02", 0)).await;
    tab.becomes("/[?]t=\\d+-\\d+$/.test(location.hash)").await;
    tab.becomes(&format!(
        "(it => it && +it[1] > 0 && +it[1] < {events} && +it[2] === {events})(document.querySelector('[data-testid=shown]').innerText.match(/(\\d+) of (\\d+)/))"
    ))
    .await;
    // The bars beside the range stay: it is a part of the map.
    assert!(tab.value::<u32>(DRAWN).await >= 6);
    // The range is in the address, and there again after a reload.
    tab.does("window.isStale = true, location.reload()").await;
    tab.becomes("!window.isStale && !document.querySelector('[data-testid=all-times]')?.hidden")
        .await;
    tab.shows("all-times", " – ").await;
    tab.click("[data-testid='all-times']").await;
    tab.becomes("!location.hash.includes('t=')").await;
    tab.shows("shown", &format!("{events} of {events} ")).await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_chosen_with_keys_and_the_bars_follow_the_filter() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let host = Host::start(&home, "bars-keys", SessionInfo::default());
    let tab = Tab::open(390, 844).await;
    tab.goto(&ui.url()).await;
    tab.does("location.hash = '#/s/bars-keys'").await;
    tab.becomes(PLOT).await;
    let events = spread(&host, &tab).await;
    assert_eq!(
        tab.value::<String>(&format!("getComputedStyle({PLOT}).touchAction"))
            .await,
        "none",
        "a finger drags the range, and not the page"
    );
    let press = |key: &str, shift: bool| {
        format!(
            "{PLOT}.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', shiftKey: {shift}, bubbles: true, cancelable: true}}))"
        )
    };
    tab.does(&format!("{PLOT}.focus()")).await;
    tab.does(&press("Home", false)).await;
    tab.becomes(&format!("/ · \\d+ event/.test({PLOT}.getAttribute('aria-valuetext'))"))
        .await;
    tab.does(&press("ArrowRight", true)).await;
    tab.does(&press("ArrowRight", true)).await;
    let range = "location.hash.match(/t=(\\d+)-(\\d+)/)";
    tab.becomes(&format!("(it => it && (it[2] - it[1]) % 3 === 0)({range})"))
        .await;
    tab.does(&press("Escape", false)).await;
    tab.becomes(&format!("!{range}")).await;
    tab.shows("shown", &format!("{events} of {events} ")).await;
    // Only what passes the filter is drawn: of the even ones none failed.
    let failed: u32 = tab.value(FAILED).await;
    assert!(failed > 0);
    tab.does("location.hash = '#/s/bars-keys?q=even'").await;
    tab.becomes(&format!("{FAILED} === 0 && {DRAWN} > 0")).await;
    tab.close().await;
}
