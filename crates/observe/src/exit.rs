//! Exit codes and signals, in the words of the protocol.

#[cfg(unix)]
use std::borrow::Cow;
use std::process::ExitStatus;

use mirrord_wire::Exit;

/// Returns the end of a process as the protocol has it.
#[must_use]
pub fn exit_of(status: ExitStatus) -> Exit {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(signal_name);
    #[cfg(not(unix))]
    let signal = None;
    Exit {
        code: status.code(),
        signal,
    }
}

/// The name of a signal, such as `SIGABRT`; `SIGRTMIN+2` of a real-time one.
#[cfg(unix)]
fn signal_name(number: i32) -> Cow<'static, str> {
    let name = match number {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGVTALRM => "SIGVTALRM",
        libc::SIGPROF => "SIGPROF",
        libc::SIGIO => "SIGIO",
        libc::SIGSYS => "SIGSYS",
        #[cfg(target_os = "linux")]
        libc::SIGSTKFLT => "SIGSTKFLT",
        #[cfg(target_os = "linux")]
        libc::SIGPWR => "SIGPWR",
        // The kernel's own numbering, whatever a C library keeps for itself (`signal(7)`).
        #[cfg(target_os = "linux")]
        32.. => return Cow::Owned(format!("SIGRTMIN+{}", number - 32)),
        other => return Cow::Owned(format!("SIG{other}")),
    };
    Cow::Borrowed(name)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn an_end_is_a_code_or_a_signal() {
        let exit = |raw| exit_of(ExitStatus::from_raw(raw));
        assert_eq!((exit(3 << 8).code, exit(3 << 8).signal), (Some(3), None));
        let aborted = exit(libc::SIGABRT | 0x80);
        assert_eq!((aborted.code, aborted.signal.as_deref()), (None, Some("SIGABRT")));
        assert_eq!(exit(34).signal.as_deref(), Some("SIGRTMIN+2"));
    }
}
