//! The frame of the page: header, list, and beside it what is open; or, where there is nothing to list, why.

use mirrord_wire::SessionId;
use mirrord_wire::mirror::Permission;

use crate::browser::{authority, document, focus, go, leave, listen, set_root, zone_minutes};
use crate::erased::{effect, handler};
use leptos::prelude::*;

use super::comparison::ComparisonPage;
use super::history::history;
use super::merged::MergedPage;
use super::session::SessionPage;
use super::settings::settings;
use crate::api::socket::{Api, ApiHandle};
use crate::components::copy::Command;
use crate::components::empty_state::EmptyState;
use crate::components::header::{Brand, ConnectionState, Drops, EditionWord, OtlpState, ThemeSwitch};
use crate::components::keyed::keyed;
use crate::components::mirror::{banner, indicator};
use crate::components::overview::OverviewPage;
use crate::components::palette::{PaletteButton, PaletteView};
use crate::components::preferences::PreferencesMenu;
use crate::components::records::RecordsBar;
use crate::components::session_list::SessionList;
use crate::components::session_menu::SessionMenu;
use crate::components::shortcuts_dialog::ShortcutsDialog;
use crate::components::stopped::StoppedDialog;
use crate::components::tabs::name;
use crate::format::text::shown;
use crate::format::time::clock;
use crate::i18n::{Key, t, with};
use crate::state::connection::{Connection, Obstacle};
use crate::state::route::{Place, Route};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::connection::ConnectionStore;
use crate::store::mirror::MirrorStore;
use crate::store::route::RouteStore;

/// The characters of a command that the window's title has.
const TITLE_CHARS: usize = 60;

/// Contents of the page's middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Middle {
    SignedOut,
    /// As a device: the way back is another one.
    TurnedOut,
    Settings,
    History,
    /// The settings, where they are not to be had.
    Elsewhere,
    Looking,
    Unreachable,
    /// The server answers, and the WebSocket does not open.
    Blocked(Obstacle),
    Empty,
    List,
}

fn middle(connection: ConnectionStore, mirror: MirrorStore, route: RouteStore, sessions: SessionsStore) -> Middle {
    let listed = connection.listed.get();
    match connection.state.get() {
        Connection::SignedOut if mirror.is_device() => Middle::TurnedOut,
        // What a tab holds stays in sight; a bar over it says how to go on.
        Connection::SignedOut if !holds_sessions(connection, route, sessions) => match connection.obstacle.get() {
            Some(obstacle) => Middle::Blocked(obstacle),
            None => Middle::SignedOut,
        },
        _ if matches!(route.current.read().place, Place::Settings | Place::History) => match mirror.me.read().is_some()
        {
            true if mirror.may(Permission::ManageMirror) && route.current.read().place == Place::History => {
                Middle::History
            }
            true if mirror.may(Permission::ManageMirror) => Middle::Settings,
            true => Middle::Elsewhere,
            false => Middle::Looking,
        },
        // What was seen stays in sight while the connection is gone.
        _ if holds_sessions(connection, route, sessions) => Middle::List,
        _ if listed => Middle::Empty,
        _ if connection.obstacle.get().is_some() => connection.obstacle.get().map_or(Middle::Looking, Middle::Blocked),
        Connection::Retrying { .. } => Middle::Unreachable,
        _ => Middle::Looking,
    }
}

fn holds_sessions(connection: ConnectionStore, route: RouteStore, sessions: SessionsStore) -> bool {
    let is_open = || !route.current.read().sessions().is_empty();
    connection.listed.get() && (!sessions.read().is_empty() || is_open())
}

/// Command that has the server admit the page's own address.
fn admitting_command() -> String {
    ["mirrord ui --allow-host ", &authority()].concat()
}

/// Bar over stale data while the connection is lost: since when, and the way to reconnect.
#[component]
fn StaleBar(retry: Callback<()>) -> impl IntoView {
    let connection: ConnectionStore = use_store();
    let is_stale = Memo::new(move |_| connection.is_stale());
    // What the styles show as well in good health, they do not while it is not known.
    effect(move || set_root("data-link", if is_stale.get() { "lost" } else { "live" }));
    let says = move || {
        let key = match (connection.state.get(), connection.obstacle.get()) {
            (_, Some(Obstacle::Origin)) => Key::BlockedText,
            (Connection::SignedOut, _) => Key::StaleSignedOut,
            (_, Some(Obstacle::WebSocket)) => Key::SocketText,
            _ => Key::UnreachableTitle,
        };
        t(key)
    };
    let since = move || {
        let now = connection.now.get();
        with(Key::StaleSince, &clock(now, zone_minutes(now)))
    };
    let command = move || {
        let text = match (connection.state.get(), connection.obstacle.get()) {
            (_, Some(Obstacle::Origin)) => admitting_command(),
            (Connection::SignedOut, _) => "mirrord ui url".to_owned(),
            _ => return None,
        };
        Some(view! { <Command text/> })
    };
    view! {
        <div class="stale" role="alert" data-testid="stale" hidden=move || !is_stale.get()>
            <p>{move || is_stale.get().then(says)}</p>
            <p class="since">{move || is_stale.get().then(since)}</p>
            {move || is_stale.get().then(command)}
            <button type="button" class="button" data-testid="stale-retry" on:click=handler(move |_| retry.run(()))>{t(Key::RetryNow)}</button>
        </div>
    }
}

/// The page.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let connection: ConnectionStore = use_store();
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let mirror: MirrorStore = use_store();
    let api: ApiHandle = expect_context();
    let retry = Callback::new(move |()| api.with_value(Api::retry));
    // What the log gives up for newer rows was received, and is still counted: its footer says so, not this.
    let lost = Signal::derive(move || sessions.read().missed() + connection.unreadable.get());
    let place = Memo::new(move |_| middle(connection, mirror, route, sessions));
    follow_title();
    view! {
        <header class="top">
            <button type="button" class="button skip" on:click=handler(|_| { let _ = focus("log") || focus("main"); })>{t(Key::Skip)}</button>
            <Brand version=connection.version/>
            <EditionWord version=connection.version/>
            <span class="spring"></span>
            <PaletteButton/>
            <span class="spring"></span>
            {indicator()}
            <ConnectionState retry/>
            <Drops lost/>
            <OtlpState/>
            <ThemeSwitch/>
            <PreferencesMenu/>
        </header>
        {banner()}
        <StaleBar retry/>
        <RecordsBar/>
        {keyed(move || place.get(), move |place| middle_view(place, retry))}
        <PaletteView/>
        <ShortcutsDialog/>
        <SessionMenu/>
        <StoppedDialog/>
    }
}

/// The window's title says what is open: it is what a list of tabs shows, and what is read out first.
fn follow_title() {
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let mirror: MirrorStore = use_store();
    let title = Memo::new(move |_| {
        let route = route.current.read();
        // A phone may have the pages of several machines.
        let own = match mirror.is_device() {
            true => [&mirror.machine(), " · ", t(Key::Title)].concat(),
            false => t(Key::Title).to_owned(),
        };
        let session = sessions.read();
        match route.session().and_then(|id| session.get(id)) {
            Some(session) => [
                &shown(&session.title(), TITLE_CHARS),
                " · ",
                t(name(route.view())),
                " · ",
                &own,
            ]
            .concat(),
            None => own,
        }
    });
    effect(move || {
        if let Some(document) = document() {
            document.set_title(&title.read());
        }
    });
}

fn middle_view(middle: Middle, retry: Callback<()>) -> AnyView {
    let notice = |testid, title, text, command: &str, foot, action| {
        EmptyState {
            testid,
            title,
            text,
            command: String::from(command),
            foot,
            action,
        }
        .view()
    };
    match middle {
        Middle::List => view! { <Body/> }.into_any(),
        Middle::Settings => settings(),
        Middle::History => history(),
        Middle::Elsewhere => {
            let action = Some((Key::BackToList, Callback::new(|()| go(&Route::default().fragment()))));
            notice(
                "elsewhere",
                Key::MirrorElsewhereTitle,
                Key::MirrorElsewhere,
                "",
                None,
                action,
            )
        }
        Middle::TurnedOut => {
            let action = Some((Key::MirrorSignIn, Callback::new(|()| leave("/mirror/sign-in"))));
            let foot = Some(Key::MirrorTurnedOutFoot);
            notice(
                "turned-out",
                Key::MirrorTurnedOutTitle,
                Key::MirrorTurnedOut,
                "",
                foot,
                action,
            )
        }
        Middle::Looking => notice("loading", Key::LoadingTitle, Key::LoadingSessions, "", None, None),
        Middle::Empty => {
            let command = "mirrord exec -- your-command";
            notice(
                "empty-state",
                Key::EmptyTitle,
                Key::EmptyText,
                command,
                Some(Key::EmptyFoot),
                None,
            )
        }
        Middle::Unreachable => {
            let action = Some((Key::RetryNow, retry));
            notice(
                "unreachable",
                Key::UnreachableTitle,
                Key::UnreachableText,
                "mirrord ui",
                None,
                action,
            )
        }
        Middle::Blocked(Obstacle::Origin) => {
            let command = admitting_command();
            let action = Some((Key::RetryNow, retry));
            notice("blocked", Key::BlockedTitle, Key::BlockedText, &command, None, action)
        }
        Middle::Blocked(Obstacle::WebSocket) => {
            let action = Some((Key::RetryNow, retry));
            notice("blocked", Key::SocketTitle, Key::SocketText, "", None, action)
        }
        Middle::Blocked(Obstacle::Cookies) => {
            let action = Some((Key::TryAgain, retry));
            notice(
                "signed-out",
                Key::SignedOutTitle,
                Key::NoCookiesText,
                "mirrord ui url",
                Some(Key::NoCookiesFoot),
                action,
            )
        }
        Middle::SignedOut => {
            let action = Some((Key::TryAgain, retry));
            let foot = Some(Key::SignedOutFoot);
            notice(
                "signed-out",
                Key::SignedOutTitle,
                Key::SignedOutText,
                "mirrord ui url",
                foot,
                action,
            )
        }
    }
}

/// The width below which there is room for one thing at a time, pixels; the styles have the same.
const NARROW: f64 = 768.0;

fn is_narrow() -> bool {
    let width = crate::browser::window()
        .inner_width()
        .ok()
        .and_then(|width| width.as_f64());
    width.is_some_and(|width| width < NARROW)
}

/// Contents beside the list.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Open {
    None,
    One(String),
    Several,
    Two(SessionId, SessionId),
}

/// The list, and what is open beside it.
#[component]
fn Body() -> impl IntoView {
    let route: RouteStore = use_store();
    let open = Memo::new(move |_| match route.current.read().place {
        Place::Session(ref id, _) => Open::One(id.as_str().to_owned()),
        Place::Merged(_) => Open::Several,
        Place::Comparison(ref one, ref other) => Open::Two(one.clone(), other.clone()),
        _ => Open::None,
    });
    let narrow = RwSignal::new(is_narrow());
    listen("resize", move |_: web_sys::Event| {
        if narrow.try_get_untracked().is_some_and(|before| before != is_narrow()) {
            narrow.set(is_narrow());
        }
    });
    let narrow = Memo::new(move |_| narrow.get());
    // The list is the page itself where nothing stands beside it; it is one element for both, which keeps its place.
    let is_page = move || narrow.get() && *open.read() == Open::None;
    view! {
        <div class="body" class:in-session=move || *open.read() != Open::None>
            <div
                class="side" role=move || is_page().then_some("main") id=move || is_page().then_some("main")
                tabindex=move || is_page().then_some("-1")
            >
                <h1 class="off-screen" hidden=move || !is_page()>{t(Key::Overview)}</h1>
                <SessionList narrow/>
            </div>
            {keyed(move || open.get(), move |open| match open {
                Open::One(id) => view! { <SessionPage id/> }.into_any(),
                Open::Several => view! { <MergedPage/> }.into_any(),
                Open::Two(one, other) => view! { <ComparisonPage one other/> }.into_any(),
                // Where there is no room for both, the list is the overview.
                Open::None => (move || (!narrow.get()).then(|| view! { <OverviewPage/> })).into_any(),
            })}
        </div>
    }
}
