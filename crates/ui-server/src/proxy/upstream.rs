//! The server behind the proxy: its name, its addresses, and a connection to the first of them that answers.
//!
//! Every wait has an end: the look-up, each address's head start, the whole. What was looked up is kept for a moment, so
//! that a page of a hundred requests is one question. It never connects to the proxy's own listener, whatever the name
//! has come to mean.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::error::ProxyError;
use crate::mirror::reach;

/// The time for a name to be looked up and an address of it to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The head start of each address before the next one is tried beside it (RFC 8305, connection attempt delay).
const HEAD_START: Duration = Duration::from_millis(250);
/// The addresses of a name that are tried; the others are left.
const MAX_ADDRESSES: usize = 8;
/// How long a looked up name is believed.
const LOOKUP_LIFETIME: Duration = Duration::from_secs(10);
/// The bytes of a host's name in the DNS.
const MAX_HOST_BYTES: usize = 253;

/// HOST:PORT, where HOST is a name, an IPv4 address or an IPv6 address in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    host: String,
    port: u16,
}

impl FromStr for Upstream {
    type Err = ProxyError;

    fn from_str(given: &str) -> Result<Self, ProxyError> {
        let wrong = |reason| ProxyError::Upstream {
            given: given.escape_debug().to_string(),
            reason,
        };
        if given.contains("://") {
            return Err(wrong("it is a URL; leave the scheme and the path out"));
        }
        let (host, port) = given.rsplit_once(':').ok_or_else(|| wrong("the port is missing"))?;
        let port = port
            .parse()
            .map_err(|_| wrong("the port is not a number up to 65535"))?;
        if port == 0 {
            return Err(wrong("port 0 is nowhere"));
        }
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host = match bracketed {
            Some(inner) if inner.parse::<Ipv6Addr>().is_ok() => inner,
            Some(_) => return Err(wrong("what is in the brackets is not an IPv6 address")),
            None if host.contains(':') => return Err(wrong("an IPv6 address goes in brackets, as in [::1]:3000")),
            None => host,
        };
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte) || !byte.is_ascii();
        if host.is_empty() || host.len() > MAX_HOST_BYTES || !host.bytes().all(is_name) {
            return Err(wrong("the host is not a name and not an address"));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(formatter, "[{}]:{}", self.host, self.port),
            false => write!(formatter, "{}:{}", self.host, self.port),
        }
    }
}

/// The way to the server, with what was found on earlier ways.
#[derive(Debug)]
pub(super) struct Way {
    upstream: Upstream,
    /// The proxy's own listener.
    listen: SocketAddr,
    /// Held while a name is looked up: one question at a time, whoever asks.
    known: Mutex<Option<Known>>,
}

#[derive(Debug)]
struct Known {
    addresses: Vec<SocketAddr>,
    until: Instant,
}

impl Way {
    pub(super) fn new(upstream: Upstream, listen: SocketAddr) -> Self {
        Self {
            upstream,
            listen,
            known: Mutex::new(None),
        }
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Refuses an upstream that is the proxy itself. One that cannot be looked up now may be found later.
    pub(super) async fn check(&self) -> Result<(), ProxyError> {
        match timeout(CONNECT_TIMEOUT, self.addresses()).await {
            Ok(Err(error)) if error.kind() == io::ErrorKind::QuotaExceeded => Err(ProxyError::Loop {
                upstream: self.upstream.to_string(),
                listen: self.listen,
            }),
            _ => Ok(()),
        }
    }

    /// A connection to the first address that answers.
    pub(super) async fn connect(&self) -> io::Result<TcpStream> {
        let connected = timeout(CONNECT_TIMEOUT, async {
            let addresses = self.addresses().await?;
            let connected = first_of(&addresses).await;
            self.learn(connected.as_ref().ok().and_then(|stream| stream.peer_addr().ok()))
                .await;
            connected
        });
        connected.await.unwrap_or_else(|_| {
            let words = format!("no answer within {} s", CONNECT_TIMEOUT.as_secs());
            Err(io::Error::new(io::ErrorKind::TimedOut, words))
        })
    }

    /// Where the server is: never where we listen ourselves.
    async fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| Instant::now() < known.until) {
            return Ok(known.addresses.clone());
        }
        let (host, port) = (self.upstream.host.as_str(), self.upstream.port);
        let found: Vec<_> = lookup_host((host, port)).await?.collect();
        let all = found.len();
        let listen = self.listen;
        // The machine's own addresses are read where the port alone does not rule a loop out.
        let own = if port == listen.port() {
            reach::interfaces()
        } else {
            Vec::new()
        };
        let others = found.into_iter().filter(|address| !is_itself(*address, listen, &own));
        let addresses = in_turn(others.collect());
        if addresses.is_empty() {
            return Err(match all {
                0 => io::Error::new(io::ErrorKind::NotFound, "the name has no address"),
                _ => io::Error::new(io::ErrorKind::QuotaExceeded, "it is this mirror itself"),
            });
        }
        *known = Some(Known {
            addresses: addresses.clone(),
            until: Instant::now() + LOOKUP_LIFETIME,
        });
        Ok(addresses)
    }

    /// Begins with the address that answered the last time; where none did, the name is looked up anew.
    async fn learn(&self, answered: Option<SocketAddr>) {
        let mut known = self.known.lock().await;
        let Some(addresses) = known.as_mut().map(|known| &mut known.addresses) else {
            return;
        };
        match answered {
            None => *known = None,
            Some(answered) => {
                if let Some(place) = addresses.iter().position(|own| *own == answered)
                    && let Some(before) = addresses.get_mut(..=place)
                {
                    before.rotate_right(1);
                }
            }
        }
    }
}

/// Each family in turn, as RFC 8305 has it, beginning with the one that the system names first.
fn in_turn(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (mut one, mut other): (VecDeque<_>, VecDeque<_>) =
        found.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut turns = Vec::new();
    while turns.len() < MAX_ADDRESSES && !(one.is_empty() && other.is_empty()) {
        turns.extend(one.pop_front());
        turns.extend(other.pop_front());
    }
    turns.truncate(MAX_ADDRESSES);
    turns
}

/// Tries each address, the next one beside it after its head start, and takes the first that answers.
async fn first_of(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    if let [only] = addresses {
        return dial(*only).await;
    }
    let mut waiting: VecDeque<_> = addresses.iter().copied().collect();
    let mut trying = JoinSet::new();
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    loop {
        if let Some(address) = waiting.pop_front() {
            trying.spawn(dial(address));
        } else if trying.is_empty() {
            return Err(last);
        }
        tokio::select! {
            Some(tried) = trying.join_next() => match tried.map_err(io::Error::other).flatten() {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            },
            () = sleep(HEAD_START), if !waiting.is_empty() => {}
        }
    }
}

async fn dial(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // A port that nobody listens on may be the very one that the system picks for us, and then TCP connects to itself.
    if stream.local_addr()? == stream.peer_addr()? {
        stream.set_zero_linger().ok();
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    Ok(stream)
}

/// Whether a connection to `address` would arrive at our own listener.
fn is_itself(address: SocketAddr, listen: SocketAddr, own: &[(String, IpAddr)]) -> bool {
    if address.port() != listen.port() {
        return false;
    }
    // Connecting to "any" means this machine.
    let target = match address.ip().to_canonical() {
        IpAddr::V4(any) if any.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(any) if any.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        address => address,
    };
    let is_own = target.is_loopback() || own.iter().any(|(_, own)| *own == target);
    match listen.ip() {
        IpAddr::V4(any) if any.is_unspecified() => is_own && target.is_ipv4(),
        IpAddr::V6(any) if any.is_unspecified() => is_own,
        listen => listen.to_canonical() == target,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_server_is_a_host_and_a_port() {
        for (given, shown) in [
            ("localhost:3000", "localhost:3000"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[::1]:3000", "[::1]:3000"),
            ("my-box.example:65535", "my-box.example:65535"),
        ] {
            assert_eq!(given.parse::<Upstream>().unwrap().to_string(), shown);
        }
        for (given, words) in [
            ("3000", "the port is missing"),
            ("localhost", "the port is missing"),
            ("http://localhost:3000", "a URL"),
            ("localhost:http", "not a number"),
            ("localhost:65536", "not a number"),
            ("localhost:0", "nowhere"),
            (":3000", "the host"),
            ("::1:3000", "in brackets"),
            ("[localhost]:3000", "in the brackets"),
            ("user@host:1", "the host"),
            ("a b:1", "the host"),
            ("host/path:1", "the host"),
        ] {
            let error = given.parse::<Upstream>().unwrap_err().to_string();
            assert!(error.contains(words) && error.contains(given), "{given}: {error}");
        }
        let long = format!("{}:1", "a".repeat(MAX_HOST_BYTES + 1));
        assert!(long.parse::<Upstream>().is_err());
    }

    #[test]
    fn a_loop_is_seen_in_every_spelling_of_an_address() {
        let own = [("eth0".to_owned(), "10.0.0.5".parse().unwrap())];
        for (address, listen) in [
            ("127.0.0.1:4096", "0.0.0.0:4096"),
            ("127.9.9.9:4096", "0.0.0.0:4096"),
            ("10.0.0.5:4096", "0.0.0.0:4096"),
            ("0.0.0.0:4096", "0.0.0.0:4096"),
            ("[::ffff:127.0.0.1]:4096", "0.0.0.0:4096"),
            ("127.0.0.1:4096", "[::]:4096"),
            ("[::1]:4096", "[::]:4096"),
            ("[::]:4096", "[::1]:4096"),
            ("0.0.0.0:4096", "127.0.0.1:4096"),
            ("10.0.0.5:4096", "10.0.0.5:4096"),
        ] {
            assert!(is_itself(at(address), at(listen), &own), "{address} {listen}");
        }
        for (address, listen) in [
            ("127.0.0.1:4097", "0.0.0.0:4096"),
            ("10.0.0.6:4096", "0.0.0.0:4096"),
            ("[::1]:4096", "0.0.0.0:4096"),
            ("127.0.0.1:4096", "10.0.0.5:4096"),
            ("127.0.0.1:4096", "127.0.0.2:4096"),
            ("192.0.2.1:4096", "[::]:4096"),
        ] {
            assert!(!is_itself(at(address), at(listen), &own), "{address} {listen}");
        }
    }

    #[test]
    fn the_families_take_turns_and_are_bounded() {
        let found = ["[::1]:1", "[::2]:1", "[::3]:1", "127.0.0.1:1"].map(at).to_vec();
        assert_eq!(in_turn(found), ["[::1]:1", "127.0.0.1:1", "[::2]:1", "[::3]:1"].map(at));
        assert_eq!(in_turn(vec![at("127.0.0.1:1"); 20]).len(), MAX_ADDRESSES);
        assert_eq!(in_turn(Vec::new()), []);
    }

    #[tokio::test]
    async fn every_address_is_tried_and_the_one_that_answers_is_taken() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = listener.local_addr().unwrap();
        let nowhere = at(&format!("127.0.0.2:{}", there.port()));
        let stream = first_of(&[nowhere, nowhere, there]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), there);
        let refused = first_of(&[nowhere, nowhere]).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn the_address_that_answered_is_first_the_next_time() {
        let way = Way::new("localhost:1".parse().unwrap(), at("127.0.0.1:2"));
        let addresses = ["127.0.0.2:1", "127.0.0.3:1", "127.0.0.4:1"].map(at).to_vec();
        *way.known.lock().await = Some(Known {
            addresses,
            until: Instant::now() + LOOKUP_LIFETIME,
        });
        way.learn(Some(at("127.0.0.3:1"))).await;
        assert_eq!(
            way.addresses().await.unwrap(),
            ["127.0.0.3:1", "127.0.0.2:1", "127.0.0.4:1"].map(at)
        );
        way.learn(None).await;
        assert!(way.known.lock().await.is_none(), "asked anew");
    }

    #[tokio::test]
    async fn a_server_that_is_the_proxy_is_refused() {
        let check = async |upstream: &str, listen| Way::new(upstream.parse().unwrap(), at(listen)).check().await;
        let error = check("localhost:4096", "[::]:4096").await.unwrap_err();
        assert!(error.to_string().contains("localhost:4096"), "{error}");
        check("127.0.0.1:4097", "0.0.0.0:4096").await.unwrap();
        check("no-such-host.invalid:1", "0.0.0.0:4096").await.unwrap();
    }
}
