//! Modes of opening a private file.

/// Mode of opening a file. A file that is created is private from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Reading; a missing file is an error.
    Read,
    /// Reading and writing; a missing file is created.
    ReadWrite,
    /// Appending; a missing file is created.
    Append,
}
