//! Digest of a page's inputs: sources, settings, dependencies and tools.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    digest::{self, Digest},
    paths::Paths,
    target_lock,
};

/// The packages that Trunk builds: the page, and its Worker.
const PACKAGES: [&str; 2] = ["mirrord-ui-app", "mirrord-what-if"];

/// The digest of everything that decides the page's bytes.
pub(super) fn digest(paths: &Paths, versions: &str) -> Result<String> {
    let mut digest = Digest::new();
    digest.add(versions.as_bytes());
    for path in inputs(paths)? {
        digest
            .add_files(&paths.root, &path)
            .with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(digest.name())
}

/// A line for each source file of the page, with the digest of its bytes: the server's build script compares them
/// (`crates/ui-server/build.rs`).
pub(super) fn sources(paths: &Paths) -> Result<String> {
    let mut lines = String::new();
    for path in inputs(paths)? {
        let mut files = Vec::new();
        digest::collect(&paths.root.join(&path), &mut files).with_context(|| path.display().to_string())?;
        files.sort();
        for file in files {
            let mut digest = Digest::new();
            digest.add(&fs::read(&file)?);
            let name = file
                .strip_prefix(&paths.root)
                .unwrap_or(&file)
                .to_string_lossy()
                .replace('\\', "/");
            lines.push_str(&format!("{} {name}\n", digest.name()));
        }
    }
    Ok(lines)
}

/// Files and folders that the page is made from.
fn inputs(paths: &Paths) -> Result<BTreeSet<PathBuf>> {
    let metadata = target_lock::metadata(paths)?;
    let mut inputs = package_folders(&metadata, &paths.root).context("the page's packages")?;
    for file in [
        ".cargo/config.toml",
        "Trunk.toml",
        "index.html",
        "Cargo.toml",
        "Cargo.lock",
        // What makes the page of Trunk's files.
        "xtask/src/page",
    ] {
        inputs.insert(file.into());
    }
    let html = fs::read_to_string(paths.root.join("index.html")).context("cannot read index.html")?;
    inputs.extend(
        linked(&html)
            .map(PathBuf::from)
            .filter(|path| paths.root.join(path).exists()),
    );
    Ok(inputs)
}

/// The folders of the page's packages and of all the workspace's packages that it is built with.
fn package_folders(metadata: &Value, root: &Path) -> Option<BTreeSet<PathBuf>> {
    let packages = metadata["packages"].as_array()?;
    let mut folders = BTreeSet::new();
    let mut names = PACKAGES.to_vec();
    while let Some(name) = names.pop() {
        let package = packages.iter().find(|package| package["name"] == name)?;
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
        if folders.insert(folder.strip_prefix(root).unwrap_or(folder).to_path_buf()) {
            let dependencies = package["dependencies"].as_array()?.iter();
            let built_with = dependencies.filter(|one| one["kind"] != "dev" && !one["path"].is_null());
            names.extend(built_with.filter_map(|one| one["name"].as_str()));
        }
    }
    Some(folders)
}

/// Files that index.html links to.
fn linked(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_dependencies_are_followed_and_test_ones_are_not() {
        let metadata = serde_json::json!({"packages": [
            {"name": PACKAGES[1], "manifest_path": "/c/crates/what-if/Cargo.toml", "dependencies": []},
            {"name": PACKAGES[0], "manifest_path": "/c/crates/ui-app/Cargo.toml", "dependencies": [
                {"name": "wire", "kind": null, "path": "/c/crates/wire"},
                {"name": "other", "kind": "dev", "path": "/c/crates/other"},
                {"name": "serde", "kind": null}]},
            {"name": "wire", "manifest_path": "/c/crates/wire/Cargo.toml", "dependencies": []},
            {"name": "other", "manifest_path": "/c/crates/other/Cargo.toml", "dependencies": []}]});
        let folders = package_folders(&metadata, Path::new("/c")).unwrap();
        assert_eq!(
            folders,
            BTreeSet::from(["crates/ui-app".into(), "crates/what-if".into(), "crates/wire".into()])
        );
    }

    #[test]
    fn links_are_found() {
        let html = r#"<link href="style.css"><a href="/x">"#;
        assert_eq!(linked(html).collect::<Vec<_>>(), ["style.css", "/x"]);
    }
}
