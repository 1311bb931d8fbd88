//! Comparison of an edited config with that of the run: before beside after, by routing and by operation, and the facts that are missing.

use leptos::prelude::*;
use mirrord_what_if::message::{Change, Comparison, Side};

use super::lines::LINE_CHARS;
use crate::components::log_rows::{routing_class, routing_word};
use crate::components::open_session::OpenSession;
use crate::components::views::parts::title;
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, t, with};
use crate::state::filter::{ROUTINGS, routing_word as slug};
use crate::state::sorting::set;
use crate::state::what_if::query;

/// A routing in words; one that no event has is the machine's own word.
pub(super) fn word(routing: &str) -> String {
    match (ROUTINGS.into_iter().find(|own| slug(*own) == routing), routing) {
        (Some(own), _) => routing_word(own),
        (None, "depends") => t(Key::Depends).to_owned(),
        (None, other) => other.to_owned(),
    }
}

/// Class of a routing.
pub(super) fn class(routing: &str) -> &'static str {
    let own = ROUTINGS.into_iter().find(|own| slug(*own) == routing);
    own.map_or("", |own| routing_class(own).trim_start())
}

/// The comparison; nothing where there is none.
pub(super) fn results(open: OpenSession, comparison: Option<&Comparison>) -> AnyView {
    let Some(own) = comparison else { return ().into_any() };
    let unhooked: u64 = own.unhooked.iter().map(|(_, own)| own).sum();
    let omitted = own.changed_omitted;
    view! {
        {title(Key::WhatChanges)}
        <table class="changes" data-testid="what-if-changes" hidden=own.changes.is_empty()>
            <thead><tr>
                <th scope="col">{t(Key::ColumnWhat)}</th><th scope="col">{t(Key::ChangesBefore)}</th>
                <th scope="col">{t(Key::ChangesAfter)}</th><th scope="col" class="num">{t(Key::ColumnTimes)}</th>
            </tr></thead>
            <tbody>{own.changes.iter().map(|change| row(open, change)).collect_view()}</tbody>
        </table>
        <p class="quiet" hidden=omitted == 0>{with(Key::WhatIfOmitted, &grouped(omitted))}</p>
        <p class="quiet" data-testid="what-if-same">{with(Key::WhatIfSame, &grouped(own.same))}</p>
        <p class="quiet" hidden=unhooked == 0 data-testid="what-if-unhooked">{with(Key::WhatIfUnhooked, &grouped(unhooked))}</p>
        {by_routing(own)}
        {missing(own)}
    }
    .into_any()
}

fn row(open: OpenSession, change: &Change) -> AnyView {
    let name = shown(&change.name, LINE_CHARS);
    let operation = shown(&change.operation, LINE_CHARS);
    view! {
        <tr>
            <th scope="row"><a href=open.rows_of(&query(change))><code class="machine">{name}</code>" "<span class="quiet">{operation}</span></a></th>
            {side(&change.before)}
            {side(&change.after)}
            <td class="num">{grouped(change.times)}</td>
        </tr>
    }
    .into_any()
}

fn side(own: &Side) -> AnyView {
    let rule = shown(&own.rule, LINE_CHARS);
    let detail = shown(&own.detail, LINE_CHARS);
    view! {
        <td title=rule.clone()>
            <span class=class(&own.routing)>{word(&own.routing)}</span>
            <small hidden=detail.is_empty() class="quiet">{detail.clone()}</small>
            <small hidden=rule.is_empty() class="quiet machine">{rule.clone()}</small>
        </td>
    }
    .into_any()
}

/// Events by routing, before beside after.
fn by_routing(own: &Comparison) -> AnyView {
    let ways = set(own.before.iter().chain(&own.after).map(|(way, _)| way));
    let number = |counts: &[(String, u64)], way: &String| {
        let own = counts.iter().find(|(own, _)| own == way);
        grouped(own.map_or(0, |(_, count)| *count))
    };
    let rows = ways.into_iter().map(|way| {
        view! {
            <tr>
                <th scope="row"><span class=class(way)>{word(way)}</span></th>
                <td class="num">{number(&own.before, way)}</td>
                <td class="num">{number(&own.after, way)}</td>
            </tr>
        }
    });
    view! {
        {title(Key::FieldRouting)}
        <table class="changes" data-testid="what-if-routings">
            <thead><tr>
                <th scope="col">{t(Key::ColumnRouting)}</th><th scope="col" class="num">{t(Key::ChangesBefore)}</th>
                <th scope="col" class="num">{t(Key::ChangesAfter)}</th>
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Facts that are missing, each with the number of events that depend on it.
fn missing(own: &Comparison) -> AnyView {
    let facts = own.missing.iter().map(|(fact, times)| {
        view! { <li><code class="machine">{shown(fact, LINE_CHARS)}</code><span class="tabular">{grouped(*times)}</span></li> }
    });
    view! {
        <div hidden=own.missing.is_empty() data-testid="what-if-missing">
            {title(Key::WhatIfMissing)}
            <ul class="facts-missing">{facts.collect_view()}</ul>
            <p class="quiet" hidden=own.missing_omitted == 0>{with(Key::WhatIfOmitted, &grouped(own.missing_omitted))}</p>
        </div>
    }
    .into_any()
}
