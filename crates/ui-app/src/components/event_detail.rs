//! One event, whole: its fields in words, and its JSON to copy. Values of environment variables are hidden until asked
//! for.

use leptos::prelude::*;
use mirrord_filter::{Field as Column, Name, Span, Term};
use mirrord_wire::Direction;

use super::copy::CopyButton;
use super::kind_labels::one;
use super::log_rows::{exit_word, outcome_class, outcome_word, process_word, routing_class, routing_word, traffic};
use super::row_menu;
use crate::browser::{How, zone_minutes};
use crate::codec::json::Raw;
use crate::codec::line::{Event, Line, arguments, variables, without_values};
use crate::erased::{effect, handler};
use crate::format::json::laid_out;
use crate::format::text::{command, shown};
use crate::format::time::clock;
use crate::i18n::{Key, count, lasted, t, with};
use crate::state::filter::routing_word as routing_name;
use crate::state::filter_edit::{added, is};
use crate::state::kind::Kind;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::preferences::PreferencesStore;
use crate::store::route::RouteStore;

/// The most characters of a field, and of the JSON, that are shown; the copy has all.
const FIELD_CHARS: usize = 2_000;
const JSON_CHARS: usize = 8_000;
/// The most characters of a filter on a button.
const LABEL_CHARS: usize = 200;
/// Placeholder of a hidden value.
const HIDDEN: &str = "•••";

/// An event and what is known around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// The event line.
    pub(crate) json: String,
    pub(crate) process: Option<String>,
    /// When its session started, microseconds since the Unix epoch.
    pub(crate) started: Option<u64>,
}

/// A field's name, its text, its style, and the filter for events like this one.
struct Field(Key, String, &'static str, Option<Term>);

/// The filter for events that have this in a field.
fn term(key: Key, text: &str) -> Option<Term> {
    let column = match key {
        Key::FieldPath => Column::Path,
        Key::FieldHost => Column::Host,
        Key::FieldAddress => Column::Address,
        Key::FieldRule => Column::Rule,
        Key::FieldPort => return number(Column::Port, text.parse().ok()?),
        Key::FieldOperation => return Some(name(Column::Op, text)),
        _ => return None,
    };
    Some(is(column, text))
}

fn number(column: Column, number: u64) -> Option<Term> {
    Some(Term::Numbers(column, vec![Span::Is(number)]))
}

fn name(column: Column, word: &str) -> Term {
    Term::Names(column, vec![Name::Is(word.to_owned())])
}

impl Shown {
    /// The event; `None` where there is none, which is never seen.
    fn line(&self) -> Option<Line<'_>> {
        Line::read(&self.json)
    }

    /// The event's JSON, without the values of variables unless they were asked for.
    fn written(&self, values: bool) -> String {
        if values {
            self.json.clone()
        } else {
            without_values(&self.json, Some(HIDDEN))
        }
    }

    fn has_values(&self) -> bool {
        let mut has_values = false;
        if let Some(Event::Env { vars }) = self.line().map(|line| line.event) {
            let _ = variables(vars, &mut |_, value| has_values |= value.is_some());
        }
        has_values
    }
}

fn fields(shown_event: &Shown, values: bool) -> Vec<Field> {
    let Some(line) = shown_event.line() else {
        return Vec::new();
    };
    let mut fields = event_fields(&line.event, values);
    if line.pid.is_some() {
        let mut process = process_word(line.pid, shown_event.process.as_deref());
        if let (Some(pid), true) = (line.pid, shown_event.process.is_some()) {
            process.push_str(" · ");
            process.push_str(&pid.to_string());
        }
        let own = line.pid.and_then(|pid| number(Column::Pid, pid.into()));
        fields.push(Field(Key::FieldProcess, process, "machine", own));
    }
    let mut time = clock(line.ts, zone_minutes(line.ts));
    if let Some(into) = shown_event.started.and_then(|started| line.ts.checked_sub(started)) {
        time.push_str(" · ");
        time.push_str(&with(Key::IntoSession, &lasted(into)));
    }
    fields.push(Field(Key::FieldTime, time, "machine", None));
    if let Some(outcome) = line.outcome {
        fields.push(Field(
            Key::ColumnOutcome,
            outcome_word(outcome).to_owned(),
            outcome_class(outcome),
            Some(name(Column::Outcome, outcome.name())),
        ));
    }
    if let Some(routing) = line.routing {
        fields.push(Field(
            Key::FieldRouting,
            routing_word(routing),
            routing_class(routing).trim_start(),
            Some(name(Column::Routing, routing_name(routing))),
        ));
    }
    if let Some(rule) = &line.rule {
        let own = term(Key::FieldRule, rule);
        fields.push(Field(Key::FieldRule, shown(rule, FIELD_CHARS), "machine", own));
    }
    fields
}

fn event_fields(event: &Event<'_>, values: bool) -> Vec<Field> {
    let machine = |key, text: &str| Field(key, shown(text, FIELD_CHARS), "machine", term(key, text));
    match event {
        Event::File { path, operation } => {
            let path = path.as_deref().map(|path| machine(Key::FieldPath, path));
            path.into_iter()
                .chain([machine(Key::FieldOperation, operation)])
                .collect()
        }
        Event::Dns { host } => vec![machine(Key::FieldHost, host)],
        Event::Connect {
            address,
            port,
            protocol,
        } => {
            let mut fields = vec![
                machine(Key::FieldAddress, address),
                machine(Key::FieldPort, &port.to_string()),
            ];
            fields.extend(
                protocol
                    .as_deref()
                    .map(|protocol| machine(Key::FieldProtocol, protocol)),
            );
            fields
        }
        Event::Port {
            port,
            mode,
            filter,
            address,
        } => {
            let mut fields = vec![
                machine(Key::FieldPort, &port.to_string()),
                machine(Key::FieldMode, mode),
            ];
            fields.extend(address.as_deref().map(|address| machine(Key::FieldAddress, address)));
            fields.extend(filter.as_deref().map(|filter| machine(Key::FieldFilter, filter)));
            fields
        }
        Event::Env { vars } => vec![machine(Key::FieldVariables, &variables_text(*vars, values))],
        Event::Started {
            parent_pid, cmdline, ..
        } => {
            let mut fields = vec![machine(Key::FieldCommand, &command(&arguments(*cmdline)))];
            fields.extend(parent_pid.map(|pid| machine(Key::FieldParent, &pid.to_string())));
            fields
        }
        Event::Request { method, path, host } => {
            vec![
                machine(Key::FieldMethod, method),
                machine(Key::FieldPath, path),
                machine(Key::FieldHost, host),
            ]
        }
        Event::Ended { exit, .. } => {
            let code = exit.code.map(|code| code.to_string());
            let said = exit.signal.as_deref().or(code.as_deref());
            said.map(|said| Field(Key::ColumnOutcome, exit_word(said), "machine", None))
                .into_iter()
                .collect()
        }
        Event::Update(update) => {
            let arrow = if update.direction == Direction::In {
                " ← "
            } else {
                " → "
            };
            vec![
                machine(Key::FieldAddress, &[&*update.local, arrow, &update.remote].concat()),
                machine(Key::FieldProtocol, &update.protocol),
                machine(Key::ColumnWhat, &traffic(update)),
            ]
        }
        Event::Listener(_) | Event::Unknown => Vec::new(),
    }
}

fn variables_text(vars: Raw<'_>, values: bool) -> String {
    let mut out = String::new();
    let _ = variables(vars, &mut |name, value| {
        out.push_str(if out.is_empty() { "" } else { ", " });
        out.push_str(&name);
        if let Some(value) = value {
            out.push('=');
            out.push_str(if values { &value } else { HIDDEN });
        }
    });
    out
}

fn line(event: &Option<Shown>) -> Option<Line<'_>> {
    event.as_ref().and_then(Shown::line)
}

/// Adds a term to the search, or its opposite.
fn apply(route: RouteStore, term: Term, hides: bool) {
    route.update_filter(How::Push, |filter| filter.typed = added(&filter.typed, term, hides));
}

/// The button that filters by a field.
fn apply_button(route: RouteStore, term: Term) -> AnyView {
    let label = with(Key::ApplyFilter, &shown(&term.to_string(), LABEL_CHARS));
    let run = move |_| apply(route, term.clone(), false);
    view! {
        <button type="button" class="icon apply" data-testid="apply-filter" aria-label=label.clone() title=label on:click=handler(run)>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M2.5 3.5h11L9.5 8.5v4l-3-1.5v-2.5z"></path></svg>
        </button>
    }
    .into_any()
}

/// The panel.
#[component]
pub(crate) fn Detail(
    event: Memo<Option<Shown>>,
    #[prop(into)] hidden: Signal<bool>,
    #[prop(into)] close: Callback<()>,
) -> impl IntoView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let preferences: PreferencesStore = use_store();
    let values = RwSignal::new(false);
    effect(move || {
        event.track();
        values.set(preferences.shows_values());
    });
    let kind = move || event.with(|event| line(event).map_or(Kind::Other, |line| Kind::of_type(&line.kind)));
    let copied = move || {
        event.with_untracked(|event| {
            event
                .as_ref()
                .map(|event| event.written(values.get_untracked()))
                .unwrap_or_default()
        })
    };
    // Events are alike that are of one kind and name.
    let like = move |hides: bool| {
        let name = log
            .selected
            .get_untracked()
            .and_then(|position| log.with(|log| log.ring().get(position).map(|entry| entry.subject().name.to_owned())));
        if let Some(name) = name {
            apply(route, is(Column::Name, &name), hides);
        }
    };
    view! {
        <aside class="detail" hidden=move || hidden.get() id="detail" data-testid="detail" tabindex="-1" aria-label=t(Key::Detail)>
            <header>
                <h2 class=move || ["k-", kind().slug()].concat()>
                    <span class="square" aria-hidden="true"></span>
                    {move || event.with(|event| line(event).map(|line| shown(&line.kind, 60)).unwrap_or_default())}
                    <span class="third tabular">{move || event.with(|event| line(event).map(|line| ["#", &line.seq.to_string()].concat()).unwrap_or_default())}</span>
                    <span class="off-screen">{move || one(kind())}</span>
                </h2>
                <button type="button" class="icon" data-testid="close" aria-label=t(Key::Close) title=t(Key::Close) on:click=handler(move |_| close.run(()))>
                    <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 4l8 8M12 4l-8 8"></path></svg>
                </button>
            </header>
            <Fields event values/>
            <div class="actions">
                <button type="button" class="button" data-testid="only-like" on:click=handler(move |_| like(false))>{t(Key::OnlyLike)}</button>
                <button type="button" class="button" data-testid="hide-like" on:click=handler(move |_| like(true))>{t(Key::HideLike)}</button>
                {row_menu::buttons(false)}
                <CopyButton label=Key::CopyJson text=move || copied()/>
                <button hidden=move || !event.with(|event| event.as_ref().is_some_and(Shown::has_values)) type="button" class="button" on:click=handler(move |_| values.update(|values| *values = !*values))>
                        {move || t(if values.get() { Key::HideValues } else { Key::ShowValues })}
                    </button>
            </div>
        </aside>
    }
}

/// The fields and the JSON.
#[component]
fn Fields(event: Memo<Option<Shown>>, values: RwSignal<bool>) -> impl IntoView {
    let route: RouteStore = use_store();
    let list = move || {
        let fields = event
            .with(|event| event.as_ref().map(|event| fields(event, values.get())))
            .unwrap_or_default();
        fields
            .into_iter()
            .map(|Field(key, text, class, term)| {
                let apply = term.map(|term| apply_button(route, term));
                view! { <div><dt>{t(key)}</dt><dd class=class><bdi>{text}</bdi>{apply}</dd></div> }
            })
            .collect_view()
    };
    let body = move || {
        let text = event
            .with(|event| event.as_ref().map(|event| event.written(values.get())))
            .unwrap_or_default();
        let more = text.chars().count().saturating_sub(JSON_CHARS);
        let end = text.char_indices().nth(JSON_CHARS).map_or(text.len(), |(at, _)| at);
        let lines: Vec<String> = laid_out(&text[..end])
            .lines()
            .map(|line| shown(line, JSON_CHARS))
            .collect();
        let mut out = lines.join("\n");
        if more > 0 {
            out.push('\n');
            out.push_str(&count(Key::MoreCharacters, more as u64));
        }
        out
    };
    view! {
        <dl>{move || list()}</dl>
        <pre data-testid="json" dir="ltr" tabindex="0">{move || body()}</pre>
    }
}
