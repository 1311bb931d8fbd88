//! `build`: the page, then the binary with the page inside. The last line on standard output is the binary's path.

use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{
    page,
    paths::Paths,
    process::{self, seconds},
    setup::{self, PageTools},
    target_lock::{Target, TargetLock},
};

/// Profile of the binary; the page is always built for size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

impl Profile {
    /// The folder that cargo gives it.
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// Results of a build.
#[derive(Debug)]
pub(crate) struct Built {
    /// The page's folder.
    pub(crate) page: PathBuf,
    /// The binary, in the checkout.
    pub(crate) binary: PathBuf,
}

/// Variable with another binary than the one that is built here.
pub(crate) const BINARY_VARIABLE: &str = "MIRRORD_BIN";

/// The command.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    let mut profile = Profile::Debug;
    for arg in args {
        match arg.as_str() {
            "--release" => profile = Profile::Release,
            unknown => bail!("unknown argument `{unknown}`: cargo xtask build [--release]"),
        }
    }
    let built = build(paths, profile)?;
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", built.binary.display())?;
    stdout.flush().context("cannot write the path")
}

/// The set-up, the page and the binary.
pub(crate) fn build(paths: &Paths, profile: Profile) -> Result<Built> {
    let tools = setup::page_tools(paths)?;
    build_with(paths, &tools, profile)
}

/// The page and the binary.
pub(crate) fn build_with(paths: &Paths, tools: &PageTools, profile: Profile) -> Result<Built> {
    let page = page::build(paths, tools)?;
    let binary = binary(paths, &page, profile)?;
    Ok(Built { page, binary })
}

/// The page, and the binary that a bench measures: the one that `MIRRORD_BIN` names, which may be an older one, or a release
/// build. Prints which.
pub(crate) fn build_measured(paths: &Paths, tools: &PageTools) -> Result<Built> {
    let built = match named_binary(env::var_os(BINARY_VARIABLE))? {
        Some(binary) => Built {
            page: page::build(paths, tools)?,
            binary,
        },
        None => build_with(paths, tools, Profile::Release)?,
    };
    writeln!(io::stdout(), "measured: {}", built.binary.display())?;
    Ok(built)
}

/// The absolute path of the binary that a variable's value names.
pub(crate) fn named_binary(value: Option<OsString>) -> Result<Option<PathBuf>> {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let binary = PathBuf::from(value);
    if !binary.is_file() {
        bail!("{BINARY_VARIABLE} names `{}`, which is no file", binary.display());
    }
    Ok(Some(binary.canonicalize()?))
}

fn binary(paths: &Paths, page: &Path, profile: Profile) -> Result<PathBuf> {
    let started = Instant::now();
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["build", "--package", "mirrord", "--bin", "mirrord"])
        .env(page::VARIABLE, page);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)?;
    let name = format!("mirrord{}", env::consts::EXE_SUFFIX);
    let place = paths.root.join("target").join(profile.folder()).join(&name);
    copy_into_place(&held.folder().join(profile.folder()).join(&name), &place)?;
    eprintln!("binary: {} [{}]", place.display(), seconds(started.elapsed()));
    Ok(place)
}

/// Copies a program to where no other checkout's build replaces it. By renaming: the old one may be running, and
/// may be one file with another of cargo's, which writing into it would change as well.
pub(crate) fn copy_into_place(from: &Path, to: &Path) -> Result<()> {
    let parent = to.parent().context("the binary needs a folder")?;
    fs::create_dir_all(parent)?;
    let aside = parent.join(format!(
        ".{}.partial-{}",
        to.file_name().unwrap_or_default().display(),
        std::process::id()
    ));
    fs::copy(from, &aside).with_context(|| format!("cannot copy {}", from.display()))?;
    fs::rename(&aside, to).with_context(|| format!("cannot write {}", to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_binary_is_found_from_any_folder_and_a_wrong_name_is_said() {
        assert!(named_binary(None).unwrap().is_none());
        assert!(named_binary(Some(OsString::new())).unwrap().is_none());
        let own = env::current_exe().unwrap();
        assert_eq!(
            named_binary(Some(own.clone().into())).unwrap(),
            Some(own.canonicalize().unwrap())
        );
        let error = named_binary(Some("/no/such/binary".into())).unwrap_err().to_string();
        assert!(
            error.contains("MIRRORD_BIN") && error.contains("/no/such/binary"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn replacing_a_binary_leaves_its_hard_links_alone() {
        let folder = env::temp_dir().join(format!("xtask-build-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let [new, old, link] = ["new", "old", "link"].map(|name| folder.join(name));
        fs::write(&new, "new").unwrap();
        fs::write(&old, "old").unwrap();
        fs::hard_link(&old, &link).unwrap();
        copy_into_place(&new, &old).unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "new");
        assert_eq!(fs::read_to_string(&link).unwrap(), "old");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        fs::remove_dir_all(folder).unwrap();
    }
}
