//! The real page in headless Chromium, behind the real server and a real session: what it costs while events rush in.
//!
//! Scripting and main-thread time are the browser's own account of its work (`Performance.getMetrics`); frames are counted
//! by `requestAnimationFrame`, tasks over 50 ms by the browser's observer of long tasks.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use chromiumoxide::cdp::browser_protocol::emulation::SetCpuThrottlingRateParams;
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams, DispatchMouseEventType,
};
use chromiumoxide::cdp::browser_protocol::performance::EnableParams;
use chromiumoxide::cdp::js_protocol::runtime::{
    CallFunctionOnParams, EvaluateParams, QueryObjectsParams, RemoteObjectId,
};
use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionSummary;
use tokio::process::Child;

use crate::stats::Samples;

/// Where `cargo xtask bench` has put the example host of `intproxy-ipc`.
const HOST_VARIABLE: &str = "MIRRORD_BENCH_HOST";
/// How long each row lasts, seconds; the figure is for 60.
const SECONDS_VARIABLE: &str = "MIRRORD_BENCH_SECONDS";
const SECONDS: u64 = 20;
/// The rows that the log keeps.
const KEPT: u64 = 95_000;
/// The keys typed into the search box.
const TYPED: &str = "service app flags";

/// Counts frames and long tasks from now on.
const WATCH: &str = "
(() => {
    const seen = window.seen = { frames: 0, longest: 0, last: performance.now(), start: performance.now(), tasks: [] };
    const frame = now => { seen.frames += 1; seen.longest = Math.max(seen.longest, now - seen.last); seen.last = now; requestAnimationFrame(frame) };
    requestAnimationFrame(frame);
    new PerformanceObserver(list => list.getEntries().forEach(task => seen.tasks.push(task.duration))).observe({ type: 'longtask' });
})()";

/// Starts the counts again, and gives what they were: frames a second, the longest frame, tasks over 50 ms and the longest.
const TAKE: &str = "
(() => {
    const seen = window.seen, now = performance.now();
    const taken = [seen.frames * 1000 / (now - seen.start), seen.longest, seen.tasks.length, Math.max(0, ...seen.tasks)];
    Object.assign(seen, { frames: 0, longest: 0, start: now, last: now, tasks: [] });
    return taken;
})()";

pub(crate) async fn run() -> Result<()> {
    let seconds = std::env::var(SECONDS_VARIABLE).ok().and_then(|own| own.parse().ok());
    let seconds = seconds.unwrap_or(SECONDS);
    println!("\nthe page in Chromium, the log following, {seconds} s a row");
    first_visit().await?;
    println!(
        "  {:34} {:>9} {:>9} {:>7} {:>9} {:>11} {:>9}",
        "", "scripting", "main", "frames", "longest", "over 50 ms", "memory"
    );
    rush("10,000 events/s", 10_000, 1.0, seconds, true).await?;
    rush("50,000 events/s", 50_000, 1.0, seconds, false).await?;
    rush("10,000 events/s, CPU 4 times slower", 10_000, 4.0, seconds, false).await?;
    Ok(())
}

/// What a first visit takes: the list of sessions painted, from the navigation on.
async fn first_visit() -> Result<()> {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let (mut painted, mut usable) = (Samples::default(), Samples::default());
    for _ in 0..5 {
        let tab = Tab::open(1440, 900).await;
        tab.goto(&ui.url()).await;
        tab.shows("empty-state", "mirrord").await;
        let script = "(() => { const paint = performance.getEntriesByType('paint').find(entry => entry.name === 'first-contentful-paint'); return [paint ? paint.startTime : 0, performance.getEntriesByType('mark').find(mark => mark.name === 'shown')?.startTime ?? performance.now()] })()";
        let [paint, shown]: [f64; 2] = tab.value(script).await;
        painted.add(Duration::from_secs_f64(paint / 1e3));
        usable.add(Duration::from_secs_f64(shown / 1e3));
        tab.close().await;
    }
    println!("  first paint of a first visit            {}", painted.spread());
    println!("  the same, until the list is there        {}", usable.spread());
    Ok(())
}

/// One row: a session of so many events a second, its log open.
async fn rush(name: &str, rate: u64, slower: f64, seconds: u64, then: bool) -> Result<()> {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut host = host(&home, rate)?;
    let id = eventually("the session is listed", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
        sessions.first().map(|session| session.info.session_id.clone())
    })
    .await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click(&format!("[data-session-id='{id}']")).await;
    tab.becomes("document.querySelectorAll('[data-testid=\"log-row\"]').length > 20")
        .await;
    tab.page().execute(EnableParams::default()).await?;
    tab.page().execute(SetCpuThrottlingRateParams::new(slower)).await?;
    let _: bool = tab.value(&format!("{WATCH}, true")).await;
    if then {
        // Measured with a full log, as it is in the long run.
        until_kept(&tab).await;
    }
    let before = measures(&tab).await?;
    let _: [f64; 4] = tab.value(TAKE).await;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let [frames, longest, over, most]: [f64; 4] = tab.value(TAKE).await;
    let after = measures(&tab).await?;
    let elapsed = after.at - before.at;
    println!(
        "  {name:34} {:6.1} ms/s {:5.1} ms/s {frames:5.1}/s {longest:6.1} ms {over:4} ({most:3.0} ms) {:+7.1} MiB   {:.0} MiB; {:.0} events/s arrived",
        (after.script - before.script) * 1e3 / elapsed,
        (after.task - before.task) * 1e3 / elapsed,
        (after.memory - before.memory) / 1048576.0,
        after.memory / 1048576.0,
        (after.events - before.events) / elapsed,
    );
    if then {
        keys(&tab).await?;
        // What is kept stays: a log that gives up its oldest rows is blank where they were, and says so.
        host.kill().await?;
        tab.becomes("document.querySelector('[data-testid=\"status\"]')?.innerText.length > 0")
            .await;
        scroll(&tab).await?;
    }
    tab.close().await;
    Ok(())
}

fn host(home: &Home, rate: u64) -> Result<Child> {
    let path = std::env::var_os(HOST_VARIABLE).map(PathBuf::from);
    let path = path.with_context(|| format!("{HOST_VARIABLE} names the example host; `cargo xtask bench` sets it"))?;
    let rate = rate.to_string();
    let mut command = home.command(path);
    command.args(["--rate", rate.as_str(), "--policy", "all", "--sessions-dir"]);
    command.arg(home.sessions_dir());
    Ok(command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?)
}

async fn until_kept(tab: &Tab) {
    let counted = "Number((document.querySelector('[data-testid=\"shown\"]')?.innerText ?? '').replace(/^\\D*([\\d,.\\s]*).*/, '$1').replace(/\\D/g, ''))";
    tab.becomes(&format!("{counted} >= {KEPT}")).await;
}

/// The browser's account of its work so far, in seconds; what the page holds, in bytes; the events that it has counted.
struct Measures {
    at: f64,
    script: f64,
    task: f64,
    memory: f64,
    events: f64,
}

async fn measures(tab: &Tab) -> Result<Measures> {
    let metrics = tab.page().metrics().await?;
    let of = |name: &str| {
        metrics
            .iter()
            .find(|metric| metric.name == name)
            .map_or(0.0, |metric| metric.value)
    };
    let chips = "[...document.querySelectorAll('[data-testid^=\"type-filter-\"]')].reduce((sum, chip) => sum + Number(((chip.title.match(/^[\\d,.\\s]+/) ?? ['0'])[0]).replace(/\\D/g, '')), 0)";
    Ok(Measures {
        at: of("Timestamp"),
        script: of("ScriptDuration"),
        task: of("TaskDuration"),
        memory: of("JSHeapUsedSize") + wasm_memory(tab).await?,
        events: tab.value(chips).await,
    })
}

/// How large the memories of the page's WebAssembly are.
async fn wasm_memory(tab: &Tab) -> Result<f64> {
    let object = async |expression: &str| -> Result<RemoteObjectId> {
        let result = tab.page().execute(EvaluateParams::new(expression)).await?;
        result.result.result.object_id.clone().context("an object has an id")
    };
    let prototype = object("WebAssembly.Memory.prototype").await?;
    let found = tab.page().execute(QueryObjectsParams::new(prototype)).await?;
    let id = found.result.objects.object_id.clone().context("an array has an id")?;
    let sum = "function() { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) }";
    let call = CallFunctionOnParams::builder()
        .function_declaration(sum)
        .object_id(id)
        .return_by_value(true);
    let sum = tab.page().execute(call.build().map_err(anyhow::Error::msg)?).await?;
    Ok(sum
        .result
        .result
        .value
        .as_ref()
        .and_then(serde_json::Value::as_f64)
        .unwrap_or_default())
}

/// A key in the search box, with the log full and events coming in: from the key to the paint that answers it, as the
/// browser's own event timing has it (in steps of 8 ms), and the work for it on the main thread.
async fn keys(tab: &Tab) -> Result<()> {
    tab.click("[data-testid='search']").await;
    let listen = "window.keys = []; new PerformanceObserver(list => list.getEntries().forEach(entry => { if (entry.name === 'keydown' || entry.name === 'input') window.keys.push([entry.name === 'input' ? entry.processingEnd - entry.processingStart : -1, entry.duration]) })).observe({ type: 'event', durationThreshold: 16 }); window.worked = []; \
        document.addEventListener('keydown', () => { const start = performance.now(); requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => window.worked.push(performance.now() - start); channel.port2.postMessage(0) }) }, true); true";
    let _: bool = tab.value(listen).await;
    for letter in TYPED.chars() {
        let text = letter.to_string();
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let mut event = DispatchKeyEventParams::builder().r#type(kind.clone()).key(text.clone());
            if kind == DispatchKeyEventType::KeyDown {
                event = event.text(text.clone());
            }
            tab.page().execute(event.build().map_err(anyhow::Error::msg)?).await?;
        }
        tokio::time::sleep(Duration::from_millis(120)).await;
    }
    let answered: Vec<f64> = tab.value("window.worked").await;
    let slow: Vec<[f64; 2]> = tab.value("window.keys").await;
    let mut samples = Samples::default();
    answered
        .iter()
        .for_each(|ms| samples.add(Duration::from_secs_f64(ms / 1e3)));
    println!(
        "  a key in the search box, to its frame    {}, {} keys, {} of their events over 16 ms",
        samples.spread(),
        samples.len(),
        slow.len()
    );
    // The search is taken out again, so that there is something to scroll.
    let clear = "(() => { const box = document.querySelector('[data-testid=\"search\"]'); box.value = ''; box.dispatchEvent(new Event('input', { bubbles: true })); return true })()";
    let _: bool = tab.value(clear).await;
    tab.becomes("document.querySelectorAll('[data-testid=\"log-row\"]').length > 20")
        .await;
    Ok(())
}

/// From the newest row to the oldest: whether a frame was ever drawn with a blank place in the window.
async fn scroll(tab: &Tab) -> Result<()> {
    let check = "
        (() => {
            const log = document.querySelector('[data-testid=\"log\"]');
            window.scrolled = { frames: 0, blank: 0 };
            const frame = () => {
                const box = log.getBoundingClientRect();
                const rows = [...log.querySelectorAll('[data-testid=\"log-row\"]')].map(row => row.getBoundingClientRect());
                const top = Math.min(...rows.map(row => row.top)), bottom = Math.max(...rows.map(row => row.bottom));
                window.scrolled.frames += 1;
                if (rows.length === 0 || top > box.top + 1 || bottom < box.bottom - 1) window.scrolled.blank += 1;
                if (!window.scrolled.done) requestAnimationFrame(frame);
            };
            requestAnimationFrame(frame);
            return true;
        })()";
    let _: bool = tab.value(check).await;
    for step in 0..120 {
        let (kind, by) = (
            DispatchMouseEventType::MouseWheel,
            if step < 100 { -30_000.0 } else { 150_000.0 },
        );
        let wheel = DispatchMouseEventParams::builder()
            .r#type(kind)
            .x(600.0)
            .y(600.0)
            .delta_x(0.0)
            .delta_y(by);
        tab.page().execute(wheel.build().map_err(anyhow::Error::msg)?).await?;
    }
    let [frames, blank]: [u64; 2] = tab
        .value("(() => { window.scrolled.done = true; return [window.scrolled.frames, window.scrolled.blank] })()")
        .await;
    println!("  scrolling from end to end                {blank} of {frames} frames with a blank row");
    Ok(())
}
