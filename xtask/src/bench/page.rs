//! What the page weighs: each file as it is, with gzip and with brotli, and what a first visit loads.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{digest, page, places::Places, setup};

/// What a first visit may load, with brotli.
const BUDGET_BYTES: u64 = 170 * 1024;

/// One file of the page.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
    /// Whether a first visit loads it: translations are fetched one at a time, and only by who wants one.
    is_first_visit: bool,
}

/// Builds the page, prints the table, and fails where a first visit is over the budget.
pub(super) fn run(places: &Places) -> Result<()> {
    let page = page::build(places, &setup::page_tools(places)?)?;
    let mut rows = rows(&page)?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.brotli));
    let mut out = io::stdout().lock();
    writeln!(out, "{:<52} {:>10} {:>10} {:>10}", "page", "bytes", "gzip", "brotli")?;
    for row in &rows {
        let mark = if row.is_first_visit { "" } else { "  (on demand)" };
        writeln!(
            out,
            "{:<52} {:>10} {:>10} {:>10}{mark}",
            row.name, row.raw, row.gzip, row.brotli
        )?;
    }
    let sum = |size: fn(&Row) -> u64| rows.iter().filter(|row| row.is_first_visit).map(size).sum::<u64>();
    let brotli = sum(|row| row.brotli);
    writeln!(
        out,
        "{:<52} {:>10} {:>10} {:>10}",
        "a first visit",
        sum(|row| row.raw),
        sum(|row| row.gzip),
        brotli
    )?;
    let kib = |bytes: u64| bytes as f64 / 1024.0;
    writeln!(out, "{:.1} KiB of {:.0} KiB", kib(brotli), kib(BUDGET_BYTES))?;
    if brotli > BUDGET_BYTES {
        bail!(
            "a first visit loads {:.1} KiB, more than the budget of {:.0} KiB",
            kib(brotli),
            kib(BUDGET_BYTES)
        );
    }
    Ok(())
}

fn rows(page: &Path) -> Result<Vec<Row>> {
    let mut files = Vec::new();
    digest::collect(page, &mut files)?;
    let is_copy = |file: &PathBuf| matches!(file.extension().and_then(OsStr::to_str), Some("br" | "gz"));
    let originals = files.iter().filter(|file| !is_copy(file));
    originals
        .map(|file| {
            let raw = fs::metadata(file)?.len();
            // What is not compressible is sent as it is.
            let size = |suffix| fs::metadata(page::with_suffix(file, suffix)).map_or(raw, |copy| copy.len());
            let name = file
                .strip_prefix(page)
                .unwrap_or(file)
                .to_string_lossy()
                .replace('\\', "/");
            Ok(Row {
                is_first_visit: is_first_visit(&name),
                gzip: size(".gz"),
                brotli: size(".br"),
                raw,
                name,
            })
        })
        .collect()
}

/// Everything at the top and directly in `assets/`; what is in a folder of its own is fetched on demand.
fn is_first_visit(name: &str) -> bool {
    name.matches('/').count() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translations_are_not_a_part_of_the_first_visit() {
        assert!(is_first_visit("index.html"));
        assert!(is_first_visit("assets/app.wasm"));
        assert!(!is_first_visit("assets/i18n/de.json"));
    }

    #[test]
    fn a_file_without_copies_counts_as_it_is() {
        let folder = std::env::temp_dir().join(format!("xtask-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("logo.png"), "12345").unwrap();
        fs::write(folder.join("a.js"), "1234567").unwrap();
        fs::write(folder.join("a.js.br"), "12").unwrap();
        fs::write(folder.join("a.js.gz"), "123").unwrap();
        let mut rows = rows(&folder).unwrap();
        rows.sort_by(|left, right| left.name.cmp(&right.name));
        let row = |name: &str, raw, gzip, brotli| Row {
            name: name.into(),
            raw,
            gzip,
            brotli,
            is_first_visit: true,
        };
        assert_eq!(rows, [row("a.js", 7, 3, 2), row("logo.png", 5, 5, 5)]);
        fs::remove_dir_all(folder).unwrap();
    }
}
