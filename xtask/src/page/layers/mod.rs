//! The page's wasm in layers: the first is what a first visit loads, each further one what some views need on top of it.
//!
//! The page's sources know little of it: they ask for a layer before they show what is in it, and what was not asked for
//! is loaded when it is called (`crates/ui-app/style/layers.js`). Splitting changes where a function is, never what it does.

mod assign;
mod graph;
mod module;
mod write;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use self::{assign::Rules, module::Module};
use crate::{digest::Digest, process, setup::PageTools};

/// Which part of the sources is in which layer.
const RULES: &str = "crates/ui-app/layers.txt";
/// What index.html holds where the names go.
const PLACE: &str = "<meta name=\"layers\" content=\"\">";

/// What the compiler may use; a layer does not say so itself.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Splits the wasm in `raw`, makes each layer small, and tells the page where they are.
pub(super) fn split_page(root: &Path, tools: &PageTools, raw: &Path) -> Result<()> {
    let whole = only_wasm(raw)?;
    let rules = fs::read_to_string(root.join(RULES)).with_context(|| format!("cannot read {RULES}"))?;
    let layers = split(&fs::read(&whole)?, &rules)?;
    let mut names = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        let path = raw.join(format!("layer-{number}.wasm"));
        fs::write(&path, layer)?;
        let mut wasm_opt = Command::new("wasm-opt");
        tools.apply(&mut wasm_opt)?;
        wasm_opt
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            .args(FEATURES);
        wasm_opt.arg(&path).arg("-o").arg(&path);
        process::run(&mut wasm_opt).with_context(|| format!("layer {number}"))?;
        let mut digest = Digest::new();
        digest.add(&fs::read(&path)?);
        let name = format!("layer-{number}-{}.wasm", digest.name());
        fs::rename(&path, raw.join(&name))?;
        names.push(name);
    }
    fs::remove_file(&whole)?;
    let Some((first, higher)) = names.split_first() else {
        bail!("the page has no layers")
    };
    let html = fs::read_to_string(raw.join("index.html"))?;
    let whole = whole.file_name().unwrap_or_default().to_string_lossy();
    if !html.contains(PLACE) || !html.contains(&*whole) {
        bail!("index.html has no {PLACE}, or does not load {whole}");
    }
    let higher: Vec<String> = higher.iter().map(|name| format!("/assets/{name}")).collect();
    let told = PLACE.replace("\"\"", &format!("\"{}\"", higher.join(" ")));
    fs::write(
        raw.join("index.html"),
        html.replace(PLACE, &told).replace(&*whole, first),
    )?;
    Ok(())
}

/// The page's wasm, as Trunk wrote it.
fn only_wasm(raw: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(raw)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            found.push(path);
        }
    }
    match (found.pop(), found.pop()) {
        (Some(path), None) => Ok(path),
        _ => bail!("Trunk wrote no wasm, or more than one"),
    }
}

/// Splits `wasm`, whose functions have their names still, by the rules in `rules`. The first layer comes first.
fn split(wasm: &[u8], rules: &str) -> Result<Vec<Vec<u8>>> {
    let rules = Rules::parse(rules)?;
    let module = Module::read(wasm)?;
    let unused = rules.unused(&module.names);
    if !unused.is_empty() {
        bail!("{RULES}: nothing in the page is of {}", unused.join(", "));
    }
    let layers = assign::assign(&module, &rules);
    let written = write::write(&module, &layers, rules.count)?;
    for (number, layer) in written.iter().enumerate() {
        let mut validator = wasmparser::Validator::new();
        validator
            .validate_all(layer)
            .with_context(|| format!("layer {number} of the page"))?;
    }
    Ok(written)
}
