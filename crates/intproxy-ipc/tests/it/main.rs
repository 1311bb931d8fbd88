//! The session socket from the outside: the public API on one end, bytes on the other.
//!
//! Where a new test goes: what one request gets, in `requests`; what a stream tells, in `events`; what emitting
//! guarantees, in `emit`; what high rates change, in `policy`; what holds in any order of things, in `races`; the file, its modes and the real socket, in `socket`, how its
//! name appears and comes back, in `publication`, and the real named pipe in `pipe`; what the documents promise, in `promises`.

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
