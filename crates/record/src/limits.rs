//! Bounds of what is written to and read from a record, and what happens when one is met.

use std::time::Duration;

/// Longest time between an event and its bytes in the file: a crash of the writer loses no more.
pub const FLUSH_INTERVAL: Duration = Duration::from_secs(1);
/// Bytes of the header; a longer first line is no header. A description has at most 1 MiB, and what JSON escapes.
pub const MAX_HEADER_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of any other line, as on the session socket; a longer one is skipped and counted.
pub const MAX_LINE_BYTES: usize = 256 * 1024;
/// Unreadable lines in a row after which a record is corrupt.
pub const MAX_BAD_LINES: u32 = 100;
/// Level of compression: the fastest that is worth it for lines of JSON.
pub const COMPRESSION_LEVEL: i32 = 3;
/// Base-2 logarithm of the window that a compressed record may ask a reader to keep: 8 MiB. One of more is corrupt.
pub const MAX_WINDOW_LOG: u32 = 23;
/// Bytes of lines in one frame of a compressed record; the next line begins another one. A reader that begins in the middle of a
/// record decompresses no more before it.
pub const MAX_FRAME_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of lines between two places of an index, at first; twice as many each time that there are too many places.
pub const INDEX_STEP_BYTES: u64 = 64 * 1024;
/// Places of an index; every other one is forgotten beyond.
pub const MAX_INDEX_MARKS: usize = 4096;
