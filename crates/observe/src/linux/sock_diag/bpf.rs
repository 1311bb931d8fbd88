//! Filter of the notices of destroyed sockets, by port (`SO_ATTACH_FILTER`, `socket(7)`).
#![expect(unsafe_code, reason = "attaching a filter has no safe wrapper")]

use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd};

use libc::{BPF_ABS, BPF_H, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, sock_filter, sock_fprog};

/// Ports that a filter can test; its jumps are bytes.
pub(super) const MAX_TESTS: usize = 120;
/// Offsets of the ports in a notice: behind the headers of netlink and of `inet_diag_msg`.
const LOCAL_PORT: u32 = 20;
const REMOTE_PORT: u32 = 22;

/// Has a netlink socket receive only what has one of these ports.
pub(super) fn attach(socket: BorrowedFd<'_>, local: &[u16], remote: &[u16]) -> io::Result<()> {
    let mut code = program(local, remote).ok_or(io::ErrorKind::InvalidInput)?;
    let program = sock_fprog {
        len: u16::try_from(code.len()).map_err(|_| io::ErrorKind::InvalidInput)?,
        filter: code.as_mut_ptr(),
    };
    let size = size_of::<sock_fprog>() as libc::socklen_t;
    // SAFETY: the kernel copies the program, which outlives the call.
    let result = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const program).cast(),
            size,
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Has it receive everything again.
pub(super) fn detach(socket: BorrowedFd<'_>) {
    let unused: libc::c_int = 0;
    // SAFETY: the kernel reads nothing. The only error is that no filter is there.
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_DETACH_FILTER,
            (&raw const unused).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        );
    }
}

fn program(local: &[u16], remote: &[u16]) -> Option<Vec<sock_filter>> {
    if local.len() + remote.len() > MAX_TESTS {
        return None;
    }
    let op = |code: u32, jt: u8, jf: u8, k: u32| sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    // The last two instructions reject and accept; a test jumps to the second.
    let mut left = local.len() + remote.len() + 2;
    let mut code = Vec::with_capacity(left + 2);
    for (offset, ports) in [(LOCAL_PORT, local), (REMOTE_PORT, remote)] {
        left -= usize::from(offset == REMOTE_PORT);
        code.push(op(BPF_LD | BPF_H | BPF_ABS, 0, 0, offset));
        for port in ports {
            left -= 1;
            let to_accept = u8::try_from(left).ok()?;
            code.push(op(BPF_JMP | BPF_JEQ | BPF_K, to_accept, 0, u32::from(*port)));
        }
    }
    code.push(op(BPF_RET | BPF_K, 0, 0, 0));
    code.push(op(BPF_RET | BPF_K, 0, 0, u32::MAX));
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a program over a notice with these ports.
    fn passes(code: &[sock_filter], local: u16, remote: u16) -> bool {
        let (mut at, mut loaded) = (0, 0);
        loop {
            let op = code[at];
            at += 1;
            match u32::from(op.code) {
                load if load == BPF_LD | BPF_H | BPF_ABS => {
                    loaded = u32::from(if op.k == LOCAL_PORT { local } else { remote });
                }
                test if test == BPF_JMP | BPF_JEQ | BPF_K => {
                    at += usize::from(if loaded == op.k { op.jt } else { op.jf })
                }
                _ => return op.k != 0,
            }
        }
    }

    #[test]
    fn a_notice_passes_by_either_port() {
        for (local, remote) in [(vec![80, 81], vec![443]), (vec![], vec![443, 5432]), (vec![80], vec![])] {
            let code = program(&local, &remote).unwrap();
            for port in &local {
                assert!(passes(&code, *port, 9));
            }
            for port in &remote {
                assert!(passes(&code, 9, *port));
            }
            assert!(!passes(&code, 443, 80) && !passes(&code, 1, 1));
        }
        let most: Vec<u16> = (1..=MAX_TESTS as u16).collect();
        assert!(passes(&program(&most, &[]).unwrap(), 1, 9) && passes(&program(&[], &most).unwrap(), 9, 120));
        assert!(program(&most, &[1]).is_none());
    }
}
