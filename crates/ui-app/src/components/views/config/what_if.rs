//! "What if": a config that is edited in the page, with the errors at their place, and what it would change in this run. The
//! evaluator is a Worker that is loaded with this view and ended with it; each key press has it decide once more.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_what_if::message::{Answer, Place, Request};
use wasm_bindgen::JsCast;

use super::results::results;
use crate::api::rest::EventQuery;
use crate::api::socket::{Api, ApiHandle};
use crate::api::what_if::{Evaluator, Reply};
use crate::browser::save;
use crate::components::copy::CopyButton;
use crate::components::open_session::OpenSession;
use crate::erased::{effect, handler};
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with, with_two};
use crate::state::config::Used;
use crate::state::what_if::{MAX_LINES, MAX_TEXT_BYTES, Note, notes, offset};
use crate::store::app_state::use_store;
use crate::store::route::RouteStore;

/// Events in one answer of the server.
const EVENTS: u64 = 20_000;
/// Name of the file that is saved.
const FILE_NAME: &str = "mirrord.json";

/// State of the evaluator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Loading,
    Ready,
    Failed,
}

/// The view's state; its parts are arena handles.
#[derive(Clone, Copy)]
struct WhatIf {
    open: OpenSession,
    api: ApiHandle,
    route: RouteStore,
    text: RwSignal<String>,
    answer: RwSignal<Answer>,
    phase: RwSignal<Phase>,
    evaluator: StoredValue<Option<Evaluator>, LocalStorage>,
    /// Config of the run, and the facts beside it.
    base: StoredValue<(String, serde_json::Value)>,
    /// Number of the last request.
    number: StoredValue<u32>,
    /// Number of the last event that the evaluator has, and that of the session when it was last asked for more.
    seen: StoredValue<(u64, u64)>,
    is_loading: StoredValue<bool>,
    /// Last event that the evaluator is to have: that of the moment at which a record is shown.
    until: StoredValue<Option<u64>>,
}

impl WhatIf {
    /// Creates the state; `start` is the text that editing begins with, where that is not the config of the run.
    fn new(open: OpenSession, used: &Used, start: Option<String>) -> Self {
        let text = used.text();
        Self {
            open,
            api: expect_context(),
            route: use_store(),
            text: RwSignal::new(start.unwrap_or_else(|| text.clone())),
            answer: RwSignal::default(),
            phase: RwSignal::new(Phase::Loading),
            evaluator: StoredValue::new_local(None),
            base: StoredValue::new((text, used.source.facts.clone())),
            number: StoredValue::new(0),
            seen: StoredValue::default(),
            is_loading: StoredValue::new(false),
            until: StoredValue::default(),
        }
    }

    /// Starts the Worker. All that comes back may come after the view is gone.
    fn start(self) {
        let started = Evaluator::start(move |reply| match reply {
            Reply::Ready => self.restart(),
            Reply::Decided(answer) => self.take(answer),
            Reply::Failed => {
                let _ = self.phase.try_set(Phase::Failed);
            }
        });
        if started.is_none() {
            self.phase.set(Phase::Failed);
        }
        self.evaluator.set_value(started);
    }

    fn send(self, request: &Request) {
        let _ = self.evaluator.try_with_value(|own| {
            if let Some(own) = own {
                own.send(request);
            }
        });
    }

    /// Has the Worker forget what it has, and hands it the events up to the moment that is shown.
    fn restart(self) {
        let Some((text, facts)) = self.base.try_get_value() else {
            return;
        };
        // An answer that is on its way is of the events before.
        let _ = self.number.try_update_value(|number| *number = number.wrapping_add(1));
        self.seen.set_value((0, 0));
        self.until.set_value(self.moment());
        self.send(&Request::Start { text, facts });
        self.load();
    }

    /// Number of the event at which a record is shown.
    fn moment(self) -> Option<u64> {
        self.route.current.try_with_untracked(|route| route.at).flatten()
    }

    fn total(self) -> u64 {
        self.open.summary(|session| session.counts().total()).unwrap_or(0)
    }

    /// Hands the events that the server has and the Worker does not to the Worker, and has it decide.
    fn load(self) {
        let (Some(id), Some(false)) = (self.route.session(), self.is_loading.try_get_value()) else {
            return;
        };
        self.is_loading.set_value(true);
        let total = self.total();
        let since = self.seen.get_value().0;
        self.seen.set_value((since, total));
        let Some(api) = self.api.try_get_value() else { return };
        let until = self.until.get_value();
        spawn_local(async move { self.loaded(&api, &id, since, until).await });
    }

    async fn loaded(self, api: &Api, id: &str, since: u64, until: Option<u64>) {
        let give = &mut |lines: js_sys::ArrayBuffer| {
            let _ = self.evaluator.try_with_value(|own| {
                if let Some(own) = own {
                    own.give(&lines);
                }
            });
        };
        let query = EventQuery {
            since,
            until,
            limit: EVENTS,
        };
        let came = api.event_bytes(id, query, give).await;
        let _ = self.is_loading.try_set_value(false);
        if self.until.try_get_value().is_some_and(|wanted| wanted != until) {
            // Another moment is shown by now: what came was of the one before.
            self.restart();
        } else if came.is_ok() {
            self.decide();
        } else {
            let _ = self.phase.try_set(Phase::Failed);
        }
    }

    /// Has the text decided; an answer to an earlier one is passed over.
    fn decide(self) {
        let Some(text) = self.text.try_get_untracked() else {
            return;
        };
        if text.len() > MAX_TEXT_BYTES || self.phase.try_get_untracked() == Some(Phase::Failed) {
            return;
        }
        let _ = self.number.try_update_value(|number| *number = number.wrapping_add(1));
        let number = self.number.try_get_value().unwrap_or(0);
        self.send(&Request::Decide { number, text });
    }

    fn take(self, answer: Answer) {
        if self.number.try_get_value() != Some(answer.number) {
            return;
        }
        if let Some(comparison) = &answer.comparison {
            let last = comparison.last_seq;
            let _ = self.seen.try_update_value(|seen| seen.0 = seen.0.max(last));
        }
        let _ = self.phase.try_set(Phase::Ready);
        let _ = self.answer.try_set(answer);
    }

    /// Decides what has come since, and all of it once another moment is shown.
    fn follow(self) {
        let moment = Memo::new(move |_| self.route.current.read().at);
        effect(move || {
            let is_other = moment.get() != self.until.get_value();
            if is_other && self.phase.get_untracked() == Phase::Ready {
                self.restart();
            }
        });
        effect(move || {
            self.open.track();
            let is_ready = self.phase.get_untracked() == Phase::Ready;
            if is_ready && self.total() != self.seen.get_value().1 {
                self.load();
            }
        });
    }

    /// Result in words: how many events, and which.
    fn says(self) -> String {
        match self.phase.get() {
            Phase::Loading => t(Key::WhatIfLoading).to_owned(),
            Phase::Failed => t(Key::WhatIfFailed).to_owned(),
            Phase::Ready => self.answer.with(|answer| {
                let errors = answer.problems.iter().filter(|own| !own.is_warning).count() + answer.problems_omitted;
                let Some(own) = &answer.comparison else {
                    return with(Key::WhatIfProblems, &grouped(errors as u64));
                };
                let range = with_two(Key::WhatIfRange, &grouped(own.first_seq), &grouped(own.last_seq));
                let mut says = with(Key::WhatIfDecided, &grouped(own.events));
                if own.events > 0 {
                    says = [&says, " · ", &range].concat();
                }
                if own.uncounted > 0 {
                    says = [&says, " · ", &count(Key::MissedLost, own.uncounted)].concat();
                }
                says
            }),
        }
    }
}

pub(super) fn view(open: OpenSession, used: &Used, start: Option<String>) -> AnyView {
    let own = WhatIf::new(open, used, start);
    own.start();
    own.follow();
    let hints = hints(used);
    let took = move || {
        let spent = own
            .answer
            .with(|answer| answer.comparison.as_ref().map(|own| own.spent_us));
        spent.map(|spent| spent.to_string()).unwrap_or_default()
    };
    view! {
        <div class="view-tools" data-testid="what-if">
            <span class="quiet" role="status" data-testid="what-if-says" data-us=took>{move || own.says()}</span>
            <span class="spring"></span>
            <span data-testid="what-if-copy"><CopyButton label=Key::Copy text=move || own.text.get_untracked()/></span>
            <button type="button" class="button" data-testid="what-if-download"
                on:click=handler(move |_| drop(save(FILE_NAME, &own.text.get_untracked())))>{t(Key::Download)}</button>
        </div>
        {hints.into_iter().map(|hint| view! { <p class="quiet note">{hint}</p> }).collect_view()}
        <div class="what-if">
            <div>{editor(own)}</div>
            <div>{move || own.answer.with(|answer| results(open, answer.comparison.as_ref()))}</div>
        </div>
    }
    .into_any()
}

/// Notes on the text that editing begins with.
fn hints(used: &Used) -> Vec<String> {
    let mut hints = Vec::new();
    if used.json.is_empty() && !used.is_file {
        hints.push(t(Key::WhatIfNone).to_owned());
    } else if !used.is_file || used.is_other_format() {
        hints.push(t(Key::WhatIfResolved).to_owned());
    }
    if !used.source.variables.is_empty() {
        hints.push(with(Key::WhatIfVariables, &used.source.variables.join(", ")));
    }
    hints
}

/// The text with its line numbers, and notes beside its lines.
fn editor(own: WhatIf) -> AnyView {
    let field = NodeRef::<Textarea>::new();
    let input = move |event| {
        own.text.set(event_target_value(&event));
        own.decide();
    };
    let lines = Memo::new(move |_| own.text.with(|text| text.split('\n').count()));
    let beside = Memo::new(move |_| own.answer.with(|answer| notes(answer, lines.get())));
    let numbers = move || {
        beside.with(|notes| {
            notes
                .iter()
                .enumerate()
                .map(|(at, notes)| number(at + 1, notes))
                .collect_view()
        })
    };
    let said = move || beside.with(|notes| notes.iter().map(|notes| beside_line(notes)).collect_view());
    let has_errors = move || {
        own.answer
            .with(|answer| answer.problems.iter().any(|own| !own.is_warning))
    };
    view! {
        <div class="edit" dir="ltr">
            <pre class="gutter" aria-hidden="true" data-testid="what-if-lines">{numbers}</pre>
            <textarea
                node_ref=field data-testid="what-if-text" aria-label=t(Key::WhatIfLabel) spellcheck="false" autocomplete="off" wrap="off"
                rows=move || lines.get().clamp(4, MAX_LINES).to_string() aria-describedby="what-if-problems"
                aria-invalid=move || has_errors().then_some("true") on:input=handler(input)
            >{own.text.get_untracked()}</textarea>
            <pre class="beside" data-testid="what-if-beside">{said}</pre>
        </div>
        <ul class="problems" id="what-if-problems" aria-live="polite" data-testid="what-if-problems">
            {move || own.answer.with(|answer| answer.problems.iter().map(|place| problem(own, field, place)).collect_view())}
        </ul>
    }
    .into_any()
}

/// A line's number, marked where the line has an error.
fn number(line: usize, notes: &[Note]) -> AnyView {
    let is_wrong = notes.iter().any(|note| matches!(note, Note::Problem(false, _)));
    let text = [&line.to_string(), "\n"].concat();
    if is_wrong {
        view! { <span class="wrong">{text}</span> }.into_any()
    } else {
        text.into_any()
    }
}

fn beside_line(notes: &[Note]) -> AnyView {
    let notes = notes.iter().map(|note| match note {
        Note::Problem(true, text) => view! { <span class="warned">{[text, " "].concat()}</span> }.into_any(),
        Note::Problem(false, text) => view! { <span class="not-found">{[text, " "].concat()}</span> }.into_any(),
        Note::Decided(_, 0) => view! { <span class="never">{t(Key::NeverMatched)}" "</span> }.into_any(),
        Note::Decided(routing, times) => {
            let text = [&super::results::word(routing), " ", &grouped(*times), " "].concat();
            view! { <span class=super::results::class(routing)>{text}</span> }.into_any()
        }
    });
    view! { {notes.collect_view()}"\n" }.into_any()
}

/// An error with its place; the place leads there.
fn problem(own: WhatIf, field: NodeRef<Textarea>, place: &Place) -> AnyView {
    let (line, column) = (place.line, place.column);
    let show = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let field: web_sys::HtmlTextAreaElement = field.unchecked_into();
        let start = own.text.with_untracked(|text| offset(text, line, column));
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        drop(field.focus());
        drop(field.set_selection_range(start, start.saturating_add(1)));
    };
    let at = with_two(Key::WhatIfAt, &line.to_string(), &column.to_string());
    let class = if place.is_warning { "warned" } else { "not-found" };
    view! {
        <li>
            <button type="button" class="link" hidden=line == 0 on:click=handler(show)>{at}</button>
            " "<span class=class>{place.text.clone()}</span>
        </li>
    }
    .into_any()
}
