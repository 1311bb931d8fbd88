//! Inputs and limits of a decision by config rules, as an event line has them.

use serde::{Deserialize, Serialize};

/// Reason for which a released mirrord would never see an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unhooked {
    /// The executable is linked statically: no library is loaded into it.
    Static,
    /// The dynamic loader did it, which calls no function of libc that a layer could replace.
    Loader,
}

impl Unhooked {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 2] = [Self::Static, Self::Loader];

    /// Returns its word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Loader => "loader",
        }
    }
}

/// Inputs and limits of a decision by config rules: what it takes to decide the operation again under another config.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DecisionDetail {
    /// Of a `FileOp`: the path as the program passed it, where it differs from `path`.
    pub passed: Option<String>,
    /// Of a `FileOp`: decided as a write.
    pub write: bool,
    /// Of a `DnsQuery`: the port of the service that was asked for with the name, where it is known.
    pub port: Option<u16>,
    /// Of an `OutgoingConnection`: a datagram on a socket that is not connected, `sendto(2)`.
    pub sendto: bool,
    /// Facts that only the cluster knows and the decision depends on, such as `remote_dns: db`: no routing then, but a rule.
    pub depends_on: Vec<String>,
    /// Reason for which a released mirrord would never see the operation: no routing then.
    pub unhooked: Option<Unhooked>,
    /// Of a `FileOp`: the dynamic loader made the call. Not on the wire, where `unhooked` says what follows from it.
    pub by_loader: bool,
}
