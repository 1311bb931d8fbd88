//! Says where the page is that the server embeds: the folder that `MIRRORD_UI_DIST` names, or, where none is named, a
//! page that says how to build the real one. It builds nothing itself.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=MIRRORD_UI_DIST");
    println!("cargo:rerun-if-changed=placeholder.html");
    let folder = match env::var_os("MIRRORD_UI_DIST").filter(|value| !value.is_empty()) {
        Some(folder) => built(PathBuf::from(folder))?,
        None => placeholder()?,
    };
    println!("cargo:rustc-env=MIRRORD_UI_EMBEDDED={}", folder.display());
    Ok(())
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
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let folder = PathBuf::from(out).join("page");
    fs::create_dir_all(&folder)?;
    fs::copy("placeholder.html", folder.join("index.html"))?;
    Ok(folder)
}
