//! Configuration that the session used, and beside each line the number of events that it decided. Rules that the file
//! does not contain are defaults, and follow below.

use std::borrow::Cow;

use leptos::prelude::*;
use mirrord_filter::Field;

use super::parts::{frame, title};
use crate::api::socket::{Api, ApiHandle};
use crate::codec::json::Json;
use crate::components::copy::CopyButton;
use crate::components::open_session::OpenSession;
use crate::components::table::Ground;
use crate::erased::handler;
use crate::format::text::shown;
use crate::i18n::{Key, count, t};
use crate::state::config::{Line, lay_out, line_of};
use crate::state::filter_edit::{added, is};
use crate::store::app_state::use_store;
use crate::store::route::RouteStore;

/// The most characters of a line, or of the file's path.
const LINE_CHARS: usize = 400;

/// Configuration as the session reports it.
#[derive(Debug, Clone, PartialEq, Default)]
struct Used {
    path: Option<String>,
    text: String,
    lines: Vec<Line>,
}

/// State of the request.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Asked,
    Failed,
    Here(Used),
}

/// Reads the two fields of a session that this view shows.
fn read(text: &str) -> Option<Used> {
    let mut used = Used::default();
    Json::new(text).object(&mut |name, json| {
        let value = json.skip()?;
        match name {
            "config" if !matches!(value.text, "null" | "{}") => {
                used.text = value.text.to_owned();
                used.lines = lay_out(value.text);
            }
            "config_path" => used.path = value.string().map(Cow::into_owned),
            _ => {}
        }
        Some(())
    })?;
    Some(used)
}

/// A button with how many events a rule decided; it shows them.
fn decided(open: OpenSession, rule: String) -> AnyView {
    let own = StoredValue::new(rule);
    let number = Memo::new(move |_| {
        open.track();
        own.with_value(|own| {
            open.aggregates(|aggregates| {
                let seen = aggregates.rules().find(|(rule, _)| rule == own);
                seen.map_or(0, |(_, seen)| seen.count)
            })
        })
    });
    let show = move |_| {
        let rule = own.get_value();
        open.show_events(|filter| filter.typed = added("", is(Field::Rule, &rule), false));
    };
    view! {
        <button type="button" class="link decided" data-testid="decided" title=own.with_value(|own| shown(own, LINE_CHARS)) on:click=handler(show)>
            {move || count(Key::DecidedCount, number.get())}
        </button>
    }
    .into_any()
}

fn line(open: OpenSession, line: &Line, rules: Vec<String>) -> AnyView {
    let indent = "  ".repeat(line.depth.into());
    let colon = if line.name.is_empty() { "" } else { ": " };
    let class = if rules.is_empty() { "" } else { "decides" };
    view! {
        <li class=class>
            <code>{indent}<span class="key">{shown(&line.name, LINE_CHARS)}</span>{colon}{shown(&line.text, LINE_CHARS)}</code>
            {rules.into_iter().map(|rule| decided(open, rule)).collect_view()}
        </li>
    }
    .into_any()
}

/// The lines, and below them the rules that are not of the file.
fn laid_out(open: OpenSession, used: &Used, rules: &[String]) -> AnyView {
    let placed: Vec<(Option<usize>, &String)> = rules.iter().map(|rule| (line_of(&used.lines, rule), rule)).collect();
    let of = |at: Option<usize>| -> Vec<String> {
        let own = placed.iter().filter(|(place, _)| *place == at);
        own.map(|(_, rule)| (*rule).clone()).collect()
    };
    let lines = (0..).zip(&used.lines).map(|(at, own)| line(open, own, of(Some(at))));
    let others = of(None).into_iter().map(|rule| {
        let text = shown(&rule, LINE_CHARS);
        view! { <li><code>{text}</code>{decided(open, rule)}</li> }
    });
    let others: Vec<_> = others.collect();
    let has_no_others = others.is_empty();
    view! {
        <ol class="json" dir="ltr" data-testid="config-lines" hidden=used.lines.is_empty()>{lines.collect_view()}</ol>
        <div hidden=has_no_others>
            {title(Key::DefaultRules)}
            <p class="quiet note">{t(Key::DefaultRulesNote)}</p>
            <ul class="json" dir="ltr" data-testid="config-defaults">{others}</ul>
        </div>
    }
    .into_any()
}

pub(crate) fn view(open: OpenSession) -> AnyView {
    let ground = Ground::new(open);
    let api: ApiHandle = expect_context();
    let route: RouteStore = use_store();
    let answer = RwSignal::new(Answer::Asked);
    let ask = move || {
        answer.set(Answer::Asked);
        let Some(id) = route.session() else {
            return;
        };
        api.with_value(|api: &Api| {
            api.session(id, move |text| {
                let used = text.and_then(|text| read(&text));
                // The view may be gone by now.
                let _ = answer.try_set(used.map_or(Answer::Failed, Answer::Here));
            });
        });
    };
    ask();
    let rules = Memo::new(move |_| {
        open.track();
        open.aggregates(|aggregates| aggregates.rules().map(|(rule, _)| rule.to_owned()).collect::<Vec<_>>())
    });
    let body = move || {
        answer.with(|answer| match answer {
            Answer::Here(used) => rules.with(|rules| laid_out(open, used, rules)),
            _ => ().into_any(),
        })
    };
    let path = move || {
        answer.with(|answer| match answer {
            Answer::Here(used) => used
                .path
                .as_deref()
                .map(|path| shown(path, LINE_CHARS))
                .unwrap_or_default(),
            _ => String::new(),
        })
    };
    let says = move || {
        answer.with(|answer| match answer {
            Answer::Asked => Some(Key::ConfigAsked),
            Answer::Failed => Some(Key::ConfigFailed),
            Answer::Here(used) if used.lines.is_empty() && used.path.is_none() => Some(Key::ConfigNone),
            Answer::Here(used) if used.lines.is_empty() => Some(Key::ConfigNoText),
            Answer::Here(_) => None,
        })
    };
    let has_text = move || answer.with(|answer| matches!(answer, Answer::Here(used) if !used.lines.is_empty()));
    let text = move || {
        answer.with_untracked(|answer| match answer {
            Answer::Here(used) => used.text.clone(),
            _ => String::new(),
        })
    };
    let tools = view! {
        <code class="path" dir="ltr" data-testid="config-path">{move || path()}</code>
        <span hidden=move || !has_text()><CopyButton label=Key::CopyJson text/></span>
    }
    .into_any();
    let body = view! {
        <p class="empty" data-testid="config-empty" hidden=move || says().is_none()>{move || says().map(t).unwrap_or_default()}</p>
        <p class="empty" hidden=move || says() != Some(Key::ConfigFailed)>
            <button type="button" class="button" on:click=handler(move |_| ask())>{t(Key::TryAgain)}</button>
        </p>
        {body}
    }
    .into_any();
    frame(ground, "view-config", Key::TabConfig, false, tools, body)
}
