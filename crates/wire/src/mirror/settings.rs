//! The mirror's settings, as they are read and changed over the REST API.

use serde::{Deserialize, Serialize};

/// Encryption of the mirror's listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Plain HTTP.
    #[default]
    Off,
    /// A certificate and a key of the user's own.
    Own,
    /// A private authority, made on this machine.
    Private,
}

/// The mirror's settings as they are sent; a password is never among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MirrorSettings {
    /// Turned on.
    pub enabled: bool,
    /// Starts with `mirrord ui`, where it was on.
    pub auto_start: bool,
    /// The address to listen on: an address literal, or `0.0.0.0` or `::` for all.
    pub address: String,
    /// The port.
    pub port: u16,
    /// The user name to sign in with; absent, the environment's or `mirrord`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// A password is set.
    pub has_password: bool,
    /// Encryption.
    pub tls: TlsMode,
    /// The PEM file with the certificate chain, for `own`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The PEM file with its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Other names under which the mirror is reached.
    #[serde(alias = "names", skip_serializing_if = "Vec::is_empty")]
    pub allowed_hosts: Vec<String>,
    /// Announces its name and port by multicast DNS.
    pub mdns: bool,
    /// Shows devices command lines whole, but for the values of variables.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub command_lines: bool,
}

impl Default for MirrorSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            auto_start: false,
            address: "0.0.0.0".to_owned(),
            port: 4096,
            username: None,
            has_password: false,
            tls: TlsMode::Off,
            certificate: None,
            key: None,
            allowed_hosts: Vec::new(),
            mdns: false,
            command_lines: false,
        }
    }
}

/// The body of `PUT /api/mirror/settings`: what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct MirrorSettingsChange {
    /// Turns it on or off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Starts with `mirrord ui`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_start: Option<bool>,
    /// The address to listen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The user name; empty takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// A new password of 8 to 256 characters; empty takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Encryption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsMode>,
    /// The certificate's file; empty takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The key's file; empty takes it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Other names under which the mirror is reached.
    #[serde(alias = "names", skip_serializing_if = "Option::is_none")]
    pub allowed_hosts: Option<Vec<String>>,
    /// Announces its name and port by multicast DNS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mdns: Option<bool>,
    /// Shows devices command lines whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command_lines: Option<bool>,
}
