//! Packages that a release is built of: those of the program for its target, and those of the page, which is inside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{paths::Paths, process};

/// Packages whose dependencies are in a release, each with its target; `None` is the target of the release.
const ROOTS: [(&str, Option<&str>); 3] = [
    ("mirrord", None),
    ("mirrord-ui-app", Some("wasm32-unknown-unknown")),
    ("mirrord-what-if", Some("wasm32-unknown-unknown")),
];

/// Package from a registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// SPDX expression; empty where the package names a file instead.
    pub(super) licence: String,
    /// Folder of its sources.
    pub(super) folder: PathBuf,
    /// SHA-256 of its archive, as Cargo.lock has it.
    pub(super) checksum: Option<String>,
}

/// Packages of a release, and which uses which.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    pub(super) packages: BTreeMap<String, Package>,
    /// Ids of the packages that each uses.
    pub(super) uses: BTreeMap<String, BTreeSet<String>>,
}

impl Dependencies {
    /// Collects those of a release for a target.
    pub(super) fn of(paths: &Paths, triple: &str) -> Result<Self> {
        let checksums = checksums(&std::fs::read_to_string(paths.root.join("Cargo.lock"))?);
        let mut found = Self::default();
        for (root, target) in ROOTS {
            let metadata = process::output(paths.cargo().args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                target.unwrap_or(triple),
            ]))?;
            let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata")?;
            found
                .add(&metadata, root, &checksums)
                .with_context(|| format!("the dependencies of {root}"))?;
        }
        Ok(found)
    }

    /// Adds a package of the workspace and everything that is built into it: no tests' and no build scripts' packages.
    fn add(&mut self, metadata: &Value, root: &str, checksums: &BTreeMap<String, String>) -> Option<()> {
        let packages = metadata["packages"].as_array()?;
        let by_id: BTreeMap<&str, &Value> = packages
            .iter()
            .filter_map(|own| Some((own["id"].as_str()?, own)))
            .collect();
        let nodes = metadata["resolve"]["nodes"].as_array()?;
        let nodes: BTreeMap<&str, &Value> = nodes
            .iter()
            .filter_map(|own| Some((own["id"].as_str()?, own)))
            .collect();
        let root = packages.iter().find(|own| own["name"] == root)?["id"].as_str()?;
        let mut left = vec![root];
        let mut seen = BTreeSet::new();
        while let Some(id) = left.pop() {
            if !seen.insert(id) {
                continue;
            }
            let package = package(by_id.get(id)?, checksums)?;
            let used: Vec<_> = nodes.get(id)?["deps"]
                .as_array()?
                .iter()
                .filter(|own| is_built_in(own))
                .collect();
            let used: Vec<_> = used.iter().filter_map(|own| own["pkg"].as_str()).collect();
            let own = self.uses.entry(key(&package)).or_default();
            own.extend(
                used.iter()
                    .filter_map(|id| Some(key(&self::package(by_id.get(id)?, checksums)?))),
            );
            self.packages.insert(key(&package), package);
            left.extend(used);
        }
        Some(())
    }

    /// Packages that are not of this workspace.
    pub(super) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.values().filter(|package| package.checksum.is_some())
    }
}

/// Name and version: the id of a package in a document.
pub(super) fn key(package: &Package) -> String {
    format!("{}@{}", package.name, package.version)
}

fn is_built_in(dependency: &Value) -> bool {
    let kinds = dependency["dep_kinds"].as_array();
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

fn package(value: &Value, checksums: &BTreeMap<String, String>) -> Option<Package> {
    let (name, version) = (value["name"].as_str()?, value["version"].as_str()?);
    let is_foreign = value["source"].is_string();
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: value["license"].as_str().unwrap_or_default().replace('/', " OR "),
        folder: PathBuf::from(value["manifest_path"].as_str()?).parent()?.to_path_buf(),
        checksum: is_foreign
            .then(|| checksums.get(&format!("{name}@{version}")).cloned())
            .flatten(),
    })
}

/// SHA-256 of each package's archive in a Cargo.lock, by name and version.
fn checksums(lock: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(name));
            line.map(|line| line.trim_start_matches([' ', '=']).trim_matches('"').to_owned())
        };
        if let (Some(name), Some(version), Some(sum)) = (value("name"), value("version"), value("checksum")) {
            found.insert(format!("{name}@{version}"), sum);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tests_and_build_scripts_use_is_not_in_a_release() {
        let node = |id: &str, deps: &[(&str, Option<&str>)]| {
            let deps: Vec<_> = deps
                .iter()
                .map(|(id, kind)| serde_json::json!({"pkg": id, "dep_kinds": [{"kind": kind}]}))
                .collect();
            serde_json::json!({"id": id, "deps": deps})
        };
        let package = |name: &str, source: Option<&str>| {
            serde_json::json!({"id": name, "name": name, "version": "1.0.0", "source": source,
                "license": "MIT/Apache-2.0", "manifest_path": format!("/r/{name}/Cargo.toml")})
        };
        let metadata = serde_json::json!({
            "packages": [package("mirrord", None), package("a", Some("r")), package("b", Some("r")), package("c", Some("r"))],
            "resolve": {"nodes": [node("mirrord", &[("a", None), ("b", Some("dev"))]), node("a", &[("c", Some("build"))]),
                node("b", &[]), node("c", &[])]}});
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"ab12\"\n";
        let mut found = Dependencies::default();
        found.add(&metadata, "mirrord", &checksums(lock)).unwrap();
        let names: Vec<_> = found.packages.keys().map(String::as_str).collect();
        assert_eq!(names, ["a@1.0.0", "mirrord@1.0.0"]);
        let foreign: Vec<_> = found.foreign().collect();
        assert_eq!((foreign.len(), foreign[0].licence.as_str()), (1, "MIT OR Apache-2.0"));
        assert_eq!(found.uses["mirrord@1.0.0"], BTreeSet::from(["a@1.0.0".to_owned()]));
    }
}
