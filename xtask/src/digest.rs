//! A short name for what something was made from: the same name means that nothing needs to be made again.
//!
//! FNV-1a with 128 bits: its result is the same on every machine and with every compiler. It need not be a cryptographic
//! hash: a collision harms only the cache of the person who made it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// A digest under way.
#[derive(Debug, Clone)]
pub(crate) struct Digest(u128);

impl Digest {
    /// Of nothing yet.
    pub(crate) fn new() -> Self {
        Self(OFFSET_BASIS)
    }

    /// Adds one item; its length is a part of it, so that `ab`, `c` and `a`, `bc` differ.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }

    /// Adds the path, relative to `root`, and the bytes of a file, or of all files of a folder.
    pub(crate) fn add_files(&mut self, root: &Path, path: &Path) -> io::Result<()> {
        let mut files = Vec::new();
        collect(&root.join(path), &mut files)?;
        files.sort();
        for file in files {
            self.add(
                file.strip_prefix(root)
                    .unwrap_or(&file)
                    .to_string_lossy()
                    .replace('\\', "/")
                    .as_bytes(),
            );
            self.add(&fs::read(&file)?);
        }
        Ok(())
    }

    /// Sixteen hexadecimal digits.
    pub(crate) fn name(&self) -> String {
        format!("{:016x}", (self.0 >> 64) as u64 ^ self.0 as u64)
    }
}

/// The files at and below `path`, without what no build reads.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if !matches!(entry.file_name().to_str(), Some("target" | "node_modules" | ".git")) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(items: &[&str]) -> String {
        let mut digest = Digest::new();
        items.iter().for_each(|item| digest.add(item.as_bytes()));
        digest.name()
    }

    #[test]
    fn where_one_item_ends_is_a_part_of_the_digest() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_eq!(of(&["x"]).len(), 16);
    }

    #[test]
    fn a_renamed_file_and_a_changed_file_both_change_it() {
        let root = std::env::temp_dir().join(format!("xtask-digest-{}", std::process::id()));
        fs::create_dir_all(root.join("a")).unwrap();
        let digest = || {
            let mut digest = Digest::new();
            digest.add_files(&root, Path::new("a")).unwrap();
            digest.name()
        };
        fs::write(root.join("a/one"), "1").unwrap();
        let first = digest();
        fs::write(root.join("a/one"), "2").unwrap();
        let changed = digest();
        fs::rename(root.join("a/one"), root.join("a/two")).unwrap();
        let renamed = digest();
        assert!(first != changed && changed != renamed);
        fs::remove_dir_all(root).unwrap();
    }
}
