//! The places of the page: each takes the contexts it needs and hands its parts their signals.
#![expect(unreachable_pub, reason = "the component macro makes the parts of a component `pub`")]

pub(crate) mod merged;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod shell;
