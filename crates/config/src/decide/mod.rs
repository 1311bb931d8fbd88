//! Decisions: which side an operation goes to, and by which rule. Pure functions of a config, a context and an
//! operation; nothing is asked of the cluster or of a name server.
//!
//! The orders and the default lists are those of a released mirrord (3.250): `layer/src/file/ops.rs`,
//! `layer-lib/src/file`, `layer-lib/src/socket`, `layer/src/socket/ops.rs`, `cli/src/execution.rs`. docs/config.md has
//! them in words.

mod connect;
pub(crate) mod decision;
pub(crate) mod defaults;
mod dns;
mod env;
mod fs;
mod listen;
mod process;

use self::decision::{Decision, Routing, Trace};
use crate::config::Config;
use crate::context::Context;
use crate::operation::Operation;
use crate::rule::Rule;
use crate::settings::{FsMode, Target};

pub(crate) use self::fs::mapping_by_magic;

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
