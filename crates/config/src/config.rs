//! A config that can be used: checked, resolved, its patterns compiled.

use std::path::PathBuf;

use crate::context::Context;
use crate::decide;
use crate::node::{Node, Position};
use crate::problem::{Problem, Problems};
use crate::read::{self, SyntaxError};
use crate::rule::Rule;
use crate::schema;
use crate::settings::{self, Origin, ResolvedValue, Settings, Target, Variables};

/// Config of a session.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The file, as an absolute path; `None` for standard input, and where there is no file.
    pub path: Option<PathBuf>,
    /// Publishes the session on a socket; `true` by default.
    pub api: bool,
    /// The user's own key for the session.
    pub key: Option<String>,
    /// The target as a path, `deployment/checkout` or `pod/a/container/b`.
    pub target: Option<String>,
    /// The Kubernetes namespace of the target.
    pub namespace: Option<String>,
    /// The whole file.
    pub json: serde_json::Value,
    /// The text of the file; `None` where it is a template, whose rendered text may hold what the file does not.
    pub text: Option<String>,
    /// Warnings about the file.
    pub warnings: Vec<Problem>,
    pub(crate) settings: Settings,
    values: Vec<ResolvedValue>,
    /// Values of the session itself, which decide no operation.
    own: Vec<ResolvedValue>,
    root: Node,
}

impl Config {
    /// Reads JSON. `variables` are the environment variables of mirrord's own; they go before the file.
    ///
    /// # Errors
    /// The text is no JSON, has unknown keys or wrong values, or contradicts itself: all problems that were found.
    pub fn from_json(text: &str, variables: &Variables) -> Result<Self, Problems> {
        match read::json::parse(text) {
            Ok(root) => Self::from_node(root, variables),
            Err(error) => Err(syntax(error)),
        }
    }

    /// Checks and resolves a tree.
    pub(crate) fn from_node(root: Node, variables: &Variables) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        schema::check(&root, &mut problems);
        let (settings, values) = settings::resolve(&root, variables, &mut problems);
        problems.sort();
        if problems.has_errors() {
            return Err(problems);
        }
        let text = |path: &str| root.at_path(path).and_then(Node::text).filter(|text| !text.is_empty());
        let variable = |name: &str| variables.get(name).map(String::as_str).filter(|text| !text.is_empty());
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let session = [("key", "MIRRORD_KEY"), ("target.namespace", "MIRRORD_TARGET_NAMESPACE")];
        let own = session.into_iter().map(|(path, name)| {
            let from_variable = variable(name).map(|value| (value, Origin::Variable(name)));
            let from_file = || Some((text(path)?, Origin::File(root.at_path(path)?.at)));
            let found = from_variable.or_else(from_file);
            let (value, origin) = found.map_or((None, Origin::Default), |(value, origin)| (Some(value), origin));
            ResolvedValue {
                path: path.to_owned(),
                value: value.into(),
                origin,
            }
        });
        let own = own.collect();
        Ok(Self {
            path: None,
            api: variable("MIRRORD_API")
                .and_then(|text| text.parse().ok())
                .or_else(|| root.at_path("api").and_then(Node::bool))
                .unwrap_or(true),
            key: owned(variable("MIRRORD_KEY").or_else(|| text("key"))),
            target: match &settings.target {
                Target::None => None,
                Target::Targetless => Some("targetless".to_owned()),
                Target::Path(path) => Some(path.clone()),
            },
            namespace: owned(variable("MIRRORD_TARGET_NAMESPACE").or_else(|| text("target.namespace"))),
            json: root.to_json(),
            text: None,
            warnings: problems.warnings().cloned().collect(),
            settings,
            values,
            own,
            root,
        })
    }

    /// Returns every value, the last of a key being the one that applies: those that decide operations, those of the session
    /// itself, what else the file has, such as the agent's, and what follows from the facts.
    #[must_use]
    pub fn whole(&self, context: &Context) -> Vec<ResolvedValue> {
        let mut whole = [&self.own[..], &self.values].concat();
        let is_known = |path: &str| {
            let is_below = |path: &str, above: &str| {
                let rest = path.strip_prefix(above);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            let mut known = self.own.iter().chain(&self.values);
            known.any(|value| is_below(path, &value.path) || is_below(&value.path, path))
        };
        let mut leaves = Vec::new();
        self.root.collect_leaves("", &mut leaves);
        let rest = leaves.into_iter().filter(|(path, _)| !is_known(path));
        whole.extend(rest.map(|(path, node)| ResolvedValue {
            path,
            value: node.to_json(),
            origin: Origin::File(node.at),
        }));
        whole.extend(decide::mapping_by_magic(&self.settings, context));
        whole
    }

    /// Returns the values that decide operations, each with its origin.
    #[must_use]
    pub fn values(&self) -> &[ResolvedValue] {
        &self.values
    }

    /// Returns the value of the key that a rule is, where it decides an operation.
    #[must_use]
    pub fn value_of(&self, rule: &Rule) -> Option<&ResolvedValue> {
        match rule {
            Rule::Key(path) => self.values.iter().rev().find(|value| value.path == *path),
            _ => None,
        }
    }

    /// Returns the path of each value of the file, with its place, in the order of the file.
    #[must_use]
    pub fn places(&self) -> Vec<(String, Position)> {
        let mut places = Vec::new();
        self.root.collect_places("", &mut places);
        places
    }

    /// Returns the place of a rule in the file; `None` for a default, and for what an environment variable says.
    #[must_use]
    pub fn position_of(&self, rule: &Rule) -> Option<Position> {
        let path = rule.config_path()?;
        let key = path.split('[').next().unwrap_or_default();
        let resolved = self.values.iter().rev().find(|value| value.path == key);
        let at = |path: &str| self.root.at_path(path).map(|node| node.at);
        match resolved.map(|value| &value.origin) {
            Some(Origin::File(place)) => at(&path).or(Some(*place)),
            Some(Origin::Because(above)) => at(&path).or_else(|| at(above)),
            Some(Origin::Default | Origin::Variable(_)) => None,
            None => at(&path),
        }
    }
}

/// The problems of a text that is not in its format: one.
pub(crate) fn syntax(error: SyntaxError) -> Problems {
    let mut problems = Problems::default();
    problems.push(Problem::error("", Some(error.at), error.message));
    problems
}
