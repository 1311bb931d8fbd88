//! A proxy on loopback sockets, between a client and a server that are this test.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Notice, OwnAddress, Proxy, ProxyError, ProxyOptions, ProxyStats, Shared};
use crate::upstream::Upstream;

/// Longest wait of a test.
const DEADLINE: Duration = Duration::from_secs(30);

struct Running {
    address: SocketAddr,
    notices: Arc<Mutex<Vec<Notice>>>,
    stop: CancellationToken,
    at_once: CancellationToken,
    run: JoinHandle<ProxyStats>,
    shared: Arc<Shared>,
}

fn options(upstream: SocketAddr) -> ProxyOptions {
    ProxyOptions {
        upstream: upstream.to_string().parse().unwrap(),
        max_connections: 100,
        idle_timeout: None,
        grace: Duration::ZERO,
    }
}

impl Running {
    async fn start(options: ProxyOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let notices = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&notices);
        let proxy = Proxy::new(listener, options, Vec::new(), move |notice| {
            told.lock().unwrap().push(notice)
        });
        let (stop, at_once) = (CancellationToken::new(), CancellationToken::new());
        let proxy = proxy.await.unwrap();
        let shared = Arc::clone(&proxy.shared);
        let run = tokio::spawn(proxy.run(stop.clone(), at_once.clone()));
        Self {
            address,
            notices,
            stop,
            at_once,
            run,
            shared,
        }
    }

    async fn connect(&self) -> TcpStream {
        within(TcpStream::connect(self.address)).await.unwrap()
    }

    fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap().clone()
    }

    async fn end(self) -> ProxyStats {
        self.stop.cancel();
        within(self.run).await.unwrap()
    }
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(DEADLINE, future).await.expect("it takes too long")
}

async fn server() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn accept(listener: &TcpListener) -> TcpStream {
    within(listener.accept()).await.unwrap().0
}

/// A proxy, and one connection through it: its client's end, its server's.
async fn through() -> (Running, TcpStream, TcpStream) {
    through_with(|_| {}).await
}

async fn through_with(change: impl FnOnce(&mut ProxyOptions)) -> (Running, TcpStream, TcpStream) {
    let (listener, address) = server().await;
    let mut options = options(address);
    change(&mut options);
    let proxy = Running::start(options).await;
    let client = proxy.connect().await;
    let upstream = accept(&listener).await;
    (proxy, client, upstream)
}

async fn read(stream: &mut TcpStream, bytes: usize) -> Vec<u8> {
    let mut read = vec![0; bytes];
    within(stream.read_exact(&mut read)).await.unwrap();
    read
}

async fn rest(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    within(stream.read_to_end(&mut read)).await.map(|_| read)
}

/// Bytes of which none looks like its neighbours: a piece that is lost, doubled or moved shows.
fn pattern(bytes: usize) -> Vec<u8> {
    let word = |number: usize| (number as u32).wrapping_mul(2_654_435_761).to_le_bytes();
    (0..bytes.div_ceil(4)).flat_map(word).take(bytes).collect()
}

#[tokio::test]
async fn each_side_may_end_first_and_still_listen() {
    for client_ends_first in [true, false] {
        let (proxy, client, upstream) = through().await;
        let (mut one, mut other) = if client_ends_first {
            (client, upstream)
        } else {
            (upstream, client)
        };
        one.write_all(b"a question").await.unwrap();
        one.shutdown().await.unwrap();
        assert_eq!(rest(&mut other).await.unwrap(), b"a question");
        // The other direction is open, for as long as it likes.
        for _ in 0..3 {
            other.write_all(b"more").await.unwrap();
            assert_eq!(read(&mut one, 4).await, b"more");
        }
        other.shutdown().await.unwrap();
        assert_eq!(rest(&mut one).await.unwrap(), b"");
        let served = proxy.end().await;
        assert_eq!((served.connections, served.reset, served.cut_off), (1, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn megabytes_pass_both_ways_at_once_unchanged() {
    let (proxy, client, upstream) = through().await;
    let sent = pattern(24 * 1024 * 1024 + 13);
    let both = [client, upstream].map(|stream| {
        let sent = sent.clone();
        tokio::spawn(async move {
            let (mut reader, mut writer) = stream.into_split();
            let write = async {
                writer.write_all(&sent).await.unwrap();
                writer.shutdown().await.unwrap();
            };
            let mut read = Vec::new();
            let (_, all) = tokio::join!(write, reader.read_to_end(&mut read));
            all.unwrap();
            assert!(read == sent, "{} of {} bytes, or others", read.len(), sent.len());
        })
    });
    for side in both {
        within(side).await.unwrap();
    }
    assert_eq!(proxy.end().await.reset, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_busy_streams_than_pipes_pass_as_well() {
    let (listener, address) = server().await;
    let proxy = Running::start(options(address)).await;
    let sent = Arc::new(pattern(1024 * 1024));
    let mut streams = Vec::new();
    for _ in 0..80 {
        let (mut client, mut upstream) = (proxy.connect().await, accept(&listener).await);
        let sent = Arc::clone(&sent);
        streams.push(tokio::spawn(async move {
            let write = async {
                client.write_all(&sent).await.unwrap();
                client.shutdown().await.unwrap();
            };
            let (_, all) = tokio::join!(write, rest(&mut upstream));
            assert!(all.unwrap() == *sent);
        }));
    }
    for stream in streams {
        within(stream).await.unwrap();
    }
}

#[tokio::test]
async fn a_reader_that_stops_stops_the_writer() {
    let (_proxy, mut client, mut upstream) = through().await;
    // As much as the kernel keeps of four sockets, and what a direction holds.
    const MOST: usize = 64 * 1024 * 1024;
    let block = pattern(1024 * 1024);
    let mut sent = Vec::new();
    // The writer is held up for good once every buffer is full.
    while sent.len() < MOST {
        let written = timeout(Duration::from_millis(500), client.write(&block)).await;
        match written {
            Ok(wrote) => sent.extend_from_slice(&block[..wrote.unwrap()]),
            Err(_) => break,
        }
    }
    assert!(sent.len() < MOST, "{} bytes found room somewhere", sent.len());
    client.shutdown().await.unwrap();
    assert!(rest(&mut upstream).await.unwrap() == sent, "and nothing is lost");
}

#[tokio::test]
#[cfg_attr(windows, ignore = "Wine ends a connection in order where Windows resets it")]
async fn a_reset_is_a_reset_on_the_other_side() {
    for client_resets in [true, false] {
        let (proxy, client, upstream) = through().await;
        let (mut one, mut other) = if client_resets {
            (client, upstream)
        } else {
            (upstream, client)
        };
        // A server that resets before it was reached is one that is away.
        one.write_all(b"x").await.unwrap();
        read(&mut other, 1).await;
        one.set_zero_linger().unwrap();
        drop(one);
        assert_eq!(
            rest(&mut other).await.unwrap_err().kind(),
            io::ErrorKind::ConnectionReset
        );
        assert_eq!(proxy.end().await.reset, 1);
    }
}

#[tokio::test]
async fn an_answer_that_comes_before_the_reset_arrives() {
    let (_proxy, mut client, mut upstream) = through().await;
    client.write_all(&pattern(256 * 1024)).await.unwrap();
    // A server that refuses a body: it answers, and ends without having read all of it, which is a reset.
    read(&mut upstream, 1).await;
    upstream.write_all(b"413").await.unwrap();
    drop(upstream);
    assert_eq!(read(&mut client, 3).await, b"413");
}

#[tokio::test]
async fn silence_both_ways_ends_a_connection_and_one_way_does_not() {
    const IDLE: Duration = Duration::from_secs(60);
    let (proxy, mut client, mut upstream) = through_with(|options| options.idle_timeout = Some(IDLE)).await;
    client.write_all(b"hello").await.unwrap();
    read(&mut upstream, 5).await;
    tokio::time::pause();
    // Only the server speaks, for longer than the time-out in all.
    for _ in 0..4 {
        tokio::time::advance(IDLE * 3 / 4).await;
        upstream.write_all(b"tick").await.unwrap();
        // Read without a timer of ours: paused time would run to it.
        let mut tick = [0; 4];
        client.read_exact(&mut tick).await.unwrap();
    }
    let began = tokio::time::Instant::now();
    let mut end = Vec::new();
    client.read_to_end(&mut end).await.unwrap();
    let waited = began.elapsed();
    assert!(
        waited > IDLE / 2 && waited <= IDLE + Duration::from_secs(1),
        "{waited:?}"
    );
    tokio::time::resume();
    assert_eq!(rest(&mut upstream).await.unwrap(), b"");
    assert_eq!(proxy.end().await.idle, 1);
}

#[tokio::test]
async fn one_connection_too_many_is_closed_and_the_next_one_has_room() {
    let (listener, address) = server().await;
    let mut few = options(address);
    few.max_connections = 2;
    let proxy = Running::start(few).await;
    let (first, second) = (proxy.connect().await, proxy.connect().await);
    let (one, _two) = (accept(&listener).await, accept(&listener).await);
    for _ in 0..3 {
        assert_eq!(rest(&mut proxy.connect().await).await.unwrap_or_default(), b"");
    }
    assert_eq!(proxy.notices(), [Notice::Full], "told once");
    drop((first, one));
    let room = async {
        loop {
            let mut third = proxy.connect().await;
            third.write_all(b"x").await.ok();
            let arrived = timeout(Duration::from_millis(200), listener.accept()).await;
            if let Ok(accepted) = arrived {
                return accepted.unwrap();
            }
        }
    };
    within(room).await;
    drop(second);
    assert!(proxy.end().await.over_limit >= 3);
}

#[tokio::test]
async fn while_the_server_is_away_clients_are_told_and_so_is_the_user_once() {
    let (listener, address) = server().await;
    drop(listener);
    let proxy = Running::start(options(address)).await;
    for (request, begins) in [
        ("GET / HTTP/1.1\r\nhost: x\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\n"),
        ("HEAD / HTTP/1.1\r\nhost: x\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\n"),
        ("SSH-2.0-x\r\n", ""),
    ] {
        let mut client = proxy.connect().await;
        client.write_all(request.as_bytes()).await.unwrap();
        client.shutdown().await.ok();
        let answer = rest(&mut client).await.unwrap_or_default();
        let answer = String::from_utf8(answer).unwrap();
        assert!(
            answer.starts_with(begins) && answer.is_empty() == begins.is_empty(),
            "{request}: {answer}"
        );
        assert_eq!(answer.ends_with("\r\n\r\n"), request.starts_with("HEAD"), "{answer}");
        assert!(
            !answer.contains(&address.port().to_string()),
            "the server's address is nobody's business"
        );
    }
    let down = Notice::Down {
        reason: "nothing listens there".to_owned(),
    };
    assert_eq!(proxy.notices(), std::slice::from_ref(&down));
    let listener = TcpListener::bind(address).await.unwrap();
    let mut client = proxy.connect().await;
    client.write_all(b"x").await.unwrap();
    read(&mut accept(&listener).await, 1).await;
    assert_eq!(proxy.notices(), [down, Notice::Up { refused: 3 }]);
    assert_eq!(proxy.end().await.refused, 3);
}

#[tokio::test]
async fn what_is_open_may_end_within_the_grace_and_nobody_new_comes_in() {
    let (proxy, mut client, mut upstream) = through_with(|options| options.grace = DEADLINE).await;
    client.write_all(b"a").await.unwrap();
    read(&mut upstream, 1).await;
    proxy.stop.cancel();
    let (address, notices) = (proxy.address, Arc::clone(&proxy.notices));
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    within(closed).await;
    upstream.write_all(b"b").await.unwrap();
    assert_eq!(read(&mut client, 1).await, b"b", "it still passes");
    drop((client, upstream));
    let served = proxy.end().await;
    assert_eq!(served.cut_off, 0);
    assert_eq!(*notices.lock().unwrap(), [Notice::Stopping { connections: 1 }]);
}

#[tokio::test]
async fn the_end_of_the_grace_or_a_second_wish_ends_what_is_left() {
    let (proxy, mut client, _upstream) = through_with(|options| options.grace = Duration::ZERO).await;
    assert_eq!(proxy.end().await.cut_off, 1);
    assert!(rest(&mut client).await.unwrap_or_default().is_empty());

    let (proxy, _client, _upstream) = through_with(|options| options.grace = Duration::from_secs(3600)).await;
    proxy.at_once.cancel();
    assert_eq!(proxy.end().await.cut_off, 1);
}

#[tokio::test]
async fn it_does_not_stand_before_itself() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap();
    let made = Proxy::new(listener, options(own), Vec::new(), |_| {}).await;
    assert!(matches!(made, Err(ProxyError::Loop { .. })), "{made:?}");
}

#[tokio::test]
async fn who_comes_from_the_proxy_itself_is_turned_away() {
    let (listener, address) = server().await;
    let proxy = Running::start(options(address)).await;
    let stranger = TcpSocket::new_v4().unwrap();
    stranger.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    // As though the proxy had connected from there, and some way had led back to it.
    let own = OwnAddress::mark(&proxy.shared, stranger.local_addr().ok());
    let mut again = within(stranger.connect(proxy.address)).await.unwrap();
    assert_eq!(rest(&mut again).await.unwrap_or_default(), b"");
    assert_eq!(proxy.notices(), [Notice::Loop]);
    drop(own);
    let mut client = proxy.connect().await;
    client.write_all(b"x").await.unwrap();
    read(&mut accept(&listener).await, 1).await;
    assert_eq!(
        proxy.shared.own_addresses().len(),
        1,
        "its one connection to the server"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_who_has_it() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = super::listen(address).await.unwrap_err().to_string();
    assert!(error.contains(&format!("port {} is in use", address.port())), "{error}");
    let elsewhere = super::listen("192.0.2.1:0".parse().unwrap()).await.unwrap_err();
    assert!(
        elsewhere.to_string().contains("not an address of this machine"),
        "{elsewhere}"
    );
}

#[test]
fn a_server_is_read_from_the_command_line() {
    assert!("localhost:1".parse::<Upstream>().is_ok() && "localhost".parse::<Upstream>().is_err());
}
