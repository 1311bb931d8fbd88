//! `dist`: the files of a release, in `target/dist`: an archive for each target, a Debian package, and SHA-256 sums.
//!
//! Invariant: two runs on one commit in one checkout give the same bytes. Times are the commit's, entries are sorted and
//! belong to root, paths of this machine are remapped; what decides the page's bytes is in its digest. Deliberately absent:
//! signing and uploading, which `.github/workflows/release.yml` does.

mod archive;
mod branch;
mod dependencies;
mod licences;
mod package;
mod release;
mod sbom;
mod target;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use self::{
    dependencies::Dependencies,
    release::{Release, copy_folder, git},
    target::DistTarget,
};
use crate::{
    page,
    paths::Paths,
    process::{self, seconds},
    setup,
};

/// The command.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    if args.iter().any(|arg| arg == "--branch") {
        ensure!(
            args.len() == 1,
            "`--branch` makes the release branch, and takes nothing beside it"
        );
        return branch::make(paths);
    }
    let targets = chosen(args)?;
    let release = Release::of(paths)?;
    if !git(paths, &["status", "--porcelain"])?.is_empty() {
        eprintln!("dist: the checkout has changes that are not committed: these files are of no commit");
    }
    let out = paths.root.join("target").join("dist");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let tools = setup::page_tools(paths)?;
    let page = page::build(paths, &tools)?;
    let mut files = Vec::new();
    let mut documents = None;
    for target in targets {
        let started = std::time::Instant::now();
        let binary = target.build(paths, &page)?;
        if documents.is_none() {
            documents = Some(documents_of(paths, &binary, &out.join("documents"))?);
        }
        let documents = documents.as_deref().context("no documents")?;
        let dependencies = Dependencies::of(paths, target.triple)?;
        let tree = Tree {
            root: out.join(release.name(target.triple)),
            release: &release,
        };
        tree.fill(paths, target, &binary, documents, &dependencies)?;
        files.push(archive::write(&tree.root, target, release.time)?);
        if let Some(architecture) = target.debian {
            // For the Dockerfile, which names its platforms as Debian does.
            let image = out.join("docker").join(architecture);
            fs::create_dir_all(&image)?;
            fs::copy(&binary, image.join("mirrord"))?;
            files.push(package::write(paths, &tree.root, &release, architecture)?);
        }
        fs::remove_dir_all(&tree.root)?;
        eprintln!("dist: {} [{}]", target.triple, seconds(started.elapsed()));
    }
    fs::remove_dir_all(out.join("documents"))?;
    files.push(archive::write_sums(&out, &files)?);
    for file in files {
        eprintln!("dist: {}", file.display());
    }
    Ok(())
}

fn chosen(args: &[String]) -> Result<Vec<&'static DistTarget>> {
    if args.is_empty() {
        return Ok(target::ALL.iter().collect());
    }
    let find = |arg: &String| target::ALL.iter().find(|target| target.triple == arg);
    let known: Vec<_> = target::ALL.iter().map(|target| target.triple).collect();
    let chosen: Result<Vec<_>> = args
        .iter()
        .map(|arg| find(arg).with_context(|| format!("no target `{arg}`: {}, or --branch", known.join(", "))))
        .collect();
    let mut chosen = chosen?;
    // Before minutes of building: the first one is asked for what goes with all of them.
    chosen.sort_by_key(|target| !target.runs_here());
    ensure!(
        chosen[0].runs_here(),
        "completions and manual pages are written by the program itself: name a target that runs on this machine, too"
    );
    Ok(chosen)
}

/// Completions and manual pages, which a built program writes itself: the first one runs on this machine.
fn documents_of(paths: &Paths, binary: &Path, folder: &Path) -> Result<PathBuf> {
    let completions = folder.join("completions");
    fs::create_dir_all(&completions)?;
    for (shell, name) in [
        ("bash", "mirrord.bash"),
        ("zsh", "_mirrord"),
        ("fish", "mirrord.fish"),
        ("powershell", "_mirrord.ps1"),
    ] {
        let text = process::output(paths.command(binary).args(["completions", shell]))?;
        fs::write(completions.join(name), format!("{text}\n"))?;
    }
    process::output(paths.command(binary).arg("man").arg(folder.join("man")))?;
    Ok(folder.to_path_buf())
}

/// Folder that becomes an archive.
struct Tree<'a> {
    root: PathBuf,
    release: &'a Release,
}

impl Tree<'_> {
    fn fill(
        &self,
        paths: &Paths,
        target: &DistTarget,
        binary: &Path,
        documents: &Path,
        dependencies: &Dependencies,
    ) -> Result<()> {
        fs::create_dir_all(&self.root)?;
        fs::copy(binary, self.root.join(target.program()))?;
        for name in ["README.md", "LICENSE", "CHANGELOG.md"] {
            fs::copy(paths.root.join(name), self.root.join(name))?;
        }
        for name in ["completions", "man"] {
            copy_folder(&documents.join(name), &self.root.join(name))?;
        }
        let licences = licences::text(dependencies)?;
        fs::write(self.root.join("THIRD-PARTY-LICENSES.txt"), licences)?;
        let sbom = sbom::document(dependencies, self.release)?;
        fs::write(self.root.join("sbom.cdx.json"), sbom)?;
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux", target_arch = "x86_64"))]
mod tests {
    use super::*;

    fn triples(args: &[&str]) -> Result<Vec<&'static str>> {
        let args: Vec<_> = args.iter().map(|arg| (*arg).to_owned()).collect();
        Ok(chosen(&args)?.iter().map(|target| target.triple).collect())
    }

    #[test]
    fn one_that_runs_here_is_built_first_and_is_needed() {
        let (here, windows) = ("x86_64-unknown-linux-musl", "x86_64-pc-windows-gnu");
        assert_eq!(triples(&[windows, here]).unwrap(), [here, windows]);
        assert_eq!(triples(&[]).unwrap()[0], here);
        assert!(triples(&[windows]).is_err() && triples(&["nope"]).is_err());
    }
}
