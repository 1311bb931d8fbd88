//! Decides a run's events by another config, beside the decisions of before; the page loads it in a Worker of its own.
//!
//! The messages between page and Worker are in [`message`]; all else needs the crate feature `evaluate`. Nothing is asked
//! of a network: facts that are missing are named.

#[cfg(feature = "evaluate")]
mod compare;
#[cfg(feature = "evaluate")]
mod events;
pub mod message;
#[cfg(feature = "evaluate")]
mod run;

#[cfg(feature = "evaluate")]
pub use compare::Comparer;
#[cfg(feature = "evaluate")]
pub use run::Run;
