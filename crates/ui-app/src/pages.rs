//! The places of the page: each takes the contexts it needs and hands its parts their signals.

pub(crate) mod comparison;
pub(crate) mod history;
pub(crate) mod merged;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod shell;
