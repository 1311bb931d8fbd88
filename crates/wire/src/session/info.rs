//! Description of a session: the answer to `GET /info`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::Exit;

/// Answer to `GET /info`. A field that a reader can do without has a default, so that another version is still read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SessionInfo {
    /// The session's id, unchecked: readers check it.
    pub session_id: String,
    /// The version of this protocol; 0 where none was sent (a released mirrord).
    #[serde(skip_serializing_if = "is_zero")]
    pub protocol_version: u32,
    /// `deployment/name`, `pod/name`, …, or `targetless`.
    pub target: String,
    /// When the session started, RFC 3339.
    pub started_at: String,
    /// The version of the mirrord that runs the session.
    pub mirrord_version: String,
    /// An operator takes part.
    pub is_operator: bool,
    /// The processes that run now.
    pub processes: Vec<ProcessInfo>,
    /// The ports that are subscribed to.
    pub port_subscriptions: Vec<PortSubscription>,
    /// The config file that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_path: Option<String>,
    /// The Kubernetes namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The kubeconfig context; a released mirrord sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The user's own key for the session; a released mirrord sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The config as it was understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Value>,
    /// The text of the config file, and the facts that decide beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config_source: Option<ConfigSource>,
    /// `false`: the session observes and decides, and sends nothing to a cluster. Absent, it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirects: Option<bool>,
    /// A name that a person or the command gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The working directory of the session's program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// The terminal that the session's program runs in, `/dev/pts/3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// End of the session's program, once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
}

/// Text of a config file, and what decides beside it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ConfigSource {
    /// The text; empty where it is a template or too long.
    pub text: String,
    /// Line of each value in the text, from 1, by the value's path: `feature.fs.not_found[0]`.
    pub lines: Vec<(String, u32)>,
    /// Facts about the process, in the form of `mirrord config explain --assume FILE`. No values of variables.
    pub facts: Value,
    /// Names of the environment variables that went before values of the file.
    pub variables: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A process of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ProcessInfo {
    /// Its number on the machine of the session.
    pub pid: u32,
    /// Its name.
    pub process_name: String,
    /// The process that started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_pid: Option<u32>,
    /// Its command line; empty where it is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cmdline: Vec<String>,
    /// Its working directory, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
}

/// A port that the session serves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PortSubscription {
    /// The port.
    pub port: u16,
    /// `steal`, `mirror`, or `listen` where no cluster is involved.
    pub mode: String,
    /// The HTTP filter, where one is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The local address, where it is known: an IP address, or `*` for every IPv4 and IPv6 address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
