//! Paths as a program names them, made absolute.
//!
//! Invariant: a path never names another file than the program's call did. So `.` and `//` go, and `..` stays: what it
//! means depends on symbolic links.

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
        Ok(path) => path,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
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
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(absolute(None, b"/a\xff/b"), "/a\u{fffd}/b");
    }

    proptest! {
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
