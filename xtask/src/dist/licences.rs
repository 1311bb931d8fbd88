//! Licences of all dependencies in one text: each as the package has it, and one that several share once.
//!
//! `cargo about` does the like with templates; it takes minutes to build and asks a service on the network for what it does
//! not find. What counts here is the text that came with each package.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;

use super::dependencies::{Dependencies, Package};

/// Beginnings of names of files with a licence, in lower case.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// Returns the text of all licences.
pub(super) fn text(dependencies: &Dependencies) -> Result<String> {
    let mut by_text: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    let mut without = Vec::new();
    for package in dependencies.foreign() {
        let texts = texts(&package.folder)?;
        if texts.is_empty() {
            without.push(package);
        }
        for text in texts {
            by_text.entry(text).or_default().push(package);
        }
    }
    let mut whole = format!(
        "mirrord contains the packages below, each under its licence. {} packages, {} texts.\n\n",
        dependencies.foreign().count(),
        by_text.len()
    );
    for package in dependencies.foreign() {
        whole.push_str(&line(package));
    }
    if !without.is_empty() {
        whole.push_str("\nThese have no text of their own and name their licence alone:\n\n");
        without.iter().for_each(|package| whole.push_str(&line(package)));
    }
    // In the order of the first package that has each text.
    let mut texts: Vec<_> = by_text.into_iter().collect();
    texts.sort_by(|one, other| one.1.cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
    for (text, packages) in texts {
        let names: Vec<_> = packages
            .iter()
            .map(|own| format!("{} {}", own.name, own.version))
            .collect();
        whole.push_str(&format!("\n{}\n{}\n\n{text}\n", "=".repeat(80), names.join(", ")));
    }
    Ok(whole)
}

fn line(package: &Package) -> String {
    let Package {
        name, version, licence, ..
    } = package;
    format!(
        "  {name} {version}: {}\n",
        if licence.is_empty() { "see its text" } else { licence }
    )
}

/// Texts of licences in a package's folder, without differences of line ends.
fn texts(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_file() && NAMES.iter().any(|begin| name.starts_with(begin)) {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).replace("\r\n", "\n");
            found.push(text.trim().to_owned());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}
