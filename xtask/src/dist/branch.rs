//! Release branch: the checkout's commit and, on top of it, the page's built files, so that `cargo install --git` needs
//! neither Trunk nor wasm.
//!
//! The commit is made with a temporary index: neither the work tree nor the current branch changes. The server's build
//! script refuses a page that is older than its sources.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use super::release::git;
use crate::{page, paths::Paths, process, setup};

/// Name of the branch.
const BRANCH: &str = "release";
/// Folder of the branch in which the server's build script looks for the page.
const FOLDER: &str = "crates/ui-server";
/// Folder of the page in it.
const PAGE: &str = "page";
/// File in it that names the page's sources, each with its digest.
const SOURCES: &str = "page.sources";

/// Makes or moves the branch.
pub(super) fn make(paths: &Paths) -> Result<()> {
    ensure!(
        git(paths, &["status", "--porcelain"])?.is_empty(),
        "the checkout has changes that are not committed: the branch is made from a commit"
    );
    let tools = setup::page_tools(paths)?;
    let page = page::build(paths, &tools)?;
    let stage = paths.root.join("target").join("dist-branch");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    copy_tree(&page, &stage.join(PAGE))?;
    fs::write(stage.join(SOURCES), page::sources(paths)?)?;
    let index = stage.with_extension("index");
    let staged = |args: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&paths.root).args(args).env("GIT_INDEX_FILE", &index);
        process::output(&mut git)
    };
    staged(&["read-tree", "HEAD"])?;
    let mut files = Vec::new();
    crate::digest::collect(&stage, &mut files)?;
    files.sort();
    for file in files {
        let hash = git(paths, &["hash-object", "-w", &file.to_string_lossy()])?;
        let name = file
            .strip_prefix(&stage)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        let entry = format!("100644,{},{FOLDER}/{name}", hash.trim());
        staged(&["update-index", "--add", "--cacheinfo", &entry])?;
    }
    let tree = staged(&["write-tree"])?;
    let head = git(paths, &["rev-parse", "HEAD"])?;
    let message = "Add the page's built files for cargo install";
    let commit = git(paths, &["commit-tree", tree.trim(), "-p", head.trim(), "-m", message])?;
    git(paths, &["branch", "--force", BRANCH, commit.trim()])?;
    fs::remove_file(&index).context("the temporary index")?;
    fs::remove_dir_all(&stage)?;
    eprintln!(
        "dist: branch {BRANCH} is at {}: cargo install --git URL --branch {BRANCH} mirrord",
        commit.trim()
    );
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
