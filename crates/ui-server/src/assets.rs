//! The page, embedded in the program: which file, in which encoding, and whether the browser has it already.
//!
//! Compressed copies are made at build time and lie beside their originals (`.br`, `.gz`); nothing is compressed here.
//! Files under `/assets` have a hash in their names and never change; `index.html`, and the Worker's files, to whose names
//! Trunk adds none, are asked for again each time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::routes::answer::Response;

/// Folder of files without a hash in their names.
const UNHASHED: &str = "what-if/";

/// Files embedded at build time.
#[derive(RustEmbed)]
#[folder = "$MIRRORD_UI_EMBEDDED"]
struct Embedded;

/// Returns whether this build has the page, and not one in its place that says how to build it.
#[must_use]
pub fn has_page() -> bool {
    env!("MIRRORD_UI_BUILT") == "true"
}

/// Encodings of a copy, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

const ENCODINGS: [Encoding; 3] = [Encoding::Brotli, Encoding::Gzip, Encoding::Identity];

impl Encoding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

struct Stored {
    data: Bytes,
    /// Quoted, and another for each encoding: RFC 9110, section 8.8.3.
    etag: HeaderValue,
}

/// All files by their path in the page's folder.
pub(crate) struct Assets {
    copies: HashMap<String, Stored>,
}

impl fmt::Debug for Assets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Assets")
            .field("files", &self.copies.len())
            .finish_non_exhaustive()
    }
}

impl Assets {
    /// Assets of this build.
    pub(crate) fn embedded() -> Self {
        Self::from_files(Embedded::iter().filter_map(|name| {
            let file = Embedded::get(&name)?;
            let data = match file.data {
                Cow::Borrowed(data) => Bytes::from_static(data),
                Cow::Owned(data) => Bytes::from(data),
            };
            Some((name.into_owned(), data, file.metadata.sha256_hash()))
        }))
    }

    fn from_files(files: impl Iterator<Item = (String, Bytes, [u8; 32])>) -> Self {
        let copy = |(name, data, hash): (String, Bytes, [u8; 32])| {
            let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            let etag = HeaderValue::try_from(format!("\"{hex}\"")).ok()?;
            Some((name, Stored { data, etag }))
        };
        Self {
            copies: files.filter_map(copy).collect(),
        }
    }

    /// `index.html`.
    pub(crate) fn page(&self, headers: &HeaderMap) -> Response {
        self.find("index.html", headers, "no-cache").unwrap_or_default()
    }

    /// A file under `assets/`.
    pub(crate) fn asset(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        let caching = if name.starts_with(UNHASHED) {
            "no-cache"
        } else {
            "public, max-age=31536000, immutable"
        };
        self.find(&format!("assets/{name}"), headers, caching)
    }

    fn find(&self, name: &str, headers: &HeaderMap, caching: &'static str) -> Option<Response> {
        let original = self.copies.get(name)?;
        let accepted = |encoding: &Encoding| accepts(headers, *encoding);
        let found = ENCODINGS.into_iter().filter(accepted).find_map(|encoding| {
            let copy = self.copies.get(&format!("{name}{}", encoding.extension()))?;
            Some((encoding, copy))
        });
        // Who refuses even the original gets it all the same: RFC 9110, section 12.5.3, allows it.
        let (encoding, copy) = found.unwrap_or((Encoding::Identity, original));
        let known = is_known(headers, &copy.etag);
        let mut response = Response::new(if known { Bytes::new() } else { copy.data.clone() });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let own = response.headers_mut();
        own.insert(header::ETAG, copy.etag.clone());
        own.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        own.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !known {
            own.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
            if encoding != Encoding::Identity {
                own.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
            }
        }
        Some(response)
    }
}

/// Returns whether `Accept-Encoding` takes an encoding: RFC 9110, section 12.5.3.
pub(crate) fn accepts(headers: &HeaderMap, encoding: Encoding) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING);
    let mut any = None;
    for item in values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let weight = parameters
            .trim()
            .strip_prefix("q=")
            .and_then(|weight| weight.parse::<f32>().ok());
        let taken = weight.unwrap_or(1.0) > 0.0;
        match name.trim() {
            name if name.eq_ignore_ascii_case(encoding.name()) => return taken,
            "*" => any = Some(taken),
            _ => {}
        }
    }
    any.unwrap_or(encoding == Encoding::Identity)
}

/// Returns whether `If-None-Match` names what would be sent: RFC 9110, section 13.1.2.
pub(crate) fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH);
    let mut tags = values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    tags.any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag.as_bytes()
    })
}

/// The kinds of file that a page is made of; a browser compiles WebAssembly from a stream by its right type alone.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        let file = |name: &str, text: &'static str, mark: u8| {
            (name.to_owned(), Bytes::from_static(text.as_bytes()), [mark; 32])
        };
        Assets::from_files(
            [
                file("index.html", "page", 1),
                file("assets/a-1.wasm", "wasm", 2),
                file("assets/a-1.wasm.br", "br", 3),
                file("assets/a-1.wasm.gz", "gz", 4),
                file("assets/what-if/worker.js", "js", 5),
            ]
            .into_iter(),
        )
    }

    fn asked(accept: &str, tag: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
        headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        headers
    }

    #[test]
    fn the_best_encoding_that_is_accepted_is_sent() {
        for (accept, body, encoding) in [
            ("gzip, deflate, br, zstd", "br", Some("br")),
            ("gzip;q=1.0, br;q=0", "gz", Some("gzip")),
            ("*", "br", Some("br")),
            ("deflate", "wasm", None),
            ("", "wasm", None),
            ("identity;q=0", "wasm", None),
        ] {
            let response = assets().asset("a-1.wasm", &asked(accept, "\"no\"")).unwrap();
            assert_eq!(response.body().as_ref(), body.as_bytes(), "{accept}");
            let told = response
                .headers()
                .get(header::CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap());
            assert_eq!(told, encoding, "{accept}");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/wasm");
            assert!(
                response.headers()[header::CACHE_CONTROL]
                    .to_str()
                    .unwrap()
                    .contains("immutable")
            );
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let first = assets().page(&HeaderMap::new());
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let again = assets().page(&asked("br", &known));
            assert_eq!(
                (again.status(), again.body().len()),
                (StatusCode::NOT_MODIFIED, 0),
                "{known}"
            );
            assert_eq!(again.headers()[header::ETAG], *tag);
        }
        assert_eq!(assets().page(&asked("br", "\"other\"")).status(), StatusCode::OK);
    }

    #[test]
    fn a_file_without_a_hash_in_its_name_is_asked_for_again() {
        let response = assets().asset("what-if/worker.js", &HeaderMap::new()).unwrap();
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/javascript; charset=utf-8"
        );
    }

    #[test]
    fn nothing_outside_of_the_folder_is_an_asset() {
        for name in ["", "../index.html", "b.js", "a-1.wasm/"] {
            assert!(assets().asset(name, &HeaderMap::new()).is_none(), "{name}");
        }
        assert!(Assets::embedded().page(&HeaderMap::new()).body().starts_with(b"<!"));
    }
}
