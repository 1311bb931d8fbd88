//! Page key: the half of a browser's credentials that the page keeps in its `localStorage`.
//!
//! Storage belongs to one origin, port included, so that no other server of the same host is ever sent it. The page sends
//! it as a header, and with a WebSocket, which has no headers of the page's, as a subprotocol.

use http::{HeaderMap, header};

use super::token::Token;
use crate::error::Error;

/// Header of a request that carries it.
pub(crate) const HEADER: &str = "mirrord-page-key";
/// Subprotocol that is selected where a client offers it, so that the key itself is not repeated (RFC 6455, section 4.2.2).
pub(crate) const SUBPROTOCOL: &str = "mirrord.events";
/// Start of the subprotocol that carries it.
const SUBPROTOCOL_PREFIX: &str = "mirrord.page-key.";

/// 256 bits, other ones than the cookie's and the token's.
#[derive(Debug)]
pub(crate) struct PageKey(Token);

impl PageKey {
    /// Makes a new one.
    ///
    /// # Errors
    /// There are no random bytes.
    pub(crate) fn random() -> Result<Self, Error> {
        Token::random().map(Self)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns whether a request's header has it.
    pub(crate) fn is_in_header(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(HEADER).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| self.0.is(value))
    }

    /// Returns whether one of the subprotocols that a client offers has it.
    pub(crate) fn is_in_subprotocol(&self, headers: &HeaderMap) -> bool {
        let mut keys = subprotocols(headers).filter_map(|name| name.strip_prefix(SUBPROTOCOL_PREFIX));
        keys.any(|key| self.0.is(key))
    }
}

/// The subprotocols that a client offers.
pub(crate) fn subprotocols(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_its_header_and_among_subprotocols_and_only_whole() {
        let key = PageKey::random().unwrap();
        let text = key.as_str();
        let has = |name: header::HeaderName, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            (key.is_in_header(&headers), key.is_in_subprotocol(&headers))
        };
        let own = header::HeaderName::from_static(HEADER);
        let offered = header::SEC_WEBSOCKET_PROTOCOL;
        assert_eq!(has(own.clone(), text), (true, false));
        assert_eq!(has(own, &text[1..]), (false, false));
        for (value, is_there) in [
            (format!("mirrord.events, mirrord.page-key.{text}"), true),
            (format!("mirrord.page-key.{text}"), true),
            (format!("mirrord.page-key.{}", &text[1..]), false),
            (text.to_owned(), false),
            ("mirrord.page-key.".to_owned(), false),
        ] {
            assert_eq!(has(offered.clone(), &value), (false, is_there), "{value}");
        }
    }
}
