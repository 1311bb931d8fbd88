//! Where in the page the reader is, as the URL's fragment: `#/` the list, `#/s/<session id>` a session, with a view's name
//! behind it once there are more views than the log. A fragment, since the page is one static file.

use mirrord_wire::SessionId;

/// A place in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// The list of sessions.
    #[default]
    Sessions,
    /// One session.
    Session(SessionId),
}

impl Route {
    /// Reads a fragment, with or without its `#`. Whatever is not a place is the list: a link that is cut short leads
    /// somewhere useful.
    #[must_use]
    pub fn parse(fragment: &str) -> Self {
        let path = fragment.trim_start_matches('#').trim_start_matches('/');
        let mut parts = path.split('/');
        match (parts.next(), parts.next().map(SessionId::new)) {
            (Some("s"), Some(Ok(id))) => Self::Session(id),
            _ => Self::Sessions,
        }
    }

    /// Writes the fragment. A session id has no character that would need an escape.
    #[must_use]
    pub fn fragment(&self) -> String {
        match self {
            Self::Sessions => "#/".to_owned(),
            Self::Session(id) => {
                let mut out = String::from("#/s/");
                out.push_str(id.as_str());
                out
            }
        }
    }

    /// The session that is open.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        match self {
            Self::Sessions => None,
            Self::Session(id) => Some(id.as_str()),
        }
    }
}

/// The token that an IDE's webview gives in the fragment: `#token=…`, or `#/token=…`.
#[must_use]
pub fn token(fragment: &str) -> Option<&str> {
    let rest = fragment.trim_start_matches('#').trim_start_matches('/');
    let token = rest.strip_prefix("token=")?.split('&').next()?;
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-._~".contains(character);
    (!token.is_empty() && token.len() <= 256 && token.chars().all(allowed)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_from_its_link() {
        for route in [Route::Sessions, Route::Session(SessionId::new("a8f3-b2c1").unwrap())] {
            assert_eq!(Route::parse(&route.fragment()), route);
        }
        assert_eq!(
            Route::parse("#/s/a8f3/files").session(),
            Some("a8f3"),
            "views that are still to come"
        );
    }

    #[test]
    fn what_is_no_place_is_the_list() {
        for fragment in ["", "#", "#/s", "#/s/", "#/s/../x", "#/s/%2e%2e", "#/x/a", "#token=abc"] {
            assert_eq!(Route::parse(fragment), Route::Sessions, "{fragment}");
        }
    }

    #[test]
    fn a_token_is_taken_from_the_fragment_and_nothing_else_is() {
        assert_eq!(token("#token=abc-DEF_1"), Some("abc-DEF_1"));
        assert_eq!(token("#/token=abc&x=1"), Some("abc"));
        for fragment in ["#/s/token", "#token=", "#token=a b", "#token=<x>"] {
            assert_eq!(token(fragment), None, "{fragment}");
        }
    }
}
