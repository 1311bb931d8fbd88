//! Answers that the session's socket and `mirrord ui` have in common.

use serde::{Deserialize, Serialize};

/// `{"status":"ok"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Always `ok`: who cannot say so says nothing.
    pub status: String,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            status: "ok".to_owned(),
        }
    }
}

/// Every error, on either socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// What went wrong, naming the thing.
    pub error: String,
}
