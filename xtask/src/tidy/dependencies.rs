//! Allowed dependencies between our crates, and the number of crates that an intproxy takes in with ours.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{paths::Paths, process, target_lock};

/// Packages of the workspace that each may be built with. `wire` is the ground; `cli` alone puts the others together.
const ALLOWED: [(&str, &[&str]); 19] = [
    ("mirrord-catalogues", &[]),
    ("mirrord-wire", &[]),
    ("mirrord-private-files", &[]),
    // Which process a socket belongs to: what its host writes down, and what discovery makes of it.
    ("mirrord-session-dir", &["mirrord-wire", "mirrord-private-files"]),
    (
        "mirrord-intproxy-ipc",
        &["mirrord-wire", "mirrord-private-files", "mirrord-session-dir"],
    ),
    (
        "mirrord-session-client",
        &["mirrord-wire", "mirrord-private-files", "mirrord-session-dir"],
    ),
    // Listening on TCP, for the server and the proxy alike.
    ("mirrord-tcp-listener", &[]),
    ("mirrord-tcp-proxy", &["mirrord-tcp-listener"]),
    ("mirrord-observe", &["mirrord-wire"]),
    ("mirrord-config", &["mirrord-wire"]),
    ("mirrord-filter", &["mirrord-wire"]),
    ("mirrord-otlp", &["mirrord-wire"]),
    ("mirrord-record", &["mirrord-wire"]),
    (
        "mirrord-ui-server",
        &[
            "mirrord-wire",
            "mirrord-config",
            "mirrord-filter",
            "mirrord-catalogues",
            "mirrord-otlp",
            "mirrord-private-files",
            "mirrord-record",
            "mirrord-session-client",
            "mirrord-tcp-listener",
            "mirrord-what-if",
        ],
    ),
    (
        "mirrord-ui-app",
        &[
            "mirrord-wire",
            "mirrord-config",
            "mirrord-filter",
            "mirrord-catalogues",
            "mirrord-what-if",
        ],
    ),
    ("mirrord-what-if", &["mirrord-wire", "mirrord-config"]),
    (
        "mirrord",
        &[
            "mirrord-wire",
            "mirrord-intproxy-ipc",
            "mirrord-observe",
            "mirrord-config",
            "mirrord-filter",
            "mirrord-otlp",
            "mirrord-record",
            "mirrord-private-files",
            "mirrord-session-client",
            "mirrord-tcp-listener",
            "mirrord-tcp-proxy",
            "mirrord-ui-server",
            "mirrord-what-if",
        ],
    ),
    // The tests publish sessions as a host does.
    (
        "mirrord-tests",
        &["mirrord-wire", "mirrord-intproxy-ipc", "mirrord-catalogues"],
    ),
    ("xtask", &[]),
];

/// The package that other people's programs embed.
const EMBEDDED: &str = "mirrord-intproxy-ipc";
/// Crates that it may bring besides itself, on Linux.
const EMBEDDED_CRATES: usize = 32;

/// Returns the rules that the dependencies break.
pub(super) fn check(paths: &Paths) -> Result<Vec<String>> {
    let mut broken = broken_arrows(&target_lock::metadata(paths)?)?;
    let mut tree = paths.cargo();
    tree.args([
        "tree",
        "--package",
        EMBEDDED,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    tree.args(["--target", "x86_64-unknown-linux-gnu"]);
    let crates = brought_crates(&process::output(&mut tree)?);
    if crates.len() > EMBEDDED_CRATES {
        let names: Vec<String> = crates.iter().cloned().collect();
        broken.push(format!(
            "{EMBEDDED} brings {} crates, and {EMBEDDED_CRATES} is the most: {}",
            crates.len(),
            names.join(", ")
        ));
    }
    Ok(broken)
}

/// Dependencies for building, not those for tests alone, that point where none may.
fn broken_arrows(metadata: &Value) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for package in metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?
    {
        let name = package["name"].as_str().context("a package has no name")?;
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            broken.push(format!(
                "{name}: no rule says what it may stand on; xtask/src/tidy/dependencies.rs has them"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let is_local = !dependency["path"].is_null();
            if is_local && dependency["kind"] != "dev" && !allowed.contains(&on) {
                broken.push(format!("{name} stands on {on}, and may not"));
            }
        }
    }
    Ok(broken)
}

/// The crates in `cargo tree`'s list, without the workspace's own.
fn brought_crates(tree: &str) -> BTreeSet<String> {
    let outside = tree
        .lines()
        .filter(|line| !line.contains("(/") && !line.contains("(\\") && !line.contains(":\\"));
    let words = outside.map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "));
    words.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_points_sideways_is_named() {
        let metadata = |kind: Value| {
            serde_json::json!({"packages": [{"name": "mirrord-observe", "dependencies": [
                {"name": "mirrord-wire", "kind": null, "path": "/c/wire"},
                {"name": "mirrord-intproxy-ipc", "kind": kind, "path": "/c/intproxy-ipc"},
                {"name": "libc", "kind": null}]}]})
        };
        let broken = broken_arrows(&metadata(Value::Null)).unwrap();
        assert_eq!(broken, ["mirrord-observe stands on mirrord-intproxy-ipc, and may not"]);
        assert!(broken_arrows(&metadata("dev".into())).unwrap().is_empty());
    }

    #[test]
    fn each_brought_crate_counts_once_and_our_own_do_not() {
        let tree = "mirrord-intproxy-ipc v0.1.0 (/c/crates/intproxy-ipc)\nserde v1.0.1\nserde v1.0.1 (*)\n\nserde_derive v1.0.1 (proc-macro)\n";
        assert_eq!(
            brought_crates(tree),
            BTreeSet::from(["serde v1.0.1".into(), "serde_derive v1.0.1".into()])
        );
    }
}
