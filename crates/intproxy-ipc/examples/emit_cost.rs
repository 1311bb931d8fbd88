//! What emitting costs, in nanoseconds an event, beside what building the event costs by itself.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example emit_cost
//!
//! One line a figure: `name value unit (spread)`, the median of rounds and the lowest and highest of them. A round is 4,000
//! events, fewer than the queue holds, and a pause after it lets the session catch up: the price of the call, not of a
//! flood. `beyond` is the median less that of building alone. `together` is a flood: threads that never pause, and the
//! time for each event of all of them.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]

#[cfg(target_os = "linux")]
#[path = "support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    figures::all()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the readers here are on Unix sockets and in /proc, which this system lacks");
}

#[cfg(target_os = "linux")]
mod figures {
    use std::error::Error;
    use std::hint::black_box;
    use std::time::{Duration, Instant};

    use mirrord_intproxy_ipc::MonitorTx;

    use crate::support::{Host, Reader, event, figure};

    const ROUNDS: usize = 151;
    const EVENTS: usize = 4_000;

    pub(crate) fn all() -> Result<(), Box<dyn Error>> {
        let built = cost("building", 0.0, Duration::ZERO, || drop(black_box(event())));
        let off = MonitorTx::disabled();
        cost("disabled", 0.0, Duration::ZERO, || black_box(&off).emit_with(event));
        for readers in [0, 1, 4] {
            let host = Host::start()?;
            let _readers = (0..readers)
                .map(|_| Reader::start(&host))
                .collect::<Result<Vec<_>, _>>()?;
            let name = format!("beyond_{readers}_readers");
            cost(&name, built, Duration::from_millis(8), || host.tx.emit(event()));
        }
        let host = Host::start()?;
        let (mut one, mut four): (Vec<_>, Vec<_>) =
            (0..7).map(|_| (together(&host.tx, 1), together(&host.tx, 4))).unzip();
        let mut ratios = one.iter().zip(&four).map(|(one, four)| four / one).collect::<Vec<_>>();
        figure("together_1_threads", "ns/event", &mut one);
        figure("together_4_threads", "ns/event", &mut four);
        figure("four_threads_to_one", "times", &mut ratios);
        Ok(())
    }

    /// Prints the time for each call less `base`, and gives the median.
    fn cost(name: &str, base: f64, pause: Duration, mut call: impl FnMut()) -> f64 {
        let mut rounds = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                (0..EVENTS).for_each(|_| call());
                let taken = start.elapsed();
                std::thread::sleep(pause);
                taken.as_nanos() as f64 / EVENTS as f64 - base
            })
            .collect::<Vec<_>>();
        figure(name, "ns/event", &mut rounds);
        rounds[ROUNDS / 2]
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
}
