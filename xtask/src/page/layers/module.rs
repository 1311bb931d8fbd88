//! What is read of the page's wasm: its functions with their names, types and calls, and the table that closures are
//! called through. What a page of ours never has (imported tables, passive segments) is an error, not guessed at.

use anyhow::{Context, Result, bail};
use wasmparser::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, KnownCustom, Name, Operator,
    Parser, Payload, SectionLimited, TypeRef,
};

/// The page's wasm, as far as splitting it needs. Functions are counted as wasm counts them: imported ones first.
#[derive(Default)]
pub(super) struct Module<'a> {
    pub(super) types: Vec<FuncType>,
    /// The type's index of every function.
    pub(super) type_of: Vec<u32>,
    /// How many functions are imported.
    pub(super) imported: u32,
    /// The function that a layer is asked for with.
    pub(super) need: Option<u32>,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    /// What each function calls by its index, sorted; nothing for an imported one.
    pub(super) calls: Vec<Vec<u32>>,
    /// The numbers in each function's body that may be an address or a slot, sorted.
    pub(super) constants: Vec<Vec<u32>>,
    /// What memory holds from the start: where, and what.
    pub(super) data: Vec<(u32, &'a [u8])>,
    /// The function in each slot of the table.
    pub(super) slots: Vec<Option<u32>>,
    /// What must be in the first layer: exported functions and the start function.
    pub(super) pinned: Vec<u32>,
    /// The functions' names; an empty one where there is none.
    pub(super) names: Vec<&'a str>,
    pub(super) sections: Sections<'a>,
}

/// The sections that are copied, into each layer or into the first.
#[derive(Default)]
pub(super) struct Sections<'a> {
    pub(super) types: Option<SectionLimited<'a, wasmparser::RecGroup>>,
    pub(super) imports: Option<wasmparser::ImportSectionReader<'a>>,
    pub(super) tables: Option<SectionLimited<'a, wasmparser::Table<'a>>>,
    pub(super) memories: Option<SectionLimited<'a, wasmparser::MemoryType>>,
    pub(super) globals: Option<SectionLimited<'a, wasmparser::Global<'a>>>,
    pub(super) exports: Option<SectionLimited<'a, wasmparser::Export<'a>>>,
    pub(super) elements: Option<SectionLimited<'a, wasmparser::Element<'a>>>,
    pub(super) data: Option<SectionLimited<'a, wasmparser::Data<'a>>>,
    pub(super) start: Option<u32>,
    pub(super) data_count: Option<u32>,
}

/// Below is the stack: an offset this small is within a value.
const SMALLEST_ADDRESS: u32 = 65_536;

/// Exports of a library that leptos brings, for servers' functions: nothing in the page makes what they belong to.
const UNUSED: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

/// Whether an export is left out, and what only it needs with it.
pub(super) fn is_unused(export: &str) -> bool {
    UNUSED.iter().any(|start| export.starts_with(start))
}

/// How wasm-bindgen names the import of the function that asks for a layer.
const NEED: &str = "__wbg_need_";

impl<'a> Module<'a> {
    pub(super) fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload.context("the page's wasm")?)?;
        }
        let Some(table) = &module.sections.tables else {
            bail!("the page's wasm has no table")
        };
        let first = table.clone().into_iter().next().context("an empty table section")??;
        module.slots.resize(usize::try_from(first.ty.initial)?, None);
        module.names.resize(module.type_of.len(), "");
        let imported = module.imported as usize;
        (module.calls, module.constants) = (vec![Vec::new(); imported], vec![Vec::new(); imported]);
        for body in &module.bodies {
            let (calls, constants) = references(body)?;
            module.calls.push(calls);
            module.constants.push(constants);
        }
        Ok(module)
    }

    /// The size of a function's body; none for an imported one.
    pub(super) fn bytes(&self, function: usize) -> usize {
        let body = function
            .checked_sub(self.imported as usize)
            .and_then(|place| self.bodies.get(place));
        body.map_or(0, |body| body.as_bytes().len())
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section.clone() {
                    for kind in group?.into_types() {
                        self.types.push(kind.unwrap_func().clone());
                    }
                }
                self.sections.types = Some(section);
            }
            Payload::ImportSection(section) => self.take_imports(section)?,
            Payload::FunctionSection(section) => {
                for kind in section {
                    self.type_of.push(kind?);
                }
            }
            Payload::TableSection(section) => self.sections.tables = Some(section),
            Payload::MemorySection(section) => self.sections.memories = Some(section),
            Payload::GlobalSection(section) => self.sections.globals = Some(section),
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export?;
                    if export.kind == ExternalKind::Func && !is_unused(export.name) {
                        self.pinned.push(export.index);
                    }
                }
                self.sections.exports = Some(section);
            }
            Payload::StartSection { func, .. } => {
                self.pinned.push(func);
                self.sections.start = Some(func);
            }
            Payload::ElementSection(section) => self.take_elements(section)?,
            Payload::DataCountSection { count, .. } => self.sections.data_count = Some(count),
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(section) => {
                for data in section.clone() {
                    let data = data?;
                    if let DataKind::Active { offset_expr, .. } = data.kind {
                        self.data.push((u32::try_from(constant(&offset_expr)?)?, data.data));
                    }
                }
                self.sections.data = Some(section);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.take_names(names)?;
                }
            }
            Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
            other => bail!("the page's wasm has a part that cannot be split: {other:?}"),
        }
        Ok(())
    }

    fn take_imports(&mut self, section: wasmparser::ImportSectionReader<'a>) -> Result<()> {
        for import in section.clone().into_imports() {
            let import = import?;
            let TypeRef::Func(kind) = import.ty else {
                bail!("the page's wasm imports what is no function: {}", import.name)
            };
            if import.name.starts_with(NEED) {
                self.need = Some(self.imported);
            }
            self.type_of.push(kind);
            self.imported += 1;
        }
        self.sections.imports = Some(section);
        Ok(())
    }

    fn take_elements(&mut self, section: SectionLimited<'a, wasmparser::Element<'a>>) -> Result<()> {
        for element in section.clone() {
            let element = element?;
            let (
                ElementKind::Active {
                    table_index,
                    offset_expr,
                },
                ElementItems::Functions(functions),
            ) = (element.kind, element.items)
            else {
                bail!("the page's wasm has a segment of functions that is not simply put into a table")
            };
            if table_index.unwrap_or(0) != 0 {
                bail!("the page's wasm calls functions through more than one table");
            }
            let offset = constant(&offset_expr)?;
            for (place, function) in functions.into_iter().enumerate() {
                let slot = offset + place;
                if self.slots.len() <= slot {
                    self.slots.resize(slot + 1, None);
                }
                self.slots[slot] = Some(function?);
            }
        }
        self.sections.elements = Some(section);
        Ok(())
    }

    fn take_names(&mut self, names: wasmparser::NameSectionReader<'a>) -> Result<()> {
        for subsection in names {
            if let Name::Function(map) = subsection? {
                for naming in map {
                    let naming = naming?;
                    let index = naming.index as usize;
                    if self.names.len() <= index {
                        self.names.resize(index + 1, "");
                    }
                    self.names[index] = naming.name;
                }
            }
        }
        Ok(())
    }
}

/// The offset of a segment: an `i32.const`.
fn constant(expression: &ConstExpr<'_>) -> Result<usize> {
    let mut operators = expression.get_operators_reader();
    match operators.read()? {
        Operator::I32Const { value } => Ok(usize::try_from(value)?),
        other => bail!("a segment's place is not a constant: {other:?}"),
    }
}

/// What a body calls, and the numbers in it.
fn references(body: &FunctionBody<'_>) -> Result<(Vec<u32>, Vec<u32>)> {
    let (mut calls, mut constants, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match operators.read()? {
            Operator::Call { function_index } | Operator::RefFunc { function_index } => calls.push(function_index),
            Operator::I32Const { value } => constants.push(value.cast_unsigned()),
            // Two at once: a value's address and its table of methods.
            Operator::I64Const { value } => {
                let low = u32::try_from(value.cast_unsigned() & u64::from(u32::MAX));
                let high = u32::try_from(value.cast_unsigned() >> 32);
                addresses.extend(
                    [low, high]
                        .into_iter()
                        .flatten()
                        .filter(|half| *half >= SMALLEST_ADDRESS),
                );
            }
            // What always lies at the same place is often read there without its address in a number of its own.
            Operator::I32Load { memarg }
            | Operator::I64Load { memarg }
            | Operator::I32Load8U { memarg }
            | Operator::I32Load8S { memarg }
            | Operator::I32Load16U { memarg }
            | Operator::I32Store { memarg }
            | Operator::I64Store { memarg }
            | Operator::I32Store8 { memarg }
            | Operator::I32Store16 { memarg } => {
                addresses.extend(
                    u32::try_from(memarg.offset)
                        .ok()
                        .filter(|offset| *offset >= SMALLEST_ADDRESS),
                );
            }
            _ => {}
        }
    }
    constants.append(&mut addresses);
    for list in [&mut calls, &mut constants] {
        list.sort_unstable();
        list.dedup();
    }
    Ok((calls, constants))
}
