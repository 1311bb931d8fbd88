//! Cost of observation for the program: bare, under `mirrord exec` alone, with a config and with a record, and under strace
//! in its two ways.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use mirrord_tests::home::Home;
use mirrord_tests::program::{EventReader, Program};
use mirrord_wire::StreamLine;
use serde_json::json;

use crate::stats::Samples;

/// Runs of each way, in turn, so that a busy minute of the machine meets all of them.
const ROUNDS: usize = 11;

const LOOP_OF_OPENS: &str = "
for i in range(10000):
    try: open('/etc/hostname').close()
    except OSError: pass
";
/// With a config the place of each program's dynamic loader is read before its first answer.
const LOOP_OF_PROGRAMS: &str = "i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done";
const IMPORTS: &str = "import asyncio, email.message, http.client, json, logging.handlers, multiprocessing, sqlite3, \
                       ssl, unittest.mock, urllib.request, xml.dom.minidom, zipfile";

/// The ways of `mirrord exec`, whose ratios are printed: a decision by a config is made, and a record written, behind the
/// answer to a call.
const BARE: &str = "bare";
const ALONE: &str = "mirrord exec";
const WITH_CONFIG: &str = "mirrord exec -f";
const WITH_RECORD: &str = "mirrord exec --record";

struct Workload {
    name: &'static str,
    command: Vec<String>,
}

/// A way to run a program: the words before it on the command line.
struct Way {
    name: &'static str,
    before: Vec<String>,
}

/// Words of `mirrord exec -f` with a config of 50 patterns.
fn with_config(home: &Home, binary: &str) -> Result<Vec<String>> {
    let patterns = |name: &str| {
        (0..25)
            .map(|own| format!("^/{name}/{own}/.*\\.conf$"))
            .collect::<Vec<_>>()
    };
    let lists = json!({"mode": "read", "not_found": patterns("none"), "local": patterns("local")});
    let file = home.path().join("mirrord.json");
    std::fs::write(&file, json!({"target": "pod/a", "feature": {"fs": lists}}).to_string())?;
    Ok([binary, "exec", "-f", &file.display().to_string(), "--"]
        .map(str::to_owned)
        .into())
}

/// Words of `mirrord exec --record`; each run replaces the record of the one before.
fn with_record(home: &Home, binary: &str) -> Vec<String> {
    let file = home.path().join("run.ndjson");
    [binary, "exec", "--record", &file.display().to_string(), "--"]
        .map(str::to_owned)
        .into()
}

pub(crate) async fn run() -> Result<()> {
    let home = Home::new();
    let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=file,network"].map(str::to_owned);
    let mirrord = [
        mirrord_tests::home::binary().display().to_string(),
        "exec".to_owned(),
        "--".to_owned(),
    ];
    let ways = [
        Way {
            name: BARE,
            before: vec![],
        },
        Way {
            name: ALONE,
            before: mirrord.to_vec(),
        },
        Way {
            name: WITH_CONFIG,
            before: with_config(&home, &mirrord[0])?,
        },
        Way {
            name: WITH_RECORD,
            before: with_record(&home, &mirrord[0]),
        },
        Way {
            name: "strace --seccomp-bpf",
            before: [&strace[..], &["--seccomp-bpf".to_owned()]].concat(),
        },
        Way {
            name: "strace",
            before: strace.to_vec(),
        },
    ];
    let python = interpreter().await?;
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let nothing = Workload {
        name: "start-up alone: true",
        command: words(&["true"]),
    };
    let start_up = measure(&home, &nothing, &ways).await?;
    print_rows(&nothing, &ways, &start_up, None);
    let source = home.path().join("hello.c");
    std::fs::write(
        &source,
        "#include <stdio.h>\n#include <stdlib.h>\nint main(void) { return puts(\"hello\") < 0; }\n",
    )?;
    let object = home.path().join("hello").display().to_string();
    let others = [
        Workload {
            name: "node -e 0",
            command: words(&["node", "-e", "0"]),
        },
        Workload {
            name: "cc hello.c",
            command: words(&["cc", "-O2", "-o", &object, &source.display().to_string()]),
        },
    ];
    // A machine without them measures the rest.
    let others = others.into_iter().filter(|own| is_on_path(&own.command[0]));
    let workloads = [
        Workload {
            name: "python: 10,000 opens",
            command: vec![python.clone(), "-c".to_owned(), LOOP_OF_OPENS.to_owned()],
        },
        Workload {
            name: "find /usr/share/doc -xdev",
            command: words(&["find", "/usr/share/doc", "-xdev", "-newer", "/etc/hostname"]),
        },
        Workload {
            name: "python: imports",
            command: vec![python.clone(), "-c".to_owned(), IMPORTS.to_owned()],
        },
        Workload {
            name: "sh: 300 programs",
            command: words(&["sh", "-c", LOOP_OF_PROGRAMS]),
        },
    ];
    for workload in workloads.into_iter().chain(others) {
        let calls = watched_calls(&home, &workload).await?;
        let measured = measure(&home, &workload, &ways).await?;
        print_rows(&workload, &ways, &measured, Some((calls, &start_up)));
    }
    Ok(())
}

/// Returns whether a program is found by its name.
fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The interpreter itself: a version manager's shim is a shell script, and would be measured with it.
pub(crate) async fn interpreter() -> Result<String> {
    let ask = ["-c", "import sys; print(sys.executable)"];
    let output = tokio::process::Command::new("python3")
        .args(ask)
        .output()
        .await
        .context("there is no python3")?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Counts the program's events: one for each call that is watched.
async fn watched_calls(home: &Home, workload: &Workload) -> Result<u64> {
    let gate = format!("read line; exec {}", quoted(&workload.command));
    let mut program = Program::start(home, "count", &["sh", "-c", &gate]).await;
    let mut events = EventReader::open(&program.socket(), "/events?since=0").await;
    program.tell("go").await;
    let count = async {
        let mut seq = 0;
        while let Some(line) = events.raw().await {
            match serde_json::from_str(&line)? {
                StreamLine::Event(line) => seq = line.seq,
                StreamLine::Control(_) => {}
            }
        }
        anyhow::Ok(seq)
    };
    let (seq, _) = tokio::join!(count, program.finish());
    seq
}

fn quoted(command: &[String]) -> String {
    command
        .iter()
        .map(|word| format!("'{}'", word.replace('\'', r"'\''")))
        .collect::<Vec<_>>()
        .join(" ")
}

async fn measure(home: &Home, workload: &Workload, ways: &[Way]) -> Result<Vec<Samples>> {
    let mut samples = vec![Samples::default(); ways.len()];
    for round in 0..=ROUNDS {
        for (way, samples) in ways.iter().zip(&mut samples) {
            let took = once(home, workload, way).await?;
            // The first round fills the caches.
            if round > 0 {
                samples.add(took);
            }
        }
    }
    Ok(samples)
}

async fn once(home: &Home, workload: &Workload, way: &Way) -> Result<Duration> {
    let words: Vec<_> = way.before.iter().chain(&workload.command).collect();
    let mut command = home.command(PathBuf::from(words[0]));
    command
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    let status = command
        .status()
        .await
        .with_context(|| format!("cannot run {}", words[0]))?;
    let took = started.elapsed();
    ensure!(
        status.success(),
        "{} under {} ended with {status}",
        workload.name,
        way.name
    );
    Ok(took)
}

fn print_rows(workload: &Workload, ways: &[Way], samples: &[Samples], calls: Option<(u64, &[Samples])>) {
    match calls {
        None => println!("\n{}, {ROUNDS} rounds", workload.name),
        Some((calls, _)) => println!("\n{}, {ROUNDS} rounds, {calls} watched calls", workload.name),
    }
    let bare = samples[0].median();
    for (index, (way, own)) in ways.iter().zip(samples).enumerate() {
        let added = own.median().saturating_sub(bare);
        let each = calls.map_or(String::new(), |(calls, start_up)| {
            let start_up = start_up[index].median().saturating_sub(start_up[0].median());
            let added = added.saturating_sub(start_up).as_secs_f64() * 1e6;
            #[expect(clippy::cast_precision_loss, reason = "a count of calls")]
            let each = added / calls as f64;
            format!("  {each:7.2} µs a call without the start-up")
        });
        println!(
            "  {:22} {}  +{:8.1} ms{each}",
            way.name,
            own.spread(),
            added.as_secs_f64() * 1e3
        );
    }
    let start_up = calls.map(|(_, start_up)| start_up);
    for way in [WITH_CONFIG, WITH_RECORD] {
        print_ratio(way, ways, samples, start_up);
    }
}

/// Prints what one way of `mirrord exec` takes beside `mirrord exec` alone, as ratios of the medians: of whole runs, of what
/// follows the start, and of the time that each adds to the bare program.
fn print_ratio(way: &str, ways: &[Way], samples: &[Samples], start_up: Option<&[Samples]>) {
    let median = |all: &[Samples], name: &str| {
        let own = ways.iter().position(|way| way.name == name)?;
        Some(all.get(own)?.median().as_secs_f64())
    };
    let ratio = |taken: &dyn Fn(&str) -> Option<f64>| Some(taken(way)? / taken(ALONE)?);
    let behind = |name: &str| Some(median(samples, name)? - median(start_up?, name)?);
    let added = |name: &str| Some(median(samples, name)? - median(samples, BARE)?);
    let words = [
        ("whole", ratio(&|name| median(samples, name))),
        ("behind the start", ratio(&behind)),
        ("added to bare", ratio(&added)),
    ];
    let words: Vec<_> = words
        .iter()
        .filter_map(|(name, ratio)| Some(format!("{name} {:.3}", (*ratio)?)))
        .collect();
    println!("  {way} / {ALONE}: {}", words.join(", "));
}
