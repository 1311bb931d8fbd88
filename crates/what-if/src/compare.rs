//! Comparison of two configs over the events of a run, in slices, so that a newer edit replaces one that is under way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mirrord_config::{Config, Context, Decision, Facts, Operation, Problem, Problems, Severity, Variables, decide};

use crate::lists::DECIDING;
use crate::message::{Answer, Change, Comparison, Hit, Place, Side};
use crate::run::{Run, Step};

/// Changes, and missing facts, that are listed; the rest is counted.
const MAX_CHANGES: usize = 100;
const MAX_MISSING: usize = 20;

/// Lists of variables.
const ENVIRONMENT: [&str; 3] = ["feature.env.include", "feature.env.exclude", "feature.env.unset"];

/// Decisions of one config about the operations of a run. Each distinct one is made once, but for those that depend on
/// what the program listens on.
#[derive(Debug)]
struct Decider {
    config: Config,
    context: Context,
    /// Number of ports that the program listened on so far.
    version: u32,
    /// For each operation, the version of its decision and one more than its place.
    made: Vec<(u32, u32)>,
    sides: Vec<Side>,
    places: HashMap<Side, u32>,
}

impl Decider {
    fn new(config: Config, context: Context) -> Self {
        Self {
            config,
            context,
            version: 0,
            made: Vec::new(),
            sides: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Decides the operation of a step, and returns the place of the decision.
    fn decide(&mut self, run: &Run, step: Step) -> u32 {
        let place = step.operation as usize;
        let Some(own) = run.operations.get(place) else { return 0 };
        if self.made.len() < run.operations.len() {
            self.made.resize(run.operations.len(), (0, 0));
        }
        let depends_on_listeners = matches!(own.decided, Operation::Connect { .. } | Operation::SendTo { .. });
        let version = if depends_on_listeners { self.version } else { 0 };
        match self.made.get(place) {
            Some((made, side)) if *side > 0 && *made == version => return side - 1,
            _ => {}
        }
        if matches!(own.decided, Operation::Listen { .. }) {
            self.context.observe(&self.config, &own.decided);
            self.version += 1;
        }
        let decision = decide(&self.config, &self.context, &own.decided);
        let side = self.intern(side(&decision));
        if let Some(made) = self.made.get_mut(place) {
            *made = (version, side + 1);
        }
        side
    }

    fn intern(&mut self, side: Side) -> u32 {
        if let Some(place) = self.places.get(&side) {
            return *place;
        }
        let place = u32::try_from(self.sides.len()).unwrap_or(u32::MAX - 1);
        self.sides.push(side.clone());
        self.places.insert(side, place);
        place
    }

    fn side(&self, place: u32) -> Side {
        self.sides.get(place as usize).cloned().unwrap_or_default()
    }
}

/// Decision in words. Values of variables are left out: they may be secrets.
fn side(decision: &Decision) -> Side {
    let word = serde_json::to_value(decision.routing).ok();
    let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    let on: Vec<String> = decision.on.iter().cloned().map(String::from).collect();
    let port = decision.port.map(|port| port.to_string());
    let further = [
        decision.mode.map(str::to_owned),
        port,
        decision.filter.clone(),
        decision.path.clone().or_else(|| decision.local_path.clone()),
        decision.connects_to.clone(),
        decision.bound_to.clone(),
    ];
    let detail = if on.is_empty() {
        further.into_iter().flatten().collect::<Vec<_>>().join(" ")
    } else {
        on.join(", ")
    };
    Side {
        routing: word.to_owned(),
        rule: decision.rule.as_ref().map(ToString::to_string).unwrap_or_default(),
        detail,
    }
}

/// Group of equal steps: operation, recorded decision, base, and the new one.
type Group = (u32, u32, u32, u32);

/// Edit that is being decided.
#[derive(Debug)]
struct Job {
    number: u32,
    decider: Decider,
    next: usize,
    groups: HashMap<Group, u64>,
    warnings: Vec<Place>,
}

/// Events of a run, the config that they are compared with, and the edit under way.
#[derive(Debug)]
pub struct Comparer {
    pub(crate) run: Run,
    facts: Facts,
    context: Context,
    /// Variables of the run that the context has.
    variables: usize,
    base: Option<Decider>,
    base_of: Vec<u32>,
    job: Option<Job>,
}

impl Comparer {
    /// Starts with the config of the run; one with errors is compared with as if it were empty. `facts` that have another
    /// form are not used.
    #[must_use]
    pub fn new(text: &str, facts: serde_json::Value) -> Self {
        let facts: Facts = serde_json::from_value(facts).unwrap_or_default();
        let none = Variables::new();
        let config = Config::from_json(text, &none).or_else(|_| Config::from_json("{}", &none));
        Self::with(Run::default(), config.ok(), facts)
    }

    /// Starts with a run and its config; `None` where that has errors.
    pub(crate) fn of(run: Run, config: &serde_json::Value, facts: &Facts) -> Option<Self> {
        let config = Config::from_json(&config.to_string(), &Variables::new()).ok()?;
        Some(Self::with(run, Some(config), facts.clone()))
    }

    fn with(run: Run, config: Option<Config>, facts: Facts) -> Self {
        let context = Context::new(facts.clone());
        let mut own = Self {
            run,
            facts,
            base: config.map(|config| Decider::new(config, context.clone())),
            context,
            variables: 0,
            base_of: Vec::new(),
            job: None,
        };
        own.learn_variables();
        own
    }

    /// Takes the variables of the run for those of this machine, where the facts have none, and forgets what was decided
    /// without them.
    fn learn_variables(&mut self) {
        let known = self.run.seen.variables.len();
        if self.facts.local_env.is_some() || self.variables == known {
            return;
        }
        self.variables = known;
        let mut facts = self.facts.clone();
        facts.local_env = Some(self.run.seen.variables.clone());
        self.context = self.context.like(facts);
        let base = self.base.take();
        self.base = base.map(|base| Decider::new(base.config, self.context.clone()));
        self.base_of.clear();
    }

    /// Decides all events by the config of the run: operation, recorded decision and decision, with the number of events.
    pub(crate) fn groups(&mut self) -> BTreeMap<(u32, u32, u32), u64> {
        let mut groups = BTreeMap::new();
        for (at, step) in self.run.steps.iter().enumerate() {
            if at >= self.base_of.len() {
                let place = self.base.as_mut().map_or(0, |base| base.decide(&self.run, *step));
                self.base_of.push(place);
            }
            let base = self.base_of.get(at).copied().unwrap_or(0);
            *groups.entry((step.operation, step.recorded, base)).or_default() += 1;
        }
        groups
    }

    /// Returns a decision of the config of the run.
    pub(crate) fn base_side(&self, place: u32) -> Option<&Side> {
        self.base.as_ref()?.sides.get(place as usize)
    }

    /// Takes in event lines.
    pub fn add(&mut self, lines: &[u8]) {
        self.run.add(lines);
    }

    /// Begins to decide by another config; an answer is due at once where it has errors.
    pub fn begin(&mut self, number: u32, text: &str) -> Option<Answer> {
        self.job = None;
        self.learn_variables();
        match Config::from_json(text, &Variables::new()) {
            Ok(config) => {
                self.job = Some(Job {
                    number,
                    warnings: config.warnings.iter().map(place).collect(),
                    decider: Decider::new(config, self.context.clone()),
                    next: 0,
                    groups: HashMap::new(),
                });
                None
            }
            Err(problems) => Some(refusal(number, &problems)),
        }
    }

    /// Decides at most `steps` events more; returns the answer once all are decided.
    pub fn step(&mut self, steps: usize) -> Option<Answer> {
        let job = self.job.as_mut()?;
        let end = self.run.steps.len().min(job.next.saturating_add(steps));
        for at in job.next..end {
            let Some(step) = self.run.steps.get(at).copied() else {
                break;
            };
            if at >= self.base_of.len() {
                let place = self.base.as_mut().map_or(0, |base| base.decide(&self.run, step));
                self.base_of.push(place);
            }
            let base = self.base_of.get(at).copied().unwrap_or(0);
            let after = job.decider.decide(&self.run, step);
            *job.groups
                .entry((step.operation, step.recorded, base, after))
                .or_default() += 1;
        }
        job.next = end;
        if end < self.run.steps.len() {
            return None;
        }
        let job = self.job.take()?;
        Some(Answer {
            number: job.number,
            comparison: Some(self.compare(&job)),
            problems: job.warnings,
            problems_omitted: 0,
        })
    }

    /// Reports an edit that is not decided yet.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    fn compare(&self, job: &Job) -> Comparison {
        let mut all = Comparison {
            events: self.run.steps.len() as u64,
            first_seq: self.run.first_seq,
            last_seq: self.run.last_seq,
            unhooked: self.run.unhooked.clone().into_iter().collect(),
            uncounted: self.run.omitted,
            ..Comparison::default()
        };
        let (mut rules, mut missing) = (BTreeMap::new(), BTreeMap::new());
        let (mut befores, mut afters) = (BTreeMap::new(), BTreeMap::new());
        // Lists of which it is not known which item decides.
        let mut undecided = BTreeSet::new();
        let lines: BTreeMap<String, usize> = {
            let places = job.decider.config.places().into_iter();
            places.map(|(path, at)| (path, at.line as usize)).collect()
        };
        for (group, times) in &job.groups {
            let (before, after) = self.sides(job, *group);
            *befores.entry(before.routing.clone()).or_default() += times;
            let is_same = before == after;
            // By the routing that is counted below. The rule is that of this text: a recorded one names the lines of another.
            let decided = job.decider.side(group.3);
            if let Some(line) = line_of(&lines, &decided.rule) {
                *rules.entry((line, after.routing.clone())).or_default() += times;
            }
            if DECIDING.contains(&decided.rule.as_str()) {
                undecided.insert(decided.rule);
            }
            *afters.entry(after.routing.clone()).or_default() += times;
            if after.routing == "depends" {
                *missing.entry(after.detail.clone()).or_default() += times;
            }
            if is_same {
                all.same += times;
            } else if let Some(own) = self.run.operations.get(group.0 as usize) {
                all.changes.push(Change {
                    kind: own.kind.to_owned(),
                    name: own.name.clone(),
                    operation: own.operation.clone(),
                    before,
                    after,
                    times: *times,
                });
            }
        }
        all.hits = hits(rules, &lines, &undecided);
        all.before = befores.into_iter().collect();
        all.after = afters.into_iter().collect();
        (all.missing, all.missing_omitted) = most(missing, MAX_MISSING);
        bound(&mut all);
        all
    }

    /// Decisions before and after; equal where the edit changes nothing, whatever facts were missing to decide it here.
    fn sides(&self, job: &Job, (_, recorded, base, after): Group) -> (Side, Side) {
        let base = self.base.as_ref().map(|own| own.side(base)).unwrap_or_default();
        let after = job.decider.side(after);
        let recorded = (recorded as usize)
            .checked_sub(1)
            .and_then(|place| self.run.recorded.get(place));
        let before = recorded.cloned().unwrap_or_else(|| base.clone());
        let is_same = (&base.routing, &base.detail) == (&after.routing, &after.detail)
            || (recorded.is_some() && before.routing == after.routing && base.routing == "depends");
        if is_same {
            (before.clone(), before)
        } else {
            (before, after)
        }
    }
}

/// Line of a rule: its own, or that of the shorter form that contains it.
fn line_of(lines: &BTreeMap<String, usize>, rule: &str) -> Option<usize> {
    let mut path = rule.split_whitespace().next()?;
    while !matches!(path, "feature" | "") {
        if let Some(line) = lines.get(path) {
            return Some(*line);
        }
        path = path.rfind(['.', '[']).map_or("", |end| &path[..end]);
    }
    None
}

/// Decisions by line, and the patterns of lines without any.
fn hits(
    rules: BTreeMap<(usize, String), u64>,
    lines: &BTreeMap<String, usize>,
    undecided: &BTreeSet<String>,
) -> Vec<Hit> {
    let mut hits: Vec<Hit> = rules
        .into_iter()
        .map(|((line, routing), times)| Hit { line, routing, times })
        .collect();
    // Variables are decided here, and are no events elsewhere.
    let decides = |list: &str| DECIDING.contains(&list) || ENVIRONMENT.contains(&list);
    let patterns = lines.iter().filter(|(path, _)| {
        let list = path.strip_suffix(']').and_then(|path| path.rsplit_once('['));
        list.is_some_and(|(list, _)| decides(list) && !undecided.contains(list))
    });
    for (_, line) in patterns {
        if !hits.iter().any(|hit| hit.line == *line) {
            hits.push(Hit {
                line: *line,
                ..Hit::default()
            });
        }
    }
    hits.sort_by_key(|hit| hit.line);
    hits
}

fn bound(all: &mut Comparison) {
    all.changes.sort_by(|left, right| {
        let key = |own: &Change| {
            (
                std::cmp::Reverse(own.times),
                own.kind.clone(),
                own.name.clone(),
                own.operation.clone(),
            )
        };
        key(left).cmp(&key(right))
    });
    let omitted = all.changes.split_off(all.changes.len().min(MAX_CHANGES));
    all.changed_omitted = omitted.iter().map(|own| own.times).sum();
}

/// Returns the most frequent ones, and the number of the others.
fn most(counts: BTreeMap<String, u64>, bound: usize) -> (Vec<(String, u64)>, u64) {
    let mut list: Vec<_> = counts.into_iter().collect();
    list.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let omitted = list.len().saturating_sub(bound);
    list.truncate(bound);
    (list, omitted as u64)
}

fn refusal(number: u32, problems: &Problems) -> Answer {
    Answer {
        number,
        problems: problems.list().iter().map(place).collect(),
        problems_omitted: problems.omitted(),
        comparison: None,
    }
}

fn place(problem: &Problem) -> Place {
    let mut bare = problem.clone();
    let at = bare.at.take();
    // The list says itself that it is one.
    let is_warning = bare.severity == Severity::Warning;
    bare.severity = Severity::Error;
    Place {
        is_warning,
        line: at.map_or(0, |at| at.line as usize),
        column: at.map_or(0, |at| at.column as usize),
        text: bare.to_string(),
    }
}

#[cfg(test)]
mod tests;
