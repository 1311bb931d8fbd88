//! The histogram of the log as its map: pointed at it says what is there, dragged over it shows a range of time alone.
//! With keys: the arrows read, with Shift they select, Enter takes the bar, Escape shows all times again.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, MouseEvent, PointerEvent};

use super::histogram::{Bars, HistogramView, percent};
use crate::browser::{How, zone_minutes};
use crate::erased::handler;
use crate::format::time::{MICROS, clock};
use crate::i18n::{Key, count, span, t, with};
use crate::state::time_range::TimeRange;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

/// Pixels from which on a press is a drag.
const DRAG_PIXELS: u32 = 4;

/// Bars from one to another one, in either order.
type Selection = (usize, usize);

/// A time of day, to the second where that is fine enough.
fn moment(ts: u64, step: u64) -> String {
    let mut text = clock(ts, zone_minutes(ts));
    if step.is_multiple_of(MICROS) && ts.is_multiple_of(MICROS) {
        text.truncate("hh:mm:ss".len());
    }
    text
}

/// A range in words: its ends and its length.
fn range_says(range: TimeRange) -> String {
    let ends = [range.from, range.to].map(|ts| moment(ts, range.from));
    [&ends[0], " – ", &ends[1], " · ", &span(range.length())].concat()
}

fn selected((one, other): Selection, bars: &Bars) -> Option<TimeRange> {
    let time = |place: usize| bars.start.saturating_add(bars.width.saturating_mul(place as u64));
    TimeRange::new(time(one.min(other)), time(one.max(other) + 1))
}

/// The histogram with its cursor and the range.
#[component]
pub(crate) fn Timeline(bars: Memo<Bars>) -> impl IntoView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let cursor = RwSignal::new(None::<usize>);
    let selection = RwSignal::new(None::<Selection>);
    let frame = NodeRef::<Div>::new();
    let drawn = move || log.with(|log| log.histogram().buckets().len());
    // While it is dragged the selection is shown; the log follows when it is let go.
    let range = Memo::new(move |_| {
        let chosen = selection.get().and_then(|own| selected(own, &bars.read()));
        chosen.or(route.current.read().range)
    });
    let place_at = move |event: &PointerEvent| {
        let area = frame.get_untracked()?.get_bounding_client_rect();
        let part = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
        let place = (part.max(0.0) * bars.read_untracked().buckets as f64) as usize;
        Some(place.min(drawn().checked_sub(1)?))
    };
    let show = move |how: How, selection: Selection| {
        route.set_range(how, selected(selection, &bars.read_untracked()));
    };
    // The range's label lies over the bars: a drag may begin there, and a press without one shows all times.
    let is_on_label = StoredValue::new(false);
    let has_dragged = StoredValue::new(false);
    // Bar and place of the press that is held.
    let pressed = StoredValue::new(None::<(usize, i32)>);
    let on_down = move |event: PointerEvent, is_label: bool| {
        is_on_label.set_value(is_label);
        has_dragged.set_value(false);
        if event.button() == 0
            && let (Some(place), Some(frame)) = (place_at(&event), frame.get_untracked())
        {
            drop(frame.set_pointer_capture(event.pointer_id()));
            selection.set(None);
            pressed.set_value(Some((place, event.client_x())));
            cursor.set(Some(place));
        }
    };
    let on_move = move |event: PointerEvent| {
        let place = place_at(&event);
        if event.buttons() & 1 == 1 {
            let is_drag = |x: i32| selection.get_untracked().is_some() || event.client_x().abs_diff(x) >= DRAG_PIXELS;
            match (pressed.get_value(), place) {
                (Some((from, x)), Some(place)) if is_drag(x) => selection.set(Some((from, place))),
                _ => return,
            }
        }
        cursor.set(place);
    };
    let on_up = move |_: PointerEvent| {
        let is_press = pressed.try_update_value(Option::take).flatten().is_some();
        match selection.try_update(Option::take).flatten() {
            Some(dragged) => {
                has_dragged.set_value(true);
                show(How::Push, dragged);
            }
            None if is_press && is_on_label.get_value() => route.set_range(How::Push, None),
            None => {}
        }
    };
    let on_cancel = move |_: PointerEvent| {
        pressed.set_value(None);
        selection.set(None);
    };
    let on_click = move |event: MouseEvent| {
        // A browser may take the end of a drag that began on the label for a click; a key's click has no detail.
        if event.detail() == 0 || !has_dragged.get_value() {
            route.set_range(How::Push, None);
        }
    };
    // Where a selection with keys began, for as long as Shift is held.
    let anchor = StoredValue::new(None::<usize>);
    let on_key = move |event: KeyboardEvent| {
        let Some(last) = drawn().checked_sub(1) else { return };
        let place = cursor.get_untracked().unwrap_or(last);
        let next = match event.key().as_str() {
            "ArrowLeft" => place.saturating_sub(1),
            "ArrowRight" => (place + 1).min(last),
            "Home" => 0,
            "End" => last,
            "Enter" => place,
            "Escape" if route.current.read_untracked().range.is_some() => {
                route.set_range(How::Push, None);
                anchor.set_value(None);
                return taken(&event);
            }
            _ => return,
        };
        taken(&event);
        cursor.set(Some(next));
        let begun = anchor.get_value();
        match (event.shift_key(), event.key() == "Enter") {
            (true, _) => {
                anchor.set_value(Some(begun.unwrap_or(place)));
                let how = if begun.is_some() { How::Replace } else { How::Push };
                show(how, (begun.unwrap_or(place), next));
            }
            (false, true) => show(How::Push, (place, place)),
            (false, false) => anchor.set_value(None),
        }
    };
    let says = move || {
        bars.track();
        let place = cursor.get()?;
        log.with(|log| {
            let histogram = log.histogram();
            let bucket = histogram.buckets().get(place)?;
            let mut says = [
                moment(histogram.time_of(place), histogram.width()),
                count(Key::EventsCount, bucket.total()),
            ]
            .join(" · ");
            if bucket.failed > 0 {
                says.push_str(" · ");
                says.push_str(&count(Key::FailedCount, bucket.failed));
            }
            Some(says)
        })
    };
    let says = Memo::new(move |_| says().unwrap_or_default());
    let at = move |place: usize| percent(2 * place as u64 + 1, 2 * bars.read().buckets as u64);
    let cursor_at = move || cursor.get().map_or_else(String::new, at);
    let part = move |ts: u64| {
        let bars = bars.read();
        let whole = bars.width.saturating_mul(bars.buckets as u64);
        percent(ts.saturating_sub(bars.start), whole)
    };
    let left = move || range.get().map_or_else(String::new, |range| part(range.from));
    let right = move || range.get().map_or_else(String::new, |range| part(range.to));
    let rest = |part: String| ["calc(100% - ", &part, ")"].concat();
    let label = move || range.get().map(range_says).unwrap_or_default();
    view! {
        <div class="timeline" dir="ltr" class:ranged=move || range.read().is_some() data-testid="timeline">
            <div class="plot" node_ref=frame tabindex="0" role="slider" aria-label=t(Key::Histogram) data-testid="plot"
                aria-valuemin="0" aria-valuemax=move || bars.read().buckets.to_string()
                aria-valuenow=move || cursor.get().unwrap_or(0).to_string()
                aria-valuetext=move || if cursor.read().is_some() { says.get() } else { t(Key::TimelineHint).to_owned() }
                title=t(Key::TimelineHint)
                on:pointerdown=handler(move |event| on_down(event, false)) on:pointermove=handler(on_move) on:pointerup=handler(on_up) on:pointercancel=handler(on_cancel)
                on:pointerleave=handler(move |_: PointerEvent| cursor.set(None)) on:blur=handler(move |_| cursor.set(None)) on:keydown=handler(on_key)
            >
                <HistogramView bars/>
                <div class="shade" hidden=move || range.read().is_none() style:left="0" style:width=left></div>
                <div class="shade" hidden=move || range.read().is_none() style:left=right style:right="0"></div>
                <div class="range" hidden=move || range.read().is_none() style:left=left style:right=move || rest(right()) data-testid="range"></div>
                <div class="cursor" hidden=move || cursor.read().is_none() style:left=cursor_at></div>
                <p class="tip tabular" hidden=move || says.read().is_empty() style:left=cursor_at
                    style:transform=move || ["translateX(-", &cursor_at(), ")"].concat() data-testid="tip">{move || says.get()}</p>
            </div>
            <button type="button" class="term tabular" hidden=move || route.current.read().range.is_none() data-testid="all-times"
                style:left=left style:transform=move || ["translateX(-", &left(), ")"].concat()
                title=move || with(Key::RemoveTerm, &label()) on:pointerdown=handler(move |event| on_down(event, true))
                on:click=handler(on_click)>{move || label()}</button>
        </div>
    }
}

fn taken(event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_propagation();
}
