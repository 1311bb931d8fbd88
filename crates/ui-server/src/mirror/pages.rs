//! Pages before sign-in: to sign in, to pair, to trust the private authority. They hold no secret, and come in the language
//! that the browser prefers; their texts are `sign-in.ftl` of `mirrord-catalogues`, compiled by `build.rs`.
//!
//! Each works with the one script and the one style beside it, under the same policy as the page itself: no form is ever
//! sent, a script posts JSON. Who has no script has Basic's own dialogue. Nothing of a request gets into a page: it chooses
//! among texts that were there before.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use mirrord_catalogues::Language;
use mirrord_wire::mirror::Authority;

use crate::routes::answer::{self, Response};

/// Frame of each page.
const FRAME: &str = include_str!("pages/frame.html");
const SIGN_IN: Page = Page("{sign-in}", include_str!("pages/sign-in.html"));
const PAIR: Page = Page("{pair}", include_str!("pages/pair.html"));
const TRUST: Page = Page("{trust}", include_str!("pages/trust.html"));
const SCRIPT: &str = include_str!("pages/login.js");
const ICON: &str = include_str!("pages/login.svg");
const STYLE: &str = include_str!("pages/login.css");

/// The place of a page's title, and what is in it.
struct Page(&'static str, &'static str);

impl Page {
    /// The page, with places for its words.
    fn template(&self) -> String {
        FRAME.replace("TITLE", self.0).replace("MAIN", self.1)
    }
}

pub(crate) fn sign_in(headers: &HeaderMap) -> Response {
    page(&SIGN_IN.template(), headers)
}

pub(crate) fn pair(headers: &HeaderMap) -> Response {
    page(&PAIR.template(), headers)
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

/// Page about trusting the authority.
pub(crate) fn trust(authority: &Authority, headers: &HeaderMap) -> Response {
    // Hexadecimal and colons: nothing to escape.
    page(
        &TRUST.template().replace("{fingerprint}", &authority.fingerprint),
        headers,
    )
}

/// The authority's certificate, in the type by which phones offer to install it.
pub(crate) fn certificate(pem: &str) -> Response {
    answer::body(StatusCode::OK, "application/x-x509-ca-cert", pem.to_owned())
}

/// Texts of a language: the place of each in a page, its id in braces, and the text.
type Texts = &'static [(&'static str, &'static str)];

/// Texts of each language, in the order of [`Language::ALL`].
const TEXTS: [Texts; Language::ALL.len()] = include!(concat!(env!("OUT_DIR"), "/sign_in_texts.rs"));

/// Renders a page in the language that the browser prefers.
fn page(template: &str, headers: &HeaderMap) -> Response {
    let accepted = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let language = Language::of_accept_language(accepted.filter_map(|value| value.to_str().ok()));
    let texts = TEXTS.get(language as usize).copied().unwrap_or_default();
    let own = [("{tag}", language.tag()), ("{dir}", language.direction())];
    let page = own
        .iter()
        .chain(texts)
        .fold(template.to_owned(), |page, (place, text)| page.replace(place, text));
    let mut response = answer::body(StatusCode::OK, "text/html; charset=utf-8", page);
    let own = response.headers_mut();
    own.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    own.insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_is_whole_in_each_language() {
        let authority = Authority {
            fingerprint: "AB:CD".to_owned(),
            certificate: String::new(),
        };
        for language in Language::ALL {
            let tag = language.tag();
            let mut headers = HeaderMap::new();
            headers.append(header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(b"\xff\xfe").unwrap());
            headers.append(header::ACCEPT_LANGUAGE, HeaderValue::from_static(tag));
            for response in [sign_in(&headers), pair(&headers), trust(&authority, &headers)] {
                assert_eq!(response.headers()[header::CONTENT_LANGUAGE], tag);
                assert_eq!(response.headers()[header::VARY], "accept-language");
                let text = std::str::from_utf8(response.body()).unwrap();
                let root = format!("<html lang=\"{tag}\" dir=\"{}\">", language.direction());
                assert!(text.contains(&root), "{tag}: {text}");
                // What is left in braces is where the script puts a number.
                let holes = text.replace("{0}", "").matches(['{', '}']).count();
                assert_eq!(holes, 0, "{tag}: {text}");
            }
        }
    }

    #[test]
    fn each_text_has_its_place_in_a_page() {
        let pages = [SIGN_IN, PAIR, TRUST].map(|page| page.template()).concat();
        for (place, _) in TEXTS[0] {
            assert!(pages.contains(place), "{place}");
        }
    }
}
