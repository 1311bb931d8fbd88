//! Files: read in the cluster and of this machine by their look or their being here, looked for here and not there, and
//! `~/.aws`.

use std::collections::{BTreeMap, BTreeSet};

use mirrord_wire::api::{Evidence, SuggestionKind};
use serde_json::{Value, json};

use super::{Candidate, Decided, FS_MODE, View, escaped, quoted};
use crate::change;
use crate::events::Named;

/// Reads of paths of one look before they are many.
const MANY: u64 = 10;
/// Look-ups in vain of a path before it is suggested to be read in the cluster.
const MANY_IN_VAIN: u64 = 3;
/// Files of a directory from which on the directory is suggested.
const MANY_FILES: usize = 4;
/// Paths that a filter names.
const MAX_PATHS: usize = 5;

/// Look of a path of this machine: its pattern, the filter of its rows, and the test.
type Look = (&'static str, &'static str, fn(&str) -> bool);

/// Paths of this machine by their look, which the default list of local paths does not have.
const LOCAL_LOOKS: [Look; 6] = [
    ("^/lib(32|64|x32)/", "path:/lib*", |path| {
        ["/lib32/", "/lib64/", "/libx32/"]
            .iter()
            .any(|start| path.starts_with(start))
    }),
    (r"\.so(\.[0-9]+)+$", "path:\".so.\"", is_versioned_library),
    ("/(site|dist)-packages/", "path:\"-packages/\"", |path| {
        path.contains("/site-packages/") || path.contains("/dist-packages/")
    }),
    ("/__pycache__/", "path:\"/__pycache__/\"", |path| {
        path.contains("/__pycache__/")
    }),
    (r"/\.git(/|$)", "path:\"/.git\"", |path| {
        path.contains("/.git/") || path.ends_with("/.git")
    }),
    (
        r"\.(mjs|cjs|ts|tsx)$",
        "(path:*.mjs OR path:*.cjs OR path:*.ts OR path:*.tsx)",
        |path| [".mjs", ".cjs", ".ts", ".tsx"].iter().any(|end| path.ends_with(end)),
    ),
];

/// Directories that a cluster fills.
const CLUSTER_DIRECTORIES: [&str; 6] = [
    "/var/run/secrets/",
    "/run/secrets/",
    "/etc/config/",
    "/etc/secrets/",
    "/config/",
    "/secrets/",
];

/// Endings of files that configure a program.
const CONFIG_ENDINGS: [&str; 12] = [
    ".yaml",
    ".yml",
    ".json",
    ".toml",
    ".conf",
    ".ini",
    ".properties",
    ".env",
    ".pem",
    ".crt",
    ".key",
    ".xml",
];

/// Directories of `/etc` that belong to the system.
const SYSTEM_DIRECTORIES: [&str; 16] = [
    "alternatives",
    "apt",
    "ca-certificates",
    "crypto-policies",
    "dpkg",
    "fonts",
    "gss",
    "gtk-3.0",
    "java",
    "ld.so.conf.d",
    "pki",
    "pulse",
    "ssh",
    "ssl",
    "systemd",
    "xdg",
];

fn is_versioned_library(path: &str) -> bool {
    let Some((_, version)) = path.rsplit_once(".so.") else {
        return false;
    };
    version
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Path as the program passed it, of a file that is decided by an absolute one; and whether it is read.
fn absolute<'a>(one: &'a Decided<'_>) -> Option<(&'a str, bool)> {
    let mirrord_config::Operation::File(file) = &one.own.decided else {
        return None;
    };
    file.path
        .starts_with('/')
        .then_some((file.path.as_str(), !file.is_write))
}

/// Returns files that the mode alone sends to the cluster.
fn remote_by_mode<'a>(view: &'a View<'_>) -> impl Iterator<Item = (&'a Decided<'a>, &'a str, bool)> {
    view.decided.iter().filter_map(|one| {
        let (path, is_read) = absolute(one)?;
        let is_remote = one.side.routing == "remote" && one.side.rule == FS_MODE;
        is_remote.then_some((one, path, is_read))
    })
}

fn look(path: &str, view: &View<'_>) -> Option<(String, String)> {
    let known = LOCAL_LOOKS.iter().find(|(_, _, has)| has(path));
    if let Some((pattern, query, _)) = known {
        return Some(((*pattern).to_owned(), (*query).to_owned()));
    }
    // `/home` is local by default; another home is not.
    let home = view.home()?;
    let is_inside = path.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'));
    is_inside.then(|| {
        (
            format!("^{}/", escaped(home)),
            format!("path:{}", quoted(&format!("{home}/"))),
        )
    })
}

/// Paths that are read in the cluster many times, and look local.
pub(super) fn look_local(view: &View<'_>) -> Vec<Candidate> {
    let mut looks: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (one, path, _) in remote_by_mode(view) {
        if let Some(look) = look(path, view) {
            *looks.entry(look).or_default() += one.times;
        }
    }
    let many = looks.into_iter().filter(|(_, times)| *times >= MANY);
    many.map(|((pattern, query), times)| Candidate {
        kind: SuggestionKind::LooksLocal,
        detail: "feature.fs.local".to_owned(),
        evidence: Evidence {
            times,
            of: view.count("FileOp"),
            failed: 0,
            query: format!("type:file {query}"),
        },
        change: change::append(view.config, "feature.fs.local", [json!(pattern)]),
        subjects: vec![pattern],
    })
    .collect()
}

/// Files that exist here, and would be read in the cluster by nothing but the mode.
pub(super) fn exist_locally(view: &View<'_>) -> Vec<Candidate> {
    let own = remote_by_mode(view).filter(|(one, path, is_read)| {
        let looks_so = look(path, view).is_some();
        *is_read && !looks_so && one.seen.found > 0 && one.seen.not_found == 0 && is_file_operation(one.own)
    });
    let files = own.map(|(one, path, _)| (path, one.times, 0));
    by_directory(files)
        .into_iter()
        .map(|group| group.candidate(view, SuggestionKind::ExistsLocally, "feature.fs.local"))
        .collect()
}

/// Opening says that a file is used; of a directory, or a `stat`, it says less.
fn is_file_operation(own: &Named) -> bool {
    matches!(own.operation.as_str(), "open" | "read")
}

/// Paths that are looked for here again and again in vain, and look as if they were in the cluster.
pub(super) fn look_remote(view: &View<'_>) -> Vec<Candidate> {
    let own = view.decided.iter().filter_map(|one| {
        let (path, is_read) = absolute(one)?;
        let by_default = one.side.rule == FS_MODE || one.side.rule.starts_with("default.local: ");
        let in_vain = one.seen.not_found == one.seen.times && one.seen.times > 0;
        let is_one = is_read && one.side.routing == "local" && by_default && in_vain && looks_remote(path);
        is_one.then_some((path, one.times, one.times))
    });
    let groups = by_directory(own).into_iter().filter(|group| {
        let is_of_cluster = group.paths.iter().any(|path| is_of_cluster(path));
        is_of_cluster || group.times >= MANY_IN_VAIN
    });
    groups
        .map(|group| group.candidate(view, SuggestionKind::LooksRemote, "feature.fs.read_only"))
        .collect()
}

fn is_of_cluster(path: &str) -> bool {
    CLUSTER_DIRECTORIES.iter().any(|start| path.starts_with(start))
}

fn looks_remote(path: &str) -> bool {
    if is_of_cluster(path) {
        return true;
    }
    let Some((directory, rest)) = path.strip_prefix("/etc/").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    !SYSTEM_DIRECTORIES.contains(&directory) && CONFIG_ENDINGS.iter().any(|end| rest.ends_with(end))
}

/// Paths of one directory, or one path.
struct Group {
    pattern: String,
    paths: BTreeSet<String>,
    times: u64,
    failed: u64,
}

impl Group {
    fn candidate(self, view: &View<'_>, kind: SuggestionKind, list: &str) -> Candidate {
        let paths: Vec<String> = self
            .paths
            .iter()
            .take(MAX_PATHS)
            .map(|path| format!("path:={}", quoted(path)))
            .collect();
        Candidate {
            kind,
            detail: list.to_owned(),
            evidence: Evidence {
                times: self.times,
                of: view.count("FileOp"),
                failed: self.failed,
                query: format!("type:file ({})", paths.join(" OR ")),
            },
            change: change::append(view.config, list, [Value::from(self.pattern)]),
            subjects: self.paths.into_iter().collect(),
        }
    }
}

/// Groups paths: each for itself, or those of a directory where they are many.
fn by_directory<'a>(files: impl Iterator<Item = (&'a str, u64, u64)>) -> Vec<Group> {
    let mut directories: BTreeMap<&str, BTreeMap<&str, (u64, u64)>> = BTreeMap::new();
    for (path, times, failed) in files {
        let directory = path.rfind('/').map_or("/", |end| path.get(..=end).unwrap_or("/"));
        let own = directories.entry(directory).or_default().entry(path).or_default();
        own.0 += times;
        own.1 += failed;
    }
    let mut groups = Vec::new();
    for (directory, files) in directories {
        if files.len() >= MANY_FILES && directory != "/" {
            groups.push(Group {
                pattern: format!("^{}[^/]*$", escaped(directory)),
                times: files.values().map(|own| own.0).sum(),
                failed: files.values().map(|own| own.1).sum(),
                paths: files.into_keys().map(str::to_owned).collect(),
            });
            continue;
        }
        groups.extend(files.into_iter().map(|(path, (times, failed))| Group {
            pattern: format!("^{}$", escaped(path)),
            paths: BTreeSet::from([path.to_owned()]),
            times,
            failed,
        }));
    }
    groups
}

/// `~/.aws`, which `feature.magic.aws` maps away by default.
pub(super) fn aws(view: &View<'_>) -> Option<Candidate> {
    let directory = format!("{}/.aws", view.home()?);
    let mut times = 0;
    for one in &view.decided {
        let Some((path, _)) = absolute(one) else { continue };
        let is_inside = path
            .strip_prefix(&directory)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // The detail is the path that the mapping gives.
        if is_inside && one.base.detail.contains("/.aws") && one.base.detail != path {
            times += one.times;
        }
    }
    (times > 0).then(|| Candidate {
        kind: SuggestionKind::AwsMapped,
        detail: "feature.magic.aws".to_owned(),
        evidence: Evidence {
            times,
            of: view.count("FileOp"),
            failed: 0,
            query: format!(
                "type:file (path:={0} OR path:{1})",
                quoted(&directory),
                quoted(&format!("{directory}/"))
            ),
        },
        change: change::set(view.config, "feature.magic.aws", json!(false)),
        subjects: vec![directory],
    })
}
