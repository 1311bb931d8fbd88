//! Version and edition: `GET /api/version`.

use serde::{Deserialize, Serialize};

use crate::lenient;

/// Which mirrord this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// No operator.
    Oss,
    /// An operator answers.
    Teams,
    /// It could not be told.
    #[default]
    Unknown,
}

/// The license of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct License {
    /// Who it was given to.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Their organization.
    #[serde(deserialize_with = "lenient::or_default")]
    pub organization: String,
    /// The last day on which it is good, as the operator says it: `2027-01-01`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub expire_at: String,
    /// Whether that day is over, by this machine's clock, in UTC; absent, it is not, or it cannot be told.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "std::ops::Not::not")]
    pub expired: bool,
    /// The fingerprint of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Which subscription it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
}

/// What `GET /api/version` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionInfo {
    /// The version of this program.
    #[serde(deserialize_with = "lenient::or_default")]
    pub version: String,
    /// The version of the session protocol that it speaks.
    #[serde(deserialize_with = "lenient::or_default")]
    pub protocol_version: u32,
    /// Which mirrord this is.
    #[serde(deserialize_with = "lenient::or_default")]
    pub edition: Edition,
    /// Why the edition is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the cluster is being asked for the first time: ask again a little later.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// Whether the page shows the values of environment variables from the start; absent, it does not.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "std::ops::Not::not")]
    pub show_env_values: bool,
    /// The version of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_version: Option<String>,
    /// What the operator says that it can do.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub supported_features: Vec<String>,
    /// The operator's license.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
}
