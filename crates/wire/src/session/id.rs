//! Session id, checked.

use serde::{Deserialize, Serialize};

/// A session's name: one path component of `[A-Za-z0-9._-]{1,64}` that does not start with a dot.
///
/// ```
/// use mirrord_wire::SessionId;
/// assert!(SessionId::new("a8f3-b2c1").is_ok());
/// assert!(SessionId::new("../x").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"))]
pub struct SessionId(String);

/// Why a text is not a session id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionIdError {
    /// It is empty.
    Empty,
    /// It has more than [`SessionId::MAX_LEN`] characters; how many it has.
    TooLong(usize),
    /// It starts with a dot.
    LeadingDot,
    /// It has a character other than letters, digits, `.`, `_` and `-`.
    Character(char),
}

impl std::fmt::Display for SessionIdError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => formatter.write_str("a session id is empty"),
            Self::TooLong(length) => {
                write!(
                    formatter,
                    "a session id has at most {} characters, this one has {length}",
                    SessionId::MAX_LEN
                )
            }
            Self::LeadingDot => formatter.write_str("a session id does not start with a dot"),
            Self::Character(character) => {
                write!(
                    formatter,
                    "a session id has letters, digits, `.`, `_` and `-` alone, not {character:?}"
                )
            }
        }
    }
}

impl std::error::Error for SessionIdError {}

impl SessionId {
    /// The longest id, in characters.
    pub const MAX_LEN: usize = 64;

    /// Checks a text and takes it as an id.
    ///
    /// # Errors
    /// [`SessionIdError`] says which rule it breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, SessionIdError> {
        let text = text.into();
        let allowed = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        if text.is_empty() {
            return Err(SessionIdError::Empty);
        }
        if text.chars().count() > Self::MAX_LEN {
            return Err(SessionIdError::TooLong(text.chars().count()));
        }
        if text.starts_with('.') {
            return Err(SessionIdError::LeadingDot);
        }
        if let Some(character) = text.chars().find(|character| !allowed(*character)) {
            return Err(SessionIdError::Character(character));
        }
        Ok(Self(text))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionId {
    type Error = SessionIdError;

    fn try_from(text: String) -> Result<Self, SessionIdError> {
        Self::new(text)
    }
}

impl std::str::FromStr for SessionId {
    type Err = SessionIdError;

    fn from_str(text: &str) -> Result<Self, SessionIdError> {
        Self::new(text)
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}
