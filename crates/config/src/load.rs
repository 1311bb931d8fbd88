//! A config file from the disk: bounded, parsed, kept as the JSON that it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

/// The largest file that is read, in bytes; a larger one is an error that says so.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A config file, read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// The file, as an absolute path.
    pub path: PathBuf,
    /// Publishes the session on a socket; `true` by default.
    pub api: bool,
    /// The user's own key for the session.
    pub key: Option<String>,
    /// The target as a path, `deployment/checkout` or `pod/a/container/b`.
    pub target: Option<String>,
    /// The Kubernetes namespace of the target.
    pub namespace: Option<String>,
    /// The whole file.
    pub json: Value,
}

/// Why a config file could not be used. Each names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It could not be opened or read.
    #[error("cannot read the config file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is too large to be one.
    #[error("the config file {path} is larger than {MAX_FILE_BYTES} bytes")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is not JSON, or a field is not of its type.
    #[error("the config file {path} is not a valid mirrord.json: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Position in the file, and the reason.
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Known {
    #[serde(default = "enabled")]
    api: bool,
}

fn enabled() -> bool {
    true
}

/// Types of target, as a path has them; the field of an object may have underscores.
const TARGET_TYPES: [&str; 8] = [
    "pod",
    "deployment",
    "rollout",
    "job",
    "cronjob",
    "statefulset",
    "service",
    "replicaset",
];

/// A text of the file that is not empty.
fn non_empty(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The target's path, of any of its forms: `"pod/a"`, `{"path": "pod/a"}`, `{"path": {"pod": "a", "container": "b"}}`.
fn target_path(target: &Value) -> Option<String> {
    const CONTAINER: &str = "container";
    let path = target.get("path").unwrap_or(target);
    if path.is_string() {
        return non_empty(path);
    }
    let fields = path.as_object()?;
    let (kind, name) = fields.iter().find_map(|(field, name)| {
        let kind = field.replace('_', "");
        TARGET_TYPES
            .contains(&kind.as_str())
            .then_some((kind, non_empty(name)?))
    })?;
    Some(match fields.get(CONTAINER).and_then(non_empty) {
        Some(container) => format!("{kind}/{name}/{CONTAINER}/{container}"),
        None => format!("{kind}/{name}"),
    })
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// The file cannot be read, is larger than [`MAX_FILE_BYTES`], or is not a JSON object with `api`, where it is
    /// there, a boolean.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let path = std::path::absolute(path).map_err(|source| LoadError::Read {
            path: path.to_owned(),
            source,
        })?;
        let mut text = String::new();
        let read = File::open(&path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text));
        match read {
            Err(source) => Err(LoadError::Read { path, source }),
            Ok(length) if length as u64 > MAX_FILE_BYTES => Err(LoadError::TooLarge { path }),
            Ok(_) => Self::parse(path, &text),
        }
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, LoadError> {
        // By way of the map: an array would do for a struct otherwise.
        let map: Result<Map<String, Value>, _> = serde_json::from_str(text);
        match map.and_then(|map| Ok((serde_json::from_str(text)?, map))) {
            Ok((Known { api }, map)) => Ok(Self {
                path,
                api,
                key: map.get("key").and_then(non_empty),
                target: map.get("target").and_then(target_path),
                namespace: map.get("target").and_then(|target| non_empty(target.get("namespace")?)),
                json: Value::Object(map),
            }),
            Err(source) => Err(LoadError::Parse { path, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, LoadError> {
        Config::parse(PathBuf::from("/x/mirrord.json"), text)
    }

    #[test]
    fn the_socket_is_on_unless_the_file_says_no() {
        assert!(parse("{}").unwrap().api);
        assert!(parse(r#"{"api":true,"feature":{"fs":"read"}}"#).unwrap().api);
        assert!(!parse(r#"{"api":false}"#).unwrap().api);
    }

    #[test]
    fn the_key_and_the_target_are_read_in_each_of_their_forms() {
        let read = |text: &str| {
            let config = parse(text).unwrap();
            [config.key, config.target, config.namespace].map(Option::unwrap_or_default)
        };
        assert_eq!(read("{}"), ["", "", ""]);
        assert_eq!(
            read(r#"{"key":"ada","target":"deployment/checkout"}"#),
            ["ada", "deployment/checkout", ""]
        );
        assert_eq!(
            read(r#"{"target":{"path":"pod/a","namespace":"staging"}}"#),
            ["", "pod/a", "staging"]
        );
        assert_eq!(
            read(r#"{"target":{"path":{"container":"b","pod":"a"}}}"#),
            ["", "pod/a/container/b", ""]
        );
        assert_eq!(read(r#"{"target":{"stateful_set":"a"}}"#), ["", "statefulset/a", ""]);
        assert_eq!(read(r#"{"target":{"namespace":"staging"}}"#), ["", "", "staging"]);
        assert_eq!(read(r#"{"key":7,"target":[1]}"#), ["", "", ""]);
    }

    #[test]
    fn an_error_names_the_file_and_the_place() {
        let error = parse("{\n  \"api\": \"yes\"\n}").unwrap_err().to_string();
        assert!(error.contains("/x/mirrord.json") && error.contains("line 2"), "{error}");
        assert!(parse("[]").is_err() && parse("7").is_err());
        assert!(parse("").is_err());
    }

    #[test]
    fn a_file_that_is_not_there_or_is_endless_is_an_error() {
        let missing = Config::load(Path::new("/nonexistent/mirrord.json")).unwrap_err();
        assert!(matches!(&missing, LoadError::Read { path, .. } if path.ends_with("mirrord.json")));
        #[cfg(target_os = "linux")]
        assert!(matches!(
            Config::load(Path::new("/dev/zero")),
            Err(LoadError::TooLarge { .. })
        ));
    }
}
