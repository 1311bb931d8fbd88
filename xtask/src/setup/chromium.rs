//! A Chromium for the end-to-end tests, which drive it over the DevTools protocol: no driver program is needed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{
    apt_packages,
    install::{named_by, on_path},
};
use crate::paths::Paths;

/// Names the browser, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_CHROMIUM";

const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Paths to look at when it is not on PATH.
const INSTALLED: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

pub(super) fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    if let Some(found) = named_by(VARIABLE)?.or_else(find) {
        return Ok(found);
    }
    // The font is for screenshots: without any, text is invisible.
    let packages = ["chromium", "fonts-liberation"];
    if let Some(by_hand) = apt_packages::by_hand(&packages[..1]) {
        bail!(
            "no Chromium or Chrome is here: install it ({by_hand}), or name it in {VARIABLE}; only the tests need it"
        );
    }
    eprintln!("  no Chromium is here: installing it with apt-get");
    apt_packages::install(paths, "chromium", &packages)
        .with_context(|| format!("apt-get cannot install chromium; install it by hand, or name one in {VARIABLE}"))?;
    find().context("apt-get installed chromium, and it is not on PATH")
}

fn find() -> Option<PathBuf> {
    let installed = INSTALLED.iter().map(|place| Path::new(place).to_path_buf());
    on_path(&PROGRAMS).or_else(|| installed.into_iter().find(|place| place.is_file()))
}
