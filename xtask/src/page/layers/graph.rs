//! Who refers to what: functions call each other, and reach others through tables of methods in memory.
//!
//! Memory has no borders in it: an object is taken to begin wherever some number in the code, or in memory, points to. So
//! this is a guess, a good one: where it is wrong, a function is in a layer too high, and its stub loads that layer.

use std::collections::HashMap;

use super::module::Module;

/// A larger object is no table of methods: text, or a table of numbers.
const MOST_WORDS: usize = 64;

/// Numbers below are all over the code.
const MOST_COMMON: u32 = 256;

/// A larger value than this has no table of methods.
const MOST_BYTES: u32 = 65_536;

/// The functions, and behind them the objects in memory, with who refers to each.
pub(super) struct Graph {
    pub(super) referrers: Vec<Vec<usize>>,
    /// Those of the referrers that certainly use it: who call it as it stands, and tables of methods.
    pub(super) users: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn of(module: &Module<'_>) -> Self {
        let objects = Objects::find(module);
        let functions = module.type_of.len();
        let mut graph = Self {
            referrers: vec![Vec::new(); functions + objects.starts.len()],
            users: vec![Vec::new(); functions],
        };
        for (caller, calls) in module.calls.iter().enumerate() {
            for callee in calls {
                graph.add(caller, *callee as usize);
                graph.users[*callee as usize].push(caller);
            }
        }
        let by_name: HashMap<&str, usize> = module.names.iter().copied().zip(0..).collect();
        for (function, name) in module.names.iter().enumerate() {
            if let Some(maker) = maker(name).and_then(|name| by_name.get(name)) {
                graph.add(*maker, function);
                graph.users[function].push(*maker);
            }
        }
        let mut is_method = vec![false; functions];
        for (object, words) in objects.words(module).into_iter().enumerate() {
            if words.len() > MOST_WORDS {
                continue;
            }
            let is_table = is_table(module, &words);
            for word in words {
                if let Some(other) = objects.at(word) {
                    graph.add(functions + object, functions + other);
                } else if let Some(function) = in_slot(module, word) {
                    graph.add(functions + object, function);
                    if is_table {
                        is_method[function] = true;
                        graph.users[function].push(functions + object);
                    }
                }
            }
        }
        for (function, constants) in module.constants.iter().enumerate() {
            for constant in constants {
                if let Some(object) = objects.at(*constant) {
                    graph.add(function, functions + object);
                } else if let Some(pointer) = in_slot(module, *constant)
                    && !(is_method[pointer] && *constant < MOST_COMMON)
                {
                    graph.add(function, pointer);
                }
            }
        }
        graph
    }

    fn add(&mut self, from: usize, to: usize) {
        if from != to {
            self.referrers[to].push(from);
        }
    }
}

/// The function that makes a closure, by the closure's name, or by that of its call through a table.
fn maker(name: &str) -> Option<&str> {
    let own = name
        .split_once(" as core[")
        .map_or(name, |(own, _)| own.strip_prefix('<').unwrap_or(own));
    let (maker, number) = own.rsplit_once("::{closure#")?;
    number.ends_with('}').then_some(maker)
}

fn in_slot(module: &Module<'_>, number: u32) -> Option<usize> {
    let function = module.slots.get(number as usize).copied().flatten()?;
    Some(function as usize)
}

/// The objects in memory, by where they begin.
struct Objects {
    starts: Vec<u32>,
    data: std::ops::Range<u32>,
}

impl Objects {
    fn find(module: &Module<'_>) -> Self {
        let ends = module
            .data
            .iter()
            .map(|(start, bytes)| *start + u32::try_from(bytes.len()).unwrap_or(0));
        let data = module.data.iter().map(|(start, _)| *start).min().unwrap_or(0)..ends.max().unwrap_or(0);
        let in_code = module.constants.iter().flatten().copied();
        let in_memory = module
            .data
            .iter()
            .flat_map(|(_, bytes)| words(bytes).map(|(_, word)| word));
        let mut starts: Vec<u32> = in_code
            .chain(in_memory)
            .filter(|number| data.contains(number))
            .collect();
        starts.sort_unstable();
        starts.dedup();
        Self { starts, data }
    }

    /// The object that an address lies in.
    fn at(&self, address: u32) -> Option<usize> {
        if !self.data.contains(&address) {
            return None;
        }
        self.starts.partition_point(|start| *start <= address).checked_sub(1)
    }

    /// The words of each object.
    fn words(&self, module: &Module<'_>) -> Vec<Vec<u32>> {
        let mut objects = vec![Vec::new(); self.starts.len()];
        for (start, bytes) in &module.data {
            for (offset, word) in words(bytes) {
                if let Some(object) = self.at(start + offset) {
                    objects[object].push(word);
                }
            }
        }
        objects
    }
}

/// Whether an object looks like a table of methods: what drops the value, its size, its alignment, and then the methods. A
/// small number in the code is then most often something else than the slot of one.
fn is_table(module: &Module<'_>, words: &[u32]) -> bool {
    let [drop, size, align @ (1 | 2 | 4 | 8 | 16), first, ..] = words else {
        return false;
    };
    let is_method = |word: u32| in_slot(module, word).is_some();
    (*drop == 0 || is_method(*drop)) && *size < MOST_BYTES && size.is_multiple_of(*align) && is_method(*first)
}

/// The aligned words of a segment, whose own start is aligned.
fn words(bytes: &[u8]) -> impl Iterator<Item = (u32, u32)> {
    (0..)
        .step_by(4)
        .zip(bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closure_names_who_makes_it() {
        for (name, made) in [
            ("app[6]::order::list::{closure#0}", Some("app[6]::order::list")),
            (
                "<app[6]::Api>::ask::{closure#0}::{closure#1}",
                Some("<app[6]::Api>::ask::{closure#0}"),
            ),
            (
                "<app[6]::order::list::{closure#0} as core[5]::ops::function::FnOnce<(u32,)>>::call_once::{shim:vtable#0}",
                Some("app[6]::order::list"),
            ),
            ("app[6]::memo::<app[6]::row::{closure#0}>", None),
            ("app[6]::order::list", None),
        ] {
            assert_eq!(maker(name), made, "{name}");
        }
    }
}
