//! Targets of a release, and the build of the program for one.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    page,
    paths::{Paths, cargo_home},
    process, setup,
};

/// Target of a release.
#[derive(Debug)]
pub(crate) struct DistTarget {
    pub(crate) triple: &'static str,
    /// C compiler of the one dependency that has C in it (ring), by the name that every system has it under.
    compiler: &'static str,
    /// Archiver that goes with it.
    archiver: &'static str,
    /// Package of Debian that has them.
    compiler_package: &'static str,
    /// Flags of rustc besides those of every target.
    flags: &'static [&'static str],
    /// Architecture of the Debian package, where there is one.
    pub(super) debian: Option<&'static str>,
}

/// All of them; the first runs where most releases are made.
pub(super) const ALL: [DistTarget; 3] = [
    DistTarget {
        triple: "x86_64-unknown-linux-musl",
        compiler: "cc",
        archiver: "ar",
        compiler_package: "gcc",
        flags: &["-Ctarget-feature=+crt-static"],
        debian: Some("amd64"),
    },
    DistTarget {
        triple: "aarch64-unknown-linux-musl",
        compiler: "aarch64-linux-gnu-gcc",
        archiver: "aarch64-linux-gnu-ar",
        compiler_package: "gcc-aarch64-linux-gnu",
        // The toolchain has a linker and musl's own objects: no other is needed.
        flags: &[
            "-Ctarget-feature=+crt-static",
            "-Clinker=rust-lld",
            "-Clink-self-contained=yes",
        ],
        debian: Some("arm64"),
    },
    DistTarget {
        triple: "x86_64-pc-windows-gnu",
        compiler: "x86_64-w64-mingw32-gcc",
        archiver: "x86_64-w64-mingw32-ar",
        compiler_package: "gcc-mingw-w64-x86-64-win32",
        // A program's header has the time of its build otherwise.
        flags: &[
            "-Clinker=x86_64-w64-mingw32-gcc",
            "-Clink-arg=-Wl,--no-insert-timestamp",
        ],
        debian: None,
    },
];

impl DistTarget {
    /// File name of the program.
    pub(super) fn program(&self) -> &'static str {
        if self.is_windows() { "mirrord.exe" } else { "mirrord" }
    }

    /// Returns whether archives are zip files.
    pub(super) fn is_windows(&self) -> bool {
        self.triple.contains("-windows-")
    }

    /// Returns whether its programs run on this machine.
    pub(super) fn runs_here(&self) -> bool {
        let arch = self.triple.starts_with(env::consts::ARCH);
        arch && self.triple.contains(env::consts::OS)
    }

    /// Builds the program with the page inside, and returns its path.
    pub(super) fn build(&self, paths: &Paths, page: &Path) -> Result<PathBuf> {
        let triple = self.triple;
        setup::add_target(paths, triple)?;
        process::version(self.compiler).with_context(|| {
            format!(
                "{triple}: there is no {}; Debian has it in {}",
                self.compiler, self.compiler_package
            )
        })?;
        let folder = paths.cache.join("target").join("dist");
        let mut cargo = paths.cargo();
        cargo
            .args([
                "build",
                "--release",
                "--locked",
                "--package",
                "mirrord",
                "--bin",
                "mirrord",
                "--target",
                triple,
            ])
            .env(page::VARIABLE, page)
            .env("CARGO_TARGET_DIR", &folder);
        self.set_up(paths, &mut cargo)?;
        process::run(&mut cargo).with_context(|| format!("the build for {triple}"))?;
        Ok(folder.join(triple).join("release").join(self.program()))
    }

    /// Compilers, and flags that keep this machine's paths out of the program.
    fn set_up(&self, paths: &Paths, cargo: &mut Command) -> Result<()> {
        let underscored = self.triple.replace('-', "_");
        cargo.env(format!("CC_{underscored}"), self.compiler);
        cargo.env(format!("AR_{underscored}"), self.archiver);
        // Some distributions turn on checks whose functions a static program has not.
        let remap = format!("-ffile-prefix-map={}=/cargo", cargo_home()?.display());
        cargo.env(format!("CFLAGS_{underscored}"), format!("-U_FORTIFY_SOURCE {remap}"));
        let mut flags: Vec<String> = self.flags.iter().map(|flag| (*flag).to_owned()).collect();
        for (from, to) in [
            (&paths.root, "/mirrord"),
            (&cargo_home()?, "/cargo"),
            (&paths.cache, "/cache"),
        ] {
            flags.push(format!("--remap-path-prefix={}={to}", from.display()));
        }
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        Ok(())
    }
}
