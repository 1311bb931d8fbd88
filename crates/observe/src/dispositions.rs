//! Signal dispositions of this process as it was started, and two that no program of ours can do without.
#![expect(unsafe_code, reason = "signal dispositions have no safe wrapper")]

use std::mem::zeroed;
use std::ptr::{null, null_mut};

/// Returns whether this process ignores a signal, as under `nohup` and in a shell's background jobs. To be called
/// before any handler is set.
#[must_use]
pub fn is_ignored(signal: i32) -> bool {
    // SAFETY: nothing is changed, and the structure lives through the call.
    unsafe {
        let mut action: libc::sigaction = zeroed();
        libc::sigaction(signal, null(), &raw mut action) == 0 && action.sa_sigaction == libc::SIG_IGN
    }
}

/// Makes a write beyond `ulimit -f` an error, which would end this process in silence, and the end of a child something
/// to wait for, which it is not where the parent ignored SIGCHLD. A watched program gets what was there before.
pub fn set_own_dispositions() {
    for (signal, handler) in [(libc::SIGXFSZ, libc::SIG_IGN), (libc::SIGCHLD, libc::SIG_DFL)] {
        // SAFETY: neither disposition is a function, and the structure lives through the call.
        unsafe {
            let mut action: libc::sigaction = zeroed();
            action.sa_sigaction = handler;
            libc::sigaction(signal, &raw const action, null_mut());
        }
    }
}

/// Ends this process by a signal's default action. Returns where it has none that ends a process, or where the system
/// protects this one, as it does the first process of a container.
pub fn die_by(signal: i32) {
    // SAFETY: the default disposition is no function, and both structures live through the calls.
    unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = libc::SIG_DFL;
        libc::sigaction(signal, &raw const action, null_mut());
        let mut set: libc::sigset_t = zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, null_mut());
        libc::raise(signal);
    }
}
