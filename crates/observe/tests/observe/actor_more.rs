//! Further roles of a program under observation: roots, datagrams, forks, and memory that is provided late.
#![expect(unsafe_code, reason = "system calls that the standard library does not make")]

use std::fs;
use std::io::Read as _;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsRawFd as _, FromRawFd as _, IntoRawFd as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::ptr::null_mut;

use libc::c_long;

use super::actor::query;

pub(crate) fn openat2() {
    fs::create_dir("tree").unwrap();
    let tree = fs::File::options()
        .read(true)
        .custom_flags(libc::O_DIRECTORY)
        .open("tree")
        .unwrap();
    let open = |path: &std::ffi::CStr, resolve: u64| {
        let how: [u64; 3] = [libc::O_RDONLY as u64, 0, resolve];
        // SAFETY: a string with its zero, and a structure of the size that is given.
        unsafe {
            libc::syscall(
                libc::SYS_openat2,
                tree.as_raw_fd(),
                path.as_ptr(),
                how.as_ptr(),
                24_usize,
            )
        }
    };
    assert_eq!(open(c"/../etc/x", libc::RESOLVE_IN_ROOT), -1);
    assert_eq!(open(c"y", libc::RESOLVE_BENEATH), -1);
    // Refused by the kernel before any file is asked for.
    assert_eq!(open(c"/etc/hosts", libc::RESOLVE_BENEATH), -1);
}

pub(crate) fn separate() {
    fs::create_dir("own").unwrap();
    std::thread::spawn(|| {
        // SAFETY: concerns this thread alone.
        assert_eq!(unsafe { libc::unshare(libc::CLONE_FS) }, 0);
        std::env::set_current_dir("own").unwrap();
        fs::write("inside", "").unwrap();
    })
    .join()
    .unwrap();
    fs::write("outside", "").unwrap();
}

pub(crate) fn chroot() {
    fs::create_dir_all("jail/in").unwrap();
    if std::os::unix::fs::chroot("jail").is_err() {
        println!("none");
        return;
    }
    std::env::set_current_dir("jail/in").unwrap();
    fs::write("relative", "").unwrap();
    fs::write("/in/absolute", "").unwrap();
}

pub(crate) fn go_query(question: &[u8]) {
    let heap = if cfg!(target_arch = "aarch64") {
        0x40_0000_0000_usize
    } else {
        0xc0_0000_0000
    };
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect("127.53.53.53:53").unwrap();
    // SAFETY: new memory where nothing else is, which is written within its bounds.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
        let page = libc::mmap(heap as *mut _, 4_096, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        assert_eq!(page as usize, heap);
        let buffer = page.cast::<u8>().add(64 + 2);
        std::ptr::copy_nonoverlapping(question.as_ptr(), buffer, question.len());
        libc::write(socket.as_raw_fd(), buffer.cast(), question.len());
    }
}

/// Probes as address sorting makes them, a counter as statsd gets it, a line as syslog does, and one that stays.
pub(crate) fn datagrams() {
    for port in 1..4 {
        let probe = UdpSocket::bind("0.0.0.0:0").unwrap();
        probe.connect(("127.9.9.9", port)).unwrap();
    }
    let statsd = UdpSocket::bind("0.0.0.0:0").unwrap();
    for _ in 0..3 {
        let _ = statsd.send_to(b"a:1|c", ("127.9.9.9", 8_125));
    }
    let _ = statsd.send_to(b"<13>x", ("127.9.9.9", 514));
    let _log = UnixDatagram::bind("log").unwrap();
    let syslog = UnixDatagram::unbound().unwrap();
    for _ in 0..3 {
        syslog.send_to(b"<13>x", "log").unwrap();
    }
    let stays = UdpSocket::bind("0.0.0.0:0").unwrap();
    stays.connect(("127.9.9.9", 4)).unwrap();
    stays.connect(("127.9.9.9", 5)).unwrap();
    let _ = std::io::stdin().read(&mut [0]);
}

/// The first thread ends; another one listens and connects.
pub(crate) fn leaderless() -> ! {
    let me = std::process::id();
    std::thread::spawn(move || {
        loop {
            let stat = fs::read_to_string(format!("/proc/{me}/stat")).unwrap();
            if stat.contains(") Z ") {
                break;
            }
        }
        // SAFETY: a new socket, which is bound by the kernel when it listens.
        let listener = unsafe {
            let socket = libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0);
            libc::listen(socket, 1);
            TcpListener::from_raw_fd(socket)
        };
        let port = listener.local_addr().unwrap().port();
        drop(TcpStream::connect(("127.0.0.1", port)).unwrap());
        println!("{port}");
        // It is looked for while it is there.
        let deadline = std::time::Instant::now() + std::time::Duration::from_millis(500);
        while std::time::Instant::now() < deadline {
            std::thread::park_timeout(std::time::Duration::from_millis(50));
        }
        std::process::exit(0);
    });
    // SAFETY: ends this thread alone, which has nothing that another one needs.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
    unreachable!()
}

pub(crate) fn io_uring() {
    let mut parameters = [0_u8; 120];
    // SAFETY: `struct io_uring_params` has 120 bytes.
    unsafe { libc::syscall(libc::SYS_io_uring_setup, 1 as c_long, parameters.as_mut_ptr()) };
}

/// Forks; `true` in the child.
fn fork() -> bool {
    // SAFETY: this program has one thread.
    match unsafe { libc::fork() } {
        -1 => panic!("no fork"),
        0 => true,
        _ => false,
    }
}

fn wait() {
    // SAFETY: the status is not asked for.
    unsafe { libc::wait(null_mut()) };
}

/// The second and third make no watched call; the fourth does.
pub(crate) fn generations() {
    for _ in 0..3 {
        if !fork() {
            wait();
            // SAFETY: nothing is left to be done, and nothing that may call is run.
            unsafe { libc::_exit(0) };
        }
    }
    fs::write("by-the-fourth", "").unwrap();
    // The others are there for as long as this one.
    let _ = std::io::stdin().read(&mut [0]);
}

pub(crate) fn silent() {
    if fork() {
        // SAFETY: as above; it waits until it is killed.
        unsafe {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            libc::pause();
            libc::_exit(0)
        };
    }
    let _ = std::io::stdin().read(&mut [0]);
}

#[repr(C)]
struct Api {
    api: u64,
    features: u64,
    ioctls: u64,
}

#[repr(C)]
struct Register {
    start: u64,
    length: u64,
    mode: u64,
    ioctls: u64,
}

#[repr(C)]
struct Copied {
    to: u64,
    from: u64,
    length: u64,
    mode: u64,
    copied: i64,
}

const UFFDIO_API: u64 = 0xc018_aa3f;
const UFFDIO_REGISTER: u64 = 0xc020_aa00;
const UFFDIO_COPY: u64 = 0xc028_aa03;

/// Opens a path on a page that another thread provides, after it has opened files of its own.
pub(crate) fn userfault() {
    // SAFETY: a new descriptor, and structures as the kernel knows them, that live through their calls.
    unsafe {
        let fd = libc::syscall(libc::SYS_userfaultfd, libc::O_CLOEXEC);
        let mut api = Api {
            api: 0xaa,
            features: 0,
            ioctls: 0,
        };
        if fd < 0 || libc::ioctl(fd as i32, UFFDIO_API as _, &raw mut api) != 0 {
            println!("none");
            return;
        }
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let page = libc::mmap(null_mut(), 4_096, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        let mut register = Register {
            start: page as u64,
            length: 4_096,
            mode: 1,
            ioctls: 0,
        };
        assert_eq!(libc::ioctl(fd as i32, UFFDIO_REGISTER as _, &raw mut register), 0);
        let mut faults = fs::File::from_raw_fd(fd as i32);
        let address = page as u64;
        let provider = std::thread::spawn(move || {
            let mut fault = [0; 32];
            faults.read_exact(&mut fault).unwrap();
            for _ in 0..3 {
                let _ = fs::read("/etc/hostname");
            }
            let mut content = vec![0_u8; 4_096];
            content[..10].copy_from_slice(b"/dev/null\0");
            let mut copy = Copied {
                to: address,
                from: content.as_ptr() as u64,
                length: 4_096,
                mode: 0,
                copied: 0,
            };
            assert_eq!(libc::ioctl(faults.as_raw_fd(), UFFDIO_COPY as _, &raw mut copy), 0);
            let _ = faults.into_raw_fd();
        });
        let opened = libc::open(page.cast(), libc::O_RDONLY);
        provider.join().unwrap();
        assert!(opened >= 0);
    }
    // The observer is back.
    for _ in 0..200 {
        let _ = fs::read("after-fault");
        std::thread::park_timeout(std::time::Duration::from_millis(1));
    }
    println!("opened");
}

/// Sends over numbers that were another socket's a moment ago.
pub(super) fn reused(resolver: &str) {
    let connected = |to: (&str, u16)| {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(to).unwrap();
        socket
    };
    let ask = |socket: &UdpSocket, name: &str| drop(socket.send(&query(name, 1)));
    let elsewhere = connected(("127.9.9.9", 9));
    ask(&elsewhere, "elsewhere.test");
    let number = elsewhere.as_raw_fd();
    drop(elsewhere);
    let asks = connected((resolver, 53));
    assert_eq!(asks.as_raw_fd(), number);
    ask(&asks, "reused.test");
    let elsewhere = connected(("127.9.9.9", 9));
    ask(&elsewhere, "elsewhere.test");
    // SAFETY: descriptors that are open.
    unsafe { libc::dup2(asks.as_raw_fd(), elsewhere.as_raw_fd()) };
    ask(&elsewhere, "duplicated.test");
    let again = connected(("127.9.9.9", 9));
    ask(&again, "elsewhere.test");
    again.connect((resolver, 53)).unwrap();
    ask(&again, "reconnected.test");
}
