//! "What if" in headless Chromium: a run of 100,000 events decided by an edited config, the time that the Worker takes and the
//! page's longest task meanwhile.

use std::time::Duration;

use anyhow::Result;
use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::ui::Ui;
use mirrord_wire::{Routing, SessionInfo, SessionSummary};
use serde_json::json;

use crate::stats::Samples;

/// Events of the run, distinct paths among them, and events between two waits for the server.
const EVENTS: u64 = 100_000;
const PATHS: u64 = 25_000;
const STEP: u64 = 2_000;
/// Goals, milliseconds.
const MAX_MS: f64 = 200.0;
const MAX_TASK_MS: f64 = 50.0;
const EDITS: usize = 9;

async fn fill(ui: &Ui, host: &Host) {
    for start in (0..EVENTS).step_by(usize::try_from(STEP).unwrap_or(1)) {
        for number in start..start + STEP {
            let path = format!("/data/{}/file-{}.conf", number % 50, number % PATHS);
            host.file(&path, "open", Routing::Local, Some("feature.fs.mode"));
        }
        eventually("the server has the events", async || {
            let own: SessionSummary = ui.json("/api/sessions/bench-what-if").await;
            (own.counts.values().sum::<u64>() >= start + STEP).then_some(())
        })
        .await;
    }
}

pub(crate) async fn run() -> Result<()> {
    let (home, ui): (Home, Ui) = Ui::with_home().await;
    let patterns = |name: &str| (0..25).map(|own| format!("^/{name}/{own}/")).collect::<Vec<_>>();
    let config = |first: &str| json!({"target": "pod/a", "feature": {"fs": {"mode": "read", "not_found": patterns(first), "local": patterns("l")}}});
    let info = SessionInfo {
        config: Some(config("none")),
        ..SessionInfo::default()
    };
    let host = Host::start(&home, "bench-what-if", info);
    let tab = Tab::at(&ui.url()).await;
    tab.has("[data-session-id='bench-what-if']").await;
    fill(&ui, &host).await;
    tab.follow("#/s/bench-what-if/config").await;
    tab.has("[data-testid='what-if-open']:not([hidden])").await;
    tab.click("[data-testid='what-if-open']").await;
    tab.shows("what-if-says", "Events decided anew: 100,000").await;
    tab.does("(window.tasks = [], new PerformanceObserver(list => list.getEntries().forEach(own => tasks.push(own.duration))).observe({ type: 'longtask' }))")
        .await;
    let mut times = Samples::default();
    for edit in 0..EDITS {
        let name = if edit % 2 == 0 { "data" } else { "none" };
        tab.fill("what-if-text", &config(name).to_string()).await;
        let same = if edit % 2 == 0 {
            "Decided as before: 5"
        } else {
            "Decided as before: 100,000"
        };
        tab.shows("what-if-same", same).await;
        let spent: String = tab.value("byTestId('what-if-says').dataset.us").await;
        times.add(Duration::from_micros(spent.parse()?));
    }
    let longest: f64 = tab.value("Math.max(0, ...window.tasks)").await;
    let met = |is_met: bool| if is_met { "met" } else { "MISSED" };
    let median = times.median().as_secs_f64() * 1e3;
    println!("\n\"what if\": {EVENTS} events, {PATHS} paths, 50 patterns");
    println!(
        "  decided anew in {median:.0} ms in the Worker (at most {MAX_MS} ms: {})",
        met(median <= MAX_MS)
    );
    println!(
        "  longest task of the page {longest:.0} ms (at most {MAX_TASK_MS} ms: {})",
        met(longest <= MAX_TASK_MS)
    );
    tab.close().await;
    Ok(())
}
