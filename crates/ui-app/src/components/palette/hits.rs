//! Events of all sessions that the palette finds: asked of the server while typing, debounced; an answer to what is not typed any
//! more is dropped, and its request aborted.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_wire::api::{Hit, SearchAnswer};
use mirrord_wire::{SessionId, from_json};

use crate::api::rest::Abort;
use crate::api::socket::{Api, ApiHandle};
use crate::browser::{sleep, zone_minutes};
use crate::components::kind_labels;
use crate::components::log_rows::outcome_word;
use crate::format::text::shown;
use crate::format::time::clock;
use crate::i18n::{Key, t};
use crate::state::kind::Kind;
use crate::state::percent::push_encoded;
use crate::state::route::{Place, Route, RowId, View};
use crate::store::SessionsStore;

/// Time without a key after which the server is asked, milliseconds.
const DEBOUNCE_MS: u32 = 150;
/// The fewest characters that are searched for: one is in every row.
const MIN_CHARS: usize = 2;
/// The most hits that are asked for.
const MAX_HITS: usize = 40;
/// The characters of a subject that are shown.
const SUBJECT_CHARS: usize = 160;

/// Hit as the palette lists it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// Title of its session, at the first one of each.
    pub(super) heading: Option<String>,
    pub(super) kind: Kind,
    pub(super) subject: String,
    /// Operation, outcome and time.
    pub(super) hint: String,
    pub(super) fragment: String,
}

/// Progress of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Progress {
    /// Nothing to search for.
    #[default]
    Idle,
    Searching,
    /// Everything that is kept was searched, and all is listed.
    Complete,
    /// There may be more.
    Partial,
    Failed,
}

/// Search in the events of all sessions.
#[derive(Clone, Copy)]
pub(super) struct Hits {
    api: ApiHandle,
    sessions: SessionsStore,
    pub(super) list: RwSignal<Vec<Found>>,
    pub(super) progress: RwSignal<Progress>,
    /// Number of the newest search; an answer to an earlier one is dropped.
    turn: StoredValue<u64>,
    request: StoredValue<Option<Abort>, LocalStorage>,
}

impl Hits {
    pub(super) fn new(api: ApiHandle, sessions: SessionsStore) -> Self {
        Self {
            api,
            sessions,
            list: RwSignal::new(Vec::new()),
            progress: RwSignal::new(Progress::default()),
            turn: StoredValue::new(0),
            request: StoredValue::new_local(None),
        }
    }

    /// Searches for a text once no other one follows; what was found before goes at once.
    pub(super) fn search(self, typed: &str) {
        if let Some(request) = self.request.try_update_value(Option::take).flatten() {
            request.abort();
        }
        self.turn.update_value(|turn| *turn += 1);
        if !self.list.with_untracked(Vec::is_empty) {
            self.list.set(Vec::new());
        }
        let Some(query) = query(typed) else {
            self.progress.set(Progress::Idle);
            return;
        };
        self.progress.set(Progress::Searching);
        let turn = self.turn.get_value();
        spawn_local(async move {
            sleep(DEBOUNCE_MS, drop).await;
            if self.turn.get_value() == turn {
                self.ask(&query, turn);
            }
        });
    }

    fn ask(self, query: &str, turn: u64) {
        let mut path = ["/api/search?limit=", &MAX_HITS.to_string(), "&q="].concat();
        push_encoded(&mut path, query);
        let request = self.api.with_value(|api: &Api| {
            api.ask_abortable(path, move |answer| {
                if self.turn.get_value() != turn {
                    return;
                }
                let read = answer.filter(|(status, _)| *status == 200);
                match read.and_then(|(_, text)| from_json::<SearchAnswer>(&text).ok()) {
                    Some(answer) => self.show(&answer),
                    None => self.progress.set(Progress::Failed),
                }
            })
        });
        self.request.set_value(request);
    }

    fn show(self, answer: &SearchAnswer) {
        let mut list = Vec::new();
        for session in &answer.sessions {
            let title = self.sessions.with_untracked(|sessions| {
                let title = sessions
                    .get(&session.session_id)
                    .map(crate::state::sessions::Session::title);
                title.filter(|title| !title.is_empty())
            });
            let title = shown(title.as_deref().unwrap_or(&session.session_id), SUBJECT_CHARS);
            let mut heading = Some(title);
            list.extend(
                session
                    .hits
                    .iter()
                    .filter_map(|hit| found(hit, &session.session_id, &mut heading)),
            );
        }
        self.list.set(list);
        self.progress.set(match answer.complete {
            true => Progress::Complete,
            false => Progress::Partial,
        });
    }
}

/// Filter for what was typed: itself where it is one, otherwise the text as a phrase. `None` for too short a text.
fn query(typed: &str) -> Option<String> {
    let typed = typed.trim();
    typed.chars().nth(MIN_CHARS - 1)?;
    Some(match mirrord_filter::parse(typed) {
        Ok(_) => typed.to_owned(),
        Err(_) => mirrord_filter::quoted(typed),
    })
}

fn found(hit: &Hit, session_id: &str, heading: &mut Option<String>) -> Option<Found> {
    let id = SessionId::new(session_id).ok()?;
    let kind = Kind::of_type(&hit.kind);
    let view = match (hit.seq, kind) {
        (Some(_), _) => View::Events,
        (None, Kind::File) => View::Files,
        (None, _) => View::Network,
    };
    let route = Route {
        place: Place::Session(id, view),
        row: hit.seq.map(|seq| RowId { seq, source: 0 }),
        ..Route::default()
    };
    let word = match &hit.operation {
        Some(operation) => shown(operation, 20),
        None => kind_labels::one(kind).to_owned(),
    };
    let parts = [
        Some(word),
        hit.outcome.map(|outcome| outcome_word(outcome).to_owned()),
        hit.ts.map(|ts| seconds(&clock(ts, zone_minutes(ts)))),
        hit.seq.is_none().then(|| t(Key::PaletteNotKept).to_owned()),
    ];
    let subject = match hit.subject.as_str() {
        "" => kind_labels::one(kind).to_owned(),
        subject => shown(subject, SUBJECT_CHARS),
    };
    Some(Found {
        heading: heading.take(),
        kind,
        subject,
        hint: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        fragment: route.fragment(),
    })
}

/// A time without its fraction.
fn seconds(clock: &str) -> String {
    clock.split(['.', ',']).next().unwrap_or_default().to_owned()
}
