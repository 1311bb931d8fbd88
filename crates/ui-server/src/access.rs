//! Who may ask for what. The check wraps the router: a route is closed until it is opened here on purpose.
//!
//! In this order: the target and the one `Host` (on every path), `Origin` (on WebSockets and on everything that changes
//! something), the token (on everything but `/health`, `/` and `/assets/*`), the form of a body. What a request may do
//! never follows from the address that it came from.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};

use crate::access::origin::Hosts;
use crate::access::ticket::Tickets;
use crate::access::token::Token;
use crate::limits;

pub(crate) mod headers;
pub(crate) mod origin;
pub(crate) mod ticket;
pub(crate) mod token;

/// What a listener asks of a request.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) token: Token,
    pub(crate) tickets: Arc<Tickets>,
    pub(crate) hosts: Hosts,
    /// The name of the cookie: one a port, since browsers keep cookies by host alone.
    pub(crate) cookie: String,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) reason: &'static str,
}

const fn refused(status: StatusCode, reason: &'static str) -> Result<(), Refusal> {
    Err(Refusal { status, reason })
}

impl Access {
    /// Lets a request pass, or says why not.
    pub(crate) fn check(&self, parts: &Parts) -> Result<(), Refusal> {
        let host = self.hosts.check(&parts.uri, &parts.headers)?;
        let changes = !is_safe(&parts.method);
        let websocket = is_websocket(parts);
        if changes || websocket {
            origin::check(host, &parts.headers)?;
        }
        if !is_open(parts) && !self.has_token(parts) {
            return refused(
                StatusCode::UNAUTHORIZED,
                "a token is needed: `mirrord ui url` prints the address with it",
            );
        }
        check_body(&parts.headers, changes)
    }

    fn has_token(&self, parts: &Parts) -> bool {
        let in_query = || is_websocket(parts) && parts.uri.query().is_some_and(|query| self.token.is_in_query(query));
        self.token.is_bearer(&parts.headers) || self.token.is_in_cookie(&parts.headers, &self.cookie) || in_query()
    }

    /// What `GET /?token=…` and `GET /?ticket=…` are answered with: the cookie where the one or the other is right, and in
    /// either case the way to the same page without it, so that it stays in no address bar. `None` where there is neither
    /// in the address. Only a GET uses a ticket up.
    pub(crate) fn sign_in(&self, parts: &Parts) -> Option<Option<String>> {
        let query = parts.uri.query()?;
        let (token, ticket) = (token::in_query(query), ticket::in_query(query));
        let asks = is_safe(&parts.method) && parts.uri.path() == "/" && (token.is_some() || ticket.is_some());
        asks.then(|| {
            let redeems = |ticket| parts.method == Method::GET && self.tickets.redeem(ticket);
            let may = self.token.is_in_query(query) || ticket.is_some_and(redeems);
            may.then(|| self.token.cookie(&self.cookie))
        })
    }
}

pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

pub(crate) fn is_websocket(parts: &Parts) -> bool {
    let path = parts.uri.path();
    path == "/ws" || path.starts_with("/ws/") || parts.headers.contains_key(header::UPGRADE)
}

/// The three that hold no secret.
fn is_open(parts: &Parts) -> bool {
    let path = parts.uri.path();
    is_safe(&parts.method) && (path == "/health" || path == "/" || path.starts_with("/assets/"))
}

pub(crate) fn check_body(headers: &HeaderMap, changes: bool) -> Result<(), Refusal> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return refused(StatusCode::LENGTH_REQUIRED, "a body is sent with Content-Length");
    }
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > limits::MAX_BODY_BYTES) {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "a body has at most 64 KiB");
    }
    if changes && !is_json(headers) {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "only application/json changes anything",
        );
    }
    Ok(())
}

/// A form or a plain text can be sent from any page without asking; JSON cannot.
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
