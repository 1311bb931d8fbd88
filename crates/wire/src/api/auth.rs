//! Credentials of a browser on the desktop.

use serde::{Deserialize, Serialize};

/// Answer to `POST /api/tickets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// `GET /?ticket=…` signs one browser in with it, once, within a minute.
    pub ticket: String,
}

/// The answer to `POST /api/sign-in`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The half of a browser's credentials that the page keeps; the other one is the cookie.
    pub page_key: String,
}
