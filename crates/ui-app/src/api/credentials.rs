//! Credentials of the page's requests: the page key, beside a cookie that scripts cannot read; or a token from the page
//! around an IDE's frame.
//!
//! The page key is kept in `localStorage`, per origin and shared by its tabs: a key from another tab's sign-in is valid
//! here as well. The token is kept in memory only, since storage would outlast the session that the token opens.

use crate::browser::{store, stored};

/// Place of the page key in `localStorage`.
const STORAGE_KEY: &str = "mirrord.page-key";
/// Start of the subprotocol that carries the page key; the other one is what the server selects.
const KEY_SUBPROTOCOL: &str = "mirrord.page-key.";
const SUBPROTOCOL: &str = "mirrord.events";
/// The most characters of a page key: what is stored can be anything.
const MAX_CHARS: usize = 256;

/// The credentials as they are now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credentials {
    token: Option<String>,
    page_key: Option<String>,
}

impl Credentials {
    /// The stored page key, and a token where the page was opened with one.
    pub(crate) fn load(token: Option<String>) -> Self {
        let page_key = stored_key();
        Self { token, page_key }
    }

    pub(crate) fn set_token(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }

    /// Keeps a new page key. A browser without storage has it until the page is left.
    pub(crate) fn set_page_key(&mut self, key: String) {
        store(STORAGE_KEY, &key);
        self.page_key = Some(key);
    }

    /// Takes the page key that another tab has stored; returns whether it is another one.
    pub(crate) fn reload(&mut self) -> bool {
        let stored = stored_key();
        let is_new = stored.is_some() && stored != self.page_key;
        if is_new {
            self.page_key = stored;
        }
        is_new
    }

    /// The headers of a request.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let bearer = self.token.as_ref().map(|token| ["Bearer ", token].concat());
        let page_key = self.page_key.clone().map(|key| ("mirrord-page-key", key));
        bearer
            .map(|bearer| ("authorization", bearer))
            .into_iter()
            .chain(page_key)
    }

    /// The subprotocols of a WebSocket, which has no headers of the page's.
    pub(crate) fn subprotocols(&self) -> Option<[String; 2]> {
        let key = self.page_key.as_ref()?;
        Some([SUBPROTOCOL.to_owned(), [KEY_SUBPROTOCOL, key].concat()])
    }

    /// The token, for the query of a WebSocket.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

/// Nothing but what can stand in a header and a subprotocol.
fn stored_key() -> Option<String> {
    let is_plain = |key: &String| {
        !key.is_empty() && key.len() <= MAX_CHARS && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    stored(STORAGE_KEY).filter(is_plain)
}
