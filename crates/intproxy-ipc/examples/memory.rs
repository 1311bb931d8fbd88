//! Measures a session's part of its host's memory: at rest, in a flood that readers read, and in one that they do not.
//!
//!     cargo run --release --package mirrord-intproxy-ipc --example memory
//!
//! One line a figure: `name value unit (spread)`. The memory is what the process has written to and still has
//! (`Private_Dirty`), less what it had before the session; in a flood it is the most that was seen. `allocated` is what
//! was asked of the allocator and not given back: the rest is the allocator's own, and the stacks.

#![allow(clippy::print_stdout, reason = "its output is its purpose")]
#![allow(unsafe_code, reason = "an allocator that counts can be had in no other way")]

#[cfg(target_os = "linux")]
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counting;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;
    static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

    // SAFETY: every call goes to the system's allocator as it came.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            ALLOCATED.fetch_add(layout.size(), Ordering::Relaxed);
            // SAFETY: the caller's layout.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
            ALLOCATED.fetch_sub(layout.size(), Ordering::Relaxed);
            // SAFETY: the caller's memory and layout.
            unsafe { System.dealloc(memory, layout) }
        }
    }

    /// Returns the allocated memory, in KiB.
    pub(crate) fn allocated() -> f64 {
        ALLOCATED.load(Ordering::Relaxed) as f64 / 1024.0
    }
}

#[cfg(target_os = "linux")]
#[path = "measure/support.rs"]
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

    use crate::counting::allocated;
    use crate::support::{Host, event, figure, resident};

    const FLOOD: Duration = Duration::from_secs(2);

    /// Memory in use, in KiB.
    #[derive(Clone, Copy)]
    struct Memory {
        resident: f64,
        allocated: f64,
    }

    impl Memory {
        fn now() -> Result<Self, Box<dyn Error>> {
            Ok(Self {
                resident: resident()?,
                allocated: allocated(),
            })
        }

        fn print(self, name: &str, bare: Self) {
            figure(name, "KiB", &mut [self.resident - bare.resident]);
            figure(
                &format!("{name}_allocated"),
                "KiB",
                &mut [self.allocated - bare.allocated],
            );
        }
    }

    pub(crate) fn all() -> Result<(), Box<dyn Error>> {
        // What the first runtime of a process leaves behind is not a session's.
        drop(Host::start()?);
        let bare = Memory::now()?;
        let host = Host::start()?;
        host.tx.emit(event());
        std::thread::sleep(Duration::from_millis(200));
        Memory::now()?.print("at_rest", bare);
        flood(&host)?.print("flood_no_reader", bare);
        std::thread::sleep(Duration::from_secs(3));
        Memory::now()?.print("after_flood", bare);
        let stuck = (0..8).map(|_| host.connect()).collect::<Result<Vec<_>, _>>()?;
        flood(&host)?.print("flood_8_stuck_readers", bare);
        drop(stuck);
        let mut reading = host.connect()?;
        std::thread::spawn(move || while reading.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {});
        flood(&host)?.print("flood_1_reader", bare);
        Ok(())
    }

    /// The most memory that is seen while an emitter never pauses.
    fn flood(host: &Host) -> Result<Memory, Box<dyn Error>> {
        let start = Instant::now();
        let mut most = Memory {
            resident: 0.0,
            allocated: 0.0,
        };
        while start.elapsed() < FLOOD {
            (0..20_000).for_each(|_| host.tx.emit(event()));
            let now = Memory::now()?;
            most.resident = most.resident.max(now.resident);
            most.allocated = most.allocated.max(now.allocated);
        }
        Ok(most)
    }
}
