//! The log as a window over what is kept: a scrolled area as tall as all rows, and elements for those in sight.
//!
//! It follows the newest row until the reader scrolls up, and goes on when they come back to the end. Which rows are in
//! sight, and where, is the viewport's to say ([`Viewport`]); here they become elements.

use std::collections::VecDeque;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ResizeObserver};

use super::filter_dialog::has_room;
use super::log_rows::{Clock, Look, RowElements};
use super::row_menu;
use super::search_marks::Marks;
use crate::browser::{document, is_printed, style, zone_minutes};
use crate::erased::{effect, handler};
use crate::i18n::{Key, t};
use crate::state::columns::{Column, Columns, Fit};
use crate::state::filter::Query;
use crate::state::log::{Anchor, SessionLog, Viewport};
use crate::state::preferences::Density;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;

/// A row's height, pixels, as long as it could not be measured.
const ROW_HEIGHT: u64 = 26;
/// The characters of the text that a character's width is measured with.
const PROBE_CHARS: usize = 50;

/// The elements and where they stand.
struct Surface {
    scroller: HtmlElement,
    area: HtmlElement,
    rows: HtmlElement,
    /// From the topmost down, as they stand in the document.
    elements: VecDeque<RowElements>,
    /// The ordinal that the topmost showed last.
    topmost: u64,
    /// Vertical offset of the rows, pixels.
    offset: u64,
    viewport: Viewport,
    chars: usize,
    /// The scroll position and the area's height as last set.
    set: (u64, u64),
    zone: Option<i32>,
    probe: Option<RowElements>,
    marks: Option<Marks>,
    columns: LogColumns,
    fit: Fit,
}

/// The columns that were chosen, and which there is something for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LogColumns {
    pub(crate) chosen: Columns,
    pub(crate) density: Density,
    pub(crate) has_routing: bool,
    pub(crate) has_sessions: bool,
}

impl Surface {
    fn new(scroller: HtmlElement, area: HtmlElement, rows: HtmlElement, columns: LogColumns) -> Self {
        let mut surface = Self {
            scroller,
            area,
            rows,
            elements: VecDeque::new(),
            topmost: 0,
            offset: u64::MAX,
            viewport: Viewport::new(ROW_HEIGHT),
            chars: 80,
            set: (0, u64::MAX),
            zone: None,
            probe: None,
            marks: Marks::new(),
            columns,
            fit: Fit::default(),
        };
        surface.measure();
        surface
    }

    /// Takes in the room there is.
    fn measure(&mut self) {
        self.fit_columns();
        self.chars = self.room().unwrap_or(self.chars);
        // The styles decide: by the window's width and by the density that was chosen.
        let measured = self.probe.as_ref().map_or(0, |probe| probe.row.offset_height());
        let row_height = u64::try_from(measured).ok().filter(|height| *height > 0);
        let height = self.scroller.client_height().unsigned_abs().into();
        self.viewport.resize(height, row_height.unwrap_or(ROW_HEIGHT));
        self.set.1 = u64::MAX;
    }

    /// Fits the columns into the window. Styles have them from the frame, so that no row is touched.
    fn fit_columns(&mut self) {
        let without = [
            (Column::Routing, self.columns.has_routing),
            (Column::Session, self.columns.has_sessions),
        ];
        let without: Vec<Column> = without
            .into_iter()
            .filter(|(_, has)| !has)
            .map(|(own, _)| own)
            .collect();
        let width = u16::try_from(self.scroller.client_width()).unwrap_or(u16::MAX);
        let fit = self.columns.chosen.fit(width, !has_room(), &without);
        if let Some(frame) = self.scroller.parent_element().filter(|_| fit != self.fit) {
            let frame: HtmlElement = frame.unchecked_into();
            style(&frame, "--columns", &fit.template);
            drop(frame.set_attribute("data-fit", &fit.marks));
            self.fit = fit;
        }
    }

    /// Number of characters of a row's text that fit, measured on a hidden row.
    fn room(&mut self) -> Option<usize> {
        if self.probe.is_none() {
            let probe = RowElements::new(&document()?, usize::MAX)?;
            probe.row.set_class_name("row probe");
            probe.row.set_hidden(false);
            self.scroller.append_child(&probe.row).ok()?;
            self.probe = Some(probe);
        }
        self.probe.as_mut()?.room("0".repeat(PROBE_CHARS))
    }

    /// Draws the rows in sight, and sets only values that changed: setting a scroll position forces layout, and so does
    /// each row that is filled.
    fn draw(&mut self, log: &SessionLog, following: bool, selected: Option<u64>, clock: Clock) {
        let view = log.view();
        self.viewport.update(view, following, selected);
        self.place();
        let (range, offset) = self.viewport.rows();
        if offset != self.offset {
            let transform = ["translateY(", &pixels(offset), ")"].concat();
            style(&self.rows, "transform", &transform);
            self.offset = offset;
        }
        self.turn(range.start);
        let ts = |position: u64| log.ring().get(position).map(|entry| entry.ts());
        let steps = clock == Clock::Steps;
        let before = range.start.checked_sub(1).filter(|_| steps);
        let mut before = before.and_then(|ordinal| ts(view.position(ordinal)?));
        let mut used = 0;
        for position in range.filter_map(|ordinal| view.position(ordinal)) {
            let clock = before.filter(|_| steps).map_or(clock, Clock::Step);
            self.fill(used, log, position, selected, clock);
            before = if steps { ts(position) } else { None };
            used += 1;
        }
        self.elements.iter_mut().skip(used).for_each(RowElements::hide);
        if let Some(marks) = &mut self.marks {
            let rows = self.elements.iter().take(used);
            marks.show(log.query().map(Query::filter), rows.flat_map(RowElements::searched));
        }
    }

    /// Gives the area its height and scrolls it, where either has changed.
    fn place(&mut self) {
        let wanted = (self.viewport.scroll(), self.viewport.area_height());
        if wanted != self.set {
            style(&self.area, "height", &pixels(wanted.1));
            self.scroller
                .set_scroll_top(i32::try_from(wanted.0).unwrap_or(i32::MAX));
            self.set = wanted;
        }
    }

    /// Moves the elements that have gone out of sight at one edge to the other, so that what stays in sight keeps its
    /// own.
    fn turn(&mut self, topmost: u64) {
        let (count, by) = (self.elements.len(), topmost.abs_diff(self.topmost));
        let down = topmost > self.topmost;
        self.topmost = topmost;
        // Beyond half of them it is cheaper to fill all anew where they are.
        let Some(by) = usize::try_from(by).ok().filter(|by| 2 * by < count) else {
            return;
        };
        for _ in 0..by {
            let below = if down {
                self.elements.rotate_left(1);
                None
            } else {
                self.elements.rotate_right(1);
                self.rows.first_child()
            };
            let moved = if down {
                self.elements.back()
            } else {
                self.elements.front()
            };
            if let Some(moved) = moved {
                drop(self.rows.insert_before(&moved.row, below.as_ref()));
            }
        }
    }

    fn fill(&mut self, number: usize, log: &SessionLog, position: u64, selected: Option<u64>, clock: Clock) {
        let Some(entry) = log.ring().get(position) else { return };
        if number >= self.elements.len() {
            let Some(element) = document().and_then(|document| RowElements::new(&document, number)) else {
                return;
            };
            drop(self.rows.append_child(&element.row));
            self.elements.push_back(element);
        }
        let zone = *self.zone.get_or_insert_with(|| zone_minutes(entry.ts()));
        let process = entry.pid().and_then(|pid| log.process_name(pid));
        let look = Look {
            position,
            selected: selected == Some(position),
            chars: self.chars,
            clock,
            has_operation: self.fit.has_operation,
            fold: log.view().fold(position).copied(),
            labelled: log.labelled(),
        };
        let element = &mut self.elements[number];
        if look.selected {
            drop(self.scroller.set_attribute("aria-activedescendant", &element.row.id()));
        }
        element.show(entry, look, process, log.label_of(entry.source()), zone);
    }

    /// Takes in that the area was scrolled. Whether to follow from now on; `None` where it was not the reader who did
    /// it.
    fn scrolled(&mut self, log: &SessionLog, following: bool, selected: Option<u64>) -> Option<bool> {
        let scroll: u64 = self.scroller.scroll_top().unsigned_abs().into();
        self.set.0 = scroll;
        if u64::from(self.scroller.client_height().unsigned_abs()) != self.viewport.height() {
            // The window has another height, and the browser scrolled to fit: what measures it comes next.
            return None;
        }
        self.viewport.scrolled(log.view(), scroll, following, selected)
    }

    /// The position of the row at a height in the window's part of the area.
    fn position_at(&self, log: &SessionLog, y: i32) -> Option<u64> {
        let top = self.scroller.get_bounding_client_rect().top() as i32;
        self.viewport.position_at(log.view(), i64::from(y - top))
    }
}

fn pixels(number: u64) -> String {
    let mut out = number.to_string();
    out.push_str("px");
    out
}

/// The log, drawn again at each frame of its store.
#[component]
pub(crate) fn LogView(
    /// Format of times.
    clock: Memo<Clock>,
    /// Columns and density: besides the window, they change the room in a row.
    look: Memo<LogColumns>,
    /// Scroll anchor, kept while another view is open.
    kept: StoredValue<Option<Anchor>>,
) -> impl IntoView {
    let store: LogStore = use_store();
    let LogStore {
        entries: log,
        frame,
        following,
        selected,
        ..
    } = store;
    let (scroller, area, rows) = (NodeRef::<Div>::new(), NodeRef::<Div>::new(), NodeRef::<Div>::new());
    let surface: StoredValue<Option<Surface>, LocalStorage> = StoredValue::new_local(None);
    let draw = move || {
        surface.update_value(|surface| {
            let Some(surface) = surface else { return };
            let follows = following.get_untracked();
            log.with_value(|log| surface.draw(log, follows, selected.get_untracked(), clock.get_untracked()));
            kept.set_value(surface.viewport.anchor().filter(|_| !follows));
        });
    };
    effect(move || {
        if let (Some(scroller), Some(area), Some(rows)) = (scroller.get(), area.get(), rows.get()) {
            // Another view was shown meanwhile.
            let before = kept.get_value();
            surface.set_value(Some(Surface::new(
                scroller.clone().into(),
                area.into(),
                rows.into(),
                look.get_untracked(),
            )));
            observe_size(&scroller, move || {
                surface.update_value(|surface| surface.iter_mut().for_each(Surface::measure));
                draw();
            });
            if let Some(anchor) = before {
                surface.update_value(|surface| surface.iter_mut().for_each(|own| own.viewport.go_back(anchor)));
            }
            draw();
        }
    });
    effect(move || {
        frame.track();
        following.track();
        clock.track();
        draw();
    });
    effect(move || {
        let columns = look.get();
        surface.update_value(|surface| {
            for surface in surface.iter_mut() {
                surface.columns = columns;
                surface.measure();
            }
        });
        draw();
    });
    effect(move || {
        let chosen = selected.get();
        surface.update_value(|surface| reveal(surface.as_mut(), log, chosen));
        draw();
    });
    let on_scroll = move |_| {
        let follows = following.get_untracked();
        let chosen = selected.get_untracked();
        let scrolled =
            surface.try_update_value(|surface| log.with_value(|log| surface.as_mut()?.scrolled(log, follows, chosen)));
        // Where it was us, the rows stand there already.
        let Some(wanted) = scrolled.flatten() else { return };
        if wanted != follows {
            store.set_following(wanted);
        }
        draw();
    };
    let choose = move |y: i32| {
        let at = |surface: &Option<Surface>| log.with_value(|log| surface.as_ref()?.position_at(log, y));
        let position = surface.with_value(at);
        if position.is_some() {
            store.set_following(false);
            selected.set(position);
        }
        position
    };
    let on_click = move |event: web_sys::MouseEvent| {
        if let Some(position) = choose(event.client_y()) {
            store.expand(position);
        }
    };
    let on_menu = move |event: web_sys::MouseEvent| {
        // By a key it has no place, and is about the row that is chosen.
        let by_key = event.client_y() == 0 || event.button() == 0;
        if (by_key && selected.get_untracked().is_some()) || choose(event.client_y()).is_some() {
            event.prevent_default();
            row_menu::open(event.client_x(), event.client_y());
        }
    };
    view! {
        <div
            class="log" id="log" data-testid="log" role="listbox" tabindex="0" aria-label=t(Key::LogLabel)
            node_ref=scroller on:scroll=handler(on_scroll) on:click=handler(on_click) on:contextmenu=handler(on_menu)
        >
            <div class="area" role="presentation" node_ref=area><div class="rows" role="presentation" node_ref=rows></div></div>
        </div>
    }
}

fn reveal(surface: Option<&mut Surface>, log: StoredValue<SessionLog, LocalStorage>, chosen: Option<u64>) {
    if let (Some(surface), Some(position)) = (surface, chosen) {
        log.with_value(|log| surface.viewport.reveal(log.view(), position));
    }
}

/// Calls back when an element changes its size, until the component goes. Not for paper, on which there is room for all
/// rows: the rows in sight are printed.
pub(crate) fn observe_size(element: &HtmlElement, mut callback: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(move || {
        if !is_printed() {
            callback();
        }
    });
    let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(element);
    let held = StoredValue::new_local(Some((observer, callback)));
    on_cleanup(move || {
        if let Some((observer, callback)) = held.try_update_value(Option::take).flatten() {
            observer.disconnect();
            drop(callback);
        }
    });
}
