//! Processes that are left alone.

use super::decision::{Decision, Routing, Trace};
use crate::context::Context;
use crate::rule::Rule;
use crate::settings::Settings;

/// Build tools (layer/src/load.rs).
const BUILD_TOOLS: [&str; 23] = [
    "as",
    "cc",
    "ld",
    "go",
    "air",
    "asm",
    "cc1",
    "cgo",
    "dlv",
    "gcc",
    "git",
    "link",
    "math",
    "cargo",
    "hpack",
    "rustc",
    "compile",
    "collect2",
    "cargo-watch",
    "debugserver",
    "jspawnhelper",
    "bazel-real",
    "clang",
];
/// Ending of the name of a process of JetBrains' debugger.
const DEBUGGER_WORKER: &str = "JetBrains.Debugger.Worker";

fn last_component(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Names that count: the executable's, and the last component of `argv[0]`.
fn names(context: &Context) -> impl Iterator<Item = &str> {
    let facts = &context.facts;
    let given = [facts.exe.as_deref(), facts.argv0.as_deref()];
    given
        .into_iter()
        .flatten()
        .map(last_component)
        .filter(|name| !name.is_empty())
}

/// Returns the rule by which the process is left alone. Every decision asks for it, so that the names are taken once.
pub(super) fn skip_rule(settings: &Settings, context: &Context) -> Option<Rule> {
    let skip = &settings.skip;
    let mut names = names(context);
    let names = [names.next(), names.next()];
    let is_named = |name: &str| names.contains(&Some(name));
    if skip.build_tools {
        if BUILD_TOOLS.into_iter().any(is_named) {
            return Some(Rule::Key("skip_build_tools"));
        }
        if let Some(index) = skip.extra_build_tools.iter().position(|name| is_named(name)) {
            return Some(Rule::Item("skip_extra_build_tools", index));
        }
    }
    if names.iter().flatten().any(|name| name.ends_with(DEBUGGER_WORKER)) {
        return Some(Rule::Fixed("default: JetBrains.Debugger.Worker"));
    }
    let index = skip.processes.iter().position(|name| is_named(name))?;
    Some(Rule::Item("skip_processes", index))
}

pub(super) fn decide(settings: &Settings, context: &Context, trace: &mut impl Trace) -> Decision {
    if let Some(rule) = skip_rule(settings, context) {
        return Decision::new(Routing::Skipped, rule);
    }
    let own = names(context).collect::<Vec<_>>().join(", ");
    trace.passed(
        || Rule::Key("skip_build_tools"),
        || format!("no build tool is named {own}"),
    );
    Decision::new(Routing::Loaded, Rule::Fixed("default: loaded"))
}
