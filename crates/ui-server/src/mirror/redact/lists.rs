//! Words that are known to hold no secret: what programs call their commands, options, files and directories. And words that
//! name or begin a secret. Each list is a file of words.

use std::sync::LazyLock;

type Words = LazyLock<Vec<&'static str>>;

macro_rules! words {
    ($file:literal) => {
        LazyLock::new(|| {
            let text = include_str!(concat!("lists/", $file, ".txt"));
            text.split_ascii_whitespace().collect()
        })
    };
}

/// Words of a path in mirrord.json.
pub(super) static CONFIG_WORDS: Words = words!("config_words");
/// Lists of default patterns that rules name.
pub(super) const DEFAULT_LISTS: &[&str] = &["local", "read_only", "not_found"];
/// Programs that start the program after them, behind variables.
pub(super) const WRAPPERS: &[&str] = &[
    "env",
    "exec",
    "nice",
    "nohup",
    "setsid",
    "sudo",
    "time",
    "doas",
    "catchsegv",
    "eatmydata",
];
/// Programs whose arguments are numbers.
pub(super) const NUMERIC: &[&str] = &["sleep", "usleep", "seq"];
/// Words that programs call their commands. Shown where only the program and such words stand before them.
pub(super) static COMMANDS: Words = words!("commands");
/// Options of one dash and more than one letter that hold no value.
pub(super) static SINGLE_DASH: Words = words!("single_dash");
/// The same, of Go and Java, before a secret. To the letter: `-pmysecret` is an option with a secret attached.
pub(super) static SINGLE_DASH_SECRETS: Words = words!("single_dash_secrets");
/// Long options with a value that is harmless where it is one of [`HARMLESS_WORDS`], a short number or an address.
pub(super) static HARMLESS_OPTIONS: Words = words!("harmless_options");
/// Values of such options.
pub(super) static HARMLESS_WORDS: Words = words!("harmless_words");
/// Endings of files that are named in command lines and requests.
pub(super) static FILE_ENDINGS: Words = words!("file_endings");
/// Directories at the root in which files of a machine are.
pub(super) static ROOT_DIRECTORIES: Words = words!("root_directories");
/// Parameters of a query whose value is harmless where it is a short word or number.
pub(super) static HARMLESS_PARAMETERS: Words = words!("harmless_parameters");
/// Parts of names that a secret has. Compared without case, `-`, `_` and `.`.
pub(super) static SECRET_NAMES: Words = words!("secret_names");
/// Whole names that a secret has.
pub(super) static SECRET_WORDS: Words = words!("secret_words");
/// Prefixes of credentials of known kinds.
pub(super) static SECRET_BEGINNINGS: Words = words!("secret_beginnings");
/// Strings that a config has in many places and that say nothing of anybody.
pub(super) static HARMLESS_SETTINGS: Words = words!("harmless_settings");
