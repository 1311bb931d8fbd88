//! axe-core, which the end-to-end tests ask whether everybody can use the page: from npm, at one version, checked by the
//! hash below. It goes into the tests' browser alone, never into the page.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::install::{install_with_npm, named_by};
use crate::paths::Paths;

/// Names the script, for the tests and for us.
pub(crate) const VARIABLE: &str = "MIRRORD_TEST_AXE";

const VERSION: &str = "4.14.1";
/// Integrity hash of the package: npm compares, and refuses anything else.
const INTEGRITY: &str =
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";

pub(super) fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    if let Some(named) = named_by(VARIABLE)? {
        return Ok(named);
    }
    let place = paths.tool(&format!("axe-core-{VERSION}"));
    let script = place.join("node_modules").join("axe-core").join("axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    let way_out = format!("name an axe.min.js of {VERSION} in {VARIABLE}; only the tests need it");
    let prepare = |folder: &Path| write_lock(folder).map(|()| vec!["ci".to_owned()]);
    install_with_npm(paths, "axe-core", &place, prepare)
        .with_context(|| format!("npm cannot install axe-core; {way_out}"))?;
    if !script.is_file() {
        bail!("npm brought no {}; {way_out}", script.display());
    }
    Ok(script)
}

/// The version that it is, for people.
pub(super) fn how(script: &Path) -> String {
    let first = fs::read_to_string(script).unwrap_or_default();
    let version = first.lines().next().and_then(|line| line.strip_prefix("/*! axe v"));
    let version = version.map_or("unknown version", |line| line.trim());
    format!("axe-core {version} ({})", script.display())
}

/// A lock file, so that what is fetched is compared with the hash: a version alone would be taken on trust.
fn write_lock(folder: &Path) -> Result<()> {
    let wanted = format!("\"dependencies\":{{\"axe-core\":\"{VERSION}\"}}");
    let package = format!("{{\"name\":\"axe\",\"version\":\"1.0.0\",\"private\":true,{wanted}}}");
    let lock = format!(
        "{{\"name\":\"axe\",\"version\":\"1.0.0\",\"lockfileVersion\":3,\"requires\":true,\"packages\":{{\
         \"\":{{\"name\":\"axe\",\"version\":\"1.0.0\",{wanted}}},\
         \"node_modules/axe-core\":{{\"version\":\"{VERSION}\",\"integrity\":\"{INTEGRITY}\"}}}}}}"
    );
    fs::write(folder.join("package.json"), package)?;
    fs::write(folder.join("package-lock.json"), lock)?;
    Ok(())
}
