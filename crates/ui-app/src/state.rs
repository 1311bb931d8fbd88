//! State of the page: plain structs that grow with `apply` and the like. No browser, no signals, no I/O: `store` wraps
//! these in signals, and everything here is tested natively.

pub mod aggregates;
pub mod columns;
pub mod command;
pub mod config;
pub mod connection;
pub mod copies;
pub mod environment;
pub mod export;
pub mod failure;
pub mod files;
pub mod filter;
pub mod filter_terms;
pub mod groups;
pub mod histogram;
pub mod kind;
pub mod line_splitter;
pub mod log;
pub mod mirror;
pub mod network;
pub mod order;
pub mod palette;
pub mod percent;
pub mod permissions;
pub mod ports;
pub mod preferences;
pub mod processes;
pub mod render_scheduler;
pub mod route;
pub mod selection;
pub mod sessions;
pub mod stats;
mod storage_format;
pub mod sync_role;
pub mod table;
pub mod time_range;
