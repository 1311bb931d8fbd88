//! Reads the arguments of a stopped caller from its memory.
//!
//! Invariant: no pointer is trusted. A string may end at an unmapped page, lack its end or be at no mapped address;
//! every read has a bound. The kernel reads the same memory again after us, and another thread may change it in
//! between: the value at the time of the call is reported.

use std::io;

use super::sys::read_memory;

/// `PATH_MAX`: a longer path fails in the kernel.
pub(crate) const MAX_PATH_BYTES: usize = 4_096;
/// Arguments of a command line that are kept; the rest is left out.
pub(crate) const MAX_ARGUMENTS: usize = 128;
/// Bytes of a command line that are kept; the argument that reaches the limit is cut, and ends in `…`.
pub(crate) const MAX_COMMAND_LINE_BYTES: usize = 8 * 1_024;
/// The smallest page there is: a read that stays inside one meets no border.
const PAGE_BYTES: u64 = 4_096;
/// Most paths are shorter, so that one small read does.
const FIRST_READ_BYTES: usize = 256;

/// Why an argument could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// The pointer is bad, or what it points to breaks a limit of the kernel: the call fails by itself.
    Invalid,
    /// We may not read the caller's memory, or it is gone.
    Denied,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error() {
            Some(libc::EFAULT) => Self::Invalid,
            _ => Self::Denied,
        }
    }
}

/// The string at `address`, without its zero. `Invalid` where none ends within `most` bytes.
pub(crate) fn read_string(tid: u32, address: u64, most: usize) -> Result<Vec<u8>, ReadError> {
    let mut found = Vec::new();
    if append_string(tid, address, most, &mut found)? {
        Ok(found)
    } else {
        Err(ReadError::Invalid)
    }
}

/// Appends the string at `address`; false where it goes on beyond `most` bytes, which are appended.
fn append_string(tid: u32, address: u64, most: usize, found: &mut Vec<u8>) -> Result<bool, ReadError> {
    let mut buffer = [0_u8; PAGE_BYTES as usize];
    let mut room = FIRST_READ_BYTES;
    let (mut at, mut left) = (address, most);
    while left > 0 {
        let to_page_end = (PAGE_BYTES - at % PAGE_BYTES) as usize;
        let part = &mut buffer[..room.min(to_page_end).min(left)];
        let count = read_memory(tid, at, part)?;
        let part = &part[..count];
        if let Some(end) = part.iter().position(|byte| *byte == 0) {
            found.extend_from_slice(&part[..end]);
            return Ok(true);
        }
        found.extend_from_slice(part);
        if count == 0 {
            return Err(ReadError::Invalid);
        }
        left -= count;
        at = at.checked_add(count as u64).ok_or(ReadError::Invalid)?;
        room = buffer.len();
    }
    Ok(false)
}

/// Exactly so many bytes.
pub(crate) fn read_exact(tid: u32, address: u64, into: &mut [u8]) -> Result<(), ReadError> {
    match read_memory(tid, address, into)? {
        count if count == into.len() => Ok(()),
        _ => Err(ReadError::Invalid),
    }
}

/// The structure of `N` words of 64 bits (at most eight) at `address`.
pub(crate) fn read_words<const N: usize>(tid: u32, address: u64) -> Result<[u64; N], ReadError> {
    let mut bytes = [0; 64];
    let bytes = bytes.get_mut(..8 * N).ok_or(ReadError::Invalid)?;
    read_exact(tid, address, bytes)?;
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_ne_bytes(*bytes);
    }
    Ok(words)
}

/// An argument vector, within the limits above.
pub(crate) fn read_arguments(tid: u32, address: u64) -> Result<Vec<String>, ReadError> {
    let mut found = Vec::new();
    let mut left = MAX_COMMAND_LINE_BYTES;
    for index in 0..MAX_ARGUMENTS as u64 {
        let place = address.checked_add(8 * index).ok_or(ReadError::Invalid)?;
        // A null vector is an empty one on Linux.
        let [pointer] = if address == 0 { [0] } else { read_words(tid, place)? };
        if pointer == 0 || left == 0 {
            break;
        }
        let mut argument = Vec::new();
        let whole = append_string(tid, pointer, left, &mut argument)?;
        left = left.saturating_sub(argument.len() + 1);
        let mut argument = String::from_utf8_lossy(&argument).into_owned();
        if !whole {
            argument.push('…');
            left = 0;
        }
        found.push(argument);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn me() -> u32 {
        std::process::id()
    }

    fn address<T: ?Sized>(of: &T) -> u64 {
        std::ptr::from_ref(of).cast::<u8>() as u64
    }

    #[test]
    fn strings_are_read_across_pages_up_to_their_zero() {
        let mut memory = vec![b'a'; 3 * MAX_PATH_BYTES];
        for length in [0, 1, 255, 256, 257, 4_094, 4_095] {
            for start in [0, 1, 17, 4_000] {
                memory[start + length] = 0;
                let read = read_string(me(), address(&memory[start]), MAX_PATH_BYTES);
                assert_eq!(read, Ok(vec![b'a'; length]), "{length} bytes from {start}");
                memory[start + length] = b'a';
            }
        }
        assert_eq!(
            read_string(me(), address(&memory[0]), MAX_PATH_BYTES),
            Err(ReadError::Invalid)
        );
    }

    #[test]
    fn a_string_may_end_where_the_memory_ends() {
        // The kernel maps whole pages of a file, and nothing behind the last one is asked for.
        let stat = std::fs::read_to_string("/proc/self/maps").expect("maps");
        let end = stat
            .lines()
            .find(|line| line.contains("[stack]"))
            .and_then(|line| line.split([' ', '-']).nth(1))
            .and_then(|end| u64::from_str_radix(end, 16).ok())
            .expect("the stack's end");
        // The stack's last eight bytes are zero on Linux.
        assert_eq!(read_string(me(), end - 8, MAX_PATH_BYTES), Ok(vec![]));
        assert!(read_string(me(), end, MAX_PATH_BYTES).is_err());
    }

    #[test]
    fn bad_pointers_are_told_from_other_failures() {
        for bad in [0, 1, u64::MAX, u64::MAX - 4_095, 1 << 63] {
            assert_eq!(
                read_string(me(), bad, MAX_PATH_BYTES),
                Err(ReadError::Invalid),
                "{bad:#x}"
            );
        }
        assert_eq!(
            read_string(u32::MAX >> 1, 4_096, MAX_PATH_BYTES),
            Err(ReadError::Denied)
        );
    }

    #[test]
    fn command_lines_are_read_within_their_limits() {
        let words = ["a\0", "", "\0", "b c\0"];
        let vector = [address(words[0]), address(words[2]), address(words[3]), 0];
        assert_eq!(
            read_arguments(me(), address(&vector)),
            Ok(vec!["a".to_owned(), String::new(), "b c".to_owned()])
        );
        assert_eq!(read_arguments(me(), 0), Ok(vec![]));

        let long = format!("{}\0", "x".repeat(2 * MAX_COMMAND_LINE_BYTES));
        let vector = [address(words[0]), address(long.as_str()), address(words[0]), 0];
        let read = read_arguments(me(), address(&vector)).expect("readable");
        assert_eq!(read.len(), 2);
        assert!(read[1].ends_with("x…") && read[1].len() < MAX_COMMAND_LINE_BYTES + 4);

        let many = [address(words[0]); 2 * MAX_ARGUMENTS];
        assert_eq!(
            read_arguments(me(), address(&many)).map(|read| read.len()),
            Ok(MAX_ARGUMENTS)
        );
    }
}
