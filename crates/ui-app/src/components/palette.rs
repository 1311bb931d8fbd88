//! The palette: sessions, views, actions and preferences by a few letters, and the events of all sessions by a filter. What it
//! finds is a pure function's, and of events the server's; what it does are the commands that the keyboard has too.

mod hits;

use leptos::prelude::*;
use mirrord_catalogues::Language;
use web_sys::KeyboardEvent;

use self::hits::{Found, Hits, Progress};
use super::dialog::dialog;
use super::preferences::{DENSITIES, THEMES, TIMES};
use super::shortcuts_dialog::printed;
use super::tabs::name;
use crate::api::socket::ApiHandle;
use crate::browser::{document, go, is_mac, modal};
use crate::controllers::keyboard::run;
use crate::controllers::languages::is_offered;
use crate::erased::{effect, handler};
use crate::format::text::shown;
use crate::i18n::{Key, count, t};
use crate::ids;
use crate::state::command::Command;
use crate::state::palette::found;
use crate::state::preferences::{Density, Preferences, Theme, Times};
use crate::state::route::{Route, View};
use crate::state::sessions::Session;
use crate::store::app_state::AppState;

/// The characters of a session's command that an entry shows.
const ENTRY_CHARS: usize = 100;

/// Action of an entry.
#[derive(Clone)]
enum Act {
    Go(String),
    Run(Command),
    Prefer(fn(&mut Preferences, usize), usize),
    Speak(Option<Language>),
}

/// An entry.
#[derive(Clone)]
struct Entry {
    /// Searched text: the group, the label and the hint.
    text: String,
    label: String,
    hint: String,
    act: Act,
}

fn entry(group: Key, label: &str, hint: &str, act: Act) -> Entry {
    Entry {
        text: [label, hint, t(group)].join(" "),
        label: label.to_owned(),
        hint: if hint.is_empty() {
            t(group).to_owned()
        } else {
            hint.to_owned()
        },
        act,
    }
}

/// Hint beside a session's title: its command where it has a name, its folder, its target.
fn palette_hint(session: &Session) -> String {
    let command = if session.has_name() {
        session.brief_command()
    } else {
        String::new()
    };
    let target = &session.summary.info.target;
    let target = if target == "targetless" { "" } else { target };
    let parts = [command.as_str(), session.folder(), target];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    shown(&parts.join(" · "), ENTRY_CHARS)
}

/// Everything that there is, as it is now.
fn entries(state: AppState) -> Vec<Entry> {
    let mut all = Vec::new();
    let route = state.route.current.get_untracked();
    state.sessions.with_untracked(|sessions| {
        all.extend(sessions.all().map(|session| {
            let title = shown(&session.title(), ENTRY_CHARS);
            let label = if title.is_empty() { t(Key::NoCommand) } else { &title };
            let hint = palette_hint(session);
            entry(Key::Sessions, label, &hint, Act::Go(Route::to_session(session.id())))
        }));
    });
    if route.session().is_some() {
        all.extend(
            View::ALL.map(|view| entry(Key::Views, t(name(view)), "", Act::Go(route.with_view(view).fragment()))),
        );
    }
    let commands = [
        (Key::BackToList, Command::Sessions),
        (Key::KeyPause, Command::Pause),
        (Key::Jump, Command::Follow),
        (Key::ClearFilter, Command::ClearFilter),
        (Key::SearchLabel, Command::Search),
        (Key::Preferences, Command::Preferences),
        (Key::KeysTitle, Command::Keys),
    ];
    all.extend(commands.map(|(label, command)| entry(Key::Actions, t(label), "", Act::Run(command))));
    preferences(&mut all);
    all
}

fn preferences(all: &mut Vec<Entry>) {
    type Group = (Key, &'static [Key], fn(&mut Preferences, usize));
    let groups: [Group; 3] = [
        (Key::Theme, THEMES, |own, place| own.theme = Theme::at(place)),
        (Key::Density, DENSITIES, |own, place| own.density = Density::at(place)),
        (Key::Times, TIMES, |own, place| own.times = Times::at(place)),
    ];
    for (group, answers, choose) in groups {
        let answers = answers.iter().enumerate();
        all.extend(answers.map(|(place, answer)| entry(group, t(*answer), "", Act::Prefer(choose, place))));
    }
    let offered = Language::ALL.into_iter().filter(|language| is_offered(*language));
    all.extend(offered.map(|language| entry(Key::Language, language.own_name(), "", Act::Speak(Some(language)))));
    all.push(entry(Key::Language, t(Key::LanguageOfBrowser), "", Act::Speak(None)));
}

/// State of the open palette.
#[derive(Clone, Copy)]
struct Palette {
    state: AppState,
    typed: RwSignal<String>,
    entries: StoredValue<Vec<Entry>>,
    /// The places of what is found, and how many more there are.
    found: Memo<(Vec<usize>, usize)>,
    hits: Hits,
    chosen: RwSignal<usize>,
}

impl Palette {
    fn new(state: AppState, api: ApiHandle) -> Self {
        let typed = RwSignal::new(String::new());
        let entries = StoredValue::new(Vec::<Entry>::new());
        let found = Memo::new(move |_| {
            let typed = typed.read();
            entries.with_value(|entries| found(&typed, entries.iter().map(|entry| entry.text.as_str())))
        });
        Self {
            state,
            typed,
            entries,
            found,
            hits: Hits::new(api, state.sessions),
            chosen: RwSignal::new(0),
        }
    }

    /// Takes in what there is as the palette opens, and forgets it as it closes.
    fn fill(self, is_open: bool) {
        self.entries
            .set_value(if is_open { entries(self.state) } else { Vec::new() });
        self.set_typed(String::new());
    }

    fn set_typed(self, typed: String) {
        self.chosen.set(0);
        self.hits.search(&typed);
        self.typed.set(typed);
    }

    /// Number of entries; the hits follow them.
    fn entry_count(self) -> usize {
        self.found.with_untracked(|(places, _)| places.len())
    }

    fn press(self, event: &KeyboardEvent) {
        let count = self.entry_count() + self.hits.list.with_untracked(Vec::len);
        let last = count.saturating_sub(1);
        let chosen = self.chosen.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.chosen.set(if chosen >= last { 0 } else { chosen + 1 }),
            "ArrowUp" => self.chosen.set(chosen.checked_sub(1).unwrap_or(last)),
            "Enter" if !event.is_composing() => self.run(chosen),
            _ => return,
        }
        event.prevent_default();
    }

    fn run(self, row: usize) {
        let place = self.found.with_untracked(|(places, _)| places.get(row).copied());
        let entry = place.and_then(|place| {
            self.entries
                .with_value(|entries| entries.get(place).map(|entry| entry.act.clone()))
        });
        let hit = || {
            let row = row.checked_sub(self.entry_count())?;
            let fragment = self
                .hits
                .list
                .with_untracked(|list| Some(list.get(row)?.fragment.clone()));
            fragment.map(Act::Go)
        };
        let act = entry.or_else(hit);
        let Some(act) = act else { return };
        // First the dialog goes, and the focus is back where it was: what is done may put it elsewhere.
        modal::close(ids::PALETTE);
        match act {
            Act::Go(fragment) => go(&fragment),
            Act::Run(command) => drop(run(self.state, command)),
            Act::Prefer(choose, place) => self.state.preferences.update(|own| choose(own, place)),
            Act::Speak(language) => self.state.preferences.update(|own| own.language = language),
        }
    }
}

/// Id of an entry's element, for `aria-activedescendant`.
fn option_id(row: usize) -> String {
    ["palette-", &row.to_string()].concat()
}

/// The dialog.
#[component]
pub(crate) fn PaletteView() -> impl IntoView {
    let own = Palette::new(AppState::current(), expect_context());
    let rows = move || {
        own.found.with(|(places, _)| {
            let row = |(row, place): (usize, &usize)| {
                own.entries
                    .with_value(|entries| entries.get(*place).map(|entry| option(own, row, entry)))
            };
            places.iter().enumerate().filter_map(row).collect_view()
        })
    };
    let hits = move || {
        let before = own.found.with(|(places, _)| places.len());
        let hit = |(row, found): (usize, &Found)| hit(own, before + row, found);
        own.hits
            .list
            .with(|list| list.iter().enumerate().map(hit).collect_view())
    };
    effect(move || {
        let id = option_id(own.chosen.get());
        if let Some(element) = document().and_then(|document| document.get_element_by_id(&id)) {
            element.scroll_into_view_with_bool(false);
        }
    });
    let says = move || {
        let hits = own.hits.list.with(Vec::len);
        own.found
            .with(|(places, more)| count(Key::PaletteFound, (places.len() + more + hits) as u64))
    };
    let is_empty = move || own.found.with(|(places, _)| places.is_empty()) && own.hits.list.with(Vec::is_empty);
    let progress = move || match own.hits.progress.get() {
        Progress::Searching => t(Key::PaletteSearching),
        Progress::Partial => t(Key::PalettePartial),
        Progress::Failed => t(Key::PaletteFailed),
        Progress::Idle | Progress::Complete if is_empty() => t(Key::PaletteNothing),
        Progress::Idle | Progress::Complete => "",
    };
    let inside = view! {
        <input
            type="text" role="combobox" data-testid="palette-input" autofocus autocomplete="off" spellcheck="false" dir="auto" maxlength="200"
            aria-label=t(Key::PalettePlaceholder) placeholder=t(Key::PalettePlaceholder) aria-expanded="true" aria-controls="palette-list"
            aria-activedescendant=move || (!is_empty()).then(|| option_id(own.chosen.get())) prop:value=move || own.typed.get()
            on:focus=handler(move |_| own.fill(true))
            on:input=handler(move |event| { own.set_typed(event_target_value(&event)); })
            on:keydown=handler(move |event| own.press(&event))
        />
        <ul id="palette-list" role="listbox" aria-label=t(Key::Palette)>{move || rows()}{move || hits()}</ul>
        <p hidden=move || progress().is_empty() class="quiet" data-testid="palette-progress">{move || progress()}</p>
        <p class="off-screen" role="status">{move || says()}</p>
    };
    dialog(
        ids::PALETTE,
        t(Key::Palette),
        Callback::new(move |()| own.fill(false)),
        inside.into_any(),
    )
}

fn option(own: Palette, row: usize, entry: &Entry) -> AnyView {
    let is_chosen = move || if own.chosen.get() == row { "true" } else { "false" };
    view! {
        <li id=option_id(row) role="option" aria-selected=move || is_chosen() on:click=handler(move |_| own.run(row))>
            <bdi>{entry.label.clone()}</bdi><bdi class="hint">{entry.hint.clone()}</bdi>
        </li>
    }
    .into_any()
}

/// Option of an event, with the title of its session above the first one.
fn hit(own: Palette, row: usize, found: &Found) -> AnyView {
    let is_chosen = move || if own.chosen.get() == row { "true" } else { "false" };
    let heading = found
        .heading
        .as_ref()
        .map(|title| view! { <li role="none" class="hit-heading"><bdi>{title.clone()}</bdi></li> });
    view! {
        {heading}
        <li id=option_id(row) role="option" class="hit" data-testid="palette-hit" aria-selected=move || is_chosen() on:click=handler(move |_| own.run(row))>
            <bdi class="machine">{found.subject.clone()}</bdi>
            <span class=["square k-", found.kind.slug()].concat() aria-hidden="true"></span><bdi class="hint tabular">{found.hint.clone()}</bdi>
        </li>
    }
    .into_any()
}

/// The way in for a mouse and for a finger.
#[component]
pub(crate) fn PaletteButton() -> impl IntoView {
    let keys = if is_mac() {
        "⌘ K".to_owned()
    } else {
        printed("Ctrl K")
    };
    view! {
        <button type="button" class="jump" data-testid="palette-button" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" on:click=handler(|_| { modal::open(ids::PALETTE); })>
            <svg viewBox="0 0 16 16" aria-hidden="true"><circle class="cross" cx="7" cy="7" r="4.25"></circle><path class="cross" d="M10.25 10.25L14 14"></path></svg>
            <span>{t(Key::PalettePlaceholder)}</span>
            <kbd aria-hidden="true">{keys}</kbd>
        </button>
    }
}
