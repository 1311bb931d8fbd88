//! Elements of a table's rows: created once, and refilled as the table scrolls. They know no data and no order.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use super::{CHAR_WIDTH, Cell, Column, Row};
use crate::browser::style;
use crate::components::log_rows::fit;
use crate::format::text::shown;

/// The characters that what steps back has at least.
const MIN_TAIL: usize = 8;
/// The most characters of a title, and of words, which the styles cut off at their end.
const TITLE_CHARS: usize = 2_000;
const WORDS_CHARS: usize = 240;
/// Indentation of one level of a tree, pixels.
const INDENT: u16 = 16;

/// An element and the text in it.
struct Slot {
    element: Element,
    said: String,
}

impl Slot {
    fn new(document: &Document, into: &Element, name: &str, class: &str) -> Option<Self> {
        let element = document.create_element(name).ok()?;
        element.set_class_name(class);
        into.append_child(&element).ok()?;
        let said = String::new();
        Some(Self { element, said })
    }

    fn say(&mut self, text: String) {
        if self.said != text {
            self.element.set_text_content(Some(&text));
            self.said = text;
        }
    }
}

/// One cell's elements.
pub(super) struct CellElements {
    pub(super) cell: HtmlElement,
    holder: Element,
    parts: [Slot; 3],
    class: &'static str,
    speaks: bool,
}

/// One row's elements.
pub(super) struct RowElements {
    pub(super) row: HtmlElement,
    pub(super) cells: Vec<CellElements>,
    class: &'static str,
}

impl RowElements {
    pub(super) fn new(document: &Document, columns: &[Column]) -> Option<Self> {
        let row: HtmlElement = document.create_element("tr").ok()?.dyn_into().ok()?;
        let mut cells = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate() {
            let cell: HtmlElement = document
                .create_element(if place == 0 { "th" } else { "td" })
                .ok()?
                .dyn_into()
                .ok()?;
            if place == 0 {
                cell.set_attribute("scope", "row").ok()?;
            }
            cell.set_class_name(column.class);
            let name = if column.act.is_empty() { "span" } else { "button" };
            let holder = document.create_element(name).ok()?;
            holder.set_class_name("cell");
            if !column.act.is_empty() {
                holder.set_attribute("type", "button").ok()?;
                holder.set_attribute("data-act", column.act).ok()?;
            }
            let parts = [
                Slot::new(document, &holder, "span", "lead")?,
                Slot::new(document, &holder, "span", "main")?,
                Slot::new(document, &holder, "span", "tail")?,
            ];
            cell.append_child(&holder).ok()?;
            row.append_child(&cell).ok()?;
            cells.push(CellElements {
                cell,
                holder,
                parts,
                class: "",
                speaks: false,
            });
        }
        Some(Self { row, cells, class: "" })
    }

    pub(super) fn show(&mut self, place: usize, columns: &[Column], widths: &[usize], row: Row) {
        self.row.set_hidden(false);
        drop(self.row.set_attribute("data-place", &place.to_string()));
        drop(self.row.set_attribute("aria-rowindex", &(place + 2).to_string()));
        if self.class != row.class {
            self.row.set_class_name(row.class);
            self.class = row.class;
        }
        for (at, (own, cell)) in self.cells.iter_mut().zip(row.cells).enumerate() {
            let indent = if at == 0 { row.depth * INDENT } else { 0 };
            let room = widths.get(at).copied().unwrap_or(40);
            let room = room.saturating_sub(usize::from(indent) * 100 / CHAR_WIDTH as usize);
            own.show(columns.get(at).map_or("", |column| column.class), room, cell);
            if at == 0 {
                style(&own.cell, "--depth", &row.depth.min(32).to_string());
                own.open(row.open);
                drop(own.cell.set_attribute("title", &shown(&row.title, TITLE_CHARS)));
            }
        }
    }
}

impl CellElements {
    fn show(&mut self, column: &'static str, room: usize, cell: Cell) {
        let (lead, main, tail) = if cell.speaks {
            (
                cell.lead,
                shown(&cell.main, WORDS_CHARS),
                shown(&cell.tail, WORDS_CHARS),
            )
        } else {
            // What steps back does not cost the main thing its room: where little is left, it goes.
            let is_crowded = !cell.main.is_empty() && cell.main.chars().take(room).count() + MIN_TAIL > room;
            let tail = if is_crowded { "" } else { cell.tail.as_str() };
            if cell.keeps_lead {
                let room = room.saturating_sub(cell.lead.chars().count()).max(MIN_TAIL);
                let (_, main, tail) = fit("", &cell.main, tail, room);
                (cell.lead, main, tail)
            } else {
                fit(&cell.lead, &cell.main, tail, room)
            }
        };
        if self.speaks != cell.speaks {
            self.speaks = cell.speaks;
            self.holder
                .set_class_name(if cell.speaks { "cell says" } else { "cell" });
            drop(self.cell.remove_attribute("title"));
            // What stands behind the words may be a machine's.
            let direction = if cell.speaks { "auto" } else { "ltr" };
            drop(self.parts[2].element.set_attribute("dir", direction));
        }
        if let Some((from, to)) = cell.bar {
            style(&self.cell, "--from", &from.to_string());
            style(&self.cell, "--to", &to.to_string());
        }
        let [own_lead, own_main, own_tail] = &mut self.parts;
        // Words have no other place where they stand in full.
        if cell.speaks && (own_main.said != main || own_tail.said != tail) {
            drop(self.cell.set_attribute("title", &[main.as_str(), &tail].concat()));
        }
        let is_empty = lead.is_empty() && main.is_empty() && tail.is_empty();
        own_lead.say(lead);
        own_main.say(main);
        own_tail.say(tail);
        if self.class != cell.class {
            self.cell.set_class_name(&[column, " ", cell.class].concat());
            self.class = cell.class;
        }
        // A button that says nothing is none.
        drop(if is_empty {
            self.holder.set_attribute("hidden", "")
        } else {
            self.holder.remove_attribute("hidden")
        });
    }

    fn open(&self, open: Option<bool>) {
        drop(match open {
            Some(open) => self
                .holder
                .set_attribute("aria-expanded", if open { "true" } else { "false" }),
            None => self.holder.remove_attribute("aria-expanded"),
        });
    }
}
