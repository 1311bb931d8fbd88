//! The calls into the kernel that no safe wrapper covers: seccomp, its listener, another process's memory, a shared
//! page.
//!
//! Invariant: nothing here keeps state or decides anything; each function is one system call and its safety argument.
//! What a child does between fork and exec is in `spawn`, for the same reason.
#![expect(unsafe_code, reason = "seccomp, process_vm_readv and mmap have no safe wrapper")]

use std::io;
use std::mem::{size_of, zeroed};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr::{NonNull, null, null_mut};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use libc::{
    c_int, c_ulong, c_void, iovec, seccomp_notif, seccomp_notif_resp, seccomp_notif_sizes, sock_filter, sock_fprog,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP` (Linux 6.6): the two sides take turns on one CPU.
const SYNC_WAKE_UP: u64 = 1;

fn seccomp(operation: u32, flags: c_ulong, argument: *mut c_void) -> io::Result<c_int> {
    // SAFETY: each caller passes an argument of the type that its operation reads or writes.
    match unsafe { libc::syscall(libc::SYS_seccomp, operation, flags, argument) } {
        -1 => Err(io::Error::last_os_error()),
        value => Ok(value as c_int),
    }
}

/// Checks that the kernel knows `SECCOMP_RET_USER_NOTIF`, with notification structures that fit ours.
pub(crate) fn user_notification_is_known() -> io::Result<()> {
    let mut action = libc::SECCOMP_RET_USER_NOTIF;
    seccomp(libc::SECCOMP_GET_ACTION_AVAIL, 0, (&raw mut action).cast())?;
    let mut sizes = seccomp_notif_sizes {
        seccomp_notif: 0,
        seccomp_notif_resp: 0,
        seccomp_data: 0,
    };
    seccomp(libc::SECCOMP_GET_NOTIF_SIZES, 0, (&raw mut sizes).cast())?;
    let fits = usize::from(sizes.seccomp_notif) <= size_of::<Notification>()
        && usize::from(sizes.seccomp_notif_resp) <= size_of::<Answer>();
    fits.then_some(()).ok_or_else(|| io::ErrorKind::Unsupported.into())
}

/// Puts a filter on the calling thread, and gives the descriptor on which its calls are announced.
pub(crate) fn install_filter(program: &[sock_filter], flags: c_ulong) -> io::Result<Listener> {
    let mut program = sock_fprog {
        len: u16::try_from(program.len()).map_err(|_| io::ErrorKind::InvalidInput)?,
        filter: program.as_ptr().cast_mut(),
    };
    let fd = seccomp(
        libc::SECCOMP_SET_MODE_FILTER,
        flags | libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
        (&raw mut program).cast(),
    )?;
    // SAFETY: the kernel has just made this descriptor, and it has no other owner.
    Ok(Listener(unsafe { OwnedFd::from_raw_fd(fd) }))
}

/// Gives up, for the calling thread and what it starts, to gain privileges by exec.
pub(crate) fn set_no_new_privileges() -> io::Result<()> {
    // SAFETY: this prctl takes numbers only.
    match unsafe {
        libc::prctl(
            libc::PR_SET_NO_NEW_PRIVS,
            1 as c_ulong,
            0 as c_ulong,
            0 as c_ulong,
            0 as c_ulong,
        )
    } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Keeps the process's signals away from the calling thread: its reads are not to be interrupted.
pub(crate) fn block_every_signal() {
    // SAFETY: both sets live through the calls that fill and read them.
    unsafe {
        let mut every = zeroed();
        libc::sigfillset(&raw mut every);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const every, null_mut());
    }
}

/// Ignores every signal that can be ignored.
pub(crate) fn ignore_every_signal() {
    for signal in 1..=64 {
        // SAFETY: SIG_IGN is no function. The two signals that cannot be ignored, and libc's own, are refused.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
}

/// A watched call as the kernel announces it, with room for later kernels' fields.
#[repr(C)]
pub(crate) struct Notification {
    call: seccomp_notif,
    more: [u64; 32],
}

#[repr(C)]
struct Answer {
    answer: seccomp_notif_resp,
    more: [u64; 32],
}

impl Notification {
    pub(crate) fn empty() -> Self {
        // SAFETY: plain numbers, for which zero is a value.
        unsafe { zeroed() }
    }

    pub(crate) fn id(&self) -> u64 {
        self.call.id
    }

    /// The thread that calls; 0 where it cannot be seen from our PID namespace.
    pub(crate) fn tid(&self) -> u32 {
        self.call.pid
    }

    pub(crate) fn number(&self) -> i32 {
        self.call.data.nr
    }

    /// Address behind the instruction that made the call.
    pub(crate) fn instruction(&self) -> u64 {
        self.call.data.instruction_pointer
    }

    pub(crate) fn arguments(&self) -> &[u64; 6] {
        &self.call.data.args
    }
}

/// The descriptor on which watched calls are announced and answered.
pub(crate) struct Listener(OwnedFd);

impl Listener {
    /// Returns true if no process is left that has the filter.
    pub(crate) fn is_tree_gone(&self) -> bool {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let mut polled = [PollFd::new(self, PollFlags::empty())];
        poll(&mut polled, Some(&now)).is_ok() && polled[0].revents().contains(PollFlags::HUP)
    }

    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// Asks for the quick wake-up; false on a kernel before 6.6.
    pub(crate) fn set_sync_wake_up(&self) -> bool {
        // SAFETY: this ioctl takes its flags by value.
        unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP) == 0 }
    }

    /// Waits for the next watched call. `NotFound`: its caller is gone already, or (Linux 6.11) every caller is.
    pub(crate) fn receive(&self, into: &mut Notification) -> io::Result<()> {
        *into = Notification::empty();
        // SAFETY: `into` is at least as large as the kernel's structure (checked before the filter was made), and zeroed.
        self.ioctl(unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut *into) })
    }

    /// Continues a received call (`SECCOMP_IOCTL_NOTIF_SEND` with `SECCOMP_USER_NOTIF_FLAG_CONTINUE`,
    /// `seccomp_unotify(2)`). `NotFound`: its caller waits no longer.
    pub(crate) fn send_continue(&self, id: u64) -> io::Result<()> {
        let mut answer = Answer {
            answer: seccomp_notif_resp {
                id,
                val: 0,
                error: 0,
                flags: libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32,
            },
            more: [0; 32],
        };
        // SAFETY: `answer` is at least as large as the kernel's structure.
        self.ioctl(unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut answer) })
    }

    /// Returns whether the caller of a received call still waits for its answer (`SECCOMP_IOCTL_NOTIF_ID_VALID`): then
    /// its thread id is still its own.
    pub(crate) fn notif_id_valid(&self, mut id: u64) -> bool {
        // SAFETY: the kernel reads eight bytes.
        unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw mut id) == 0 }
    }

    fn ioctl(&self, result: c_int) -> io::Result<()> {
        match result {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl From<OwnedFd> for Listener {
    fn from(fd: OwnedFd) -> Self {
        Self(fd)
    }
}

impl From<Listener> for OwnedFd {
    fn from(listener: Listener) -> Self {
        listener.0
    }
}

/// Reads another process's memory. Fewer bytes than asked for: the rest is not mapped.
pub(crate) fn read_memory(tid: u32, address: u64, into: &mut [u8]) -> io::Result<usize> {
    let local = iovec {
        iov_base: into.as_mut_ptr().cast(),
        iov_len: into.len(),
    };
    let remote = iovec {
        iov_base: untagged(address) as *mut c_void,
        iov_len: into.len(),
    };
    // SAFETY: the kernel writes at most `into.len()` bytes to `into`; the other address is the other process's affair.
    match unsafe { libc::process_vm_readv(tid as libc::pid_t, &raw const local, 1, &raw const remote, 1, 0) } {
        -1 => Err(io::Error::last_os_error()),
        count => Ok(count as usize),
    }
}

/// Returns whether two threads have working and root directories of their own (`kcmp(2)`); false where it cannot be
/// known.
pub(crate) fn have_separate_directories(one: u32, other: u32) -> bool {
    const KCMP_FS: c_int = 3;
    // SAFETY: this call takes numbers only.
    unsafe { libc::syscall(libc::SYS_kcmp, one, other, KCMP_FS, 0, 0) > 0 }
}

/// The address without the tag that a program on ARM may keep in its top byte.
fn untagged(address: u64) -> u64 {
    if cfg!(target_arch = "aarch64") {
        address & 0x00ff_ffff_ffff_ffff
    } else {
        address
    }
}

/// Page of a memory file that observer and watchdog share.
#[repr(C)]
pub(crate) struct Page {
    /// 1 from the moment that `answered` means something.
    pub(crate) started: AtomicU64,
    /// The last call that the observer let go on.
    pub(crate) answered: AtomicU64,
    /// Number of calls that the watchdog continued unread.
    pub(crate) passed_through: AtomicU64,
    /// The observer's thread id.
    pub(crate) observer: AtomicU64,
    /// Number of calls that the observer has received.
    pub(crate) received: AtomicU64,
    /// Number of received calls that the observer has dealt with; behind `received` while it holds one.
    pub(crate) dealt_with: AtomicU64,
    /// Notification id of the call that the observer received last.
    pub(crate) held: AtomicU64,
    /// Notification id of the last held call that the watchdog answered because the observer did not.
    pub(crate) overdue: AtomicU64,
    /// 1 while the watchdog looks at none of this: the next call is to wake it.
    pub(crate) watchdog_sleeps: AtomicU64,
}

/// A mapping of the page that observer and watchdog share.
pub(crate) struct SharedPage(NonNull<Page>);

// SAFETY: the page is atomics only.
unsafe impl Send for SharedPage {}
// SAFETY: as above.
unsafe impl Sync for SharedPage {}

/// The size of the memory file.
pub(crate) const PAGE_BYTES: usize = 4096;

impl SharedPage {
    /// Maps a file of at least [`PAGE_BYTES`].
    pub(crate) fn map(file: BorrowedFd<'_>) -> io::Result<Self> {
        // SAFETY: a new mapping at an address that the kernel picks; it is unmapped in `drop` alone.
        let address = unsafe {
            libc::mmap(
                null_mut(),
                PAGE_BYTES,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                file.as_raw_fd(),
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        NonNull::new(address.cast())
            .map(Self)
            .ok_or_else(|| io::ErrorKind::Other.into())
    }
}

impl std::ops::Deref for SharedPage {
    type Target = Page;

    fn deref(&self) -> &Page {
        // SAFETY: mapped for as long as `self` lives, page-aligned, and every bit pattern is a value.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for SharedPage {
    fn drop(&mut self) {
        // SAFETY: mapped by `map` with this size.
        unsafe { libc::munmap(self.0.as_ptr().cast(), PAGE_BYTES) };
    }
}

/// State of a TCP socket (`TCP_INFO`, `tcp(7)`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct TcpInfo {
    pub(crate) state: u8,
    /// 0 until a SYN was sent.
    pub(crate) path_mtu: u32,
    /// 0 until a SYN was acknowledged.
    pub(crate) bytes_acked: u64,
}

/// Reads the state of a TCP socket; an error for another one.
pub(crate) fn tcp_info(socket: BorrowedFd<'_>) -> io::Result<TcpInfo> {
    // `struct tcp_info` up to `tcpi_bytes_acked`; a kernel that knows less fills less.
    let mut info = [0_u64; 16];
    let mut length = size_of_val(&info) as libc::socklen_t;
    let (level, name) = (libc::IPPROTO_TCP, libc::TCP_INFO);
    // SAFETY: the kernel writes at most `length` bytes, which the array has.
    let got = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            level,
            name,
            info.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    if got != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(TcpInfo {
        state: info[0].to_ne_bytes()[0],
        // The upper half of the eighth word.
        path_mtu: u32::from_ne_bytes(std::array::from_fn(|index| info[7].to_ne_bytes()[4 + index])),
        bytes_acked: info[15],
    })
}

/// The exit code of a process that was waited for, as `wait(2)` encodes it (`PIDFD_GET_INFO`, Linux 6.15).
pub(crate) fn exit_of_reaped(process: BorrowedFd<'_>) -> Option<i32> {
    /// `struct pidfd_info` of its first version.
    #[repr(C)]
    struct Info {
        mask: u64,
        cgroup: u64,
        ids: [u32; 11],
        exit_code: i32,
    }
    const PIDFD_GET_INFO: u64 = 0xc040_ff0b;
    const PIDFD_INFO_EXIT: u64 = 1 << 3;
    let mut info = Info {
        mask: PIDFD_INFO_EXIT,
        cgroup: 0,
        ids: [0; 11],
        exit_code: 0,
    };
    // SAFETY: the kernel writes at most the 64 bytes that the request's number has, which is the structure's size.
    let got = unsafe { libc::ioctl(process.as_raw_fd(), PIDFD_GET_INFO as _, &raw mut info) };
    (got == 0 && info.mask & PIDFD_INFO_EXIT != 0).then_some(info.exit_code)
}

/// One watched call that changes nothing, made by the calling thread itself.
pub(crate) fn harmless_watched_call() {
    let path = c"/";
    // SAFETY: the path ends in a zero byte; the answer is of no interest.
    unsafe { libc::syscall(libc::SYS_faccessat, libc::AT_FDCWD, path.as_ptr(), libc::F_OK) };
}

/// Closes every descriptor above 2 but these two. For the watchdog, which starts with whatever its parent left open; it
/// holds no other descriptor of its own then.
pub(crate) fn close_all_but(keep: [BorrowedFd<'_>; 2]) {
    let mut keep = keep.map(|fd| fd.as_raw_fd() as u32);
    keep.sort_unstable();
    close_range(3, keep[0] - 1);
    close_range(keep[0] + 1, keep[1] - 1);
    close_range(keep[1] + 1, u32::MAX);
}

pub(crate) fn close_range(first: u32, last: u32) {
    if first > last {
        return;
    }
    // SAFETY: the caller vouches that no descriptor of this range is used any more.
    if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } == 0 {
        return;
    }
    // Before Linux 5.9. The soft limit bounds what can be open, but for what was open before it was lowered.
    for fd in first..=last.min(65_536) {
        // SAFETY: as above.
        unsafe { libc::close(fd as c_int) };
    }
}

/// Sends a signal to the process that the descriptor is open on.
pub(crate) fn send_signal(process: BorrowedFd<'_>, signal: i32) -> io::Result<()> {
    let (fd, info) = (process.as_raw_fd(), null::<libc::siginfo_t>());
    // SAFETY: no information is passed, and the numbers are checked by the kernel.
    match unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, info, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The process group of a process, or of this one (0). The group is 0 where it is outside our PID namespace, which the
/// safe wrappers take for impossible.
pub(crate) fn process_group(pid: u32) -> io::Result<u32> {
    // SAFETY: numbers only.
    match unsafe { libc::getpgid(pid as libc::pid_t) } {
        -1 => Err(io::Error::last_os_error()),
        group => Ok(group as u32),
    }
}

/// Returns whether this process leads its session.
pub(crate) fn leads_session() -> bool {
    // SAFETY: numbers only.
    unsafe { libc::getsid(0) == libc::getpid() }
}

/// Takes over a descriptor that this process was started with.
pub(crate) fn take_inherited(fd: c_int) -> io::Result<OwnedFd> {
    // SAFETY: fcntl on a number is harmless; what it gives is new and ours.
    match unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3) } {
        -1 => Err(io::Error::last_os_error()),
        // SAFETY: the kernel has just made it.
        copy => Ok(unsafe { OwnedFd::from_raw_fd(copy) }),
    }
}

/// Makes `fd` the descriptor `number`, closing what was there.
pub(crate) fn put_at(fd: BorrowedFd<'_>, number: c_int) -> io::Result<()> {
    // SAFETY: the caller gives up what was at `number`.
    match unsafe { libc::dup2(fd.as_raw_fd(), number) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Interrupts blocking calls of this thread at this interval (below a second) from now on, or no longer. The timer's
/// signal is unblocked: a host that relays signals has blocked them all, and a child inherits that.
pub(crate) fn interrupt_regularly(interval: Option<Duration>) {
    extern "C" fn nothing(_: c_int) {}
    let micros = interval.map_or(0, |interval| interval.subsec_micros());
    let every = libc::timeval {
        tv_sec: 0,
        tv_usec: micros.into(),
    };
    let timer = libc::itimerval {
        it_interval: every,
        it_value: every,
    };
    // SAFETY: the handler does nothing; without SA_RESTART it makes the interrupted call return. The set is on our stack.
    unsafe {
        let mut alarm: libc::sigset_t = zeroed();
        libc::sigemptyset(&raw mut alarm);
        libc::sigaddset(&raw mut alarm, libc::SIGALRM);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const alarm, null_mut());
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = nothing as extern "C" fn(c_int) as usize;
        libc::sigaction(libc::SIGALRM, &raw const action, null_mut());
        libc::syscall(
            libc::SYS_setitimer,
            libc::ITIMER_REAL,
            &raw const timer,
            null::<libc::itimerval>(),
        );
    }
}
