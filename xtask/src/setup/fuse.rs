//! bindfs and fuse3: a file system that a program under observation serves itself, for the observer's tests.
//!
//! A machine without them tests the rest, and the test says that it left this out.

use anyhow::Result;

use super::{apt_packages, install::on_path};
use crate::paths::Paths;

const PACKAGES: [&str; 2] = ["bindfs", "fuse3"];
const PROGRAMS: [&str; 2] = ["bindfs", "fusermount3"];

pub(super) fn find_or_install(paths: &Paths) -> Result<(String, ())> {
    let is_there = || PROGRAMS.iter().all(|program| on_path(&[program]).is_some());
    if is_there() {
        return Ok(("there".to_owned(), ()));
    }
    if !cfg!(target_os = "linux") {
        return Ok(("for Linux alone".to_owned(), ()));
    }
    if let Some(by_hand) = apt_packages::by_hand(&PACKAGES) {
        eprintln!("  bindfs or fuse3 is missing, and so is its test: {by_hand} brings them");
    } else if let Err(error) = apt_packages::install(paths, "fuse", &PACKAGES) {
        eprintln!("  apt-get cannot install bindfs and fuse3, so their test is left out: {error:#}");
    }
    Ok((if is_there() { "there" } else { "not there" }.to_owned(), ()))
}
