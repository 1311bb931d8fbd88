//! Decides a run's events by another config, beside the decisions of before; the page loads it in a Worker of its own.
//! Suggestions of a run for its config follow from the same comparison: [`suggest()`].
//!
//! The messages between page and Worker are in [`message`], the application of a change in [`change`], the lists that decide in [`lists`]; all else needs the
//! crate feature `evaluate`. Nothing is asked of a network: facts that are missing are named.

pub mod change;
#[cfg(feature = "evaluate")]
mod compare;
#[cfg(feature = "evaluate")]
mod events;
pub mod lists;
pub mod message;
#[cfg(feature = "evaluate")]
mod run;
#[cfg(feature = "evaluate")]
mod seen;
#[cfg(feature = "evaluate")]
mod suggest;

#[cfg(feature = "evaluate")]
pub use compare::Comparer;
#[cfg(feature = "evaluate")]
pub use events::Line;
#[cfg(feature = "evaluate")]
pub use run::Run;
#[cfg(feature = "evaluate")]
pub use suggest::{Reason, Sight, obstacle, suggest, suggest_for};
