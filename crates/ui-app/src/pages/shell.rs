//! The frame of the page: header, list, and beside it what is open; or, where there is nothing to list, why.

use crate::browser::{document, focus};
use crate::components::dynamic::{dynamic, effect, memo};
use leptos::prelude::*;

use super::session::SessionPage;
use crate::api::socket::Api;
use crate::app::ApiHandle;
use crate::components::header::{Brand, ConnectionState, Drops, EditionWord, ThemeSwitch};
use crate::components::key_list::KeyList;
use crate::components::notice::Notice;
use crate::components::palette::{PaletteButton, PaletteView};
use crate::components::preferences::PreferencesMenu;
use crate::components::session_list::SessionList;
use crate::components::tabs::name;
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::model::Model;
use crate::state::connection::Connection;

/// The characters of a command that the window's title has.
const TITLE_CHARS: usize = 60;

/// What stands in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Middle {
    SignedOut,
    Looking,
    Unreachable,
    Empty,
    List,
}

fn middle(model: Model) -> Middle {
    let listed = model.listed.get();
    match model.connection.get() {
        Connection::SignedOut => Middle::SignedOut,
        // What was seen stays in sight while the connection is gone.
        _ if listed && !(model.sessions.read().is_empty() && model.route.read().session().is_none()) => Middle::List,
        _ if listed => Middle::Empty,
        Connection::Retrying { .. } => Middle::Unreachable,
        _ => Middle::Looking,
    }
}

/// The page.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let model: Model = expect_context();
    let api: ApiHandle = expect_context();
    let retry = Callback::new(move |()| api.with_value(Api::retry));
    // What the log gives up for newer rows was received, and is still counted: its footer says so, not this.
    let lost = Signal::derive(move || model.sessions.read().missed() + model.unreadable.get());
    let place = memo(move || middle(model));
    follow_title(model);
    view! {
        <header class="top">
            <button type="button" class="button skip" on:click=|_| { let _ = focus("log") || focus("main"); }>{t(Key::Skip)}</button>
            <Brand version=model.version/>
            <EditionWord version=model.version/>
            <span class="spring"></span>
            <PaletteButton/>
            <span class="spring"></span>
            <ConnectionState model retry/>
            <Drops lost/>
            <ThemeSwitch model/>
            <PreferencesMenu model/>
        </header>
        {dynamic(move || middle_view(place.get(), model, retry))}
        <PaletteView model/>
        <KeyList/>
    }
}

/// The window's title says what is open: it is what a list of tabs shows, and what is read out first.
fn follow_title(model: Model) {
    let title = memo(move || {
        let route = model.route.read();
        let own = t(Key::Title);
        let session = model.sessions.read();
        match route.session().and_then(|id| session.get(id)) {
            Some(session) => [
                &shown(&session.brief_command(), TITLE_CHARS),
                " · ",
                t(name(route.view())),
                " · ",
                own,
            ]
            .concat(),
            None => own.to_owned(),
        }
    });
    effect(move || {
        if let Some(document) = document() {
            document.set_title(&title.read());
        }
    });
}

fn middle_view(middle: Middle, model: Model, retry: Callback<()>) -> AnyView {
    let notice = |testid, title, text, command, foot, action| {
        Notice {
            testid,
            title,
            text,
            command,
            foot,
            action,
        }
        .view()
    };
    match middle {
        Middle::List => view! { <Body model/> }.into_any(),
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

/// The list, and what is open beside it.
#[component]
fn Body(model: Model) -> impl IntoView {
    let open = memo(move || model.route.with(|route| route.session().map(str::to_owned)));
    view! {
        <div class="body" class:in-session=dynamic(move || open.read().is_some())>
            <SessionList sessions=model.sessions now=model.now open=open/>
            {dynamic(move || match open.get() {
                Some(id) => view! { <SessionPage id/> }.into_any(),
                None => {
                    let (title, text) = (Key::PickTitle, Key::PickText);
                    Notice { testid: "pick", title, text, command: "", foot: None, action: None }.view()
                }
            })}
        </div>
    }
    .into_any()
}
