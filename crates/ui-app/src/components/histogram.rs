//! Events over time, stacked by kind: one path a kind, redrawn at most four times a second.

use std::fmt::Write;

use leptos::prelude::*;

use crate::format::number::grouped;
use crate::i18n::{Key, lasted, t, with_two};
use crate::state::histogram::{Histogram, MAX_BUCKETS};
use crate::state::kind::Kind;

/// The height of the drawing, in its own units: fine enough for a bucket of one event beside a large one.
const HEIGHT: u64 = 1_000;
/// A bucket's width in the same units, and its bar's.
const BUCKET: usize = 10;
const BAR: usize = 7;
/// The lowest bar: a bucket with one event is never invisible.
const LEAST: u64 = 45;

/// The bars of each kind, as data of SVG paths, and a sentence for who does not see them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Bars {
    paths: [String; Kind::COUNT],
    /// Width of the drawing, buckets.
    buckets: usize,
    says: String,
}

/// Draws a histogram; its newest bucket is at the right edge once half of all buckets are filled.
pub(crate) fn bars(histogram: &Histogram) -> Bars {
    let mut bars = Bars {
        buckets: histogram.buckets().len().max(MAX_BUCKETS / 2),
        ..Bars::default()
    };
    let peak = histogram.peak().max(1);
    for (place, bucket) in histogram.buckets().iter().enumerate() {
        let total = bucket.total();
        let height = (total * HEIGHT / peak).max(LEAST.min(total * LEAST));
        let mut below = 0;
        for kind in Kind::ALL.into_iter().filter(|kind| bucket.of(*kind) > 0) {
            let (from, to) = (below * height / total, (below + bucket.of(kind)) * height / total);
            below += bucket.of(kind);
            let (x, y) = (place * BUCKET, HEIGHT - to);
            // Writing into a string cannot fail.
            let _ = write!(bars.paths[kind as usize], "M{x} {y}h{BAR}v{}h-{BAR}z", to - from);
        }
    }
    let peak = grouped(histogram.peak());
    bars.says = with_two(Key::HistogramSays, &peak, &lasted(histogram.width()));
    bars
}

/// The drawing.
#[component]
pub(crate) fn HistogramView(bars: Memo<Bars>) -> impl IntoView {
    let frame = move || {
        [
            "0 0 ",
            &(bars.read().buckets * BUCKET).to_string(),
            " ",
            &HEIGHT.to_string(),
        ]
        .concat()
    };
    let label = move || [t(Key::Histogram), ": ", bars.read().says.as_str()].concat();
    view! {
        <div class="histogram" role="img" aria-label=move || label() title=move || label() data-testid="histogram">
            <svg viewBox=frame preserveAspectRatio="none" aria-hidden="true">
                {Kind::ALL.map(|kind| {
                    view! { <path class=["k-", kind.slug()].concat() d=move || bars.read().paths[kind as usize].clone()></path> }
                })}
            </svg>
        </div>
    }
}
