//! The top of the page: who this is, how it stands with the server, how much is going on, what was lost, light or dark.

use super::dynamic::{dynamic, memo, unless};
use leptos::prelude::*;
use mirrord_wire::{Edition, VersionInfo};

use crate::format::number::{grouped, rate};
use crate::i18n::{Key, count, t, with};
use crate::state::connection::Connection;
use crate::state::preferences::Theme;
use crate::state::sessions::Sessions;

/// The name, the version and the edition.
#[component]
pub(crate) fn Brand(version: RwSignal<VersionInfo>) -> impl IntoView {
    let about = move || {
        version.with(|info| {
            let mut about = info.version.clone();
            let edition = match info.edition {
                Edition::Oss => t(Key::EditionOss),
                Edition::Teams => t(Key::EditionTeams),
                Edition::Unknown => return about,
            };
            about.push_str(" · ");
            about.push_str(edition);
            about
        })
    };
    view! {
        <a class="brand" href="#/">
            <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                <path d="M8 22V10.5l5.5 7V22M24 22V10.5l-5.5 7V22"></path>
            </svg>
            <span class="name">{t(Key::AppName)}</span>
            <span class="version" data-testid="version">{dynamic(about)}</span>
        </a>
    }
}

/// The state of the connection without its countdown, so that a screen reader is not told every second.
fn state_word(connection: Connection) -> &'static str {
    match connection {
        Connection::Connecting => t(Key::Connecting),
        Connection::Syncing => t(Key::Syncing),
        Connection::Live => t(Key::Live),
        Connection::Retrying { .. } => t(Key::RetryingNow),
        Connection::SignedOut => t(Key::SignedOut),
    }
}

/// How the page stands with the server, and what all sessions do together.
#[component]
pub(crate) fn ConnectionState(
    connection: RwSignal<Connection>,
    now: RwSignal<u64>,
    sessions: RwSignal<Sessions>,
    retry: Callback<()>,
) -> impl IntoView {
    let state = memo(move || connection.get());
    let words = move || match state.get().seconds_left(now.get() / 1_000) {
        Some(seconds) if seconds > 0 => with(Key::Retrying, &seconds.to_string()),
        _ => state_word(state.get()).to_owned(),
    };
    let totals = memo(move || {
        let (live, per_second) = sessions.with(Sessions::totals);
        let mut totals = count(Key::SessionsCount, live as u64);
        totals.push_str(" · ");
        totals.push_str(&with(Key::PerSecond, &rate(per_second)));
        totals
    });
    let health = move || match state.get() {
        Connection::Live => "dot good",
        Connection::Connecting | Connection::Syncing => "dot",
        Connection::Retrying { .. } | Connection::SignedOut => "dot warn",
    };
    let is_live = move || state.get() == Connection::Live;
    let is_retrying = move || matches!(state.get(), Connection::Retrying { .. });
    view! {
        <span class="off-screen" role="status">{dynamic(move || state_word(state.get()))}</span>
        <div class="pill">
            <span class=dynamic(health) aria-hidden="true"></span>
            <span class="tabular" data-testid="connection-state">{dynamic(words)}</span>
            <span hidden=unless(is_live) class="second tabular wide" data-testid="totals">{dynamic(move || totals.get())}</span>
            <button hidden=unless(is_retrying) type="button" class="link" on:click=move |_| retry.run(())>{t(Key::RetryNow)}</button>
        </div>
    }
}

/// What was lost on the way here; always in sight, and in another colour where it is not nothing.
#[component]
pub(crate) fn Drops(#[prop(into)] lost: Signal<u64>) -> impl IntoView {
    view! {
        <div class="pill tabular" class:warned=dynamic(move || { lost.get() > 0 }) data-testid="drops" title=t(Key::DroppedHint)>
            {dynamic(move || with(Key::Dropped, &grouped(lost.get())))}
        </div>
    }
}

/// System, light, dark: a click goes on to the next.
#[component]
pub(crate) fn ThemeSwitch(theme: RwSignal<Theme>) -> impl IntoView {
    let label = move || {
        t(match theme.get() {
            Theme::System => Key::ThemeSystem,
            Theme::Light => Key::ThemeLight,
            Theme::Dark => Key::ThemeDark,
        })
    };
    let next = move |_| {
        theme.update(|theme| {
            *theme = match theme {
                Theme::System => Theme::Light,
                Theme::Light => Theme::Dark,
                Theme::Dark => Theme::System,
            }
        });
    };
    view! {
        <button type="button" class="icon" data-testid="theme" aria-label=dynamic(label) title=dynamic(label) on:click=next>
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="8" cy="8" r="6.25" class="ring"></circle>
                <path class=dynamic(move || theme.get().word()) d="M8 1.75a6.25 6.25 0 0 1 0 12.5z"></path>
            </svg>
        </button>
    }
}
