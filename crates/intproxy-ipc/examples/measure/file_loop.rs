//! Measures a program's own work: a loop that opens, reads and closes a file, and emits an event for each.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example measure file_loop
//!
//! One line a figure: `name value unit (spread)`. Each round runs the loop without a session and then with one, and gives
//! by how many percent it took longer; the readers run on the same processors.

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use mirrord_intproxy_ipc::MonitorTx;
use mirrord_wire::MonitorEvent;

use crate::support::{Host, Reader, figure};

const ROUNDS: usize = 9;
const FILES: usize = 40_000;

pub(crate) fn all() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let path = directory.path().join("read-by-the-loop-many-times.txt");
    std::fs::write(&path, [b'x'; 512])?;
    for readers in [0, 1, 4] {
        let host = Host::start()?;
        let readers = (0..readers)
            .map(|_| Reader::start(&host))
            .collect::<Result<Vec<_>, _>>()?;
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let without = run(&path, &MonitorTx::disabled())?;
            let with = run(&path, &host.tx)?;
            rounds.push((with.as_secs_f64() / without.as_secs_f64() - 1.0) * 100.0);
        }
        figure(
            &format!("file_loop_{}_readers", readers.len()),
            "percent slower",
            &mut rounds,
        );
    }
    Ok(())
}

fn run(path: &Path, tx: &MonitorTx) -> Result<Duration, Box<dyn Error>> {
    let text = path.to_string_lossy();
    let mut content = [0; 512];
    let start = Instant::now();
    for _ in 0..FILES {
        File::open(path)?.read_exact(&mut content)?;
        tx.emit_with(|| MonitorEvent::FileOp {
            path: Some(text.clone().into_owned()),
            operation: "open".into(),
        });
    }
    Ok(start.elapsed())
}
