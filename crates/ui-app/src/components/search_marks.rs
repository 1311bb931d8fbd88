//! Marks of what a search found in the rows in sight. A CSS highlight over ranges of their text nodes: the rows themselves
//! stay as they are. A browser without highlights shows none.

use js_sys::{Array, Function, Reflect};
use mirrord_filter::{Field, Filter};
use wasm_bindgen::prelude::*;
use web_sys::{Range, Text};

use crate::browser::document;

/// Name of the highlight, which the styles use.
const NAME: &str = "found";
/// The most marks at once; a window has some forty rows.
const MAX_RANGES: u32 = 500;

/// Pieces of text that belong together, as they are shown, with the fields whose terms are marked in them.
pub(crate) struct Marked<'a> {
    pub(crate) fields: &'static [Field],
    pub(crate) pieces: [(&'a Text, &'a str); 2],
}

/// The browser's highlights.
pub(crate) struct Marks {
    registry: JsValue,
    constructor: Function,
    is_marked: bool,
}

impl Marks {
    /// Finds the browser's highlights, where it has them.
    pub(crate) fn new() -> Option<Self> {
        let global = js_sys::global();
        let css = Reflect::get(&global, &JsValue::from_str("CSS")).ok()?;
        let registry = Reflect::get(&css, &JsValue::from_str("highlights")).ok()?;
        let constructor = Reflect::get(&global, &JsValue::from_str("Highlight")).ok()?;
        Some(Self {
            registry: Some(registry).filter(JsValue::is_object)?,
            constructor: constructor.dyn_into().ok()?,
            is_marked: false,
        })
    }

    /// Marks what a filter looked for, in place of what was marked before.
    pub(crate) fn show<'a>(&mut self, filter: Option<&Filter>, texts: impl Iterator<Item = Marked<'a>>) {
        if filter.is_none() && !self.is_marked {
            return;
        }
        let ranges = Array::new();
        if let Some(filter) = filter {
            texts.for_each(|text| add(&ranges, filter, &text));
        }
        self.is_marked = ranges.length() > 0;
        let set = || {
            let highlight = Reflect::construct(&self.constructor, &ranges).ok()?;
            let set: Function = Reflect::get(&self.registry, &JsValue::from_str("set"))
                .ok()?
                .dyn_into()
                .ok()?;
            set.call2(&self.registry, &JsValue::from_str(NAME), &highlight).ok()
        };
        drop(set());
    }
}

fn add(ranges: &Array, filter: &Filter, text: &Marked<'_>) {
    let whole = text.pieces.map(|(_, says)| says).concat();
    for mark in filter.marks(&whole, text.fields) {
        if ranges.length() >= MAX_RANGES {
            return;
        }
        if let Some(range) = range(text, mark) {
            ranges.push(&range);
        }
    }
}

fn range(text: &Marked<'_>, mark: std::ops::Range<usize>) -> Option<Range> {
    let range = document()?.create_range().ok()?;
    let [(first, says), (second, behind)] = text.pieces;
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).ok();
    let place = |byte: usize, is_start: bool| {
        let is_first = byte < says.len() || (byte == says.len() && !is_start);
        Some(if is_first {
            (first, units(says.get(..byte)?)?)
        } else {
            (second, units(behind.get(..byte - says.len())?)?)
        })
    };
    let (node, at) = place(mark.start, true)?;
    range.set_start(node, at).ok()?;
    let (node, at) = place(mark.end, false)?;
    range.set_end(node, at).ok()?;
    Some(range)
}
