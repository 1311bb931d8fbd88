//! What the views share: the frame with its search, how a time, a routing and a rule are told, and the way to the log.

use leptos::prelude::*;
use mirrord_wire::{Routing, SessionStatus};

use crate::browser::{go, zone_minutes};
use crate::components::copy::CopyButton;
use crate::components::log_rows::{Clock, routing_class, routing_word};
use crate::components::table::{Cell, Column, Empty, Ground, Order, Row};
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with};
use crate::model::Model;
use crate::state::facts::{Counted, Facts};
use crate::state::filter::LogFilter;
use crate::state::preferences::Times;
use crate::state::route::{Route, View};
use crate::state::sessions::Session;
use crate::state::table::{Seen, Sort};

/// Reads the facts of the open session.
pub(crate) fn facts<T>(model: Model, read: impl FnOnce(&Facts) -> T) -> T {
    model.log.with_value(|log| read(log.facts()))
}

/// The open session, as far as the list knows it.
pub(crate) fn session<T>(model: Model, read: impl FnOnce(&Session) -> T) -> Option<T> {
    let route = model.route.read_untracked();
    let id = route.session()?;
    model.sessions.with_untracked(|sessions| sessions.get(id).map(read))
}

/// Shows some events in the log: `choose` says which of all.
pub(crate) fn show_events(model: Model, choose: impl FnOnce(&mut LogFilter)) {
    let mut route = Route {
        filter: LogFilter::default(),
        ..model.route.get_untracked().with_view(View::Events)
    };
    choose(&mut route.filter);
    go(&route.fragment());
}

/// How times are told, as the reader prefers.
pub(crate) fn clock(model: Model) -> Clock {
    let started = || {
        let route = model.route.get_untracked();
        model
            .sessions
            .with_untracked(|sessions| sessions.get(route.session()?)?.started())
    };
    match model.preferences.get_untracked().times {
        Times::Absolute => Clock::OfDay,
        Times::SinceStart => started().map_or(Clock::OfDay, Clock::Since),
        Times::Relative => Clock::Before(model.now.get_untracked()),
    }
}

/// A time; nothing where it is not known. Digits stand as they are; what is told in words runs in their direction.
pub(crate) fn time(model: Model, ts: u64) -> Cell {
    let told = if ts == 0 {
        String::new()
    } else {
        clock(model).told(ts, zone_minutes(ts))
    };
    Cell {
        speaks: !told.is_ascii(),
        ..Cell::new(told)
    }
}

/// The columns that most tables end with, and what stands in them.
pub(crate) const ROUTING: Column = Column::number(Key::FieldRouting, "routing");
pub(crate) const FIRST: Column = Column::number(Key::ColumnFirst, "time early wide");
pub(crate) const LAST: Column = Column::number(Key::ColumnLast, "time wide");

/// How often something was, in all or at the least; where to, by which rule; when first, when last.
pub(crate) fn seen(model: Model, facts: &Facts, seen: &Seen, counted: Counted) -> [Cell; 4] {
    [
        number(seen.count, facts.is_whole(counted)),
        routing(facts, seen),
        time(model, seen.first),
        time(model, seen.last),
    ]
}

/// Where events went, in words, and the rule that decided.
fn routing(facts: &Facts, seen: &Seen) -> Cell {
    let ways: Vec<Routing> = seen.routings().collect();
    let mut main = ways.iter().copied().map(routing_word).collect::<Vec<_>>().join(", ");
    let rule = seen.rule().map_or("", |rule| facts.rule(rule));
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

/// What an empty table says: that the search leaves nothing, that there is nothing yet, or that there was nothing.
pub(crate) fn empty(ground: Ground, nothing: Key) -> Empty {
    Box::new(move || {
        let is_asked = !ground.needle.read().is_empty();
        let key = if is_asked {
            Key::NoRowMatches
        } else {
            so_far(ground.model, nothing)
        };
        t(key).to_owned()
    })
}

/// What to say where nothing was seen: of a session that has ended, nothing is promised.
pub(crate) fn so_far(model: Model, nothing: Key) -> Key {
    model.sessions.track();
    let is_over = session(model, |session| session.summary.status == SessionStatus::Ended);
    if is_over == Some(true) {
        Key::NothingSeen
    } else {
        nothing
    }
}

/// Whether the session says where its events went, which tells what was not found.
pub(crate) fn tells_routing(model: Model) -> bool {
    model.sessions.track();
    facts(model, Facts::tells_routing)
}

/// Puts the rows in order that the search leaves.
pub(crate) fn sorted(ground: Ground, by: fn(&Facts, &str, Sort) -> Vec<u32>) -> Order {
    Box::new(move |sort, _| facts(ground.model, |facts| by(facts, &ground.needle.get_untracked(), sort)))
}

/// Makes a row of what is known.
pub(crate) fn row(model: Model, make: fn(Model, &Facts, u32) -> Row) -> Box<dyn Fn(u32) -> Row> {
    Box::new(move |row| facts(model, |facts| make(model, facts, row)))
}

/// A number of what the facts hold, told anew as they grow.
pub(crate) fn told(model: Model, tell: fn(&Facts) -> String) -> AnyView {
    let says = Memo::new(move |_| {
        model.sessions.track();
        facts(model, tell)
    });
    (move || says.get()).into_any()
}

/// What the numbers cover, in words: nobody should take a part for the whole. `is_counted` where the session itself counts
/// what the view shows.
fn covers(model: Model, is_counted: bool) -> String {
    let (seen, older, lost, uncounted) = facts(model, |facts| {
        let stats = &facts.stats;
        (stats.seen(), stats.older(), stats.lost(), facts.missing())
    });
    // Where the session itself did not see everything, no number covers all.
    let incomplete = model.incomplete.get_untracked();
    if older + lost == 0 && incomplete.is_empty() {
        return t(Key::CoversAll).to_owned();
    }
    // What was told as counts arrived in its way: nobody lost it.
    let withheld = session(model, |session| session.summary.suppressed)
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
    says.extend((!incomplete.is_empty()).then(|| crate::pages::session::incomplete(&incomplete)));
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
        model,
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
        model.sessions.track();
        model.incomplete.track();
        covers(model, is_counted)
    });
    let has_tables = ground.tables.with_value(|tables| !tables.is_empty());
    view! {
        <section
            class="view" data-testid=testid aria-label=t(label) tabindex="-1" node_ref=scroller
            on:scroll=move |_| scrolled.update(|scrolled| *scrolled += 1)
        >
            <div class="view-tools">
                <label class="field" hidden=!search>
                    <span class="off-screen">{t(Key::SearchView)}</span>
                    <input
                        id=if search { "search" } else { "" } type="search" maxlength="1000" autocomplete="off" spellcheck="false" dir="auto"
                        data-testid=[testid, "-search"].concat() placeholder=t(Key::SearchView) on:input=on_input
                    />
                </label>
                {tools}
                <span class="spring"></span>
                <span hidden=!has_tables data-testid="copy-table"><CopyButton label=Key::CopyTable text=move || ground.text()/></span>
                <span class="quiet" data-testid="covers">{move || note.get()}</span>
            </div>
            {body}
        </section>
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
            hidden=move || !is_offered() on:click=move |_| { on.update(|on| *on = !*on); ground.ask(); }
        >{label}</button>
    }
    .into_any()
}
