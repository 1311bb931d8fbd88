//! Time line of a session that comes from a record: its events over time, and a slider over them that shows the session as it
//! was at any moment; played, it moves on by itself.

use std::fmt::Write;

use leptos::prelude::*;
use mirrord_wire::api::Timeline;

use crate::browser::zone_minutes;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::format::time::clock;
use crate::i18n::{Key, t, with_two};
use crate::state::moment::{SPEEDS, STEPS, step_of_ts, ts_of_step};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::moment::MomentStore;
use crate::store::route::RouteStore;

/// Height of the drawing, in its own units.
const HEIGHT: u64 = 100;
/// Width of a bucket in the same units.
const BUCKET: usize = 4;
/// Lowest bar: a single event is never invisible.
const LEAST: u64 = 8;

/// Paths of the bars: all events, and the failures among them. A bar's height is a square root.
fn bars(timeline: &Timeline) -> [String; 2] {
    let peak = timeline
        .buckets
        .iter()
        .map(|bucket| bucket.events)
        .max()
        .unwrap_or(0)
        .max(1);
    let mut paths = [String::new(), String::new()];
    for (place, bucket) in timeline.buckets.iter().enumerate() {
        for (path, events) in paths.iter_mut().zip([bucket.events, bucket.failed]) {
            if events > 0 {
                let height = (events.saturating_mul(HEIGHT * HEIGHT) / peak)
                    .isqrt()
                    .clamp(LEAST, HEIGHT);
                // Writing into a string cannot fail.
                let _ = write!(
                    path,
                    "M{} {}h{BUCKET}v{height}h-{BUCKET}z",
                    place * BUCKET,
                    HEIGHT - height
                );
            }
        }
    }
    paths
}

/// The time line; nothing of a session that is no record.
#[component]
pub(crate) fn Scrubber() -> impl IntoView {
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let moment: MomentStore = use_store();
    // Where events are missing it is higher than their count.
    let last = Memo::new(move |_| {
        let route = route.current.read();
        let sessions = sessions.read();
        Some(sessions.get(route.session()?)?.summary.record.as_ref()?.last_seq)
    });
    let has_timeline = Memo::new(move |_| last.get().is_some() && moment.timeline.read().buckets.len() > 1);
    let drawn = Memo::new(move |_| bars(&moment.timeline.read()));
    let frame = move || {
        [
            "0 0 ",
            &(moment.timeline.read().buckets.len() * BUCKET).to_string(),
            " ",
            &HEIGHT.to_string(),
        ]
        .concat()
    };
    let step = Memo::new(move |_| match moment.ts() {
        Some(ts) => step_of_ts(&moment.timeline.read(), ts),
        None => STEPS,
    });
    let says = Memo::new(move |_| match (moment.ts(), route.current.read().at) {
        (Some(ts), Some(at)) => {
            let last = last.get().unwrap_or(0);
            let number = with_two(Key::MomentEvent, &grouped(at.min(last)), &grouped(last));
            [&clock(ts, zone_minutes(ts)), " · ", &number].concat()
        }
        _ => t(Key::WholeRecord).to_owned(),
    });
    let seek = move |event| {
        let step = event_target_value(&event).parse().unwrap_or(STEPS);
        let ts = moment.timeline.with_untracked(|timeline| ts_of_step(timeline, step));
        moment.seek(ts);
    };
    let label = move || t(if moment.is_playing.get() { Key::Pause } else { Key::Play });
    let choose_speed = move |event| {
        if let Ok(speed) = event_target_value(&event).parse() {
            moment.speed.set(speed);
        }
    };
    let speed = move |speed: u32| {
        let text = speed.to_string();
        view! { <option value=text.clone() selected=move || moment.speed.get() == speed>{[&text, "×"].concat()}</option> }
    };
    view! {
        <div class="scrubber" role="group" aria-label=t(Key::Moments) data-testid="scrubber" hidden=move || !has_timeline.get()>
            <button type="button" class="icon" data-testid="play" aria-label=move || label() title=move || label()
                on:click=handler(move |_| moment.toggle_playing())>
                <span class="glyph" class:go=move || !moment.is_playing.get() aria-hidden="true"></span>
            </button>
            <label>
                <span class="off-screen">{t(Key::Speed)}</span>
                <select data-testid="speed" title=t(Key::Speed) prop:value=move || moment.speed.get().to_string() on:change=handler(choose_speed)>
                    {SPEEDS.map(speed)}
                </select>
            </label>
            <div class="track">
                <svg viewBox=frame preserveAspectRatio="none" aria-hidden="true">
                    <path d=move || drawn.read()[0].clone()></path>
                    <path class="failed" d=move || drawn.read()[1].clone()></path>
                </svg>
                <input
                    type="range" min="0" max=STEPS.to_string() step="1" data-testid="moment" aria-label=t(Key::Moments)
                    aria-valuetext=move || says.get() prop:value=move || step.get().to_string() on:input=handler(seek)
                />
            </div>
            <output class="tabular" data-testid="moment-says">{move || says.get()}</output>
            <button type="button" class="link" data-testid="whole-record" hidden=move || route.current.read().at.is_none()
                on:click=handler(move |_| moment.show_whole())>{t(Key::WholeRecord)}</button>
        </div>
    }
}
