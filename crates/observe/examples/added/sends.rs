//! Sends over sockets, watched by two builds in turn.
#![expect(
    unsafe_code,
    reason = "system calls that the standard library makes with other flags"
)]

use std::ffi::{c_int, c_void};
use std::io::Read as _;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// Calls of one run.
const CALLS: u32 = 20_000;
/// Calls that are timed together; then the other end is read, which is not watched.
const BURST: u32 = 100;
const MESSAGE: [u8; 100] = [b'x'; 100];
const CASES: &[&str] = &[
    "sendmsg-stream",
    "sendmsg-udp",
    "sendto-stream",
    "sendto-udp",
    "sendto-address",
    "sendmsg-address",
];

/// Sends, and prints the time of one call in nanoseconds: the lower decile of the bursts, which a machine with other
/// work hardly changes.
pub(crate) fn main(case: &str) -> ExitCode {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (other, _) = listener.accept().unwrap();
    other.set_nodelay(true).unwrap();
    let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = receiver.local_addr().unwrap();
    if case.ends_with("-udp") {
        sender.connect(to).unwrap();
    }
    let fd = if case.ends_with("-stream") {
        other.as_raw_fd()
    } else {
        sender.as_raw_fd()
    };
    let mut address = libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: to.port().to_be(),
        sin_addr: libc::in_addr {
            s_addr: u32::from_ne_bytes([127, 0, 0, 1]),
        },
        sin_zero: [0; 8],
    };
    let address = case.ends_with("-address").then_some(&mut address);
    let address = address.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let mut bursts = Vec::new();
    for _ in 0..CALLS / BURST {
        let start = Instant::now();
        for _ in 0..BURST {
            if case.starts_with("sendto") {
                send_to(fd, address);
            } else {
                send_message(fd, address);
            }
        }
        bursts.push(start.elapsed() / BURST);
        if case.ends_with("-stream") {
            let mut received = [0; MESSAGE.len() * BURST as usize];
            stream.read_exact(&mut received).unwrap();
        }
    }
    bursts.sort_unstable();
    println!("{}", bursts[bursts.len() / 10].as_nanos());
    ExitCode::SUCCESS
}

fn send_to(fd: c_int, address: *mut libc::sockaddr_in) {
    let length = if address.is_null() {
        0
    } else {
        size_of::<libc::sockaddr_in>()
    };
    let flags = libc::MSG_NOSIGNAL;
    // SAFETY: the message and the address are there; what does not fit into a receiver's buffer is dropped.
    unsafe {
        let message = MESSAGE.as_ptr().cast();
        libc::sendto(fd, message, MESSAGE.len(), flags, address.cast(), length as u32);
    }
}

fn send_message(fd: c_int, address: *mut libc::sockaddr_in) {
    let mut part = libc::iovec {
        iov_base: MESSAGE.as_ptr().cast_mut().cast::<c_void>(),
        iov_len: MESSAGE.len(),
    };
    // SAFETY: zeroes are a message without address and parts; all that it points to is there.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        if !address.is_null() {
            message.msg_name = address.cast();
            message.msg_namelen = size_of::<libc::sockaddr_in>() as u32;
        }
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        libc::sendmsg(fd, &raw const message, 0);
    }
}

/// Prints each case's medians, and the ratio of each round's two runs.
pub(crate) fn compare(other: &str, rounds: usize) {
    let this = std::env::current_exe().unwrap();
    let this = this.to_str().unwrap();
    for case in CASES {
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        let mut ratios = Vec::new();
        for _ in 0..rounds {
            let bare = run(&[this, "__send", case]);
            let before = run(&[other, "__host", this, "__send", case]);
            let now = run(&[this, "__host", this, "__send", case]);
            ratios.push(now / before);
            for (times, time) in times.iter_mut().zip([bare, before, now]) {
                times.push(time / 1e3);
            }
        }
        let [bare, before, now] = times.map(|times| median(times).1);
        let (least, middle, most) = median(ratios);
        println!(
            "{case:16} bare {bare:5.1} µs, other {before:5.1}, this {now:5.1}; ratio {middle:.2} ({least:.2} to {most:.2})"
        );
    }
}

fn median(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}

fn run(command: &[&str]) -> f64 {
    let mut program = Command::new(command[0]);
    let output = program.args(&command[1..]).stderr(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}
