//! What a session adds to its host's memory: at rest, in a flood that readers read, and in one that they do not.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example memory
//!
//! One line a figure: `name value unit (spread)`. The memory is what the process has written to and still has
//! (`Private_Dirty`), less what it had before the session; in a flood it is the most that was seen.

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
    println!("the memory is read from /proc, which this system lacks");
}

#[cfg(target_os = "linux")]
mod figures {
    use std::error::Error;
    use std::io::Read;
    use std::time::{Duration, Instant};

    use crate::support::{Host, event, figure, resident};

    const FLOOD: Duration = Duration::from_secs(2);

    pub(crate) fn all() -> Result<(), Box<dyn Error>> {
        // What the first runtime of a process leaves behind is not a session's.
        drop(Host::start()?);
        let bare = resident()?;
        let host = Host::start()?;
        host.tx.emit(event());
        std::thread::sleep(Duration::from_millis(200));
        let started = resident()?;
        figure("at_rest", "KiB", &mut [started - bare]);
        figure("flood_no_reader", "KiB", &mut [flood(&host)? - bare]);
        std::thread::sleep(Duration::from_secs(3));
        figure("after_flood", "KiB", &mut [resident()? - bare]);
        let stuck = (0..8).map(|_| host.connect()).collect::<Result<Vec<_>, _>>()?;
        figure("flood_8_stuck_readers", "KiB", &mut [flood(&host)? - bare]);
        drop(stuck);
        let mut reading = host.connect()?;
        std::thread::spawn(move || while reading.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {});
        figure("flood_1_reader", "KiB", &mut [flood(&host)? - bare]);
        Ok(())
    }

    /// The most memory that is seen while an emitter never pauses.
    fn flood(host: &Host) -> Result<f64, Box<dyn Error>> {
        let start = Instant::now();
        let mut most = 0.0_f64;
        while start.elapsed() < FLOOD {
            (0..20_000).for_each(|_| host.tx.emit(event()));
            most = most.max(resident()?);
        }
        Ok(most)
    }
}
