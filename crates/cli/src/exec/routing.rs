//! Decides each event of `exec -f` by the config: where a session with this config would send the operation. Nothing is
//! redirected.
//!
//! Runs on the event worker of `mirrord-observe`, behind the answer to the program: no watched call waits for it. What a
//! released mirrord never sees has a reason in place of a routing: a static executable, and what the dynamic loader opens. The
//! latter is known by the place of the call in memory (`mirrord-observe`); where that cannot be read, what is opened before the
//! program's own first call by its names: preload file, cache, libraries.

mod contexts;
mod elf;

use mirrord_config::{Config, Decision, Facts, Operation, Routing as Side, decide};
use mirrord_wire::{MonitorEvent, Observation, Routing, Unhooked};

use self::contexts::{Contexts, Process};
use super::observed::fields;
use super::summary::SharedSummary;

/// Sink of events that adds routing and rule.
pub(crate) struct Router<S: FnMut(Observation)> {
    config: Config,
    contexts: Contexts,
    /// First path of a rename, whose second is the next event.
    rename: Option<Observation>,
    summary: SharedSummary,
    sink: S,
}

impl<S: FnMut(Observation)> Router<S> {
    pub(crate) fn new(config: Config, facts: Facts, summary: SharedSummary, sink: S) -> Self {
        Self {
            config,
            contexts: Contexts::new(facts),
            rename: None,
            summary,
            sink,
        }
    }

    /// Decides an event and passes it on.
    pub(crate) fn emit(&mut self, mut observation: Observation) {
        let is_rename = is_rename(&observation);
        if let Some(first) = self.rename.take() {
            if is_rename && first.pid == observation.pid {
                return self.emit_rename(first, observation);
            }
            self.pass_on(first);
        }
        if is_rename {
            self.rename = Some(observation);
            return;
        }
        self.contexts.observe(&observation);
        if let Some(pid) = observation.pid {
            self.route(pid, &mut observation);
        }
        self.pass_on(observation);
    }

    fn pass_on(&mut self, observation: Observation) {
        self.summary.add(&observation);
        (self.sink)(observation);
    }

    fn route(&mut self, pid: u32, observation: &mut Observation) {
        if let MonitorEvent::EnvVar { vars } = &observation.event {
            let names: Vec<String> = vars.iter().map(|(name, _)| name.clone()).collect();
            return self.route_variables(pid, &names, observation);
        }
        let Some(operation) = fields(observation).operation() else {
            return;
        };
        let process = self.contexts.process(pid);
        if let Some(reason) = unhooked(process, observation) {
            observation.detail.get_or_insert_default().unhooked = Some(reason);
            return;
        }
        let context = process.context();
        let decision = decide(&self.config, context, &operation);
        apply(observation, &decision);
        context.observe(&self.config, &operation);
    }

    /// Routing of an event is that of all its variables, where they agree; the summary counts each.
    fn route_variables(&mut self, pid: u32, names: &[String], observation: &mut Observation) {
        let process = self.contexts.process(pid);
        let context = process.context();
        let mut common: Option<Decision> = None;
        let mut is_common = true;
        for name in names {
            let decision = decide(&self.config, context, &Operation::Env { name: name.clone() });
            self.summary.add_variable(name, &decision);
            is_common &= common.as_ref().is_none_or(|other| other.routing == decision.routing);
            common.get_or_insert(decision);
        }
        if let Some(decision) = common.filter(|_| is_common) {
            apply(observation, &decision);
        }
    }

    fn emit_rename(&mut self, mut old: Observation, mut new: Observation) {
        let paths = [&old, &new].map(|one| fields(one).passed_path().map(str::to_owned));
        let pid = old.pid;
        if let (Some(pid), [Some(from), Some(to)]) = (pid, paths) {
            let process = self.contexts.process(pid);
            if let Some(reason) = unhooked(process, &old) {
                for one in [&mut old, &mut new] {
                    one.detail.get_or_insert_default().unhooked = Some(reason);
                }
            } else {
                let decision = decide(&self.config, process.context(), &Operation::Rename { from, to });
                apply(&mut old, &decision);
                apply(&mut new, &decision);
            }
        }
        self.pass_on(old);
        self.pass_on(new);
    }
}

impl<S: FnMut(Observation)> Drop for Router<S> {
    fn drop(&mut self) {
        if let Some(first) = self.rename.take() {
            self.pass_on(first);
        }
    }
}

fn is_rename(observation: &Observation) -> bool {
    matches!(&observation.event, MonitorEvent::FileOp { operation, .. } if operation == "rename")
}

/// The reason for which the operation would never be seen. A call ends the loader's work where it is not one of its own.
fn unhooked(process: &mut Process, observation: &Observation) -> Option<Unhooked> {
    if process.is_static() {
        return Some(Unhooked::Static);
    }
    if process.is_glibc() {
        let by_loader = observation.detail.as_deref().is_some_and(|detail| detail.by_loader);
        process.is_marked |= by_loader;
        // The first call of each program is its loader's: one without a mark belongs to a program whose loader is not known.
        if process.is_marked {
            return by_loader.then_some(Unhooked::Loader);
        }
    }
    if is_loaders_cache(&observation.event) {
        // `dlopen(3)` reads it again.
        return Some(Unhooked::Loader);
    }
    if !process.is_loading {
        return None;
    }
    process.is_loading = is_of_loader(&observation.event);
    process.is_loading.then_some(Unhooked::Loader)
}

/// Reports an opening of the loader's cache, which no other part of a program reads.
fn is_loaders_cache(event: &MonitorEvent) -> bool {
    matches!(event, MonitorEvent::FileOp { path: Some(path), operation } if path == "/etc/ld.so.cache" && operation == "open")
}

/// Reports a file operation as `ld.so(8)` makes it: its preload file, its cache, libraries, and directories for them.
fn is_of_loader(event: &MonitorEvent) -> bool {
    let MonitorEvent::FileOp {
        path: Some(path),
        operation,
    } = event
    else {
        return false;
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_library = name.ends_with(".so") || name.contains(".so.");
    let is_directory = operation == "stat" && (path.contains("/lib") || path.contains("glibc-hwcaps"));
    path.starts_with("/etc/ld.so.") || path.starts_with("/etc/ld-musl") || is_library || is_directory
}

fn apply(observation: &mut Observation, decision: &Decision) {
    observation.rule = decision.rule.as_ref().map(|rule| rule.to_string().into());
    observation.routing = routing(decision.routing);
    let depends_on: Vec<String> = decision.on.iter().cloned().map(String::from).collect();
    if observation.detail.is_some() || !depends_on.is_empty() {
        observation.detail.get_or_insert_default().depends_on = depends_on;
    }
}

/// The word of an event line; `None` for what is none there.
fn routing(side: Side) -> Option<Routing> {
    Some(match side {
        Side::Remote => Routing::Remote,
        Side::Local | Side::Managed => Routing::Local,
        Side::NotFound => Routing::NotFound,
        Side::Mock => Routing::Mock,
        Side::Error => Routing::Error,
        _ => return None,
    })
}
