//! Refusal of a text that is no filter.

use serde::{Deserialize, Serialize};

/// Body of a 400 for a `q` that is no filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilterRefusal {
    /// The reason and the way out, in English.
    pub error: String,
    /// Both, and the place, for programs.
    pub filter: FilterProblem,
}

/// Problem of a text that is no filter. It repeats nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilterProblem {
    /// A word for the reason.
    pub code: String,
    /// The first byte of the text that is wrong.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
    /// More has to be typed, and what is there may be right.
    pub unfinished: bool,
    /// The way out, in English.
    pub hint: String,
}
