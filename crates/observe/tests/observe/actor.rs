//! The role of a program under observation: does by itself what a test asks for.
#![expect(unsafe_code, reason = "system calls that the standard library does not make")]

use std::ffi::CString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

use super::actor_more as more;
use super::actor_outcomes as outcomes;

pub(crate) fn main(role: &[String]) -> ExitCode {
    match role.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["files"] => files(),
        ["directories"] => directories(),
        ["broken"] => broken(),
        ["deleted"] => deleted(),
        ["threads"] => threads(),
        ["network"] => network(),
        ["queries", address] => queries(address),
        ["openat2"] => more::openat2(),
        ["separate"] => more::separate(),
        ["chroot"] => more::chroot(),
        ["reused", address] => more::reused(address),
        ["go-query"] => more::go_query(&query("go.test", 1)),
        ["datagrams"] => more::datagrams(),
        ["leaderless"] => more::leaderless(),
        ["io-uring"] => more::io_uring(),
        ["generations"] => more::generations(),
        ["silent"] => more::silent(),
        ["userfault"] => more::userfault(),
        ["look-ups"] => outcomes::look_ups(),
        ["made-behind"] => outcomes::made_behind(),
        ["changes-user"] => outcomes::changes_user(),
        ["changes-files"] => outcomes::changes_files(),
        ["chroot-look-ups"] => outcomes::chroot(),
        ["connects"] => outcomes::connects(),
        ["waits"] => outcomes::waits(),
        ["opens", count] => return opens(count.parse().unwrap()),
        ["signal", number] => {
            // SAFETY: a signal to ourselves.
            unsafe { libc::raise(number.parse().unwrap()) };
        }
        [role, ref rest @ ..] if role.starts_with("socket-") => {
            let role = role.trim_start_matches("socket-");
            super::sockets::act(&[&[role], rest].concat());
        }
        ref other => panic!("no such role: {other:?}"),
    }
    ExitCode::SUCCESS
}

fn files() {
    fs::write("new", "x").unwrap();
    fs::read("./new").unwrap();
    fs::metadata("new").unwrap();
    // SAFETY: a string with its zero.
    unsafe { libc::access(c"new".as_ptr(), libc::R_OK) };
    fs::rename("new", "other").unwrap();
    std::os::unix::fs::symlink("other", "link").unwrap();
    fs::read_link("link").unwrap();
    fs::create_dir("sub").unwrap();
    assert_eq!(fs::read_dir("sub").unwrap().count(), 0);
    fs::remove_dir("sub").unwrap();
    fs::remove_file("other").unwrap();
    assert!(fs::File::open("missing//.//file").is_err());
    // The file itself, through its descriptor: no path is named.
    fs::File::open("link/../link").unwrap_err();
    fs::File::create("open").unwrap().metadata().unwrap();
}

fn directories() {
    fs::create_dir("a").unwrap();
    fs::create_dir("a/b").unwrap();
    std::env::set_current_dir("a").unwrap();
    fs::write("one", "").unwrap();
    std::env::set_current_dir("b").unwrap();
    fs::write("../two", "").unwrap();
    let parent = fs::File::open("..").unwrap();
    // SAFETY: a descriptor that is open, and strings with their zero.
    unsafe {
        libc::mkdirat(parent.as_raw_fd(), c"made".as_ptr(), 0o755);
        libc::unlinkat(parent.as_raw_fd(), c"made".as_ptr(), libc::AT_REMOVEDIR);
        libc::fchdir(parent.as_raw_fd());
    }
    fs::write("three", "").unwrap();
}

/// Calls that fail by themselves must fail as ever, and give no event.
fn broken() {
    let long = CString::new("x".repeat(5_000)).unwrap();
    // SAFETY: the kernel refuses each of these pointers.
    unsafe {
        for pointer in [
            std::ptr::null(),
            8 as *const libc::c_char,
            usize::MAX as *const libc::c_char,
        ] {
            assert_eq!(libc::open(pointer, libc::O_RDONLY), -1);
            assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EFAULT));
        }
        assert_eq!(libc::open(long.as_ptr(), libc::O_RDONLY), -1);
        assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::ENAMETOOLONG));
        assert_eq!(libc::openat(999, c"x".as_ptr(), libc::O_RDONLY), -1);
        assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::EBADF));
        assert_eq!(libc::open(c"".as_ptr(), libc::O_RDONLY), -1);
        assert_eq!(std::io::Error::last_os_error().raw_os_error(), Some(libc::ENOENT));
        let name = [b'n', 0xff, 0];
        libc::mkdir(name.as_ptr().cast(), 0o755);
    }
}

fn deleted() {
    let home = std::env::current_dir().unwrap();
    fs::create_dir("gone").unwrap();
    std::env::set_current_dir("gone").unwrap();
    fs::remove_dir("../gone").unwrap();
    assert!(fs::File::open("file").is_err());
    std::env::set_current_dir(home).unwrap();
    fs::create_dir("named so (deleted)").unwrap();
    std::env::set_current_dir("named so (deleted)").unwrap();
    assert!(fs::File::open("file").is_err());
}

fn threads() {
    std::thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || fs::write(format!("t{number}"), "").unwrap());
        }
    });
}

fn network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(TcpStream::connect(("127.0.0.1", port)).unwrap());
    let six = TcpListener::bind("[::1]:0")
        .map(|listener| listener.local_addr().unwrap().port())
        .unwrap_or(0);
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.connect(("127.0.0.1", port)).unwrap();
    // SAFETY: a new socket, which is bound by the kernel when it listens.
    let unbound = unsafe {
        let socket = libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0);
        libc::listen(socket, 1);
        <TcpListener as std::os::fd::FromRawFd>::from_raw_fd(socket)
    };
    assert!(UnixStream::connect("relative.sock").is_err());
    use std::os::linux::net::SocketAddrExt as _;
    let name = std::os::unix::net::SocketAddr::from_abstract_name("nobody").unwrap();
    assert!(UnixStream::connect_addr(&name).is_err());
    println!("{port} {six} {}", unbound.local_addr().unwrap().port());
    // The last socket is looked for once it listens: it stays until the test has heard of it.
    let _ = std::io::stdin().read(&mut [0]);
}

pub(super) fn query(name: &str, record: u8) -> Vec<u8> {
    let mut message = vec![7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        message.push(label.len() as u8);
        message.extend(label.bytes());
    }
    message.extend([0, 0, record, 0, 1]);
    message
}

/// Sends questions in every way that resolvers have; no answer is needed.
fn queries(address: &str) {
    let to = (address, 53);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    for record in [1, 28] {
        let _ = socket.send_to(&query("sendto.test", record), to);
    }
    socket.connect(to).unwrap();
    let _ = socket.send(&query("connected.test", 1));
    // SAFETY: a descriptor that is open.
    let duplicate = unsafe { <UdpSocket as std::os::fd::FromRawFd>::from_raw_fd(libc::dup(socket.as_raw_fd())) };
    let _ = duplicate.send(&query("duplicate.test", 1));
    let fd = socket.as_raw_fd();
    let (mut first, mut second) = (query("sendmmsg.test", 1), query("sendmmsg.test", 28));
    // SAFETY: the buffers live through the calls.
    unsafe {
        let part = |bytes: &mut Vec<u8>| libc::iovec {
            iov_base: bytes.as_mut_ptr().cast(),
            iov_len: bytes.len(),
        };
        let mut parts = [part(&mut first), part(&mut second)];
        let mut messages: [libc::mmsghdr; 2] = std::mem::zeroed();
        for (message, part) in messages.iter_mut().zip(&mut parts) {
            message.msg_hdr.msg_iov = part;
            message.msg_hdr.msg_iovlen = 1;
        }
        libc::sendmmsg(fd, messages.as_mut_ptr(), 2, 0);
        let mut whole = query("sendmsg.test", 1);
        let (front, back) = whole.split_at_mut(15);
        let piece = |bytes: &mut [u8]| libc::iovec {
            iov_base: bytes.as_mut_ptr().cast(),
            iov_len: bytes.len(),
        };
        let mut parts = [piece(front), piece(back)];
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = parts.as_mut_ptr();
        message.msg_iovlen = 2;
        libc::sendmsg(fd, &raw const message, 0);
    }
    let _ = socket.send(b"this is long enough, and no question at all");
}

/// Opens a file so many times, and prints how often that worked.
fn opens(count: u32) -> ExitCode {
    fs::write("file", "right").unwrap();
    let mut worked = 0;
    for _ in 0..count {
        worked += u32::from(fs::read("file").is_ok_and(|text| text == b"right"));
    }
    println!("{worked}");
    std::io::stdout().flush().unwrap();
    ExitCode::from(u8::from(worked != count))
}
