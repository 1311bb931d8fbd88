//! The frame of the page: header, list, and beside it what is open; or, where there is nothing to list, why.

use leptos::prelude::*;

use super::session::SessionPage;
use crate::api::socket::Api;
use crate::app::ApiHandle;
use crate::components::header::{Brand, ConnectionState, Drops, ThemeSwitch};
use crate::components::notice::Notice;
use crate::components::session_list::SessionList;
use crate::i18n::{Key, t};
use crate::model::Model;
use crate::state::connection::Connection;

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
    let retry = move || api.with_value(Api::retry);
    // What the log gives up for newer rows was received, and is still counted: its footer says so, not this.
    let lost = Signal::derive(move || model.sessions.read().missed() + model.unreadable.get());
    let place = Memo::new(move |_| middle(model));
    view! {
        <a class="skip" href="#log">{t(Key::SkipToLog)}</a>
        <header class="top">
            <Brand version=model.version/>
            <span class="spring"></span>
            <ConnectionState connection=model.connection now=model.now sessions=model.sessions retry=move |()| retry()/>
            <Drops lost/>
            <ThemeSwitch theme=model.theme/>
        </header>
        {move || match place.get() {
            Middle::List => view! { <Body model/> }.into_any(),
            Middle::Empty => view! {
                <main class="middle">
                    <Notice testid="empty-state" title=Key::EmptyTitle text=Key::EmptyText command="mirrord exec -- your-command">
                        <p class="quiet">{t(Key::EmptyFoot)}</p>
                    </Notice>
                </main>
            }.into_any(),
            Middle::Looking => view! {
                <main class="middle"><p class="quiet" data-testid="loading" role="status">{t(Key::LoadingSessions)}</p></main>
            }.into_any(),
            Middle::Unreachable => view! {
                <main class="middle">
                    <Notice testid="unreachable" title=Key::UnreachableTitle text=Key::UnreachableText command="mirrord ui"/>
                </main>
            }.into_any(),
            Middle::SignedOut => view! {
                <main class="middle">
                    <Notice testid="signed-out" title=Key::SignedOutTitle text=Key::SignedOutText command="mirrord ui url">
                        <p class="quiet">{t(Key::SignedOutFoot)}</p>
                        <button type="button" class="button" on:click=move |_| retry()>{t(Key::TryAgain)}</button>
                    </Notice>
                </main>
            }.into_any(),
        }}
    }
}

/// The list, and what is open beside it.
#[component]
fn Body(model: Model) -> impl IntoView {
    let open = Memo::new(move |_| model.route.with(|route| route.session().map(str::to_owned)));
    view! {
        <div class="body" class:in-session=move || open.read().is_some()>
            <SessionList sessions=model.sessions now=model.now open=open/>
            {move || match open.get() {
                Some(id) => view! { <SessionPage id/> }.into_any(),
                None => view! {
                    <main class="middle"><Notice testid="pick" title=Key::PickTitle text=Key::PickText/></main>
                }.into_any(),
            }}
        </div>
    }
    .into_any()
}
