//! Signing a device in: by user name and password, or by a pairing ticket.

use serde::{Deserialize, Serialize};

/// The body of `POST /mirror/sign-in`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Answer to `POST /api/mirror/pair`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Pairing {
    /// Address for the phone to open; the ticket is in its fragment.
    pub url: String,
    /// Such addresses for every one that the network can reach.
    pub urls: Vec<String>,
    /// `url` as a QR code: an SVG document.
    pub svg: String,
    /// When the ticket is worth nothing any more, RFC 3339.
    pub expires_at: String,
    /// Its number among the `tickets` of `GET /api/mirror`, which have its state.
    pub number: u64,
}

impl std::fmt::Debug for Pairing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The addresses have the ticket in them.
        formatter
            .debug_struct("Pairing")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The body of `POST /mirror/pair`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// The ticket, as it stood in the fragment.
    pub ticket: String,
}

/// State of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// It lets a device in.
    #[default]
    Open,
    /// It has let one in.
    Used,
    /// It is too old, or too many newer ones were made, or the mirror was off meanwhile.
    #[serde(alias = "over")]
    Expired,
}

/// A ticket, by its number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PairingTicket {
    /// Counts the tickets of this run from 1.
    pub number: u64,
    /// Its state.
    pub state: TicketState,
    /// The id of the device that it let in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}
