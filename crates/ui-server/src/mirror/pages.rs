//! The small pages before sign-in: to sign in, to pair, to trust the private authority. Static, and without a secret.
//!
//! Each works with the one script and the one style beside it, under the same policy as the page itself: no form is ever
//! sent, a script posts JSON. Who has no script has Basic's own dialogue.

use http::StatusCode;
use mirrord_wire::mirror::Authority;

use crate::routes::answer::{self, Response};

const SIGN_IN: &str = include_str!("pages/sign-in.html");
const PAIR: &str = include_str!("pages/pair.html");
const TRUST: &str = include_str!("pages/trust.html");
const SCRIPT: &str = include_str!("pages/door.js");
const ICON: &str = include_str!("pages/door.svg");
const STYLE: &str = include_str!("pages/door.css");
const HTML: &str = "text/html; charset=utf-8";

pub(crate) fn sign_in() -> Response {
    answer::body(StatusCode::OK, HTML, SIGN_IN)
}

pub(crate) fn pair() -> Response {
    answer::body(StatusCode::OK, HTML, PAIR)
}

pub(crate) fn script() -> Response {
    answer::body(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT)
}

pub(crate) fn style() -> Response {
    answer::body(StatusCode::OK, "text/css; charset=utf-8", STYLE)
}

pub(crate) fn icon() -> Response {
    answer::body(StatusCode::OK, "image/svg+xml", ICON)
}

/// How to trust the authority.
pub(crate) fn trust(authority: &Authority) -> Response {
    // Hexadecimal and colons: nothing to escape.
    let text = TRUST.replace("{fingerprint}", &authority.fingerprint);
    answer::body(StatusCode::OK, HTML, text)
}

/// The authority's certificate, in the type by which phones offer to install it.
pub(crate) fn certificate(pem: &str) -> Response {
    answer::body(StatusCode::OK, "application/x-x509-ca-cert", pem.to_owned())
}
