//! Names the folder of the page that the server embeds: that of `MIRRORD_UI_DIST`; or the one in the tree, which a release
//! branch has; or, in a build for development, one with a page that says how to build the real one. A release build without
//! a page fails, so that no install gives a program that would serve none. Compiles the texts of the pages before sign-in.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use mirrord_catalogues::{Language, compile};

/// Folder of the page in a release branch, made by `cargo xtask dist --branch`.
const IN_TREE: &str = "page";
/// File with a line for each source of that page: its digest, and its path in the checkout.
const SOURCES: &str = "page.sources";
const WITHOUT_PAGE: &str = "this would be a program without its page. In a checkout, `cargo xtask build --release` makes both; \
                            `cargo install` takes the branch `release`, which has the page's files: \
                            `cargo install --git URL --branch release mirrord`";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=MIRRORD_UI_DIST");
    println!("cargo:rerun-if-changed=placeholder.html");
    let folder = match env::var_os("MIRRORD_UI_DIST").filter(|value| !value.is_empty()) {
        Some(folder) => Some(built(PathBuf::from(folder))?),
        None => in_tree()?,
    };
    println!("cargo:rustc-env=MIRRORD_UI_BUILT={}", folder.is_some());
    let folder = match folder {
        Some(folder) => folder,
        None if env::var_os("PROFILE").is_some_and(|profile| profile == "release") => {
            return Err(io::Error::other(WITHOUT_PAGE));
        }
        None => placeholder()?,
    };
    println!("cargo:rustc-env=MIRRORD_UI_EMBEDDED={}", folder.display());
    fs::write(
        out_dir()?.join("sign_in_texts.rs"),
        sign_in_texts().map_err(io::Error::other)?,
    )
}

/// Returns Rust source: for each language the texts of `sign-in.ftl`, each behind its id in braces.
fn sign_in_texts() -> Result<String, compile::Error> {
    println!("cargo:rerun-if-changed={}", compile::folder().display());
    let english = compile::Catalogue::read(Language::En, "sign-in")?;
    let mut source = "[\n".to_owned();
    for language in Language::ALL {
        let own = compile::Catalogue::read(language, "sign-in")?;
        let texts: Vec<_> = own
            .texts(&english)
            .map(|(id, text)| (format!("{{{id}}}"), text))
            .collect();
        source.push_str(&format!("&{texts:?},\n"));
    }
    source.push(']');
    Ok(source)
}

fn out_dir() -> io::Result<PathBuf> {
    env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| io::Error::other("OUT_DIR is not set"))
}

/// The page in the tree, where there is one: it has to be of these very sources.
fn in_tree() -> io::Result<Option<PathBuf>> {
    let folder = env::current_dir()?.join(IN_TREE);
    if !folder.join("index.html").is_file() {
        return Ok(None);
    }
    let root = env::current_dir()?.join("../..");
    let sources = fs::read_to_string(SOURCES);
    let sources = sources.map_err(|error| io::Error::new(error.kind(), format!("{SOURCES} of the page: {error}")))?;
    for line in sources.lines() {
        let (digest, name) = line.split_once(' ').unwrap_or_default();
        let source = root.join(name);
        println!("cargo:rerun-if-changed={}", source.display());
        if fs::read(&source).is_ok_and(|bytes| digest_of(&bytes) == digest) {
            continue;
        }
        let folder = folder.display();
        return Err(io::Error::other(format!(
            "the page in {folder} is of other sources: {name} has changed. `cargo xtask build --release` builds both anew"
        )));
    }
    built(folder).map(Some)
}

/// FNV-1a with 128 bits of a length and bytes, as `xtask/src/digest.rs` has it.
fn digest_of(bytes: &[u8]) -> String {
    let length = (bytes.len() as u64).to_le_bytes();
    let mut digest: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for byte in length.iter().chain(bytes) {
        digest = (digest ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    format!("{:016x}", (digest >> 64) as u64 ^ digest as u64)
}

fn built(folder: PathBuf) -> io::Result<PathBuf> {
    let index = folder.join("index.html");
    if !folder.is_absolute() || !index.is_file() {
        let text = format!(
            "MIRRORD_UI_DIST is {}: it must be an absolute path of a folder with an index.html",
            folder.display()
        );
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    }
    watch(&folder)?;
    Ok(folder)
}

/// Cargo looks at a folder's own time only, which a file changed in place leaves alone.
fn watch(folder: &Path) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            watch(&path)?;
        } else {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    Ok(())
}

fn placeholder() -> io::Result<PathBuf> {
    let folder = out_dir()?.join("page");
    fs::create_dir_all(&folder)?;
    fs::copy("placeholder.html", folder.join("index.html"))?;
    Ok(folder)
}
