//! Test of an executable for a dynamic loader, by its program headers (`elf(5)`).

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Bytes at the start of a file in which its program headers are looked for.
const MAX_BYTES: u64 = 16 * 1024;
const PT_INTERP: u32 = 3;

/// Reports an executable without `PT_INTERP`; `None` for what is no 64-bit little-endian ELF file, or cannot be read.
pub(super) fn is_static(file: &Path) -> Option<bool> {
    let metadata = std::fs::metadata(file).ok()?;
    if !metadata.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    has_interpreter(&bytes).map(|has| !has)
}

fn has_interpreter(bytes: &[u8]) -> Option<bool> {
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let word = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let start = usize::try_from(u64::from_le_bytes(bytes.get(32..40)?.try_into().ok()?)).ok()?;
    let (size, count) = (usize::from(word(54)?), usize::from(word(56)?));
    for index in 0..count {
        let at = start.checked_add(index.checked_mul(size)?)?;
        let kind = bytes.get(at..at.checked_add(4)?)?;
        if u32::from_le_bytes(kind.try_into().ok()?) == PT_INTERP {
            return Some(true);
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dynamic_program_has_an_interpreter_and_a_text_is_no_program() {
        assert_eq!(is_static(&std::env::current_exe().unwrap()), Some(false));
        assert_eq!(is_static(Path::new("/etc/hosts")), None);
        assert_eq!(has_interpreter(b"\x7fELF\x02\x01"), None, "cut short");
    }
}
