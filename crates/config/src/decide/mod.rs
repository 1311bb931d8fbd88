//! Decisions: which side an operation goes to, and by which rule. Pure functions of a config, a context and an
//! operation; nothing is asked of the cluster or of a name server.
//!
//! The orders and the default lists are those of a released mirrord (3.250): `layer/src/file/ops.rs`,
//! `layer-lib/src/file`, `layer-lib/src/socket`, `layer/src/socket/ops.rs`, `cli/src/execution.rs`. docs/config.md has
//! them in words.

mod connect;
pub(crate) mod defaults;
mod dns;
mod env;
mod fs;
mod listen;
mod process;

use serde::Serialize;

use crate::config::Config;
use crate::context::Context;
use crate::operation::Operation;
use crate::rule::Rule;
use crate::settings::{FsMode, Target};

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

/// Decides one operation.
#[must_use]
pub fn decide(config: &Config, context: &Context, operation: &Operation) -> Decision {
    decide_traced(config, context, operation, &mut ())
}

/// Decides one operation, and notes the rules before the one that decided.
pub fn decide_traced(config: &Config, context: &Context, operation: &Operation, trace: &mut impl Trace) -> Decision {
    let settings = &config.settings;
    if let Operation::Process = operation {
        return process::decide(settings, context, trace);
    }
    let is_environment = matches!(operation, Operation::Env { .. });
    // The environment is set before the program starts; all the rest is done by the library in the process.
    if !is_environment && let Some(rule) = process::skip_rule(settings, context) {
        return Decision::new(Routing::Local, rule);
    }
    match operation {
        Operation::File(file) => fs::decide(settings, context, file, trace),
        Operation::Rename { from, to } => fs::decide_rename(settings, context, from, to, trace),
        Operation::Connect { transport, address } => connect::decide(settings, context, *transport, *address, trace),
        Operation::ConnectUnix { name } => connect::decide_unix(settings, name, trace),
        Operation::SendTo { address } => connect::decide_send_to(settings, context, *address, trace),
        Operation::Lookup {
            name,
            port,
            numeric_host,
        } => dns::decide(settings, name.as_deref().filter(|_| !numeric_host), *port, trace),
        Operation::Listen { address } => listen::decide(settings, *address, trace),
        Operation::BindUdp { address } => listen::decide_udp(settings, *address),
        Operation::Env { name } => env::decide(settings, context, name, trace),
        Operation::Process => process::decide(settings, context, trace),
    }
}

/// Reports a decision about a read that a volume mount of the target, which is not known, would turn into `remote`:
/// `feature.magic.auto_mount`.
#[must_use]
pub fn depends_on_mounts(config: &Config, context: &Context, operation: &Operation, decision: &Decision) -> bool {
    let settings = &config.settings;
    let is_read = matches!(operation, Operation::File(file) if !file.is_write && file.path.starts_with('/'));
    let is_after_mounts = match &decision.rule {
        Some(Rule::Key(path) | Rule::Item(path, _)) => matches!(*path, "feature.fs.mode" | "feature.fs.local"),
        Some(Rule::Pattern(..)) => true,
        _ => false,
    };
    let has_mounts = settings.magic.auto_mount && matches!(settings.target, Target::Path(_));
    let is_unknown = context.facts.mounts.is_none() && settings.fs.mode != FsMode::Local;
    is_read && is_after_mounts && has_mounts && is_unknown && decision.routing != Routing::Remote
}

impl Context {
    /// Takes in an earlier operation of the process: what it listens on, and the addresses that it has looked up.
    pub fn observe(&mut self, config: &Config, operation: &Operation) {
        let decision = decide(config, self, operation);
        match operation {
            Operation::Listen { address } if decision.routing == Routing::Remote => {
                let real = listen::real_address(&config.settings, *address);
                self.add_listener(address.port(), real);
            }
            Operation::Lookup { name: Some(name), .. } if decision.routing == Routing::Remote => {
                self.add_remote_name(name);
            }
            Operation::Connect { transport, address } => {
                for name in connect::remote_lookups(&config.settings, self, *transport, *address) {
                    self.add_remote_name(&name);
                }
            }
            _ => {}
        }
    }
}
