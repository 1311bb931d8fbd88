//! The real page in headless Chromium, behind the real server and a real session: what it costs while events rush in, what
//! a key in the search box takes, and whether a row is ever missing while the log is scrolled.
//!
//! Scripting and main-thread time are the browser's own account of its work (`Performance.getMetrics`); frames are counted
//! by `requestAnimationFrame`, which asks for one whether or not the page draws; tasks over 50 ms by the browser's observer
//! of long tasks. Each figure is printed with its goal, and whether it is met.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};
use chromiumoxide::cdp::browser_protocol::emulation::SetCpuThrottlingRateParams;
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, DispatchMouseEventParams, DispatchMouseEventType,
};
use chromiumoxide::cdp::browser_protocol::page::AddScriptToEvaluateOnNewDocumentParams;
use chromiumoxide::cdp::browser_protocol::performance::EnableParams;
use mirrord_tests::browser::Tab;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionSummary;
use tokio::process::Child;

use crate::stats::Samples;

/// Variable with the path of the example host of `intproxy-ipc`.
const HOST_VARIABLE: &str = "MIRRORD_BENCH_HOST";
/// Variable with the length of each row, seconds; without it the first takes a minute.
const SECONDS_VARIABLE: &str = "MIRRORD_BENCH_SECONDS";
const MINUTE: u64 = 60;
const SECONDS: u64 = 20;
/// The rows that the log keeps at least, once it has given up its first.
const KEPT: u64 = 95_000;
/// Search terms typed while the log is full and following: found often, seldom, and not at all.
const TYPED: [&str; 3] = ["feature-flags", "get /api/orders/77", "nowhere"];
/// Growth allowed between two minutes with a full ring, bytes: garbage that a collection leaves to the next.
const FLAT_BYTES: f64 = 512.0 * 1024.0;

/// Goals of a row: milliseconds a second of scripting and of the main thread, and frames a second.
struct Goals {
    script: Option<f64>,
    main: Option<f64>,
    frames: f64,
}

impl Goals {
    /// Each goal, and whether it is met. `over` is the share of frames in which a task took more than 50 ms.
    fn judge(&self, script: f64, main: f64, frames: f64, over: Option<f64>) -> String {
        let most = [("scripting", self.script, script), ("main", self.main, main)];
        let mut all: Vec<String> = most
            .into_iter()
            .filter_map(|(what, most, figure)| Some((what, most?, figure)))
            .map(|(what, most, figure)| judged(&format!("{what} at most {most} ms/s"), figure <= most))
            .collect();
        all.push(judged(
            &format!("frames at least {}/s", self.frames),
            frames >= self.frames,
        ));
        all.extend(over.map(|share| judged("over 50 ms in at most 1 % of frames", share <= 0.01)));
        all.join("; ")
    }
}

/// Growth of the page's memory over a minute with its ring full, bytes.
fn flat(heap: f64, wasm: f64) -> String {
    let [heap_mib, wasm_mib] = [heap, wasm].map(|bytes| bytes / 1048576.0);
    let is_flat = judged("flat", heap <= FLAT_BYTES && wasm <= 0.0);
    format!(
        "memory with the ring full: scripts {heap_mib:+.2} MiB a minute, WebAssembly {wasm_mib:+.2} MiB in all: {is_flat}"
    )
}

/// Frames a second where the browser gives sixty: a clock that is read at both ends may lose one.
const ALL_FRAMES: f64 = 59.0;

/// Keeps what the page's WebAssembly exports as its memory, so that its size can be asked for without a collection.
const MEMORIES: &str = "
window.memories = new Set();
for (const name of ['instantiate', 'instantiateStreaming']) {
    const own = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
        const made = await own.apply(WebAssembly, given);
        Object.values((made.instance ?? made).exports).forEach(it => it instanceof WebAssembly.Memory && memories.add(it));
        return made;
    };
}";

/// Counts frames and long tasks from now on.
const WATCH: &str = "
(() => {
    const seen = window.seen = { frames: 0, longest: 0, last: performance.now(), start: performance.now(), tasks: [] };
    const frame = now => { seen.frames += 1; seen.began = performance.now(); seen.longest = Math.max(seen.longest, now - seen.last); seen.last = now; requestAnimationFrame(frame) };
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
    let said = std::env::var(SECONDS_VARIABLE).ok().and_then(|own| own.parse().ok());
    println!("\nthe page in Chromium, the log following");
    first_visit().await?;
    println!(
        "  {:34} {:>9} {:>9} {:>7} {:>9} {:>11} {:>9}",
        "", "scripting", "main", "frames", "longest", "over 50 ms", "memory"
    );
    let (minute, seconds) = (said.unwrap_or(MINUTE), said.unwrap_or(SECONDS));
    let [idle, rest, slow] = [
        (Some(100.0), Some(300.0), ALL_FRAMES),
        (None, None, ALL_FRAMES),
        (None, None, 30.0),
    ]
    .map(|(script, main, frames)| Goals { script, main, frames });
    rush("10,000 events/s, the ring full", 10_000, 1.0, minute, true, idle).await?;
    rush("50,000 events/s", 50_000, 1.0, seconds, false, rest).await?;
    rush("10,000 events/s, CPU 4 times slower", 10_000, 4.0, seconds, false, slow).await?;
    Ok(())
}

/// A goal, and whether a figure meets it.
fn judged(name: &str, is_met: bool) -> String {
    format!("{name} {}", if is_met { "met" } else { "MISSED" })
}

/// Time to first paint of the list of sessions, from the navigation on.
async fn first_visit() -> Result<()> {
    let (_home, ui) = Ui::with_home().await;
    let (mut painted, mut usable) = (Samples::default(), Samples::default());
    for _ in 0..5 {
        let tab = Tab::at(&ui.url()).await;
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
async fn rush(name: &str, rate: u64, slower: f64, seconds: u64, then: bool, goals: Goals) -> Result<()> {
    let (home, ui) = Ui::with_home().await;
    let mut host = host(&home, rate)?;
    let id = eventually("the session is listed", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
        sessions.first().map(|session| session.info.session_id.clone())
    })
    .await;
    let tab = Tab::open(1440, 900).await;
    tab.page()
        .execute(AddScriptToEvaluateOnNewDocumentParams::new(MEMORIES))
        .await?;
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
    let heaps = heaps(&tab, seconds).await?;
    let [frames, longest, over, most]: [f64; 4] = tab.value(TAKE).await;
    let after = measures(&tab).await?;
    let elapsed = after.at - before.at;
    let [script, main] = [after.script - before.script, after.task - before.task].map(|own| own * 1e3 / elapsed);
    println!(
        "  {name:34} {script:6.1} ms/s {main:5.1} ms/s {frames:5.1}/s {longest:6.1} ms {over:4} ({most:3.0} ms) {:+7.1} MiB   {:.0} MiB; {:.0} events/s arrived",
        (after.memory - before.memory) / 1048576.0,
        after.memory / 1048576.0,
        (after.events - before.events) / elapsed,
    );
    let over = (slower <= 1.0).then_some(over / (frames * elapsed));
    println!("  {:34} {}", "", goals.judge(script, main, frames, over));
    if then {
        println!("  {:34} {}", "", flat(slope(&heaps) * 60.0, after.wasm - before.wasm));
        keys(&tab).await?;
        // What is kept stays: a log that gives up its oldest rows is blank where they were, and says so.
        host.kill().await?;
        tab.becomes("byTestId('status')?.innerText.length > 0").await;
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
    let counted =
        "Number((byTestId('shown')?.innerText ?? '').replace(/^\\D*([\\d,.\\s]*).*/, '$1').replace(/\\D/g, ''))";
    tab.becomes(&format!("{counted} >= {KEPT}")).await;
    tab.becomes("document.querySelector('[data-testid=\"given-up\"]:not([hidden])')")
        .await;
}

/// Samples the JavaScript heap each second: time, and bytes after the last collection. The least of some seconds
/// is what is held; the rest waits to be collected.
async fn heaps(tab: &Tab, seconds: u64) -> Result<Vec<(f64, f64)>> {
    const WINDOW: u64 = 5;
    let (mut heaps, mut least) = (Vec::new(), f64::MAX);
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    clock.tick().await;
    for second in 1..=seconds {
        clock.tick().await;
        let metrics = tab.page().metrics().await?;
        let used = metrics.iter().find(|own| own.name == "JSHeapUsedSize");
        least = used.map_or(least, |own| own.value.min(least));
        if second % WINDOW == 0 {
            heaps.push((second as f64, std::mem::replace(&mut least, f64::MAX)));
        }
    }
    Ok(heaps)
}

/// By how much it grows a second: the line of least squares through all.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len().max(1) as f64;
    let [x, y] = [0, 1].map(|side| {
        let sum = points.iter().map(|own| if side == 0 { own.0 } else { own.1 });
        sum.sum::<f64>() / count
    });
    let [over, under] = points.iter().fold([0.0, 0.0], |[over, under], own| {
        [over + (own.0 - x) * (own.1 - y), under + (own.0 - x).powi(2)]
    });
    if under > 0.0 { over / under } else { 0.0 }
}

/// The browser's account of its work so far, in seconds; what the page holds, in bytes; the events that it has counted.
struct Measures {
    at: f64,
    script: f64,
    task: f64,
    memory: f64,
    wasm: f64,
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
    let wasm = wasm_memory(tab).await?;
    Ok(Measures {
        at: of("Timestamp"),
        script: of("ScriptDuration"),
        task: of("TaskDuration"),
        memory: of("JSHeapUsedSize") + wasm,
        wasm,
        events: tab.value(chips).await,
    })
}

/// Sizes of the page's WebAssembly memories.
async fn wasm_memory(tab: &Tab) -> Result<f64> {
    let bytes: f64 = tab
        .value("[...window.memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0)")
        .await;
    anyhow::ensure!(bytes > 0.0, "the page's WebAssembly has a memory");
    Ok(bytes)
}

/// Times each key: `work` is what the main thread does for it, from the key's event to what it set going being done, and
/// from the frame's first callback to the first task after its layout and paint; `total` is from the event to the end of that frame, with the
/// wait for it in between (a browser gives one in 16.7 ms, whenever the key comes). `right` is whether what that frame shows
/// is the answer: rows that all hold the words and fill the window, or all that there are. Words of one or two letters are passed
/// over: a row may have them in a column that is not shown.
const LISTEN: &str = "
(() => {
    window.keys = [];
    const box = byTestId('search'), log = byTestId('log');
    let key;
    const answered = own => {
        const rows = [...log.querySelectorAll('[data-testid=\"log-row\"]')];
        const last = rows.at(-1)?.getBoundingClientRect().bottom ?? 0;
        const fills = rows.length > 0 && last >= log.getBoundingClientRect().bottom - 1;
        const words = box.value.split(' ').filter(word => word.length > 2);
        const holds = row => (text => words.every(word => text.includes(word)))(row.innerText.toLowerCase());
        own.right = rows.every(holds) && (fills || own.few);
    };
    document.addEventListener('keydown', () => {
        const own = key = { began: performance.now(), few: window.few };
        keys.push(own);
        requestAnimationFrame(() => {
            // The frame's first callback is the one that counts frames, unless the page has asked before it did.
            const start = seen.began > own.done ? seen.began : performance.now();
            scheduler.postTask(() => {
                const end = performance.now();
                own.total = end - own.began;
                own.work = own.done - own.began + end - start;
                answered(own);
            }, { priority: 'user-blocking' });
        });
    }, true);
    window.addEventListener('input', () => key.done = performance.now());
})()";

/// A key in the search box, with the log full and events coming in.
async fn keys(tab: &Tab) -> Result<()> {
    tab.click("[data-testid='search']").await;
    tab.does(LISTEN).await;
    let (mut totals, mut works, mut right) = (Samples::default(), Samples::default(), 0);
    for text in TYPED {
        tab.does(&format!("window.keys.length = 0, window.few = {}", text != TYPED[0]))
            .await;
        for (place, letter) in text.chars().enumerate() {
            press(tab, letter).await?;
            // Not in step with the browser's frames.
            tokio::time::sleep(Duration::from_millis(117 + place as u64 * 7 % 17)).await;
        }
        let timed: Vec<(f64, f64, bool)> = tab.value("keys.map(key => [key.total, key.work, key.right])").await;
        for (total, work, is_right) in timed {
            totals.add(Duration::from_secs_f64(total / 1e3));
            works.add(Duration::from_secs_f64(work / 1e3));
            right += usize::from(is_right);
        }
        // Each text is searched from its first letter on, and at the end there is something to scroll.
        tab.does("(() => { const box = byTestId('search'); box.value = ''; box.dispatchEvent(new Event('input', { bubbles: true })) })()").await;
        tab.becomes("document.querySelectorAll('[data-testid=\"log-row\"]').length > 20")
            .await;
    }
    let most = Duration::from_millis(16);
    println!(
        "  a key, the main thread's work for it     {}   9 of 10 {:.1} ms; {}",
        works.spread(),
        works.percentile(0.9).as_secs_f64() * 1e3,
        judged("9 of 10 at most 16 ms", works.percentile(0.9) <= most),
    );
    println!(
        "  a key, to the end of its frame           {}   {}",
        totals.spread(),
        judged("median at most 16 ms", totals.median() <= most)
    );
    println!(
        "  a key's own frame shows its answer       {right} of {}   {}",
        totals.len(),
        judged("all", right == totals.len())
    );
    Ok(())
}

async fn press(tab: &Tab, letter: char) -> Result<()> {
    let text = letter.to_string();
    for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
        let mut event = DispatchKeyEventParams::builder().r#type(kind.clone()).key(text.clone());
        if kind == DispatchKeyEventType::KeyDown {
            event = event.text(text.clone());
        }
        tab.page().execute(event.build().map_err(anyhow::Error::msg)?).await?;
    }
    Ok(())
}

/// From the newest row to the oldest: whether a frame was ever drawn with a blank place in the window.
async fn scroll(tab: &Tab) -> Result<()> {
    let check = "
        (() => {
            const log = byTestId('log');
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
    println!(
        "  scrolling from end to end                {blank} of {frames} frames with a blank row   {}",
        judged("none", blank == 0)
    );
    Ok(())
}
