//! Codes of the operations and protocols that a record names in one byte.

/// Operations and protocols that are written as their place in here; 0 is any other, written out.
pub(super) const NAMES: [&str; 28] = [
    "",
    "open",
    "stat",
    "access",
    "readlink",
    "read",
    "write",
    "close",
    "opendir",
    "readdir",
    "mkdir",
    "rmdir",
    "unlink",
    "rename",
    "chdir",
    "link",
    "symlink",
    "chmod",
    "chown",
    "truncate",
    "exec",
    "tcp",
    "udp",
    "unix",
    "utimens",
    "mkfifo",
    "setxattr",
    "removexattr",
];

/// The place of a name in [`NAMES`]; a `match`, since a search would cost more than all the rest of an emission.
pub(super) fn code(name: &str) -> u8 {
    match name {
        "open" => 1,
        "stat" => 2,
        "access" => 3,
        "readlink" => 4,
        "read" => 5,
        "write" => 6,
        "close" => 7,
        "opendir" => 8,
        "readdir" => 9,
        "mkdir" => 10,
        "rmdir" => 11,
        "unlink" => 12,
        "rename" => 13,
        "chdir" => 14,
        "link" => 15,
        "symlink" => 16,
        "chmod" => 17,
        "chown" => 18,
        "truncate" => 19,
        "exec" => 20,
        "tcp" => 21,
        "udp" => 22,
        "unix" => 23,
        "utimens" => 24,
        "mkfifo" => 25,
        "setxattr" => 26,
        "removexattr" => 27,
        _ => 0,
    }
}

pub(super) fn name(code: u8) -> &'static str {
    NAMES.get(usize::from(code)).copied().unwrap_or("")
}
