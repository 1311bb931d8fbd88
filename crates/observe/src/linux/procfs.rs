//! Reads of `/proc` (`proc(5)`): a process's name, parent, command line, directories and listening sockets.
//!
//! Invariant: the process may be gone, or another one, before or while it is read; so every result is an `Option`, and
//! a caller that needs certainty reads while the process is stopped in a watched call. Reads are bounded.

use std::ffi::CStr;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, StatxFlags, openat2, readlinkat_raw, statx};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::memory::{MAX_ARGUMENTS, MAX_COMMAND_LINE_BYTES, MAX_PATH_BYTES, ReadError};

/// Bytes that are read of a table of sockets; a line behind them is not found.
const MAX_TABLE_BYTES: u64 = 1 << 20;

/// Opens a process by its number (`pidfd_open(2)`); it may be another one's by now.
pub(crate) fn open_process(pid: u32) -> io::Result<OwnedFd> {
    let pid = Pid::from_raw(pid as i32).ok_or(ErrorKind::InvalidInput)?;
    Ok(pidfd_open(pid, PidfdFlags::empty())?)
}

/// One look at `/proc/<pid>/stat`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stat {
    /// The name: at most 15 bytes of the executed file's.
    pub(crate) name: String,
    /// The parent, in our PID namespace; 0 where it is outside.
    pub(crate) parent: u32,
    /// Set once the process has ended, or can do nothing any more.
    pub(crate) ended: bool,
    /// Set while it is stopped by a signal.
    pub(crate) stopped: bool,
    /// Addresses of the program in memory. Each exec randomises them, so that a change proves one.
    pub(crate) image: [u64; 3],
}

impl Stat {
    pub(crate) fn read(pid: u32) -> Option<Self> {
        let mut buffer = [0; 1_024];
        Self::parse(read(pid, "stat", &mut buffer)?)
    }

    fn parse(stat: &[u8]) -> Option<Self> {
        // The name may hold anything, a closing parenthesis too; nothing behind it does.
        let open = stat.iter().position(|byte| *byte == b'(')?;
        let close = stat.iter().rposition(|byte| *byte == b')')?;
        let name = String::from_utf8_lossy(stat.get(open + 1..close)?).into_owned();
        let fields: Vec<&str> = std::str::from_utf8(stat.get(close + 1..)?)
            .ok()?
            .split_ascii_whitespace()
            .collect();
        // Fields are numbered from 1 in proc(5), and the first one here is the third.
        let number = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<u64>().ok());
        let image = [number(26)?, number(28)?, number(48).unwrap_or(0)];
        Some(Self {
            name,
            parent: number(4)? as u32,
            // It gives up its memory a little before it is seen to have ended.
            ended: matches!(*fields.first()?, "Z" | "X") || image[0] == 0,
            stopped: matches!(*fields.first()?, "T" | "t"),
            image,
        })
    }
}

/// Returns whether a thread is running or runnable (`proc(5)`).
pub(crate) fn may_run(tid: u32) -> bool {
    let stat = std::fs::read(format!("/proc/{tid}/stat")).unwrap_or_default();
    let behind_name = stat.iter().rposition(|byte| *byte == b')').unwrap_or(0);
    stat.get(behind_name + 2) == Some(&b'R')
}

/// System call that a thread is in (`/proc/<pid>/syscall`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CurrentSyscall {
    Is(i64),
    /// It runs or is runnable, in a call or not; or we may not look.
    Running,
    Gone,
}

pub(crate) fn current_syscall(tid: u32) -> CurrentSyscall {
    match std::fs::read_to_string(format!("/proc/{tid}/syscall")) {
        Ok(text) => {
            let number = text.split_ascii_whitespace().next().and_then(|word| word.parse().ok());
            number.map_or(CurrentSyscall::Running, CurrentSyscall::Is)
        }
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ESRCH)) => CurrentSyscall::Gone,
        Err(_) => CurrentSyscall::Running,
    }
}

/// The memory in which a process has its own command line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arguments {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Arguments {
    pub(crate) fn of_this_process() -> Option<Self> {
        let mut buffer = [0; 1_024];
        let stat = read(std::process::id(), "stat", &mut buffer)?;
        let close = stat.iter().rposition(|byte| *byte == b')')?;
        let rest = std::str::from_utf8(stat.get(close + 1..)?).ok()?;
        // The 48th and the 49th field of proc(5); the first one here is the third.
        let mut fields = rest.split_ascii_whitespace().skip(45);
        Some(Self {
            start: fields.next()?.parse().ok()?,
            end: fields.next()?.parse().ok()?,
        })
    }
}

/// Parent, group and age of a process, from the same file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kin {
    pub(crate) parent: u32,
    /// The process group.
    pub(crate) group: u32,
    /// When it was started, in the kernel's ticks: of two processes with one number the later one has the greater.
    pub(crate) start: u64,
    /// Set once it has ended and is yet to be waited for.
    pub(crate) ended: bool,
}

impl Kin {
    pub(crate) fn read(pid: u32) -> Option<Self> {
        let mut buffer = [0; 1_024];
        let stat = read(pid, "stat", &mut buffer)?;
        let close = stat.iter().rposition(|byte| *byte == b')')?;
        let rest = std::str::from_utf8(stat.get(close + 1..)?).ok()?;
        // The third field of proc(5), then the fourth, the fifth and the 22nd.
        let mut fields = rest.split_ascii_whitespace();
        Some(Self {
            ended: matches!(fields.next()?, "Z" | "X"),
            parent: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
            start: fields.nth(16)?.parse().ok()?,
        })
    }
}

/// The exit code of a process that has ended and is yet to be waited for, as `wait(2)` encodes it; 0 as well where we may
/// not look at it.
pub(crate) fn exit_code_of_zombie(pid: u32) -> Option<i32> {
    let mut buffer = [0; 1_024];
    let stat = read(pid, "stat", &mut buffer)?;
    let close = stat.iter().rposition(|byte| *byte == b')')?;
    let mut fields = std::str::from_utf8(stat.get(close + 1..)?)
        .ok()?
        .split_ascii_whitespace();
    // The third and the 52nd field of proc(5).
    let is_zombie = fields.next()? == "Z";
    let code = fields.nth(48)?.parse().ok()?;
    is_zombie.then_some(code)
}

/// The environment that a process was started with, up to so many bytes; `None` where it is gone or may not be read.
pub(crate) fn environment(pid: u32, most: usize) -> Option<Vec<u8>> {
    let file = File::open(format!("/proc/{pid}/environ")).ok()?;
    let mut bytes = Vec::new();
    file.take(most as u64).read_to_end(&mut bytes).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}

/// The number of every process that is seen.
pub(crate) fn process_ids() -> impl Iterator<Item = u32> {
    let names = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    names.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The command line, within the limits that hold for one read from memory.
pub(crate) fn command_line(pid: u32) -> Vec<String> {
    let mut buffer = [0; MAX_COMMAND_LINE_BYTES];
    let Some(line) = read(pid, "cmdline", &mut buffer) else {
        return Vec::new();
    };
    let whole = line.len() < MAX_COMMAND_LINE_BYTES;
    let line = line.strip_suffix(b"\0").unwrap_or(line);
    if line.is_empty() {
        return Vec::new();
    }
    let texts = line.split(|byte| *byte == 0).take(MAX_ARGUMENTS);
    let mut arguments: Vec<String> = texts.map(|text| String::from_utf8_lossy(text).into_owned()).collect();
    if !whole && let Some(last) = arguments.last_mut() {
        last.push('…');
    }
    arguments
}

/// Thread group, that is the process, of a thread.
pub(crate) fn process_of(tid: u32) -> Option<u32> {
    let mut buffer = [0; 1_024];
    let status = status(tid, &mut buffer)?;
    let line = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
    line.trim().parse().ok()
}

/// The text of a thread's `status`.
pub(crate) fn status(tid: u32, buffer: &mut [u8]) -> Option<&str> {
    std::str::from_utf8(read(tid, "status", buffer)?).ok()
}

/// The name of a thread's user namespace.
pub(crate) fn user_namespace(tid: u32) -> io::Result<Vec<u8>> {
    link(format_args!("/proc/{tid}/ns/user\0"))
}

/// The working directory of a thread.
pub(crate) fn working_directory(tid: u32) -> Result<Vec<u8>, ReadError> {
    path(format_args!("/proc/{tid}/cwd\0"))
}

/// The root directory of a thread, as our root sees it.
pub(crate) fn root_directory(tid: u32) -> Result<Vec<u8>, ReadError> {
    path(format_args!("/proc/{tid}/root\0"))
}

/// The name of a thread's mount namespace.
pub(crate) fn mount_namespace(tid: u32) -> io::Result<Vec<u8>> {
    link(format_args!("/proc/{tid}/ns/mnt\0"))
}

/// Returns whether a file has this path, as far as the kernel knows without asking a file system (`RESOLVE_CACHED`,
/// `openat2(2)`): of a directory that is in use, it knows.
pub(crate) fn is_known(path: &[u8]) -> bool {
    let flags = OFlags::PATH | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    openat2(CWD, path, flags, Mode::empty(), ResolveFlags::CACHED).is_ok()
}

/// The path that a descriptor is open on; `Invalid` where it is not open, or on what has no path, as a socket.
pub(crate) fn descriptor_path(tid: u32, fd: i32) -> Result<Vec<u8>, ReadError> {
    path(format_args!("/proc/{tid}/fd/{fd}\0"))
}

/// The numbers of the sockets that a process has open, among its first descriptors.
pub(crate) fn socket_inodes(pid: u32) -> Vec<u64> {
    const MAX_DESCRIPTORS: usize = 1_024;
    let names = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
        .flatten();
    let descriptors = names.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    descriptors
        .take(MAX_DESCRIPTORS)
        .filter_map(|fd| socket_inode(pid, fd))
        .collect()
}

/// The number of the socket that a descriptor is open on.
pub(crate) fn socket_inode(tid: u32, fd: i32) -> Option<u64> {
    let link = link(format_args!("/proc/{tid}/fd/{fd}\0")).ok()?;
    std::str::from_utf8(&link)
        .ok()?
        .strip_prefix("socket:[")?
        .strip_suffix(']')?
        .parse()
        .ok()
}

/// The port on which a TCP socket listens now, in the network namespace of `pid`.
pub(crate) fn listening_port(pid: u32, socket: u64) -> Option<u16> {
    // A machine with tens of thousands of connections has a table of megabytes; listeners stand at its top.
    find_in_tables(pid, ["net/tcp", "net/tcp6"], |line| port_of_listener(line, socket))
}

/// The address that a UDP socket is connected to now, in the network namespace of `pid`.
pub(crate) fn udp_peer(pid: u32, socket: u64) -> Option<(IpAddr, u16)> {
    find_in_tables(pid, ["net/udp", "net/udp6"], |line| peer_of_socket(line, socket))
}

fn find_in_tables<T>(pid: u32, tables: [&str; 2], mut find: impl FnMut(&str) -> Option<T>) -> Option<T> {
    tables.into_iter().find_map(|table| {
        let mut text = String::new();
        File::open(format!("/proc/{pid}/{table}"))
            .ok()?
            .take(MAX_TABLE_BYTES)
            .read_to_string(&mut text)
            .ok()?;
        text.lines().find_map(&mut find)
    })
}

/// Returns whether an executable file is at this path, as far as the kernel knows without asking a file system: of a
/// file that was just executed, it knows. Before Linux 5.12 nothing is known.
pub(crate) fn is_executable(path: &Path) -> bool {
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let Ok(file) = openat2(CWD, path, flags, Mode::empty(), ResolveFlags::CACHED) else {
        return false;
    };
    let flags = AtFlags::EMPTY_PATH | AtFlags::STATX_DONT_SYNC;
    let known = statx(&file, c"", flags, StatxFlags::TYPE | StatxFlags::MODE);
    known.is_ok_and(|known| {
        let mode = u32::from(known.stx_mode);
        FileType::from_raw_mode(mode) == FileType::RegularFile && mode & 0o111 != 0
    })
}

fn port_of_listener(line: &str, socket: u64) -> Option<u16> {
    const LISTEN: &str = "0A";
    let mut fields = line.split_ascii_whitespace();
    let local = fields.nth(1)?;
    let listens = fields.nth(1)? == LISTEN;
    let number: u64 = fields.nth(5)?.parse().ok()?;
    if !listens || number != socket {
        return None;
    }
    u16::from_str_radix(local.rsplit(':').next()?, 16).ok()
}

/// Address of the dynamic loader in a process's memory (`AT_BASE` of `getauxval(3)`); 0 where it has none.
pub(crate) fn loader_base(pid: u32) -> Option<u64> {
    const AT_BASE: u64 = 7;
    let mut buffer = [0; 1_024];
    let vector = read(pid, "auxv", &mut buffer)?;
    let mut words = vector.as_chunks().0.iter().map(|bytes| u64::from_ne_bytes(*bytes));
    while let (Some(kind), Some(value)) = (words.next(), words.next()) {
        if kind == AT_BASE {
            return Some(value);
        }
    }
    None
}

fn peer_of_socket(line: &str, socket: u64) -> Option<(IpAddr, u16)> {
    let mut fields = line.split_ascii_whitespace();
    let remote = fields.nth(2)?;
    let number: u64 = fields.nth(6)?.parse().ok()?;
    if number != socket {
        return None;
    }
    let (ip, port) = remote.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    Some((address_of_words(ip)?, port)).filter(|_| port != 0)
}

/// Parses an address as the tables have it: each four bytes as a number of this machine's byte order.
fn address_of_words(text: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(text.get(at..at + 8)?, 16).ok()?.to_ne_bytes());
    match text.len() {
        8 => Some(Ipv4Addr::from(word(0)?).into()),
        32 => {
            let words = [word(0)?, word(8)?, word(16)?, word(24)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Some(Ipv6Addr::from(bytes).to_canonical())
        }
        _ => None,
    }
}

fn read<'a>(pid: u32, name: &str, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut file = File::open(format!("/proc/{pid}/{name}")).ok()?;
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(&buffer[..filled])
}

fn path(link_path: std::fmt::Arguments<'_>) -> Result<Vec<u8>, ReadError> {
    let target = link(link_path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => ReadError::Invalid,
        _ => ReadError::Denied,
    })?;
    if target.starts_with(b"/") {
        Ok(target)
    } else {
        Err(ReadError::Invalid)
    }
}

/// Reads a symbolic link whose path ends in a zero. A stopped caller waits for it: nothing is allocated but the result.
fn link(path: std::fmt::Arguments<'_>) -> io::Result<Vec<u8>> {
    let mut name = [0_u8; 48];
    let mut writer = &mut name[..];
    writer.write_fmt(path)?;
    let name = CStr::from_bytes_until_nul(&name).map_err(|_| ErrorKind::InvalidInput)?;
    let mut buffer = [const { MaybeUninit::uninit() }; MAX_PATH_BYTES];
    let (target, _) = readlinkat_raw(CWD, name, &mut buffer)?;
    Ok(target.to_vec())
}

/// Reports whether a process runs the program that this one runs. Only the link is read, which asks no file system.
pub(crate) fn runs_our_program(pid: u32) -> bool {
    let own = std::fs::read_link("/proc/self/exe").ok();
    own.is_some() && std::fs::read_link(format!("/proc/{pid}/exe")).ok() == own
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd as _;

    use super::*;

    #[test]
    fn a_process_is_read() {
        let me = std::process::id();
        let stat = Stat::read(me).expect("our own stat");
        assert_eq!(stat.parent, std::os::unix::process::parent_id());
        assert!(!stat.ended && !stat.name.is_empty());
        assert_eq!(command_line(me), std::env::args().collect::<Vec<_>>());
        let kin = Kin::read(me).expect("our own stat");
        assert_eq!(kin.parent, stat.parent);
        assert_eq!(kin.group, rustix::process::getpgrp().as_raw_nonzero().get() as u32);
        assert!(kin.start > 0 && !kin.ended);
        let directory = std::env::current_dir().expect("a directory");
        assert_eq!(
            working_directory(me),
            Ok(directory.into_os_string().into_encoded_bytes())
        );
        assert_eq!(process_of(me), Some(me));
    }

    #[test]
    fn a_thread_belongs_to_its_process() {
        let found = std::thread::spawn(|| process_of(rustix::thread::gettid().as_raw_nonzero().get() as u32));
        assert_eq!(found.join().expect("a thread"), Some(std::process::id()));
    }

    #[test]
    fn names_with_parentheses_and_blanks_are_read() {
        let line = "12 (a) b (c) S 7 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 99 4096 10 18446744073709551615 111 112 113 0";
        let stat = Stat::parse(line.as_bytes()).expect("a stat line");
        assert_eq!((stat.name.as_str(), stat.parent, stat.image[0]), ("a) b (c", 7, 111));
        assert_eq!(Stat::parse(b"12 (a"), None);
        assert_eq!(Stat::parse(b""), None);
    }

    #[test]
    fn a_listening_socket_is_found_by_its_number() {
        let me = std::process::id();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a listener");
        let number = socket_inode(me, listener.as_raw_fd()).expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        assert_eq!(listening_port(me, number), Some(port));
        drop(listener);
        assert_eq!(listening_port(me, number), None);
    }

    #[test]
    fn the_peer_of_a_udp_socket_is_found() {
        use std::net::UdpSocket;
        use std::os::fd::AsRawFd as _;
        let me = std::process::id();
        for local in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(peer) = UdpSocket::bind(local) else { continue };
            let socket = UdpSocket::bind(local).unwrap();
            let number = socket_inode(me, socket.as_raw_fd()).unwrap();
            assert_eq!(udp_peer(me, number), None, "not connected");
            let to = peer.local_addr().unwrap();
            socket.connect(to).unwrap();
            assert_eq!(udp_peer(me, number), Some((to.ip(), to.port())));
        }
    }

    #[test]
    fn what_is_not_there_is_none() {
        let nobody = u32::MAX >> 1;
        assert_eq!(Stat::read(nobody), None);
        assert_eq!(working_directory(nobody), Err(ReadError::Invalid));
        assert_eq!(process_of(nobody), None);
        assert!(command_line(nobody).is_empty());
        assert_eq!(descriptor_path(std::process::id(), 9_999), Err(ReadError::Invalid));
    }
}
