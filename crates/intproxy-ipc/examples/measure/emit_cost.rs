//! Measures emission, in nanoseconds an event, beside the cost of building the event.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example measure emit_cost
//!
//! One line a figure: `name value unit (spread)`, the median of rounds and the lowest and highest of them. A round is 4,000
//! events, fewer than the queue holds, and a pause after it lets the session catch up: the price of the call, not of a
//! flood. `beyond` is the median less that of building alone; `cpu` is the same by the emitting thread's own processor
//! time, which other programs on the machine do not lengthen. `together` is a flood: threads that never pause, and the
//! time for each event of all of them.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use mirrord_intproxy_ipc::MonitorTx;
use mirrord_intproxy_ipc::limits::BATCH_WITHOUT_READERS;
use rustix::time::{ClockId, clock_gettime};

use crate::support::{Host, Reader, event, figure};

const ROUNDS: usize = 151;
const EVENTS: usize = 4_000;

/// As long as events may gather, and the time to take them in.
const PAUSE: Duration = BATCH_WITHOUT_READERS.saturating_add(Duration::from_millis(5));

/// Cost of a call, in nanoseconds: by the clock, and of its thread's processor time.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

const NOTHING: Cost = Cost { wall: 0.0, cpu: 0.0 };

pub(crate) fn all() -> Result<(), Box<dyn Error>> {
    let built = cost("building", NOTHING, Duration::ZERO, || drop(black_box(event())));
    let off = MonitorTx::disabled();
    cost("disabled", NOTHING, Duration::ZERO, || black_box(&off).emit_with(event));
    for readers in [0, 1, 4] {
        let host = Host::start()?;
        let _readers = (0..readers)
            .map(|_| Reader::start(&host))
            .collect::<Result<Vec<_>, _>>()?;
        let name = format!("beyond_{readers}_readers");
        cost(&name, built, PAUSE, || host.tx.emit(event()));
    }
    let host = Host::start()?;
    let (mut one, mut four): (Vec<_>, Vec<_>) = (0..7).map(|_| (together(&host.tx, 1), together(&host.tx, 4))).unzip();
    let mut ratios = one.iter().zip(&four).map(|(one, four)| four / one).collect::<Vec<_>>();
    figure("together_1_threads", "ns/event", &mut one);
    figure("together_4_threads", "ns/event", &mut four);
    figure("four_threads_to_one", "times", &mut ratios);
    Ok(())
}

/// Prints what each call takes beyond `base`, and gives the medians.
fn cost(name: &str, base: Cost, pause: Duration, mut call: impl FnMut()) -> Cost {
    let (mut wall, mut cpu): (Vec<_>, Vec<_>) = (0..ROUNDS)
        .map(|_| {
            let round = round(&mut call);
            std::thread::sleep(pause);
            (round.wall - base.wall, round.cpu - base.cpu)
        })
        .unzip();
    figure(name, "ns/event", &mut wall);
    figure(&format!("{name}_cpu"), "ns/event", &mut cpu);
    let (wall, cpu) = (wall[ROUNDS / 2], cpu[ROUNDS / 2]);
    Cost { wall, cpu }
}

fn round(call: &mut impl FnMut()) -> Cost {
    let (start, before) = (Instant::now(), thread_time());
    (0..EVENTS).for_each(|_| call());
    let (taken, cpu) = (start.elapsed(), thread_time().saturating_sub(before));
    let each = |time: Duration| time.as_nanos() as f64 / EVENTS as f64;
    Cost {
        wall: each(taken),
        cpu: each(cpu),
    }
}

fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

fn together(tx: &MonitorTx, threads: usize) -> f64 {
    const EACH: usize = 250_000;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..EACH).for_each(|_| tx.emit(event())));
        }
    });
    start.elapsed().as_nanos() as f64 / (threads * EACH) as f64
}
