//! `setup`: what the page and the tests need, found where it is there and installed where it is not.
//!
//! Each thing has a file of its own, which tries the ordinary way first and says which it took. Nothing is installed
//! outside the cache but Rust targets (by rustup), and Chromium, mingw-w64, Wine, zsh, bindfs and fuse3, Python, and socat
//! and nginx for a measurement (by apt-get, as root).
//! An install is made aside and renamed into place, so that an interrupted one is never taken for a finished one.

mod apt_packages;
mod apt_source;
mod axe;
mod cargo_tool;
mod chromium;
mod install;
mod macos;
mod programs;
mod proxies;
mod python_package;
mod rotel;
mod rust_target;
mod rustc;
mod sysroot;
mod wasm_opt;
mod windows;
mod wine;

pub(crate) use axe::VARIABLE as AXE_VARIABLE;
pub(crate) use chromium::VARIABLE as CHROMIUM_VARIABLE;
pub(crate) use macos::{MacTools, mac_tools};
pub(crate) use python_package::{MCP_SDK, PythonPackage, SCHEMATHESIS};
pub(crate) use rotel::VARIABLE as ROTEL_VARIABLE;
pub(crate) use windows::{WindowsTools, windows_tools};

use std::{env, fs, path::PathBuf, process::Command, time::Instant};

use anyhow::{Context, Result, bail};

use crate::{
    paths::{Paths, cargo_home},
    process::{self, seconds},
};

use install::{lock, step, tool};
use rust_target::Library;
use rustc::rustc_version;

/// Tools that build the page.
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
        // Panics in the page name their places: this machine's folders are not for the page's readers. Flags in one variable
        // are told apart by spaces.
        let home = cargo_home()?.display().to_string();
        let remap = (!home.contains(char::is_whitespace)).then(|| format!("--remap-path-prefix={home}=/cargo"));
        self.library.apply_with(command, remap);
        Ok(())
    }

    /// Makes a cargo `command` find the wasm target.
    pub(crate) fn apply_target(&self, command: &mut Command) {
        self.library.apply(command);
    }
}

/// Adds a target to the toolchain, by rustup.
pub(crate) fn add_target(paths: &Paths, triple: &str) -> Result<()> {
    let mut ask = paths.command(rustc::rustc());
    let folder = process::output(ask.args(["--print", "target-libdir", "--target", triple]))?;
    if std::path::Path::new(&folder).is_dir() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.current_dir(&paths.root).args(["target", "add", triple]);
    process::output(&mut rustup)
        .map(drop)
        .with_context(|| format!("the target {triple} is not here: `rustup target add {triple}`"))
}

/// The command: everything, with the time that each step took.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    if let Some(unknown) = args.first() {
        bail!("`setup` takes no arguments, and got `{unknown}`");
    }
    let started = Instant::now();
    page_tools(paths)?;
    chromium(paths)?;
    axe(paths)?;
    python_package(paths, &MCP_SDK)?;
    python_package(paths, &SCHEMATHESIS)?;
    rotel(paths)?;
    test_programs(paths)?;
    eprintln!(
        "setup: all there, after {} (cache: {})",
        seconds(started.elapsed()),
        paths.cache.display()
    );
    Ok(())
}

/// Finds or installs what builds the page: the wasm target, Trunk, wasm-bindgen, wasm-opt.
pub(crate) fn page_tools(paths: &Paths) -> Result<PageTools> {
    let _lock = lock(paths)?;
    let rustc = rustc_version(paths)?;
    let bindgen = wasm_bindgen_version(paths)?;
    let library = step("wasm target", || rust_target::WASM.find_or_install(paths, &rustc))?;
    let trunk = tool("Trunk", || cargo_tool::trunk(paths))?;
    let wasm_bindgen = tool("wasm-bindgen", || cargo_tool::wasm_bindgen(paths, &bindgen))?;
    let wasm_opt = tool("wasm-opt", || wasm_opt::find_or_install(paths))?;
    let versions = format!("{rustc}\n{}\n{bindgen}\n{}\npaths remapped", trunk.how, wasm_opt.how);
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
pub(crate) fn chromium(paths: &Paths) -> Result<PathBuf> {
    let _lock = lock(paths)?;
    step("Chromium", || {
        let program = chromium::find_or_install(paths)?;
        let version = process::version(&program).unwrap_or_else(|| "unknown version".to_owned());
        Ok((format!("{version} ({})", program.display()), program))
    })
}

/// Finds or installs the programs of the system that some tests run: shells, and on Linux FUSE and namespaces.
pub(crate) fn test_programs(paths: &Paths) -> Result<()> {
    let _lock = lock(paths)?;
    step("shells", || programs::SHELLS.find_or_install(paths))?;
    if cfg!(target_os = "linux") {
        step("bindfs and fuse3", || programs::FUSE.find_or_install(paths))?;
        step("container tests", || programs::CONTAINERS.find_or_install(paths))?;
    }
    Ok(())
}

/// Finds or installs the peers that `mirrord proxy` is measured beside.
pub(crate) fn proxies(paths: &Paths) -> Result<proxies::Proxies> {
    let _lock = lock(paths)?;
    step("socat and nginx", || proxies::find_or_install(paths))
}

/// The script that the end-to-end tests judge the page with.
pub(crate) fn axe(paths: &Paths) -> Result<PathBuf> {
    let _lock = lock(paths)?;
    step("axe-core", || {
        let script = axe::find_or_install(paths)?;
        Ok((axe::how(&script), script))
    })
}

/// Finds or installs a Python that has a package which the end-to-end tests run.
pub(crate) fn python_package(paths: &Paths, package: &PythonPackage) -> Result<PathBuf> {
    let _lock = lock(paths)?;
    step(package.title, || {
        let python = package.find_or_install(paths)?;
        Ok((package.how(&python), python))
    })
}

/// The OpenTelemetry receiver that the end-to-end tests send to.
pub(crate) fn rotel(paths: &Paths) -> Result<PathBuf> {
    let _lock = lock(paths)?;
    step("rotel", || {
        let program = rotel::find_or_install(paths)?;
        Ok((rotel::how(&program), program))
    })
}

/// The checker of dependencies.
pub(crate) fn cargo_deny(paths: &Paths) -> Result<PathBuf> {
    let _lock = lock(paths)?;
    let found = tool("cargo-deny", || cargo_tool::cargo_deny(paths))?;
    Ok(found.folder.unwrap_or_default().join("cargo-deny"))
}

/// The version of wasm-bindgen that the page's code is compiled with: its command must be exactly the same.
fn wasm_bindgen_version(paths: &Paths) -> Result<String> {
    let lock = paths.root.join("Cargo.lock");
    let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    locked_version(&text, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
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
}
