//! Size of the page: each file raw, with gzip and with brotli, and the bundle that every visit loads.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{digest, page, paths::Paths, setup};

/// Budget of everything that any visit loads, translations and "what if" aside, with brotli.
const BUDGET_BYTES: u64 = 588 * 1024;

/// One file of the page.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
    /// Not part of the bundle: translations, which are fetched one at a time, and the Worker of "what if".
    is_on_demand: bool,
}

/// Folders below `assets` hold what is loaded on demand.
fn is_on_demand(name: &str) -> bool {
    name.matches('/').count() > 1
}

/// Builds the page, prints the table, and fails if the bundle exceeds its budget.
pub(super) fn run(paths: &Paths) -> Result<()> {
    let page = page::build(paths, &setup::page_tools(paths)?)?;
    let mut rows = rows(&page)?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.brotli));
    let mut out = io::stdout().lock();
    writeln!(out, "{:<52} {:>10} {:>10} {:>10}", "page", "bytes", "gzip", "brotli")?;
    for row in &rows {
        let mark = if row.is_on_demand { "  (on demand)" } else { "" };
        line(&mut out, &row.name, [row.raw, row.gzip, row.brotli], mark)?;
    }
    let sum = |size: fn(&Row) -> u64| rows.iter().filter(|row| !row.is_on_demand).map(size).sum::<u64>();
    let bundle = sum(|row| row.brotli);
    line(
        &mut out,
        "the bundle",
        [sum(|row| row.raw), sum(|row| row.gzip), bundle],
        "",
    )?;
    writeln!(out, "{:.1} KiB of {:.0} KiB", kib(bundle), kib(BUDGET_BYTES))?;
    let of_what_if = rows.iter().filter(|row| row.name.starts_with("assets/what-if/"));
    let what_if: u64 = of_what_if.map(|row| row.brotli).sum();
    writeln!(out, "{:.1} KiB more when \"what if\" is opened", kib(what_if))?;
    if bundle > BUDGET_BYTES {
        bail!(
            "the page loads {:.1} KiB with brotli, more than its budget of {:.0} KiB",
            kib(bundle),
            kib(BUDGET_BYTES)
        );
    }
    Ok(())
}

fn line(out: &mut impl io::Write, what: &str, [raw, gzip, brotli]: [u64; 3], mark: &str) -> io::Result<()> {
    writeln!(out, "{what:<52} {raw:>10} {gzip:>10} {brotli:>10}{mark}")
}

fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
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
                is_on_demand: is_on_demand(&name),
                gzip: size(".gz"),
                brotli: size(".br"),
                raw,
                name,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translations_are_not_part_of_the_bundle() {
        for name in ["index.html", "assets/app.js", "assets/app-1f_bg.wasm"] {
            assert!(!is_on_demand(name), "{name}");
        }
        assert!(is_on_demand("assets/i18n/de.txt"));
        assert!(is_on_demand("assets/what-if/mirrord-what-if_bg.wasm"));
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
            is_on_demand: false,
        };
        assert_eq!(rows, [row("a.js", 7, 3, 2), row("logo.png", 5, 5, 5)]);
        fs::remove_dir_all(folder).unwrap();
    }
}
