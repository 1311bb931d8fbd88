//! The search box of a log: a combobox that takes the filter language and offers completions. Arrow keys choose, Enter and
//! Tab take, Escape closes; without a choice the keys do what they do in any field.

use leptos::html::Input;
use leptos::prelude::*;
use mirrord_filter::{Completion, Field, complete};
use web_sys::KeyboardEvent;

use crate::browser::How;
use crate::erased::handler;
use crate::format::filter_words::field_word;
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::state::filter::MAX_TYPED_BYTES;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

/// The list of completions.
const LIST: &str = "search-options";
/// The most characters of a completion.
const OPTION_CHARS: usize = 60;
/// The most processes that are offered.
const MAX_PROCESSES: usize = 200;

/// State of the box.
#[derive(Clone, Copy)]
struct SearchState {
    route: RouteStore,
    log: LogStore,
    input: NodeRef<Input>,
    offered: RwSignal<Vec<Completion>>,
    chosen: RwSignal<Option<usize>>,
}

impl SearchState {
    fn type_text(self, value: String) {
        // The first letter is a step of its own, so that the back button clears the search.
        let is_first = self.route.current.with_untracked(|route| route.filter.typed.is_empty());
        if is_first {
            self.route.update_filter(How::Push, |filter| filter.typed = value);
        } else {
            self.route.type_filter(|filter| filter.typed = value);
        }
    }

    /// Offers completions of the word at the cursor.
    fn offer(self) {
        let Some(input) = self.input.get_untracked() else {
            return;
        };
        let text = input.value();
        let cursor = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
        let offered = complete(&text, byte_at(&text, cursor), |field, _| self.values(field));
        // A word that is there already needs no list.
        let is_news = |one: &Completion| text.get(one.range.clone()) != Some(one.text.as_str());
        self.chosen.set(None);
        self.offered.set(offered.into_iter().filter(is_news).collect());
    }

    /// Values of a field that are the session's own.
    fn values(self, field: Field) -> Vec<String> {
        self.log.with(|log| {
            let processes = log.aggregates().processes.all().iter().rev().take(MAX_PROCESSES);
            let mut values: Vec<String> = Vec::new();
            for process in processes {
                let value = match field {
                    Field::Process => process.name.clone(),
                    Field::Pid | Field::Tree => process.pid.to_string(),
                    _ => break,
                };
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            values
        })
    }

    fn close(self) {
        if !self.offered.read_untracked().is_empty() {
            self.offered.set(Vec::new());
            self.chosen.set(None);
        }
    }

    /// Takes a completion, and puts the cursor behind it.
    fn accept(self, at: usize) {
        let completion = self.offered.with_untracked(|offered| offered.get(at).cloned());
        let (Some(completion), Some(input)) = (completion, self.input.get_untracked()) else {
            return;
        };
        let mut text = input.value();
        if text.get(completion.range.clone()).is_none() {
            return;
        }
        text.replace_range(completion.range.clone(), &completion.text);
        let behind = completion.range.start + completion.text.len();
        let cursor = u32::try_from(text[..behind].encode_utf16().count()).unwrap_or(u32::MAX);
        input.set_value(&text);
        drop(input.set_selection_range(cursor, cursor));
        self.type_text(text);
        // Behind a field its values are offered.
        self.offer();
        if !completion.text.ends_with(':') {
            self.close();
        }
    }

    fn press(self, event: &KeyboardEvent) {
        let count = self.offered.read_untracked().len();
        let chosen = self.chosen.get_untracked();
        match (event.key().as_str(), chosen) {
            _ if event.is_composing() => return,
            ("ArrowDown", _) if count == 0 => self.offer(),
            ("ArrowDown", _) => self.chosen.set(Some(chosen.map_or(0, |at| (at + 1) % count))),
            ("ArrowUp", _) if count > 0 => self
                .chosen
                .set(Some(chosen.unwrap_or(0).checked_sub(1).unwrap_or(count - 1))),
            ("Enter" | "Tab", Some(at)) => self.accept(at),
            ("Escape", _) if count > 0 => self.close(),
            ("Enter", None) => return self.close(),
            _ => return,
        }
        event.prevent_default();
        // The page's own keys, and a dialog's, would lead on from here.
        event.stop_propagation();
    }
}

/// The byte of a text at a place that the browser counts in UTF-16 units.
fn byte_at(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let start = text.char_indices().find(|(_, letter)| {
        let is_there = left == 0;
        left = left.saturating_sub(letter.len_utf16());
        is_there
    });
    start.map_or(text.len(), |(at, _)| at)
}

fn option_id(at: usize) -> String {
    ["search-option-", &at.to_string()].concat()
}

/// The search box.
#[component]
pub(crate) fn SearchBox() -> impl IntoView {
    let own = SearchState {
        route: use_store(),
        log: use_store(),
        input: NodeRef::new(),
        offered: RwSignal::new(Vec::new()),
        chosen: RwSignal::new(None),
    };
    let typed = Memo::new(move |_| own.route.current.read().filter.typed.clone());
    let is_bad =
        Memo::new(move |_| typed.with(|typed| mirrord_filter::parse(typed).is_err_and(|error| !error.is_unfinished())));
    let is_open = move || !own.offered.read().is_empty();
    let on_input = move |event: web_sys::Event| {
        own.type_text(event_target_value(&event));
        own.offer();
    };
    let options = move || {
        let offered = own.offered.read();
        offered
            .iter()
            .enumerate()
            .map(|(at, one)| option(own, at, one))
            .collect_view()
    };
    view! {
        <div class="field search">
            <input
                id="search" type="search" role="combobox" maxlength=MAX_TYPED_BYTES data-testid="search" autocomplete="off" spellcheck="false" dir="auto"
                node_ref=own.input aria-label=t(Key::SearchLabel) placeholder=t(Key::Search) prop:value=move || typed.get()
                aria-autocomplete="list" aria-controls=LIST aria-expanded=move || if is_open() { "true" } else { "false" }
                aria-activedescendant=move || own.chosen.get().map(option_id)
                aria-describedby="search-says" aria-invalid=move || is_bad.get().then_some("true")
                on:input=handler(on_input) on:keydown=handler(move |event| own.press(&event)) on:blur=handler(move |_| own.close())
            />
            <kbd hidden=move || !typed.read().is_empty() aria-hidden="true">"/"</kbd>
            <ul id=LIST class="options" role="listbox" aria-label=t(Key::SearchLabel) hidden=move || !is_open()>{move || options()}</ul>
        </div>
    }
}

fn option(own: SearchState, at: usize, completion: &Completion) -> AnyView {
    let is_chosen = move || if own.chosen.get() == Some(at) { "true" } else { "false" };
    let take = move |event: web_sys::MouseEvent| {
        // The field keeps the focus.
        event.prevent_default();
        own.accept(at);
    };
    let is_field = completion.label.ends_with(':');
    let hint = if is_field { field_word(completion.field) } else { "" };
    view! {
        <li id=option_id(at) role="option" data-testid="search-option" aria-selected=move || is_chosen() on:mousedown=handler(take)>
            <bdi class="machine">{shown(&completion.label, OPTION_CHARS)}</bdi><span class="hint">{hint}</span>
        </li>
    }
    .into_any()
}
