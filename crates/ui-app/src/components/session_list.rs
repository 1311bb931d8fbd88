//! The list of sessions: those that run, those that do not answer, those that ended, each group the newest first.

use super::dynamic::{dynamic, memo, unless};
use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use super::sparkline::{Sparkline, path};
use crate::format::number::rate;
use crate::format::text::shown;
use crate::i18n::{Key, count, lasted, t, with};
use crate::state::sessions::{Session, Sessions};

/// The characters of a command or a target that a row shows at most; the rest is in its title.
const ROW_CHARS: usize = 120;

/// What a row says.
#[derive(Debug, Clone, PartialEq, Default)]
struct Row {
    command: String,
    target: String,
    /// How long it has run, and with how many processes.
    facts: String,
    /// The rate, or what is wrong, or how long ago it ended.
    state: String,
    title: String,
    spark: String,
}

fn row(session: &Session, now: u64) -> Row {
    let info = &session.summary.info;
    let command = session.command();
    let ago = |time: u64| now.saturating_sub(time);
    let state = match session.summary.status {
        SessionStatus::Live => with(Key::PerSecond, &rate(session.summary.rate)),
        SessionStatus::Unresponsive => {
            let reason = session.summary.reason.as_deref();
            reason.map_or_else(
                || t(Key::StatusUnresponsive).to_owned(),
                |reason| shown(reason, ROW_CHARS),
            )
        }
        SessionStatus::Ended => session.ended().map_or_else(
            || t(Key::StatusEnded).to_owned(),
            |ended| with(Key::EndedAgo, &lasted(ago(ended))),
        ),
    };
    let until = session.ended().unwrap_or(now);
    let age = session.started().map(|started| lasted(until.saturating_sub(started)));
    let processes = count(Key::Processes, info.processes.len() as u64);
    let target = if info.target == "targetless" {
        t(Key::Targetless).to_owned()
    } else {
        shown(&info.target, ROW_CHARS)
    };
    Row {
        title: [shown(&command, 1_000), target.clone(), info.session_id.clone()].join("\n"),
        command: if command.is_empty() {
            t(Key::NoCommand).to_owned()
        } else {
            shown(&session.brief_command(), ROW_CHARS)
        },
        target,
        facts: age.into_iter().chain([processes]).collect::<Vec<_>>().join(" · "),
        state,
        spark: if session.summary.status == SessionStatus::Live {
            path(session.rates.iter().copied())
        } else {
            String::new()
        },
    }
}

/// The filter and the groups.
#[component]
pub(crate) fn SessionList(
    sessions: RwSignal<Sessions>,
    now: RwSignal<u64>,
    #[prop(into)] open: Signal<Option<String>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let group = move |status| memo(move || sessions.with(|sessions| sessions.group(status, &typed.read())));
    let groups = [
        (Key::GroupLive, group(SessionStatus::Live)),
        (Key::GroupUnresponsive, group(SessionStatus::Unresponsive)),
        (Key::GroupEnded, group(SessionStatus::Ended)),
    ];
    let none = move || !sessions.read().is_empty() && groups.iter().all(|(_, ids)| ids.read().is_empty());
    let more = memo(move || sessions.read().more() as u64);
    view! {
        <nav class="sessions" aria-label=t(Key::Sessions)>
            <label class="field">
                <span class="off-screen">{t(Key::FilterSessions)}</span>
                <input
                    id="filter-sessions" type="search" data-testid="filter-sessions" autocomplete="off" spellcheck="false"
                    placeholder=t(Key::FilterSessions) on:input=move |event| typed.set(event_target_value(&event))
                />
            </label>
            <div class="groups" data-testid="session-list">
                {groups.map(|(title, ids)| view! { <Group title ids sessions now open/> })}
                <p hidden=unless(none) class="quiet">{t(Key::NoneMatches)}</p>
                <p hidden=unless(move || more.get() > 0) class="quiet">{dynamic(move || count(Key::MoreSessions, more.get()))}</p>
            </div>
        </nav>
    }
}

#[component]
fn Group(
    title: Key,
    ids: Memo<Vec<String>>,
    sessions: RwSignal<Sessions>,
    now: RwSignal<u64>,
    open: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <section hidden=unless(move || !ids.read().is_empty()) class="group">
                <h2><span>{t(title)}</span><span class="tabular">{dynamic(move || ids.read().len().to_string())}</span></h2>
                <ul>
                    <For each=move || ids.get() key=Clone::clone let:id>
                        <SessionRow id sessions now open/>
                    </For>
                </ul>
            </section>
    }
    .into_any()
}

#[component]
fn SessionRow(
    id: String,
    sessions: RwSignal<Sessions>,
    now: RwSignal<u64>,
    open: Signal<Option<String>>,
) -> impl IntoView {
    let own = StoredValue::new(id.clone());
    let data = memo(move || {
        let now = now.get();
        sessions.with(|sessions| {
            own.with_value(|id| sessions.get(id).map(|session| row(session, now)))
                .unwrap_or_default()
        })
    });
    let status = memo(move || {
        sessions.with(|sessions| own.with_value(|id| sessions.get(id).map(|session| session.summary.status)))
    });
    let is_open = move || own.with_value(|id| open.read().as_ref() == Some(id));
    let (dot, word) = (move || dot(status.get()), move || t(word(status.get())));
    view! {
        <li>
            <a
                class="session-row" href=format!("#/s/{id}") data-testid="session-row" data-session-id=id
                aria-current=dynamic(move || is_open().then_some("page")) title=dynamic(move || data.read().title.clone())
            >
                <span class=dynamic(dot) aria-hidden="true"></span>
                <span class="off-screen">{dynamic(word)}</span>
                <span class="line">
                    <span class="command-line"><bdi>{dynamic(move || data.read().command.clone())}</bdi></span>
                    <Sparkline path=Signal::derive(move || data.read().spark.clone())/>
                </span>
                <span class="line">
                    <span class="target"><bdi>{dynamic(move || data.read().target.clone())}</bdi></span>
                    <span class="state tabular" class:warned=dynamic(move || { status.get() == Some(SessionStatus::Unresponsive) })>
                        {dynamic(move || data.read().state.clone())}
                    </span>
                </span>
                <span class="line facts-line tabular">{dynamic(move || data.read().facts.clone())}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The shape before a session: a filled dot, a warning, or a hollow one; the word stands beside it for a screen reader.
pub(crate) fn dot(status: Option<SessionStatus>) -> &'static str {
    match status {
        Some(SessionStatus::Live) => "dot good",
        Some(SessionStatus::Unresponsive) => "dot warn",
        Some(SessionStatus::Ended) | None => "dot",
    }
}

pub(crate) fn word(status: Option<SessionStatus>) -> Key {
    match status {
        Some(SessionStatus::Live) => Key::StatusLive,
        Some(SessionStatus::Unresponsive) => Key::StatusUnresponsive,
        Some(SessionStatus::Ended) | None => Key::StatusEnded,
    }
}
