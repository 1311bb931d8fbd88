//! Putting the filter on the calling thread, or saying why that cannot be.

use std::io;

use super::filter::{FLAGS, FLAGS_KILLABLE, program};
use super::sys::{self, Listener};
use crate::Error;

/// Installs the filter on the calling thread and on what it will start.
///
/// With `CAP_SYS_ADMIN` set-uid programs keep their effect. Without it the kernel asks for `no_new_privs`, under which
/// `sudo` and the like refuse to work.
pub(crate) fn install() -> Result<Listener, Error> {
    sys::user_notification_is_known().map_err(|error| unsupported(&error))?;
    let listener = install_with_newest_flags().or_else(|error| match error.raw_os_error() {
        Some(libc::EACCES) => sys::set_no_new_privileges().and_then(|()| install_with_newest_flags()),
        _ => Err(error),
    });
    let listener = listener.map_err(|error| match error.raw_os_error() {
        Some(libc::EBUSY) => Error::AlreadyWatched,
        _ => unsupported(&error),
    })?;
    // A kernel before 6.6 is slower, and that is all.
    listener.set_sync_wake_up();
    Ok(listener)
}

/// Checks that programs can be watched here: puts the filter on a thread that makes no watched call and ends at once.
///
/// # Errors
/// The kernel, a sandbox or another observer forbids it; see [`Error`].
pub fn check_support() -> Result<(), Error> {
    let probe = std::thread::Builder::new().name("seccomp-probe".to_owned());
    let probe = probe.spawn(install).map_err(Error::io("starting a thread"))?;
    // The listener is closed here, behind the end of the only thread that has the filter.
    match probe.join() {
        Ok(installed) => installed.map(drop),
        Err(_) => Err(Error::Unsupported {
            reason: "putting a seccomp filter on a thread failed".to_owned(),
        }),
    }
}

fn install_with_newest_flags() -> io::Result<Listener> {
    let program = program();
    sys::install_filter(&program, FLAGS_KILLABLE).or_else(|error| match error.raw_os_error() {
        Some(libc::EINVAL) => sys::install_filter(&program, FLAGS),
        _ => Err(error),
    })
}

fn unsupported(error: &io::Error) -> Error {
    let reason = match error.raw_os_error() {
        Some(libc::ENOSYS) => "the kernel was built without seccomp".to_owned(),
        Some(libc::EINVAL | libc::EOPNOTSUPP) => {
            "the kernel has no seccomp user notification; it takes Linux 5.5 or newer".to_owned()
        }
        Some(libc::EPERM | libc::EACCES) => {
            format!("a sandbox around this process forbids seccomp filters ({error})")
        }
        _ => format!("the kernel refuses a seccomp filter ({error})"),
    };
    Error::Unsupported { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_leaves_this_process_as_it_was() {
        let seccomp = || std::fs::read_to_string("/proc/self/status").unwrap();
        let modes = |status: &str| -> Vec<String> {
            let lines = status.lines();
            lines
                .filter(|line| line.starts_with("Seccomp") || line.starts_with("NoNewPrivs"))
                .map(str::to_owned)
                .collect()
        };
        let before = modes(&seccomp());
        // Within `mirrord exec` it is refused; either way nothing is left behind.
        let _ = check_support();
        assert_eq!(modes(&seccomp()), before);
    }
}
