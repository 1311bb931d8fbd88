//! The one secret of an instance: 256 random bits, compared in constant time, and never shown by `Debug`.

use std::fmt;

use http::{HeaderMap, header};
use subtle::ConstantTimeEq as _;

use crate::error::Error;
use crate::secret::random_hex;

const BYTES: usize = 32;

/// The token, as text.
#[derive(Clone)]
pub(crate) struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

impl Token {
    /// A new one.
    pub(crate) fn random() -> Result<Self, Error> {
        random_hex::<BYTES>().map(Self).map_err(Error::Token)
    }

    /// One that was written down; `None` for a text that is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == 2 * BYTES && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The address that signs a browser in.
    pub(crate) fn url(&self, port: u16) -> String {
        format!("http://127.0.0.1:{port}/?token={}", self.0)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether a text is it, in constant time.
    pub(crate) fn is(&self, candidate: &str) -> bool {
        self.0.as_bytes().ct_eq(candidate.as_bytes()).into()
    }

    /// Returns whether `Authorization: Bearer` has it.
    pub(crate) fn is_bearer(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let credentials = value.and_then(|value| value.split_once(' '));
        credentials.is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && self.is(token.trim()))
    }

    /// Returns whether a query has it.
    pub(crate) fn is_in_query(&self, query: &str) -> bool {
        in_query(query).is_some_and(|token| self.is(token))
    }

    /// The value of `Set-Cookie`.
    pub(crate) fn cookie(&self, name: &str) -> String {
        format!("{name}={}; HttpOnly; SameSite=Strict; Path=/", self.0)
    }
}

/// The token of a query. It is plain hexadecimal, so there is nothing to decode.
pub(crate) fn in_query(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("token="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_256_bits_never_the_same_and_never_shown() {
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert_eq!(one.as_str().len(), 64);
        assert_ne!(one.as_str(), other.as_str());
        assert!(!format!("{one:?}").contains(one.as_str()));
    }

    #[test]
    fn only_the_whole_token_is_right() {
        let token = Token::random().unwrap();
        let right = token.as_str().to_owned();
        assert!(token.is_in_query(&format!("a=b&token={right}")));
        for wrong in [
            "",
            "token",
            "token=",
            &format!("token={}", &right[1..]),
            &format!("token={right}0"),
        ] {
            assert!(!token.is_in_query(wrong), "{wrong}");
        }
    }
}
