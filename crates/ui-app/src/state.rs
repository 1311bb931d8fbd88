//! What the page knows: plain structs that grow with `apply` and its kin. No browser, no signals, no I/O: `model` wraps
//! these in signals, and everything here is tested natively.

pub mod command;
pub mod config;
pub mod connection;
pub mod environment;
pub mod export;
pub mod facts;
pub mod files;
pub mod filter;
pub mod groups;
pub mod histogram;
pub mod kind;
pub mod lead;
pub mod lines;
pub mod log;
pub mod mirror;
pub mod network;
pub mod order;
pub mod pace;
pub mod palette;
pub mod percent;
pub mod ports;
pub mod preferences;
pub mod processes;
pub mod rights;
pub mod route;
pub mod selection;
pub mod sessions;
pub mod stats;
mod stored;
pub mod table;
pub mod terms;
