//! A sysroot for a target, built from the standard library's sources.
//!
//! For machines that reach a distribution's archive but not rustup's. The sources are the toolchain's own, and otherwise
//! come from Debian's `rust-src` of the same version.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{apt_source, install::install_aside, rust_target::RustTarget, rustc::rustc};
use crate::{paths::Paths, process};

/// Changed with how the sysroot is built, so that an older one is not used.
pub(super) const RECIPE: &str = "2";

/// Builds the sysroot at `place`, and returns the origin of the sources.
pub(super) fn build(target: &RustTarget, paths: &Paths, rustc_version: &str, place: &Path) -> Result<String> {
    let mut origin = String::new();
    install_aside(place, |aside| {
        let work = aside.join("work");
        let library;
        (library, origin) = sources(paths, rustc_version, &work)?;
        let built = compile(target, paths, rustc_version, &library, &work)?;
        let libraries = target.library_folder(aside);
        fs::create_dir_all(&libraries)?;
        let mut count = 0;
        for file in fs::read_dir(&built)?.collect::<io::Result<Vec<_>>>()? {
            let path = file.path();
            let is_ours = file.file_name().to_string_lossy().starts_with("libnothing-");
            if path.extension() == Some(OsStr::new("rlib")) && !is_ours {
                fs::copy(&path, libraries.join(file.file_name()))?;
                count += 1;
            }
        }
        if count == 0 {
            bail!("the build left no libraries in {}", built.display());
        }
        fs::remove_dir_all(&work).context("cannot remove the sources")
    })?;
    Ok(origin)
}

/// The `library` folder of the compiler's version, and its origin.
fn sources(paths: &Paths, rustc_version: &str, work: &Path) -> Result<(PathBuf, String)> {
    let toolchain = PathBuf::from(process::output(paths.command(rustc()).args(["--print", "sysroot"]))?);
    let own = toolchain.join("lib/rustlib/src/rust/library");
    if own.join("std").is_dir() {
        return Ok((own, "the toolchain's rust-src".to_owned()));
    }
    let release = field(rustc_version, "release: ").context("rustc does not name its release")?;
    apt_source::fetch(paths, release, work)
}

/// Value of the line `name` in the output of `rustc -vV`.
fn field<'a>(rustc_version: &'a str, name: &str) -> Option<&'a str> {
    rustc_version.lines().find_map(|line| line.strip_prefix(name))
}

/// Builds std for the target as a dependency of an empty crate, and returns the folder with the libraries.
fn compile(target: &RustTarget, paths: &Paths, rustc_version: &str, library: &Path, work: &Path) -> Result<PathBuf> {
    let krate = work.join("nothing");
    fs::create_dir_all(krate.join("src"))?;
    // A workspace of its own: the cache may lie below somebody else's.
    let manifest = "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(krate.join("Cargo.toml"), manifest)?;
    fs::write(krate.join("src/lib.rs"), "")?;
    let output = work.join("target");
    let mut cargo = paths.cargo();
    cargo
        .current_dir(&krate)
        .args(["build", "--release", "--target", target.triple]);
    cargo.arg(format!("-Zbuild-std={}", target.crates));
    // The stable compiler may build its own standard library; and cargo looks for the sources in the toolchain,
    // which is not ours to write to, unless it is told of another place.
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
    cargo.env("CARGO_TARGET_DIR", &output);
    // As in the toolchain's own library: panics carry their file's path into the page, and the page's link-time
    // optimisation needs the bitcode, which cargo leaves out of what is not linked here.
    let commit = field(rustc_version, "commit-hash: ").unwrap_or("unknown");
    let remap = format!("--remap-path-prefix={}=/rustc/{commit}/library", library.display());
    let flags = [remap.as_str(), "-Cembed-bitcode=yes"];
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    process::run_logged("building the standard library", &paths.log(target.sysroot), &mut cargo)?;
    Ok(output.join(target.triple).join("release").join("deps"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_from_the_long_version() {
        assert_eq!(
            field("rustc 1.95.0 (x)\nbinary: rustc\nrelease: 1.95.0\n", "release: "),
            Some("1.95.0")
        );
        assert_eq!(field("something else", "release: "), None);
    }
}
