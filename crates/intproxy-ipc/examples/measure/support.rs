//! Set-up of the measuring examples: a host, readers on threads of their own, and the printing of figures.

#![allow(
    dead_code,
    clippy::print_stdout,
    reason = "each example uses its own part of it, and its output is its purpose"
)]

use std::error::Error;
use std::hint::black_box;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use mirrord_intproxy_ipc::{MonitorTx, Session};
use mirrord_wire::session::Policy;
use mirrord_wire::{MonitorEvent, SessionInfo};
use tokio::runtime::Runtime;

const PATH: &str = "/usr/lib/python3/dist-packages/yaml/a.py";

/// A file operation with a path of 40 bytes.
pub(crate) fn event() -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(black_box(PATH).to_owned()),
        operation: "open".into(),
    }
}

/// Prints the median, the lowest and the highest of the rounds.
pub(crate) fn figure(name: &str, unit: &str, rounds: &mut [f64]) {
    rounds.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (rounds.first(), rounds.last()) else {
        return;
    };
    println!(
        "{name:32} {:12.3} {unit} ({low:.3} to {high:.3})",
        rounds[rounds.len() / 2]
    );
}

/// A session that sends every event, on a runtime of two threads.
pub(crate) struct Host {
    pub(crate) tx: MonitorTx,
    session: Session,
    runtime: Runtime,
}

impl Host {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let (tx, session) = runtime.block_on(async {
            Session::builder(SessionInfo::default())
                .policy(Policy::All)
                .start_without_listener()
        })?;
        Ok(Self { tx, session, runtime })
    }

    /// A client's end of a new connection that has asked for all events.
    pub(crate) fn connect(&self) -> Result<UnixStream, Box<dyn Error>> {
        let (mut client, server) = UnixStream::pair()?;
        server.set_nonblocking(true)?;
        let _inside = self.runtime.enter();
        self.session.serve_connection(tokio::net::UnixStream::from_std(server)?);
        client.write_all(b"GET /events?since=0\n")?;
        Ok(client)
    }
}

/// A reader that counts what it is sent, on a thread of its own.
pub(crate) struct Reader {
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    events: AtomicU64,
    missed: AtomicU64,
    /// The newest number that was accounted for.
    newest: AtomicU64,
    /// Nanoseconds.
    processor: AtomicU64,
    stopped: AtomicBool,
}

impl Reader {
    pub(crate) fn start(host: &Host) -> Result<Self, Box<dyn Error>> {
        Ok(Self::of(host.connect()?))
    }

    /// Of a connection that has asked for all events.
    pub(crate) fn of(client: UnixStream) -> Self {
        let counts = Arc::new(Counts::default());
        let own = Arc::clone(&counts);
        std::thread::spawn(move || read(client, &own));
        Self { counts }
    }

    /// Returns the number of events that it missed, by its `Lagged` lines.
    pub(crate) fn missed(&self) -> u64 {
        self.counts.missed.load(Ordering::Relaxed)
    }

    pub(crate) fn events(&self) -> u64 {
        self.counts.events.load(Ordering::Relaxed)
    }

    pub(crate) fn accounted(&self) -> u64 {
        self.counts.newest.load(Ordering::Relaxed)
    }

    /// As of the last piece that it read.
    pub(crate) fn processor_time(&self) -> Duration {
        Duration::from_nanos(self.counts.processor.load(Ordering::Relaxed))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.counts.stopped.store(true, Ordering::Relaxed);
    }
}

fn read(mut client: UnixStream, counts: &Counts) {
    let mut buffer = vec![0; 256 * 1024];
    let mut kept = 0;
    let mut seq = 0;
    while let Ok(read) = client.read(&mut buffer[kept..]) {
        if read == 0 || counts.stopped.load(Ordering::Relaxed) {
            return;
        }
        let end = kept + read;
        let whole = buffer[..end]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |last| last + 1);
        let lines = &buffer[..whole];
        let count = lines.iter().filter(|byte| **byte == b'\n').count() as u64;
        // No event here has this letter, and every control line that accounts for events does.
        let lagged = lines.iter().filter(|byte| **byte == b'L').count() as u64;
        seq = newest(lines).unwrap_or(seq);
        counts.events.fetch_add(count - lagged, Ordering::Relaxed);
        if lagged > 0 {
            counts.missed.fetch_add(missed(lines), Ordering::Relaxed);
        }
        counts.newest.store(seq, Ordering::Relaxed);
        if let Ok(time) = thread_time("/proc/thread-self/schedstat") {
            counts.processor.store(time, Ordering::Relaxed);
        }
        buffer.copy_within(whole..end, 0);
        kept = end - whole;
    }
}

/// Returns the number of events that the control lines of a piece account for.
fn missed(lines: &[u8]) -> u64 {
    const LAGGED: &[u8] = b"{\"type\":\"Lagged\",\"missed\":";
    let lines = lines.split(|byte| *byte == b'\n');
    lines.filter_map(|line| line.strip_prefix(LAGGED)).map(number).sum()
}

fn number(text: &[u8]) -> u64 {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

/// The number of the last event of a piece.
fn newest(lines: &[u8]) -> Option<u64> {
    let line = lines
        .rsplit(|byte| *byte == b'\n')
        .find(|line| line.starts_with(b"{\"seq\":"))?;
    Some(number(&line[7..]))
}

fn thread_time(path: &str) -> Result<u64, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.split(' ').next().unwrap_or_default().parse()?)
}

/// The processor time of this process's threads that live.
pub(crate) fn processor_time() -> Result<Duration, Box<dyn Error>> {
    let mut nanos = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let path = task?.path().join("schedstat");
        // A thread may end in the meantime.
        nanos += path.to_str().map_or(0, |path| thread_time(path).unwrap_or(0));
    }
    Ok(Duration::from_nanos(nanos))
}

/// The memory of this process that is in use, in KiB.
pub(crate) fn resident() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup")?;
    let line = text
        .lines()
        .find(|line| line.starts_with("Private_Dirty:"))
        .ok_or("no Private_Dirty")?;
    let number = line.split_ascii_whitespace().nth(1).ok_or("no number")?;
    Ok(number.parse()?)
}
