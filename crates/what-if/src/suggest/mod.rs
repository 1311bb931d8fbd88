//! Suggestions: what a run suggests to change in its config, each with its evidence, the change, and what that would have
//! changed in this very run, decided once more. A pure function of the events and the config.
//!
//! Nothing is suggested without evidence; a change that would not parse, or would do nothing where it should do something,
//! is none. Bounded: [`MAX_SUGGESTIONS`], [`MAX_OF_A_KIND`], [`MAX_TRIALS`] configs that are decided by.

mod files;
mod network;
mod rules;
mod session;
#[cfg(test)]
mod tests;
mod text;
mod variables;

pub use session::{obstacle, suggest_for};

use std::collections::BTreeMap;

use mirrord_config::Facts;
use mirrord_wire::api::{Effect, Evidence, Suggestion, SuggestionKind, Suggestions};
use serde_json::{Value, json};

use crate::change;
use crate::compare::Comparer;
use crate::events::Named;
use crate::message::Side;
use crate::run::Run;
use crate::seen::{Outcomes, Seen};

/// Suggestions that are made; the rest is counted.
const MAX_SUGGESTIONS: usize = 12;
/// Suggestions of one kind.
const MAX_OF_A_KIND: usize = 3;
/// Changed configs that a run is decided by.
const MAX_TRIALS: usize = 24;
/// Subjects that a suggestion names.
const MAX_SUBJECTS: usize = 5;
/// Longest subject, bytes: of a longer one nothing is suggested.
const MAX_SUBJECT_BYTES: usize = 512;
/// Rule of what no other rule decides of files.
const FS_MODE: &str = "feature.fs.mode";

/// View that the events give of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sight {
    /// The events have what stays local too. Those of a released mirrord have what goes to the cluster alone.
    pub has_local: bool,
    /// Events of the session that are not among those of the run.
    pub unseen: u64,
    /// Time, microseconds since the Unix epoch; `None` where the program has ended.
    pub now: Option<u64>,
}

/// Reason why nothing can be suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The session has no config.
    NoConfig,
    /// The config has errors.
    InvalidConfig,
    /// Environment variables go before values of the file: a change of the file would not do what it says.
    Variables,
}

impl Reason {
    /// Word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoConfig => "no_config",
            Self::InvalidConfig => "invalid_config",
            Self::Variables => "variables",
        }
    }

    /// Makes the answer that has no suggestions for this reason.
    #[must_use]
    pub fn answer(self) -> Suggestions {
        Suggestions {
            reason: Some(self.name().to_owned()),
            ..Suggestions::default()
        }
    }
}

/// Operation of the run with its decision: the recorded one, or that of the config.
struct Decided<'a> {
    own: &'a Named,
    side: &'a Side,
    /// Decision of the config here, which has the details.
    base: &'a Side,
    seen: Outcomes,
    times: u64,
}

/// Run as the detectors see it.
struct View<'a> {
    config: &'a Value,
    facts: &'a Facts,
    decided: Vec<Decided<'a>>,
    seen: &'a Seen,
    sight: Sight,
}

/// Suggestion whose effect is not known yet.
struct Candidate {
    kind: SuggestionKind,
    subjects: Vec<String>,
    detail: String,
    evidence: Evidence,
    /// Merge patch; `None` where the form of the config has no room for it.
    change: Option<Value>,
}

impl View<'_> {
    fn home(&self) -> Option<&str> {
        let home = self.facts.home.as_deref()?.trim_end_matches('/');
        (!home.is_empty()).then_some(home)
    }

    /// Number of operations of a type.
    fn count(&self, kind: &str) -> u64 {
        let own = self.decided.iter().filter(|one| one.own.kind == kind);
        own.map(|one| one.times).sum()
    }
}

/// Suggests changes of the config of a run, by the facts of its session.
#[must_use]
pub fn suggest(run: Run, config: &Value, facts: &Facts, sight: Sight) -> Suggestions {
    let mut all = Suggestions {
        events: run.lines,
        unseen: sight.unseen.saturating_add(run.omitted),
        seq: run.last_seq,
        ..Suggestions::default()
    };
    let sight = Sight {
        unseen: all.unseen,
        ..sight
    };
    let Some(mut comparer) = Comparer::of(run, config, facts) else {
        all.reason = Some(Reason::InvalidConfig.name().to_owned());
        return all;
    };
    let candidates = candidates(&mut comparer, config, facts, sight);
    let mut of_kind: BTreeMap<SuggestionKind, usize> = BTreeMap::new();
    let mut trials = 0;
    for candidate in candidates {
        let Some(patch) = candidate.change else { continue };
        let made = of_kind.entry(candidate.kind).or_default();
        if *made >= MAX_OF_A_KIND || all.items.len() >= MAX_SUGGESTIONS || trials >= MAX_TRIALS {
            all.omitted += 1;
            continue;
        }
        trials += 1;
        let Some(effect) = effect(&mut comparer, &change::apply(config, &patch)) else {
            continue;
        };
        if (effect.changed == 0) != (candidate.kind == SuggestionKind::UnusedRule) {
            continue;
        }
        *made += 1;
        let mut suggestion = Suggestion {
            kind: candidate.kind,
            subjects: candidate.subjects,
            detail: candidate.detail,
            text: String::new(),
            evidence: candidate.evidence,
            change: patch,
            effect,
        };
        suggestion.text = text::sentence(&suggestion);
        all.items.push(suggestion);
    }
    all
}

/// Finds what the run suggests, the kinds of most use first, and of each that with most evidence.
fn candidates(comparer: &mut Comparer, config: &Value, facts: &Facts, sight: Sight) -> Vec<Candidate> {
    let groups = comparer.groups();
    let decided = groups.iter().filter_map(|((operation, recorded, base), times)| {
        let own = comparer.run.operations.get(*operation as usize)?;
        let base = comparer.base_side(*base)?;
        let recorded = (*recorded as usize).checked_sub(1);
        // An event of several variables has one recorded decision; each is decided here.
        let recorded = recorded.filter(|_| own.kind != "EnvVar");
        let side = recorded.and_then(|place| comparer.run.recorded.get(place));
        Some(Decided {
            own,
            side: side.unwrap_or(base),
            base,
            seen: comparer.run.seen.of(*operation),
            times: *times,
        })
    });
    let view = View {
        config,
        facts,
        decided: decided.collect(),
        seen: &comparer.run.seen,
        sight,
    };
    let mut all: Vec<Candidate> = Vec::new();
    all.extend(variables::excluded(&view));
    all.extend(network::uncovered(&view));
    all.extend(files::look_remote(&view));
    all.extend(files::look_local(&view));
    all.extend(files::exist_locally(&view));
    all.extend(files::aws(&view));
    all.extend(network::unused_ports(&view));
    all.extend(rules::unused(&view));
    all.retain(|one| one.subjects.iter().all(|subject| subject.len() <= MAX_SUBJECT_BYTES));
    all.sort_by_key(|one| (one.kind, std::cmp::Reverse(one.evidence.times)));
    for one in &mut all {
        one.subjects.truncate(MAX_SUBJECTS);
    }
    all
}

/// Decides the run by a changed config; `None` where that has errors.
fn effect(comparer: &mut Comparer, changed: &Value) -> Option<Effect> {
    let text = serde_json::to_string(changed).ok()?;
    if comparer.begin(0, &text).is_some() {
        return None;
    }
    let mut answer = None;
    while answer.is_none() && comparer.is_busy() {
        answer = comparer.step(usize::MAX);
    }
    let comparison = answer?.comparison?;
    Some(Effect {
        changed: comparison.events.saturating_sub(comparison.same),
        before: comparison.before.into_iter().collect(),
        after: comparison.after.into_iter().collect(),
    })
}

/// Writes a text as the filter language has it between quotes.
fn quoted(text: &str) -> String {
    json!(text.replace(char::is_control, " ")).to_string()
}

/// Escapes a text for a pattern of the crate `regex`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
