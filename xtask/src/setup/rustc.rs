//! The Rust compiler of the set-up.

use std::env;

use anyhow::{Context, Result};

use crate::{paths::Paths, process};

/// The rustc that cargo would use.
pub(super) fn rustc() -> std::ffi::OsString {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// Version block of that rustc, as `rustc -vV` prints it.
pub(super) fn rustc_version(paths: &Paths) -> Result<String> {
    process::output(paths.command(rustc()).arg("-vV")).context("rustc does not run; install Rust")
}
