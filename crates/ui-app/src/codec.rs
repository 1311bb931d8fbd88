//! What arrives as JSON, read without a copy where there is no escape, and without the weight of a general library: the
//! page reads tens of thousands of events a second, and most of each is never looked at.
//!
//! What the server writes is defined by `mirrord-wire`; tests hold these readers to that crate's own.

pub mod json;
pub mod line;
pub mod message;
pub mod types;
