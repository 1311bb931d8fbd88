//! Config files: bounded, rendered as a template, parsed by their extension.

mod git;
mod template;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use self::git::branch as git_branch;
use crate::config::{Config, syntax};
use crate::node::Node;
use crate::problem::Problems;
use crate::read::{self, SyntaxError};
use crate::settings::Variables;

/// The largest file that is read, in bytes; a larger one is an error that says so.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Surroundings of a file, given by the caller.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Inputs {
    /// All environment variables: `get_env` of a template reads them, and those of mirrord's own go before the file.
    pub environment: Variables,
    /// The git branch, for `{{ git_branch }}`.
    pub git_branch: Option<String>,
}

impl Inputs {
    /// Surroundings of the process itself: an environment, and the branch of a directory's repository, before which
    /// `MIRRORD_BRANCH_NAME` goes.
    #[must_use]
    pub fn new(environment: Variables, directory: &Path) -> Self {
        let named = environment.get("MIRRORD_BRANCH_NAME").filter(|name| !name.is_empty());
        Self {
            git_branch: named.cloned().or_else(|| git_branch(directory)),
            environment,
        }
    }
}

/// Name of a config in errors: `-` is standard input.
struct Named<'a>(&'a Path);

impl fmt::Display for Named<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == Path::new(STANDARD_INPUT) {
            formatter.write_str("on standard input, which is read as JSON,")
        } else {
            write!(formatter, "file {}", self.0.display())
        }
    }
}

/// Path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Why a config file could not be used. Each names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It could not be opened or read.
    #[error("cannot read the config {}: {source}", Named(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is a directory, a FIFO or a device.
    #[error("the config {} is {kind}, and not a file; `-f -` reads standard input", Named(path))]
    NotAFile {
        /// The file.
        path: PathBuf,
        /// Its kind.
        kind: &'static str,
    },
    /// It is too large to be one.
    #[error("the config {} is larger than {MAX_FILE_BYTES} bytes", Named(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is no text.
    #[error(
        "the config {} is not UTF-8: the byte {offset} is the first that is none",
        Named(path)
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Offset of the first wrong byte.
        offset: usize,
    },
    /// Its extension is of no known format.
    #[error(
        "the config {} has an unknown extension; known are .json, .toml, .yaml and .yml",
        Named(path)
    )]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// Its template does not render.
    #[error("the template in the config {} does not render: {reason}", Named(path))]
    Template {
        /// The file.
        path: PathBuf,
        /// The reason, with the line.
        reason: String,
    },
    /// It is not a valid config.
    #[error("the config {} is not valid:\n{problems}", Named(path))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// All that is wrong with it.
        problems: Problems,
    },
}

/// Format of a file.
#[derive(Debug, Clone, Copy)]
enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        match path.extension().map(|extension| extension.to_str()) {
            None | Some(Some("json")) => Some(Self::Json),
            Some(Some("toml")) => Some(Self::Toml),
            Some(Some("yaml" | "yml")) => Some(Self::Yaml),
            Some(_) => None,
        }
    }

    fn parse(self, text: &str) -> Result<Node, SyntaxError> {
        match self {
            Self::Json => read::json::parse(text),
            Self::Toml => read::toml::parse(text),
            Self::Yaml => read::yaml::parse(text),
        }
    }
}

impl Config {
    /// Reads a file; `-` is standard input, which is JSON.
    ///
    /// # Errors
    /// The file cannot be read, is larger than [`MAX_FILE_BYTES`], or is not a valid config.
    pub fn load(path: &Path, inputs: &Inputs) -> Result<Self, LoadError> {
        if path == Path::new(STANDARD_INPUT) {
            let text = bounded_text(path, io::stdin().lock())?;
            return Self::from_text(path, &text, inputs);
        }
        let path = std::path::absolute(path).map_err(|source| LoadError::Read {
            path: path.to_owned(),
            source,
        })?;
        let file = open(&path)?;
        let text = bounded_text(&path, file)?;
        let mut config = Self::from_text(&path, &text, inputs)?;
        config.path = Some(path);
        Ok(config)
    }

    /// Reads the text of a file: its template first, then by the path's extension.
    ///
    /// # Errors
    /// The text is not a valid config.
    pub fn from_text(path: &Path, text: &str, inputs: &Inputs) -> Result<Self, LoadError> {
        let path = path.to_owned();
        let Some(format) = Format::of(&path) else {
            return Err(LoadError::Format { path });
        };
        let key = key_of(format, text, inputs);
        let rendered = match template::render(text, key, inputs) {
            Ok(rendered) => rendered,
            Err(reason) => return Err(LoadError::Template { path, reason }),
        };
        let config = match format.parse(&rendered) {
            Ok(root) => Self::from_node(root, &inputs.environment),
            Err(error) => Err(syntax(error)),
        };
        let mut config = config.map_err(|problems| LoadError::Invalid {
            path: path.clone(),
            problems,
        })?;
        // A key that is generated is nobody else's: with a placeholder in it two unrelated sessions would share one.
        let has_placeholder = |key: &str| template::is_one(text) && key.contains(template::GENERATED_KEY);
        if config.key.as_deref().is_some_and(has_placeholder) {
            let reason =
                "`key` cannot be made of `{{ key }}`, which is what it sets: write it out, or give it with `--key`";
            return Err(LoadError::Template {
                path,
                reason: reason.to_owned(),
            });
        }
        config.text = (!template::is_one(text)).then(|| text.to_owned());
        Ok(config)
    }
}

/// Returns the session's key, which the file itself may have: of the variable, else of the file before it is rendered.
fn key_of(format: Format, text: &str, inputs: &Inputs) -> Option<String> {
    if let Some(key) = inputs.environment.get("MIRRORD_KEY") {
        return Some(key.clone());
    }
    if !template::is_one(text) {
        return None;
    }
    let root = format.parse(text).ok()?;
    template::render(root.at_path("key")?.text()?, None, inputs).ok()
}

/// Opens a directory as well: `FILE_FLAG_BACKUP_SEMANTICS`, of `CreateFileW`.
#[cfg(windows)]
const BACKUP_SEMANTICS: u32 = 0x0200_0000;

fn open(path: &Path) -> Result<File, LoadError> {
    let mut options = File::options();
    options.read(true);
    // A FIFO without a writer would hold us up.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    // A directory would not be opened, and said to deny access.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, BACKUP_SEMANTICS);
    let read_error = |source| LoadError::Read {
        path: path.to_owned(),
        source,
    };
    let file = options.open(path).map_err(read_error)?;
    match kind_of(&file.metadata().map_err(read_error)?.file_type()) {
        None => Ok(file),
        Some(kind) => Err(LoadError::NotAFile {
            path: path.to_owned(),
            kind,
        }),
    }
}

/// Names a type of file that is read in no other way than a regular one.
fn kind_of(file_type: &std::fs::FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if file_type.is_fifo() {
            return Some("a FIFO");
        }
        if file_type.is_char_device() || file_type.is_block_device() {
            return Some("a device");
        }
    }
    if file_type.is_dir() {
        return Some("a directory");
    }
    (!file_type.is_file()).then_some("something else")
}

fn bounded_text(path: &Path, source: impl Read) -> Result<String, LoadError> {
    let mut bytes = Vec::new();
    let path = path.to_owned();
    match source.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes) {
        Err(source) => Err(LoadError::Read { path, source }),
        Ok(length) if length as u64 > MAX_FILE_BYTES => Err(LoadError::TooLarge { path }),
        Ok(_) => String::from_utf8(bytes).map_err(|error| LoadError::NotUtf8 {
            path,
            offset: error.utf8_error().valid_up_to(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Context, Facts};
    use crate::settings::Origin;

    fn load(name: &str, bytes: &[u8]) -> Result<Config, LoadError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Config::load(&path, &Inputs::default())
    }

    #[test]
    fn the_socket_is_on_unless_the_file_says_no() {
        assert!(load("a.json", b"{}").unwrap().api);
        assert!(load("a", br#"{"api":true,"feature":{"fs":"read"}}"#).unwrap().api);
        assert!(!load("a.json", br#"{"api":false}"#).unwrap().api);
    }

    #[test]
    fn the_key_and_the_target_are_read_in_each_of_their_forms() {
        let read = |text: &str| {
            let config = load("a.json", text.as_bytes()).unwrap();
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
        assert_eq!(
            read(r#"{"target":{"path":{"labels":{"tier":"web","app":"a"},"container":"b"}}}"#),
            ["", "label/app=a,tier=web/container/b", ""]
        );
        assert_eq!(read(r#"{"target":{"namespace":"staging"}}"#), ["", "", "staging"]);
    }

    #[test]
    fn the_text_and_the_places_of_its_values_are_kept_but_for_a_template() {
        let config = load(
            "a.json",
            b"{\n  \"feature\": {\n    \"fs\": {\"local\": [\"a\",\n\"b\"]}}}",
        )
        .unwrap();
        let lines: Vec<_> = config.places().into_iter().map(|(path, at)| (path, at.line)).collect();
        let line = |path: &str| lines.iter().find(|(own, _)| own == path).map(|(_, line)| *line);
        assert_eq!(line("feature"), Some(2));
        assert_eq!(
            [line("feature.fs.local[0]"), line("feature.fs.local[1]")],
            [Some(3), Some(4)]
        );
        assert!(config.text.unwrap().starts_with("{\n"));
        let yaml = load("a.yml", b"target: pod/a\nfeature:\n  fs:\n    local:\n      - a\n").unwrap();
        assert_eq!(yaml.places().last().unwrap().1.line, 5);
        let template = load("a.json", b"{\"key\": \"{{ get_env(name='NONE', default='x') }}\"}").unwrap();
        assert_eq!((template.text, template.key.as_deref()), (None, Some("x")));
    }

    #[test]
    fn a_key_is_not_made_of_itself_and_is_filled_in_elsewhere() {
        for text in [
            "{\"key\": \"dev-{{ key }}\"}",
            // No JSON before it is filled in.
            "{% if true %}{\"key\": \"dev-{{ key }}\"}{% endif %}",
        ] {
            let error = load("a.json", text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("`key` cannot be made of"), "{error}");
        }
        let text = br#"{"key": "ada", "baggage": "k={{ key }}"}"#;
        assert_eq!(load("a.json", text).unwrap().key.as_deref(), Some("ada"));
    }

    #[test]
    fn the_whole_has_the_session_s_own_values_and_what_decides_nothing() {
        let text = r#"{"target": {"path": "pod/a", "namespace": "own"}, "kube_context": null, "feature": {"fs": "local"},
            "agent": {"ttl": 30, "labels": {"app.kubernetes.io/name": "a"}, "disabled_capabilities": ["NET_RAW"]}}"#;
        let inputs = Inputs {
            environment: [("MIRRORD_KEY".to_owned(), "ada".to_owned())].into(),
            git_branch: None,
        };
        let config = Config::from_text(Path::new("a.json"), text, &inputs).unwrap();
        let whole = config.whole(&Context::new(Facts {
            home: Some("/home/ada".to_owned()),
            ..Facts::default()
        }));
        let of = |path: &str| {
            let found: Vec<_> = whole.iter().filter(|value| value.path == path).collect();
            assert_eq!(found.len(), 1, "{path}: {found:?}");
            (found[0].value.to_string(), found[0].origin.clone())
        };
        assert_eq!(of("key"), (r#""ada""#.to_owned(), Origin::Variable("MIRRORD_KEY")));
        assert_eq!(of("target.namespace").0, r#""own""#);
        assert_eq!(of("agent.ttl").0, "30");
        assert_eq!(of("agent.labels.app.kubernetes.io/name").0, r#""a""#);
        assert_eq!(of("agent.disabled_capabilities").0, r#"["NET_RAW"]"#);
        assert_eq!(of("feature.fs.mode").0, r#""local""#);
        assert_eq!(
            of(r#"feature.fs.mapping["^/home/ada/\\.aws(/.*)?"]"#),
            (r#""/tmp/.aws$1""#.to_owned(), Origin::Because("feature.magic.aws"))
        );
        assert!(
            whole
                .iter()
                .all(|value| value.path != "kube_context" && value.path != "feature.fs")
        );
        // What goes before the file in decisions is another question: a key is none of them.
        assert!(config.values().iter().all(|value| value.path != "key"));
    }

    #[test]
    fn the_variable_of_the_branch_goes_before_the_repository() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join(".git")).unwrap();
        std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/own\n").unwrap();
        let branch = |name: &str| {
            let environment = [("MIRRORD_BRANCH_NAME".to_owned(), name.to_owned())];
            Inputs::new(environment.into(), dir.path()).git_branch.unwrap()
        };
        assert_eq!([branch("named"), branch("")], ["named", "own"]);
    }

    #[test]
    fn each_format_is_read_by_its_extension() {
        let toml = load("a.toml", b"target = \"pod/a\"\n[feature]\nfs = \"write\"\n").unwrap();
        let yaml = load("a.yml", b"target: pod/a\nfeature:\n  fs: write\n").unwrap();
        assert_eq!((toml.target.as_deref(), &toml.json), (Some("pod/a"), &yaml.json));
        assert!(matches!(load("a.ini", b""), Err(LoadError::Format { .. })));
    }

    #[test]
    fn what_is_no_config_is_an_error_that_names_the_file_and_the_place() {
        let error = load("mirrord.json", b"{\n  \"api\": \"yes\"\n}")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("mirrord.json") && error.contains("2:10: api: expected"),
            "{error}"
        );
        assert!(load("a.json", b"[]").is_err() && load("a.json", b"").is_err());
        let error = load("a.json", b"{\"key\": \"\xff\"}").unwrap_err().to_string();
        assert!(error.contains("not UTF-8: the byte 9"), "{error}");
        assert!(matches!(
            load("a.json", &vec![b' '; 10_000_000]),
            Err(LoadError::TooLarge { .. })
        ));
    }

    #[test]
    fn what_is_no_file_is_an_error_at_once() {
        let missing = Config::load(Path::new("/nonexistent/mirrord.json"), &Inputs::default()).unwrap_err();
        assert!(matches!(&missing, LoadError::Read { path, .. } if path.ends_with("mirrord.json")));
        let dir = tempfile::tempdir().unwrap();
        let error = Config::load(dir.path(), &Inputs::default()).unwrap_err().to_string();
        assert!(error.contains("a directory"), "{error}");
        #[cfg(target_os = "linux")]
        {
            let error = Config::load(Path::new("/dev/zero"), &Inputs::default()).unwrap_err();
            assert!(error.to_string().contains("a device"), "{error}");
            let fifo = dir.path().join("fifo");
            let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
            assert!(made.success());
            let error = Config::load(&fifo, &Inputs::default()).unwrap_err();
            assert!(error.to_string().contains("a FIFO"), "{error}");
        }
    }
}
