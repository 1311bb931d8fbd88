//! Decision about an operation, and the rules that were passed over on the way to it.

use serde::Serialize;

use crate::rule::Rule;

/// Side that an operation goes to, or its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Routing {
    /// The cluster.
    Remote,
    /// This machine.
    Local,
    /// It fails with `ENOENT`.
    NotFound,
    /// It fails.
    Error,
    /// It is answered at once, and nothing is connected.
    Mock,
    /// A UDP socket whose address is remembered.
    Managed,
    /// A variable that the config sets.
    Override,
    /// A remote variable whose value the config maps.
    Changed,
    /// A variable that the config removes.
    Unset,
    /// A variable that is not there.
    Absent,
    /// A process that mirrord is loaded into.
    Loaded,
    /// A process that it leaves alone.
    Skipped,
    /// It depends on facts that are not known; see [`Decision::on`].
    Depends,
}

/// Fact that a decision needs and that is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
#[non_exhaustive]
pub enum Fact {
    /// Addresses of a name in the cluster.
    RemoteDns(String),
    /// Addresses of a name on this machine.
    LocalDns(String),
    /// Variable of the target.
    RemoteEnv(String),
    /// Variable of this machine.
    LocalEnv(String),
    /// Variables of a file.
    EnvFile(String),
    /// Side of an open directory.
    Descriptor,
    /// Order in which a released mirrord walks a map: another one at each start.
    MapOrder(&'static str),
}

impl From<Fact> for String {
    fn from(fact: Fact) -> Self {
        match fact {
            Fact::RemoteDns(name) => format!("remote_dns: {name}"),
            Fact::LocalDns(name) => format!("local_dns: {name}"),
            Fact::RemoteEnv(name) => format!("remote_env: {name}"),
            Fact::LocalEnv(name) => format!("local_env: {name}"),
            Fact::EnvFile(file) => format!("env_file: {file}"),
            Fact::Descriptor => "dirfd".to_owned(),
            Fact::MapOrder(path) => format!("map_order: {path}"),
        }
    }
}

/// Decision about one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The side, or the result.
    pub routing: Routing,
    /// The rule that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Missing facts, where it depends on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Fact>,
    /// Path after the mapping, where that changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The key that mapped the path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapped_by: Option<Rule>,
    /// Path that the local call gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_path: Option<String>,
    /// `mirror` or `steal`, of a subscribed port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
    /// Remote port of a subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// HTTP filter of a subscription, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Address that is bound in place of the one that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound_to: Option<String>,
    /// Local address that is connected to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connects_to: Option<String>,
    /// Value of a variable; `Some(None)` is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Option<String>>,
}

impl Decision {
    pub(crate) const fn new(routing: Routing, rule: Rule) -> Self {
        Self {
            routing,
            rule: Some(rule),
            on: Vec::new(),
            path: None,
            mapped_by: None,
            local_path: None,
            mode: None,
            port: None,
            filter: None,
            bound_to: None,
            connects_to: None,
            value: None,
        }
    }

    pub(crate) fn depends(rule: Option<Rule>, on: Vec<Fact>) -> Self {
        Self {
            rule,
            on,
            ..Self::new(Routing::Depends, Rule::Fixed(""))
        }
    }
}

/// Observer of the rules that did not decide; `()` observes nothing and costs nothing.
pub trait Trace {
    /// Notes a rule that was looked at and did not decide, with the reason.
    fn passed(&mut self, rule: impl FnOnce() -> Rule, why: impl FnOnce() -> String);
}

impl Trace for () {
    fn passed(&mut self, _rule: impl FnOnce() -> Rule, _why: impl FnOnce() -> String) {}
}

/// Rule that did not decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// Reason why it did not decide.
    pub why: String,
}

impl Trace for Vec<Step> {
    fn passed(&mut self, rule: impl FnOnce() -> Rule, why: impl FnOnce() -> String) {
        self.push(Step {
            rule: rule(),
            why: why(),
        });
    }
}
