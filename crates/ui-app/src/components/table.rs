//! Table of every view: a real `table` whose headings sort, with elements for the rows in sight only. A view supplies
//! the order of its rows, a row's cells, and the action of a click.
//!
//! Numbers are updated while events come, the less often the more that costs. The order does not change under a pointer
//! or the focus.

mod elements;
mod parts;

pub(crate) use parts::{Cell, Column, Row};

use leptos::html::{Section, Tbody};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::log_view::observe_size;
use super::open_session::OpenSession;
use crate::browser::{document, is_printed, now_ms, style};
use crate::erased::{effect, handler};
use crate::i18n::{Key, t};
use crate::state::export::push_tabbed;
use crate::state::sorting::set;
use crate::state::table::Sort;
use elements::RowElements;

/// A row's height, pixels, as long as none could be measured: the styles decide.
const ROW_HEIGHT: u64 = 30;
/// Rows drawn beyond each edge.
const OVERSCAN: usize = 8;
/// The least time between two looks at the data, and its share of all time at most, one in so many.
const REFRESH_MS: u64 = 250;
const SHARE: u64 = 25;
/// The width of a character, hundredths of a pixel, and what a cell has beside its text.
const CHAR_WIDTH: i32 = 723;
const PADDING: i32 = 12;

/// Sorts the rows; its argument is the previous order, for what was sorted already.
pub(crate) type Order = Box<dyn Fn(Sort, Vec<u32>) -> Vec<u32>>;

/// Does what a click on a row means: `act` of its column.
pub(crate) type Act = Box<dyn Fn(u32, &str)>;

/// Text of an empty table.
pub(crate) type Empty = Box<dyn Fn() -> String + Send>;

/// Specification of a table.
pub(crate) struct Table {
    pub(crate) testid: &'static str,
    pub(crate) label: Key,
    pub(crate) columns: &'static [Column],
    pub(crate) sort: Sort,
    pub(crate) order: Order,
    pub(crate) row: Box<dyn Fn(u32) -> Row>,
    pub(crate) act: Act,
    /// Text of an empty table.
    pub(crate) empty: Empty,
}

/// State that the tables of a view share.
#[derive(Clone, Copy)]
pub(crate) struct Ground {
    pub(crate) open: OpenSession,
    /// Scrolling element.
    pub(crate) scroller: NodeRef<Section>,
    /// Bumped when it has.
    pub(crate) scrolled: RwSignal<u64>,
    /// Bumped when another question is asked: another search, another choice.
    pub(crate) turn: RwSignal<u64>,
    /// Searched text, in lower case.
    pub(crate) needle: RwSignal<String>,
    /// Each table as text.
    pub(crate) tables: StoredValue<Vec<Box<dyn Fn() -> String>>, LocalStorage>,
}

impl Ground {
    pub(crate) fn new(open: OpenSession) -> Self {
        Self {
            open,
            scroller: NodeRef::new(),
            scrolled: RwSignal::new(0),
            turn: RwSignal::new(0),
            needle: RwSignal::new(String::new()),
            tables: StoredValue::new_local(Vec::new()),
        }
    }

    /// The tables that have rows as text, an empty line between two.
    pub(crate) fn text(&self) -> String {
        let texts = |tables: &Vec<Box<dyn Fn() -> String>>| {
            let texts = tables.iter().map(|table| table());
            texts.filter(|text| !text.is_empty()).collect::<Vec<_>>()
        };
        self.tables.with_value(texts).join("\n")
    }

    /// Has the tables ask again.
    pub(crate) fn ask(&self) {
        self.turn.update(|turn| *turn += 1);
    }
}

/// The elements and what they show.
struct Surface {
    spec: Table,
    scroller: HtmlElement,
    body: HtmlElement,
    above: Option<HtmlElement>,
    below: Option<HtmlElement>,
    rows: Vec<RowElements>,
    /// The place that the first of them shows.
    first: usize,
    widths: Vec<usize>,
    row_height: u64,
    order: Vec<u32>,
    /// When the data was last looked at, and what it cost, milliseconds.
    looked: u64,
    cost: u64,
}

impl Surface {
    fn new(spec: Table, scroller: HtmlElement, body: HtmlElement) -> Self {
        let spacer = || {
            let row: HtmlElement = document()?.create_element("tr").ok()?.dyn_into().ok()?;
            row.set_class_name("spacer");
            drop(row.set_attribute("aria-hidden", "true"));
            body.append_child(&row).ok()?;
            Some(row)
        };
        let (above, below) = (spacer(), spacer());
        let mut surface = Self {
            spec,
            scroller,
            above,
            below,
            body,
            rows: Vec::new(),
            first: 0,
            widths: Vec::new(),
            row_height: ROW_HEIGHT,
            order: Vec::new(),
            looked: 0,
            cost: 0,
        };
        surface.measure();
        surface
    }

    /// Takes in the room that the columns have.
    fn measure(&mut self) {
        let row = self.rows.first().map_or(0, |row| row.row.offset_height());
        self.row_height = u64::try_from(row)
            .ok()
            .filter(|height| *height > 0)
            .unwrap_or(self.row_height);
        let headings = self
            .body
            .parent_element()
            .and_then(|table| table.query_selector_all("thead th").ok());
        let Some(headings) = headings else { return };
        self.widths = (0..headings.length())
            .filter_map(|at| headings.get(at)?.dyn_into::<HtmlElement>().ok())
            .map(|heading| ((heading.offset_width() - PADDING).max(0) * 100 / CHAR_WIDTH).unsigned_abs() as usize)
            .collect();
    }

    /// Looks at the data, unless that was done a moment ago. `anew` is another question.
    fn look(&mut self, sort: Sort, anew: bool) {
        let now = now_ms();
        // A table with nothing in it fills as soon as there is something.
        let least = if self.order.is_empty() { 0 } else { REFRESH_MS };
        if !anew && now < self.looked + least.max(self.cost * SHARE) {
            return;
        }
        let before = std::mem::take(&mut self.order);
        let held = (!anew && self.is_held()).then(|| before.clone());
        self.order = (self.spec.order)(sort, if anew { Vec::new() } else { before });
        if let Some(held) = held {
            self.order = keep_order(held, std::mem::take(&mut self.order));
        }
        self.looked = now_ms();
        self.cost = self.looked - now;
    }

    /// Reports a pointer or the focus on a row.
    fn is_held(&self) -> bool {
        self.body.matches(":hover, :focus-within").unwrap_or(false)
    }

    /// Moves rows that went out of sight to the other end, so that a row in sight keeps its elements and its focus.
    fn turn_to(&mut self, start: usize) {
        let by = start.abs_diff(self.first);
        if by < self.rows.len() {
            let body = &self.body;
            if start > self.first {
                let below = self.below.as_ref().map(AsRef::as_ref);
                for row in &self.rows[..by] {
                    drop(body.insert_before(&row.row, below));
                }
                self.rows.rotate_left(by);
            } else {
                let front = self.rows.first().map(|row| row.row.clone());
                let back = self.rows.len() - by;
                for row in &self.rows[back..] {
                    drop(body.insert_before(&row.row, front.as_ref().map(AsRef::as_ref)));
                }
                self.rows.rotate_right(by);
            }
        }
        self.first = start;
    }

    /// Draws what is in sight.
    fn draw(&mut self) {
        let (view, own) = (
            self.scroller.get_bounding_client_rect(),
            self.body.get_bounding_client_rect(),
        );
        let height = self.row_height as f64;
        let scrolled = ((view.top() - own.top()) / height).max(0.0) as usize;
        let start = scrolled.saturating_sub(OVERSCAN).min(self.order.len());
        let count = (view.height() / height) as usize + 2 * OVERSCAN + 1;
        let end = (scrolled + count).min(self.order.len()).max(start);
        let spacer = |element: &Option<HtmlElement>, rows: usize| {
            if let Some(element) = element {
                style(
                    element,
                    "height",
                    &[&(rows as u64 * self.row_height).to_string(), "px"].concat(),
                );
            }
        };
        spacer(&self.above, start);
        spacer(&self.below, self.order.len() - end);
        self.turn_to(start);
        let mut used = 0;
        for place in start..end {
            let Some(id) = self.order.get(place) else { break };
            if used >= self.rows.len() {
                let made = document().and_then(|document| RowElements::new(&document, self.spec.columns));
                let Some(made) = made else { break };
                let below = self.below.as_ref().map(AsRef::as_ref);
                drop(self.body.insert_before(&made.row, below));
                self.rows.push(made);
            }
            self.rows[used].show(place, self.spec.columns, &self.widths, (self.spec.row)(*id));
            used += 1;
        }
        self.rows.iter().skip(used).for_each(|row| row.row.set_hidden(true));
    }

    /// All rows as text, as they are shown: what is hidden stays hidden; nothing where there are none. As long as the table,
    /// which is bounded.
    fn text(&self) -> String {
        let mut out = String::new();
        if self.order.is_empty() {
            return out;
        }
        push_tabbed(&mut out, self.spec.columns.iter().map(|column| t(column.title)));
        for id in &self.order {
            let row = (self.spec.row)(*id);
            let indent = "  ".repeat(row.depth.into());
            let cells = row.cells.iter().enumerate().map(|(place, cell)| {
                let indent = if place == 0 { indent.as_str() } else { "" };
                [indent, &cell.lead, &cell.main, &cell.tail].concat()
            });
            let cells: Vec<String> = cells.collect();
            push_tabbed(&mut out, cells.iter().map(String::as_str));
        }
        out
    }

    /// Moves the focus to another row, and brings it into sight.
    fn focus(&mut self, place: usize, act: &str) {
        let place = place.min(self.order.len().saturating_sub(1));
        let (view, own) = (
            self.scroller.get_bounding_client_rect(),
            self.body.get_bounding_client_rect(),
        );
        let top = own.top() - view.top() + (place as u64 * self.row_height) as f64;
        let heading = f64::from(self.scroller.client_height()).min(48.0);
        let over = top + self.row_height as f64 - view.height();
        let by = if top < heading { top - heading } else { over.max(0.0) };
        self.scroller.set_scroll_top(self.scroller.scroll_top() + by as i32);
        self.draw();
        let selector = [
            "tr[data-place=\"",
            &place.to_string(),
            "\"]:not([hidden]) [data-act=\"",
            act,
            "\"]",
        ]
        .concat();
        let button = self.body.query_selector(&selector).ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            drop(button.focus());
        }
    }
}

/// Rows of the old order, then the new rows.
fn keep_order(held: Vec<u32>, new: Vec<u32>) -> Vec<u32> {
    let (old, all) = (set(held.iter().copied()), set(new.iter().copied()));
    let mut kept: Vec<u32> = held.into_iter().filter(|row| all.contains(row)).collect();
    kept.extend(new.into_iter().filter(|row| !old.contains(row)));
    kept
}

/// The row and the action that an event is about.
fn meant(event: &web_sys::Event) -> Option<(usize, String)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let act = target.closest("[data-act]").ok()??.get_attribute("data-act")?;
    let place = target.closest("tr").ok()??.get_attribute("data-place")?;
    Some((place.parse().ok()?, act))
}

/// Row that a key leads to.
fn moved(key: &str, place: usize) -> Option<usize> {
    const PAGE: usize = 20;
    Some(match key {
        "ArrowDown" => place + 1,
        "ArrowUp" => place.saturating_sub(1),
        "PageDown" => place + PAGE,
        "PageUp" => place.saturating_sub(PAGE),
        "Home" => 0,
        "End" => usize::MAX,
        _ => return None,
    })
}

/// A table.
pub(crate) fn table(ground: Ground, spec: Table) -> AnyView {
    let Table {
        testid, label, columns, ..
    } = spec;
    let sort = RwSignal::new(spec.sort);
    let empty = StoredValue::new_local(None::<Empty>);
    let body = NodeRef::<Tbody>::new();
    let surface: StoredValue<Option<Surface>, LocalStorage> = StoredValue::new_local(None);
    let count = RwSignal::new(0_usize);
    let spec = StoredValue::new_local(Some(spec));
    ground.tables.update_value(|tables| {
        tables.push(Box::new(move || {
            let text = surface.with_value(|surface| surface.as_ref().map(Surface::text));
            text.unwrap_or_default()
        }));
    });
    let update = move |look: bool, anew: bool| {
        if is_printed() {
            return;
        }
        surface.update_value(|surface| {
            let Some(surface) = surface else { return };
            if look {
                surface.look(sort.get_untracked(), anew);
            }
            let is_first = surface.rows.is_empty();
            surface.draw();
            if is_first && !surface.rows.is_empty() {
                surface.measure();
                surface.draw();
            }
            let rows = surface.order.len();
            if count.get_untracked() != rows {
                count.set(rows);
            }
        });
    };
    effect(move || {
        let (Some(scroller), Some(body)) = (ground.scroller.get(), body.get()) else {
            return;
        };
        let Some(mut spec) = spec.try_update_value(Option::take).flatten() else {
            return;
        };
        empty.set_value(Some(std::mem::replace(&mut spec.empty, Box::new(String::new))));
        let frame: HtmlElement = scroller;
        surface.set_value(Some(Surface::new(spec, frame.clone(), body.into())));
        observe_size(&frame, move || {
            surface.update_value(|surface| surface.iter_mut().for_each(Surface::measure));
            update(false, false);
        });
        update(true, true);
    });
    // The routing column appears once there is routing.
    let is_routed = Memo::new(move |_| ground.open.tells_routing());
    effect(move || {
        is_routed.track();
        surface.update_value(|surface| surface.iter_mut().for_each(Surface::measure));
        update(false, false);
    });
    let mut turn = (0, sort.get_untracked());
    effect(move || {
        ground.open.track();
        ground.open.judgement.track();
        ground.open.log.opened.track();
        let now = (ground.turn.get(), sort.get());
        let anew = now != turn;
        turn = now;
        update(true, anew);
    });
    effect(move || {
        ground.scrolled.track();
        update(false, false);
    });
    let act = move |place: usize, act: &str| {
        // Outside the surface: what is done may ask the table again.
        let row = surface.with_value(|surface| surface.as_ref()?.order.get(place).copied());
        let run = surface.try_update_value(|surface| {
            let own = surface.as_mut()?;
            Some(std::mem::replace(&mut own.spec.act, Box::new(|_, _| {})))
        });
        if let (Some(row), Some(run)) = (row, run.flatten()) {
            run(row, act);
            surface.update_value(|surface| {
                if let Some(own) = surface {
                    own.spec.act = run;
                }
            });
        }
    };
    let on_click = move |event: web_sys::MouseEvent| {
        if let Some((place, what)) = meant(&event) {
            act(place, &what);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let wanted = meant(&event).and_then(|(place, what)| Some((moved(&event.key(), place)?, what)));
        if let Some((place, what)) = wanted {
            event.prevent_default();
            event.stop_propagation();
            surface.update_value(|surface| surface.iter_mut().for_each(|surface| surface.focus(place, &what)));
        }
    };
    let says = move || {
        count.track();
        ground.open.track();
        empty.with_value(|empty| empty.as_ref().map(|empty| empty()).unwrap_or_default())
    };
    view! {
        <table
            class="table" data-testid=testid aria-label=t(label) aria-rowcount=move || (count.get() + 1).to_string()
            on:click=handler(on_click) on:keydown=handler(on_key)
        >
            <thead><tr aria-rowindex="1">
                {columns.iter().enumerate().map(|(place, column)| heading(place, column, sort)).collect_view()}
            </tr></thead>
            <tbody node_ref=body></tbody>
        </table>
        <p class="empty" data-testid=[testid, "-empty"].concat() hidden=move || count.get() != 0>{move || says()}</p>
    }
    .into_any()
}

fn heading(place: usize, column: &'static Column, sort: RwSignal<Sort>) -> AnyView {
    if column.act == "copy" {
        // Buttons have no order: the heading is there to be read out.
        return view! { <th scope="col" class=column.class><span class="off-screen">{t(column.title)}</span></th> }
            .into_any();
    }
    let own = move || (sort.get().column == place).then(|| sort.get().descending);
    let direction = move || match own() {
        Some(true) => "descending",
        Some(false) => "ascending",
        None => "none",
    };
    view! {
        <th scope="col" class=column.class aria-sort=move || direction()>
            <button type="button" title=t(column.title) on:click=handler(move |_| sort.update(|sort| *sort = sort.clicked(place, column.numeric)))>{t(column.title)}</button>
        </th>
    }
    .into_any()
}
