//! Devices that are signed in, and their roles.

use serde::{Deserialize, Serialize};

/// Role of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads sessions and events, redacted, and changes nothing.
    #[default]
    Viewer,
    /// May end sessions as well.
    Controller,
}

/// Credentials that a device signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignedInBy {
    /// User name and password.
    #[default]
    Password,
    /// A ticket.
    Pairing,
}

/// A device that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Device {
    /// Its name for the API: hexadecimal, and no secret.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The address that it was last seen at.
    pub address: String,
    /// Role.
    pub role: Role,
    /// Credentials that it signed in with.
    pub by: SignedInBy,
    /// When, RFC 3339.
    pub signed_in_at: String,
    /// When it last asked for something, RFC 3339.
    pub last_seen_at: String,
    /// When it has to sign in again, RFC 3339.
    pub expires_at: String,
    /// Its WebSockets that are open.
    pub sockets: usize,
}

/// The body of `PATCH /api/mirror/devices/:id`: what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DeviceChange {
    /// Another name, of 1 to 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 64,
            pattern = "^[^\\s\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069][^\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]*$"
        )
    )]
    pub name: Option<String>,
    /// Another role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}
