//! Configuration that the session used, with what each of its rules decided; and "what if", which decides the run's events
//! by another one.

mod lines;
mod results;
mod suggestions;
mod what_if;

use leptos::prelude::*;
use mirrord_wire::api::Suggestions;
use mirrord_wire::from_json;

use self::lines::{LINE_CHARS, laid_out};
use super::parts::frame;
use crate::api::socket::{Api, ApiHandle};
use crate::components::copy::CopyButton;
use crate::components::open_session::OpenSession;
use crate::components::table::Ground;
use crate::erased::{effect, handler};
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::state::config::Used;
use crate::store::app_state::use_store;
use crate::store::overview::OverviewStore;
use crate::store::route::RouteStore;

/// State of the request.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Asked,
    Failed,
    Here(Used),
}

impl Answer {
    fn used(&self) -> Option<&Used> {
        match self {
            Self::Here(used) => Some(used),
            _ => None,
        }
    }

    /// Note in place of the lines.
    fn note(&self) -> Option<Key> {
        match self {
            Self::Asked => Some(Key::ConfigAsked),
            Self::Failed => Some(Key::ConfigFailed),
            Self::Here(used) if used.lines.is_empty() && used.path.is_none() => Some(Key::ConfigNone),
            Self::Here(used) if used.lines.is_empty() => Some(Key::ConfigNoText),
            Self::Here(_) => None,
        }
    }
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let api: ApiHandle = expect_context();
    let route: RouteStore = use_store();
    let overview: OverviewStore = use_store();
    let answer = RwSignal::new(Answer::Asked);
    let trying = RwSignal::new(false);
    let ask = move || {
        answer.set(Answer::Asked);
        let Some(id) = route.session() else {
            return;
        };
        api.with_value(|api: &Api| {
            api.session(id, move |text| {
                let used = text.and_then(|text| Used::read(&text));
                // The view may be gone by now.
                let _ = answer.try_set(used.map_or(Answer::Failed, Answer::Here));
            });
        });
    };
    ask();
    let found = suggestions(open, api, route, overview);
    let start = RwSignal::new(None::<String>);
    let try_it = Callback::new(move |text: String| {
        start.set(Some(text));
        trying.set(true);
    });
    let rules = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| aggregates.rules().map(|(rule, _)| rule.to_owned()).collect::<Vec<_>>())
    });
    let body = move || {
        answer.with(|answer| match answer.used() {
            Some(used) if trying.get() => what_if::view(open, used, start.write_untracked().take()),
            Some(used) => rules.with(|rules| laid_out(open, used, rules)),
            None => ().into_any(),
        })
    };
    let advice = move || {
        let config = answer.with(|answer| answer.used().map(|used| used.json.clone()));
        match config.filter(|_| !trying.get()) {
            Some(config) => found.with(|all| suggestions::view(open, all, &config, try_it)),
            None => ().into_any(),
        }
    };
    let is_observed = move || {
        answer.with(|answer| {
            answer
                .used()
                .is_some_and(|used| used.is_observed && !used.lines.is_empty())
        })
    };
    let path = move || {
        let path = answer.with(|answer| answer.used()?.path.clone());
        path.map(|path| shown(&path, LINE_CHARS)).unwrap_or_default()
    };
    let note = move || answer.with(Answer::note).filter(|_| !trying.get());
    let has_text = move || answer.with(|answer| answer.used().is_some_and(|used| !used.json.is_empty()));
    // A device is not sent the file, and of the config only what holds no secret: nothing could be decided by that.
    let is_offered = move || overview.rights.get().arrange && answer.with(|answer| answer.used().is_some());
    let text = move || {
        answer
            .with_untracked(|answer| answer.used().map(|used| used.json.clone()))
            .unwrap_or_default()
    };
    let tools = view! {
        <button type="button" class="button" data-testid="what-if-open" title=t(Key::WhatIfHint) hidden=move || !is_offered()
            aria-pressed=move || if trying.get() { "true" } else { "false" } on:click=handler(move |_| trying.update(|on| *on = !*on))
        >{t(Key::WhatIf)}</button>
        <code class="path" dir="ltr" data-testid="config-path">{move || path()}</code>
        <span hidden=move || !has_text() || trying.get()><CopyButton label=Key::CopyJson text/></span>
    }
    .into_any();
    let body = view! {
        <p class="empty" data-testid="config-empty" hidden=move || note().is_none()>{move || note().map(t).unwrap_or_default()}</p>
        <p class="empty" hidden=move || note() != Some(Key::ConfigFailed)>
            <button type="button" class="button" on:click=handler(move |_| ask())>{t(Key::TryAgain)}</button>
        </p>
        <p class="quiet note" data-testid="nothing-redirected" hidden=move || !is_observed()>{t(Key::NothingRedirected)}</p>
        {body}
        {advice}
    }
    .into_any();
    frame(ground, "view-config", Key::TabConfig, false, tools, body)
}

/// Suggestions about the config, asked for when the view opens, at each moment of a record, and once more when the session has
/// ended. A device has none.
fn suggestions(open: OpenSession, api: ApiHandle, route: RouteStore, overview: OverviewStore) -> RwSignal<Suggestions> {
    let found = RwSignal::new(Suggestions::default());
    let status = Memo::new(move |_| {
        open.track();
        open.summary(|own| own.summary.status)
    });
    let moment = Memo::new(move |_| route.current.read().at);
    effect(move || {
        status.track();
        let at = moment.get();
        let Some(id) = route.session().filter(|_| overview.rights.get().arrange) else {
            return;
        };
        let query = at.map_or_else(String::new, |at| ["?at=", &at.to_string()].concat());
        api.with_value(|api: &Api| {
            api.session([id.as_str(), "/suggestions", &query].concat(), move |text| {
                // The view may be gone by now, or show another moment.
                if moment.try_get_untracked() == Some(at)
                    && let Some(all) = text.and_then(|text| from_json(&text).ok())
                {
                    let _ = found.try_set(all);
                }
            });
        });
    });
    found
}
