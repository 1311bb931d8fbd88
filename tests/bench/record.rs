//! Records: bytes a line, and of one that `mirrord ui` replays the time to open it, to show its middle and its search hits, and
//! the server's memory meanwhile.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionSummary;
use serde_json::{Value, json};

use crate::stats::Samples;

/// Events of the record; this variable has another number, for a brief run.
const EVENTS: u64 = 1_000_000;
const EVENTS_VARIABLE: &str = "MIRRORD_BENCH_EVENTS";
/// Goals.
const MAX_OPEN: Duration = Duration::from_secs(2);
const MAX_ANSWER: Duration = Duration::from_millis(100);
const MAX_MEMORY_KIB: u64 = 64 * 1024;
const ROUNDS: u64 = 9;

/// Bytes of lines in one frame, as `mirrord` writes them.
const FRAME_BYTES: usize = 4 * 1024 * 1024;

/// Line of an event as a program's run would make it.
fn line(seq: u64) -> String {
    let (ts, pid) = (1_795_197_600_000_000 + seq * 20, 4_000 + seq / 5_000 % 200);
    let body = match seq % 50 {
        0 => format!(
            r#""type":"OutgoingConnection","address":"10.96.{}.7","port":5432,"protocol":"tcp","pid":{pid},"outcome":"connected""#,
            seq % 90
        ),
        1 => format!(
            r#""type":"DnsQuery","host":"service-{}.cluster.local","pid":{pid}"#,
            seq / 50 % 300
        ),
        2 if seq % 5_000 < 50 => format!(
            r#""type":"LayerConnected","pid":{pid},"parent_pid":4000,"process_name":"worker","cmdline":["worker","{seq}"]"#
        ),
        _ => format!(
            r#""type":"FileOp","path":"/srv/shop/data/part-{}/file-{}.json","operation":"open","pid":{pid},"outcome":"{}","routing":"local""#,
            seq % 90,
            seq.wrapping_mul(2_654_435_761) % 25_000,
            if seq.is_multiple_of(7) { "not_found" } else { "ok" }
        ),
    };
    format!("{{\"seq\":{seq},\"ts\":{ts},{body}}}\n")
}

/// Writes a record, plain or in frames; returns its bytes.
fn write(path: &Path, events: u64, is_compressed: bool) -> Result<u64> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut frame = |text: &str| -> Result<()> {
        if is_compressed {
            let mut encoder = zstd::Encoder::new(&mut file, 3)?;
            encoder.include_checksum(true)?;
            encoder.write_all(text.as_bytes())?;
            encoder.finish()?;
        } else {
            file.write_all(text.as_bytes())?;
        }
        Ok(())
    };
    let header = json!({"type": "Record", "format": 1, "session": {"session_id": "bench", "protocol_version": 1}});
    frame(&format!("{header}\n"))?;
    let mut text = String::new();
    for seq in 1..=events {
        text += &line(seq);
        if text.len() >= FRAME_BYTES {
            frame(&text)?;
            text.clear();
        }
    }
    frame(&format!("{text}{}\n", json!({"type": "RecordEnd", "events": events})))?;
    file.flush()?;
    Ok(path.metadata()?.len())
}

/// Resident memory of the server, and the most that it was.
fn memory_kib(ui: &Ui) -> Result<(u64, u64)> {
    let pid = ui.child.id().context("the server has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let value = |name: &str| -> Result<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_ascii_whitespace().next());
        Ok(number.with_context(|| format!("no {name} in its status"))?.parse()?)
    };
    Ok((value("VmRSS:")?, value("VmHWM:")?))
}

fn row(name: &str, samples: &Samples, most: Duration) {
    let met = if samples.median() <= most { "met" } else { "MISSED" };
    println!(
        "  {name:28} {} (at most {} ms: {met})",
        samples.spread(),
        most.as_millis()
    );
}

async fn replay(home: &Home, file: &Path, events: u64) -> Result<()> {
    let file = file.to_str().context("the file has a name")?;
    let started = Instant::now();
    let ui = Ui::start_with(home, &["--port", "0", "--replay", file]).await;
    eventually("the record is read", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions?ended=true").await;
        let record = sessions.into_iter().find_map(|own| own.record);
        record.filter(|record| !record.loading && record.events == events)
    })
    .await;
    let mut open = Samples::default();
    open.add(started.elapsed());
    row("open, the server's start too", &open, MAX_OPEN);
    let (mut middle, mut events_around, mut hits, mut rare) = <(Samples, Samples, Samples, Samples)>::default();
    for round in 0..ROUNDS {
        let at = events / 2 + round * (events / 100) - 4 * (events / 100) + 7;
        let timed = async |path: String| -> (Duration, Value) {
            let started = Instant::now();
            let answer: Value = ui.json(&path).await;
            (started.elapsed(), answer)
        };
        let (took, detail) = timed(format!("/api/sessions/bench?at={at}")).await;
        ensure!(
            detail["state"]["seq"] == at,
            "the session is as it was at another event"
        );
        middle.add(took);
        let (took, around) = timed(format!("/api/sessions/bench/events?until={at}&last=500")).await;
        ensure!(around.as_array().is_some_and(|all| all.len() == 500), "500 events");
        events_around.add(took);
        hits.add(
            timed("/api/sessions/bench/events?q=outcome:not_found&limit=50".to_owned())
                .await
                .0,
        );
        rare.add(
            timed(format!("/api/sessions/bench/events?q=service-{}&limit=50", round + 3))
                .await
                .0,
        );
    }
    row("scrub to the middle", &middle, MAX_ANSWER);
    row("500 events before it", &events_around, MAX_ANSWER);
    row("first hits of a search", &hits, MAX_ANSWER);
    row("first hits, 1 of 15,000", &rare, MAX_ANSWER);
    let (now, most) = memory_kib(&ui)?;
    let met = if most <= MAX_MEMORY_KIB { "met" } else { "MISSED" };
    println!("  resident memory              {now} KiB, at the most {most} KiB (at most {MAX_MEMORY_KIB} KiB: {met})");
    Ok(())
}

pub(crate) async fn run() -> Result<()> {
    let events = match std::env::var(EVENTS_VARIABLE) {
        Ok(number) => number.parse()?,
        Err(_) => EVENTS,
    };
    let home = Home::new();
    for (name, is_compressed) in [("bench.ndjson", false), ("bench.ndjson.zst", true)] {
        let file: PathBuf = home.path().join(name);
        let bytes = write(&file, events, is_compressed)?;
        let a_line = bytes as f64 / events as f64;
        println!("\nrecord {name}: {events} events, {a_line:.1} bytes a line");
        replay(&home, &file, events).await?;
    }
    Ok(())
}
