//! Directories of mode 0700 and files of mode 0600, for one user alone.
//!
//! Invariant: what is checked is what is used. A directory is opened without following a link and checked through its
//! descriptor; its files are opened relative to it. A link, another user's file or a file with a second name is refused and
//! left alone. No call waits: a pipe of a file's name is opened without its other end, and refused.

#![cfg(unix)]

mod directory;
mod error;
mod folder;

pub use directory::{Access, PrivateDirectory, is_at, restrict_mode};
pub use error::{Fault, FileError};
pub use folder::PrivateFolder;
