//! Asks the running instance for a ticket, as a plain blocking request: this is the command line's side, which has no
//! runtime and no HTTP client.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use mirrord_wire::Ticket;

use crate::access::ticket;
use crate::limits::{INSTANCE_ANSWER_TIMEOUT, MAX_INSTANCE_BYTES};

/// The address of a new ticket of the instance on a port.
pub(super) fn ask(port: u16, token: &str) -> io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, INSTANCE_ANSWER_TIMEOUT)?;
    stream.set_read_timeout(Some(INSTANCE_ANSWER_TIMEOUT))?;
    stream.set_write_timeout(Some(INSTANCE_ANSWER_TIMEOUT))?;
    write!(
        stream,
        "POST /api/tickets HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )?;
    let mut told = String::new();
    stream.take(MAX_INSTANCE_BYTES).read_to_string(&mut told)?;
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "it gave no ticket");
    let (head, body) = told.split_once("\r\n\r\n").ok_or_else(wrong)?;
    if !head.starts_with("HTTP/1.1 201 ") {
        return Err(wrong());
    }
    let Ticket { ticket } = serde_json::from_str(body).map_err(|_| wrong())?;
    // It becomes an argument of a program: nothing but hexadecimal is a ticket.
    if ticket.is_empty() || !ticket.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    Ok(ticket::url(&ticket, port))
}
