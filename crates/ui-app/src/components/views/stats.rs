//! The session in numbers: events over time by kind, the rate, what is touched most, and what is missing. The chart's
//! numbers can be read with a pointer, with the arrow keys, and as a table.

use leptos::html::Div;
use leptos::prelude::*;
use mirrord_filter::Field;
use mirrord_wire::Routing;

use super::parts::{frame, so_far, title};
use crate::browser::{style, zone_minutes};
use crate::components::histogram::{HistogramView, bars, percent};
use crate::components::keyed::rows;
use crate::components::kind_labels::many;
use crate::components::open_session::OpenSession;
use crate::components::session_row::way;
use crate::components::table::Ground;
use crate::erased::{effect, handler};
use crate::format::number::{grouped, rate};
use crate::format::text::shown;
use crate::i18n::{Key, count, span, t, with};
use crate::state::filter_edit::{added, is};
use crate::state::histogram::{Bucket, Histogram, MAX_BUCKETS};
use crate::state::kind::{Counts, Kind};
use crate::state::sessions::Session;

/// The names of a list of the most frequent.
const TOP: usize = 10;
/// The characters of a name in it.
const NAME_CHARS: usize = 60;

/// A number and what it is.
fn figure(label: Key, value: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    let value = Memo::new(move |_| value());
    view! { <div><dt>{t(label)}</dt><dd class="tabular">{move || value.get()}</dd></div> }.into_any()
}

fn figures(open: OpenSession) -> AnyView {
    let stat = move |read: fn(&crate::state::stats::Stats) -> u64| {
        open.track();
        grouped(open.aggregates(|aggregates| read(&aggregates.stats)))
    };
    let peak = move || {
        open.track();
        let (peak, ts) = open.aggregates(|aggregates| aggregates.stats.peak());
        if peak == 0 {
            return "0".to_owned();
        }
        [
            &with(Key::PerSecond, &grouped(peak)),
            " · ",
            &open.clock().format(ts, zone_minutes(ts)),
        ]
        .concat()
    };
    let now = move || {
        open.track();
        with(
            Key::PerSecond,
            &rate(open.summary(|session| session.summary.rate).unwrap_or(0.0)),
        )
    };
    let told = move |read: fn(&Session) -> u64| {
        open.track();
        grouped(open.summary(read).unwrap_or(0))
    };
    let split = move || {
        open.track();
        let routing =
            |session: &Session| Routing::ALL.map(|way| session.summary.routing.get(&way).copied().unwrap_or(0));
        let ways = open.summary(routing).unwrap_or_default();
        let sum: u64 = ways.iter().sum();
        if sum == 0 {
            return t(Key::RoutingUnknown).to_owned();
        }
        let parts = Routing::ALL.into_iter().zip(ways).filter(|(_, count)| *count > 0);
        let part = |(routing, count): (Routing, u64)| {
            [
                way(routing),
                " ",
                if count * 100 < sum {
                    "<1".to_owned()
                } else {
                    ((count * 200 + sum) / (2 * sum)).to_string()
                }
                .as_str(),
                " %",
            ]
            .concat()
        };
        parts.map(part).collect::<Vec<_>>().join(" · ")
    };
    let lost = move || {
        open.track();
        match open.summary(|session| (session.counts_losses(), session.missed())) {
            // What it counted is what this page lost; the rest nobody knows.
            Some((false, 0)) => t(Key::RoutingUnknown).to_owned(),
            Some((false, missed)) => ["≥ ", &grouped(missed)].concat(),
            Some((true, missed)) => grouped(missed),
            None => grouped(0),
        }
    };
    let given_up = move || {
        open.track();
        grouped(open.log.with(|log| log.ring().dropped()))
    };
    view! {
        <dl class="figures" data-testid="figures">
            {figure(Key::FigureTotal, move || told(|session| session.counts().total()))}
            {figure(Key::FigureRate, now)}
            {figure(Key::FigurePeak, peak)}
            {figure(Key::FieldRouting, split)}
            {figure(Key::FigureLost, lost)}
            {figure(Key::FigureWithheld, move || told(|session| session.summary.suppressed))}
            {figure(Key::FigureOlder, move || stat(crate::state::stats::Stats::older))}
            {figure(Key::FigureGivenUp, given_up)}
        </dl>
    }
    .into_any()
}

/// Description of a bucket: start time, number of events, kinds.
fn bucket_says(open: OpenSession, histogram: &Histogram, place: usize) -> Option<String> {
    let bucket = histogram.buckets().get(place)?;
    let ts = histogram.start() + histogram.width() * place as u64;
    let mut says = vec![
        open.clock().format(ts, zone_minutes(ts)),
        count(Key::EventsCount, bucket.total()),
    ];
    let kinds = Kind::ALL.into_iter().filter(|kind| bucket.counts.of(*kind) > 0);
    says.extend(kinds.map(|kind| [many(kind), " ", &grouped(bucket.counts.of(kind))].concat()));
    Some(says.join(" · "))
}

/// Chart with a cursor for the pointer and the arrow keys.
fn chart(open: OpenSession) -> AnyView {
    let cursor = RwSignal::new(None::<usize>);
    let frame = NodeRef::<Div>::new();
    let line = NodeRef::<Div>::new();
    let drawn = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| bars(aggregates.stats.histogram()))
    });
    let buckets = move || open.aggregates(|aggregates| aggregates.stats.histogram().buckets().len());
    let drawn_wide = move || buckets().max(MAX_BUCKETS / 2);
    let says = Memo::new(move |_| {
        drawn.track();
        match cursor.get() {
            Some(place) => open
                .aggregates(|aggregates| bucket_says(open, aggregates.stats.histogram(), place))
                .unwrap_or_default(),
            None => t(Key::ChartHint).to_owned(),
        }
    });
    // Read out as the reader moves, not as the numbers do.
    let told = Memo::new(move |_| {
        cursor.track();
        untrack(|| says.get())
    });
    effect(move || {
        drawn.track();
        if let (Some(line), Some(place)) = (line.get(), cursor.get()) {
            style(&line, "left", &percent(2 * place as u64 + 1, 2 * drawn_wide() as u64));
        }
    });
    let on_move = move |event: web_sys::MouseEvent| {
        let Some(frame) = frame.get_untracked() else { return };
        let area = frame.get_bounding_client_rect();
        let part = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
        let place = (part * drawn_wide() as f64).max(0.0) as usize;
        cursor.set((place < buckets()).then_some(place));
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let last = buckets().saturating_sub(1);
        let place = cursor.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" => place.map_or(last, |place| place.saturating_sub(1)),
            "ArrowRight" => place.map_or(last, |place| (place + 1).min(last)),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        cursor.set(Some(next));
    };
    view! {
        <div
            class="chart" dir="ltr" tabindex="0" role="group" aria-label=t(Key::Histogram) data-testid="chart"
            on:mousemove=handler(on_move) on:mouseleave=handler(move |_| cursor.set(None)) on:keydown=handler(on_key)
            on:focus=handler(move |_| cursor.set(buckets().checked_sub(1))) on:blur=handler(move |_| cursor.set(None))
        >
            <div class="plot" node_ref=frame>
                <HistogramView bars=drawn/>
                <div class="cursor" node_ref=line hidden=move || cursor.get().is_none()></div>
            </div>
        </div>
        <p class="quiet tabular says" data-testid="chart-says">{move || says.get()}</p>
        <p class="off-screen" role="status">{move || told.get()}</p>
        <ul class="legend">
            {Kind::ALL.map(|kind| view! {
                <li class=["k-", kind.slug()].concat()><span class="square" aria-hidden="true"></span>{many(kind)}</li>
            })}
        </ul>
        {numbers(open)}
    }
    .into_any()
}

/// The chart as a table, made when it is asked for.
fn numbers(open: OpenSession) -> AnyView {
    let is_open = RwSignal::new(false);
    let filled = move || {
        if !is_open.get() {
            return Vec::new();
        }
        open.track();
        open.aggregates(|aggregates| {
            let histogram = aggregates.stats.histogram();
            let buckets = (0..).zip(histogram.buckets());
            let filled = buckets.filter(|(_, bucket): &(u64, &Bucket)| bucket.total() > 0);
            filled
                .map(|(place, bucket)| row_key(histogram.start() + histogram.width() * place, &bucket.counts))
                .collect()
        })
    };
    let row = move |key: String| {
        let mut numbers = key.split(' ').filter_map(|number| number.parse().ok());
        let ts = numbers.next().unwrap_or(0);
        let cells: Vec<_> = numbers.map(|number| view! { <td>{grouped(number)}</td> }).collect();
        view! { <tr><th scope="row">{open.clock().format(ts, zone_minutes(ts))}</th>{cells}</tr> }.into_any()
    };
    view! {
        <details class="numbers" on:toggle=handler(move |_| is_open.update(|is_open| *is_open = !*is_open))>
            <summary data-testid="chart-table">{t(Key::AsTable)}</summary>
            <div class="scrolls" tabindex="0">
            <table class="plain" aria-label=t(Key::Histogram)>
                <thead><tr>
                    <th scope="col">{t(Key::FieldTime)}</th><th scope="col">{t(Key::TabEvents)}</th>
                    {Kind::ALL.map(|kind| view! { <th scope="col">{many(kind)}</th> })}
                </tr></thead>
                <tbody>{rows(filled, row)}</tbody>
            </table>
            </div>
        </details>
    }
    .into_any()
}

/// Key of a row of the chart as a table: its numbers. A row whose numbers change is another row.
fn row_key(ts: u64, bucket: &Counts) -> String {
    let numbers = Kind::ALL.map(|kind| bucket.of(kind).to_string());
    [ts.to_string(), bucket.total().to_string(), numbers.join(" ")].join(" ")
}

/// The most frequent names, with bars.
fn top(
    open: OpenSession,
    testid: &'static str,
    label: Key,
    empty: Key,
    read: fn(&crate::state::aggregates::Aggregates) -> Vec<(&str, u64)>,
) -> AnyView {
    let names = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| {
            read(aggregates)
                .into_iter()
                .map(|(name, count)| (name.to_owned(), count))
                .collect::<Vec<_>>()
        })
    });
    let of = move |name: &str| {
        names.with(|names| {
            let own = names.iter().find(|(own, _)| own == name);
            own.map_or(0, |(_, count)| *count)
        })
    };
    let most = move || names.with(|names| names.first().map_or(1, |(_, count)| *count).max(1));
    // A row stays while its name does: what is under a pointer or has the focus is not made anew.
    let row = move |name: String| {
        let text = shown(&name, NAME_CHARS);
        let whole = shown(&name, 2_000);
        let typed = added("", is(Field::Name, &name), false);
        let count = Memo::new(move |_| of(&name));
        let width = move || ["0 0 ", &(100 * most() / count.get().max(1)).max(100).to_string(), " 4"].concat();
        let show = move |_| open.show_events(|filter| filter.typed.clone_from(&typed));
        view! {
            <tr>
                <th scope="row" title=whole><button type="button" class="cell" on:click=handler(show)>{text}</button></th>
                <td class="num tabular">{move || grouped(count.get())}</td>
                <td class="bar" aria-hidden="true"><svg viewBox=width preserveAspectRatio="none"><path d="M0 0h100v4h-100z"></path></svg></td>
            </tr>
        }
        .into_any()
    };
    let each = move || names.get().into_iter().map(|(name, _)| name).collect();
    view! {
        <section class="top-names">
            {title(label)}
            <table class="plain" data-testid=testid aria-label=t(label)><tbody>{rows(each, row)}</tbody></table>
            <p class="quiet" hidden=move || !names.read().is_empty()>{move || t(so_far(open, empty))}</p>
        </section>
    }
    .into_any()
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let width = move || {
        open.track();
        with(
            Key::EachBar,
            &span(open.aggregates(|aggregates| aggregates.stats.histogram().width())),
        )
    };
    let body = view! {
        {figures(open)}
        {title(Key::Histogram)}
        <p class="quiet note">{move || width()}</p>
        {chart(open)}
        <div class="tops">
            {top(open, "top-paths", Key::TopPaths, Key::FilesEmpty, |aggregates| aggregates.files.top(TOP))}
            {top(open, "top-hosts", Key::TopHosts, Key::LookupsEmpty, |aggregates| aggregates.network.top_hosts(TOP))}
        </div>
    }
    .into_any();
    frame(ground, "view-stats", Key::TabStats, false, ().into_any(), body)
}
