//! Tests of the language through its public surface. A new one goes to the module of its subject:
//! `language` has what parses into what and what does not, `laws` what holds for every filter.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod generated;
mod language;
mod laws;
