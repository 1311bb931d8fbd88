//! A server that swallows or echoes, and clients that send to it, all with plain blocking sockets.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;

/// Request in a client's first byte.
const ECHO: u8 = b'e';
const SWALLOW: u8 = b's';
const BLOCK: usize = 256 * 1024;
/// A proxy that loses bytes fails the measurement and does not hang it.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server behind all of them.
pub(crate) struct Server(SocketAddr);

impl Server {
    pub(crate) fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || serve(stream));
            }
        });
        Ok(Self(address))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.0
    }
}

/// Answers bytes with the same, or with their number once there are no more.
fn serve(mut stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut first = [0];
    stream.read_exact(&mut first).ok()?;
    let mut block = vec![0; if first == [ECHO] { 4096 } else { BLOCK }];
    let mut total: u64 = 0;
    loop {
        let read = match stream.read(&mut block) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.ok()?,
        };
        if read == 0 {
            break;
        }
        total += read as u64;
        if first == [ECHO] {
            stream.write_all(block.get(..read)?).ok()?;
        }
    }
    if first == [SWALLOW] {
        stream.write_all(&total.to_be_bytes()).ok()?;
    }
    Some(())
}

pub(crate) fn open(address: SocketAddr, kind: u8) -> Result<TcpStream, Failure> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(&[kind])?;
    Ok(stream)
}

/// A connection that has been through an echo, and rests.
pub(crate) fn resting(address: SocketAddr) -> Result<TcpStream, Failure> {
    let mut stream = open(address, ECHO)?;
    echo(&mut stream, &[7; 128])?;
    Ok(stream)
}

/// Sends a block and waits until all of it is back.
pub(crate) fn echo(stream: &mut TcpStream, block: &[u8]) -> Result<(), Failure> {
    stream.write_all(block)?;
    let mut back = vec![0; block.len()];
    stream.read_exact(&mut back)?;
    Ok(())
}

/// Gigabits a second that arrive, over `streams` connections at a time.
pub(crate) fn throughput(address: SocketAddr, streams: usize, time: Duration) -> Result<f64, Failure> {
    let open: Result<Vec<_>, _> = (0..streams).map(|_| open(address, SWALLOW)).collect();
    let open = open?;
    let began = Instant::now();
    let senders: Vec<_> = open
        .into_iter()
        .map(|stream| thread::spawn(move || send(stream, began + time)))
        .collect();
    let mut total = 0;
    for sender in senders {
        total += sender.join().map_err(|_| "a sender failed")??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a count of bytes")]
    let bits = total as f64 * 8.0;
    Ok(bits / began.elapsed().as_secs_f64() / 1e9)
}

/// Sends until the time is over; what arrived has to be what was sent.
fn send(mut stream: TcpStream, until: Instant) -> Result<u64, Failure> {
    let block = vec![7; BLOCK];
    let mut sent = 0;
    while Instant::now() < until {
        stream.write_all(&block)?;
        sent += block.len() as u64;
    }
    stream.shutdown(Shutdown::Write)?;
    let mut arrived = [0; 8];
    stream.read_exact(&mut arrived)?;
    match u64::from_be_bytes(arrived) {
        all if all == sent => Ok(sent),
        some => Err(format!("{some} of {sent} bytes arrived at {:?}", stream.peer_addr()).into()),
    }
}

/// The times of so many echoes, one after the other.
pub(crate) fn echoes(address: SocketAddr, count: usize) -> Result<Vec<Duration>, Failure> {
    let mut stream = resting(address)?;
    let once = |stream: &mut TcpStream| {
        let began = Instant::now();
        echo(stream, &[7; 128]).map(|()| began.elapsed())
    };
    (0..count).map(|_| once(&mut stream)).collect()
}
