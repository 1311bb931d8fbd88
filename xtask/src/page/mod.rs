//! The page: Trunk's output, sorted into what the server embeds, once for each state of its sources.
//!
//! A finished page lies in the cache under the digest of everything that it is made from, so another clone of the
//! same sources builds nothing, and the binary's build sees another folder exactly when the page is another one.
//! `index.html` is at the top and everything else in `assets/`, each with its `.br` and `.gz` beside it.

mod compress;
mod inputs;

pub(crate) use compress::with_suffix;

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};

use crate::{
    paths::Paths,
    process::{self, seconds},
    setup::PageTools,
    target_lock::{Target, TargetLock},
};

/// Number of finished pages that are kept, the ones used last.
const PAGES_KEPT: usize = 8;

/// The extension of the file that says when a page was used.
const USED: &str = "used";

/// Variable with the page's folder for the server's build; without it the server has a plain page that names the command.
pub(crate) const VARIABLE: &str = "MIRRORD_UI_DIST";

/// Builds the page where its sources have changed, and returns its folder.
pub(crate) fn build(paths: &Paths, tools: &PageTools) -> Result<PathBuf> {
    let started = Instant::now();
    let held = TargetLock::take(paths, Target::Page)?;
    let digest = inputs::digest(paths, &tools.versions)?;
    let page = paths.cache.join("pages").join(&digest);
    let was_there = page.join("index.html").is_file();
    if !was_there {
        // Trunk builds offline; this is where the network is used, if it must be.
        process::run(paths.cargo().args(["fetch", "--locked"])).context("the page's dependencies")?;
        // In the target directory: renaming it into place must not cross a file system.
        let raw = held.folder().join("raw");
        let finished = held.folder().join("finished");
        for folder in [&raw, &finished] {
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
            fs::create_dir_all(folder)?;
        }
        run_trunk(paths, tools, &held, &raw).context("the page's build")?;
        finish(&raw, &finished).context("the page's files")?;
        if let Some(parent) = page.parent() {
            fs::create_dir_all(parent)?;
        }
        if page.exists() {
            fs::remove_dir_all(&page)?;
        }
        fs::rename(&finished, &page).with_context(|| format!("cannot rename into {}", page.display()))?;
        fs::remove_dir_all(&raw)?;
    }
    mark_used(&page)?;
    prune(&paths.cache.join("pages"), PAGES_KEPT)?;
    let state = if was_there { "unchanged" } else { "built" };
    eprintln!("page: {state}, {} [{}]", page.display(), seconds(started.elapsed()));
    Ok(page)
}

/// A line for each source file of the page, with its digest.
pub(crate) fn sources(paths: &Paths) -> Result<String> {
    inputs::sources(paths).context("the page's sources")
}

fn run_trunk(paths: &Paths, tools: &PageTools, held: &TargetLock, raw: &Path) -> Result<()> {
    let mut trunk = paths.command("trunk");
    tools.apply(&mut trunk)?;
    trunk
        .args([
            "build",
            "--release",
            "--offline",
            "--locked",
            "--cargo-profile",
            "wasm-release",
            "--dist",
        ])
        .arg(raw);
    trunk
        .env("CARGO_TARGET_DIR", held.folder())
        .env_remove("CARGO_BUILD_TARGET");
    // Its errors carry a trace of Trunk's own code otherwise.
    trunk.env("RUST_BACKTRACE", "0");
    // Trunk takes `NO_COLOR=1`, as everybody sets it, for a wrong value of a flag.
    if env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    process::run(&mut trunk)
}

/// Sorts Trunk's files into `finished`, and compresses them.
fn finish(raw: &Path, finished: &Path) -> Result<()> {
    let assets = finished.join("assets");
    fs::create_dir_all(&assets)?;
    fs::rename(raw.join("index.html"), finished.join("index.html")).context("Trunk wrote no index.html")?;
    for entry in fs::read_dir(raw)? {
        let entry = entry?;
        if entry.file_name() != ".stage" {
            fs::rename(entry.path(), assets.join(entry.file_name()))?;
        }
    }
    compress::folder(finished)
}

/// Notes the time of a page's last use, beside it: cargo builds the server again when the folder itself changes.
fn mark_used(page: &Path) -> Result<()> {
    fs::write(page.with_extension(USED), "").with_context(|| format!("cannot mark {} as used", page.display()))
}

/// Removes all but the `kept` pages that were used last.
fn prune(pages: &Path, kept: usize) -> Result<()> {
    let mut all = Vec::new();
    for entry in fs::read_dir(pages)? {
        let page = entry?.path();
        if page.is_dir() {
            let used = fs::metadata(page.with_extension(USED)).or_else(|_| fs::metadata(&page));
            all.push((used?.modified()?, page));
        }
    }
    all.sort();
    all.reverse();
    for (_, page) in all.into_iter().skip(kept) {
        fs::remove_dir_all(&page)?;
        // One that was never marked has none.
        let _ = fs::remove_file(page.with_extension(USED));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn temporary(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("xtask-page-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn trunks_files_are_sorted_and_compressed() {
        let folder = temporary("finish");
        let (raw, finished) = (folder.join("raw"), folder.join("finished"));
        fs::create_dir_all(raw.join("fonts")).unwrap();
        fs::write(raw.join("index.html"), "<title>x</title>").unwrap();
        fs::write(raw.join("app-1.js"), "let a = 1;").unwrap();
        fs::write(raw.join("fonts/a.json"), "{}").unwrap();
        finish(&raw, &finished).unwrap();
        for name in [
            "index.html.br",
            "index.html.gz",
            "assets/app-1.js",
            "assets/app-1.js.br",
            "assets/fonts/a.json.gz",
        ] {
            assert!(finished.join(name).is_file(), "{name}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_pages_used_last_are_kept() {
        let pages = temporary("prune");
        for (age, name) in ["new", "middle", "old"].iter().enumerate() {
            let page = pages.join(name);
            fs::create_dir(&page).unwrap();
            mark_used(&page).unwrap();
            let time = SystemTime::now() - std::time::Duration::from_secs(age as u64 * 60);
            fs::File::options()
                .write(true)
                .open(page.with_extension(USED))
                .unwrap()
                .set_modified(time)
                .unwrap();
        }
        prune(&pages, 2).unwrap();
        assert!(pages.join("new").exists() && pages.join("middle").exists());
        assert!(!pages.join("old").exists() && !pages.join("old.used").exists());
        fs::remove_dir_all(pages).unwrap();
    }
}
