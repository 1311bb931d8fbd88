//! Result of a request to the cluster for its operator.

use mirrord_wire::Edition;

use super::operator::Operator;
#[cfg(any(feature = "kube", test))]
use crate::limits;

/// Result of a request to the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(feature = "kube"), expect(dead_code, reason = "no cluster is asked"))]
pub(super) enum Verdict {
    /// There is no cluster, or no operator in it.
    Oss,
    /// An operator answered.
    Teams(Box<Operator>),
    /// It is not known, for this reason.
    Unknown(String),
}

impl Verdict {
    pub(super) fn edition(&self) -> Edition {
        match self {
            Self::Oss => Edition::Oss,
            Self::Teams(_) => Edition::Teams,
            Self::Unknown(_) => Edition::Unknown,
        }
    }

    pub(super) fn reason(&self) -> Option<String> {
        match self {
            Self::Unknown(reason) => Some(reason.clone()),
            _ => None,
        }
    }

    #[cfg(any(feature = "kube", test))]
    pub(super) fn too_late() -> Self {
        let seconds = limits::OPERATOR_TIMEOUT.as_secs();
        Self::Unknown(format!("the cluster gave no answer within {seconds} s"))
    }
}
