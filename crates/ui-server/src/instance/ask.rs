//! Asks the running instance something, as a plain blocking request: this is the command line's side, which has no runtime
//! and no HTTP client.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::limits::MAX_INSTANCE_ANSWER_BYTES;

/// The status and the body of an answer.
pub(super) fn ask(
    (port, token): (u16, &str),
    method: &str,
    path: &str,
    body: &str,
    limit: Duration,
) -> io::Result<(u16, String)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.set_write_timeout(Some(limit))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut told = String::new();
    stream.take(MAX_INSTANCE_ANSWER_BYTES).read_to_string(&mut told)?;
    parse(&told).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "that is no answer of `mirrord ui`"))
}

fn parse(told: &str) -> Option<(u16, String)> {
    let (head, body) = told.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_an_answer_is_one() {
        assert_eq!(parse("HTTP/1.1 200 OK\r\na: b\r\n\r\n{}"), Some((200, "{}".to_owned())));
        for odd in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "x\r\n\r\n",
            "HTTP/1.1 \r\n\r\n",
            "HTTP/1.1 é00\r\n\r\n",
        ] {
            assert_eq!(parse(odd), None, "{odd}");
        }
    }
}
