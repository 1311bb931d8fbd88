//! Root directory of a program, where it is not ours: paths are reported as the program's own root sees them.
//!
//! Knows the two links of `/proc` for it, and their meaning. The kernel writes every other link of `/proc` as our root
//! sees it, so that the part above the program's root is cut off.

use std::sync::Arc;

use super::paths::escape;
use super::procfs;

/// A root directory that is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    /// Its path as our root sees it; empty for `/` itself, in another mount namespace.
    prefix: Arc<[u8]>,
    /// Name in events.
    pub(crate) name: Arc<str>,
}

impl Root {
    /// The root of a thread; `None` where it is ours, or where it cannot be known.
    pub(crate) fn of(tid: u32, our_namespace: &[u8]) -> Option<Self> {
        let path = procfs::root_directory(tid).ok()?;
        let namespace = procfs::mount_namespace(tid).ok()?;
        Self::new(&path, (namespace != our_namespace).then_some(&namespace[..]))
    }

    fn new(path: &[u8], namespace: Option<&[u8]>) -> Option<Self> {
        let prefix = if path == b"/" { b"" } else { path };
        let name = match namespace {
            None if prefix.is_empty() => return None,
            None => escape(prefix),
            Some(namespace) => escape(&[namespace, prefix].concat()),
        };
        Some(Self {
            prefix: prefix.into(),
            name: name.into(),
        })
    }

    /// A path as this root sees it; `None` where it lies outside.
    pub(crate) fn inside<'path>(&self, path: &'path [u8]) -> Option<&'path [u8]> {
        match path.strip_prefix(&*self.prefix)? {
            b"" => Some(b"/"),
            rest if rest.starts_with(b"/") => Some(rest),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_as_its_root_sees_it() {
        let root = Root::new(b"/srv/jail", None).expect("another root");
        assert_eq!(&*root.name, "/srv/jail");
        assert_eq!(root.inside(b"/srv/jail/etc"), Some(&b"/etc"[..]));
        assert_eq!(root.inside(b"/srv/jail"), Some(&b"/"[..]));
        assert_eq!(root.inside(b"/srv/jailer"), None);
        assert_eq!(root.inside(b"/etc"), None);
    }

    #[test]
    fn another_mount_namespace_is_another_root() {
        assert_eq!(Root::new(b"/", None), None);
        let root = Root::new(b"/", Some(b"mnt:[12]")).expect("another root");
        assert_eq!(&*root.name, "mnt:[12]");
        assert_eq!(root.inside(b"/etc"), Some(&b"/etc"[..]));
        let root = Root::new(b"/jail", Some(b"mnt:[12]")).expect("another root");
        assert_eq!(&*root.name, "mnt:[12]/jail");
    }
}
