//! The session socket from the outside: the public API on one end, bytes on the other.
//!
//! Map of the tests: answers to one request are in `requests`, streams in `events`, guarantees of emission in `emit`, high
//! rates in `policy`, invariants in any order in `races`, the file, its modes and the real socket in `socket`, the
//! publication of its name in `publication`, the real named pipe in `pipe`, promises of the documents in `promises`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod corpus;
mod emit;
mod events;
mod fuzzing;
#[cfg(windows)]
mod pipe;
mod policy;
mod promises;
#[cfg(unix)]
mod publication;
mod races;
mod requests;
#[cfg(unix)]
mod socket;
mod support;
