//! Directories of mode 0700 and files of mode 0600, for one user alone.
//!
//! Invariant: what is checked is what is used. A directory is opened without following a link and checked through its
//! descriptor; its files are opened relative to it. A link, another user's file or a file with a second name is refused and
//! left alone. No call waits: a pipe of a file's name is opened without its other end, and refused.
//!
//! On Windows a file is private where its directory is below the user's profile, whose access list it inherits; see
//! [`inherits_privacy`].

mod error;
mod folder;
mod open_mode;
mod platform;

pub use error::{Fault, FileError};
pub use folder::{FolderFile, PrivateFolder};
pub use open_mode::OpenMode;
pub use platform::system::{PrivateDirectory, inherits_privacy, is_at, restrict_mode};
