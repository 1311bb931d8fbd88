//! Default patterns of paths, as a released mirrord has them on Linux: layer-lib/src/file/unix.

use std::sync::Arc;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use crate::context::Facts;

/// Rule names of the default lists.
pub(crate) const NOT_FOUND: &str = "default.not_found";
pub(crate) const READ_ONLY: &str = "default.read_only";
pub(crate) const LOCAL: &str = "default.local";

/// Paths of the home directory that do not exist for the program.
const HIDDEN_IN_HOME: [&str; 3] = ["/\\.config/gcloud", "/\\.kube", "/\\.azure"];

/// Paths that are read remotely in every mode but `local`.
const READ_REMOTELY: [&str; 4] = [
    "^/etc/resolv.conf$",
    "^/etc/hosts$",
    "^/etc/hostname$",
    "^/etc/ssl/certs(/|$)",
];

/// Paths that are local, before those of the directories.
const ENDINGS: [&str; 12] = [
    ".\\.so$",
    ".\\.sh$",
    ".\\.rb$",
    ".\\.d$",
    ".\\.pyc$",
    ".\\.py$",
    ".\\.jar$",
    ".\\.class$",
    ".\\.js$",
    ".\\.pth$",
    ".\\.plist$",
    "venv\\.cfg$",
];

/// Directories that are local.
const DIRECTORIES: [&str; 17] = [
    "proc",
    "sys",
    "lib",
    "etc",
    "usr",
    "home",
    "bin",
    "sbin",
    "dev",
    "opt",
    "tmp",
    "var/tmp",
    "var/db/timezone/zoneinfo",
    "snap",
    "run",
    "selinux",
    "nix",
];

/// Paths that are local, after those of the directories.
const OTHERS: [&str; 14] = [
    ".+\\.asdf/.+",
    "^/home/iojs(/|$)",
    "^/home/runner(/|$)",
    "clr-.*-pipe-",
    "\\.pdb$",
    "\\.dll$",
    ".*(^|/)jvm\\.cfg$",
    "/package\\.json$",
    "/\\.yarnrc$",
    "/\\.yarnrc.yml$",
    "/\\.yarnrc.json$",
    "/node_modules",
    ".*/\\.tool-versions$",
    "^/Program Files",
];

/// Default lists of one process, compiled.
#[derive(Debug)]
pub(crate) struct Defaults {
    set: RegexSet,
    patterns: Vec<Arc<str>>,
    not_found: usize,
    read_only: usize,
    /// `feature.magic.aws`: the pattern, and its value.
    pub(crate) aws: Option<AwsMapping>,
    key: [Option<String>; 4],
}

/// Mapping of `~/.aws` away, by `feature.magic.aws`.
#[derive(Debug)]
pub(crate) struct AwsMapping {
    pub(crate) key: String,
    chooser: Option<Regex>,
    replacer: Option<Regex>,
    pub(crate) value: String,
}

impl AwsMapping {
    fn new(home: &str, tmpdir: &str) -> Self {
        let key = format!("^{}/\\.aws(/.*)?", regex::escape(home));
        Self {
            chooser: RegexBuilder::new(&key).case_insensitive(true).build().ok(),
            replacer: Regex::new(&key).ok(),
            value: format!("{tmpdir}/.aws$1"),
            key,
        }
    }

    pub(crate) fn takes(&self, path: &str) -> bool {
        self.chooser.as_ref().is_some_and(|chooser| chooser.is_match(path))
    }

    pub(crate) fn replace(&self, path: &str) -> String {
        match &self.replacer {
            Some(replacer) => replacer.replace(path, self.value.as_str()).into_owned(),
            None => path.to_owned(),
        }
    }
}

/// List that a default pattern is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultList {
    NotFound,
    ReadOnly,
    Local,
}

impl Defaults {
    pub(crate) fn new(facts: &Facts) -> Self {
        let home = facts.home.as_deref().map(|home| home.trim_end_matches('/'));
        let tmpdir = facts.tmpdir.as_deref().unwrap_or("/tmp");
        let mut patterns: Vec<String> = Vec::new();
        if let Some(home) = home {
            let home = regex::escape(home);
            patterns.extend(HIDDEN_IN_HOME.iter().map(|rest| format!("^{home}{rest}")));
        }
        let not_found = patterns.len();
        patterns.extend(READ_REMOTELY.iter().map(|pattern| (*pattern).to_owned()));
        patterns.extend(local_patterns(facts, home, tmpdir));
        let set = RegexSetBuilder::new(&patterns).case_insensitive(true).build();
        Self {
            set: set.unwrap_or_else(|_| RegexSet::empty()),
            patterns: patterns.into_iter().map(Arc::from).collect(),
            not_found,
            read_only: not_found + READ_REMOTELY.len(),
            aws: home.map(|home| AwsMapping::new(home, tmpdir)),
            key: key(facts),
        }
    }

    /// Reports facts that lead to these very patterns.
    pub(crate) fn fit(&self, facts: &Facts) -> bool {
        self.key == key(facts)
    }

    /// Returns the default patterns that a path is in, in the order in which they decide.
    pub(crate) fn matches(&self, path: &str) -> impl Iterator<Item = (DefaultList, &Arc<str>)> {
        self.set.matches(path).into_iter().filter_map(|index| {
            let list = if index < self.not_found {
                DefaultList::NotFound
            } else if index < self.read_only {
                DefaultList::ReadOnly
            } else {
                DefaultList::Local
            };
            Some((list, self.patterns.get(index)?))
        })
    }
}

fn key(facts: &Facts) -> [Option<String>; 4] {
    [&facts.home, &facts.cwd, &facts.exe, &facts.tmpdir].map(Clone::clone)
}

fn local_patterns(facts: &Facts, home: Option<&str>, tmpdir: &str) -> Vec<String> {
    let mut patterns: Vec<String> = ENDINGS.iter().map(|pattern| (*pattern).to_owned()).collect();
    patterns.extend(DIRECTORIES.iter().map(|directory| format!("^/{directory}(/|$)")));
    patterns.extend(OTHERS.iter().map(|pattern| (*pattern).to_owned()));
    patterns.push(format!("^{}", regex::escape(tmpdir)));
    patterns.push("^/$".to_owned());
    if let Some(cwd) = facts.cwd.as_deref().filter(|cwd| *cwd != "/") {
        patterns.push(format!("^{}(/|$)", regex::escape(cwd.trim_end_matches('/'))));
    }
    if let Some(exe) = &facts.exe {
        patterns.push(format!("{}$", regex::escape(exe)));
    }
    if let Some(home) = home {
        patterns.push(format!("^{}/\\.", regex::escape(home)));
    }
    patterns
}
