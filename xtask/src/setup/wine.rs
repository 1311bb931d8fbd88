//! Wine and mingw-w64, which link the Windows tests and run them where there is no Windows.
//!
//! Invariants: Windows programs get a prefix in the cache, never the user's, and no display; and nothing of that prefix
//! runs on once its [`Running`] is gone. Only one may exist at a time: the server of one is the server of the other, and
//! ending it ends both (the caller holds a lock).

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::{
    apt_packages,
    install::{install_aside, on_path},
};
use crate::{digest::Digest, paths::Paths, process};

/// The linker, by the name under which every system has it.
const LINKER: &str = "x86_64-w64-mingw32-gcc";
/// The loader: some systems call it by its word size, and Debian keeps that one off PATH.
const LOADERS: [&str; 3] = ["wine", "wine64", "/usr/lib/wine/wine64"];
/// Ends what the loader leaves running.
const SERVERS: [&str; 3] = ["wineserver", "wineserver64", "/usr/lib/wine/wineserver64"];
/// Debian's names. Of mingw-w64 the half without its own threads is enough.
const PACKAGES: [&str; 3] = ["gcc-mingw-w64-x86-64-win32", "wine64", "wine"];

/// Changed with how the prefix is made, so that an older one is not used.
const RECIPE: &str = "1";
/// Ten seconds on two cores.
const PREFIX_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// Libraries that Rust's standard library wants and Wine before 9 lacks.
const RANDOM_NUMBERS: &str = "bcryptprimitives.dll";
const RANDOM_NUMBERS_SOURCE: &str = include_str!("bcryptprimitives.c");

/// The programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    linker: PathBuf,
    loader: PathBuf,
    server: PathBuf,
}

/// A Wine with its prefix.
#[derive(Debug)]
pub(crate) struct Wine {
    programs: Programs,
    prefix: PathBuf,
}

/// The time in which Windows programs may run: they all end with it.
#[derive(Debug)]
pub(crate) struct Running<'a>(&'a Wine);

/// Origin and version of the programs.
pub(super) fn find_or_install(paths: &Paths) -> Result<(String, Programs)> {
    let missing = match find() {
        Ok(programs) => return Ok(("from the system".to_owned(), programs)),
        Err(missing) => missing,
    };
    if let Some(by_hand) = apt_packages::by_hand(&PACKAGES) {
        bail!("{missing}; mingw-w64 for x86-64 and Wine come with {by_hand}");
    }
    eprintln!("  {missing}: installing with apt-get (160 MB to fetch, 1.1 GB on the disk)");
    apt_packages::install(paths, "wine", &PACKAGES)
        .with_context(|| format!("apt-get cannot install {}", PACKAGES.join(", ")))?;
    match find() {
        Ok(programs) => Ok(("installed by apt-get".to_owned(), programs)),
        Err(missing) => bail!("apt-get installed {}, and still {missing}", PACKAGES.join(", ")),
    }
}

/// The programs, or what is missing.
fn find() -> Result<Programs> {
    let linker = on_path(&[LINKER]);
    let wine = on_path(&LOADERS).zip(on_path(&SERVERS));
    match (linker, wine) {
        (Some(linker), Some((loader, server))) => Ok(Programs { linker, loader, server }),
        (None, Some(_)) => bail!("mingw-w64 ({LINKER}) is not here"),
        (Some(_), None) => bail!("Wine is not here"),
        (None, None) => bail!("neither mingw-w64 ({LINKER}) nor Wine is here"),
    }
}

/// The prefix, made where this Wine has none yet.
pub(super) fn prepare(paths: &Paths, programs: Programs) -> Result<(String, Wine)> {
    let mut ask = Command::new(&programs.loader);
    let version = process::output(ask.arg("--version").env("WINEDEBUG", "-all")).context("Wine does not run")?;
    let mut key = Digest::new();
    for item in [&version, RECIPE, RANDOM_NUMBERS_SOURCE] {
        key.add(item.as_bytes());
    }
    let prefix = paths.cache.join("wine").join(key.name());
    if prefix.join("system.reg").is_file() {
        return Ok((format!("{version} (cached)"), Wine { programs, prefix }));
    }
    install_aside(&prefix, |aside| {
        let wine = Wine {
            programs: programs.clone(),
            prefix: aside.to_path_buf(),
        };
        wine.make_prefix(&prefix.join("home"), &paths.log("wine-prefix"))
    })
    .context("Wine cannot make a prefix")?;
    Ok((format!("{version} (made)"), Wine { programs, prefix }))
}

impl Wine {
    /// Makes the Windows programs that `command` starts ours.
    pub(crate) fn apply(&self, command: &mut Command) {
        for (name, _) in env::vars_os() {
            // Folders of the user's, and displays: nothing is to be shown, and nothing to be left there.
            let text = name.to_string_lossy();
            if text.starts_with("XDG_") || text.starts_with("WINE") || text.ends_with("DISPLAY") {
                command.env_remove(name);
            }
        }
        command.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all");
        // No entries in menus, and no offers to download a browser or .NET.
        command.env("WINEDLLOVERRIDES", "winemenubuilder.exe,mscoree,mshtml=d");
    }

    /// Runner of Windows programs, for cargo.
    pub(crate) fn loader(&self) -> &Path {
        &self.programs.loader
    }

    /// Linker of Windows programs, for cargo.
    pub(crate) fn linker(&self) -> &Path {
        &self.programs.linker
    }

    /// Windows programs may run from here on.
    pub(crate) fn start(&self) -> Running<'_> {
        Running(self)
    }

    /// `home` takes the place of the user's home in the prefix (Documents and the like); it need not exist.
    fn make_prefix(&self, home: &Path, log: &Path) -> Result<()> {
        let running = self.start();
        let mut boot = Command::new(&self.programs.loader);
        self.apply(&mut boot);
        boot.args(["wineboot", "--init"]).env("HOME", home);
        process::run_logged_within("making a Wine prefix", log, PREFIX_TIMEOUT, &mut boot)?;
        // It writes what it holds when it ends.
        self.serve(&["--wait"]).context("wineserver does not end")?;
        drop(running);
        let system = self.prefix.join("drive_c").join("windows").join("system32");
        if system.join(RANDOM_NUMBERS).exists() {
            return Ok(());
        }
        let source = self.prefix.join("bcryptprimitives.c");
        fs::write(&source, RANDOM_NUMBERS_SOURCE)?;
        let mut compile = Command::new(&self.programs.linker);
        compile
            .args(["-shared", "-Os", "-s", "-o"])
            .arg(system.join(RANDOM_NUMBERS));
        compile.arg(&source).arg("-ladvapi32");
        process::output(&mut compile).with_context(|| format!("cannot compile {RANDOM_NUMBERS}"))?;
        Ok(())
    }

    fn serve(&self, args: &[&str]) -> Result<()> {
        let mut server = Command::new(&self.programs.server);
        self.apply(&mut server);
        process::output(server.args(args)).map(drop)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // To kill where nothing runs any more is an error, and what is wanted.
        let _ = self.0.serve(&["--kill"]);
        if let Err(error) = self.0.serve(&["--wait"]) {
            eprintln!("warning: Wine's server may still run: {error:#}");
        }
    }
}
