//! Events over time, stacked by kind, failures in red on top: one path a kind, redrawn at most four times a second. A
//! bar's height is a square root, so that one busy moment does not flatten the rest; the drawing says so.

use std::fmt::Write;

use leptos::prelude::*;

use crate::format::number::grouped;
use crate::i18n::{Key, span, t, with_two};
use crate::state::histogram::{Histogram, MAX_BUCKETS};
use crate::state::kind::Kind;

/// The height of the drawing, in its own units: fine enough for a bucket of one event beside a large one.
const HEIGHT: u64 = 1_000;
/// A bucket's width in the same units, and its bar's.
const BUCKET: usize = 10;
const BAR: usize = 7;
/// The lowest bar, and the lowest part of one that failed: a single event is never invisible.
const LEAST: u64 = 45;
/// The path of what failed, behind those of the kinds.
const FAILED: usize = Kind::COUNT;

/// The bars of each kind, as data of SVG paths, and a sentence for who does not see them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Bars {
    paths: [String; Kind::COUNT + 1],
    /// Width of the drawing, buckets.
    pub(crate) buckets: usize,
    /// When it begins, and a bucket's width, microseconds.
    pub(crate) start: u64,
    pub(crate) width: u64,
    says: String,
}

/// Height of a bar of so many events, where the highest has `peak`.
fn height(total: u64, peak: u64) -> u64 {
    let height = (total.saturating_mul(HEIGHT * HEIGHT) / peak).isqrt();
    height.max(LEAST.min(total * LEAST))
}

/// Draws a histogram; its newest bucket is at the right edge once half of all buckets are filled.
pub(crate) fn bars(histogram: &Histogram) -> Bars {
    let mut bars = Bars {
        buckets: histogram.buckets().len().max(MAX_BUCKETS / 2),
        start: histogram.start(),
        width: histogram.width(),
        ..Bars::default()
    };
    let peak = histogram.peak().max(1);
    for (place, bucket) in histogram.buckets().iter().enumerate() {
        let (total, counts) = (bucket.total(), bucket.counts);
        let height = height(total, peak);
        let mut draw = |path: usize, from: u64, to: u64| {
            let (x, y) = (place * BUCKET, HEIGHT - to);
            // Writing into a string cannot fail.
            let _ = write!(bars.paths[path], "M{x} {y}h{BAR}v{}h-{BAR}z", to - from);
        };
        let mut below = 0;
        for kind in Kind::ALL.into_iter().filter(|kind| counts.rows_of(*kind) > 0) {
            let from = below * height / total;
            below += counts.rows_of(kind);
            draw(kind as usize, from, below * height / total);
        }
        if bucket.failed > 0 {
            let failed = (bucket.failed * height / total).max(LEAST).min(height);
            draw(FAILED, height - failed, height);
        }
    }
    bars.says = with_two(Key::HistogramSays, &grouped(histogram.peak()), &span(histogram.width()));
    bars
}

/// A part of a whole as a percentage, with two decimals: no fraction is formatted, which would cost its own code.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let at = part.min(whole).saturating_mul(10_000) / whole.max(1);
    let decimals = at % 100;
    let zero = if decimals < 10 { "0" } else { "" };
    [&(at / 100).to_string(), ".", zero, &decimals.to_string(), "%"].concat()
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
    let label = move || [t(Key::Histogram), ": ", &bars.read().says, ". ", t(Key::HistogramScale)].concat();
    let class = |path: usize| {
        Kind::ALL
            .get(path)
            .map_or("failed".to_owned(), |kind| ["k-", kind.slug()].concat())
    };
    view! {
        <div class="histogram" role="img" aria-label=move || label() data-testid="histogram">
            <svg viewBox=frame preserveAspectRatio="none" aria-hidden="true">
                {(0..=FAILED).map(|path| {
                    view! { <path class=class(path) d=move || bars.read().paths[path].clone()></path> }
                }).collect_view()}
            </svg>
            <span class="scale" aria-hidden="true" title=t(Key::HistogramScale)>{move || ["√ ", &bars.read().says].concat()}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_busy_moment_does_not_flatten_the_rest_and_one_event_is_seen() {
        assert_eq!((height(10_000, 10_000), height(100, 10_000)), (HEIGHT, HEIGHT / 10));
        assert_eq!((height(1, u64::MAX), height(0, 1)), (LEAST, 0));
        assert_eq!(
            [percent(1, 3), percent(1, 1_000), percent(5, 0)],
            ["33.33%", "0.10%", "0.00%"]
        );
    }
}
