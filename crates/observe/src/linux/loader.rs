//! Place of the dynamic loader (`ld.so(8)`) in the memory of a process: a call from there is the loader's own, and no library
//! that it loads, such as a layer, can see it.
//!
//! Read while the process is stopped in a call, from its auxiliary vector (`getauxval(3)`) and the loader's program headers
//! (`elf(5)`) in its memory, once after each exec.

use std::ops::Range;

use super::{memory, procfs};

/// Program headers of a loader that are looked at; glibc's has eight.
const MAX_HEADERS: usize = 32;
/// Size of a program header of a 64-bit file.
const HEADER_BYTES: usize = 56;
const PT_LOAD: u32 = 1;

/// Returns the addresses of the loader of a thread's process; `None` where it has none, or it cannot be read.
pub(crate) fn addresses(tid: u32) -> Option<Range<u64>> {
    let base = procfs::loader_base(tid).filter(|base| *base != 0)?;
    let mut header = [0; 64];
    memory::read_exact(tid, base, &mut header).ok()?;
    let (place, count) = program_headers(&header)?;
    let mut headers = vec![0; count * HEADER_BYTES];
    memory::read_exact(tid, base.checked_add(place)?, &mut headers).ok()?;
    Some(base..base.checked_add(length(&headers)?)?)
}

/// Returns the place of the program headers in the file, and their number.
fn program_headers(header: &[u8; 64]) -> Option<(u64, usize)> {
    let is_known = header.starts_with(b"\x7fELF\x02\x01") && half(header, 54)? == HEADER_BYTES;
    let count = half(header, 56)?;
    (is_known && (1..=MAX_HEADERS).contains(&count)).then_some((word(header, 32)?, count))
}

/// Returns the end of the last loaded segment, from the base on.
fn length(headers: &[u8]) -> Option<u64> {
    let loaded = |header: &[u8]| {
        let kind = u32::from_le_bytes(header.get(..4)?.try_into().ok()?);
        (kind == PT_LOAD).then_some(())?;
        word(header, 16)?.checked_add(word(header, 40)?)
    };
    headers.chunks_exact(HEADER_BYTES).filter_map(loaded).max()
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?).into())
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_of_this_program_is_where_its_map_has_it() {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let of_loader: Vec<&str> = maps.lines().filter(|line| line.contains("/ld-")).collect();
        let found = addresses(std::process::id());
        let Some(first) = of_loader.first() else {
            return assert_eq!(found, None, "a static program has none");
        };
        let start = u64::from_str_radix(first.split('-').next().unwrap(), 16).unwrap();
        let last = of_loader[of_loader.len() - 1].split(['-', ' ']).nth(1).unwrap();
        let end = u64::from_str_radix(last, 16).unwrap();
        let found = found.unwrap();
        assert_eq!(found.start, start);
        assert!(
            found.end <= end && end - found.end < 0x1000,
            "{found:x?} ends at {end:x}"
        );
    }

    #[test]
    fn what_is_no_file_of_64_bits_has_no_headers() {
        let mut header = [0; 64];
        assert_eq!(program_headers(&header), None);
        header[..6].copy_from_slice(b"\x7fELF\x02\x01");
        header[54..56].copy_from_slice(&56_u16.to_le_bytes());
        header[56..58].copy_from_slice(&2_u16.to_le_bytes());
        header[32] = 64;
        assert_eq!(program_headers(&header), Some((64, 2)));
        header[56..58].copy_from_slice(&999_u16.to_le_bytes());
        assert_eq!(program_headers(&header), None);
        assert_eq!(length(&[0; HEADER_BYTES]), None);
    }
}
