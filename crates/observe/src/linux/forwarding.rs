//! Signals that reach this process while it stands for the program.
//!
//! A terminal sends its signals to the whole group: the program gets them itself, and what becomes of us follows from what
//! the program does. A signal that somebody sends to us alone is meant for the program, and is passed on. The kernel tells
//! the two apart (`si_code`). Deliberately left alone: real-time signals, and what is sent by the program itself.
#![expect(unsafe_code, reason = "a signal handler that asks who sent the signal")]

use std::io;
use std::mem::zeroed;
use std::os::fd::{BorrowedFd, IntoRawFd as _};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use libc::{c_int, c_void, siginfo_t};

/// A descriptor of the program's process, which is never closed again; -1 while there is none.
static PROGRAM: AtomicI32 = AtomicI32::new(-1);
static PROGRAM_PID: AtomicU32 = AtomicU32::new(0);

/// Everything that a user, a shell or a supervisor sends. Not SIGCHLD, SIGPIPE and the like: those are about us.
const FORWARDED: [c_int; 11] = [
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGTERM,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGALRM,
    libc::SIGWINCH,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
];

/// Passes signals on from now on, for as long as this process lives.
pub(crate) fn forward_to(program: BorrowedFd<'_>, pid: u32) -> io::Result<()> {
    let program = program.try_clone_to_owned()?.into_raw_fd();
    PROGRAM_PID.store(pid, Ordering::SeqCst);
    PROGRAM.store(program, Ordering::SeqCst);
    for signal in FORWARDED {
        // SAFETY: the handler is async-signal-safe, and of the form that SA_SIGINFO calls for.
        unsafe {
            let mut action: libc::sigaction = zeroed();
            action.sa_sigaction = pass_on as extern "C" fn(c_int, *mut siginfo_t, *mut c_void) as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
            if libc::sigaction(signal, &raw const action, null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(())
}

extern "C" fn pass_on(signal: c_int, info: *mut siginfo_t, _: *mut c_void) {
    // SAFETY: the kernel passes the information; a sender's number is there where a process sent the signal. `errno` is
    // put back, for whatever was interrupted.
    unsafe {
        let by_process = (*info).si_code <= 0;
        if by_process && (*info).si_pid() as u32 != PROGRAM_PID.load(Ordering::SeqCst) {
            let errno = *libc::__errno_location();
            let program = PROGRAM.load(Ordering::SeqCst);
            libc::syscall(libc::SYS_pidfd_send_signal, program, signal, null::<siginfo_t>(), 0);
            *libc::__errno_location() = errno;
        }
    }
}
