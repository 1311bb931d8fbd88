//! Authentication middleware of the desktop listener. It wraps the router: a route is closed until it is opened here.
//!
//! In this order: the target and the one `Host` (on every path), `Origin` (on WebSockets and on everything that changes
//! something), credentials (on everything but `/health`, `/` and `/assets/*`), the form of a body. What a request may do
//! never follows from the address that it came from.
//!
//! Credentials are the token (programs), or the cookie together with the page key (browsers). Browsers send a cookie to
//! every port of its host, so that a server on another port can read it: by itself it opens nothing.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};

use crate::access::host_check::AllowedHosts;
use crate::access::page_key::PageKey;
use crate::access::ticket::Tickets;
use crate::access::token::Token;
use crate::error::Error;
use crate::limits;

pub(crate) mod cookies;
pub(crate) mod headers;
pub(crate) mod host_check;
pub(crate) mod page_key;
pub(crate) mod ticket;
pub(crate) mod token;

/// Path at which a page exchanges its one-time code for the page key.
pub(crate) const SIGN_IN: &str = "/api/sign-in";

/// Path that records are sent to.
pub(crate) const RECORDS: &str = "/api/records";

/// Access rules of the desktop listener.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) token: Token,
    pub(crate) tickets: Arc<Tickets>,
    pub(crate) hosts: AllowedHosts,
    pub(crate) browser: BrowserCredentials,
}

/// Both halves of what a browser signs in with. Neither is the token, and neither opens anything without the other.
#[derive(Debug)]
pub(crate) struct BrowserCredentials {
    /// The name of the cookie: one a port, since browsers keep cookies by host alone.
    name: String,
    cookie: Token,
    page_key: PageKey,
}

impl BrowserCredentials {
    /// Makes new ones for a port.
    ///
    /// # Errors
    /// There are no random bytes.
    pub(crate) fn random(port: u16) -> Result<Self, Error> {
        Ok(Self {
            name: format!("mirrord_ui_{port}"),
            cookie: Token::random()?,
            page_key: PageKey::random()?,
        })
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        cookies::named(headers, &self.name).any(|value| self.cookie.is(value))
    }
}

/// Sender of a request that may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// It has credentials.
    Known,
    /// It has the cookie alone, on a route that is open to all: a browser that loads the page.
    Browser,
    /// It has none, on a route that is open to all.
    Anonymous,
}

/// An answer that signs a browser in.
#[derive(Debug)]
pub(crate) enum SignIn {
    /// For `GET /?token=…` and `GET /?ticket=…`: to the page. With the right one, with the cookie and a one-time code.
    Redirect {
        /// The path and query of the page.
        location: String,
        /// The value of `Set-Cookie`.
        cookie: Option<String>,
    },
    /// For `POST /api/sign-in`: the page key.
    PageKey(String),
}

/// Reason for a refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) reason: &'static str,
}

const fn refused<T>(status: StatusCode, reason: &'static str) -> Result<T, Refusal> {
    Err(Refusal { status, reason })
}

const NO_CREDENTIALS: &str = "a token is needed: `mirrord ui url` prints the address with it";

impl Access {
    /// Checks a request; returns its sender, or the reason for the refusal.
    pub(crate) fn check(&self, parts: &Parts) -> Result<Sender, Refusal> {
        let host = self.hosts.check_host(&parts.uri, &parts.headers)?;
        let changes = !is_safe(&parts.method);
        let websocket = is_websocket(parts);
        if changes || websocket {
            self.hosts.check_origin(host, &parts.headers)?;
        }
        let sender = self.identify(parts);
        if sender != Sender::Known && !is_public_route(parts) && !is_sign_in(parts) {
            return refused(StatusCode::UNAUTHORIZED, NO_CREDENTIALS);
        }
        if is_upload(parts) {
            check_upload(&parts.headers)?;
        } else {
            check_body(&parts.headers, changes)?;
        }
        Ok(sender)
    }

    fn identify(&self, parts: &Parts) -> Sender {
        let in_query = || is_websocket(parts) && parts.uri.query().is_some_and(|query| self.token.is_in_query(query));
        if self.token.is_bearer(&parts.headers) || in_query() {
            return Sender::Known;
        }
        if !self.browser.has_cookie(&parts.headers) {
            return Sender::Anonymous;
        }
        let page_key = &self.browser.page_key;
        if page_key.is_in_header(&parts.headers) || is_websocket(parts) && page_key.is_in_subprotocol(&parts.headers) {
            return Sender::Known;
        }
        Sender::Browser
    }

    /// The answer to a request that signs a browser in, which [`Access::check`] has let pass; `None` for any other one.
    /// Only a GET of the page and a POST with the cookie use a ticket up.
    ///
    /// # Errors
    /// The code is worth nothing, or there is no cookie beside it.
    pub(crate) fn exchange_token_for_cookie(&self, parts: &Parts, sender: Sender) -> Result<Option<SignIn>, Refusal> {
        if is_sign_in(parts) {
            return self.exchange_code(&parts.headers, sender).map(Some);
        }
        let query = parts.uri.query().unwrap_or_default();
        let (token, ticket) = (token::in_query(query), ticket::in_query(query));
        if !is_safe(&parts.method) || parts.uri.path() != "/" || (token.is_none() && ticket.is_none()) {
            return Ok(None);
        }
        let is_get = parts.method == Method::GET;
        let may = self.token.is_in_query(query) || ticket.is_some_and(|ticket| is_get && self.tickets.redeem(ticket));
        // Without random bytes the page is there, and not signed in.
        let code = (may && is_get).then(|| self.tickets.issue().ok()).flatten();
        Ok(Some(SignIn::Redirect {
            location: code.map_or_else(|| "/".to_owned(), |code| ticket::page_with_code(&code)),
            cookie: may.then(|| self.browser.cookie.cookie(&self.browser.name)),
        }))
    }

    fn exchange_code(&self, headers: &HeaderMap, sender: Sender) -> Result<SignIn, Refusal> {
        if sender == Sender::Anonymous {
            let reason = "the browser sent no cookie: allow cookies for this address, or open it as `/#token=…`";
            return refused(StatusCode::UNAUTHORIZED, reason);
        }
        if !ticket::in_authorization(headers).is_some_and(|code| self.tickets.redeem(code)) {
            return refused(StatusCode::UNAUTHORIZED, "this code was used before, or is too old");
        }
        Ok(SignIn::PageKey(self.browser.page_key.as_str().to_owned()))
    }
}

pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

pub(crate) fn is_websocket(parts: &Parts) -> bool {
    let path = parts.uri.path();
    path == "/ws" || path.starts_with("/ws/") || parts.headers.contains_key(header::UPGRADE)
}

/// Routes served without authentication: `/health`, `/`, `/assets/*`.
fn is_public_route(parts: &Parts) -> bool {
    let path = parts.uri.path();
    is_safe(&parts.method) && (path == "/health" || path == "/" || path.starts_with("/assets/"))
}

/// The page's exchange of its code, which is the credential of this one request.
fn is_sign_in(parts: &Parts) -> bool {
    parts.method == Method::POST && parts.uri.path() == SIGN_IN
}

/// A record that is sent: the one body that is no JSON, and longer than others.
pub(crate) fn is_upload(parts: &Parts) -> bool {
    parts.method == Method::POST && parts.uri.path() == RECORDS
}

fn check_upload(headers: &HeaderMap) -> Result<(), Refusal> {
    let length = content_length(headers)?;
    if length.is_some_and(|length| length > limits::MAX_UPLOAD_BYTES) {
        return refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "a record that is sent has at most 1 GiB: `mirrord replay` shows one of any size",
        );
    }
    // As JSON, this cannot be sent from any page without asking.
    if !has_content_type(headers, "application/octet-stream") {
        let reason = "a record is sent as application/octet-stream";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason);
    }
    Ok(())
}

/// Returns the length of a body, where it has one that can be read.
fn content_length(headers: &HeaderMap) -> Result<Option<u64>, Refusal> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return refused(StatusCode::LENGTH_REQUIRED, "a body is sent with Content-Length");
    }
    let length = headers.get(header::CONTENT_LENGTH);
    Ok(length.and_then(|value| value.to_str().ok()?.parse().ok()))
}

pub(crate) fn check_body(headers: &HeaderMap, changes: bool) -> Result<(), Refusal> {
    if content_length(headers)?.is_some_and(|length| length > limits::MAX_BODY_BYTES) {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "a body has at most 64 KiB");
    }
    if changes && !has_content_type(headers, "application/json") {
        return refused(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "only application/json changes anything",
        );
    }
    Ok(())
}

/// A form or a plain text can be sent from any page without asking; JSON cannot.
fn has_content_type(headers: &HeaderMap, wanted: &str) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let essence = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(wanted)
}
