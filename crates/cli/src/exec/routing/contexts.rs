//! Contexts of the processes of a run: home, working directory, executable, arguments, and what each did before.

use std::collections::HashMap;
use std::path::Path;

use mirrord_config::{Context, Facts};
use mirrord_wire::{MonitorEvent, Observation};

use super::elf::{self, Linking};

/// Processes with a context of their own at a time; further ones are decided by the context of the program.
const MAX_PROCESSES: usize = 4_096;

/// Contexts by process.
pub(super) struct Contexts {
    base: Context,
    processes: HashMap<u32, Process>,
    other: Process,
}

/// Context of one process.
pub(super) struct Process {
    base: Context,
    facts: Facts,
    context: Option<Context>,
    /// `None` where its executable could not be looked at.
    linking: Option<Linking>,
    /// A call of its loader was marked as one: those without a mark are not the loader's.
    pub(super) is_marked: bool,
    /// The dynamic loader works, before the program's own first call.
    pub(super) is_loading: bool,
}

impl Contexts {
    pub(super) fn new(facts: Facts) -> Self {
        let base = Context::new(facts.clone());
        Self {
            other: Process::new(base.clone(), facts),
            base,
            processes: HashMap::new(),
        }
    }

    /// Takes in starts, ends, environments and executions.
    pub(super) fn observe(&mut self, observation: &Observation) {
        match &observation.event {
            MonitorEvent::LayerConnected {
                pid,
                parent_pid,
                cmdline,
                cwd,
                ..
            } => self.started(*pid, *parent_pid, cmdline, cwd.as_ref()),
            MonitorEvent::LayerDisconnected { pid, .. } => {
                self.processes.remove(pid);
            }
            MonitorEvent::EnvVar { vars } => {
                if let Some(process) = observation.pid.and_then(|pid| self.processes.get_mut(&pid)) {
                    process.set_environment(vars);
                }
            }
            MonitorEvent::FileOp {
                path: Some(path),
                operation,
            } if operation == "exec" => {
                let process = observation.pid.and_then(|pid| self.processes.get_mut(&pid));
                if let Some(process) = process.filter(|process| process.linking.is_none()) {
                    process.set_executable(Path::new(path));
                }
            }
            _ => {}
        }
    }

    fn started(&mut self, pid: u32, parent: Option<u32>, cmdline: &[String], cwd: Option<&String>) {
        if self.processes.len() >= MAX_PROCESSES {
            return;
        }
        let inherited = parent.and_then(|parent| self.processes.get(&parent));
        let parent = inherited.map_or_else(|| self.base.facts(), |parent| &parent.facts);
        let mut facts = parent.of_child(cmdline);
        facts.cwd = cwd.cloned().or(facts.cwd);
        let mut process = Process::new(self.base.clone(), facts);
        process.set_executable(Path::new(&format!("/proc/{pid}/exe")));
        self.processes.insert(pid, process);
    }

    pub(super) fn process(&mut self, pid: u32) -> &mut Process {
        self.processes.get_mut(&pid).unwrap_or(&mut self.other)
    }
}

impl Process {
    fn new(base: Context, facts: Facts) -> Self {
        Self {
            base,
            facts,
            context: None,
            linking: None,
            is_marked: false,
            is_loading: true,
        }
    }

    pub(super) fn is_static(&self) -> bool {
        self.linking == Some(Linking::Static)
    }

    /// Reports a loader that is a program beside the C library; musl's is the library itself.
    pub(super) fn is_glibc(&self) -> bool {
        self.linking == Some(Linking::Glibc)
    }

    /// Returns the context, which is prepared at the first need: the patterns depend on the executable.
    pub(super) fn context(&mut self) -> &mut Context {
        let (base, facts) = (&self.base, &self.facts);
        self.context.get_or_insert_with(|| base.like(facts.clone()))
    }

    fn set_executable(&mut self, file: &Path) {
        let Some(linking) = elf::linking(file) else {
            return;
        };
        self.linking = Some(linking);
        self.is_marked = false;
        let real = std::fs::canonicalize(file).ok();
        self.facts.exe = real.and_then(|path| path.into_os_string().into_string().ok());
        self.context = None;
    }

    fn set_environment(&mut self, vars: &[(String, Option<String>)]) {
        let environment = self.facts.local_env.get_or_insert_default();
        for (name, value) in vars {
            if let Some(value) = value {
                environment.insert(name.clone(), value.clone());
            }
            match name.as_str() {
                "HOME" => self.facts.home.clone_from(value),
                "TMPDIR" => self.facts.tmpdir.clone_from(value),
                _ => {}
            }
        }
        self.context = None;
    }
}
