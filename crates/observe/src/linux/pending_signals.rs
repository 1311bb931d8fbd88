//! Blocked signals of this process: which are pending, and taking one.
//!
//! A signal that is blocked stays pending, without a handler, until it is taken, and can be looked at before that. The
//! kernel's own calls are used, since the C library keeps two real-time signals from its callers' sets. Invariant:
//! nothing here decides what a signal means.
#![expect(
    unsafe_code,
    reason = "no safe wrapper takes one pending signal with what is known of it"
)]

use std::io;
use std::mem::zeroed;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};
use std::ptr::{null, null_mut};

use libc::{c_int, siginfo_t};

const SET_BYTES: usize = size_of::<u64>();

/// A set of signals, a bit each, as the kernel has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SignalSet(u64);

impl SignalSet {
    pub(crate) const fn of(signals: &[c_int]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < signals.len() {
            bits |= 1 << (signals[at] - 1);
            at += 1;
        }
        Self(bits)
    }

    /// The real-time signals, but for the two that the C library keeps for itself.
    pub(crate) const fn real_time() -> Self {
        Self(!0 << 33)
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn contains(self, signal: c_int) -> bool {
        self.0 & Self::of(&[signal]).0 != 0
    }

    pub(crate) fn remove(&mut self, signal: c_int) {
        self.0 &= !Self::of(&[signal]).0;
    }

    pub(crate) fn insert(&mut self, signal: c_int) {
        self.0 |= Self::of(&[signal]).0;
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = c_int> {
        (1..=64).filter(move |signal| self.contains(*signal))
    }
}

/// Blocks signals for the calling thread, and for those that it starts.
pub(crate) fn block(signals: SignalSet) {
    change_mask(libc::SIG_BLOCK, signals);
}

fn unblock(signals: SignalSet) {
    change_mask(libc::SIG_UNBLOCK, signals);
}

fn change_mask(how: c_int, signals: SignalSet) {
    let old: *mut u64 = null_mut();
    // SAFETY: the kernel reads one set, which lives through the call.
    unsafe { libc::syscall(libc::SYS_rt_sigprocmask, how, &raw const signals.0, old, SET_BYTES) };
}

/// The signals that are pending for this process or the calling thread.
pub(crate) fn pending_set() -> SignalSet {
    let mut set = 0_u64;
    // SAFETY: the kernel writes one set.
    unsafe { libc::syscall(libc::SYS_rt_sigpending, &raw mut set, SET_BYTES) };
    SignalSet(set)
}

/// A pending signal that was taken.
pub(crate) struct Taken(siginfo_t);

impl Taken {
    pub(crate) fn signal(&self) -> c_int {
        self.0.si_signo
    }

    /// Returns whether the kernel sent it, as a terminal does.
    pub(crate) fn is_from_kernel(&self) -> bool {
        self.0.si_code > 0
    }

    /// The process that sent it; `None` where it was the kernel, or one outside our PID namespace.
    pub(crate) fn sender(&self) -> Option<u32> {
        if self.is_from_kernel() {
            return None;
        }
        // SAFETY: a signal that a process sent has its number in this field.
        u32::try_from(unsafe { self.0.si_pid() }).ok().filter(|pid| *pid != 0)
    }

    /// The whole information, where it is the sender's own (`sigqueue`) and may be passed on.
    pub(crate) fn queued(&self) -> Option<&siginfo_t> {
        (self.0.si_code == libc::SI_QUEUE).then_some(&self.0)
    }
}

/// Takes one pending signal of a set, without waiting.
pub(crate) fn take_pending(signals: SignalSet) -> Option<Taken> {
    let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: plain numbers, for which zero is a value.
    let mut info: siginfo_t = unsafe { zeroed() };
    // SAFETY: the kernel reads a set and a time, and writes one structure of this type.
    let taken = unsafe {
        libc::syscall(
            libc::SYS_rt_sigtimedwait,
            &raw const signals.0,
            &raw mut info,
            &raw const now,
            SET_BYTES,
        )
    };
    (taken > 0).then_some(Taken(info))
}

/// A descriptor that is readable while one of the signals is pending.
pub(crate) fn readiness(signals: SignalSet) -> io::Result<OwnedFd> {
    let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
    // SAFETY: the kernel reads one set.
    match unsafe { libc::syscall(libc::SYS_signalfd4, -1, &raw const signals.0, SET_BYTES, flags) } {
        -1 => Err(io::Error::last_os_error()),
        // SAFETY: the kernel has just made this descriptor, and it has no other owner.
        fd => Ok(unsafe { OwnedFd::from_raw_fd(fd as c_int) }),
    }
}

/// Stops this process by a signal that stops by default, and returns when it goes on; at once where the signal has no
/// effect, as in an orphaned process group.
pub(crate) fn stop_by(signal: c_int) {
    let set = SignalSet::of(&[signal]);
    let previous = set_default(signal);
    // One more that is pending already must not stop us a second time: both are dropped when we go on.
    block(set);
    // SAFETY: a signal to the calling thread.
    unsafe { libc::raise(signal) };
    unblock(set);
    block(set);
    if let Some(previous) = previous {
        // SAFETY: the disposition that was there before.
        unsafe { libc::sigaction(signal, &raw const previous, null_mut()) };
    }
}

/// Sets the default disposition; the previous one, where there was another.
fn set_default(signal: c_int) -> Option<libc::sigaction> {
    // SAFETY: the default disposition is no function, and both structures live through the call.
    unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = libc::SIG_DFL;
        let mut previous: libc::sigaction = zeroed();
        let changed = libc::sigaction(signal, &raw const action, &raw mut previous) == 0;
        (changed && previous.sa_sigaction != libc::SIG_DFL).then_some(previous)
    }
}

/// Sends a signal to the process that a descriptor is open on, with the sender's own information where there is one.
pub(crate) fn pass_on(process: BorrowedFd<'_>, taken: &Taken) -> io::Result<()> {
    let info = taken.queued().map_or(null(), std::ptr::from_ref);
    let fd = process.as_raw_fd();
    // SAFETY: the information is none, or what the kernel gave us, which lives through the call.
    match unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, taken.signal(), info, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in() {
        let mut set = SignalSet::of(&[1, 64]).and(SignalSet::of(&[2]));
        assert_eq!(set.iter().collect::<Vec<_>>(), [1, 2, 64]);
        set.remove(2);
        set.insert(3);
        assert!(set.contains(3) && !set.contains(2));
        assert_eq!(SignalSet::real_time().iter().next(), Some(34));
        assert_eq!(set.common(SignalSet::of(&[64])).iter().collect::<Vec<_>>(), [64]);
    }

    #[test]
    fn a_blocked_signal_stays_pending_until_it_is_taken() {
        std::thread::spawn(|| {
            let set = SignalSet::of(&[libc::SIGUSR2]);
            block(set);
            assert!(take_pending(set).is_none());
            // SAFETY: a signal to this thread, which blocks it.
            unsafe { libc::raise(libc::SIGUSR2) };
            assert!(pending_set().contains(libc::SIGUSR2));
            let taken = take_pending(set).expect("it is pending");
            assert_eq!(
                (taken.signal(), taken.sender()),
                (libc::SIGUSR2, Some(std::process::id()))
            );
            assert!(!pending_set().contains(libc::SIGUSR2) && !taken.is_from_kernel());
        })
        .join()
        .expect("a thread");
    }
}
