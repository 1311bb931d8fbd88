//! Compiles English into the page, and names the catalogues of the other languages: `de-1f2e3d4c…`, the tag and a hash of
//! the compiled content. The page requests a catalogue under its hash, so that a browser may cache it for ever.

use std::error::Error;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::{env, fs, path::Path};

use mirrord_catalogues::{
    Language,
    compile::{Catalogue, folder},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder().display());
    let english = Catalogue::read(Language::En, "page")?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("keys.rs"), english.rust_keys())?;
    let mut names = Vec::new();
    for language in Language::TRANSLATED {
        let mut hasher = DefaultHasher::new();
        Catalogue::read(language, "page")?.lines(&english).hash(&mut hasher);
        names.push(format!("{}-{:016x}", language.tag(), hasher.finish()));
    }
    println!("cargo::rustc-env=CATALOGUES={}", names.join(" "));
    Ok(())
}
