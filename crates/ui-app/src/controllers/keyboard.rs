//! Controller of the keyboard: runs the commands that `state::command` assigns to keys. Keys in a field or in a dialog
//! are left alone.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::browser::{How, document, focus, go, listen, modal, now_ms};
use crate::ids;
use crate::state::command::{Command, Pressed, press};
use crate::state::preferences::SingleKeys;
use crate::state::route::{Place, Route};
use crate::state::time_range::AROUND_MICROS;
use crate::store::app_state::AppState;
use crate::store::overview::OverviewStore;

/// Rows that a page key moves by.
const PAGE: i64 = 20;
/// The links of the list of sessions, in the order in which it shows them.
const SESSION_LINKS: &str = "a[data-session-id]";

/// Listens for as long as the page is open.
pub(crate) fn follow(state: AppState) {
    let first_key: Cell<Option<(&str, u64)>> = Cell::new(None);
    listen("keydown", move |event: KeyboardEvent| {
        let is_palette =
            (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("k");
        let done = if is_palette {
            modal::open(ids::PALETTE);
            true
        } else if is_another_s(state, &event) {
            false
        } else if is_typing(&event) {
            leave(&event)
        } else {
            let waited = first_key.take().map(|(key, at)| (key, now_ms().saturating_sub(at)));
            match press(&event.key(), waited) {
                Pressed::Do(Command::Open) if is_on_control(&event) => false,
                Pressed::Do(command) => run(state, command),
                Pressed::Wait(first) => {
                    first_key.set(Some((first, now_ms())));
                    true
                }
                Pressed::Nothing => false,
            }
        };
        if done {
            event.prevent_default();
        }
    });
}

/// Reports keys to leave alone: the browser's, an input method's, a dialog's, and single letters where the reader
/// turned them off.
fn is_another_s(state: AppState, event: &KeyboardEvent) -> bool {
    let is_letter = event.key().chars().nth(1).is_none();
    let no_letters = state.preferences.current.get_untracked().single_keys == SingleKeys::Off;
    let with_another = event.ctrl_key() || event.meta_key() || event.alt_key();
    with_another || event.is_composing() || (is_letter && no_letters) || modal::is_any_open()
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn is_typing(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

fn is_on_control(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|target| matches!(target.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY"))
}

/// In a field only Escape and Enter are ours: they lead on from the search to what it found.
fn leave(event: &KeyboardEvent) -> bool {
    let is_search = target(event).is_some_and(|target| target.id() == "search");
    matches!(event.key().as_str(), "Enter" | "Escape") && is_search && focus("log")
}

/// Does what is asked for. Whether there was something to do.
pub(crate) fn run(state: AppState, command: Command) -> bool {
    let (has_session, view) = state
        .route
        .current
        .with_untracked(|route| (route.session().is_some(), route.view()));
    let in_log = (has_session && view.has_log())
        || state
            .route
            .current
            .with_untracked(|route| matches!(route.place, Place::Merged(_)));
    match command {
        Command::Search => search() || focus("filter-sessions"),
        Command::Sessions => to(Route::default()),
        Command::View(view) => has_session && to(state.route.current.get_untracked().with_view(view)),
        Command::PreviousSession => neighbour(state, false),
        Command::NextSession => neighbour(state, true),
        Command::Theme => {
            state.preferences.next_theme();
            true
        }
        Command::Preferences => open_preferences(),
        Command::Keys | Command::Palette => {
            modal::open(if command == Command::Keys {
                ids::SHORTCUTS
            } else {
                ids::PALETTE
            });
            true
        }
        Command::Down | Command::Up if !in_log && !has_session => walk(command == Command::Down),
        Command::ClearFilter if !in_log && !has_session => choose_focused(state.overview),
        Command::Close if state.route.current.with_untracked(|route| route.story.is_some()) => {
            state.route.update(How::Replace, |route| route.story = None);
            true
        }
        _ if in_log => in_the_log(state, command),
        _ => false,
    }
}

fn in_the_log(state: AppState, command: Command) -> bool {
    match command {
        Command::Down => state.log.select_by(1),
        Command::Up => state.log.select_by(-1),
        Command::NextMatch => state.log.select_match(1),
        Command::PreviousMatch => state.log.select_match(-1),
        Command::PageDown => state.log.select_by(PAGE),
        Command::PageUp => state.log.select_by(-PAGE),
        Command::Oldest => state.log.select_by(i64::MIN),
        // The panel is in the page with the selection; focus goes to it so that its buttons are the next stop.
        Command::Open => state.log.select_by(0) && focus("detail"),
        Command::Close if state.log.selected.with_untracked(Option::is_some) => {
            state.log.selected.set(None);
            focus("log")
        }
        Command::Close | Command::AllTimes => {
            let has_range = state.route.current.with_untracked(|route| route.range.is_some());
            state.route.set_range(How::Push, None);
            has_range
        }
        Command::Copy(form) => state.log.copy(form),
        Command::Around => {
            let range = state.log.around(AROUND_MICROS);
            if range.is_some() {
                state.route.set_range(How::Push, range);
            }
            range.is_some()
        }
        Command::Fold => {
            state.preferences.toggle_repeats();
            true
        }
        Command::Expand => {
            let chosen = state.log.selected.get_untracked();
            chosen.is_some_and(|position| state.log.expand(position))
        }
        Command::Follow => {
            state.log.follow();
            true
        }
        Command::Pause => {
            state.log.toggle_pause();
            true
        }
        Command::ClearFilter => {
            state.route.clear_filter();
            true
        }
        _ => false,
    }
}

fn to(route: Route) -> bool {
    go(&route.fragment());
    true
}

/// Focuses the search of a log, in the filter dialog where it is there; returns false without one.
fn search() -> bool {
    modal::open(ids::FILTERS);
    focus("search")
}

fn open_preferences() -> bool {
    let menu = document().and_then(|document| document.get_element_by_id(ids::PREFERENCES));
    let menu = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok());
    menu.is_some_and(|menu| menu.show_popover().is_ok()) && focus(ids::FIRST_PREFERENCE)
}

/// The links of the list, in its order, whatever that is.
fn links() -> Vec<HtmlElement> {
    let links = document().and_then(|document| document.query_selector_all(SESSION_LINKS).ok());
    let Some(links) = links else { return Vec::new() };
    (0..links.length())
        .filter_map(|place| links.get(place)?.dyn_into().ok())
        .collect()
}

/// Goes to the session before or behind the open one; to the first where none is open.
fn neighbour(state: AppState, next: bool) -> bool {
    let links = links();
    let open = state.route.session();
    let own = links
        .iter()
        .position(|link| link.get_attribute("data-session-id") == open);
    let place = match own {
        Some(place) if next => place + 1,
        Some(place) => place.wrapping_sub(1),
        None => 0,
    };
    let Some(id) = links.get(place).and_then(|link| link.get_attribute("data-session-id")) else {
        return false;
    };
    go(&Route::to_session(&id));
    true
}

/// Moves the focus along the list.
fn walk(down: bool) -> bool {
    let links = links();
    let focused = document().and_then(|document| document.active_element());
    let own = links
        .iter()
        .position(|link| focused.as_ref().is_some_and(|focused| link.is_same_node(Some(focused))));
    let place = match own {
        Some(place) if down => place + 1,
        Some(place) => place.saturating_sub(1),
        None => 0,
    };
    links.get(place).is_some_and(|link| link.focus().is_ok())
}

/// Toggles the selection of the session whose row has the focus; returns false without one.
fn choose_focused(own: OverviewStore) -> bool {
    let focused = document().and_then(|document| document.active_element());
    let row = focused.and_then(|focused| focused.closest("tr[data-row], li").ok().flatten());
    let link = row.and_then(|row| row.query_selector("[data-choose], [data-session-id]").ok().flatten());
    let id = link.and_then(|link| {
        link.get_attribute("data-choose")
            .or(link.get_attribute("data-session-id"))
    });
    let Some(id) = id else {
        return false;
    };
    own.selection.update(|own| own.toggle(&id));
    true
}
