//! Dynamic loader of an executable, by its program headers (`elf(5)`).

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Bytes at the start of a file in which its program headers are looked for.
const MAX_BYTES: u64 = 16 * 1024;
const PT_INTERP: u32 = 3;

/// Linking of an executable, as far as it decides what a preloaded library sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linking {
    /// No loader, so that no library is loaded into it.
    Static,
    /// A loader beside the C library.
    Glibc,
    /// Another loader, as musl's, which is the C library.
    Other,
}

/// Returns the linking of an executable; `None` for what is no 64-bit little-endian ELF file, or cannot be read.
pub(super) fn linking(file: &Path) -> Option<Linking> {
    let metadata = std::fs::metadata(file).ok()?;
    if !metadata.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    interpreter(&bytes).map(|name| match name {
        None => Linking::Static,
        Some(name) if name.windows(GLIBC.len()).any(|part| part == GLIBC) => Linking::Glibc,
        Some(_) => Linking::Other,
    })
}

/// Part of the name of glibc's loader on each architecture that is watched.
const GLIBC: &[u8] = b"/ld-linux";

/// Returns the name of the loader in `PT_INTERP`; `Some(None)` where there is none.
fn interpreter(bytes: &[u8]) -> Option<Option<&[u8]>> {
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let word = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| usize::try_from(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?)).ok();
    let start = long(32)?;
    let (size, count) = (usize::from(word(54)?), usize::from(word(56)?));
    for index in 0..count {
        let at = start.checked_add(index.checked_mul(size)?)?;
        let kind = bytes.get(at..at.checked_add(4)?)?;
        if u32::from_le_bytes(kind.try_into().ok()?) == PT_INTERP {
            let (place, length) = (long(at.checked_add(8)?)?, long(at.checked_add(32)?)?);
            return Some(Some(bytes.get(place..place.checked_add(length)?)?));
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dynamic_program_has_an_interpreter_and_a_text_is_no_program() {
        assert_ne!(linking(&std::env::current_exe().unwrap()), Some(Linking::Static));
        assert_eq!(linking(Path::new("/etc/hosts")), None);
        assert_eq!(interpreter(b"\x7fELF\x02\x01"), None, "cut short");
    }
}
