//! Facts for `mirrord config explain`: of this machine, without asking anything, and of a file.

use std::fs::File;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;

use anyhow::{Context as _, Result};
use mirrord_config::{Facts, Names};

use super::inputs;

/// Bytes of a file of facts, or of `/etc/hosts`, that are read.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Facts of this machine: directories, environment, `/etc/hosts`.
pub(crate) fn of_this_machine() -> Facts {
    let environment = inputs().environment;
    let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
    let mut facts = Facts::default();
    facts.home = variable("HOME");
    facts.tmpdir = variable("TMPDIR");
    facts.cwd = std::env::current_dir()
        .ok()
        .and_then(|cwd| cwd.into_os_string().into_string().ok());
    facts.known_local_hosts = bounded_text(Path::new("/etc/hosts"))
        .map(|text| hosts(&text))
        .unwrap_or_default();
    facts.local_env = Some(environment);
    facts
}

/// Reads a file of facts.
///
/// # Errors
/// A file that cannot be read, is no JSON of facts, or has a key that is none: a misspelt fact would be taken for one that is
/// not known.
pub(crate) fn read(file: &Path) -> Result<Facts> {
    let named = || format!("cannot use the facts in {}", file.display());
    parse(&bounded_text(file).with_context(named)?).with_context(named)
}

fn parse(text: &str) -> Result<Facts> {
    // A list would be taken for the facts in their order.
    anyhow::ensure!(text.trim_start().starts_with('{'), "it is no JSON object");
    let mut unknown = Vec::new();
    let mut text = serde_json::Deserializer::from_str(text);
    let facts = serde_ignored::deserialize(&mut text, |path| {
        // What may be left out is a step of its own there.
        unknown.push(format!("`{}`", path.to_string().replace(".?", "")));
    })?;
    text.end()?;
    anyhow::ensure!(
        unknown.is_empty(),
        "no fact is named {}; docs/config.md lists them",
        unknown.join(", ")
    );
    Ok(facts)
}

fn bounded_text(file: &Path) -> Result<String> {
    // A FIFO without a writer would hold us up.
    anyhow::ensure!(std::fs::metadata(file)?.is_file(), "it is no regular file");
    let mut text = String::new();
    let length = File::open(file)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    anyhow::ensure!(length as u64 <= MAX_BYTES, "it is larger than {MAX_BYTES} bytes");
    Ok(text)
}

/// Names of a `hosts(5)` file with their addresses.
fn hosts(text: &str) -> Names {
    let mut names = Names::new();
    for line in text.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(address) = words.next().and_then(|word| word.parse::<IpAddr>().ok()) else {
            continue;
        };
        for name in words {
            names.entry(name.to_owned()).or_default().push(address);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_no_fact_is_named_with_its_path() {
        let text = r#"{"home": "/home/ada", "remote_dnss": {}, "mounts": [{"path": "/a", "subpath": true}]}"#;
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains("`remote_dnss`, `mounts.0.subpath`"), "{error}");
        assert!(parse(r#"{"home": "/home/ada"} {}"#).is_err() && parse(r#"["/home/ada"]"#).is_err());
        let facts = parse(r#"{"remote_dns": {"db": ["10.0.0.5"]}}"#).unwrap();
        assert_eq!(facts.remote_dns.unwrap().len(), 1);
    }

    #[test]
    fn the_names_of_a_hosts_file_are_read() {
        let names = hosts("127.0.0.1 localhost box # here\n::1 localhost\n# 1.1.1.1 no\nnonsense\n");
        assert_eq!(names["localhost"].len(), 2);
        assert_eq!(names.keys().collect::<Vec<_>>(), ["box", "localhost"]);
    }
}
