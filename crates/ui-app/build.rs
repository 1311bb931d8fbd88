//! Names the catalogues of `locales/` for the page: `de-1f2e3d4c…`, the tag and a hash of the content. The page asks for a
//! catalogue under its hash, so that a browser may keep it for ever.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::{env, fs, path::Path};

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=locales");
    let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("locales");
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let mut hasher = DefaultHasher::new();
        fs::read(&path)?.hash(&mut hasher);
        let tag = path.file_stem().unwrap_or_default().to_string_lossy();
        names.push(format!("{tag}-{:016x}", hasher.finish()));
    }
    names.sort();
    println!("cargo::rustc-env=CATALOGUES={}", names.join(" "));
    Ok(())
}
