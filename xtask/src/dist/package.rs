//! Debian package, by `dpkg-deb`: Debian's own tool, which is on every machine that makes one.
//!
//! `cargo deb` writes the same without it; it takes minutes to build, and here everything is laid out already.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::release::{Release, copy_folder};
use crate::{paths::Paths, process};

/// Packs an archive's folder as a package, and returns its path.
pub(super) fn write(paths: &Paths, tree: &Path, release: &Release, architecture: &str) -> Result<PathBuf> {
    let out = tree.parent().context("a tree has a parent")?;
    let root = out.join(format!("deb-{architecture}"));
    lay_out(tree, &root)?;
    fs::create_dir_all(root.join("DEBIAN"))?;
    fs::write(root.join("DEBIAN/control"), control(release, architecture))?;
    let path = out.join(format!("mirrord_{}_{architecture}.deb", release.version));
    let mut dpkg = Command::new("dpkg-deb");
    dpkg.current_dir(&paths.root)
        .args(["--root-owner-group", "-Zxz", "--build"])
        .args([&root, &path])
        // Times later than this are written as this.
        .env("SOURCE_DATE_EPOCH", release.time.to_string());
    process::output(&mut dpkg).context("dpkg-deb; the Debian package can be made on Debian and its like alone")?;
    fs::remove_dir_all(&root)?;
    Ok(path)
}

/// Places of an installed package (Filesystem Hierarchy Standard).
fn lay_out(tree: &Path, root: &Path) -> Result<()> {
    let (bin, doc) = (root.join("usr/bin"), root.join("usr/share/doc/mirrord"));
    for folder in [&bin, &doc] {
        fs::create_dir_all(folder)?;
    }
    fs::copy(tree.join("mirrord"), bin.join("mirrord"))?;
    fs::copy(tree.join("LICENSE"), doc.join("copyright"))?;
    for name in ["README.md", "CHANGELOG.md", "THIRD-PARTY-LICENSES.txt", "sbom.cdx.json"] {
        fs::copy(tree.join(name), doc.join(name))?;
    }
    copy_folder(&tree.join("man"), &root.join("usr/share/man/man1"))?;
    for (name, folder, installed) in [
        ("mirrord.bash", "usr/share/bash-completion/completions", "mirrord"),
        ("_mirrord", "usr/share/zsh/vendor-completions", "_mirrord"),
        ("mirrord.fish", "usr/share/fish/vendor_completions.d", "mirrord.fish"),
    ] {
        let folder = root.join(folder);
        fs::create_dir_all(&folder)?;
        fs::copy(tree.join("completions").join(name), folder.join(installed))?;
    }
    Ok(())
}

/// The program is static: it depends on nothing. A released mirrord has the same program in `/usr/local/bin`, and no
/// package.
fn control(release: &Release, architecture: &str) -> String {
    format!(
        "Package: mirrord\nVersion: {}\nArchitecture: {architecture}\nMaintainer: mirrord session monitor\n\
         Section: devel\nPriority: optional\nDescription: see what a program reads, where it connects, what it looks up\n \
         Watches a program or shows mirrord sessions, in a page, an API and a socket.\n",
        release.version
    )
}
