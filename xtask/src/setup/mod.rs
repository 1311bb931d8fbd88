//! `setup`: what the page and the tests need, found where it is there and installed where it is not.
//!
//! Each thing has a file of its own, which tries the ordinary way first and says which it took. Nothing is installed
//! outside the cache but Rust targets (by rustup), and Chromium, mingw-w64, Wine, zsh, bindfs and fuse3, and socat and nginx
//! for a measurement (by apt-get, as root). An install is made aside and renamed into place, so that an interrupted one is never taken for a
//! finished one.

mod apt_packages;
mod apt_source;
mod axe;
mod cargo_tool;
mod chromium;
mod fuse;
mod macos;
mod proxies;
mod rust_target;
mod shells;
mod sysroot;
mod wasm_opt;
mod windows;
mod wine;

pub(crate) use axe::VARIABLE as AXE_VARIABLE;
pub(crate) use chromium::VARIABLE as CHROMIUM_VARIABLE;
pub(crate) use macos::{MacTools, mac_tools};
pub(crate) use windows::{WindowsTools, windows_tools};

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{
    places::Places,
    process::{self, seconds},
    shared,
};

use rust_target::Library;

/// A thing that is there now.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Its version and where it came from, for people.
    how: String,
    /// What must be in front of PATH for it to be the one that runs.
    folder: Option<PathBuf>,
}

/// What building the page takes.
#[derive(Debug)]
pub(crate) struct PageTools {
    folders: Vec<PathBuf>,
    library: Library,
    /// Every version that the page's bytes depend on.
    pub(crate) versions: String,
}

impl PageTools {
    /// Makes `command`, and what it starts, find the tools and the wasm target.
    pub(crate) fn apply(&self, command: &mut Command) -> Result<()> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&inherited));
        command.env(
            "PATH",
            env::join_paths(folders).context("a folder's name cannot be in PATH")?,
        );
        self.apply_target(command);
        Ok(())
    }

    /// Makes a cargo `command` find the wasm target.
    pub(crate) fn apply_target(&self, command: &mut Command) {
        self.library.apply(command);
    }
}

/// The command: everything, with the time that each step took.
pub(crate) fn run(places: &Places, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.first() {
        bail!("`setup` takes no arguments, and got `{unknown}`");
    }
    let started = Instant::now();
    page_tools(places)?;
    chromium(places)?;
    axe(places)?;
    shells(places)?;
    fuse(places)?;
    eprintln!(
        "setup: all there, after {} (cache: {})",
        seconds(started.elapsed()),
        places.cache.display()
    );
    Ok(())
}

/// What building the page takes: the wasm target, Trunk, wasm-bindgen, wasm-opt.
pub(crate) fn page_tools(places: &Places) -> Result<PageTools> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    let rustc = rustc_version(places)?;
    let bindgen = wasm_bindgen_version(places)?;
    let library = step("wasm target", || rust_target::WASM.find_or_install(places, &rustc))?;
    let trunk = tool("Trunk", || cargo_tool::trunk(places))?;
    let wasm_bindgen = tool("wasm-bindgen", || cargo_tool::wasm_bindgen(places, &bindgen))?;
    let wasm_opt = tool("wasm-opt", || wasm_opt::find_or_install(places))?;
    let versions = format!("{rustc}\n{}\n{bindgen}\n{}", trunk.how, wasm_opt.how);
    let folders = [trunk, wasm_bindgen, wasm_opt]
        .into_iter()
        .filter_map(|found| found.folder)
        .collect();
    Ok(PageTools {
        folders,
        library,
        versions,
    })
}

/// The browser that the end-to-end tests drive.
pub(crate) fn chromium(places: &Places) -> Result<PathBuf> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    step("Chromium", || {
        let program = chromium::find_or_install(places)?;
        let version = process::version(&program).unwrap_or_else(|| "unknown version".to_owned());
        Ok((format!("{version} ({})", program.display()), program))
    })
}

/// What `mirrord proxy` is measured beside.
pub(crate) fn proxies(places: &Places) -> Result<proxies::Proxies> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    step("socat and nginx", || proxies::find_or_install(places))
}

/// What a program under observation serves a file system with.
pub(crate) fn fuse(places: &Places) -> Result<()> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    step("bindfs and fuse3", || fuse::find_or_install(places))
}

/// The script that the end-to-end tests judge the page with.
pub(crate) fn axe(places: &Places) -> Result<PathBuf> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    step("axe-core", || {
        let script = axe::find_or_install(places)?;
        Ok((axe::how(&script), script))
    })
}

/// The shells that job control is tested in.
pub(crate) fn shells(places: &Places) -> Result<()> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    step("shells", || shells::find_or_install(places))
}

/// The checker of dependencies.
pub(crate) fn cargo_deny(places: &Places) -> Result<PathBuf> {
    let _lock = shared::lock(&places.cache.join("setup.lock"), "another checkout's set-up")?;
    let found = tool("cargo-deny", || cargo_tool::cargo_deny(places))?;
    Ok(found.folder.unwrap_or_default().join("cargo-deny"))
}

/// The rustc that cargo would use.
pub(crate) fn rustc() -> std::ffi::OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn rustc_version(places: &Places) -> Result<String> {
    process::output(places.command(rustc()).arg("-vV")).context("rustc does not run; install Rust")
}

/// Runs one step, and says how it found what it found, and how long it took.
fn step<T>(name: &str, find: impl FnOnce() -> Result<(String, T)>) -> Result<T> {
    let started = Instant::now();
    let (how, found) = find().with_context(|| format!("set-up of {name}"))?;
    eprintln!("setup: {name}: {how} [{}]", seconds(started.elapsed()));
    Ok(found)
}

/// As [`step`], for a tool of the page.
fn tool(name: &str, find: impl FnOnce() -> Result<Found>) -> Result<Found> {
    step(name, || find().map(|found| (found.how.clone(), found)))
}

/// The first of `programs` that is on PATH; one with a folder of its own is looked for there.
fn on_path(programs: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let places = programs
        .iter()
        .flat_map(|program| env::split_paths(&path).map(move |folder| folder.join(program)));
    places.into_iter().find(|place| place.is_file())
}

/// Lets `fill` install into an empty folder, and then renames that to `place`.
fn install_aside(place: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let parent = place.parent().context("an install needs a parent folder")?;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    // The set-up lock makes us the only one: what a killed run left is garbage.
    let aside = parent.join(format!(".{name}.partial"));
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::create_dir_all(&aside).with_context(|| format!("cannot create {}", aside.display()))?;
    fill(&aside)?;
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    fs::rename(&aside, place).with_context(|| format!("cannot rename {} into place", aside.display()))
}

/// The version of wasm-bindgen that the page's code is compiled with: its command must be exactly the same.
fn wasm_bindgen_version(places: &Places) -> Result<String> {
    let lock = places.root.join("Cargo.lock");
    let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    locked_version(&text, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

/// The numbers in a version line such as `trunk 0.21.14` or `wasm-opt version 132 (version_132)`.
fn version_numbers(line: &str) -> Vec<u32> {
    let word = line
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    word.unwrap_or_default()
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_of_that_package_alone() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }

    #[test]
    fn versions_are_read_as_each_tool_writes_them() {
        assert_eq!(version_numbers("trunk 0.21.14"), [0, 21, 14]);
        assert_eq!(version_numbers("wasm-opt version 132 (version_132)"), [132]);
        assert!(version_numbers("no version at all").is_empty());
    }

    #[test]
    fn a_failed_install_leaves_nothing_in_place() {
        let place = env::temp_dir().join(format!("xtask-install-{}", std::process::id()));
        assert!(install_aside(&place, |_| bail!("the network went away")).is_err());
        assert!(!place.exists());
        install_aside(&place, |aside| Ok(fs::write(aside.join("tool"), "")?)).unwrap();
        assert!(place.join("tool").is_file());
        fs::remove_dir_all(place).unwrap();
    }
}
