//! Authentication and authorization on the mirror: the `Host`, the `Origin`, the cookie, the permissions, the form of a
//! body, in this order.
//!
//! The desktop's token and cookie are not accepted here. Forwarded-for headers are not read.

use std::net::SocketAddr;

use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use mirrord_wire::mirror::{AuditKind, Redeem, SignIn};

use super::Mirror;
use super::devices::LIFETIME_MICROS;
use super::identity::Caller;
use super::permissions::{self, Decision, Identity};
use super::state::NotSignedIn;
use super::{addresses, audit, login_rate_limit, pages, password};
use crate::access::{self, Refusal, cookies, host_check};
use crate::routes::answer::{self, Response};
use crate::routes::call::parse_object;

/// Properties of a mirror connection that authentication depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MirrorConnection {
    pub(crate) local: SocketAddr,
    pub(crate) peer: SocketAddr,
    pub(crate) tls: bool,
}

impl MirrorConnection {
    /// Name of the cookie: one a port, and never the desktop's.
    fn cookie_name(self) -> String {
        format!("mirrord_mirror_{}", self.local.port())
    }

    fn scheme(self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// Value of `Set-Cookie` for a device's secret.
    fn cookie(self, secret: &str, seconds: u64) -> Option<HeaderValue> {
        let (name, secure) = (self.cookie_name(), if self.tls { "; Secure" } else { "" });
        let text = format!("{name}={secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}{secure}");
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// Authorizes a request and returns its caller, or answers it here.
pub(crate) async fn authorize(
    mirror: &Mirror,
    parts: &Parts,
    connection: MirrorConnection,
) -> Result<Caller, Response> {
    let refuse = |refusal: Refusal| answer::error(refusal.status, refusal.reason);
    check_host(mirror, parts, connection).map_err(refuse)?;
    let name = connection.cookie_name();
    let known = cookies::named(&parts.headers, &name).find_map(|secret| mirror.recognise(secret, connection.peer));
    let path = parts.uri.path();
    if known.is_none()
        && path == "/"
        && parts.method == Method::GET
        && let Some((username, password)) = basic(&parts.headers)
    {
        let signed_in = mirror
            .sign_in(username, password, connection.peer, user_agent(&parts.headers))
            .await;
        return Err(match signed_in {
            Ok(secret) => to_the_page(connection, &secret),
            Err(reason) => not_signed_in(reason, Some(&parts.headers)),
        });
    }
    let caller = known.map_or_else(Caller::default, Caller::device);
    match permissions::decide(caller.identity, &parts.method, path) {
        Decision::Allowed => {}
        Decision::Missing => return Err(answer::error(StatusCode::NOT_FOUND, "there is no such route")),
        Decision::SignIn => return Err(sign_in_first((path == "/").then_some(&parts.headers))),
        Decision::Forbidden => {
            if permissions::is_action(&parts.method, path) {
                let device = caller.device.as_ref().map(|known| known.id.as_str());
                let what = format!("{} {}", parts.method, audit::foreign(path));
                let address = Some(connection.peer.ip());
                mirror.lock().log(AuditKind::Refused, address, device, &what);
            }
            return Err(answer::error(StatusCode::FORBIDDEN, "this device may not do that"));
        }
    }
    access::check_body(&parts.headers, !access::is_safe(&parts.method)).map_err(refuse)?;
    Ok(caller)
}

fn check_host(mirror: &Mirror, parts: &Parts, connection: MirrorConnection) -> Result<(), Refusal> {
    let names = mirror.host_names();
    let is_served = |authority: &str| addresses::is_host(authority, connection.local, connection.tls, &names);
    let reason = "this Host is not served by the mirror; its settings admit another name";
    let host = host_check::check_host(&parts.uri, &parts.headers, is_served, reason)?;
    if access::is_safe(&parts.method) && !access::is_websocket(parts) {
        return Ok(());
    }
    let is_own = |origin: &str| is_own_origin(origin, host, connection.scheme());
    host_check::check_origin(&parts.headers, is_own, "this Origin is not ours")
}

fn is_own_origin(origin: &str, host: &str, scheme: &str) -> bool {
    let parts = origin.split_once("://");
    parts.is_some_and(|(own, authority)| own == scheme && authority.eq_ignore_ascii_case(host))
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()
        .and_then(password::basic)
}

fn user_agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::USER_AGENT)?.to_str().ok()
}

/// Answer to an anonymous caller. The page answers a browser with the way in, and with Basic's own dialogue before it; nothing else brings up a
/// dialogue, which a page's own requests would.
fn sign_in_first(page_with: Option<&HeaderMap>) -> Response {
    let Some(headers) = page_with else {
        return answer::error(StatusCode::UNAUTHORIZED, "sign in first: /mirror/sign-in");
    };
    let mut response = pages::sign_in(headers);
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    let challenge = HeaderValue::from_static(r#"Basic realm="mirrord", charset="UTF-8""#);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

fn to_the_page(connection: MirrorConnection, secret: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    response
        .headers_mut()
        .insert(header::LOCATION, HeaderValue::from_static("/"));
    set_cookie(&mut response, connection, secret, LIFETIME_MICROS / 1_000_000);
    response
}

fn set_cookie(response: &mut Response, connection: MirrorConnection, secret: &str, seconds: u64) {
    if let Some(cookie) = connection.cookie(secret, seconds) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}

fn not_signed_in(reason: NotSignedIn, page_with: Option<&HeaderMap>) -> Response {
    match reason {
        NotSignedIn::Wrong if page_with.is_some() => sign_in_first(page_with),
        NotSignedIn::Wrong => answer::error(StatusCode::UNAUTHORIZED, "that is not right"),
        NotSignedIn::Failed => answer::error(StatusCode::INTERNAL_SERVER_ERROR, "the device could not be signed in"),
        NotSignedIn::Wait(wait) => {
            let mut response = answer::error(StatusCode::TOO_MANY_REQUESTS, "too many wrong attempts: wait a moment");
            let seconds = HeaderValue::from(login_rate_limit::retry_after(wait));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
    }
}

/// `POST /mirror/sign-in` and `POST /mirror/pair`.
pub(crate) async fn login(
    mirror: &Mirror,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
    connection: MirrorConnection,
) -> Response {
    let agent = user_agent(headers);
    let signed_in = if path == "/mirror/pair" {
        match parse_object::<Redeem>(body) {
            Ok(Redeem { ticket }) => mirror.redeem(&ticket, connection.peer, agent).await,
            Err(_) => return unreadable(),
        }
    } else {
        match parse_object::<SignIn>(body) {
            Ok(SignIn { username, password }) => mirror.sign_in(username, password, connection.peer, agent).await,
            Err(_) => return unreadable(),
        }
    };
    match signed_in {
        Ok(secret) => {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::NO_CONTENT;
            set_cookie(&mut response, connection, &secret, LIFETIME_MICROS / 1_000_000);
            response
        }
        Err(reason) => not_signed_in(reason, None),
    }
}

/// Answer to a body that is not one of the route's. Nothing of it is repeated.
fn unreadable() -> Response {
    answer::error(StatusCode::BAD_REQUEST, "the body is not what this route takes")
}

/// `POST /mirror/sign-out`.
pub(crate) async fn logout(mirror: &Mirror, caller: &Caller, connection: MirrorConnection) -> Response {
    if let (Identity::Device(_), Some(device)) = (caller.identity, &caller.device) {
        {
            let mut state = mirror.lock();
            state.devices.remove(&device.id);
            state.log(AuditKind::SignedOut, Some(connection.peer.ip()), Some(&device.id), "");
        }
        if mirror.save_devices().await.is_err() {
            // The reason has a path of this machine in it, and stands on the desktop.
            let reason = "this device is signed out, but that could not be written down yet; it is tried again";
            let mut response = answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason);
            set_cookie(&mut response, connection, "", 0);
            return response;
        }
    }
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    set_cookie(&mut response, connection, "", 0);
    response
}
