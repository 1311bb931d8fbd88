//! mirrord.json: reads the file and says what is in it.
//!
//! The rules that route an operation come later; for now the file is found, read with a limit and checked for the one
//! field that every session needs. Nothing in here opens a socket or starts anything.

mod load;

pub use load::{Config, LoadError, MAX_FILE_BYTES};
