//! The standard library for `wasm32-unknown-unknown`: the toolchain's own, or rustup's, or one built from source.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{Found, rustc, sysroot};
use crate::{
    digest::Digest,
    places::Places,
    process::{self, seconds},
};

pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// A slow line brings the 20 MB in this time, and a network that swallows packets is given up on.
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(90);

/// What was found, and the folder for `--sysroot` where the toolchain itself lacks the target.
pub(super) fn find_or_install(places: &Places, rustc_version: &str) -> Result<(Found, Option<PathBuf>)> {
    if toolchain_has_it(places)? {
        return Ok((found("in the toolchain".to_owned()), None));
    }
    let mut key = Digest::new();
    key.add(rustc_version.as_bytes());
    key.add(sysroot::RECIPE.as_bytes());
    let place = places.cache.join("wasm-sysroot").join(key.name());
    if is_complete(&library_folder(&place)) {
        return Ok((found("built from source (cached)".to_owned()), Some(place)));
    }
    let no_rustup = match with_rustup(places) {
        Ok(()) if toolchain_has_it(places)? => return Ok((found("added by rustup".to_owned()), None)),
        Ok(()) => "it says that it added the target, and the compiler does not see it".to_owned(),
        Err(error) => process::reason(&error),
    };
    eprintln!("  rustup cannot add the target: {}", no_rustup);
    eprintln!("  building the target's standard library from its sources");
    let origin = sysroot::build(places, rustc_version, &place).with_context(|| {
        format!(
            "no standard library for {TARGET}: rustup could not add it ({no_rustup}), and it could not be built from \
             source. Either let `rustup target add {TARGET}` reach the network, or install your distribution's \
             package of it (Debian: libstd-rust-dev-wasm32), or `rustup component add rust-src`"
        )
    })?;
    Ok((found(format!("built from source ({origin})")), Some(place)))
}

/// Where a sysroot keeps the target's libraries.
pub(super) fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib").join("rustlib").join(TARGET).join("lib")
}

fn found(how: String) -> Found {
    Found { how, folder: None }
}

fn toolchain_has_it(places: &Places) -> Result<bool> {
    let folder = process::output(
        places
            .command(rustc())
            .args(["--print", "target-libdir", "--target", TARGET]),
    )?;
    Ok(is_complete(Path::new(&folder)))
}

/// Whether the folder has a standard library: some distributions ship `core` alone.
fn is_complete(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    let names: Vec<_> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    ["libcore-", "liballoc-", "libstd-"].iter().all(|library| {
        names
            .iter()
            .any(|name| name.starts_with(library) && name.ends_with(".rlib"))
    })
}

fn with_rustup(places: &Places) -> Result<()> {
    if process::version("rustup").is_none() {
        bail!("there is no rustup here");
    }
    eprintln!("  asking rustup for the target (at most {})", seconds(RUSTUP_TIMEOUT));
    let mut command = Command::new("rustup");
    command
        .current_dir(&places.root)
        .args(["target", "add", TARGET])
        .env("RUST_BACKTRACE", "0");
    process::run_logged_within("rustup target add", &places.log("rustup"), RUSTUP_TIMEOUT, &mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sysroot_without_std_is_not_complete() {
        let sysroot = std::env::temp_dir().join(format!("xtask-sysroot-{}", std::process::id()));
        let folder = library_folder(&sysroot);
        assert!(!is_complete(&folder));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libcore-1.rlib"), "").unwrap();
        fs::write(folder.join("liballoc-1.rlib"), "").unwrap();
        assert!(!is_complete(&folder));
        fs::write(folder.join("libstd-1.rlib"), "").unwrap();
        assert!(is_complete(&folder));
        fs::remove_dir_all(sysroot).unwrap();
    }
}
