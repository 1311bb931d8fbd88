//! State of the page: plain structs that grow with `apply` and the like. No browser, no signals, no I/O: `store` wraps
//! these in signals, and everything here is tested natively.

pub mod aggregates;
pub mod answers;
pub mod cell_filter;
pub mod command;
pub mod config;
pub mod connection;
pub mod environment;
pub mod export;
pub mod files;
pub mod filter;
pub mod filter_edit;
pub mod filter_row;
pub mod groups;
pub mod histogram;
pub mod judgement;
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
pub mod saved_filters;
pub mod selection;
pub mod sessions;
pub mod stats;
mod storage_format;
pub mod sync_role;
pub mod table;
