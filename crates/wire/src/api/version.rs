//! Version and edition: `GET /api/version`.

use serde::{Deserialize, Serialize};

/// Edition of mirrord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// No operator.
    Oss,
    /// An operator answers.
    Teams,
    /// Not known.
    #[default]
    Unknown,
}

/// The license of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct License {
    /// Licensee.
    pub name: String,
    /// Their organization.
    pub organization: String,
    /// The last day on which it is good, as the operator says it: `2027-01-01`.
    pub expire_at: String,
    /// Set once that day is over, by this machine's clock, in UTC; absent, it is not, or is not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub expired: bool,
    /// The fingerprint of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Subscription that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
}

/// Answer to `GET /api/version`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct VersionInfo {
    /// The version of this program.
    pub version: String,
    /// The version of the session protocol that it speaks.
    pub protocol_version: u32,
    /// Edition of mirrord.
    pub edition: Edition,
    /// Why the edition is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Set while the cluster is asked for the first time: ask again a little later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// Set where the page shows the values of environment variables from the start.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_env_values: bool,
    /// The version of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_version: Option<String>,
    /// Features that the operator announces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub supported_features: Vec<String>,
    /// The operator's license.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
}
