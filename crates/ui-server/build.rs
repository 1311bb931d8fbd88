//! Names the folder of the page that the server embeds: that of `MIRRORD_UI_DIST`, or, without it, one with a page that says
//! how to build the real one. Compiles the texts of the pages before sign-in.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use mirrord_catalogues::{Language, compile};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=MIRRORD_UI_DIST");
    println!("cargo:rerun-if-changed=placeholder.html");
    let folder = match env::var_os("MIRRORD_UI_DIST").filter(|value| !value.is_empty()) {
        Some(folder) => built(PathBuf::from(folder))?,
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
