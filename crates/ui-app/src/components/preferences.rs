//! The menu of what the reader chooses for this browser. A popover of the browser's own: it closes by Escape and by a
//! click outside, and gives the focus back.

use leptos::prelude::*;
use mirrord_catalogues::Language;
use wasm_bindgen::JsCast;

use crate::controllers::languages::is_offered;
use crate::controllers::notifications::{Support, choose, support};
use crate::erased::handler;
use crate::i18n::{Key, t};
use crate::ids;
use crate::state::preferences::{Density, Notify, Preferences, SingleKeys, Theme, Times};
use crate::store::app_state::use_store;
use crate::store::preferences::PreferencesStore;

/// A question with a few answers, of which one holds.
struct Choice {
    label: Key,
    /// The hook for tests, and what makes the answers one group.
    name: &'static str,
    answers: &'static [Key],
    /// The place of the answer that holds.
    holds: fn(&Preferences) -> usize,
    choose: fn(&mut Preferences, usize),
}

/// The names of the themes, in their order.
pub(crate) const THEMES: &[Key] = &[Key::ThemeSystem, Key::ThemeLight, Key::ThemeDark];
/// The names of the densities.
pub(crate) const DENSITIES: &[Key] = &[Key::DensityCompact, Key::DensityComfortable];
/// The names of the ways to tell a time.
pub(crate) const TIMES: &[Key] = &[
    Key::TimesAbsolute,
    Key::TimesRelative,
    Key::TimesSinceStart,
    Key::TimesSinceBefore,
];

const CHOICES: [Choice; 3] = [
    Choice {
        label: Key::Theme,
        name: "theme",
        answers: THEMES,
        holds: |own| own.theme as usize,
        choose: |own, place| own.theme = Theme::at(place),
    },
    Choice {
        label: Key::Density,
        name: "density",
        answers: DENSITIES,
        holds: |own| own.density as usize,
        choose: |own, place| own.density = Density::at(place),
    },
    Choice {
        label: Key::Times,
        name: "times",
        answers: TIMES,
        holds: |own| own.times as usize,
        choose: |own, place| own.times = Times::at(place),
    },
];

/// The button and the menu.
#[component]
pub(crate) fn PreferencesMenu() -> impl IntoView {
    let preferences: PreferencesStore = use_store();
    let shows = move || preferences.shows_values();
    let toggle = move |_| {
        let shown = !untrack(shows);
        preferences.update(|own| own.env_values = Some(shown));
    };
    let has_keys = move || preferences.current.read().single_keys == SingleKeys::On;
    let toggle_keys = move |_| preferences.update(|own| own.single_keys = SingleKeys::at(own.single_keys as usize + 1));
    view! {
        <button type="button" class="icon" popovertarget=ids::PREFERENCES data-testid="preferences-button" aria-label=t(Key::Preferences) title=t(Key::Preferences)>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path class="cross" d="M2 4.5h6.5M12.5 4.5H14M2 11.5h1.5M7.5 11.5H14"></path>
                <circle class="cross" cx="10.5" cy="4.5" r="1.75"></circle><circle class="cross" cx="5.5" cy="11.5" r="1.75"></circle>
            </svg>
        </button>
        <div id=ids::PREFERENCES popover="auto" class="menu" role="group" aria-label=t(Key::Preferences) data-testid="preferences">
            {CHOICES.map(choice_view)}
            {languages()}
            <label class="check">
                <input type="checkbox" data-testid="single-keys" prop:checked=move || has_keys() on:change=handler(toggle_keys)/>
                {t(Key::SingleKeys)}
            </label>
            <label class="check">
                <input type="checkbox" data-testid="env-values" prop:checked=move || shows() on:change=handler(toggle)/>
                {t(Key::ShowEnvValues)}
            </label>
            <NotifyChoice/>
        </div>
    }
}

/// Notifications, and why there are none where there are none.
#[component]
fn NotifyChoice() -> impl IntoView {
    let preferences: PreferencesStore = use_store();
    let state = RwSignal::new(support());
    let is_on = move || preferences.current.read().notify == Notify::On && state.get() == Support::Offered;
    let toggle = move |event: web_sys::Event| {
        let wanted = !untrack(is_on);
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        choose(preferences, wanted, move || {
            state.set(support());
            // A refusal changes no signal: the box has what the click made of it.
            if let Some(field) = field {
                field.set_checked(untrack(is_on));
            }
        });
    };
    let why = move || match state.get() {
        Support::Offered => "",
        Support::Blocked => t(Key::NotifyBlocked),
        Support::Insecure => t(Key::NotifyInsecure),
        Support::Missing => t(Key::NotifyMissing),
    };
    view! {
        <label class="check">
            <input type="checkbox" data-testid="notify" prop:checked=move || is_on()
                disabled=move || matches!(state.get(), Support::Insecure | Support::Missing) on:change=handler(toggle)/>
            {t(Key::Notify)}
        </label>
        <p class="quiet" data-testid="notify-why" hidden=move || why().is_empty()>{move || why()}</p>
    }
}

fn choice_view(choice: Choice) -> AnyView {
    let preferences: PreferencesStore = use_store();
    let Choice {
        label,
        name,
        answers,
        holds,
        choose,
    } = choice;
    let answer = move |(place, key): (usize, &Key)| {
        let is_chosen = move || holds(&preferences.current.read()) == place;
        let id = [name, "-", &place.to_string()].concat();
        let change = move |_| preferences.update(|own| choose(own, place));
        view! {
            <label>
                <input type="radio" id=id.clone() name=name data-testid=id prop:checked=move || is_chosen() on:change=handler(change)/>
                <span>{t(*key)}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset>
            <legend>{t(label)}</legend>
            <div class="segments">{answers.iter().enumerate().map(answer).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

/// Each language under its own name: who is lost in another one finds theirs.
fn languages() -> AnyView {
    let preferences: PreferencesStore = use_store();
    let choose = move |event: web_sys::Event| {
        let language = Language::of_tag(&event_target_value(&event));
        preferences.update(|own| own.language = language);
    };
    let chosen = move || preferences.current.read().language.map_or("", Language::tag);
    let option = |language: Language| {
        let tag = language.tag();
        view! { <option value=tag lang=tag selected=untrack(chosen) == tag>{language.own_name()}</option> }
    };
    view! {
        <label class="language">
            <span>{t(Key::Language)}</span>
            <select id=ids::LANGUAGE data-testid="language" on:change=handler(choose)>
                <option value="" selected=untrack(chosen).is_empty()>{t(Key::LanguageOfBrowser)}</option>
                {Language::ALL.into_iter().filter(|language| is_offered(*language)).map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}
