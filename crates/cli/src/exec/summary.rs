//! Summary of a run with a config: what would be remote, local, not found, by rule, with counts and the outcomes seen.
//!
//! Bounded: at most [`MAX_RULES`] pairs of a routing and a rule are counted apart; the rest are counted together.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mirrord_config::Decision;
use mirrord_what_if::Run;
use mirrord_wire::Observation;
use mirrord_wire::api::Suggestions;
use serde::Serialize;

use super::observed::ObservedRun;

/// Pairs of a routing and a rule that are counted apart.
const MAX_RULES: usize = 1_000;
/// Longest rule or example that is kept, bytes.
const MAX_TEXT_BYTES: usize = 256;
/// The routing of events that depend on facts which are not known.
const DEPENDS: &str = "depends";

/// Summary that the event worker writes and the end of the run prints.
#[derive(Clone, Default)]
pub(crate) struct SharedSummary {
    counts: Arc<Mutex<Summary>>,
    run: Arc<Mutex<ObservedRun>>,
    /// It is printed at the end; otherwise nothing is counted.
    is_wanted: bool,
}

/// Counts of a run.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Events by routing, `unhooked` and `depends` among them.
    routings: BTreeMap<String, u64>,
    #[serde(serialize_with = "as_list")]
    rules: BTreeMap<(String, String), Tally>,
    /// Events of rules beyond [`MAX_RULES`].
    omitted: u64,
    /// Suggestions, once the run has ended.
    suggestions: Suggestions,
}

/// Counts of one rule.
#[derive(Debug, Default, Serialize)]
struct Tally {
    count: u64,
    outcomes: BTreeMap<&'static str, u64>,
    /// The first operation that it decided.
    example: String,
}

#[derive(Serialize)]
struct Row<'a> {
    routing: &'a str,
    rule: &'a str,
    #[serde(flatten)]
    tally: &'a Tally,
}

fn as_list<S: serde::Serializer>(rules: &BTreeMap<(String, String), Tally>, out: S) -> Result<S::Ok, S::Error> {
    out.collect_seq(
        rules
            .iter()
            .map(|((routing, rule), tally)| Row { routing, rule, tally }),
    )
}

impl SharedSummary {
    pub(crate) fn new(is_wanted: bool) -> Self {
        Self {
            is_wanted,
            ..Self::default()
        }
    }

    fn counts(&self) -> MutexGuard<'_, Summary> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the events of the run, for suggestions.
    pub(crate) fn run(&self) -> Run {
        self.run.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Counts an event that was decided, or that has a reason why not.
    pub(crate) fn add(&self, observation: &Observation) {
        if !self.is_wanted {
            return;
        }
        self.run.lock().unwrap_or_else(PoisonError::into_inner).add(observation);
        let detail = observation.detail.as_deref();
        let unhooked = detail.and_then(|detail| detail.unhooked);
        let rule = observation.rule.as_deref();
        let (routing, rule) = match (unhooked, observation.routing, rule) {
            (Some(reason), ..) => ("unhooked", reason.name()),
            (None, Some(routing), rule) => (routing.name(), rule.unwrap_or_default()),
            (None, None, Some(rule)) => (DEPENDS, rule),
            (None, None, None) => return,
        };
        // Variables are counted one by one.
        if observation.event.kind() == "EnvVar" {
            return;
        }
        let outcome = observation.outcome.map(mirrord_wire::Outcome::name);
        self.count((routing, rule), outcome, || example(observation));
    }

    /// Counts a variable of the environment.
    pub(crate) fn add_variable(&self, name: &str, decision: &Decision) {
        if !self.is_wanted {
            return;
        }
        let routing = serde_json::to_value(decision.routing).unwrap_or_default();
        let rule = decision.rule.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = (routing.as_str().unwrap_or_default(), rule.as_str());
        self.count(key, None, || format!("env {name}"));
    }

    fn count(&self, (routing, rule): (&str, &str), outcome: Option<&'static str>, example: impl FnOnce() -> String) {
        let mut summary = self.counts();
        *summary.routings.entry(routing.to_owned()).or_default() += 1;
        let key = (routing.to_owned(), shortened(rule));
        if !summary.rules.contains_key(&key) && summary.rules.len() >= MAX_RULES {
            summary.omitted += 1;
            return;
        }
        let tally = summary.rules.entry(key).or_insert_with(|| Tally {
            example: shortened(&example()),
            ..Tally::default()
        });
        tally.count += 1;
        if let Some(outcome) = outcome {
            *tally.outcomes.entry(outcome).or_default() += 1;
        }
    }

    /// Returns the summary as one line of JSON.
    pub(crate) fn json(&self, suggestions: Suggestions) -> String {
        let mut summary = self.counts();
        summary.suggestions = suggestions;
        serde_json::to_string(&*summary).unwrap_or_default()
    }

    /// Returns the summary as text, a line for each routing and each rule, and the suggestions.
    pub(crate) fn text(&self, suggestions: &Suggestions) -> String {
        let summary = self.counts();
        let mut text = "mirrord: with this config (nothing was redirected):\n".to_owned();
        for (routing, count) in &summary.routings {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "  {}: {count}", routing.replace('_', " "));
            for ((_, rule), tally) in summary.rules.iter().filter(|((own, _), _)| own == routing) {
                let outcomes: String = tally
                    .outcomes
                    .iter()
                    .map(|(name, count)| format!(", {name} {count}"))
                    .collect();
                let (count, example) = (tally.count, &tally.example);
                let _ = writeln!(text, "    {count:>6}  {rule}  ({example}{outcomes})");
            }
        }
        if summary.omitted > 0 {
            let _ = writeln!(text, "  {} of further rules", summary.omitted);
        }
        write_suggestions(suggestions, &mut text);
        text
    }
}

/// Writes suggestions, each with its change and what that would have changed in this run.
fn write_suggestions(all: &Suggestions, text: &mut String) {
    if all.items.is_empty() {
        return;
    }
    text.push_str("mirrord: suggestions, from this run alone; a change is merged into the config:\n");
    for own in &all.items {
        let counts = |counts: &BTreeMap<String, u64>| {
            let counts = counts
                .iter()
                .map(|(name, count)| format!("{} {count}", name.replace('_', " ")));
            counts.collect::<Vec<_>>().join(", ")
        };
        let effect = match own.effect.changed {
            0 => "nothing is decided otherwise".to_owned(),
            changed => format!(
                "{changed} decided otherwise ({}; before: {})",
                counts(&own.effect.after),
                counts(&own.effect.before)
            ),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "  {}", printable(&own.text));
        let _ = writeln!(text, "    change: {}", own.change);
        let _ = writeln!(text, "    with it: {effect}");
    }
    if all.omitted > 0 {
        let _ = writeln!(text, "  {} further suggestions", all.omitted);
    }
}

/// Replaces control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { '?' } else { char })
        .collect()
}

fn shortened(text: &str) -> String {
    let text = printable(text);
    match text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)) {
        Some(start) if start.len() < text.len() => format!("{start}…"),
        _ => text,
    }
}

fn example(observation: &Observation) -> String {
    use mirrord_wire::MonitorEvent as Event;
    match &observation.event {
        Event::FileOp { path, operation } => {
            // As it was decided on: a relative path stays one.
            let passed = observation.detail.as_ref().and_then(|detail| detail.passed.as_ref());
            let path = passed.or(path.as_ref()).map(String::as_str);
            format!("{operation} {}", path.unwrap_or_default())
        }
        Event::DnsQuery { host } => format!("dns {host}"),
        Event::OutgoingConnection { address, port, .. } => {
            format!("connect {}", mirrord_wire::session::destination(address, *port))
        }
        Event::PortSubscription { port, .. } => format!("listen {port}"),
        other => other.kind().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{MonitorEvent, Outcome, Routing};

    use super::*;

    fn read(path: &str, rule: &str) -> Observation {
        Observation {
            routing: Some(Routing::Remote),
            rule: Some(rule.to_owned().into()),
            outcome: Some(Outcome::NotFound),
            ..MonitorEvent::FileOp {
                path: Some(path.to_owned()),
                operation: "open".into(),
            }
            .into()
        }
    }

    #[test]
    fn an_example_has_the_path_as_it_was_passed() {
        let mut observation = read("/home/ada/app.yaml", "relative path");
        observation.detail = Some(Box::new(mirrord_wire::session::DecisionDetail {
            passed: Some("app.yaml".to_owned()),
            ..Default::default()
        }));
        assert_eq!(example(&observation), "open app.yaml");
    }

    #[test]
    fn rules_are_counted_with_outcomes_and_an_example() {
        let summary = SharedSummary::new(true);
        summary.add(&read("/a\u{1b}[31m", "feature.fs.mode"));
        summary.add(&read("/b", "feature.fs.mode"));
        let text = summary.text(&Suggestions::default());
        assert!(
            text.contains("remote: 2") && text.contains("2  feature.fs.mode  (open /a?[31m, not_found 2)"),
            "{text}"
        );
        let json: serde_json::Value = serde_json::from_str(&summary.json(Suggestions::default())).unwrap();
        assert_eq!(json["rules"][0]["count"], 2);
    }

    #[test]
    fn rules_beyond_the_bound_are_counted_together() {
        let summary = SharedSummary::new(true);
        for number in 0..MAX_RULES + 7 {
            summary.add(&read("/a", &number.to_string()));
        }
        let json: serde_json::Value = serde_json::from_str(&summary.json(Suggestions::default())).unwrap();
        assert_eq!(
            (json["omitted"].as_u64(), json["rules"].as_array().map(Vec::len)),
            (Some(7), Some(MAX_RULES))
        );
    }
}
