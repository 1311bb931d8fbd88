//! Readers of the formats of a config file: text in, [`Node`](crate::node::Node) out. Each stops at the first thing that is
//! no syntax, and says where.

pub(crate) mod json;
pub(crate) mod position;
#[cfg(feature = "load")]
pub(crate) mod toml;
#[cfg(feature = "load")]
pub(crate) mod yaml;

use crate::node::{MAX_DEPTH, Position};

/// Reason why a text is not in its format, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) at: Position,
}

impl SyntaxError {
    /// The error of a value that is nested too deep.
    pub(crate) fn too_deep(at: Position) -> Self {
        Self {
            message: format!("nested more than {MAX_DEPTH} levels deep"),
            at,
        }
    }
}
