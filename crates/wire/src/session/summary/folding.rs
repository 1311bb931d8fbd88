//! Rules by which a path that was looked for is the program's own, or belongs to what every program searches in vain:
//! loaders, imports, locales, command searches, optional files of tools.
//!
//! | rule | covers | effect |
//! |---|---|---|
//! | suffix of code (`is_code`) | shared libraries, imports of Python, Perl, Node, Java; headers, objects, catalogues of messages | folded |
//! | folder of an installation (`is_installed`) or of the system (`SYSTEM`) | `PATH`, glibc-hwcaps, `site-packages`, `node_modules`, locales, terminfo, zoneinfo, include and library paths | folded, unless the name is being looked for elsewhere |
//! | passing file (`is_passing`): lock, log, temporary file | what is there only at times | asked for, not missed |
//! | question (`stat`, `access`, …) for a name without a suffix | targets of `make`, optional files of Git, `node_modules` up the tree | asked for, not missed |
//! | optional file: below a folder or of a name that begins with a dot, directly in `/etc`, below a folder of `is_system_config`, of a name in `NAMES` | `~/.config`, `.gitconfig`, `.curlrc`, `/etc/ld.so.preload`, `/etc/host.conf`, `pyvenv.cfg`, `package.json` | a place of a search, none that it fails for |
//!
//! Two rules need the whole search: a name that was found in another place is not missing, and neither is one that was
//! looked for in a folder, its parent, and the parent's parent (see `lookups`).

/// Reports a suffix by which loaders, compilers and interpreters find code, and its translations.
fn is_code(suffix: &str) -> bool {
    matches!(
        suffix,
        "a" | "abi3"
            | "al"
            | "bs"
            | "c"
            | "cc"
            | "cjs"
            | "class"
            | "cpp"
            | "cts"
            | "cxx"
            | "d"
            | "dylib"
            | "el"
            | "elc"
            | "gch"
            | "go"
            | "gmo"
            | "h"
            | "hh"
            | "hpp"
            | "hxx"
            | "inc"
            | "ix"
            | "jar"
            | "jmod"
            | "js"
            | "jsa"
            | "jsx"
            | "la"
            | "lo"
            | "lua"
            | "luac"
            | "mjs"
            | "mo"
            | "mod"
            | "mts"
            | "node"
            | "o"
            | "pc"
            | "pch"
            | "phar"
            | "php"
            | "pl"
            | "pm"
            | "pmc"
            | "pth"
            | "py"
            | "pyc"
            | "pyd"
            | "pyi"
            | "pyo"
            | "_pth"
            | "rb"
            | "rlib"
            | "rmeta"
            | "rs"
            | "s"
            | "so"
            | "tcl"
            | "ts"
            | "tsx"
            | "wasm"
            | "whl"
    )
}

/// Reports a suffix of files that are there only at times.
fn is_passing(suffix: &str) -> bool {
    matches!(
        suffix,
        "bak" | "lock" | "log" | "old" | "orig" | "part" | "pid" | "swp" | "tmp"
    )
}

/// Reports a suffix of files that configure a program, in whose names it tries them in turn.
fn is_config_suffix(suffix: &str) -> bool {
    matches!(
        suffix,
        "cfg"
            | "cnf"
            | "conf"
            | "config"
            | "crt"
            | "env"
            | "hcl"
            | "ini"
            | "json"
            | "json5"
            | "jsonc"
            | "key"
            | "pem"
            | "properties"
            | "toml"
            | "xml"
            | "yaml"
            | "yml"
    )
}

/// Reports a folder that a system or the installation of a language consists of, wherever it is.
fn is_installed(folder: &[u8]) -> bool {
    matches!(
        folder,
        b"bin"
            | b"sbin"
            | b"lib"
            | b"lib32"
            | b"lib64"
            | b"libexec"
            | b"include"
            | b"share"
            | b"shims"
            | b"site-packages"
            | b"dist-packages"
            | b"node_modules"
            | b"__pycache__"
    )
}

/// Beginnings of the paths of the system.
const SYSTEM: &[&str] = &[
    "/usr/",
    "/lib",
    "/bin/",
    "/sbin/",
    "/proc/",
    "/sys/",
    "/dev/",
    "/nix/store/",
];

/// Reports a folder in `/etc` that libraries read, and programs do not know of.
fn is_system_config(folder: &str) -> bool {
    matches!(
        folder,
        "alternatives"
            | "crypto-policies"
            | "fonts"
            | "gnutls"
            | "java"
            | "krb5.conf.d"
            | "ld.so.conf.d"
            | "pam.d"
            | "perl"
            | "pki"
            | "security"
            | "selinux"
            | "ssl"
            | "terminfo"
            | "X11"
            | "xdg"
    )
}

/// Names that runtimes look for beside themselves or the program.
const NAMES: &[&str] = &["package.json", "pybuilddir.txt", "pyvenv.cfg"];

/// Beginnings of the Unix sockets of services that libraries ask before they do without.
const SERVICES: &[&str] = &[
    "/dev/log",
    "/run/avahi-daemon/",
    "/run/nscd/",
    "/run/systemd/",
    "/var/lib/sss/",
    "/var/run/nscd/",
    "/var/run/avahi-daemon/",
];

/// Relation of a path to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A file of its own: missing, it is missed.
    Own,
    /// A file that it can do without, and may find elsewhere.
    Optional,
    /// A place of an installation: counts in a search that goes on elsewhere, and is folded otherwise.
    Installed,
    /// A question whether something is there.
    Probe,
    /// Code that a loader looks for.
    Code,
}

/// Reports an operation that is content with an answer: nothing is missed where there is nothing.
pub(super) fn is_question(operation: &str) -> bool {
    matches!(operation, "stat" | "access" | "readlink" | "opendir" | "exec")
}

/// Returns the last component of a path, and the folder before it.
pub(super) fn split(path: &str) -> (&str, &str) {
    let path = path.strip_suffix('/').unwrap_or(path);
    match path.bytes().rposition(|byte| byte == b'/') {
        Some(slash) => (
            path.get(..slash).unwrap_or_default(),
            path.get(slash + 1..).unwrap_or_default(),
        ),
        None => ("", path),
    }
}

/// Returns the name before its last suffix, and the suffix; the dot of a hidden file begins none.
fn suffix(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() => (stem, suffix),
        _ => (name, ""),
    }
}

/// Returns the name under which alternatives are one search: `config` of `config.yaml` and `config.json`.
pub(super) fn search_name(name: &str) -> &str {
    let (stem, suffix) = suffix(name);
    if is_config_suffix(suffix) { stem } else { name }
}

/// Reports the name of a file that configures a program.
pub(super) fn is_config(name: &str) -> bool {
    is_config_suffix(suffix(name).1)
}

/// Classifies a path that was looked for by an operation.
pub(super) fn class(path: &str, operation: &str) -> Class {
    let (folder, name) = split(path);
    let (stem, suffix) = suffix(name);
    // `libc.so.6`, `libssl.so.1.1`: what follows is a version.
    let is_version = || suffix.starts_with(|digit: char| digit.is_ascii_digit());
    if is_code(suffix) || (is_version() && stem.contains(".so")) {
        return Class::Code;
    }
    if SYSTEM.iter().any(|start| path.starts_with(start)) {
        return Class::Installed;
    }
    let mut is_optional = name.starts_with('.') || NAMES.contains(&name) || is_system_place(folder);
    // Each event passes here: bytes are divided faster than text.
    for part in folder.as_bytes().split(|byte| *byte == b'/') {
        if is_installed(part) {
            return Class::Installed;
        }
        is_optional |= part.starts_with(b".") && part != b"..";
    }
    let is_probe = is_passing(suffix) || (suffix.is_empty() && is_question(operation));
    match (is_optional, is_probe) {
        (true, true) => Class::Installed,
        (true, false) => Class::Optional,
        (false, true) => Class::Probe,
        (false, false) => Class::Own,
    }
}

/// Reports a path that may be absent without any failure: a place that loaders, imports, locales or command searches look at, an
/// optional file, a question whether something is there.
#[must_use]
pub fn may_be_absent(path: &str, operation: &str) -> bool {
    class(path, operation) != Class::Own
}

/// Reports a file that configures a program, and not the system or a runtime.
pub(super) fn is_own_config(path: &str) -> bool {
    let (folder, name) = split(path);
    is_config(name) && !is_system_place(folder) && !NAMES.contains(&name)
}

/// Reports `/etc` itself, and the folders of libraries in it.
fn is_system_place(folder: &str) -> bool {
    let below = folder.strip_prefix("/etc");
    below.is_some_and(|below| below.is_empty() || below.split('/').nth(1).is_some_and(is_system_config))
}

/// Reports the address of a Unix socket that libraries try and do without.
pub(super) fn is_system_service(address: &str) -> bool {
    let path = address.split_once(' ').map_or(address, |(_, path)| path);
    SERVICES.iter().any(|start| path.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_the_table_has_its_class() {
        for (path, operation, expected) in [
            ("/srv/app/config.yaml", "open", Class::Own),
            ("/etc/app/config.yaml", "stat", Class::Own),
            ("/srv/app/data", "open", Class::Own),
            (
                "/root/.venv/x/yaml.cpython-311-x86_64-linux-gnu.so",
                "stat",
                Class::Code,
            ),
            ("/opt/x/libssl.so.1.1", "open", Class::Code),
            ("/opt/py/python3._pth", "open", Class::Code),
            ("/srv/app/util.js", "stat", Class::Code),
            ("/home/u/go/bin/gcc", "stat", Class::Installed),
            ("/usr/share/locale/C/LC_MESSAGES/x.cat", "open", Class::Installed),
            ("/srv/app/node_modules/x/package.json", "open", Class::Installed),
            ("/srv/app/target", "stat", Class::Probe),
            ("/run/app.pid", "open", Class::Probe),
            ("/srv/app/.git/MERGE_HEAD", "stat", Class::Installed),
            ("/etc/host.conf", "open", Class::Optional),
            ("/etc/ssl/openssl.cnf", "open", Class::Optional),
            ("/home/u/.curlrc", "open", Class::Optional),
            ("/home/u/.config/app/app.toml", "open", Class::Optional),
            ("/srv/app/.git/packed-refs", "open", Class::Optional),
            ("/srv/app/package.json", "open", Class::Optional),
        ] {
            assert_eq!(class(path, operation), expected, "{path}");
        }
    }

    #[test]
    fn alternatives_have_one_search_name() {
        for name in ["config.yaml", "config.yml", "config.json"] {
            assert_eq!(search_name(name), "config");
        }
        assert_eq!((search_name("data.csv"), search_name(".env")), ("data.csv", ".env"));
    }

    #[test]
    fn services_of_the_system_are_known_by_their_folder() {
        assert!(is_system_service("<UNIX-PATH> /var/run/nscd/socket"));
        assert!(!is_system_service("<UNIX-PATH> /run/docker.sock"));
    }
}
