//! Suggestions about the config: each with what it is about, its rows, the change, what that would have changed in this run, and a
//! way to try it. The server makes them; the page shows what it answers.

use leptos::prelude::*;
use mirrord_wire::api::{Suggestion, SuggestionKind, Suggestions};

use super::lines::LINE_CHARS;
use super::results::{class, word};
use crate::components::copy::CopyButton;
use crate::components::open_session::OpenSession;
use crate::components::views::parts::title;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, t, with};
use crate::state::suggestions::{changed, moved, snippet};

/// Reason why nothing is suggested that the reader can do something about.
const VARIABLES: &str = "variables";

/// Heading of a kind; none for one that this version does not know.
const fn heading(kind: SuggestionKind) -> Option<Key> {
    Some(match kind {
        SuggestionKind::ExcludedVariable => Key::SuggestionExcludedVariable,
        SuggestionKind::UncoveredDestination => Key::SuggestionUncoveredDestination,
        SuggestionKind::LooksRemote => Key::SuggestionLooksRemote,
        SuggestionKind::LooksLocal => Key::SuggestionLooksLocal,
        SuggestionKind::ExistsLocally => Key::SuggestionExistsLocally,
        SuggestionKind::AwsMapped => Key::SuggestionAwsMapped,
        SuggestionKind::UnusedPort => Key::SuggestionUnusedPort,
        SuggestionKind::UnusedRule => Key::SuggestionUnusedRule,
        // A kind of a later server has its sentence alone.
        SuggestionKind::Unknown => return None,
    })
}

/// Lists the suggestions. `config` is what they change; `try_it` gets the changed text.
pub(super) fn view(open: OpenSession, all: &Suggestions, config: &str, try_it: Callback<String>) -> AnyView {
    let is_by_variables = all.reason.as_deref() == Some(VARIABLES);
    if all.items.is_empty() && !is_by_variables {
        return ().into_any();
    }
    let note = if is_by_variables {
        Key::SuggestionsVariables
    } else {
        Key::SuggestionsNote
    };
    let items = all
        .items
        .iter()
        .map(|own| item(open, own, config, try_it))
        .collect_view();
    view! {
        <section data-testid="suggestions">
            {title(Key::Suggestions)}
            <p class="quiet note">{t(note)}</p>
            <ul class="suggestions">{items}</ul>
            <p class="quiet" hidden=all.omitted == 0>{with(Key::WhatIfOmitted, &grouped(all.omitted))}</p>
        </section>
    }
    .into_any()
}

fn item(open: OpenSession, own: &Suggestion, config: &str, try_it: Callback<String>) -> AnyView {
    let heading = heading(own.kind).map_or_else(|| shown(&own.text, LINE_CHARS), |key| t(key).to_owned());
    let subjects = own
        .subjects
        .iter()
        .map(|subject| view! { <code class="machine">{shown(subject, LINE_CHARS)}</code>" " });
    let text = snippet(own);
    let copied = text.clone();
    let tried = changed(config, own);
    let is_tried = tried.is_some();
    let start = move |_| {
        if let Some(text) = &tried {
            try_it.run(text.clone());
        }
    };
    let times = if own.evidence.times > 0 {
        own.evidence.times
    } else {
        own.evidence.of
    };
    view! {
        <li data-testid="suggestion">
            <p><strong>{heading}</strong>": "{subjects.collect_view()}
                <span class="quiet machine" hidden=own.detail.is_empty()>{shown(&own.detail, LINE_CHARS)}</span></p>
            <p class="quiet">
                <a data-testid="suggestion-rows" href=open.rows_of(&own.evidence.query)>{with(Key::SuggestionRows, &grouped(times))}</a>
                " · "{effect(own)}
            </p>
            <pre class="snippet" dir="ltr" data-testid="suggestion-change">{shown(&text, LINE_CHARS * 4)}</pre>
            <span class="view-tools">
                <CopyButton label=Key::Copy text=move || copied.clone()/>
                <button type="button" class="button" data-testid="suggestion-try" hidden=!is_tried on:click=handler(start)>{t(Key::SuggestionTry)}</button>
            </span>
        </li>
    }
    .into_any()
}

fn effect(own: &Suggestion) -> AnyView {
    if own.effect.changed == 0 {
        return t(Key::SuggestionUnchanged).into_any();
    }
    let moved = moved(&own.effect).into_iter().map(|(way, before, after)| {
        let counts = [" ", &grouped(before), " → ", &grouped(after)].concat();
        view! { ", "<span class=class(way)>{word(way)}</span>{counts} }
    });
    view! { <span data-testid="suggestion-effect">{with(Key::SuggestionChanged, &grouped(own.effect.changed))}{moved.collect_view()}</span> }
        .into_any()
}
