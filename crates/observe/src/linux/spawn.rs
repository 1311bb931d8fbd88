//! Starting the program: fork and exec, by hand, because of what lies between them.
//!
//! The child closes the watchdog's line first (while a copy is open the watchdog thinks that we live), takes the
//! signals that we were started with, makes one call that shows whether its memory can be read, and waits for leave to
//! exec. Invariant: between fork and exec only async-signal-safe functions run, on memory prepared before.
#![expect(unsafe_code, reason = "fork and exec")]

use std::env;
use std::ffi::{CStr, CString, OsStr};
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::ptr::null;

use libc::{c_char, c_int};

use super::initial_signals::{Signals, close_streams};
use super::interpreter;
use super::limits::ProgramLimits;
use super::pending_signals::{SignalSet, pending_set};
use super::sys::block_every_signal;
use crate::{Command, Error};

/// The path of the child's first call.
pub(crate) const PROBE: &CStr = c"/mirrord-observe-probe";
/// Search path of the C library where there is no `PATH` (`execvp(3)`).
const DEFAULT_PATH: &str = "/bin:/usr/bin";
const SHELL: &CStr = c"/bin/sh";

/// Everything that the child needs, prepared.
pub(crate) struct Plan {
    candidates: Vec<CString>,
    arguments: Vec<CString>,
    signals: Signals,
    limits: ProgramLimits,
}

/// The child's ends, and what of ours it is to close.
pub(crate) struct Ends {
    /// A byte here is the leave to exec.
    pub(crate) leave: PipeReader,
    /// Why exec failed; closed by one that succeeds.
    pub(crate) failure: PipeWriter,
    /// Descriptors that must not live on in the child, not even until its exec.
    pub(crate) to_close: Vec<RawFd>,
}

/// The program's process before its exec.
pub(crate) struct Forked {
    pub(crate) pid: u32,
    /// Signals that were pending for this process at the fork, and did not reach the child.
    pub(crate) early: SignalSet,
}

impl Plan {
    /// Finds where the program may be: as `execvp` does, so that the same file is executed as without us.
    pub(crate) fn new(command: &Command) -> io::Result<Self> {
        let program = command.program.as_os_str();
        let mut arguments = vec![c_string(program)?];
        for argument in &command.arguments {
            arguments.push(c_string(argument)?);
        }
        let candidates = if program.as_bytes().contains(&b'/') || program.is_empty() {
            vec![c_string(program)?]
        } else {
            let path = env::var_os("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
            let mut candidates: Vec<PathBuf> = env::split_paths(&path)
                .map(|directory| directory.join(program))
                .collect();
            // Each attempt of the child is a watched call: those before the first that may succeed are not made. What is behind
            // it is not looked at: it may be a directory that hangs.
            let may_be_there = |path: &PathBuf| {
                path.symlink_metadata()
                    .map_or_else(|error| !is_missing(&error), |_| true)
            };
            if let Some(first) = candidates.iter().position(may_be_there) {
                candidates.drain(..first);
            }
            let candidates = candidates.iter().map(|path| c_string(path.as_os_str()));
            candidates.collect::<io::Result<_>>()?
        };
        Ok(Self {
            candidates,
            arguments,
            signals: Signals::at_start(),
            limits: ProgramLimits::at_start(),
        })
    }

    /// Forks. To be called on the thread that has the filter, which ends afterwards: it stays without signals.
    pub(crate) fn fork(&self, ends: Ends) -> io::Result<Forked> {
        let (arguments, mut script) = self.vectors();
        let (leave, failure) = (ends.leave.as_raw_fd(), ends.failure.as_raw_fd());
        // A signal between fork and exec would run our own handlers in the child.
        block_every_signal();
        // The child starts with no signal pending.
        let early = pending_set();
        // SAFETY: the child calls async-signal-safe functions only, and never returns from `child`.
        match unsafe { libc::fork() } {
            -1 => Err(io::Error::last_os_error()),
            0 => self.child(leave, failure, &ends.to_close, &arguments, &mut script),
            pid => Ok(Forked { pid: pid as u32, early }),
        }
    }

    /// Replaces this process by the program, which gets what this one was started with. Returns only where that failed.
    pub(crate) fn replace_process(&self) -> c_int {
        let (arguments, mut script) = self.vectors();
        self.give_what_was_inherited();
        self.signals.give_mask();
        self.exec(&arguments, &mut script)
    }

    /// The arguments, and those of a shell that runs a file of no known format, as `execvp` has it.
    fn vectors(&self) -> (Pointers, Pointers) {
        let rest = self.arguments.iter().skip(1);
        let mut script = pointers(std::iter::repeat_n(&self.arguments[0], 2).chain(rest));
        script[0] = SHELL.as_ptr();
        (pointers(self.arguments.iter()), script)
    }

    fn give_what_was_inherited(&self) {
        self.signals.give_dispositions();
        self.limits.give();
        close_streams();
    }

    /// Explains a failed exec. A file that is there and yet "not found" has an interpreter that is not.
    pub(crate) fn failure(&self, command: &Command, why: c_int) -> Error {
        let program = command.program.clone();
        let paths = self
            .candidates
            .iter()
            .map(|path| Path::new(OsStr::from_bytes(path.to_bytes())));
        match why {
            libc::ENOENT | libc::ENOTDIR => match paths.into_iter().find(|path| path.is_file()) {
                Some(file) => Error::NotExecutable {
                    program,
                    source: interpreter::missing(file),
                },
                None => Error::CommandNotFound { program },
            },
            libc::EAGAIN | libc::ENOMEM | libc::EMFILE | libc::ENFILE => Error::Io {
                doing: "executing the program",
                source: io::Error::from_raw_os_error(why),
            },
            _ => Error::NotExecutable {
                program,
                source: io::Error::from_raw_os_error(why),
            },
        }
    }

    fn child(
        &self,
        leave: c_int,
        failure: c_int,
        to_close: &[RawFd],
        arguments: &Pointers,
        script: &mut Pointers,
    ) -> ! {
        // SAFETY: system calls on descriptors that this process has, and on memory that was prepared before the fork.
        unsafe {
            for fd in to_close {
                libc::close(*fd);
            }
            self.give_what_was_inherited();
            libc::syscall(libc::SYS_faccessat, libc::AT_FDCWD, PROBE.as_ptr(), libc::F_OK);
            let mut byte = 0_u8;
            if libc::read(leave, (&raw mut byte).cast(), 1) != 1 {
                libc::_exit(127);
            }
            self.signals.give_mask();
            let why = self.exec(arguments, script);
            libc::write(failure, (&raw const why).cast(), size_of::<c_int>());
            // Our end says what happened before it can be seen that we ended.
            libc::read(leave, (&raw mut byte).cast(), 1);
            libc::_exit(127)
        }
    }

    /// Tries each candidate; returns why none could be executed. A file that may not be executed counts for more than
    /// one that is not there, and any other failure ends the search.
    fn exec(&self, arguments: &Pointers, script: &mut Pointers) -> c_int {
        let mut why = libc::ENOENT;
        for candidate in &self.candidates {
            // SAFETY: vectors end in null, strings in zero; `environ` is the C library's.
            unsafe {
                libc::execve(candidate.as_ptr(), arguments.as_ptr(), environ.cast());
                if *libc::__errno_location() == libc::ENOEXEC {
                    script[1] = candidate.as_ptr();
                    libc::execve(SHELL.as_ptr(), script.as_ptr(), environ.cast());
                }
                match *libc::__errno_location() {
                    libc::ENOENT | libc::ENOTDIR | libc::ESTALE | libc::ENODEV | libc::ETIMEDOUT => {}
                    libc::EACCES => why = libc::EACCES,
                    other => return other,
                }
            }
        }
        why
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

type Pointers = Vec<*const c_char>;

unsafe extern "C" {
    static environ: *const *const c_char;
}

fn pointers<'text>(texts: impl Iterator<Item = &'text CString>) -> Pointers {
    texts.map(|text| text.as_ptr()).chain([null()]).collect()
}

fn c_string(text: &OsStr) -> io::Result<CString> {
    Ok(CString::new(text.as_bytes())?)
}
