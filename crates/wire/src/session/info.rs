//! Who a session is: its identity, and what `GET /info` answers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lenient;

/// A session's name: one path component of `[A-Za-z0-9._-]{1,64}` that does not start with a dot.
///
/// ```
/// use mirrord_wire::SessionId;
/// assert!(SessionId::new("a8f3-b2c1").is_ok());
/// assert!(SessionId::new("../x").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

/// What `GET /info` answers. Every field that a reader can do without defaults, so that another version is still read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionInfo {
    /// The session's id. Checked by whoever reads it: on the wire it is only text.
    #[serde(deserialize_with = "lenient::or_default")]
    pub session_id: String,
    /// The version of this protocol; 0 where none was sent (a released mirrord).
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "is_zero")]
    pub protocol_version: u32,
    /// `deployment/name`, `pod/name`, …, or `targetless`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub target: String,
    /// When the session started, RFC 3339.
    #[serde(deserialize_with = "lenient::or_default")]
    pub started_at: String,
    /// The version of the mirrord that runs the session.
    #[serde(deserialize_with = "lenient::or_default")]
    pub mirrord_version: String,
    /// Whether an operator takes part.
    #[serde(deserialize_with = "lenient::or_default")]
    pub is_operator: bool,
    /// The processes that run now.
    #[serde(deserialize_with = "lenient::list")]
    pub processes: Vec<ProcessInfo>,
    /// The ports that are subscribed to.
    #[serde(deserialize_with = "lenient::list")]
    pub port_subscriptions: Vec<PortSubscription>,
    /// The config file that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_path: Option<String>,
    /// The Kubernetes namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The kubeconfig context; a released mirrord sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The user's own key for the session; a released mirrord sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The config as it was understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A process of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcessInfo {
    /// Its number on the machine of the session.
    #[serde(deserialize_with = "lenient::or_default")]
    pub pid: u32,
    /// Its name.
    #[serde(deserialize_with = "lenient::or_default")]
    pub process_name: String,
    /// The process that started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_pid: Option<u32>,
    /// Its command line; empty where it is not known.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub cmdline: Vec<String>,
}

/// A port that the session serves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PortSubscription {
    /// The port.
    #[serde(deserialize_with = "lenient::or_default")]
    pub port: u16,
    /// `steal`, `mirror`, or `listen` where no cluster is involved.
    #[serde(deserialize_with = "lenient::or_default")]
    pub mode: String,
    /// The HTTP filter, where one is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}
