//! The headers that every answer bears, errors and redirects too.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::error::Error;

/// Scripts, styles and connections of our own only; WebAssembly may be compiled; no page may frame ours.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; object-src 'none'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors ";

/// The fixed part of every answer.
#[derive(Debug)]
pub(crate) struct SecurityHeaders {
    fixed: Vec<(HeaderName, HeaderValue)>,
}

impl SecurityHeaders {
    /// `frames` are the origins that may frame the page, for an IDE.
    ///
    /// `dev`: the page comes from `trunk serve`, which starts it by a script in its text.
    ///
    /// # Errors
    /// A frame's origin is not one.
    pub(crate) fn new(frames: &[String], dev: bool) -> Result<Self, Error> {
        let ancestors = if frames.is_empty() {
            "'none'".to_owned()
        } else {
            frames.join(" ")
        };
        let is_origin = |frame: &String| {
            frame.contains(':')
                && frame
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b";,'\"".contains(&byte))
        };
        let mut policy = format!("{POLICY}{ancestors}");
        if dev {
            policy = policy.replacen("script-src 'self'", "script-src 'self' 'unsafe-inline'", 1);
        }
        let policy = HeaderValue::try_from(policy).ok();
        let (Some(policy), true) = (policy, frames.iter().all(is_origin)) else {
            return Err(Error::Frame(ancestors));
        };
        let mut fixed = vec![
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        ];
        if frames.is_empty() {
            fixed.push((header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")));
        }
        Ok(Self { fixed })
    }

    /// An answer that is written without hyper, ready to be sent.
    pub(crate) fn bare_answer(&self, status: &str, more: &str, body: &str) -> String {
        let mut text = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n{more}");
        for (name, value) in &self.fixed {
            let value = value.to_str().unwrap_or_default();
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text + &format!("content-length: {}\r\n\r\n{body}", body.len())
    }

    /// Adds them to an answer. What says nothing of being kept is not kept.
    pub(crate) fn add(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.fixed {
            headers.insert(name, value.clone());
        }
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowed_frame_replaces_the_ban_and_nothing_else_fits_in() {
        let mut headers = HeaderMap::new();
        let frames = ["vscode-webview://x".to_owned(), "https://ide.example:8443".to_owned()];
        SecurityHeaders::new(&frames, false).unwrap().add(&mut headers);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.ends_with("frame-ancestors vscode-webview://x https://ide.example:8443"),
            "{policy}"
        );
        assert!(!headers.contains_key(header::X_FRAME_OPTIONS));
        for wrong in ["", "x", "https://a;script-src *", "https://a b", "https://a\nx: y"] {
            assert!(SecurityHeaders::new(&[wrong.to_owned()], false).is_err(), "{wrong}");
        }
    }
}
