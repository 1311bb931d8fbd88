//! A session's rate over the last seconds, as one line. Redundant to the number beside it, and so hidden from readers.

use leptos::prelude::*;

use crate::state::sessions::RATES;

/// The height of the drawing; it is as wide as there are rates, and both are stretched to what room there is.
const HEIGHT: f32 = 18.0;

/// The line of some rates, oldest first, as the data of an SVG path; flat where nothing happened.
pub(crate) fn path(rates: impl ExactSizeIterator<Item = f32>) -> String {
    use std::fmt::Write;
    let rates: Vec<f32> = rates.collect();
    let most = rates.iter().copied().fold(1.0_f32, f32::max);
    let skip = RATES.saturating_sub(rates.len());
    let mut out = String::with_capacity(rates.len() * 8);
    for (place, rate) in rates.iter().enumerate() {
        let height = (HEIGHT - 2.0 - rate / most * (HEIGHT - 4.0)) as u32;
        let x = place + skip;
        // Writing into a string cannot fail.
        let _ = write!(out, "{}{x} {height}", if place == 0 { 'M' } else { 'L' });
    }
    out
}

/// The line.
#[component]
pub(crate) fn Sparkline(#[prop(into)] path: Signal<String>) -> impl IntoView {
    view! {
        <svg class="spark" viewBox="0 0 40 18" preserveAspectRatio="none" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}
