//! Witness: a small process in our process group that shows whether a signal was sent to the whole group.
//!
//! A signal to a group and one to a single process have the same `siginfo_t`. The witness blocks every signal, so that
//! one to the group stays pending there as well, where it can be asked for. It ends when its end of the socket is
//! closed or its parent's thread ends. Its name has no "mirrord" in it: `pkill mirrord` would look like a signal to the
//! group.
#![expect(unsafe_code, reason = "fork, and the name of the forked process")]

use std::io;
use std::mem::zeroed;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::ptr::null_mut;
use std::time::Duration;

use libc::c_int;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socketpair};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use super::pending_signals::{self, SignalSet};
use super::procfs::Arguments;

/// Time in which the witness answers: one that was stopped by itself does not.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(200);
const NAME: &std::ffi::CStr = c"signal-witness";

/// The witness, as its parent has it. It ends when this is dropped.
pub(crate) struct Witness {
    socket: OwnedFd,
    pid: Pid,
}

impl Witness {
    /// Forks it. It ends with the calling thread at the latest.
    pub(crate) fn start() -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        let (socket, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None)?;
        let arguments = Arguments::of_this_process();
        // SAFETY: the child makes system calls only, on what was prepared before, and never returns from `witness`.
        match unsafe { libc::fork() } {
            -1 => Err(io::Error::last_os_error()),
            0 => witness(theirs.as_raw_fd(), arguments),
            pid => Ok(Self {
                socket,
                pid: Pid::from_raw(pid).ok_or(io::ErrorKind::InvalidData)?,
            }),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid.as_raw_nonzero().get() as u32
    }

    /// Returns whether the signal was pending there. It no longer is: each one is counted once.
    pub(crate) fn takes(&self, signal: c_int) -> io::Result<bool> {
        let sent = send(&self.socket, &[signal as u8], SendFlags::NOSIGNAL | SendFlags::DONTWAIT)?;
        let timeout = Timespec::try_from(ANSWER_TIMEOUT).map_err(io::Error::other)?;
        let ready = loop {
            match poll(&mut [PollFd::new(&self.socket, PollFlags::IN)], Some(&timeout)) {
                Err(rustix::io::Errno::INTR) => {}
                other => break other?,
            }
        };
        let mut answer = [0; 1];
        if ready == 0 || sent != 1 || recv(&self.socket, &mut answer, RecvFlags::DONTWAIT)?.1 != 1 {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(answer[0] != 0)
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        // Its number is its own until it has been waited for.
        let _ = kill_process(self.pid, Signal::KILL);
        while let Err(rustix::io::Errno::INTR) = waitpid(Some(self.pid), WaitOptions::empty()) {}
    }
}

/// The forked process: answers until the socket is closed.
fn witness(socket: c_int, arguments: Option<Arguments>) -> ! {
    // SAFETY: system calls on descriptors that this process has; nothing is allocated and no lock is taken.
    unsafe {
        block_every_signal();
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong);
        libc::prctl(libc::PR_SET_NAME, NAME.as_ptr());
        libc::chdir(c"/".as_ptr());
        if libc::dup2(socket, 0) == 0 {
            super::sys::close_range(1, u32::MAX);
        }
        if let Some(arguments) = arguments {
            overwrite(&arguments);
        }
        loop {
            let mut byte = 0_u8;
            match libc::recv(0, (&raw mut byte).cast(), 1, 0) {
                1 => {}
                -1 if *libc::__errno_location() == libc::EINTR => continue,
                // The parent is gone.
                _ => libc::_exit(0),
            }
            byte = u8::from(pending_signals::take_pending(SignalSet::of(&[c_int::from(byte)])).is_some());
            libc::send(0, (&raw const byte).cast(), 1, libc::MSG_NOSIGNAL);
        }
    }
}

/// # Safety
/// To be called in a process of one thread.
unsafe fn block_every_signal() {
    // SAFETY: both sets live through the calls that fill and read them.
    unsafe {
        let mut every = zeroed();
        libc::sigfillset(&raw mut every);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const every, null_mut());
    }
}

/// Replaces the command line that others see.
///
/// # Safety
/// The arguments are this process's own, and nothing reads them any more.
unsafe fn overwrite(arguments: &Arguments) {
    let name = NAME.to_bytes_with_nul();
    let length = arguments.end.saturating_sub(arguments.start);
    let start = arguments.start as *mut u8;
    if start.is_null() || length == 0 {
        return;
    }
    // SAFETY: the kernel keeps the arguments in writable memory of this process, from `start` to `end`.
    unsafe {
        start.write_bytes(0, length);
        start.copy_from(name.as_ptr(), name.len().min(length - 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_what_was_sent_to_it_once() {
        let witness = Witness::start().expect("a witness");
        // Its mask is set by the time of its first answer.
        assert!(!witness.takes(libc::SIGUSR1).expect("an answer"));
        kill_process(witness.pid, Signal::USR1).expect("it runs");
        assert!(witness.takes(libc::SIGUSR1).expect("an answer"));
        assert!(!witness.takes(libc::SIGUSR1).expect("an answer"));
        let group = rustix::process::getpgid(Some(witness.pid)).expect("it runs");
        assert_eq!(group, rustix::process::getpgrp());
    }

    #[test]
    fn nothing_of_ours_is_in_its_name() {
        let witness = Witness::start().expect("a witness");
        assert!(!witness.takes(libc::SIGUSR1).expect("an answer"));
        let at = |name| std::fs::read_to_string(format!("/proc/{}/{name}", witness.pid())).expect("its name");
        assert_eq!(at("comm"), "signal-witness\n");
        let line = at("cmdline");
        assert_eq!(line.trim_end_matches('\0'), "signal-witness");
        let pid = witness.pid();
        drop(witness);
        assert!(
            super::super::procfs::Stat::read(pid).is_none(),
            "it has been waited for"
        );
    }

    #[test]
    fn one_that_is_gone_gives_an_error() {
        let witness = Witness::start().expect("a witness");
        kill_process(witness.pid, Signal::KILL).expect("it runs");
        waitpid(Some(witness.pid), WaitOptions::empty()).expect("a child");
        assert!(witness.takes(libc::SIGUSR1).is_err());
        std::mem::forget(witness);
    }
}
