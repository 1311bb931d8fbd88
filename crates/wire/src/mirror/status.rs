//! Status of the mirror's listener: state, addresses, credentials, certificate authority.

use serde::{Deserialize, Serialize};

use super::device::Device;
use super::settings::MirrorSettings;
use super::sign_in::PairingTicket;

/// State of the mirror's listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MirrorState {
    /// Turned off.
    #[default]
    Off,
    /// It can be reached.
    On,
    /// It cannot be reached now, for a reason that may pass, and tries again by itself.
    Waiting,
    /// It cannot start, for a reason that does not pass by itself.
    Failed,
}

/// Clients that an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// This machine.
    #[default]
    Local,
    /// The networks that this machine is in.
    Network,
}

/// An address of the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MirrorUrl {
    /// Address to open.
    pub url: String,
    /// Clients that it is for.
    pub reach: Reach,
    /// The network interface; absent for a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
}

/// A network interface's address, for choosing where to listen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Interface {
    /// Its name, such as `wlan0`.
    pub name: String,
    /// One of its addresses.
    pub address: String,
}

/// Source of the mirror's user name and password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialsSource {
    /// The settings.
    Settings,
    /// `MIRRORD_UI_USERNAME` and `MIRRORD_UI_PASSWORD`.
    Environment,
    /// Made for this run.
    #[default]
    Random,
}

/// Credentials to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MirrorCredentials {
    /// The user name.
    pub username: String,
    /// Their source.
    pub source: CredentialsSource,
    /// The password; sent only where it is a random one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// The private certificate authority, for clients to trust.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Authority {
    /// SHA-256 over the certificate: pairs of hexadecimal digits with colons between them.
    pub fingerprint: String,
    /// The path of the certificate, on either listener.
    pub certificate: String,
}

/// Answer to `GET /api/mirror`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MirrorStatus {
    /// State of its listener.
    pub state: MirrorState,
    /// Why it is not on, in words that help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its addresses, while it is on.
    pub urls: Vec<MirrorUrl>,
    /// Credentials to sign in with.
    pub credentials: MirrorCredentials,
    /// The private authority, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// Its settings.
    pub settings: MirrorSettings,
    /// The machine's addresses, to choose one from.
    pub interfaces: Vec<Interface>,
    /// The devices with a WebSocket open now.
    pub connected: Vec<Device>,
    /// The tickets that were made last, the newest last; a few, and never the secrets themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<PairingTicket>,
    /// Something that went wrong beside it: settings that cannot be read, a log that cannot be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}
