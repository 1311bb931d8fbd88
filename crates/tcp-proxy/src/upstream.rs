//! Upstream server: its name, its addresses, and a connection to the first of them that answers.
//!
//! Every wait has a time-out: the look-up, each address's head start, the whole. Addresses are cached for a moment, so that
//! a page of a hundred requests is one look-up. It never connects to the proxy's own listener, whatever the name resolves to.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use mirrord_tcp_listener::interfaces;
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::error::ProxyError;

/// Time for a name to be looked up and an address of it to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Head start of each address before the next one is tried beside it (RFC 8305, connection attempt delay).
const HEAD_START: Duration = Duration::from_millis(250);
/// Addresses of a name that are tried; others are ignored.
const MAX_ADDRESSES: usize = 8;
/// Time for which addresses are cached.
const LOOKUP_TTL: Duration = Duration::from_secs(10);
/// Bytes of a host name in the DNS.
const MAX_HOST_BYTES: usize = 253;

/// Address of the upstream server: HOST:PORT, where HOST is a name, an IPv4 address or an IPv6 address in brackets.
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
            return Err(wrong("port 0 is no port of a server"));
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

/// Connector to the upstream server, with the addresses that it resolved to.
#[derive(Debug)]
pub(crate) struct UpstreamConnector {
    upstream: Upstream,
    /// Address of the proxy's own listener.
    listen: SocketAddr,
    /// Locked while a name is looked up, so that there is one look-up at a time.
    cache: Mutex<Option<CachedAddresses>>,
}

#[derive(Debug)]
struct CachedAddresses {
    addresses: Vec<SocketAddr>,
    until: Instant,
}

impl UpstreamConnector {
    pub(crate) fn new(upstream: Upstream, listen: SocketAddr) -> Self {
        Self {
            upstream,
            listen,
            cache: Mutex::new(None),
        }
    }

    pub(crate) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Checks that the upstream server is not the proxy itself. One that cannot be looked up now may be found later.
    pub(crate) async fn check(&self) -> Result<(), ProxyError> {
        match timeout(CONNECT_TIMEOUT, self.addresses()).await {
            Ok(Err(error)) if error.kind() == io::ErrorKind::QuotaExceeded => Err(ProxyError::Loop {
                upstream: self.upstream.to_string(),
                listen: self.listen,
            }),
            _ => Ok(()),
        }
    }

    /// Connects to the first address that answers.
    pub(crate) async fn connect(&self) -> io::Result<TcpStream> {
        let connected = timeout(CONNECT_TIMEOUT, async {
            let addresses = self.addresses().await?;
            let connected = connect_any(&addresses).await;
            self.remember(connected.as_ref().ok().and_then(|stream| stream.peer_addr().ok()))
                .await;
            connected
        });
        connected.await.unwrap_or_else(|_| {
            let words = format!("no answer within {} s", CONNECT_TIMEOUT.as_secs());
            Err(io::Error::new(io::ErrorKind::TimedOut, words))
        })
    }

    /// Resolves the addresses of the server, without those of our own listener.
    async fn addresses(&self) -> io::Result<Vec<SocketAddr>> {
        let mut known = self.cache.lock().await;
        if let Some(known) = known.as_ref().filter(|known| Instant::now() < known.until) {
            return Ok(known.addresses.clone());
        }
        let (host, port) = (self.upstream.host.as_str(), self.upstream.port);
        let found: Vec<_> = lookup_host((host, port)).await?.collect();
        let all = found.len();
        let listen = self.listen;
        // The machine's own addresses are read where the port alone does not rule a loop out.
        let own = if port == listen.port() {
            interfaces()
        } else {
            Vec::new()
        };
        let others = found.into_iter().filter(|address| !is_itself(*address, listen, &own));
        let addresses = interleave_families(others.collect());
        if addresses.is_empty() {
            return Err(match all {
                0 => io::Error::new(io::ErrorKind::NotFound, "the name has no address"),
                _ => io::Error::new(io::ErrorKind::QuotaExceeded, "it is this proxy itself"),
            });
        }
        *known = Some(CachedAddresses {
            addresses: addresses.clone(),
            until: Instant::now() + LOOKUP_TTL,
        });
        Ok(addresses)
    }

    /// Moves the address that answered to the front; where none did, the name is looked up again.
    async fn remember(&self, answered: Option<SocketAddr>) {
        let mut known = self.cache.lock().await;
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

/// Interleaves the address families (RFC 8305, section 4), beginning with the one that the system returns first.
fn interleave_families(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (mut one, mut other): (VecDeque<_>, VecDeque<_>) =
        found.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut interleaved = Vec::new();
    while interleaved.len() < MAX_ADDRESSES && !(one.is_empty() && other.is_empty()) {
        interleaved.extend(one.pop_front());
        interleaved.extend(other.pop_front());
    }
    interleaved.truncate(MAX_ADDRESSES);
    interleaved
}

/// Connects to each address, to the next one beside it after its head start, and returns the first connection.
async fn connect_any(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    if let [only] = addresses {
        return connect(*only).await;
    }
    let mut pending: VecDeque<_> = addresses.iter().copied().collect();
    let mut attempts = JoinSet::new();
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    loop {
        if let Some(address) = pending.pop_front() {
            attempts.spawn(connect(address));
        } else if attempts.is_empty() {
            return Err(last);
        }
        tokio::select! {
            Some(tried) = attempts.join_next() => match tried.map_err(io::Error::other).flatten() {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            },
            () = sleep(HEAD_START), if !pending.is_empty() => {}
        }
    }
}

async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // A port that nobody listens on may be the very one that the system picks for us, and then TCP connects to itself.
    if stream.local_addr()? == stream.peer_addr()? {
        stream.set_zero_linger().ok();
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    Ok(stream)
}

/// Returns whether a connection to `address` would arrive at our own listener.
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
            ("localhost:0", "no port"),
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
        assert_eq!(
            interleave_families(found),
            ["[::1]:1", "127.0.0.1:1", "[::2]:1", "[::3]:1"].map(at)
        );
        assert_eq!(interleave_families(vec![at("127.0.0.1:1"); 20]).len(), MAX_ADDRESSES);
        assert_eq!(interleave_families(Vec::new()), []);
    }

    #[tokio::test]
    async fn every_address_is_tried_and_the_one_that_answers_is_taken() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = listener.local_addr().unwrap();
        let nowhere = at(&format!("127.0.0.2:{}", there.port()));
        let stream = connect_any(&[nowhere, nowhere, there]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), there);
        let refused = connect_any(&[nowhere, nowhere]).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn the_address_that_answered_is_first_the_next_time() {
        let connector = UpstreamConnector::new("localhost:1".parse().unwrap(), at("127.0.0.1:2"));
        let addresses = ["127.0.0.2:1", "127.0.0.3:1", "127.0.0.4:1"].map(at).to_vec();
        *connector.cache.lock().await = Some(CachedAddresses {
            addresses,
            until: Instant::now() + LOOKUP_TTL,
        });
        connector.remember(Some(at("127.0.0.3:1"))).await;
        assert_eq!(
            connector.addresses().await.unwrap(),
            ["127.0.0.3:1", "127.0.0.2:1", "127.0.0.4:1"].map(at)
        );
        connector.remember(None).await;
        assert!(connector.cache.lock().await.is_none(), "looked up again");
    }

    #[tokio::test]
    async fn a_server_that_is_the_proxy_is_refused() {
        let check = async |upstream: &str, listen| {
            UpstreamConnector::new(upstream.parse().unwrap(), at(listen))
                .check()
                .await
        };
        let error = check("localhost:4096", "[::]:4096").await.unwrap_err();
        assert!(error.to_string().contains("localhost:4096"), "{error}");
        check("127.0.0.1:4097", "0.0.0.0:4096").await.unwrap();
        check("no-such-host.invalid:1", "0.0.0.0:4096").await.unwrap();
    }
}
