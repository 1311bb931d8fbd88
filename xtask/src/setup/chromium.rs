//! A Chromium for the end-to-end tests, which drive it over the DevTools protocol: no driver program is needed.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{places::Places, process};

/// Names the browser, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_CHROMIUM";

const PROGRAMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where it is installed when it is not on PATH.
const INSTALLED: [&str; 5] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

pub(super) fn find_or_install(places: &Places) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        let chosen = PathBuf::from(chosen);
        if !chosen.is_file() {
            bail!("{VARIABLE} names {}, which is not a file", chosen.display());
        }
        return Ok(chosen);
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let is_root = cfg!(unix) && process::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    let has_apt = process::version("apt-get").is_some();
    if !(is_root && has_apt) {
        let command = if has_apt {
            "`sudo apt-get install chromium`"
        } else {
            "your system's package of it"
        };
        bail!(
            "no Chromium or Chrome is here: install it ({command}), or name it in {VARIABLE}; only the tests need it"
        );
    }
    eprintln!("  no Chromium is here: installing it with apt-get");
    let log = places.log("chromium");
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        process::run_logged("apt-get", &log, &mut command)
    };
    // The font is for screenshots: without any, text is invisible.
    apt(&["update"])
        .and_then(|()| {
            apt(&[
                "install",
                "-y",
                "--no-install-recommends",
                "chromium",
                "fonts-liberation",
            ])
        })
        .with_context(|| format!("apt-get cannot install chromium; install it by hand, or name one in {VARIABLE}"))?;
    find().context("apt-get installed chromium, and it is not on PATH")
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = PROGRAMS
        .iter()
        .flat_map(|program| env::split_paths(&path).map(move |folder| folder.join(program)));
    on_path
        .chain(INSTALLED.iter().map(|place| Path::new(place).to_path_buf()))
        .find(|place| place.is_file())
}
