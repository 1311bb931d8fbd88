//! Requirements of `mirrord exec`: the kernel, a seccomp filter that is really installed for a moment, and ptrace access.

use std::{fs, io};

use mirrord_observe::Error;

use super::check::Check;

/// Kernel from which on a watched call costs little: `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP`.
const FAST: (u32, u32) = (6, 6);
/// Kernel from which on a call goes on by itself: `SECCOMP_USER_NOTIF_FLAG_CONTINUE`.
const OLDEST: (u32, u32) = (5, 5);
/// Bit of `CAP_SYS_PTRACE` (capabilities(7)).
const CAP_SYS_PTRACE: u32 = 19;

pub(super) fn checks() -> Vec<Check> {
    let release = rustix::system::uname().release().to_string_lossy().into_owned();
    let scope = fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").ok();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let scope = scope.and_then(|text| text.trim().parse().ok());
    vec![
        kernel(&release),
        seccomp(mirrord_observe::check_support()),
        ptrace(scope, has_ptrace(&status)),
        sockets(mirrord_observe::check_sockets()),
    ]
}

fn kernel(release: &str) -> Check {
    let found = format!("Linux {release} on {}", std::env::consts::ARCH);
    match version(release) {
        None => Check::warn(
            "kernel",
            format!("{found}, of a version that is not understood"),
            "see `seccomp` below",
        ),
        Some(version) if version < OLDEST => Check::fail(
            "kernel",
            found,
            "`mirrord exec` takes Linux 5.5 or newer; `mirrord ui` and `mirrord proxy` work as they are",
        ),
        Some(version) if version < FAST => Check::warn(
            "kernel",
            found,
            "a watched call takes about 50 µs here; on Linux 6.6 or newer about 10",
        ),
        Some(_) => Check::ok("kernel", found),
    }
}

fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|character: char| !character.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn seccomp(support: Result<(), Error>) -> Check {
    let name = "seccomp";
    match support {
        Ok(()) => Check::ok(name, "user notification works: `mirrord exec` can watch programs"),
        Err(error @ Error::AlreadyWatched) => Check::warn(
            name,
            error.to_string(),
            "within `mirrord exec` a program is a part of the outer session; run this outside to see the rest",
        ),
        Err(error) => Check::fail(
            name,
            error.to_string(),
            "in a container: `--security-opt seccomp=unconfined`, or a profile that allows seccomp(2) with a listener",
        ),
    }
}

/// Yama's `ptrace_scope` (kernel documentation, LSM/Yama): 1 lets an ancestor look, which `mirrord exec` is.
fn ptrace(scope: Option<u32>, has_capability: bool) -> Check {
    let name = "ptrace-scope";
    match scope {
        None => Check::ok(name, "not restricted (no Yama)"),
        Some(scope @ (0 | 1)) => Check::ok(name, format!("{scope}: `mirrord exec` may look at what it starts")),
        Some(2) if has_capability => Check::ok(name, "2, and this process has CAP_SYS_PTRACE"),
        Some(scope) => Check::fail(
            name,
            format!("{scope}: paths and addresses of a watched program cannot be read"),
            if scope == 2 {
                "as root: `sysctl kernel.yama.ptrace_scope=1`, or run `mirrord exec` with CAP_SYS_PTRACE"
            } else {
                "it stays until the machine starts again with kernel.yama.ptrace_scope=1 (`/etc/sysctl.d`)"
            },
        ),
    }
}

/// The look at a program's sockets, from which the outcomes of its connections are known.
fn sockets(look: io::Result<()>) -> Check {
    let name = "sockets";
    let Err(error) = look else {
        return Check::ok(
            name,
            "those of a watched program can be looked at: connections have outcomes",
        );
    };
    Check::warn(
        name,
        format!("pidfd_getfd is refused ({error}): connections of a watched program have no outcomes"),
        "in a container: `--cap-add SYS_PTRACE`, with which Docker's default filter allows it; it takes Linux 5.6 or newer",
    )
}

/// Parses the effective capabilities of `/proc/<pid>/status` (proc_pid_status(5)).
fn has_ptrace(status: &str) -> bool {
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let bits = line.and_then(|line| u64::from_str_radix(line.trim(), 16).ok());
    bits.is_some_and(|bits| bits >> CAP_SYS_PTRACE & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::super::check::Status;
    use super::*;

    #[test]
    fn a_kernel_is_judged_by_its_numbers() {
        for (release, status) in [
            ("6.18.0-rc1", Status::Ok),
            ("6.6.0", Status::Ok),
            ("6.1.0-18-amd64", Status::Warn),
            ("5.5", Status::Warn),
            ("5.4.0-150-generic", Status::Fail),
            ("4.19.1", Status::Fail),
            ("odd", Status::Warn),
        ] {
            assert_eq!(kernel(release).status, status, "{release}");
        }
    }

    #[test]
    fn a_scope_of_two_takes_a_capability_and_three_forbids_everything() {
        let with = "Name:\tx\nCapEff:\t0000000000080000\n";
        assert!(has_ptrace(with) && !has_ptrace("CapEff:\t0\n") && !has_ptrace(""));
        for (scope, capable, status) in [
            (None, false, Status::Ok),
            (Some(0), false, Status::Ok),
            (Some(1), false, Status::Ok),
            (Some(2), false, Status::Fail),
            (Some(2), true, Status::Ok),
            (Some(3), true, Status::Fail),
        ] {
            assert_eq!(ptrace(scope, capable).status, status, "{scope:?}");
        }
    }

    #[test]
    fn hidden_sockets_are_a_warning() {
        assert_eq!(sockets(Ok(())).status, Status::Ok);
        let refused = sockets(Err(io::ErrorKind::PermissionDenied.into()));
        assert_eq!(refused.status, Status::Warn);
    }

    #[test]
    fn a_sandbox_that_forbids_filters_is_a_failure_and_an_outer_watcher_is_not() {
        let forbidden = Error::Unsupported {
            reason: "a sandbox".to_owned(),
        };
        assert_eq!(seccomp(Err(forbidden)).status, Status::Fail);
        assert_eq!(seccomp(Err(Error::AlreadyWatched)).status, Status::Warn);
    }
}
