//! Roles of a program under observation whose calls come to something that is known.
#![expect(unsafe_code, reason = "system calls that the standard library does not make")]

use std::fs::{self, File};
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

fn lstat(path: &str) -> bool {
    fs::symlink_metadata(path).is_ok()
}

pub(crate) fn look_ups() {
    fs::write("there", "x").unwrap();
    fs::create_dir("folder").unwrap();
    symlink("nothing", "dangling").unwrap();
    symlink("there", "link").unwrap();
    symlink("loop", "loop").unwrap();
    File::open("there").unwrap();
    File::open("link").unwrap();
    File::open("missing").unwrap_err();
    File::open("folder/../missing").unwrap_err();
    fs::metadata("there").unwrap();
    fs::metadata("dangling").unwrap_err();
    assert!(lstat("dangling"));
    // SAFETY: strings with their zero.
    unsafe {
        libc::access(c"there".as_ptr(), libc::R_OK);
        libc::access(c"missing".as_ptr(), libc::F_OK);
        libc::access(c"there".as_ptr(), libc::X_OK);
    }
    fs::read_link("link").unwrap();
    fs::read_dir("folder").unwrap();
    fs::read("/proc/self/status").unwrap();
    File::open("/dev/null").unwrap();
    // Errors of other kinds, and calls that change what they ask about.
    fs::read_link("there").unwrap_err();
    fs::read_dir("there").unwrap_err();
    File::options().write(true).open("folder").unwrap_err();
    File::open("there/below").unwrap_err();
    File::open("loop").unwrap_err();
    File::options().append(true).create(true).open("there").unwrap();
    fs::create_dir("folder").unwrap_err();
    fs::remove_file("missing").unwrap_err();
    fs::write("script", "#!/no/such/interpreter\n").unwrap();
    fs::set_permissions("script", fs::Permissions::from_mode(0o755)).unwrap();
    std::process::Command::new("./missing").status().unwrap_err();
    std::process::Command::new("./folder").status().unwrap_err();
    std::process::Command::new("./script").status().unwrap_err();
}

/// Looks for files that it makes at once.
pub(crate) fn made_behind() {
    for number in 0..200 {
        let name = format!("f{number}");
        fs::metadata(&name).unwrap_err();
        fs::write(&name, "").unwrap();
        let folder = format!("d{number}");
        fs::metadata(format!("{folder}/inside")).unwrap_err();
        fs::create_dir(&folder).unwrap();
        fs::write(format!("{folder}/inside"), "").unwrap();
        let removed = format!("r{number}");
        fs::write(&removed, "").unwrap();
        fs::metadata(&removed).unwrap();
        fs::remove_file(&removed).unwrap();
    }
}

/// Takes another user for one call, and its own again for the next.
pub(crate) fn changes_user() {
    fs::write("secret", "x").unwrap();
    fs::set_permissions("secret", fs::Permissions::from_mode(0o600)).unwrap();
    for _ in 0..20 {
        // SAFETY: numbers only; this program has one thread.
        unsafe { assert_eq!(libc::seteuid(65_534), 0) };
        File::open("secret").unwrap_err();
        // SAFETY: as above.
        unsafe { assert_eq!(libc::seteuid(0), 0) };
        File::open("secret").unwrap();
    }
}

/// Looks for files below a root of its own, until the test has read what came of it.
pub(crate) fn chroot() {
    fs::create_dir("jail").unwrap();
    fs::write("jail/inside", "").unwrap();
    symlink("/inside", "jail/link").unwrap();
    if std::os::unix::fs::chroot("jail").is_err() {
        println!("none");
        return;
    }
    std::env::set_current_dir("/").unwrap();
    // It has to be there when it is looked at.
    for _ in 0..200 {
        File::open("/inside").unwrap();
        File::open("/link").unwrap();
        File::open("/etc/passwd").unwrap_err();
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

/// Every further call that changes a path.
pub(crate) fn changes_files() {
    fs::write("a", "abc").unwrap();
    symlink("a", "symlink").unwrap();
    fs::hard_link("a", "link").unwrap();
    fs::set_permissions("a", fs::Permissions::from_mode(0o600)).unwrap();
    // SAFETY: strings with their zero.
    unsafe {
        libc::lchown(c"a".as_ptr(), libc::getuid(), libc::getgid());
        libc::truncate(c"a".as_ptr(), 1);
        libc::utimensat(libc::AT_FDCWD, c"a".as_ptr(), std::ptr::null(), 0);
        libc::futimens(File::open("a").unwrap().as_raw_fd(), std::ptr::null());
        libc::mkfifo(c"fifo".as_ptr(), 0o600);
        let value = c"x";
        libc::setxattr(c"a".as_ptr(), c"user.x".as_ptr(), value.as_ptr().cast(), 1, 0);
        libc::removexattr(c"a".as_ptr(), c"user.x".as_ptr());
    }
}

fn non_blocking(to: SocketAddr) -> OwnedFd {
    let SocketAddr::V4(to) = to else { unreachable!() };
    // SAFETY: a new socket, and an address that lives through the call.
    unsafe {
        let socket = libc::socket(
            libc::AF_INET,
            libc::SOCK_STREAM | libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC,
            0,
        );
        let mut address: libc::sockaddr_in = std::mem::zeroed();
        address.sin_family = libc::AF_INET as u16;
        address.sin_port = to.port().to_be();
        address.sin_addr.s_addr = u32::from(*to.ip()).to_be();
        libc::connect(socket, (&raw const address).cast(), size_of_val(&address) as u32);
        OwnedFd::from_raw_fd(socket)
    }
}

/// Waits until the socket has an answer, and takes its error.
fn taken_error(socket: &OwnedFd) -> i32 {
    let mut polled = libc::pollfd {
        fd: socket.as_raw_fd(),
        events: libc::POLLOUT,
        revents: 0,
    };
    let (mut error, mut length) = (0, 4);
    // SAFETY: structures that live through the calls.
    unsafe {
        assert_eq!(libc::poll(&raw mut polled, 1, 60_000), 1);
        let into = (&raw mut error).cast();
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ERROR,
            into,
            &raw mut length,
        );
    }
    error
}

/// Connects in every way whose outcome is known at once.
pub(crate) fn connects() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap();
    // Bound, and it does not listen.
    let closed = {
        // SAFETY: a new socket.
        let socket = unsafe { OwnedFd::from_raw_fd(libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0)) };
        let mut address = [0_u32; 4];
        address[0] = libc::AF_INET as u32;
        address[1] = u32::from(std::net::Ipv4Addr::LOCALHOST).to_be();
        // SAFETY: an address that lives through the call.
        unsafe { assert_eq!(libc::bind(socket.as_raw_fd(), address.as_ptr().cast(), 16), 0) };
        let port = TcpListener::from(socket.try_clone().unwrap())
            .local_addr()
            .unwrap()
            .port();
        std::mem::forget(socket);
        SocketAddr::from(([127, 0, 0, 1], port))
    };
    println!("{} {}", open.port(), closed.port());
    let mut refused = Vec::new();
    for _ in 0..50 {
        let mut client = TcpStream::connect(open).unwrap();
        let (server, _) = listener.accept().unwrap();
        drop(server);
        // The other end's FIN arrives, whoever else has looked at the socket.
        client.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
        let client = TcpStream::connect(open).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        drop(client);
        server.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        assert_eq!(server.read(&mut [0]).unwrap(), 0);
        TcpStream::connect(closed).unwrap_err();
        refused.push(non_blocking(closed));
    }
    // Most of them have been looked at by now, and have their error all the same.
    for socket in &refused {
        assert_eq!(taken_error(socket), libc::ECONNREFUSED);
    }
    let _unix = UnixListener::bind("unix").unwrap();
    UnixStream::connect("unix").unwrap();
    UnixStream::connect("nowhere").unwrap_err();
}

/// Connects to a listener that is full, which answers later.
pub(crate) fn waits() {
    // SAFETY: a new socket, bound by the kernel when it listens.
    let listener = unsafe {
        let socket = libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0);
        libc::listen(socket, 0);
        TcpListener::from_raw_fd(socket)
    };
    let port = listener.local_addr().unwrap().port();
    let to = SocketAddr::from(([127, 0, 0, 1], port));
    let first = TcpStream::connect(to).unwrap();
    println!("{port}");
    let late = non_blocking(to);
    // Let in once the test has seen that it waits.
    let _ = std::io::stdin().read(&mut [0]);
    let _accepted = listener.accept().unwrap();
    assert_eq!(taken_error(&late), 0);
    let _ = std::io::stdin().read(&mut [0]);
    drop(first);
}
