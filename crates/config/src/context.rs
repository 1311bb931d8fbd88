//! Facts beside the config that the rules depend on: the process, the machine, and what only the cluster knows.
//!
//! A fact that is not given is not guessed: a decision that needs it is [`Routing::Depends`](crate::Routing::Depends).

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use serde::Deserialize;

use crate::decide::defaults::Defaults;

/// Names with their addresses.
pub type Names = BTreeMap<String, Vec<IpAddr>>;

/// Facts, in the form of the case files' `context` and of `--assume FILE`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Facts {
    /// `HOME`.
    pub home: Option<String>,
    /// Working directory when the program started.
    pub cwd: Option<String>,
    /// The executable, absolute.
    pub exe: Option<String>,
    /// `argv[0]`, where it is not the executable's name.
    pub argv0: Option<String>,
    /// Arguments of the program.
    pub args: Vec<String>,
    /// `TMPDIR`; `/tmp` where it is not given.
    pub tmpdir: Option<String>,
    /// Environment variables of mirrord's own.
    pub mirrord_env: BTreeMap<String, String>,
    /// All environment variables of the target.
    pub remote_env: Option<BTreeMap<String, String>>,
    /// All environment variables of this machine.
    pub local_env: Option<BTreeMap<String, String>>,
    /// Variables of `feature.env.env_file`.
    pub env_file: Option<BTreeMap<String, String>>,
    /// All names that the cluster resolves.
    pub remote_dns: Option<Names>,
    /// All names that this machine resolves.
    pub local_hosts: Option<Names>,
    /// Some names that this machine resolves: those of `/etc/hosts`.
    pub known_local_hosts: Names,
    /// Paths of the target's volume mounts.
    pub mounts: Option<Vec<Mount>>,
    /// Earlier operations of the process that matter.
    pub before: Vec<crate::OperationFields>,
}

impl Facts {
    /// Returns the facts of a process that is started by one with these: it has arguments of its own, and where its parent
    /// is a Next.js process, it counts as one too (`feature.magic.turbo`).
    #[must_use]
    pub fn of_child(&self, args: &[String]) -> Self {
        let inherited = self.args.iter().find(|word| is_next(word)).cloned();
        let mut child = self.clone();
        child.args = args.iter().cloned().chain(inherited).collect();
        child.argv0 = args.first().cloned();
        child
    }

    /// Returns these facts, with those of `other` where these have none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            home: self.home.or(other.home),
            cwd: self.cwd.or(other.cwd),
            exe: self.exe.or(other.exe),
            argv0: self.argv0.or(other.argv0),
            args: if self.args.is_empty() { other.args } else { self.args },
            tmpdir: self.tmpdir.or(other.tmpdir),
            mirrord_env: other.mirrord_env.into_iter().chain(self.mirrord_env).collect(),
            remote_env: self.remote_env.or(other.remote_env),
            local_env: self.local_env.or(other.local_env),
            env_file: self.env_file.or(other.env_file),
            remote_dns: self.remote_dns.or(other.remote_dns),
            local_hosts: self.local_hosts.or(other.local_hosts),
            known_local_hosts: other
                .known_local_hosts
                .into_iter()
                .chain(self.known_local_hosts)
                .collect(),
            mounts: self.mounts.or(other.mounts),
            before: if self.before.is_empty() {
                other.before
            } else {
                self.before
            },
        }
    }
}

/// Reports an argument by which a process is one of Next.js (`layer/src/turbo.rs`).
pub(crate) fn is_next(word: &str) -> bool {
    word == "next" || word.ends_with("/next") || word.contains("/next/dist/")
}

/// Volume mount of the target's container.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mount {
    /// Path in the container.
    pub path: String,
    /// The mount is a single file, by `subPath`.
    #[serde(default)]
    pub sub_path: bool,
}

/// Answer of a look-up in the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known<T> {
    Yes(T),
    No,
    /// The facts do not have it.
    Unknown,
}

/// Facts with what is made of them once: the default patterns, and the state of the process.
#[derive(Debug, Clone)]
pub struct Context {
    pub(crate) facts: Arc<Facts>,
    pub(crate) defaults: Arc<Defaults>,
    /// Ports on which the process listens through mirrord, with the address that is really bound.
    pub(crate) listeners: HashMap<u16, SocketAddr>,
    /// Names of addresses that the process got from a remote look-up.
    pub(crate) remote_names: HashMap<IpAddr, String>,
}

/// Listeners, and addresses from look-ups, of a process that are kept; later ones are not.
const MAX_STATE: usize = 4_096;

impl Context {
    /// Prepares facts.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        let defaults = Arc::new(Defaults::new(&facts));
        Self::with_defaults(facts, defaults)
    }

    /// Prepares facts that have the directories and the executable of another context: the patterns are shared.
    #[must_use]
    pub fn like(&self, facts: Facts) -> Self {
        if self.defaults.fit(&facts) {
            Self::with_defaults(facts, Arc::clone(&self.defaults))
        } else {
            Self::new(facts)
        }
    }

    fn with_defaults(facts: Facts, defaults: Arc<Defaults>) -> Self {
        Self {
            facts: Arc::new(facts),
            defaults,
            listeners: HashMap::new(),
            remote_names: HashMap::new(),
        }
    }

    /// Returns the facts.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn add_listener(&mut self, port: u16, real: SocketAddr) {
        if self.listeners.len() < MAX_STATE {
            self.listeners.insert(port, real);
        }
    }

    pub(crate) fn add_remote_name(&mut self, name: &str) {
        let addresses = self.facts.remote_dns.as_ref().and_then(|names| names.get(name));
        for address in addresses.into_iter().flatten() {
            if self.remote_names.len() < MAX_STATE {
                self.remote_names.insert(*address, name.to_owned());
            }
        }
    }

    pub(crate) fn resolve_remotely(&self, name: &str) -> Known<&[IpAddr]> {
        known(self.facts.remote_dns.as_ref(), None, name)
    }

    pub(crate) fn resolve_locally(&self, name: &str) -> Known<&[IpAddr]> {
        known(
            self.facts.local_hosts.as_ref(),
            Some(&self.facts.known_local_hosts),
            name,
        )
    }
}

fn known<'a>(all: Option<&'a Names>, some: Option<&'a Names>, name: &str) -> Known<&'a [IpAddr]> {
    let found = all.and_then(|names| names.get(name)).or_else(|| some?.get(name));
    match found {
        Some(addresses) => Known::Yes(addresses),
        None if all.is_some() => Known::No,
        None => Known::Unknown,
    }
}
