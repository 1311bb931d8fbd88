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

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Instruction,
        MemorySection, MemoryType, NameMap, NameSection, RefType, TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::{Parser, Payload};

    use super::*;

    /// Four functions: `start` calls `view` and `shared`; `view`, which is late, calls `shared` and `helper`.
    fn page() -> Vec<u8> {
        let mut module = wasm_encoder::Module::new();
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], []);
        module.section(&types);
        let mut imports = ImportSection::new();
        imports.import("page", "__wbg_need_1f", EntityType::Function(0));
        module.section(&imports);
        let mut functions = FunctionSection::new();
        (0..4).for_each(|_| {
            functions.function(0);
        });
        module.section(&functions);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 1,
            maximum: Some(1),
            shared: false,
        });
        module.section(&tables);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        module.section(&memories);
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 1);
        exports.export("intounderlying_close", ExportKind::Func, 4);
        module.section(&exports);
        let mut code = CodeSection::new();
        for calls in [vec![2, 3], vec![3, 4], vec![0], vec![]] {
            let mut body = Function::new([]);
            for call in calls {
                body.instruction(&Instruction::LocalGet(0));
                body.instruction(&Instruction::Call(call));
            }
            body.instruction(&Instruction::End);
            code.function(&body);
        }
        module.section(&code);
        let mut names = NameMap::new();
        for (function, name) in (1..).zip([
            "app[1]::start",
            "app[1]::late::view",
            "app[1]::shared",
            "app[1]::helper",
        ]) {
            names.append(function, name);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        module.section(&section);
        module.finish()
    }

    /// The names of a layer's imports and exports, and how many functions it has of its own.
    fn read(layer: &[u8]) -> (Vec<&str>, Vec<&str>, u32) {
        let (mut imports, mut exports, mut bodies) = (Vec::new(), Vec::new(), 0);
        for payload in Parser::new(0).parse_all(layer) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    imports.extend(section.into_imports().map(|import| import.unwrap().name));
                }
                Payload::ExportSection(section) => exports.extend(section.into_iter().map(|one| one.unwrap().name)),
                Payload::CodeSectionStart { count, .. } => bodies = count,
                _ => {}
            }
        }
        (imports, exports, bodies)
    }

    #[test]
    fn a_late_function_leaves_a_stub_and_takes_what_only_it_needs_with_it() {
        let layers = split(&page(), "1 app::late\n").unwrap();
        let [first, late] = &layers[..] else {
            panic!("two layers")
        };
        // `start`, `shared`, and the stub of `view`; `view` and `helper`, which nobody else calls.
        assert_eq!(
            read(first),
            (vec!["__wbg_need_1f"], vec!["start", "$M0", "$T0", "$1"], 3)
        );
        assert_eq!(read(late), (vec!["$1", "$M0", "$T0"], vec![], 2));
    }

    #[test]
    fn without_a_rule_there_is_one_layer_and_a_rule_for_nothing_is_an_error() {
        let layers = split(&page(), "# Nothing is late.\n").unwrap();
        assert_eq!(layers.len(), 1);
        assert_eq!(read(&layers[0]).2, 4);
        let error = split(&page(), "1 app::gone\n").unwrap_err().to_string();
        assert!(error.contains("app::gone"), "{error}");
    }
}
