//! Two sessions compared: what only one of them touched, and what came of it otherwise. Each difference leads to its events.

use leptos::prelude::*;
use mirrord_wire::api::{Compared, Comparison};
use mirrord_wire::{ApiError, from_json};

use crate::api::socket::{Answer, ApiHandle};
use crate::erased::{effect, handler};
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, count, t, with};
use crate::state::comparison::{Category, FEW, Row, Side, categories, same};
use crate::state::filter::LogFilter;
use crate::state::route::{Place, Route, View};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::connection::ConnectionStore;
use mirrord_wire::SessionId;

/// The characters of a name that are shown.
const NAME_CHARS: usize = 2_000;

/// State of the comparison.
#[derive(Debug, Clone, PartialEq)]
enum Loaded {
    Not,
    /// Why there is none.
    Failed(String),
    Here(Box<Comparison>),
}

fn loaded(answer: Answer) -> Loaded {
    let Some((status, text)) = answer else {
        return Loaded::Failed(t(Key::UnreachableTitle).to_owned());
    };
    if status != 200 {
        let error = from_json::<ApiError>(&text).map(|answer| shown(&answer.error, 400));
        return Loaded::Failed(error.unwrap_or_else(|_| t(Key::LogFailed).to_owned()));
    }
    match from_json(&text) {
        Ok(comparison) => Loaded::Here(Box::new(comparison)),
        Err(_) => Loaded::Failed(t(Key::LogFailed).to_owned()),
    }
}

/// The page.
#[component]
pub(crate) fn ComparisonPage(one: SessionId, other: SessionId) -> impl IntoView {
    let api: ApiHandle = expect_context();
    let sessions: SessionsStore = use_store();
    let connection: ConnectionStore = use_store();
    let ids = StoredValue::new([one, other]);
    let comparison = RwSignal::new(Loaded::Not);
    let needle = RwSignal::new(String::new());
    let request = move || {
        let [one, other] = ids.get_value();
        let path = ["/api/diff?a=", one.as_str(), "&b=", other.as_str()].concat();
        api.with_value(|api| api.ask("GET", path, None, move |answer| comparison.set(loaded(answer))));
    };
    // Sessions of records are listed a little after the page is open.
    let are_listed = Memo::new(move |_| {
        let sessions = sessions.read();
        ids.with_value(|ids| ids.iter().all(|id| sessions.is_listed(id.as_str())))
    });
    effect(move || {
        are_listed.track();
        if connection.listed.get() {
            request();
        }
    });
    let name = move |place: usize| {
        Memo::new(move |_| {
            let sessions = sessions.read();
            ids.with_value(|ids| {
                let id = ids.get(place).map(SessionId::as_str).unwrap_or_default();
                let title = sessions
                    .get(id)
                    .map(|session| session.title())
                    .filter(|title| !title.is_empty());
                shown(&title.unwrap_or_else(|| id.to_owned()), 80)
            })
        })
    };
    let found = Memo::new(move |_| match &*comparison.read() {
        Loaded::Here(comparison) => categories(comparison, &needle.read()),
        Loaded::Not | Loaded::Failed(_) => Vec::new(),
    });
    let says = move || match &*comparison.read() {
        Loaded::Not => t(Key::LogLoading).to_owned(),
        Loaded::Failed(reason) => reason.clone(),
        Loaded::Here(comparison) if comparison.same => {
            [t(Key::NothingDiffers), " ", &count(Key::NamesAlike, same(comparison))].concat()
        }
        Loaded::Here(comparison) if found.read().is_empty() => {
            let _ = comparison;
            t(Key::NoRowMatches).to_owned()
        }
        Loaded::Here(comparison) => count(Key::NamesAlike, same(comparison)),
    };
    let is_failed = move || matches!(&*comparison.read(), Loaded::Failed(_));
    let side = move |place: usize| {
        let name = name(place);
        let notes = move || match &*comparison.read() {
            Loaded::Here(comparison) => facts(if place == 0 { &comparison.a } else { &comparison.b }),
            Loaded::Not | Loaded::Failed(_) => String::new(),
        };
        let href = move || ids.with_value(|ids| ids.get(place).map(|id| Route::to_session(id.as_str())));
        let sign = if place == 0 { Side::A } else { Side::B };
        view! {
            <li class=["side-", if place == 0 { "a" } else { "b" }].concat()>
                <span class="sign" aria-hidden="true">{sign.sign()}</span>
                <a class="machine" href=href><bdi>{move || name.get()}</bdi></a>
                <span class="quiet tabular">{notes}</span>
            </li>
        }
    };
    view! {
        <main class="comparison view" id="main" tabindex="-1" data-testid="comparison">
            <header class="heading">
                <a class="back" href="#/" data-testid="back">{t(Key::BackToList)}</a>
                <h1>{t(Key::Comparison)}</h1>
                <div class="actions">
                    <a class="button" data-testid="swap" href=move || ids.with_value(|[one, other]| crate::state::selection::comparison(other.as_str(), one.as_str()))>{t(Key::Swap)}</a>
                    <button type="button" class="button" data-testid="compare-again" on:click=handler(move |_| request())>{t(Key::CompareAgain)}</button>
                </div>
                <ul class="facts">{side(0)}{side(1)}</ul>
            </header>
            <div class="view-tools">
                <label class="field">
                    <span class="off-screen">{t(Key::SearchView)}</span>
                    <input id="search" type="search" maxlength="1000" autocomplete="off" spellcheck="false" dir="auto" data-testid="comparison-search"
                        placeholder=t(Key::SearchView) on:input=handler(move |event| needle.set(event_target_value(&event).trim().to_ascii_lowercase()))/>
                </label>
                <p role="status" class="quiet" class:lost=is_failed data-testid="comparison-says">{says}</p>
            </div>
            {move || found.get().into_iter().map(|category| section(category, ids)).collect_view()}
        </main>
    }
}

/// Events of a session that were compared, and what its record lacks.
fn facts(compared: &Compared) -> String {
    let events = count(Key::EventsCount, compared.events);
    let notes = compared.notes.iter().map(|note| shown(note, 200));
    [events].into_iter().chain(notes).collect::<Vec<_>>().join(" · ")
}

fn section(category: Category, ids: StoredValue<[SessionId; 2]>) -> AnyView {
    let is_whole = RwSignal::new(false);
    let total = category.rows.len();
    let label = move || match is_whole.get() {
        true => t(Key::ShowFewer).to_owned(),
        false => with(Key::ShowAll, &grouped(total as u64)),
    };
    let rows = StoredValue::new(category.rows);
    let shown_rows = move || {
        let most = if is_whole.get() { usize::MAX } else { FEW };
        rows.with_value(|rows| rows.iter().take(most).map(|own| row(own, ids)).collect_view())
    };
    let omitted =
        (category.omitted > 0).then(|| view! { <p class="quiet">{count(Key::NotCompared, category.omitted)}</p> });
    view! {
        <section class="table-part" data-testid=["diff-", category.word].concat()>
            <h2>{t(category.title)} <span class="third tabular">{grouped(total as u64)}</span></h2>
            <ul class="differences">{shown_rows}</ul>
            {omitted}
            <button type="button" class="link" hidden=total <= FEW aria-expanded=move || if is_whole.get() { "true" } else { "false" }
                on:click=handler(move |_| is_whole.update(|whole| *whole = !*whole))>{label}</button>
        </section>
    }
    .into_any()
}

fn row(row: &Row, ids: StoredValue<[SessionId; 2]>) -> AnyView {
    let (class, word) = match row.side {
        Side::A => ("side-a", Key::OnlyFirst),
        Side::B => ("side-b", Key::OnlySecond),
        Side::Both => ("changed", Key::ChangedBetween),
    };
    let came = match (row.side, row.is_value) {
        (_, true) => t(Key::OtherValue).to_owned(),
        (Side::Both, _) => [or_seen(&row.came[0]), " → ", or_seen(&row.came[1])].concat(),
        (Side::A, _) => row.came[0].clone(),
        (Side::B, _) => row.came[1].clone(),
    };
    let name = shown(&row.name, NAME_CHARS);
    let link = |place: usize| {
        let id = ids.with_value(|ids| ids.get(place).cloned())?;
        let route = Route {
            place: Place::Session(id, View::Events),
            filter: LogFilter {
                typed: row.query.clone(),
                ..LogFilter::default()
            },
            ..Route::default()
        };
        (!row.query.is_empty()).then(|| route.fragment())
    };
    let first = if row.side == Side::B { None } else { link(0) };
    let second = if row.side == Side::A { None } else { link(1) };
    let rows_of = |href: Option<String>, sign: &'static str| {
        href.map(|href| view! { <a class="link" href=href title=t(Key::ShowItsEvents)>{sign}<span class="off-screen">{t(Key::ShowItsEvents)}</span></a> })
    };
    view! {
        <li class=class>
            <span class="sign" title=t(word)><span aria-hidden="true">{row.side.sign()}</span><span class="off-screen">{t(word)}</span></span>
            <bdi class="machine">{name}</bdi>
            <span class="came">{came}</span>
            <span class="ways">{rows_of(first, "−→")}{rows_of(second, "+→")}</span>
        </li>
    }
    .into_any()
}

fn or_seen(came: &str) -> &str {
    if came.is_empty() { t(Key::JustSeen) } else { came }
}
