//! What the page knows: plain structs that grow with `apply` and its kin. No browser, no signals, no I/O: `model` wraps
//! these in signals, and everything here is tested natively.

pub mod connection;
pub mod filter;
pub mod histogram;
pub mod kind;
pub mod lines;
pub mod log;
pub mod percent;
pub mod preferences;
pub mod route;
pub mod sessions;
