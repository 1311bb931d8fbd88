//! Sessions that the operator runs in the cluster: `GET /api/operator/sessions`.

use serde::{Deserialize, Serialize};

use super::version::Edition;
use crate::lenient::is_zero;

/// A session that the operator runs in the cluster, for whomever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OperatorSession {
    /// Its id, where the operator gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whose it is, as the operator names them.
    pub user: String,
    /// Target, such as `deployment/checkout`.
    pub target: String,
    /// The namespace of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Age when the operator was asked, in seconds.
    pub duration_secs: u64,
    /// The ports that are its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locked_ports: Vec<LockedPort>,
}

/// A port of a target that one session of the operator has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct LockedPort {
    /// The port.
    pub port: u16,
    /// Mode: `steal`, `mirror`.
    pub mode: String,
    /// The filter of what is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// Answer to `GET /api/operator/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OperatorSessions {
    /// As in `/api/version`: without an operator there are none.
    pub edition: Edition,
    /// As in `/api/version`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// As in `/api/version`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// When the operator was asked, RFC 3339; it is asked every five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<String>,
    /// Its sessions, at most a thousand.
    pub sessions: Vec<OperatorSession>,
    /// Number of sessions beyond those.
    #[serde(alias = "more", skip_serializing_if = "is_zero")]
    pub omitted: u64,
}
