//! Gestures on the log one after another, with the browser's buttons and reloads in between.

use mirrord_tests::host::Host;
use mirrord_wire::{MonitorEvent, Outcome};

use super::row;
use super::scene::{ROW, Scene};

fn file(host: &Host, path: &str) {
    let event = MonitorEvent::FileOp {
        path: Some(path.into()),
        operation: "stat".into(),
    };
    host.came(event, 7, Outcome::Ok);
}

/// A log of three paths, one of them forty times.
async fn scene(id: &'static str) -> Scene<Host> {
    let scene = Scene::host(id, "#/s/ID/events").await;
    file(&scene.session, "/srv/first");
    (0..40).for_each(|_| file(&scene.session, "/srv/data.db"));
    file(&scene.session, "/srv/last");
    scene.becomes(&row("/srv/last")).await;
    scene.shows("shown", "42 of 42").await;
    scene
}

const CHOSEN: &str = "document.querySelector('[data-testid=log-row][aria-selected=true]')?.innerText ?? ''";

#[tokio::test(flavor = "multi_thread")]
async fn repeats_stay_folded_after_a_reload_and_in_other_sessions() {
    let scene = scene("ges-fold").await;
    scene.tab.press("r").await;
    scene.shows("shown", "3 of 42").await;
    scene.reload().await;
    scene.shows("shown", "3 of 42").await;
    scene.has("[data-testid='fold'][aria-pressed='true']").await;
    scene.at("#/").await;
    scene.at("#/s/ID/events?q=data").await;
    scene.shows("shown", "1 of 42").await;
    scene.click("[data-testid='fold']").await;
    scene.shows("shown", "40 of 42").await;
    scene.reload().await;
    scene.shows("shown", "40 of 42").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn back_leads_out_of_a_row_and_a_row_that_is_not_kept_is_said_no_longer_than_it_is_asked_for() {
    let scene = scene("ges-back").await;
    scene.at("#/s/ID/events?row=1").await;
    scene.becomes(&format!("({CHOSEN}).includes('/srv/first')")).await;
    scene.at("#/s/ID/events?row=42").await;
    scene.becomes(&format!("({CHOSEN}).includes('/srv/last')")).await;
    scene.at("#/s/ID/events?row=999").await;
    scene.shows("row-absent", "#999").await;
    scene.does("history.back()").await;
    scene.is_at("#/s/ID/events?row=42").await;
    scene.becomes("!byTestId('row-absent')?.checkVisibility()").await;
    scene.does("history.back()").await;
    scene.becomes(&format!("({CHOSEN}).includes('/srv/first')")).await;
    scene.does("history.back()").await;
    scene.is_at("#/s/ID/events").await;
    scene
        .becomes(&format!("({CHOSEN}) === '' && !byTestId('detail')?.checkVisibility()"))
        .await;
    scene.does("history.forward()").await;
    scene.becomes(&format!("({CHOSEN}).includes('/srv/first')")).await;
    scene.has(ROW).await;
    scene.close().await;
}

/// A press, a move and a release of the mouse over the histogram, at parts of its width and a part of its height.
async fn drag(scene: &Scene<Host>, from: f64, to: f64, height: f64) {
    let place: (f64, f64, f64, f64) = scene
        .value("(at => [at.x, at.y, at.width, at.height])(document.querySelector('[data-testid=plot]').getBoundingClientRect())")
        .await;
    let at = |part: f64| (place.0 + place.2 * part, place.1 + place.3 * height);
    scene.tab.drag(at(from), at(to)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_is_narrowed_by_a_drag_within_it_and_back_widens_it_again() {
    let scene = scene("ges-range").await;
    // Events in more than one bar: each is emitted once the one before is drawn.
    let mut events = 42;
    let drawn = "document.querySelector('.timeline path.k-FileOp').getAttribute('d').split('M').length - 1";
    while scene.value::<u32>(drawn).await < 12 {
        file(&scene.session, "/srv/more");
        events += 1;
        scene.shows("shown", &format!("{events} of {events} ")).await;
    }
    let range = "(location.hash.match(/t=(\\d+)-(\\d+)/) ?? []).slice(1).map(Number)";
    drag(&scene, 0.001, 0.3, 0.5).await;
    scene.becomes(&format!("{range}.length === 2")).await;
    let (from, to): (u64, u64) = scene.value(range).await;
    // The label lies over the bars there, and takes the focus.
    scene.has("[data-testid='all-times']").await;
    drag(&scene, 0.05, 0.1, 0.2).await;
    let is_narrower = format!(
        "(it => it.length === 2 && it[0] >= {from} && it[1] <= {to} && it[1] - it[0] < {})({range})",
        to - from
    );
    scene.becomes(&is_narrower).await;
    scene.does("history.back()").await;
    scene
        .becomes(&format!("(it => it[0] === {from} && it[1] === {to})({range})"))
        .await;
    scene.reload().await;
    scene
        .becomes(&format!("(it => it[0] === {from} && it[1] === {to})({range})"))
        .await;
    scene.does("history.back()").await;
    scene.becomes(&format!("{range}.length === 0")).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_of_a_row_closes_once_it_was_chosen_from() {
    let scene = scene("ges-menu").await;
    let menu = "it.dispatchEvent(new MouseEvent('contextmenu', {clientX: at.x + 400, clientY: at.y + 5, button: 2, bubbles: true, cancelable: true}))";
    let open = format!(
        "(it => {{ const at = it.getBoundingClientRect(); {menu}; }})([...document.querySelectorAll(\"{ROW}\")].find(row => row.innerText.includes('/srv/last')))"
    );
    let is_open = "document.getElementById('row-menu').matches(':popover-open')";
    scene.does(&open).await;
    scene.becomes(is_open).await;
    scene.does("[...document.querySelectorAll('#row-menu [data-testid=filter-by]')].find(it => it.innerText.includes('/srv/last')).click()").await;
    scene.shows("shown", "1 of 42").await;
    scene.becomes(&format!("!{is_open}")).await;
    scene.does(&open).await;
    scene.becomes(is_open).await;
    scene.click("#row-menu [data-testid='around']").await;
    scene
        .becomes(&format!("location.hash.includes('t=') && !{is_open}"))
        .await;
    scene.close().await;
}
