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
