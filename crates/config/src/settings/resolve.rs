//! The settings of a config: target, processes, files and variables.

use std::collections::BTreeMap;

use wildmatch::WildMatch;

use super::patterns::{EnvMapping, FsPatterns, PathMapping, Pattern};
use super::resolver::Resolver;
use super::values::{Env, Fs, FsMode, Magic, Origin, ResolvedValue, Settings, Skip, Target, Variables};
use super::{network, verify};
use crate::node::{Node, Value};
use crate::problem::{Problem, Problems};
use crate::schema::target_problem;

const DEFAULT_TRUE: (bool, Origin) = (true, Origin::Default);

/// Resolves a tree that the schema allows; adds what is wrong beyond the schema.
pub(crate) fn resolve(root: &Node, variables: &Variables, problems: &mut Problems) -> (Settings, Vec<ResolvedValue>) {
    let mut resolver = Resolver {
        root,
        variables,
        values: Vec::new(),
        problems,
    };
    let target = target(&mut resolver);
    let magic = Magic {
        aws: resolver.bool("feature.magic.aws", None, DEFAULT_TRUE),
        auto_mount: resolver.bool("feature.magic.auto_mount", None, DEFAULT_TRUE),
        turbo: resolver.bool("feature.magic.turbo", None, DEFAULT_TRUE),
    };
    let skip = skip(&mut resolver);
    let fs = fs(&mut resolver, &target);
    let env = env(&mut resolver, magic);
    let ipv6 = resolver.bool("feature.network.ipv6", None, DEFAULT_TRUE);
    let incoming = network::incoming(&mut resolver);
    let outgoing = network::outgoing(&mut resolver);
    let dns = network::dns(&mut resolver, outgoing.filter.as_ref());
    let settings = Settings {
        tcp_ping4_mock: resolver.bool("experimental.tcp_ping4_mock", None, DEFAULT_TRUE),
        debugger_ports: network::debugger_ports(&mut resolver),
        target,
        skip,
        magic,
        fs,
        env,
        incoming,
        outgoing,
        dns,
        ipv6,
    };
    verify::verify(&mut resolver, &settings);
    (settings, resolver.values)
}

fn target(resolver: &mut Resolver<'_>) -> Target {
    const PATH: &str = "target.path";
    const VARIABLE: &str = "MIRRORD_IMPERSONATED_TARGET";
    let (target, origin) = if let Some(text) = resolver.variable(VARIABLE) {
        if let Some(problem) = target_problem(PATH, text) {
            let message = format!("the environment variable {VARIABLE}: {}", problem.message);
            resolver.problems.push(Problem { message, ..problem });
        }
        (Some(text.to_owned()), Origin::Variable(VARIABLE))
    } else {
        let node = resolver.node("target");
        let found = node.and_then(target_path);
        (found, node.map_or(Origin::Default, |node| Origin::File(node.at)))
    };
    resolver.note(PATH, target.clone(), origin);
    match target {
        None => Target::None,
        Some(path) if path == "targetless" => Target::Targetless,
        Some(path) => Target::Path(path),
    }
}

/// Returns the target's path, of any of its forms: `"pod/a"`, `{"path": "pod/a"}`, `{"path": {"pod": "a"}}`,
/// `{"path": {"labels": {"app": "a"}}}`.
fn target_path(target: &Node) -> Option<String> {
    const CONTAINER: &str = "container";
    let path = target.get("path").unwrap_or(target);
    if let Some(text) = path.text() {
        return (!text.is_empty()).then(|| text.to_owned());
    }
    let named = path
        .members()
        .iter()
        .find(|member| member.key != CONTAINER && member.key != "namespace")?;
    let (kind, name) = match &named.node.value {
        Value::Map(_) => ("label".to_owned(), selector(&named.node)),
        _ => (named.key.replace('_', ""), named.node.text()?.to_owned()),
    };
    Some(match path.get(CONTAINER).and_then(Node::text) {
        Some(container) => format!("{kind}/{name}/{CONTAINER}/{container}"),
        None => format!("{kind}/{name}"),
    })
}

/// Returns labels as in a path, in the order of their keys: `app=a,tier=web`.
fn selector(labels: &Node) -> String {
    let pairs = labels
        .members()
        .iter()
        .filter_map(|label| Some((label.key.as_str(), label.node.text()?)));
    let pairs: BTreeMap<&str, &str> = pairs.collect();
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    pairs.join(",")
}

fn skip(resolver: &mut Resolver<'_>) -> Skip {
    let mut names = |path, variable| {
        let names = resolver.texts(path, Some(variable)).unwrap_or_default();
        names.into_iter().map(|name| name.text).collect()
    };
    Skip {
        extra_build_tools: names("skip_extra_build_tools", "MIRRORD_SKIP_EXTRA_BUILD_TOOLS"),
        processes: names("skip_processes", "MIRRORD_SKIP_PROCESSES"),
        build_tools: resolver.bool("skip_build_tools", Some("MIRRORD_SKIP_BUILD_TOOLS"), DEFAULT_TRUE),
    }
}

fn fs(resolver: &mut Resolver<'_>, target: &Target) -> Fs {
    let mode = fs_mode(resolver, target);
    // A released mirrord reads this variable only where `fs` is a word or a boolean.
    let is_object = matches!(resolver.node("feature.fs").map(|node| &node.value), Some(Value::Map(_)));
    let read_only = (!is_object).then_some("MIRRORD_FILE_READ_ONLY_PATTERN");
    let lists = [
        resolver.texts("feature.fs.not_found", None),
        resolver.texts("feature.fs.read_write", Some("MIRRORD_FILE_READ_WRITE_PATTERN")),
        resolver.texts("feature.fs.read_only", read_only),
        resolver.texts("feature.fs.local", Some("MIRRORD_FILE_LOCAL_PATTERN")),
    ];
    let mapping = resolver.text_map("feature.fs.mapping");
    Fs {
        mode,
        patterns: FsPatterns::new(lists.map(Option::unwrap_or_default), resolver.problems),
        mapping: PathMapping::new(mapping, resolver.problems),
    }
}

fn fs_mode(resolver: &mut Resolver<'_>, target: &Target) -> FsMode {
    const PATH: &str = "feature.fs.mode";
    let (mode, origin) = variable_fs_mode(resolver).unwrap_or_else(|| file_fs_mode(resolver));
    // layer-lib/src/setup.rs: without any target nothing is remote but what is named. `targetless` is a target here.
    if *target == Target::None && mode != FsMode::Local {
        resolver.note(PATH, FsMode::LocalWithOverrides.name(), Origin::Because("target"));
        return FsMode::LocalWithOverrides;
    }
    resolver.note(PATH, mode.name(), origin);
    mode
}

fn fs_mode_of(name: &str) -> Option<FsMode> {
    let all = [FsMode::Read, FsMode::Write, FsMode::Local, FsMode::LocalWithOverrides];
    all.into_iter().find(|mode| mode.name() == name)
}

fn variable_fs_mode(resolver: &mut Resolver<'_>) -> Option<(FsMode, Origin)> {
    const PATH: &str = "feature.fs.mode";
    const MODE: &str = "MIRRORD_FILE_MODE";
    const WRITE: &str = "MIRRORD_FILE_OPS";
    const READ: &str = "MIRRORD_FILE_RO_OPS";
    if let Some(text) = resolver.variable(MODE) {
        match fs_mode_of(text) {
            Some(mode) => return Some((mode, Origin::Variable(MODE))),
            None => resolver.wrong_variable(PATH, MODE, text, "read, write, local or localwithoverrides"),
        }
    }
    let write = resolver.bool_variable(PATH, WRITE);
    let read = resolver.bool_variable(PATH, READ);
    match (write, read) {
        (Some(true), _) => Some((FsMode::Write, Origin::Variable(WRITE))),
        (_, Some(true)) => Some((FsMode::Read, Origin::Variable(READ))),
        (Some(false), _) => Some((FsMode::Local, Origin::Variable(WRITE))),
        (_, Some(false)) => Some((FsMode::Local, Origin::Variable(READ))),
        (None, None) => None,
    }
}

fn file_fs_mode(resolver: &Resolver<'_>) -> (FsMode, Origin) {
    let Some(fs) = resolver.node("feature.fs") else {
        return (FsMode::Read, Origin::Default);
    };
    let node = resolver.node("feature.fs.mode").unwrap_or(fs);
    match &node.value {
        Value::Bool(false) => (FsMode::Local, Origin::File(node.at)),
        Value::Text(name) => (fs_mode_of(name).unwrap_or(FsMode::Read), Origin::File(node.at)),
        Value::Bool(true) => (FsMode::Read, Origin::File(node.at)),
        _ => (FsMode::Read, Origin::Default),
    }
}

fn env(resolver: &mut Resolver<'_>, magic: Magic) -> Env {
    const INCLUDE: &str = "feature.env.include";
    const EXCLUDE: &str = "feature.env.exclude";
    let include = resolver.texts(INCLUDE, Some("MIRRORD_OVERRIDE_ENV_VARS_INCLUDE"));
    let mut exclude = resolver.texts(EXCLUDE, Some("MIRRORD_OVERRIDE_ENV_VARS_EXCLUDE"));
    if resolver.is_off("feature.env") && exclude.is_none() {
        resolver.note(EXCLUDE, "*", Origin::Because("feature.env"));
        exclude = Some(vec![Pattern {
            text: "*".to_owned(),
            path: EXCLUDE.to_owned(),
            at: None,
        }]);
    }
    if include.is_some() && exclude.is_some() {
        let at = resolver.node(INCLUDE).map(|node| node.at);
        let message = "`include` and `exclude` cannot be used together";
        resolver.problems.push(Problem::error("feature.env", at, message));
    }
    let mapping = resolver.text_map("feature.env.mapping");
    let overrides = resolver.text_map("feature.env.override");
    let overrides: BTreeMap<String, String> = overrides.into_iter().map(|(name, value)| (name.text, value)).collect();
    let unset = resolver.texts("feature.env.unset", None).unwrap_or_default();
    let mut unset: Vec<String> = unset.into_iter().map(|name| name.text).collect();
    if magic.aws {
        unset.push("AWS_PROFILE".to_owned());
        resolver.note("feature.env.unset", unset.clone(), Origin::Because("feature.magic.aws"));
    }
    let env_file = resolver
        .node("feature.env.env_file")
        .and_then(|node| Some((node.text()?.to_owned(), node.at)));
    if let Some((file, at)) = &env_file {
        resolver.note("feature.env.env_file", file.as_str(), Origin::File(*at));
    }
    Env {
        include: include.map(|names| selectors(&names)),
        exclude: exclude.map(|names| selectors(&names)).unwrap_or_default(),
        mapping: EnvMapping::new(mapping, resolver.problems),
        overrides,
        unset,
        env_file: env_file.map(|(file, _)| file),
    }
}

/// Parses selectors of variables: `;` separates, and a last empty part is none.
fn selectors(names: &[Pattern]) -> Vec<WildMatch> {
    let parts = names.iter().flat_map(|name| name.text.split_terminator(';'));
    parts.map(WildMatch::new).collect()
}
