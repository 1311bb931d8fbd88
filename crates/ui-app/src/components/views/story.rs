//! Panel with the story of a path: who touched it, when, how often by operation, where else its name was looked for, and its
//! outcome over time. The address has the path; Escape and the browser's way back close it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_filter::{Expr, Field, Filter};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::parts::time;
use crate::browser::{document, focus, sleep};
use crate::components::copy::CopyButton;
use crate::components::log_rows::{outcome_class, outcome_word};
use crate::components::open_session::OpenSession;
use crate::erased::{effect, handler};
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, count, t, with};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::filter_edit::is;
use crate::state::searches::{Came, SearchRow, search_of};
use crate::state::story::{Span, Story};

/// The characters of the path that are shown; the copy has all.
const PATH_CHARS: usize = 2_000;
/// The processes and operations that are named.
const MAX_NAMED: usize = 8;

/// Filter for the rows of the path.
fn rows_of(path: &str) -> String {
    Filter::new(Some(Expr::Term(is(Field::Name, path)))).to_string()
}

/// Names with how often each was; what is not named is marked by an ellipsis.
fn listed(names: impl Iterator<Item = (String, u64)>) -> String {
    let mut words: Vec<String> = names
        .take(MAX_NAMED + 1)
        .map(|(name, count)| [&name, " ×", &grouped(count)].concat())
        .collect();
    if words.len() > MAX_NAMED {
        words.truncate(MAX_NAMED);
        words.push("…".to_owned());
    }
    words.join(" · ")
}

/// Facts of the path, each with its name.
fn facts(open: OpenSession, aggregates: &Aggregates, story: &Story, path: &str) -> Vec<(Key, String)> {
    let file = aggregates.files.find(path);
    let seen = file.map(|file| aggregates.files.seen(file)).unwrap_or_default();
    let times = seen.count.max(story.count);
    let at_least = if aggregates.is_whole(Counted::Paths) {
        ""
    } else {
        "≥ "
    };
    let operations = file.map(|file| aggregates.files.operations(file)).unwrap_or_default();
    let operations = operations
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count.into()));
    let processes = story
        .processes
        .iter()
        .filter(|(pid, _)| pid.is_some())
        .map(|(pid, count)| (aggregates.processes.words(*pid), *count));
    let facts = [
        (Key::ColumnTimes, [at_least, &grouped(times)].concat()),
        (Key::ColumnOperations, listed(operations)),
        (Key::TabProcesses, listed(processes)),
        (Key::ColumnFirst, time(open, seen.first).main),
        (Key::ColumnLast, time(open, seen.last).main),
    ];
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Span in words: when, its outcome with its style, how often, and who did what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SpanWords {
    when: String,
    outcome: String,
    class: &'static str,
    times: String,
    who: String,
}

fn span_words(open: OpenSession, aggregates: &Aggregates, span: &Span) -> SpanWords {
    let mut when = time(open, span.first).main;
    let mut times = String::new();
    if span.count > 1 {
        let last = time(open, span.last).main;
        if last != when {
            when = [&when, " – ", &last].concat();
        }
        times = ["×", &grouped(span.count)].concat();
    }
    let operations = span.operations.join(" · ");
    let mut who = vec![aggregates.processes.words(span.pid), operations];
    who.retain(|part| !part.is_empty());
    SpanWords {
        when,
        outcome: span.outcome.map_or("", outcome_word).to_owned(),
        class: span.outcome.map_or("outcome", outcome_class),
        times,
        who: who.join(" · "),
    }
}

fn span_row(own: &SpanWords) -> AnyView {
    view! {
        <li>
            <span class="tabular">{own.when.clone()}</span>
            <span class=own.class>{own.outcome.clone()}</span>
            <span class="tabular times">{own.times.clone()}</span>
            <bdi class="who">{own.who.clone()}</bdi>
        </li>
    }
    .into_any()
}

fn place_word(row: &SearchRow) -> (&'static str, &'static str) {
    match row.came {
        Came::Found(_) => (t(Key::AnswerFound), "outcome"),
        Came::Written => (t(Key::AnswerWritten), "outcome"),
        Came::NotFound if row.is_failed => (t(Key::NotFound), "outcome bad"),
        Came::NotFound => (t(Key::NotFound), "outcome"),
        Came::Denied => (t(Key::AnswerDenied), "outcome bad"),
        Came::Unknown => ("–", "outcome"),
    }
}

/// The places of the path's search, where it has several.
fn places(open: OpenSession, path: &str, name: &str, places: &[SearchRow]) -> AnyView {
    let rows = places.iter().map(|place| {
        let (word, class) = place_word(place);
        let label = shown(&place.path, PATH_CHARS);
        let label = if place.path == path {
            view! { <b>{label}</b> }.into_any()
        } else {
            view! { <a href=open.story_address(&place.path)>{label}</a> }.into_any()
        };
        view! { <li><bdi class="machine">{label}</bdi><span class=class>{word}</span></li> }.into_any()
    });
    view! {
        <h3>{with(Key::LookedForIn, name)}</h3>
        <ol class="places" data-testid="story-places">{rows.collect_view()}</ol>
    }
    .into_any()
}

/// Content of the panel: facts about its path, spans, and how many events are in neither.
type Content = (Vec<(Key, String)>, Vec<SpanWords>, u64);

fn content(open: OpenSession, story: StoredValue<Story>, path: &str) -> Content {
    let generation = open.log.opened.get();
    open.log
        .with(|log| story.update_value(|story| story.read(path, generation, log)));
    open.aggregates(|aggregates| {
        story.with_value(|story| {
            let spans = story
                .spans
                .iter()
                .map(|span| span_words(open, aggregates, span))
                .collect();
            let seen = aggregates.files.find(path).map(|file| aggregates.files.seen(file));
            let uncounted = seen.map_or(0, |seen| seen.count.saturating_sub(story.count));
            (facts(open, aggregates, story, path), spans, uncounted + story.omitted)
        })
    })
}

fn details(open: OpenSession, story: StoredValue<Story>, path: Memo<Option<String>>) -> AnyView {
    let content = Memo::new(move |_| {
        open.track();
        path.get().map(|path| content(open, story, &path)).unwrap_or_default()
    });
    let facts = Memo::new(move |_| content.read().0.clone());
    let spans = Memo::new(move |_| (content.read().1.clone(), content.read().2));
    let search = Memo::new(move |_| search_of(&open.judgement.read(), path.read().as_deref()?));
    let facts = move || {
        let row = |(key, text): &(Key, String)| {
            view! { <div><dt>{t(*key)}</dt><dd class="machine">{text.clone()}</dd></div> }.into_any()
        };
        facts.read().iter().map(row).collect_view()
    };
    let places = move || {
        let (search, path) = (search.read(), path.get()?);
        search.as_ref().map(|(name, all)| places(open, &path, name, all))
    };
    let omitted = move || {
        let omitted = spans.read().1;
        (omitted > 0).then(|| view! { <p class="quiet">{count(Key::MissedOlder, omitted)}</p> })
    };
    view! {
        <dl data-testid="story-facts">{facts}</dl>
        {places}
        <h3>{t(Key::OutcomeOverTime)}</h3>
        {omitted}
        <ol class="spans" data-testid="story-spans">{move || spans.read().0.iter().map(span_row).collect_view()}</ol>
    }
    .into_any()
}

/// The panel; hidden as long as no story is open.
pub(super) fn panel(open: OpenSession) -> AnyView {
    let path = Memo::new(move |_| open.story());
    let story = StoredValue::new(Story::default());
    let before: StoredValue<Option<HtmlElement>, LocalStorage> = StoredValue::new_local(None);
    effect(move || {
        let is_open = path.read().is_some();
        if is_open {
            let focused = document().and_then(|document| document.active_element());
            let focused = focused.and_then(|element| element.dyn_into().ok());
            before.update_value(|before| *before = before.take().or(focused));
            // Once it is in sight.
            spawn_local(async {
                sleep(0, drop).await;
                focus("story");
            });
        } else if let Some(element) = before.try_update_value(Option::take).flatten() {
            drop(element.focus());
        }
    });
    let title = move || shown(path.read().as_deref().unwrap_or_default(), PATH_CHARS);
    let href = move || {
        path.read()
            .as_deref()
            .map(|path| open.rows_of(&rows_of(path)))
            .unwrap_or_default()
    };
    let copied = move || path.get_untracked().unwrap_or_default();
    view! {
        <aside class="detail story" id="story" tabindex="-1" data-testid="story" aria-label=t(Key::PathStory) hidden=move || path.read().is_none()>
            <header>
                <h2 class="machine"><bdi>{title}</bdi></h2>
                <button type="button" class="icon" data-testid="close" aria-label=t(Key::Close) title=t(Key::Close) on:click=handler(move |_| open.set_story(None))>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 4l8 8M12 4l-8 8"></path></svg>
                </button>
            </header>
            <div class="actions">
                <a class="link" data-testid="story-rows" href=href>{t(Key::ShowRows)}</a>
                <CopyButton label=Key::Copy text=move || copied()/>
            </div>
            {details(open, story, path)}
        </aside>
    }
    .into_any()
}
