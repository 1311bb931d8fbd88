//! Environment variables, as the program sees them.

use super::decision::{Decision, Fact, Routing, Trace};
use crate::context::{Context, Known};
use crate::rule::Rule;
use crate::settings::{Env, Settings};

const OVERRIDE: &str = "feature.env.override";
const UNSET: &str = "feature.env.unset";
const INCLUDE: &str = "feature.env.include";
const EXCLUDE: &str = "feature.env.exclude";
const MAPPING: &str = "feature.env.mapping";
const EXCLUDED: &str = "default.exclude";

/// Variables that the agent never gives (agent/src/env.rs); their case counts.
const EXCLUDED_BY_DEFAULT: [&str; 39] = [
    "BUNDLER_ORIG_BUNDLER_ORIG_MANPATH",
    "BUNDLER_ORIG_BUNDLER_VERSION",
    "BUNDLER_ORIG_BUNDLE_BIN_PATH",
    "BUNDLER_ORIG_BUNDLE_GEMFILE",
    "BUNDLER_ORIG_GEM_HOME",
    "BUNDLER_ORIG_MANPATH",
    "BUNDLER_ORIG_PATH",
    "BUNDLER_ORIG_RB_USER_INSTALL",
    "BUNDLER_ORIG_RUBYLIB",
    "BUNDLER_ORIG_RUBYOPT",
    "BUNDLER_VERSION",
    "BUNDLE_APP_CONFIG",
    "BUNDLE_BIN_PATH",
    "BUNDLE_FORCE_RUBY_PLATFORM",
    "BUNDLE_GEMFILE",
    "BUNDLE_GEM_PATH",
    "BUNDLE_PATH",
    "BUNDLE_WITHOUT",
    "CATALINA_HOME",
    "CLASSPATH",
    "DOTNET_EnableDiagnostics",
    "DOTNET_STARTUP_HOOKS",
    "GEM_HOME",
    "GEM_PATH",
    "GOPATH",
    "GOMODCACHE",
    "HOME",
    "HOMEPATH",
    "JAVA_EXE",
    "JAVA_HOME",
    "JAVA_TOOL_OPTIONS",
    "PATH",
    "PWD",
    "PYTHONPATH",
    "RUBYLIB",
    "RUBYOPT",
    "MIRRORD_LOG",
    "RUST_LOG",
    "_JAVA_OPTIONS",
];

fn with_value(routing: Routing, rule: Rule, value: Option<String>) -> Decision {
    Decision {
        value: Some(value),
        ..Decision::new(routing, rule)
    }
}

pub(super) fn decide(settings: &Settings, context: &Context, name: &str, trace: &mut impl Trace) -> Decision {
    let env = &settings.env;
    if let Some(index) = env.unset.iter().position(|unset| unset.eq_ignore_ascii_case(name)) {
        return unset(settings, context, name, index);
    }
    if !env.unset.is_empty() {
        trace.passed(|| Rule::Key(UNSET), || format!("it does not have {name}"));
    }
    if let Some(value) = env.overrides.get(name) {
        return with_value(Routing::Override, Rule::Key(OVERRIDE), Some(value.clone()));
    }
    if !env.overrides.is_empty() {
        trace.passed(|| Rule::Key(OVERRIDE), || format!("it does not have {name}"));
    }
    let (remote, rule) = match remote_value(env, context, name) {
        Ok(found) => found,
        Err(fact) => return Decision::depends(Some(selecting_rule(env, name).1), vec![fact]),
    };
    match remote {
        Some(value) => mapped(env, name, value, rule),
        None => local(context, name, rule),
    }
}

/// Decides a variable that is removed; one that is nowhere is absent anyway.
fn unset(settings: &Settings, context: &Context, name: &str, index: usize) -> Decision {
    // The last one is that of `feature.magic.aws`, where that is on.
    let is_magic = settings.magic.aws && index + 1 == settings.env.unset.len();
    let rule = if is_magic {
        Rule::Key("feature.magic.aws")
    } else {
        Rule::Item(UNSET, index)
    };
    let is_no = |found: Known<&str>| found == Known::No;
    let is_nowhere = is_no(context.remote_variable(name))
        && is_no(context.local_variable(name))
        && !settings.env.overrides.contains_key(name);
    match is_nowhere {
        true => with_value(Routing::Absent, rule, None),
        false => with_value(Routing::Unset, rule, None),
    }
}

/// Reports whether the agent is asked for a variable, and by which rule.
fn selecting_rule(env: &Env, name: &str) -> (bool, Rule) {
    let position = |selectors: &[wildmatch::WildMatch]| selectors.iter().position(|selector| selector.matches(name));
    if env.include.as_ref().is_some_and(Vec::is_empty) {
        return (false, Rule::NoMatch(INCLUDE));
    }
    if EXCLUDED_BY_DEFAULT.contains(&name) {
        return (false, Rule::Pattern(EXCLUDED, name.into()));
    }
    if let Some(index) = position(&env.exclude) {
        return (false, Rule::Item(EXCLUDE, index));
    }
    match &env.include {
        None => (true, Rule::Fixed("default: include *")),
        Some(include) => match position(include) {
            Some(index) => (true, Rule::Item(INCLUDE, index)),
            None => (false, Rule::NoMatch(INCLUDE)),
        },
    }
}

/// Returns the value that comes from the target or from the env file, before the mapping.
fn remote_value(env: &Env, context: &Context, name: &str) -> Result<(Option<String>, Rule), Fact> {
    if let Some(file) = &env.env_file {
        match &context.facts.env_file {
            None => return Err(Fact::EnvFile(file.clone())),
            Some(variables) => {
                if let Some(value) = variables.get(name) {
                    return Ok((Some(value.clone()), Rule::Key("feature.env.env_file")));
                }
            }
        }
    }
    let (is_asked_for, rule) = selecting_rule(env, name);
    if !is_asked_for {
        return Ok((None, rule));
    }
    match context.remote_variable(name) {
        Known::Yes(value) => Ok((Some(value.to_owned()), rule)),
        Known::No => Ok((None, rule)),
        Known::Unknown => Err(Fact::RemoteEnv(name.to_owned())),
    }
}

/// Applies `feature.env.mapping` to the value of a remote variable.
fn mapped(env: &Env, name: &str, value: String, rule: Rule) -> Decision {
    let mut matches = env.mapping.matches(name).into_iter();
    let Some((index, first)) = matches.next() else {
        return with_value(Routing::Remote, rule, Some(value));
    };
    if matches.any(|(_, other)| other != first) {
        return Decision::depends(Some(Rule::Key(MAPPING)), vec![Fact::MapOrder(MAPPING)]);
    }
    with_value(Routing::Changed, Rule::Item(MAPPING, index), Some(first.to_owned()))
}

fn local(context: &Context, name: &str, rule: Rule) -> Decision {
    match context.local_variable(name) {
        Known::Yes(value) => with_value(Routing::Local, rule, Some(value.to_owned())),
        Known::No => with_value(Routing::Absent, rule, None),
        Known::Unknown => Decision::depends(Some(rule), vec![Fact::LocalEnv(name.to_owned())]),
    }
}

impl Context {
    fn remote_variable(&self, name: &str) -> Known<&str> {
        known(self.facts.remote_env.as_ref(), name)
    }

    fn local_variable(&self, name: &str) -> Known<&str> {
        known(self.facts.local_env.as_ref(), name)
    }
}

fn known<'a>(variables: Option<&'a std::collections::BTreeMap<String, String>>, name: &str) -> Known<&'a str> {
    match variables.map(|variables| variables.get(name)) {
        Some(Some(value)) => Known::Yes(value),
        Some(None) => Known::No,
        None => Known::Unknown,
    }
}
