//! Paths as a program names them, made absolute.
//!
//! Invariant: a path never names another file than the program's call did. So `.` and `//` go, and `..` stays: what it
//! means depends on symbolic links.

use std::fmt::Write as _;

/// The absolute form of `path`, which starts at `directory` unless it is absolute itself.
pub(crate) fn absolute(directory: Option<&[u8]>, path: &[u8]) -> String {
    let mut clean = Vec::with_capacity(directory.map_or(0, <[u8]>::len) + path.len() + 1);
    if path.first() != Some(&b'/') {
        append(&mut clean, directory.unwrap_or_default());
    }
    append(&mut clean, path);
    if clean.is_empty() {
        clean.push(b'/');
    }
    match String::from_utf8(clean) {
        Ok(path) if !path.contains("\\x") => path,
        Ok(path) => escape(path.as_bytes()),
        Err(error) => escape(error.as_bytes()),
    }
}

/// Returns the length of a path's start that is without effect where its directory is the root: `/`, `.` and `..`.
pub(crate) fn leading_to_root(path: &[u8]) -> usize {
    let parts = path.split(|byte| *byte == b'/');
    let leading = parts.take_while(|part| matches!(*part, b"" | b"." | b".."));
    leading.map(|part| part.len() + 1).sum::<usize>().min(path.len())
}

/// The bytes as text, from which they can be had again: those that are no UTF-8 as `\xNN`, and a backslash before an
/// `x` as `\x5c`.
pub(crate) fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace("\\x", "\\x5cx"));
        // Writing to a `String` cannot fail.
        let mut invalid = chunk.invalid().iter();
        invalid
            .try_for_each(|byte| write!(text, "\\x{byte:02x}"))
            .unwrap_or_default();
    }
    text
}

/// The path of a directory behind a link of `/proc`, without what the kernel adds to one that was removed.
pub(crate) fn without_deleted(path: &[u8], is_there: impl FnOnce(&[u8]) -> bool) -> &[u8] {
    match path.strip_suffix(b" (deleted)") {
        Some(removed) if !is_there(path) => removed,
        _ => path,
    }
}

fn append(clean: &mut Vec<u8>, path: &[u8]) {
    for part in path
        .split(|byte| *byte == b'/')
        .filter(|part| !matches!(*part, b"" | b"."))
    {
        clean.push(b'/');
        clean.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn relative_paths_start_at_their_directory() {
        let joined = |directory: &str, path: &str| absolute(Some(directory.as_bytes()), path.as_bytes());
        assert_eq!(joined("/home/u", "a.txt"), "/home/u/a.txt");
        assert_eq!(joined("/home/u", "./a/.//b/"), "/home/u/a/b");
        assert_eq!(joined("/", "a"), "/a");
        assert_eq!(joined("/home/u", "/etc//hosts"), "/etc/hosts");
        assert_eq!(joined("/home/u", "."), "/home/u");
        assert_eq!(joined("/", "."), "/");
        assert_eq!(joined("/gone (deleted)", "a"), "/gone (deleted)/a");
    }

    #[test]
    fn what_a_link_may_change_stays() {
        assert_eq!(absolute(Some(b"/a/link"), b"../b"), "/a/link/../b");
        assert_eq!(absolute(None, b"/.."), "/..");
        assert_eq!(absolute(None, b"/..a/...//.b"), "/..a/.../.b");
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(absolute(None, b"/a\xff/b"), r"/a\xff/b");
        assert_eq!(absolute(None, br"/a\xff/b"), r"/a\x5cxff/b");
        assert_eq!(absolute(None, br"/a\b\\x"), r"/a\b\\x5cx");
        assert_eq!(absolute(None, "/ä€".as_bytes()), "/ä€");
    }

    #[test]
    fn what_leads_to_the_root_is_counted() {
        let rest = |path: &'static str| &path[leading_to_root(path.as_bytes())..];
        assert_eq!(rest("/etc/x"), "etc/x");
        assert_eq!(rest("/../.././/etc/../x"), "etc/../x");
        assert_eq!(rest("..a/b"), "..a/b");
        assert_eq!((rest("/"), rest(".."), rest("")), ("", "", ""));
    }

    #[test]
    fn a_removed_directory_keeps_its_name() {
        assert_eq!(without_deleted(b"/x (deleted)", |_| false), b"/x");
        assert_eq!(without_deleted(b"/x (deleted)", |_| true), b"/x (deleted)");
        assert_eq!(without_deleted(b"/x", |_| false), b"/x");
    }

    /// Reverses `escape`.
    fn unescape(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            if *byte == b'\\' && after.first() == Some(&b'x') {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&after[1..3]).unwrap(), 16).unwrap());
                rest = &after[3..];
            } else {
                bytes.push(*byte);
                rest = after;
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn two_names_stay_two(bytes in proptest::collection::vec(prop_oneof![Just(b'\\'), Just(b'x'), any::<u8>()], 0..40)) {
            prop_assert_eq!(unescape(&escape(&bytes)), bytes);
        }

        #[test]
        fn the_form_is_absolute_and_settled(directory in "/[a./]{0,12}", path in "[ab./]{1,16}") {
            let once = absolute(Some(directory.as_bytes()), path.as_bytes());
            prop_assert!(once.starts_with('/'));
            prop_assert!(!once.contains("//"));
            prop_assert_eq!(absolute(None, once.as_bytes()), once.clone());
            let kept = |text: &str| text.split('/').filter(|part| !matches!(*part, "" | ".")).count();
            let expected = kept(&path) + if path.starts_with('/') { 0 } else { kept(&directory) };
            prop_assert_eq!(kept(&once), expected);
        }
    }
}
