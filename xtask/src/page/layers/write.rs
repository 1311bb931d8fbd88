//! Writes the layers. The first is the page as it was, but for the functions that are elsewhere: in each one's place, in
//! the table and for whoever calls it, stands a stub that has its layer loaded and then calls it through the table. A
//! higher layer imports memory, tables, globals and lower functions from below, and puts its own into the table.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, ImportSection, Instruction, MemorySection, StartSection, TableSection, TypeSection,
    reencode::{Error, Reencode, RoundtripReencoder},
};

use super::module::{Module, is_unused};

/// The module that a higher layer imports from.
const BELOW: &str = "m";

/// The places of all functions.
struct Places<'a> {
    module: &'a Module<'a>,
    layers: &'a [usize],
    /// Each function that is called from below its layer, with its slot, in order: that of its stub.
    stubs: BTreeMap<u32, u32>,
    /// The functions that higher layers import, by their owner: those of the first layer, with stubs, and so on.
    exported: Vec<BTreeMap<u32, String>>,
}

/// The layers' wasm, the first one first.
pub(super) fn write(module: &Module<'_>, layers: &[usize], count: usize) -> Result<Vec<Vec<u8>>> {
    let need = module.need.context("the page's wasm does not ask for its layers")?;
    let mut places = Places {
        module,
        layers,
        stubs: stubs(module, layers),
        exported: vec![BTreeMap::new(); count],
    };
    places.export();
    let mut written = vec![first(&places, need)?];
    for layer in 1..count {
        written.push(higher(&places, layer)?);
    }
    Ok(written)
}

/// A stub for each function that is in the table, or called from below; one that had no slot gets one behind the others.
fn stubs(module: &Module<'_>, layers: &[usize]) -> BTreeMap<u32, u32> {
    let mut stubs = BTreeMap::new();
    for (slot, function) in (0..).zip(&module.slots) {
        if let Some(function) = function.filter(|function| layers[*function as usize] > 0) {
            stubs.entry(function).or_insert(slot);
        }
    }
    let mut next = u32::try_from(module.slots.len()).unwrap_or(u32::MAX);
    for (caller, calls) in module.calls.iter().enumerate() {
        for callee in calls.iter().filter(|callee| layers[caller] < layers[**callee as usize]) {
            stubs.entry(*callee).or_insert_with(|| {
                next += 1;
                next - 1
            });
        }
    }
    stubs
}

impl Places<'_> {
    /// Who has a function that `layer` refers to: itself, a lower layer, or the first one, which has the stubs.
    fn owner(&self, function: u32, layer: usize) -> usize {
        let own = self.layers[function as usize];
        if own <= layer { own } else { 0 }
    }

    /// Names what each layer takes from those below.
    fn export(&mut self) {
        let mut count = 0_u32;
        for (caller, calls) in self.module.calls.iter().enumerate() {
            let layer = self.layers[caller];
            for callee in calls {
                let owner = self.owner(*callee, layer);
                if owner < layer {
                    self.exported[owner].entry(*callee).or_insert_with(|| {
                        count += 1;
                        format!("${}", base36(count))
                    });
                }
            }
        }
    }

    /// Where each function is found in a layer.
    fn map(&self, layer: usize) -> Map {
        let mut map = vec![None; self.layers.len()];
        let mut next = 0;
        let mut put = |function: u32| {
            map[function as usize] = Some(next);
            next += 1;
        };
        if layer == 0 {
            (0..self.module.imported).for_each(&mut put);
        } else {
            self.imports(layer).into_iter().for_each(|(function, _)| put(function));
        }
        self.defined(layer).for_each(&mut put);
        if layer == 0 {
            self.stubs.keys().copied().for_each(&mut put);
        }
        Map(map)
    }

    /// What a higher layer takes from those below, with the names.
    fn imports(&self, layer: usize) -> BTreeMap<u32, &str> {
        let callers = (0..self.layers.len()).filter(|caller| self.layers[*caller] == layer);
        let callees = callers.flat_map(|caller| &self.module.calls[caller]);
        callees
            .filter_map(|callee| {
                let owner = self.owner(*callee, layer);
                let name = (owner < layer).then(|| self.exported[owner].get(callee)).flatten()?;
                Some((*callee, name.as_str()))
            })
            .collect()
    }

    /// The functions whose bodies are in a layer, in order.
    fn defined(&self, layer: usize) -> impl Iterator<Item = u32> {
        let all = self.module.imported..u32::try_from(self.layers.len()).unwrap_or(u32::MAX);
        all.filter(move |function| self.layers[*function as usize] == layer)
    }

    fn type_of(&self, function: u32) -> u32 {
        self.module.type_of[function as usize]
    }

    fn code(&self, map: &mut Map, layer: usize) -> Result<CodeSection> {
        let mut code = CodeSection::new();
        for function in self.defined(layer) {
            let body = self.module.bodies[(function - self.module.imported) as usize].clone();
            map.parse_function_body(&mut code, body).map_err(refused)?;
        }
        Ok(code)
    }

    fn types(&self) -> Result<TypeSection> {
        let mut types = TypeSection::new();
        if let Some(section) = self.module.sections.types.clone() {
            RoundtripReencoder
                .parse_type_section(&mut types, section)
                .map_err(plain)?;
        }
        Ok(types)
    }
}

/// The functions' numbers in one layer.
struct Map(Vec<Option<u32>>);

impl Reencode for Map {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Self::Error>> {
        let found = self.0.get(function as usize).copied().flatten();
        found.ok_or_else(|| Error::UserError(anyhow::anyhow!("function {function} is not to be found from its layer")))
    }
}

fn refused(error: Error<anyhow::Error>) -> anyhow::Error {
    anyhow::anyhow!("the page's wasm cannot be split: {error}")
}

fn plain(error: Error) -> anyhow::Error {
    anyhow::anyhow!("the page's wasm cannot be split: {error}")
}

fn first(places: &Places<'_>, need: u32) -> Result<Vec<u8>> {
    let (module, sections) = (places.module, &places.module.sections);
    let mut map = places.map(0);
    let mut out = wasm_encoder::Module::new();
    out.section(&places.types()?);
    let mut imports = ImportSection::new();
    if let Some(section) = sections.imports.clone() {
        RoundtripReencoder
            .parse_import_section(&mut imports, section)
            .map_err(plain)?;
    }
    out.section(&imports);
    let mut functions = FunctionSection::new();
    for function in places.defined(0).chain(places.stubs.keys().copied()) {
        functions.function(places.type_of(function));
    }
    out.section(&functions);
    out.section(&tables(places)?);
    let mut memories = MemorySection::new();
    if let Some(section) = sections.memories.clone() {
        RoundtripReencoder
            .parse_memory_section(&mut memories, section)
            .map_err(plain)?;
    }
    out.section(&memories);
    let mut globals = GlobalSection::new();
    if let Some(section) = sections.globals.clone() {
        map.parse_global_section(&mut globals, section).map_err(refused)?;
    }
    out.section(&globals);
    let mut exports = ExportSection::new();
    for export in sections.exports.clone().into_iter().flatten() {
        let export = export?;
        if !is_unused(export.name) {
            map.parse_export(&mut exports, export).map_err(refused)?;
        }
    }
    for shared in shared(places)? {
        exports.export(&shared.name, shared.kind, shared.index);
    }
    export(&mut exports, &mut map, &places.exported[0])?;
    out.section(&exports);
    if let Some(start) = sections.start {
        let function_index = map.function_index(start).map_err(refused)?;
        out.section(&StartSection { function_index });
    }
    let mut elements = ElementSection::new();
    if let Some(section) = sections.elements.clone() {
        map.parse_element_section(&mut elements, section).map_err(refused)?;
    }
    let beyond: BTreeMap<u32, u32> = places.stubs.iter().map(|(function, slot)| (*slot, *function)).collect();
    let beyond = beyond
        .into_iter()
        .filter(|(slot, _)| *slot as usize >= module.slots.len());
    put_into_table(&mut elements, &mut map, beyond)?;
    out.section(&elements);
    if let Some(count) = sections.data_count {
        out.section(&wasm_encoder::DataCountSection { count });
    }
    let mut code = places.code(&mut map, 0)?;
    let need = map.function_index(need).map_err(refused)?;
    for (function, slot) in &places.stubs {
        code.function(&stub(places, need, *function, *slot)?);
    }
    out.section(&code);
    if let Some(data) = &sections.data {
        let mut section = wasm_encoder::DataSection::new();
        map.parse_data_section(&mut section, data.clone()).map_err(refused)?;
        out.section(&section);
    }
    Ok(out.finish())
}

fn higher(places: &Places<'_>, layer: usize) -> Result<Vec<u8>> {
    let mut map = places.map(layer);
    let mut out = wasm_encoder::Module::new();
    out.section(&places.types()?);
    let mut imports = ImportSection::new();
    for (function, name) in places.imports(layer) {
        imports.import(BELOW, name, EntityType::Function(places.type_of(function)));
    }
    for shared in shared(places)? {
        imports.import(BELOW, &shared.name, shared.entity);
    }
    out.section(&imports);
    let mut functions = FunctionSection::new();
    for function in places.defined(layer) {
        functions.function(places.type_of(function));
    }
    out.section(&functions);
    let mut exports = ExportSection::new();
    export(&mut exports, &mut map, &places.exported[layer])?;
    out.section(&exports);
    let mut slots: BTreeMap<u32, u32> = BTreeMap::new();
    for (slot, function) in (0..).zip(&places.module.slots) {
        slots.extend(function.map(|function| (slot, function)));
    }
    slots.extend(places.stubs.iter().map(|(function, slot)| (*slot, *function)));
    let mut elements = ElementSection::new();
    let own = slots
        .into_iter()
        .filter(|(_, function)| places.layers[*function as usize] == layer);
    put_into_table(&mut elements, &mut map, own)?;
    out.section(&elements);
    out.section(&places.code(&mut map, layer)?);
    Ok(out.finish())
}

fn export(exports: &mut ExportSection, map: &mut Map, functions: &BTreeMap<u32, String>) -> Result<()> {
    for (function, name) in functions {
        exports.export(name, ExportKind::Func, map.function_index(*function).map_err(refused)?);
    }
    Ok(())
}

/// One segment for each run of slots, in their order.
fn put_into_table(elements: &mut ElementSection, map: &mut Map, slots: impl Iterator<Item = (u32, u32)>) -> Result<()> {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for (slot, function) in slots {
        let function = map.function_index(function).map_err(refused)?;
        match runs.last_mut() {
            Some((start, run)) if *start as usize + run.len() == slot as usize => run.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    for (start, run) in runs {
        let offset = ConstExpr::i32_const(i32::try_from(start)?);
        elements.active(None, &offset, Elements::Functions(run.into()));
    }
    Ok(())
}

/// Loads the layer, where it is not there yet, which puts the function itself into its slot; then calls it there.
fn stub(places: &Places<'_>, need: u32, function: u32, slot: u32) -> Result<Function> {
    let type_index = places.type_of(function);
    let parameters = places.module.types[type_index as usize].params().len();
    let mut stub = Function::new([]);
    stub.instruction(&Instruction::I32Const(i32::try_from(places.layers[function as usize])?));
    stub.instruction(&Instruction::Call(need));
    for parameter in 0..u32::try_from(parameters)? {
        stub.instruction(&Instruction::LocalGet(parameter));
    }
    stub.instruction(&Instruction::I32Const(i32::try_from(slot)?));
    stub.instruction(&Instruction::CallIndirect {
        type_index,
        table_index: 0,
    });
    stub.instruction(&Instruction::End);
    Ok(stub)
}

/// What all layers share: the first one's memory, tables and globals.
struct Shared {
    name: String,
    kind: ExportKind,
    index: u32,
    entity: EntityType,
}

fn shared(places: &Places<'_>) -> Result<Vec<Shared>> {
    let sections = &places.module.sections;
    let mut shared = Vec::new();
    let mut put = |letter: char, kind, index, entity| {
        shared.push(Shared {
            name: format!("${letter}{index}"),
            kind,
            index,
            entity,
        });
    };
    for (index, memory) in (0..).zip(sections.memories.clone().into_iter().flatten()) {
        let entity = RoundtripReencoder.memory_type(memory?).map_err(plain)?;
        put('M', ExportKind::Memory, index, EntityType::Memory(entity));
    }
    for (index, kind) in (0..).zip(table_types(places)?) {
        put('T', ExportKind::Table, index, EntityType::Table(kind));
    }
    for (index, global) in (0..).zip(sections.globals.clone().into_iter().flatten()) {
        let entity = RoundtripReencoder.global_type(global?.ty).map_err(plain)?;
        put('G', ExportKind::Global, index, EntityType::Global(entity));
    }
    Ok(shared)
}

/// The tables, the first with room for the slots that were added.
fn table_types(places: &Places<'_>) -> Result<Vec<wasm_encoder::TableType>> {
    let most = places.stubs.values().max().map_or(0, |slot| u64::from(*slot) + 1);
    let mut types = Vec::new();
    for (index, table) in places.module.sections.tables.clone().into_iter().flatten().enumerate() {
        let mut kind = RoundtripReencoder.table_type(table?.ty).map_err(plain)?;
        if index == 0 {
            kind.minimum = kind.minimum.max(most);
            kind.maximum = kind.maximum.map(|maximum| maximum.max(kind.minimum));
        }
        types.push(kind);
    }
    Ok(types)
}

fn tables(places: &Places<'_>) -> Result<TableSection> {
    let mut tables = TableSection::new();
    for kind in table_types(places)? {
        tables.table(kind);
    }
    Ok(tables)
}

fn base36(mut number: u32) -> String {
    let mut digits = String::new();
    while number > 0 {
        digits.extend(char::from_digit(number % 36, 36));
        number /= 36;
    }
    digits
}
