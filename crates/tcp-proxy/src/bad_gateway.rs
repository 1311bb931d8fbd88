//! Answer to a client while the upstream server is unavailable: 502 where it speaks HTTP, and the end of the connection
//! otherwise.
//!
//! The answer does not contain the server's address: the client may be anyone on the network.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Time for a client's first bytes; without any the connection is closed.
const FIRST_BYTES_TIMEOUT: Duration = Duration::from_secs(2);
/// Time for which bytes of a client are read after its answer.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);
/// The longest method that is taken for HTTP (RFC 9110 registers none that is longer).
const MAX_METHOD_BYTES: usize = 20;

const TEXT: &str = "502 Bad Gateway: the server behind this proxy does not answer.\n";

/// Answers and ends the connection; returns whether the answer was HTTP.
pub(crate) async fn refuse(client: &mut TcpStream) -> bool {
    let answered = timeout(FIRST_BYTES_TIMEOUT, answer(client)).await;
    let is_http = matches!(answered, Ok(Ok(true)));
    if is_http {
        // What the client sends meanwhile would turn our end into a reset, and a reset loses the answer.
        timeout(DRAIN_TIMEOUT, drain(client)).await.ok();
    }
    is_http
}

async fn answer(client: &mut TcpStream) -> io::Result<bool> {
    let mut first = [0; MAX_METHOD_BYTES + 1];
    let mut read = 0;
    let is_head = loop {
        let Some(rest) = first.get_mut(read..) else {
            return Ok(false);
        };
        let more = client.read(rest).await?;
        read += more;
        match method(first.get(..read).unwrap_or_default()) {
            Method::Is(is_head) => break is_head,
            Method::MayBe if more > 0 => {}
            _ => return Ok(false),
        }
    };
    let body = if is_head { "" } else { TEXT };
    let response = format!(
        "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n{body}",
        TEXT.len()
    );
    client.write_all(response.as_bytes()).await?;
    client.shutdown().await?;
    Ok(true)
}

async fn drain(client: &mut TcpStream) -> io::Result<()> {
    let mut nothing = [0; 4096];
    while client.read(&mut nothing).await? > 0 {}
    Ok(())
}

/// Result of [`method`].
#[derive(Debug, PartialEq, Eq)]
enum Method {
    /// Method of a request. Holds whether it is HEAD.
    Is(bool),
    MayBe,
    IsNot,
}

/// Recognises HTTP by the first bytes: a method in capitals and a space.
fn method(first: &[u8]) -> Method {
    let name = first.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    match first.get(name) {
        Some(b' ') if name > 0 => Method::Is(first.starts_with(b"HEAD ")),
        Some(_) => Method::IsNot,
        None if name <= MAX_METHOD_BYTES => Method::MayBe,
        None => Method::IsNot,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_known_by_its_method() {
        for http in ["GET / HTTP/1.1", "POST /x", "OPTIONS *", "PRI * HTTP/2.0", "GET "] {
            assert_eq!(method(http.as_bytes()), Method::Is(false), "{http}");
        }
        assert_eq!(method(b"HEAD / HTTP/1.1"), Method::Is(true));
        for more in ["", "G", "GET"] {
            assert_eq!(method(more.as_bytes()), Method::MayBe, "{more}");
        }
        for other in [
            "\x16\x03\x01",
            "SSH-2.0",
            " GET",
            "get / HTTP",
            "AAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(method(other.as_bytes()), Method::IsNot, "{other}");
        }
    }
}
