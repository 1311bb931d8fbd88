//! `--dev URL`: the page and what it is made of from `trunk serve`, everything else from us.
//!
//! Invariant: nothing of who asks goes there: no cookie, no token, no query. Only a server on this machine is asked, since
//! its scripts act with the user's rights. Trunk's own WebSocket is passed through, so that the page reloads after a
//! build; what is passed through ends with the shutdown.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::error::Error;
use crate::limits::{DEV_TIMEOUT, MAX_DEV_BYTES};
use crate::routes::answer::{self, Response};
use crate::routes::call::Call;

/// Returns whether the rest of a path below `/assets/` names a file there for every server: nothing in it is left to be decoded,
/// and no segment leads anywhere else. Servers and browsers differ in what they make of `..`, `%2e%2e`, `\` and `//`.
pub(crate) fn is_asset_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
    // Some servers take what follows `;` off a segment before they look at it.
    let is_dots = |segment: &str| {
        segment
            .bytes()
            .take_while(|byte| *byte != b';')
            .all(|byte| byte == b'.')
    };
    let is_segment = |segment: &str| segment.bytes().all(is_plain) && !is_dots(segment);
    name.split('/').all(is_segment)
}

/// Path of the page in Trunk's configuration, used for an address without a path.
const USUAL_PATH: &str = "/assets/";
/// Trunk's WebSocket, below the page's path.
const RELOAD: &str = ".well-known/trunk/ws";
/// Headers of a request that are forwarded: those of the page, and the WebSocket's own.
const PASSED_ON: [HeaderName; 6] = [
    header::HOST,
    header::ACCEPT,
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
];
const PASSED_BACK: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::CONNECTION,
    header::UPGRADE,
    header::SEC_WEBSOCKET_ACCEPT,
];

/// A `trunk serve`.
#[derive(Debug, Clone)]
pub struct DevServer {
    /// Host and port.
    authority: String,
    /// Of the page, from `/` to `/`.
    path: String,
}

impl DevServer {
    /// Reads its address.
    ///
    /// # Errors
    /// It is not an `http` address on this machine, or has more than a path.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::DevServer {
            url: url.chars().filter(|character| !character.is_control()).collect(),
            reason: reason.to_owned(),
        };
        let uri: Uri = url.parse().map_err(|_| wrong("it is no address"))?;
        let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("it does not begin with http://"));
        };
        if uri.query().is_some() || authority.as_str().contains('@') {
            return Err(wrong("it has more than a host, a port and a path"));
        }
        let host = authority.host().to_ascii_lowercase();
        let is_loopback = |host: &str| host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if host != "localhost" && !is_loopback(host.trim_matches(['[', ']'])) {
            return Err(wrong("it is not on this machine: what it serves acts with your rights"));
        }
        let mut path = uri.path().to_owned();
        if !path.ends_with('/') {
            path.push('/');
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            authority: format!("{host}:{port}"),
            path,
        })
    }

    /// `GET /`.
    pub(crate) async fn page(&self, call: &Call) -> Response {
        let mut found = self.fetch(&self.path, call).await;
        if self.path == "/" && matches!(&found, Ok(response) if response.status() == StatusCode::NOT_FOUND) {
            found = self.fetch(USUAL_PATH, call).await;
        }
        found.unwrap_or_else(|reason| self.no_page(&reason))
    }

    /// `GET /assets/…`.
    pub(crate) async fn asset(&self, name: &str, call: &Call) -> Response {
        let found = self.fetch(&format!("{USUAL_PATH}{name}"), call).await;
        found.unwrap_or_else(|reason| answer::error(StatusCode::BAD_GATEWAY, self.trouble(&reason)))
    }

    async fn fetch(&self, path: &str, call: &Call) -> Result<Response, String> {
        let reload = path.ends_with(RELOAD) && call.upgrade.is_some();
        let exchange = async {
            let response = self.send(path, call, reload).await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                return Ok(pass_through(response, call));
            }
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, MAX_DEV_BYTES).collect().await;
            let body = body.map_err(|_| "its answer broke off or is too long".to_owned())?;
            Ok(passed_back(parts.status, &parts.headers, body.to_bytes()))
        };
        let too_late = |limit: Duration| format!("it does not answer within {} s", limit.as_secs());
        timeout(DEV_TIMEOUT, exchange)
            .await
            .unwrap_or_else(|_| Err(too_late(DEV_TIMEOUT)))
    }

    async fn send(&self, path: &str, call: &Call, reload: bool) -> Result<http::Response<Incoming>, String> {
        let stream = TcpStream::connect(&self.authority).await;
        let stream = stream.map_err(|error| error.to_string())?;
        let no_http = |_| "what it answers is not HTTP".to_owned();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(no_http)?;
        // It ends with the answer, or with the WebSocket that comes of it.
        call.context.tracker.spawn(connection.with_upgrades());
        let mut request = Request::get(path);
        for name in PASSED_ON {
            let for_websocket = ![header::HOST, header::ACCEPT].contains(&name);
            if let Some(value) = call.headers.get(&name).filter(|_| reload || !for_websocket) {
                request = request.header(name, value);
            }
        }
        let request = request.body(Empty::<Bytes>::new());
        let request = request.map_err(|_| "the request cannot be written".to_owned())?;
        sender.send_request(request).await.map_err(no_http)
    }

    fn trouble(&self, reason: &str) -> String {
        format!("`trunk serve` at http://{}{}: {reason}", self.authority, self.path)
    }

    /// Page with an error, for the developer.
    fn no_page(&self, reason: &str) -> Response {
        let mut text = String::new();
        for character in self.trouble(reason).chars() {
            match character {
                '<' => text.push_str("&lt;"),
                '&' => text.push_str("&amp;"),
                other => text.push(other),
            }
        }
        let mut page = String::from("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>No page</title>");
        // Writing to a `String` cannot fail.
        let advice = "Start `trunk serve`, and load this again; without <code>--dev</code> the page comes from inside.";
        write!(
            page,
            "<h1>There is no page from the development server</h1><p>{text}</p><p>{advice}</p>"
        )
        .ok();
        answer::body(StatusCode::BAD_GATEWAY, "text/html; charset=utf-8", page)
    }
}

fn passed_back(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let own = response.headers_mut();
    for name in PASSED_BACK {
        let switching = status == StatusCode::SWITCHING_PROTOCOLS;
        if let Some(value) = headers.get(&name).filter(|_| switching || name == header::CONTENT_TYPE) {
            own.insert(name, value.clone());
        }
    }
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Ties the two connections together for as long as both last.
fn pass_through(response: http::Response<Incoming>, call: &Call) -> Response {
    let answered = passed_back(response.status(), response.headers(), Bytes::new());
    let Some(ours) = call.upgrade.clone() else {
        return answer::error(StatusCode::BAD_GATEWAY, "nobody asked for a WebSocket");
    };
    let theirs = hyper::upgrade::on(response);
    let connection = call.connection.clone();
    let ends = connection.as_ref().map(|connection| connection.close.clone());
    let ends = ends.unwrap_or_else(|| call.context.shutdown.clone());
    call.context.tracker.spawn(async move {
        // Its entry in the table of connections is held for as long as the WebSocket is open. It is never busy: anybody may
        // open one, so that it can be evicted.
        let _held = connection;
        let tied = async {
            if let (Ok(ours), Ok(theirs)) = tokio::join!(ours, theirs) {
                let (mut ours, mut theirs) = (TokioIo::new(ours), TokioIo::new(theirs));
                // However it ends, the page opens the next one.
                tokio::io::copy_bidirectional(&mut ours, &mut theirs).await.ok();
            }
        };
        ends.run_until_cancelled(tied).await;
    });
    answered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_may_lead_out_of_the_folder_is_none() {
        for name in [
            "app.wasm",
            "app-0f_1.js",
            ".well-known/trunk/ws",
            "snippets/a-1/inline0.js",
            "a..b",
            "a;b",
            "@x/y",
        ] {
            assert!(is_asset_name(name), "{name}");
        }
        for name in [
            "",
            "/",
            "..",
            ".",
            "..;/admin",
            "a/.;x=1/..;/admin",
            ";",
            "../admin/secret",
            "a/../../admin",
            "a/./b",
            "a//b",
            "/admin",
            "a/",
            "%2e%2e/admin",
            "%2E%2E%2Fadmin",
            "..%2fadmin",
            "%252e%252e/admin",
            "..\\admin",
            "..%5cadmin",
            "a\\..\\b",
            "...",
            "a b",
            "\u{ff0e}\u{ff0e}/admin",
            "a\0",
        ] {
            assert!(!is_asset_name(name), "{name:?}");
        }
    }

    #[test]
    fn only_what_is_on_this_machine_is_asked() {
        for (url, authority, path) in [
            ("http://localhost:8080", "localhost:8080", "/"),
            ("http://127.0.0.1:8080/assets", "127.0.0.1:8080", "/assets/"),
            ("http://LOCALHOST/", "localhost:80", "/"),
            ("http://[::1]:1/a/", "[::1]:1", "/a/"),
        ] {
            let server = DevServer::parse(url).unwrap();
            assert_eq!(
                (server.authority.as_str(), server.path.as_str()),
                (authority, path),
                "{url}"
            );
        }
        for url in [
            "",
            "localhost:8080",
            "https://localhost:8080",
            "http://example.com",
            "http://10.0.0.1:8080",
            "http://localhost.example.com",
            "http://127.0.0.1@example.com/",
            "http://u@localhost/",
            "http://localhost/?token=1",
            "http:///x",
            "ftp://localhost",
        ] {
            assert!(DevServer::parse(url).is_err(), "{url}");
        }
    }
}
