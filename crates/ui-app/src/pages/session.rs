//! One session: who it is, how it does, which rows, the rows, the one row. From the whole to the one, top to bottom.

use leptos::html::Div;
use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use crate::api::socket::ApiHandle;
use crate::browser::{How, focus, go, modal};
use crate::components::copy::CopyButton;
use crate::components::empty_state::{EmptyState, printed_part};
use crate::components::event_detail::{Detail, Shown};
use crate::components::export::export;
use crate::components::filter_dialog::filters;
use crate::components::follow_bar::FollowBar;
use crate::components::histogram::bars;
use crate::components::keyed::keyed;
use crate::components::log_head::LogHead;
use crate::components::log_rows::Clock;
use crate::components::log_view::{LogColumns, LogView};
use crate::components::open_session::OpenSession;
use crate::components::records::RecordButtons;
use crate::components::scrubber::Scrubber;
use crate::components::search_line::search_line;
use crate::components::session_row::{dot, incomplete, reason, word};
use crate::components::tabs::Tabs;
use crate::components::timeline::Timeline;
use crate::components::toolbar::PauseAndClear;
use crate::components::views;
use crate::components::{rename, row_menu};
use crate::controllers::backlog;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, count, lasted, t, with, with_two};
use crate::ids;
use crate::state::answers;
use crate::state::kind::Counts;
use crate::state::log::{Anchor, Load};
use crate::state::preferences::Times;
use crate::state::route::{Route, View};
use crate::state::sessions::Session;
use crate::store::SessionsStore;
use crate::store::app_state::{AppState, use_store};
use crate::store::connection::ConnectionStore;
use crate::store::log::LogStore;
use crate::store::moment::MomentStore;
use crate::store::overview::OverviewStore;
use crate::store::preferences::PreferencesStore;
use crate::store::route::RouteStore;

/// The characters of a heading at most; the rest is in its title.
const HEADING_CHARS: usize = 160;
/// The ports that are listed in the heading.
const MAX_PORTS: usize = 4;

/// Contents of the heading.
#[derive(Debug, Clone, PartialEq, Default)]
struct Heading {
    command: String,
    whole: String,
    status: Option<SessionStatus>,
    state: String,
    aggregates: Vec<String>,
    /// `command` is a name that a person gave.
    is_named: bool,
}

fn heading(session: &Session, now: u64, is_moment: bool) -> Heading {
    let info = &session.summary.info;
    let command = session.command();
    let until = session.ended().unwrap_or(now);
    let age = session.started().map(|started| lasted(until.saturating_sub(started)));
    let status = Some(session.summary.status);
    let reason = reason(session).map(|reason| shown(&reason, HEADING_CHARS));
    let state = [Some(t(word(status)).to_owned()), reason, age]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    // That there is no target is not worth a pill.
    let mut target = if info.target == "targetless" {
        String::new()
    } else {
        shown(&info.target, HEADING_CHARS)
    };
    if let Some(namespace) = info.namespace.as_deref().filter(|namespace| !namespace.is_empty()) {
        if !target.is_empty() {
            target.push_str(" · ");
        }
        target.push_str(&shown(namespace, HEADING_CHARS));
    }
    let ports = info
        .port_subscriptions
        .iter()
        .take(MAX_PORTS)
        .map(|port| [":", &port.port.to_string(), " ", &shown(&port.mode, 20)].concat());
    let more = info.port_subscriptions.len().saturating_sub(MAX_PORTS);
    let more = (more > 0).then(|| with(Key::PlusWaiting, &more.to_string()));
    let processes = count(Key::Processes, session.processes());
    let before = (session.summary.before > 0).then(|| with(Key::BeforeStart, &grouped(session.summary.before)));
    let title = session.title();
    let brief = if session.has_name() {
        shown(&session.brief_command(), HEADING_CHARS)
    } else {
        String::new()
    };
    // What it came to is of its end, and not of a moment.
    let exit = info.exit.as_ref().filter(|_| !is_moment);
    let exit = exit.and_then(|exit| answers::exit(exit.signal.as_deref(), exit.code.map(i64::from)));
    let traffic = session.summary.traffic.as_ref().filter(|_| !is_moment);
    let traffic = traffic.filter(|traffic| traffic.bytes_in + traffic.bytes_out > 0);
    let bytes = traffic.map(|traffic| {
        let bytes = answers::traffic([Some(traffic.bytes_in), Some(traffic.bytes_out)]).main;
        [t(Key::ColumnTraffic), " ", &bytes].concat()
    });
    Heading {
        whole: shown(&command, 2_000),
        is_named: session.has_name(),
        command: if title.is_empty() {
            t(Key::NoCommand).to_owned()
        } else {
            shown(&title, HEADING_CHARS)
        },
        status,
        state,
        aggregates: [brief, shown(session.folder(), HEADING_CHARS), target]
            .into_iter()
            .chain(exit)
            .chain(bytes)
            .filter(|fact| !fact.is_empty())
            .chain(ports)
            .chain(more)
            .chain([processes])
            .chain(before)
            .collect(),
    }
}

/// Heading of a session that the list does not have.
fn unknown(id: &str) -> Heading {
    Heading {
        command: shown(id, HEADING_CHARS),
        ..Heading::default()
    }
}

/// The page of a session.
#[component]
pub(crate) fn SessionPage(#[prop(into)] id: String) -> impl IntoView {
    let connection: ConnectionStore = use_store();
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let moment: MomentStore = use_store();
    let id = StoredValue::new(id);
    let session = move |sessions: &crate::state::sessions::Sessions| id.with_value(|id| sessions.get(id).cloned());
    let head = Memo::new(move |_| {
        let (now, is_moment) = (connection.now.get(), route.current.read().at.is_some());
        let known = sessions.with(session);
        known.map_or_else(|| unknown(&id.get_value()), |session| heading(&session, now, is_moment))
    });
    let counts = Memo::new(move |_| {
        if let Some(counts) = moment.counts.get() {
            return counts;
        }
        sessions
            .with(session)
            .map(|session| session.counts())
            .unwrap_or_default()
    });
    let is_known = Memo::new(move |_| sessions.with(|sessions| id.with_value(|id| sessions.get(id).is_some())));
    let load = Memo::new(move |_| {
        log.frame.track();
        log.with(|log| log.load())
    });
    let view = Memo::new(move |_| route.current.read().view());
    let is_over = Memo::new(move |_| head.read().status == Some(SessionStatus::Ended));
    let kept = StoredValue::new(None);
    let open = OpenSession::from_context();
    let is_routed = Memo::new(move |_| open.tells_routing());
    let is_judged = Memo::new(move |_| open.tells_outcome());
    let is_gone = Memo::new(move |_| !is_known.get() && load.get() == Load::Gone);
    move || {
        if is_gone.get() {
            let (title, text) = (Key::GoneTitle, Key::GoneText);
            let back = Callback::new(|()| go(&Route::default().fragment()));
            let action = Some((Key::BackToList, back));
            return EmptyState {
                testid: "gone",
                title,
                text,
                command: String::new(),
                foot: None,
                action,
            }
            .view();
        }
        view! {
            <main class="session" class:unrouted=move || !is_routed.get() class:unjudged=move || !is_judged.get() id="main" tabindex="-1" data-testid="session">
                <HeadingView head id/>
                <Tabs/>
                <Scrubber/>
                <FollowBar/>
                {keyed(move || view.get(), move |view| match view {
                    View::Events => view! { <Events is_over counts load kept/> }.into_any(),
                    View::Summary => {
                        let log = view! { <Events is_over counts load kept/> }.into_any();
                        views::summary::view(open, log)
                    }
                    view => views::view(view),
                })}
            </main>
        }
        .into_any()
    }
}

#[component]
fn HeadingView(head: Memo<Heading>, id: StoredValue<String>) -> impl IntoView {
    let log: LogStore = use_store();
    let overview: OverviewStore = use_store();
    let connection: ConnectionStore = use_store();
    let may_end = move || {
        let is_running = head.read().status != Some(SessionStatus::Ended);
        is_running && overview.rights.get().end && !connection.is_stale()
    };
    let may_rename = move || overview.rights.get().rename && head.read().status.is_some();
    let end = move |_| {
        overview.meant.set(Some(id.get_value()));
        modal::open(ids::END_SESSION);
    };
    // The state beside them changes each second; they stay, and with them what is selected in them.
    let aggregates = Memo::new(move |_| head.read().aggregates.clone());
    view! {
        <header class="heading">
            <a class="back" href="#/" data-testid="back">{t(Key::BackToList)}</a>
            <h1 class="machine" class:named=move || head.read().is_named title=move || head.read().whole.clone()><bdi>{move || head.read().command.clone()}</bdi></h1>
            <div class="actions">
                <button type="button" class="icon" data-testid="rename" hidden=move || !may_rename() aria-label=t(Key::Rename) title=t(Key::Rename)
                    on:click=handler(move |_| rename::open(overview, &id.get_value()))>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M3 13l.7-3 7-7 2.3 2.3-7 7z"></path></svg>
                </button>
                <span class="copy-id"><CopyButton label=Key::CopyId text=move || id.get_value()/></span>
                <RecordButtons id/>
                <button type="button" class="button danger" data-testid="end" hidden=move || !may_end() on:click=handler(end)>{t(Key::EndAsk)}</button>
            </div>
            <ul class="facts">
                <li class="pill warned" data-testid="incomplete" hidden=move || log.incomplete.read().is_empty()>{move || incomplete(&log.incomplete.read())}</li>
                <li class="pill" data-testid="status">
                    <span class=move || dot(head.read().status) aria-hidden="true"></span>
                    <bdi class="tabular">{move || head.read().state.clone()}</bdi>
                </li>
                {move || aggregates.read().iter().map(|fact| view! { <li class="pill"><bdi>{fact.clone()}</bdi></li> }).collect_view()}
            </ul>
        </header>
    }
}

/// The log with all that belongs to it.
#[component]
pub(crate) fn Events(
    is_over: Memo<bool>,
    counts: Memo<Counts>,
    load: Memo<Load>,
    /// Scroll anchor of the log.
    kept: StoredValue<Option<Anchor>>,
) -> impl IntoView {
    let connection: ConnectionStore = use_store();
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let preferences: PreferencesStore = use_store();
    let event = Memo::new(move |before: Option<&Option<Shown>>| {
        let position = log.selected.get()?;
        let started = sessions.with_untracked(|sessions| {
            let route = route.current.get_untracked();
            sessions.get(route.session()?)?.started()
        });
        let shown = log.with(|log| {
            let entry = log.ring().get(position)?;
            let process = entry.pid().and_then(|pid| log.process_name(pid));
            let process = match (process, log.label_of(entry.source())) {
                (Some(process), Some(session)) => Some([process, " · ", session].concat()),
                (process, session) => process.or(session).map(str::to_owned),
            };
            let json = entry.json()?;
            Some(Shown { json, process, started })
        });
        shown.or_else(|| before.cloned().flatten())
    });
    let waiting = Signal::derive(move || {
        log.frame.track();
        // What waits for a reader who reads is said below the log.
        if log.paused.get() {
            log.with(|log| log.view().waiting())
        } else {
            0
        }
    });
    let drawn = Memo::new(move |_| {
        // As often as the numbers are shown anew, not with each frame.
        sessions.track();
        load.track();
        log.searched.track();
        log.with(|log| bars(log.histogram()))
    });
    let clock = Memo::new(move |_| {
        let start = || {
            let route = route.current.read();
            sessions.with(|sessions| sessions.get(route.session()?)?.started())
        };
        match preferences.current.read().times {
            Times::Absolute => Clock::OfDay,
            Times::SinceStart => start().map_or(Clock::OfDay, Clock::Since),
            Times::SinceBefore => Clock::Steps,
            Times::Relative => Clock::Before(connection.now.get()),
        }
    });
    let open = OpenSession::from_context();
    let look = Memo::new(move |_| {
        let own = preferences.current.read();
        LogColumns {
            chosen: own.columns,
            density: own.density,
            has_routing: open.tells_routing(),
            has_sessions: route.current.read().session().is_none(),
        }
    });
    let close = move || {
        log.selected.set(None);
        focus("log");
    };
    let bar = NodeRef::<Div>::new();
    let has_detail = move || event.read().is_some() && log.selected.get().is_some();
    view! {
        <div class="toolbar" node_ref=bar>
            {filters(counts, bar)}
            <PauseAndClear
                paused=log.paused waiting
                toggle=move || log.toggle_pause()
                clear=move || log.clear()
            />
        </div>
        {search_line()}
        {printed_part(&[t(Key::Export), " NDJSON"].concat())}
        <Timeline bars=drawn/>
        <div class="split">
            <div class="log-frame">
                <LogHead/>
                <LogView clock look kept/>
                <LogState is_over load/>
            </div>
            <Detail event hidden=Signal::derive(move || !has_detail()) close=move || close()/>
        </div>
        <Foot is_over/>
        {row_menu::menu()}
    }
}

/// Text of a log without rows.
#[component]
fn LogState(is_over: Memo<bool>, load: Memo<Load>) -> impl IntoView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let api: ApiHandle = expect_context();
    let state = AppState::current();
    // Whether rows are shown, whether any are kept, whether there ever was one, and whether all were searched.
    let rows = Memo::new(move |_| {
        log.frame.track();
        log.with(|log| {
            let aggregates = [
                log.shows_events(),
                log.kept() > 0,
                log.ring().end() > 0,
                log.view().is_scanned(),
                log.cleared() > 0,
            ];
            aggregates.map(u64::from)
        })
    });
    let is_filtered = move || {
        let route = route.current.read();
        !route.filter.is_open() || route.range.is_some() || log.hidden.get() != 0
    };
    let forget = move |_| {
        log.absent.set(None);
        route.update(How::Replace, |route| route.row = None);
    };
    let absent = move || log.absent.get().map(|seq| with(Key::RowAbsent, &seq.to_string()));
    let says = move || match (rows.get(), load.get()) {
        ([1, ..], _) | (_, Load::Failed) => None,
        ([_, 1, _, 0, _], _) => Some(Key::LogSearching),
        ([_, 1, ..], _) if is_filtered() => Some(Key::LogNoMatch),
        (_, Load::Fetching) if state.connection.is_stale() => Some(Key::StaleFoot),
        (_, Load::Fetching) => Some(Key::LogLoading),
        ([_, _, 1, ..], _) if is_over.get() => Some(Key::LogClearedEnded),
        ([_, _, 1, ..], _) => Some(Key::LogCleared),
        _ if is_over.get() => Some(Key::LogEmptyEnded),
        _ => Some(Key::LogEmpty),
    };
    view! {
        <div hidden=move || says().is_none() class="log-state" data-testid="log-state">
                <p>{move || says().map(t).unwrap_or_default()}</p>
                <button hidden=move || says() != Some(Key::LogNoMatch) type="button" class="button" on:click=handler(move |_| { log.hidden.set(0); route.clear_filter(); })>{t(Key::ClearFilter)}</button>
                <button hidden=move || !matches!(says(), Some(Key::LogCleared | Key::LogClearedEnded)) || rows.get()[4] == 0 type="button" class="button" data-testid="undo-clear" on:click=handler(move |_| log.undo_clear())>{t(Key::UndoClear)}</button>
            </div>
        <div hidden=move || absent().is_none() class="log-failed" role="status" data-testid="row-absent">
                {move || absent().unwrap_or_default()}
                <button type="button" class="link" on:click=handler(forget)>{t(Key::Close)}</button>
            </div>
        <div hidden=move || load.get() != Load::Failed class="log-failed" role="alert" data-testid="log-failed">
                {t(Key::LogFailed)}
                <button type="button" class="link" on:click=handler(move |_| backlog::fetch(state, api))>{t(Key::TryAgain)}</button>
            </div>
    }
}

/// Footer of the log: its state, and the numbers of its rows.
#[component]
fn Foot(is_over: Memo<bool>) -> impl IntoView {
    let connection: ConnectionStore = use_store();
    let route: RouteStore = use_store();
    let preferences: PreferencesStore = use_store();
    let log: LogStore = use_store();
    let shown = Memo::new(move |_| {
        log.frame.track();
        log.with(|log| {
            let view = log.view();
            let stats = &log.all_aggregates().stats;
            Shares {
                shown: view.end() - view.first(),
                kept: log.kept(),
                given_up: log.given_up(),
                waiting: view.waiting(),
                cleared: log.cleared(),
                lost: stats.lost(),
            }
        })
    });
    let says = move || {
        let waiting = shown.read().waiting;
        match (log.paused.get(), log.following.get()) {
            _ if connection.is_stale() => t(Key::StaleFoot).to_owned(),
            (true, _) => with(Key::Paused, &grouped(waiting)),
            (_, true) if is_over.get() => t(Key::EndedFoot).to_owned(),
            (_, true) => t(Key::Following).to_owned(),
            (_, false) if waiting > 0 => {
                [t(Key::NotFollowing), " · ", &with(Key::PlusWaiting, &grouped(waiting))].concat()
            }
            (_, false) => t(Key::NotFollowing).to_owned(),
        }
    };
    let numbers = move || {
        let Shares { shown, kept, .. } = shown.get();
        with_two(Key::Shown, &grouped(shown), &grouped(kept))
    };
    let away = move || !log.following.get() || log.paused.get();
    // The rows that say so pass no filter.
    let lost = move || {
        let is_open = route
            .current
            .with(|route| route.filter.is_open() && route.range.is_none());
        shown.read().lost * u64::from(is_open)
    };
    view! {
        <footer class="foot">
            <span data-testid="following">{move || says()}</span>
            <button hidden=move || !away() type="button" class="link" data-testid="jump" on:click=handler(move |_| log.follow())>{t(Key::Jump)}</button>
            <span class="tabular" data-testid="shown">{move || numbers()}</span>
            <button hidden=move || shown.read().cleared == 0 type="button" class="link" data-testid="foot-undo-clear" on:click=handler(move |_| log.undo_clear())>{t(Key::UndoClear)}</button>
            <span hidden=move || lost() == 0 class="tabular" data-testid="foot-lost">{move || count(Key::MissedLost, lost())}</span>
            <span hidden=move || shown.read().given_up == 0 class="tabular" data-testid="given-up">{move || with(Key::RingDropped, &grouped(shown.read().given_up))}</span>
            <span role="status" data-testid="said">{move || log.said.get().map(t)}</span>
            <span class="spring"></span>
            <button type="button" class="link" data-testid="fold" aria-pressed=move || if log.folding.get() { "true" } else { "false" }
                on:click=handler(move |_| preferences.toggle_repeats())>{t(Key::FoldRepeats)}</button>
            {export()}
            <button type="button" class="link wide" data-testid="keys-button" aria-haspopup="dialog" on:click=handler(|_| { modal::open(ids::SHORTCUTS); })>{t(Key::KeysHint)}</button>
        </footer>
    }
}

/// Numbers of rows in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Shares {
    shown: u64,
    kept: u64,
    given_up: u64,
    waiting: u64,
    cleared: u64,
    /// Events, of which no row is kept either.
    lost: u64,
}
