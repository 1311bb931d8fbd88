//! Identity and permissions of the client that asks: `GET /api/me`.

use serde::{Deserialize, Serialize};

use super::device::Device;
use crate::lenient;

/// Listener that a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ListenerKind {
    /// The one on the loopback address, for who sits at the machine.
    Desktop,
    /// The one on the network.
    #[default]
    Mirror,
}

/// Something that a page may offer or has to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Sessions and their events.
    Read,
    /// Ending a session's program.
    EndSessions,
    /// Dismissing an ended session.
    DismissSessions,
    /// Giving a session a name.
    NameSessions,
    /// The values of environment variables, credentials in command lines, the config as it is.
    SeeSecrets,
    /// The order, the pins and the selection that mirrors follow.
    ArrangeSidebar,
    /// The mirror's settings, pairing, devices and log.
    ManageMirror,
}

/// Answer to `GET /api/me`: the client's identity and permissions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Me {
    /// The listener that was asked.
    pub listener: ListenerKind,
    /// Permissions. Anything else is refused by the server.
    #[serde(alias = "may", deserialize_with = "lenient::known")]
    pub permissions: Vec<Permission>,
    /// The name of the machine whose sessions these are, without a domain; absent where it has none of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The device; absent on the desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
}
