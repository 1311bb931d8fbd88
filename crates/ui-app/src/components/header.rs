//! Header of the page: version, edition, state of the connection, totals, and losses.

use leptos::prelude::*;
use mirrord_wire::{Edition, VersionInfo};

use crate::erased::handler;
use crate::format::number::{grouped, rate};
use crate::format::text::shown;
use crate::i18n::{Key, count, day, t, with, with_two};
use crate::state::connection::Connection;
use crate::state::sessions::Sessions;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::connection::ConnectionStore;
use crate::store::preferences::PreferencesStore;

/// Page that offers editions with an operator.
const UPGRADE: &str = "https://metalbear.com/mirrord/pricing";
/// The characters of an organization's name that the header has room for.
const ORGANIZATION_CHARS: usize = 40;

/// The name and the version.
#[component]
pub(crate) fn Brand(version: RwSignal<VersionInfo>) -> impl IntoView {
    view! {
        <a class="brand" href="#/" aria-label=t(Key::AllSessions)>
            <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                <path d="M8 22V10.5l5.5 7V22M24 22V10.5l-5.5 7V22"></path>
            </svg>
            <bdi class="name">{t(Key::AppName)}</bdi>
        </a>
        <bdi class="version tabular" data-testid="version">{move || version.read().version.clone()}</bdi>
    }
}

/// Edition in words: its name, a hint, and a mark where it calls for attention.
#[derive(Debug, Clone, PartialEq, Default)]
struct Says {
    word: String,
    hint: String,
    warned: bool,
}

fn edition(info: &VersionInfo) -> Says {
    let hint = |hint: &Option<String>| hint.as_deref().map(|reason| shown(reason, 300)).unwrap_or_default();
    match info.edition {
        Edition::Oss => Says {
            word: t(Key::EditionOss).to_owned(),
            hint: hint(&info.reason),
            warned: false,
        },
        Edition::Unknown if info.pending || info.version.is_empty() => Says::default(),
        Edition::Unknown => Says {
            word: t(Key::EditionUnknown).to_owned(),
            hint: hint(&info.reason),
            warned: false,
        },
        Edition::Teams => {
            let mut word = t(Key::EditionTeams).to_owned();
            let license = info.license.as_ref();
            let mut add = |text: &str| {
                word.push_str(" · ");
                word.push_str(text);
            };
            if let Some(license) = license {
                if !license.organization.is_empty() {
                    add(&shown(&license.organization, ORGANIZATION_CHARS));
                }
                if !license.expire_at.is_empty() {
                    let key = if license.expired {
                        Key::LicenseExpired
                    } else {
                        Key::LicenseUntil
                    };
                    add(&with(key, &day(&license.expire_at)));
                }
            }
            Says {
                hint: license.map(|license| shown(&license.name, 300)).unwrap_or_default(),
                warned: license.is_some_and(|license| license.expired),
                word,
            }
        }
    }
}

/// OSS or Teams, whose, and until when.
#[component]
pub(crate) fn EditionWord(version: RwSignal<VersionInfo>) -> impl IntoView {
    let says = Memo::new(move |_| edition(&version.read()));
    let is_oss = Memo::new(move |_| version.read().edition == Edition::Oss);
    view! {
        <span
            class="edition" class:warned=move || says.read().warned hidden=move || says.read().word.is_empty()
            title=move || says.read().hint.clone() data-testid="edition"
        ><bdi>{move || says.read().word.clone()}</bdi></span>
        <a
            class="upgrade" hidden=move || !is_oss.get() href=UPGRADE target="_blank" rel="noopener noreferrer"
            data-testid="upgrade" title=t(Key::OpensNewTab)
        >{t(Key::Upgrade)}</a>
    }
}

/// State of the connection without its countdown, which a screen reader would read out each second.
fn state_word(connection: Connection) -> &'static str {
    t(match connection {
        Connection::Connecting => Key::Connecting,
        Connection::Syncing => Key::Syncing,
        Connection::Live => Key::Live,
        Connection::Retrying { .. } => Key::RetryingNow,
        Connection::SignedOut => Key::SignedOut,
    })
}

/// State of the connection, and the totals of all sessions.
#[component]
pub(crate) fn ConnectionState(#[prop(into)] retry: Callback<()>) -> impl IntoView {
    let connection: ConnectionStore = use_store();
    let sessions: SessionsStore = use_store();
    let state = Memo::new(move |_| connection.state.get());
    let words = Memo::new(move |_| match state.get() {
        Connection::Retrying { .. } => match state.get().seconds_left(connection.wall.get() / 1_000) {
            Some(seconds) if seconds > 0 => with(Key::Retrying, &grouped(seconds)),
            _ => state_word(state.get()).to_owned(),
        },
        state => state_word(state).to_owned(),
    });
    let totals = Memo::new(move |_| {
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
        <span class="off-screen" role="status">{move || state_word(state.get())}</span>
        <div class="pill" class:warned=move || is_retrying()>
            <span class=move || health() aria-hidden="true"></span>
            <span class="tabular" data-testid="connection-state">{move || words.get()}</span>
            <span hidden=move || !is_live() class="second tabular wide" data-testid="totals">{move || totals.get()}</span>
            <button hidden=move || !is_retrying() type="button" class="link" data-testid="retry" on:click=handler(move |_| retry.run(()))>{t(Key::RetryNow)}</button>
        </div>
    }
}

/// Number of lost events and messages; always in sight, and highlighted above zero.
#[component]
pub(crate) fn Drops(#[prop(into)] lost: Signal<u64>) -> impl IntoView {
    let says = move || count(Key::Dropped, lost.get());
    view! {
        <div class="pill tabular drops" class:none=move || lost.get() == 0 class:warned=move || { lost.get() > 0 } data-testid="drops" title=t(Key::DroppedHint)>
            <span class="wide">{move || says()}</span>
            // Where there is no room for the word, the number stands with a sign, and the word is still there to be read out.
            <span class="short" aria-hidden="true">{move || ["−", &grouped(lost.get())].concat()}</span>
        </div>
    }
}

/// State of the sending to an OpenTelemetry endpoint: highlighted where something was dropped or has to be sent again.
#[component]
pub(crate) fn OtlpState() -> impl IntoView {
    let own = use_store::<ConnectionStore>().otlp;
    let dropped = Memo::new(move |_| own.with(|own| own.logs.dropped + own.metrics.dropped));
    let is_unwell = move || dropped.get() > 0 || own.with(|own| own.logs.retrying + own.metrics.retrying > 0);
    let title = move || {
        let own = own.read();
        let endpoint = own.endpoint.as_deref().unwrap_or_default();
        let sent = with_two(Key::OtlpSent, &grouped(own.logs.sent), endpoint);
        let error = own.last_error.as_ref().map(|error| error.text.clone());
        [Some(sent), error]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    };
    view! {
        <div class="pill tabular wide" data-testid="otlp" class:warned=is_unwell hidden=move || !own.read().enabled title=title>
            "OTLP"
            <span hidden=move || dropped.get() == 0>{move || count(Key::Dropped, dropped.get())}</span>
        </div>
    }
}

/// System, light, dark: a click goes on to the next.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let preferences: PreferencesStore = use_store();
    let theme = Memo::new(move |_| preferences.current.read().theme);
    let label = move || with(Key::ThemeIs, t(super::preferences::THEMES[theme.get() as usize]));
    view! {
        <button
            type="button" class="icon wide" data-testid="theme" aria-label=move || label() title=move || label()
            on:click=handler(move |_| preferences.next_theme())
        >
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="8" cy="8" r="6.25" class="ring"></circle>
                <path class=move || theme.get().word() d="M8 1.75a6.25 6.25 0 0 1 0 12.5z"></path>
            </svg>
        </button>
    }
}
