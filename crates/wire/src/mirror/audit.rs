//! Audit log of the mirror.

use serde::{Deserialize, Serialize};

/// Kind of an entry of the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// It began to listen.
    #[default]
    Started,
    /// It stopped listening.
    Stopped,
    /// It could not start, or had to stop.
    Failed,
    /// A device signed in with the password.
    SignedIn,
    /// A wrong user name or password.
    SignInFailed,
    /// Too many wrong ones: refused for a while.
    Throttled,
    /// A ticket was made on the desktop.
    TicketMade,
    /// A device signed in with a ticket.
    Paired,
    /// A ticket that is used up, too old, or was never made.
    PairingFailed,
    /// A device signed out.
    SignedOut,
    /// A device was revoked on the desktop.
    Revoked,
    /// A device's name or role was changed on the desktop.
    DeviceChanged,
    /// A device asked for what its role does not allow.
    Refused,
    /// A device ended a session.
    EndedSession,
    /// A device gave a session a name, or took it back.
    NamedSession,
    /// The settings were changed on the desktop.
    SettingsChanged,
}

/// One line of the mirror's log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct AuditEntry {
    /// Time, RFC 3339.
    pub at: String,
    /// Kind.
    pub kind: AuditKind,
    /// The address that it came from; absent for what was done on the desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The id of the device that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// In words; never a secret. What a client sent of it is escaped and cut.
    pub detail: String,
}
