//! Schema of mirrord.json and the check of a tree against it.
//!
//! A shape is a constant of [`keys`]. What decides no operation (agent, operator, queues, databases) is known by its keys
//! and types, and read no further.

mod check;
mod keys;
#[cfg(test)]
mod released_keys;
mod shape;

pub(crate) use check::{check, target_problem};
