//! Parts that the views share: the frame with its search, cells for times, routings and rules, and the coverage note.

use leptos::prelude::*;
use mirrord_wire::{Outcome, SessionStatus};

use crate::browser::zone_minutes;
use crate::components::copy::CopyButton;
use crate::components::empty_state::printed_part;
use crate::components::log_rows::{routing_class, routing_word};
use crate::components::open_session::OpenSession;
use crate::components::session_row::incomplete as words_for_incomplete;
use crate::components::table::{Cell, Column, Empty, Ground, Order, Row};
use crate::erased::handler;
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::routing::Routing;
use crate::state::searches::FEW;
use crate::state::table::{Seen, Sort};

/// Cell of a time; empty if unknown. Digits run left to right, words in their language's direction.
pub(crate) fn time(open: OpenSession, ts: u64) -> Cell {
    let told = if ts == 0 {
        String::new()
    } else {
        open.clock().format(ts, zone_minutes(ts))
    };
    Cell {
        speaks: !told.is_ascii(),
        ..Cell::new(told)
    }
}

/// Last columns of most tables.
pub(crate) const ROUTING: Column = Column::number(Key::FieldRouting, "routing");
pub(crate) const FIRST: Column = Column::number(Key::ColumnFirst, "time early wide");
pub(crate) const LAST: Column = Column::number(Key::ColumnLast, "time wide");

/// Column of the last outcome.
pub(crate) const RESULT: Column = Column::number(Key::ColumnResult, "result");

/// Cell of the last outcome, in words. Of a file "not found" is no failure by itself.
pub(crate) fn result(seen: &Seen, is_file: bool) -> Cell {
    let (key, class) = match seen.outcome() {
        Some(Outcome::Ok) => (Key::AnswerFound, ""),
        Some(Outcome::NotFound) => (Key::NotFound, if is_file { "absent" } else { "not-found" }),
        Some(Outcome::Denied) => (Key::AnswerDenied, "not-found"),
        Some(Outcome::Connected) => (Key::AnswerConnected, ""),
        Some(Outcome::Failed) => (Key::AnswerFailed, "not-found"),
        Some(Outcome::Pending) => (Key::AnswerPending, "warned"),
        _ => return Cell::default(),
    };
    Cell {
        class,
        ..Cell::words(t(key))
    }
}

/// Cells for a count (exact or a lower bound), routing with its rule, first and last time.
pub(crate) fn seen(open: OpenSession, aggregates: &Aggregates, seen: &Seen, counted: Counted) -> [Cell; 4] {
    [
        number(seen.count, aggregates.is_whole(counted)),
        routing(aggregates, seen),
        time(open, seen.first),
        time(open, seen.last),
    ]
}

/// Cell of routings in words, and of the rule that decided.
fn routing(aggregates: &Aggregates, seen: &Seen) -> Cell {
    let ways: Vec<Routing> = seen.routings().collect();
    let mut main = ways.iter().copied().map(routing_word).collect::<Vec<_>>().join(", ");
    let rule = seen.rule().map_or("", |rule| aggregates.rule(rule));
    if !main.is_empty() && !rule.is_empty() {
        main.push(' ');
    }
    Cell {
        tail: rule.to_owned(),
        class: match ways.as_slice() {
            [only] => routing_class(*only).trim_start(),
            _ => "",
        },
        ..Cell::words(main)
    }
}

/// A number; where it may be larger, that it is that much at the least.
pub(crate) fn number(count: u64, is_whole: bool) -> Cell {
    if count == 0 {
        return Cell::default();
    }
    Cell {
        lead: if is_whole { String::new() } else { "≥ ".to_owned() },
        ..Cell::new(grouped(count))
    }
}

/// Text of an empty table: nothing matches, nothing yet, or nothing at all.
pub(crate) fn empty(ground: Ground, nothing: Key) -> Empty {
    Box::new(move || {
        let is_asked = !ground.needle.read().is_empty();
        let key = if is_asked {
            Key::NoRowMatches
        } else {
            so_far(ground.open, nothing)
        };
        t(key).to_owned()
    })
}

/// Text without data: an ended session promises none.
pub(crate) fn so_far(open: OpenSession, nothing: Key) -> Key {
    open.track();
    let is_over = open.summary(|session| session.summary.status == SessionStatus::Ended);
    if is_over == Some(true) {
        Key::NothingSeen
    } else {
        nothing
    }
}

/// Puts the rows in order that the search leaves.
pub(crate) fn sorted(ground: Ground, by: fn(&Aggregates, &str, Sort) -> Vec<u32>) -> Order {
    Box::new(move |sort, _| {
        ground
            .open
            .aggregates(|aggregates| by(aggregates, &ground.needle.get_untracked(), sort))
    })
}

/// Makes a row of what is known.
pub(crate) fn row(open: OpenSession, make: fn(OpenSession, &Aggregates, u32) -> Row) -> Box<dyn Fn(u32) -> Row> {
    Box::new(move |row| open.aggregates(|aggregates| make(open, aggregates, row)))
}

/// Text from the aggregates, updated as they grow.
pub(crate) fn live_text(open: OpenSession, tell: fn(&Aggregates) -> String) -> AnyView {
    let says = Memo::new(move |_| {
        open.track();
        open.aggregates(tell)
    });
    (move || says.get()).into_any()
}

/// Coverage of the numbers, in words. `is_counted`: the session itself counts what the view shows.
fn covers(open: OpenSession, is_counted: bool) -> String {
    let (seen, older, lost, uncounted) = open.aggregates(|aggregates| {
        let stats = &aggregates.stats;
        (stats.seen(), stats.older(), stats.lost(), aggregates.missing())
    });
    // Where the session itself did not see everything, no number covers all.
    let incomplete = open.log.incomplete.get_untracked();
    if older + lost == 0 && incomplete.is_empty() {
        return t(Key::CoversAll).to_owned();
    }
    // What was told as counts arrived in its way: nobody lost it.
    let withheld = open
        .summary(|session| session.summary.suppressed)
        .unwrap_or(0)
        .min(lost);
    let missing = [
        (older, Key::MissedOlder),
        (withheld, Key::MissedWithheld),
        (lost - withheld, Key::MissedLost),
    ];
    let missing = missing.into_iter().filter(|(missed, _)| *missed > 0);
    let mut says = vec![if is_counted && uncounted == 0 && incomplete.is_empty() {
        t(Key::CoversAll).to_owned()
    } else {
        with(Key::CoversSome, &grouped(seen))
    }];
    says.extend(missing.map(|(missed, key)| count(key, missed)));
    says.extend((!incomplete.is_empty()).then(|| words_for_incomplete(&incomplete)));
    says.join(" · ")
}

/// A view's frame: a search where there is something to search, the view's own choices, and what its numbers cover.
pub(crate) fn frame(
    ground: Ground,
    testid: &'static str,
    label: Key,
    search: bool,
    tools: AnyView,
    body: AnyView,
) -> AnyView {
    let Ground {
        open,
        scroller,
        scrolled,
        needle,
        ..
    } = ground;
    let on_input = move |event| {
        needle.set(event_target_value(&event).trim().to_ascii_lowercase());
        ground.ask();
    };
    let is_counted = matches!(label, Key::TabFiles | Key::TabNetwork | Key::TabEnvironment);
    let note = Memo::new(move |_| {
        open.track();
        open.log.incomplete.track();
        covers(open, is_counted)
    });
    let has_tables = ground.tables.with_value(|tables| !tables.is_empty());
    view! {
        <section
            class="view" data-testid=testid aria-label=t(label) tabindex="-1" node_ref=scroller
            on:scroll=handler(move |_| scrolled.update(|scrolled| *scrolled += 1))
        >
            <div class="view-tools">
                <label class="field" hidden=!search>
                    <span class="off-screen">{t(Key::SearchView)}</span>
                    <input
                        id=if search { "search" } else { "" } type="search" maxlength="1000" autocomplete="off" spellcheck="false" dir="auto"
                        data-testid=[testid, "-search"].concat() placeholder=t(Key::SearchView) on:input=handler(on_input)
                    />
                </label>
                {tools}
                <span class="spring"></span>
                <span hidden=!has_tables data-testid="copy-table"><CopyButton label=Key::CopyTable text=move || ground.text()/></span>
                <span class="quiet" data-testid="covers">{move || note.get()}</span>
            </div>
            {has_tables.then(|| printed_part(t(Key::CopyTable)))}
            {body}
        </section>
    }
    .into_any()
}

/// A part of a view that shows its first rows, and all of them on demand. Without rows it takes no room, and keeps its width,
/// by which a table measures its columns.
pub(crate) fn part(
    testid: &'static str,
    label: Key,
    rows: Memo<usize>,
    all: RwSignal<bool>,
    ground: Ground,
    body: AnyView,
) -> AnyView {
    let says = move || {
        if all.get() {
            t(Key::ShowFewer).to_owned()
        } else {
            with(Key::ShowAll, &grouped(rows.get() as u64))
        }
    };
    view! {
        <div class="table-part" class:vacant=move || rows.get() == 0 data-testid=testid>
            <h2>{t(label)} <span class="third tabular">{move || grouped(rows.get() as u64)}</span></h2>
            {body}
            <button
                type="button" class="link" aria-expanded=move || if all.get() { "true" } else { "false" } hidden=move || rows.get() <= FEW
                on:click=handler(move |_| { all.update(|all| *all = !*all); ground.ask(); })
            >{move || says()}</button>
        </div>
    }
    .into_any()
}

/// A heading within a view.
pub(crate) fn title(key: Key) -> AnyView {
    view! { <h2>{t(key)}</h2> }.into_any()
}

/// A choice that is on or off, where it is offered.
pub(crate) fn choice(
    testid: &'static str,
    label: impl FnMut() -> String + Send + 'static,
    is_offered: impl Fn() -> bool + Send + Sync + 'static,
    on: RwSignal<bool>,
    ground: Ground,
) -> AnyView {
    view! {
        <button
            type="button" class="button" data-testid=testid aria-pressed=move || if on.get() { "true" } else { "false" }
            hidden=move || !is_offered() on:click=handler(move |_| { on.update(|on| *on = !*on); ground.ask(); })
        >{label}</button>
    }
    .into_any()
}
