//! Answer to plain HTTP on the port that speaks TLS: a redirect to the same address with `https`.
//!
//! Who types an address without a scheme gets `http` from most browsers. One request is answered and the connection closed;
//! nothing of it reaches the router.

use std::convert::Infallible;
use std::sync::Arc;

use http::header::{self, HeaderValue};
use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use warp::Reply as _;

use crate::access::headers::SecurityHeaders;
use crate::connections::Connection;
use crate::limits;
use crate::routes::answer::{self, Response};

/// The content type of a handshake, the first byte of a TLS connection (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 22;
/// The bytes of a request; the least that hyper takes.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// Returns whether a connection begins as one of TLS does; `None` where it ends, or says nothing in time.
pub(super) async fn is_tls(stream: &TcpStream, connection: &Connection) -> Option<bool> {
    let mut first = [0];
    let peeked = tokio::select! {
        () = connection.close.cancelled() => return None,
        peeked = timeout(limits::HEADERS_TIMEOUT, stream.peek(&mut first)) => peeked,
    };
    let length = peeked.ok()?.ok()?;
    (length > 0).then_some(first == [HANDSHAKE])
}

/// Answers the one request of a connection.
pub(super) async fn serve<S>(
    stream: S,
    connection: &Connection,
    headers: Arc<SecurityHeaders>,
    is_host: impl Fn(&str) -> bool,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(|request: Request<Incoming>| {
        let mut response = redirect(&request, &is_host).into_response();
        headers.add(response.headers_mut());
        async move { Ok::<_, Infallible>(response) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADERS_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        () = connection.close.cancelled() => {}
        served = timeout(2 * limits::HEADERS_TIMEOUT, served) => if let Ok(Err(error)) = served {
            tracing::debug!(peer = %connection.arrival.peer, %error, "neither TLS nor HTTP");
        },
    }
}

/// Redirects to the same path with TLS; anything but a GET gets an error alone, since it was readable on its way here.
fn redirect<B>(request: &Request<B>, is_host: &impl Fn(&str) -> bool) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host.filter(|host| is_host(host)) else {
        let reason = "this port speaks TLS: open its address with https://";
        return answer::error(StatusCode::BAD_REQUEST, reason);
    };
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let status = if reads {
        StatusCode::TEMPORARY_REDIRECT
    } else {
        StatusCode::BAD_REQUEST
    };
    let mut response = answer::error(status, format!("this port speaks TLS: open https://{host}/"));
    if let Ok(location) = HeaderValue::try_from(format!("https://{host}{target}"))
        && reads
        && target.starts_with('/')
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(method: Method, host: &str, target: &str) -> (u16, Option<String>, String) {
        let request = Request::builder().method(method).uri(target).header("host", host);
        let response = redirect(&request.body(()).unwrap(), &|host| host == "10.0.0.5:4096");
        let location = response.headers().get(header::LOCATION);
        (
            response.status().as_u16(),
            location.map(|location| location.to_str().unwrap().to_owned()),
            String::from_utf8(response.body().to_vec()).unwrap(),
        )
    }

    #[test]
    fn a_browser_is_sent_to_https_and_nobody_to_a_foreign_host() {
        let own = "10.0.0.5:4096";
        for (target, location) in [
            ("/", "https://10.0.0.5:4096/"),
            ("/mirror/pair?x=1", "https://10.0.0.5:4096/mirror/pair?x=1"),
            ("//evil.example/", "https://10.0.0.5:4096//evil.example/"),
        ] {
            let (status, to, _) = answered(Method::GET, own, target);
            assert_eq!((status, to.as_deref()), (307, Some(location)), "{target}");
        }
        for (method, host) in [(Method::POST, own), (Method::GET, "evil.example"), (Method::GET, "")] {
            let (status, location, body) = answered(method, host, "/");
            assert_eq!((status, location), (400, None), "{host}");
            assert!(body.contains("https://") && !body.contains("evil"), "{body}");
        }
    }
}
