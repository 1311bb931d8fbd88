//! Signal dispositions, signal mask and standard streams of this process at its start, before Rust's runtime changed
//! them.
//!
//! A program under observation starts with the signals and standard streams that it would have had without us: `nohup`
//! ignores SIGHUP for its child, a shell ignores SIGINT for a background job, Rust ignores SIGPIPE for itself before
//! `main` and opens the null device in place of a standard stream that is closed. So a constructor (`.init_array`)
//! records them first. It deliberately does nothing else.
#![expect(unsafe_code, reason = "a constructor, and signal dispositions, have no safe wrapper")]

use std::mem::zeroed;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use libc::{c_int, sigset_t};

static LOOKED: AtomicBool = AtomicBool::new(false);
static IGNORED: AtomicU64 = AtomicU64::new(0);
static BLOCKED: AtomicU64 = AtomicU64::new(0);
static CLOSED: AtomicU64 = AtomicU64::new(0);

const SIGNALS: std::ops::RangeInclusive<c_int> = 1..=64;
const STANDARD_STREAMS: std::ops::RangeInclusive<c_int> = 0..=2;

// SAFETY: the C library calls this once with one thread, before `main`; it uses nothing that is not set up by then.
#[used]
#[unsafe(link_section = ".init_array")]
static AT_START: extern "C" fn() = look;

extern "C" fn look() {
    if LOOKED.swap(true, Ordering::SeqCst) {
        return;
    }
    let (mut ignored, mut blocked, mut closed) = (0, 0, 0);
    // SAFETY: every pointer is to a local that outlives the call; nothing is changed.
    unsafe {
        let mut mask: sigset_t = zeroed();
        libc::pthread_sigmask(libc::SIG_BLOCK, null(), &raw mut mask);
        for signal in SIGNALS {
            let mut action: Action = zeroed();
            let known = disposition(signal, null(), &raw mut action);
            if known && action.handler == libc::SIG_IGN {
                ignored |= bit(signal);
            }
            if libc::sigismember(&raw const mask, signal) == 1 {
                blocked |= bit(signal);
            }
        }
        for stream in STANDARD_STREAMS {
            if libc::fcntl(stream, libc::F_GETFD) == -1 {
                closed |= 1 << stream;
            }
        }
    }
    CLOSED.store(closed, Ordering::SeqCst);
    IGNORED.store(ignored, Ordering::SeqCst);
    BLOCKED.store(blocked, Ordering::SeqCst);
}

/// `struct sigaction` as the kernel knows it, on both architectures. The C library's function would not speak of the
/// two signals that it keeps for itself.
#[repr(C)]
struct Action {
    handler: usize,
    flags: usize,
    restorer: usize,
    mask: u64,
}

/// `rt_sigaction`.
///
/// # Safety
/// Each pointer is null or to an `Action`, and a new handler is one of the two that are no functions.
unsafe fn disposition(signal: c_int, new: *const Action, old: *mut Action) -> bool {
    // SAFETY: as above.
    unsafe { libc::syscall(libc::SYS_rt_sigaction, signal, new, old, size_of::<u64>()) == 0 }
}

fn bit(signal: c_int) -> u64 {
    1 << (signal - 1)
}

/// Closes the standard streams that were closed at the start, and are open on the null device since. Safe between fork
/// and exec.
pub(crate) fn close_streams() {
    let closed = CLOSED.load(Ordering::SeqCst);
    for stream in STANDARD_STREAMS.filter(|stream| closed & (1 << stream) != 0) {
        // SAFETY: nothing of ours uses a standard stream in a process that becomes the program.
        unsafe { libc::close(stream) };
    }
}

/// The signals that were ignored and blocked at the start.
#[derive(Clone, Copy)]
pub(crate) struct Signals {
    ignored: u64,
    mask: sigset_t,
}

impl Signals {
    pub(crate) fn at_start() -> Self {
        // Where the constructor was linked away, what holds now is the best guess.
        look();
        let blocked = BLOCKED.load(Ordering::SeqCst);
        // SAFETY: a local set, and signal numbers that exist.
        let mask = unsafe {
            let mut mask: sigset_t = zeroed();
            libc::sigemptyset(&raw mut mask);
            for signal in SIGNALS.filter(|signal| blocked & bit(*signal) != 0) {
                libc::sigaddset(&raw mut mask, signal);
            }
            mask
        };
        Self {
            ignored: IGNORED.load(Ordering::SeqCst),
            mask,
        }
    }

    /// Gives the calling process these dispositions. Safe between fork and exec.
    pub(crate) fn give_dispositions(&self) {
        for signal in SIGNALS {
            // SAFETY: neither disposition is a function. Signals that have none are refused.
            unsafe {
                let mut action: Action = zeroed();
                action.handler = if self.ignored & bit(signal) == 0 {
                    libc::SIG_DFL
                } else {
                    libc::SIG_IGN
                };
                disposition(signal, &raw const action, null_mut());
            }
        }
    }

    /// Gives the calling thread this mask. Safe between fork and exec.
    pub(crate) fn give_mask(&self) {
        // SAFETY: a valid set.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.mask, null_mut()) };
    }
}
