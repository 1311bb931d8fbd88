//! The `.br` and `.gz` beside each file, made once at the best quality, so that the server compresses nothing.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::digest;

/// Extensions of compressible files; pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 9] = ["html", "js", "css", "wasm", "svg", "json", "txt", "webmanifest", "ico"];

/// Brotli's best.
const BROTLI_QUALITY: u32 = 11;
/// Brotli's largest standard window (16 MiB): the whole wasm is in it.
const BROTLI_WINDOW_BITS: u32 = 24;

/// Compresses every compressible file at and below `folder`.
pub(super) fn folder(folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    digest::collect(folder, &mut files)?;
    for file in files.into_iter().filter(|file| is_compressible(file)) {
        let bytes = fs::read(&file)?;
        fs::write(with_suffix(&file, ".br"), brotli(&bytes)?).with_context(|| format!("{}", file.display()))?;
        fs::write(with_suffix(&file, ".gz"), gzip(&bytes)?).with_context(|| format!("{}", file.display()))?;
    }
    Ok(())
}

/// `app.js` and `.br` make `app.js.br`.
pub(crate) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn is_compressible(file: &Path) -> bool {
    file.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| COMPRESSIBLE.contains(&extension))
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, BROTLI_QUALITY, BROTLI_WINDOW_BITS);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn both_forms_give_the_bytes_back() {
        let bytes = b"the same words, the same words, the same words".repeat(20);
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&gzip(&bytes).unwrap()[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, bytes);
        let packed = brotli(&bytes).unwrap();
        assert!(packed.len() < 80);
        unpacked.clear();
        brotli::Decompressor::new(&packed[..], 4096)
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, bytes);
    }

    #[test]
    fn pictures_are_left_alone() {
        assert!(is_compressible(Path::new("a/app.wasm")));
        assert!(!is_compressible(Path::new("a/logo.png")));
        assert!(!is_compressible(Path::new("a/app.js.br")));
    }
}
