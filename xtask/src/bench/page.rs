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
    when: When,
}

/// When a file is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// By a first visit, which shows the overview.
    First,
    /// With a place that needs this layer of the wasm, or a higher one.
    Layer(u64),
    /// By who wants it: translations are fetched one at a time.
    Asked,
}

impl When {
    fn of(name: &str) -> Self {
        if name.matches('/').count() > 1 {
            return Self::Asked;
        }
        let number = name
            .strip_prefix("assets/layer-")
            .and_then(|rest| rest.split('-').next());
        match number.and_then(|number| number.parse().ok()) {
            None | Some(0) => Self::First,
            Some(layer) => Self::Layer(layer),
        }
    }
}

/// Builds the page, prints the table, and fails where a first visit is over the budget.
pub(super) fn run(places: &Places) -> Result<()> {
    let page = page::build(places, &setup::page_tools(places)?)?;
    let mut rows = rows(&page)?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.brotli));
    let mut out = io::stdout().lock();
    writeln!(out, "{:<52} {:>10} {:>10} {:>10}", "page", "bytes", "gzip", "brotli")?;
    for row in &rows {
        let mark = match row.when {
            When::First => String::new(),
            When::Layer(layer) => format!("  (layer {layer})"),
            When::Asked => "  (on demand)".to_owned(),
        };
        line(&mut out, &row.name, [row.raw, row.gzip, row.brotli], &mark)?;
    }
    let visits = [
        ("a first visit: the overview", 0),
        ("and a session's log, alone or with others", 1),
        ("and its other views, the settings, a dialog", u64::MAX),
    ];
    let mut first = 0;
    for (what, most) in visits {
        let loads = |row: &&Row| match row.when {
            When::First => true,
            When::Layer(layer) => layer <= most,
            When::Asked => false,
        };
        let sum = |size: fn(&Row) -> u64| rows.iter().filter(loads).map(size).sum::<u64>();
        let sums = [sum(|row| row.raw), sum(|row| row.gzip), sum(|row| row.brotli)];
        line(&mut out, what, sums, &format!("  {:.1} KiB", kib(sums[2])))?;
        if most == 0 {
            first = sums[2];
        }
    }
    writeln!(out, "{:.1} KiB of {:.0} KiB", kib(first), kib(BUDGET_BYTES))?;
    if first > BUDGET_BYTES {
        bail!(
            "a first visit loads {:.1} KiB, more than the budget of {:.0} KiB",
            kib(first),
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
                when: When::of(&name),
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
    fn a_first_visit_is_neither_translations_nor_higher_layers() {
        for (name, when) in [
            ("index.html", When::First),
            ("assets/app.js", When::First),
            ("assets/layer-0-1f.wasm", When::First),
            ("assets/layer-2-1f.wasm", When::Layer(2)),
            ("assets/layers-1f.js", When::First),
            ("assets/i18n/de.txt", When::Asked),
        ] {
            assert_eq!(When::of(name), when, "{name}");
        }
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
            when: When::First,
        };
        assert_eq!(rows, [row("a.js", 7, 3, 2), row("logo.png", 5, 5, 5)]);
        fs::remove_dir_all(folder).unwrap();
    }
}
