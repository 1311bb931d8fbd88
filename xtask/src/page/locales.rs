//! The page's catalogues: `locales/<tag>.txt` made into what a browser downloads, the texts alone, a line each, in the order
//! of the keys of English. Each has a hashed name, which the page finds in a `meta` element of index.html.
//!
//! Whether a catalogue is complete is not asked here: the page's own tests do, and the page says in English what is missing.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};

use super::with_suffix;
use crate::digest::Digest;

/// The page's folders of catalogues, in the sources and among the assets.
const SOURCES: &str = "crates/ui-app/locales";
const ENGLISH: &str = "crates/ui-app/src/i18n/en.rs";
pub(super) const FOLDER: &str = "i18n";
/// What index.html holds where the names go.
const PLACE: &str = "<meta name=\"catalogues\" content=\"\">";
/// What one more language may cost a reader, with brotli.
const BUDGET_BYTES: u64 = 5 * 1024;

/// Writes each catalogue into `assets`, and returns the HTML with their names.
pub(super) fn write(root: &Path, assets: &Path, html: &str) -> Result<String> {
    let english = fs::read_to_string(root.join(ENGLISH)).with_context(|| format!("cannot read {ENGLISH}"))?;
    let keys = keys(&english);
    let mut names = Vec::new();
    for (tag, text) in sources(&root.join(SOURCES))? {
        let catalogue = lines(&keys, &text);
        let mut digest = Digest::new();
        digest.add(catalogue.as_bytes());
        let hash: String = digest.name().chars().take(8).collect();
        let name = format!("{tag}-{hash}");
        fs::create_dir_all(assets.join(FOLDER))?;
        fs::write(assets.join(FOLDER).join(&name).with_extension("txt"), catalogue)?;
        names.push(name);
    }
    if !html.contains(PLACE) {
        bail!("index.html has no {PLACE}: the page could not find its languages");
    }
    Ok(html.replace(PLACE, &PLACE.replace("\"\"", &format!("\"{}\"", names.join(" ")))))
}

/// Fails where a language costs too much.
pub(super) fn check(assets: &Path) -> Result<()> {
    for entry in fs::read_dir(assets.join(FOLDER)).into_iter().flatten() {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let size = fs::metadata(with_suffix(&path, ".br"))?.len();
            if size > BUDGET_BYTES {
                bail!(
                    "{} has {size} bytes with brotli, more than {BUDGET_BYTES}",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

/// The catalogues by their tags.
fn sources(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        sources.insert(tag.to_owned(), text);
    }
    Ok(sources)
}

/// The keys of English, in their order.
fn keys(source: &str) -> Vec<&str> {
    let lines = source.lines().filter(|line| line.ends_with("\","));
    lines
        .filter_map(|line| Some(line.strip_prefix("    ")?.split_once(" = \"")?.0))
        .collect()
}

/// A catalogue's texts in the order of the keys; an empty line for one that it has not.
fn lines(keys: &[&str], catalogue: &str) -> String {
    let texts: BTreeMap<_, _> = catalogue
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, text)| (key.trim(), text.strip_prefix('=').unwrap_or(text)))
        // A space more is the text's own.
        .map(|(key, text)| (key, text.strip_prefix(' ').unwrap_or(text)))
        .collect();
    let mut out = String::new();
    for key in keys {
        out.push_str(texts.get(key).copied().unwrap_or_default());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "texts! {\n    One = \"first\",\n    Two = \"a = b\",\n    Three = \"third\",\n}\n";

    #[test]
    fn texts_are_written_in_the_order_of_english_with_room_for_what_is_missing() {
        let keys = keys(SOURCE);
        assert_eq!(keys, ["One", "Two", "Three"]);
        assert_eq!(
            lines(&keys, "# a comment = x\nThree = drei\nOne == first\nFour = vier"),
            "first\n\ndrei\n"
        );
    }

    #[test]
    fn the_page_is_told_the_names_and_a_page_without_a_place_for_them_is_an_error() {
        let root = std::env::temp_dir().join(format!("xtask-locales-{}", std::process::id()));
        fs::create_dir_all(root.join(SOURCES)).unwrap();
        fs::create_dir_all(root.join(ENGLISH).parent().unwrap()).unwrap();
        fs::write(root.join(ENGLISH), SOURCE).unwrap();
        fs::write(root.join(SOURCES).join("de.txt"), "One = erstens").unwrap();
        let assets = root.join("assets");
        let html = write(&root, &assets, PLACE).unwrap();
        let name = html.split('"').rev().nth(1).unwrap();
        assert!(name.starts_with("de-"), "{html}");
        let written = fs::read_to_string(assets.join(FOLDER).join(name).with_extension("txt")).unwrap();
        assert_eq!(written, "erstens\n\n\n");
        assert!(write(&root, &assets, "<html>").is_err());
        fs::remove_dir_all(root).unwrap();
    }
}
