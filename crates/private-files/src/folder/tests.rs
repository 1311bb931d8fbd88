//! Tests of a folder of private files.

use std::fs;

use super::*;
use crate::error::FileError;

fn folder() -> (tempfile::TempDir, PrivateFolder) {
    let home = tempfile::tempdir().unwrap();
    let folder = PrivateFolder::new(home.path().join(".mirror"));
    (home, folder)
}

#[test]
fn a_replaced_file_is_read() {
    let (_home, folder) = folder();
    assert!(folder.read("a", 10).unwrap().is_none());
    folder.replace("a", b"one").unwrap();
    folder.replace("a", b"two").unwrap();
    assert_eq!(folder.read("a", 3).unwrap().unwrap(), b"two");
    assert_eq!(fs::read_dir(&folder.path).unwrap().count(), 1, "nothing else is left");
    assert!(matches!(folder.read("a", 2), Err(FileError::TooLarge { .. })));
}

#[test]
fn a_removed_file_is_gone_and_a_missing_one_is_no_error() {
    let (_home, folder) = folder();
    folder.remove("a").unwrap();
    folder.replace("a", b"one").unwrap();
    folder.remove("a").unwrap();
    assert!(folder.read("a", 10).unwrap().is_none());
    fs::create_dir(folder.path("directory")).unwrap();
    assert!(matches!(folder.remove("directory"), Err(FileError::NotOurs { .. })));
    assert!(matches!(folder.read("directory", 9), Err(FileError::NotOurs { .. })));
}

#[test]
fn a_file_that_grows_is_bounded() {
    let (_home, folder) = folder();
    for line in 0..100 {
        folder
            .append("log", "log.1", 50, format!("{line:09}\n").as_bytes())
            .unwrap();
    }
    for name in ["log", "log.1"] {
        let found = folder.read(name, 70).unwrap().unwrap();
        assert!(!found.is_empty(), "{name}");
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::path::Path;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn what_is_made_is_private() {
        let (_home, folder) = folder();
        folder.replace("a", b"one").unwrap();
        folder.append("log", "log.1", 2, b"one").unwrap();
        folder.append("log", "log.1", 2, b"two").unwrap();
        for name in ["a", "log", "log.1"] {
            assert_eq!((mode(&folder.path), mode(&folder.path(name))), (0o700, 0o600), "{name}");
        }
    }

    #[test]
    fn a_wider_mode_is_taken_back() {
        let (_home, folder) = folder();
        folder.replace("a", b"one").unwrap();
        fs::set_permissions(folder.path("a"), Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(&folder.path, Permissions::from_mode(0o777)).unwrap();
        folder.read("a", 10).unwrap();
        assert_eq!((mode(&folder.path), mode(&folder.path("a"))), (0o700, 0o600));
    }

    #[test]
    fn links_and_odd_things_are_left_alone() {
        let (home, folder) = folder();
        folder.replace("own", b"own").unwrap();
        let target = home.path().join("target");
        fs::write(&target, "target").unwrap();
        symlink(&target, folder.path("link")).unwrap();
        fs::hard_link(&target, folder.path("second")).unwrap();
        fs::create_dir(folder.path("directory")).unwrap();
        for name in ["link", "second", "directory"] {
            assert!(
                matches!(folder.read(name, 10), Err(FileError::NotOurs { .. })),
                "{name}"
            );
            assert!(folder.replace(name, b"x").is_err() && folder.append(name, "old", 9, b"x").is_err());
        }
        assert_eq!(fs::read(&target).unwrap(), b"target");
        let elsewhere = PrivateFolder::new(home.path().join("elsewhere"));
        symlink(&folder.path, &elsewhere.path).unwrap();
        assert!(elsewhere.read("own", 10).is_err() && elsewhere.replace("own", b"x").is_err());
    }
}

#[test]
fn a_new_file_takes_no_name_that_is_taken_and_is_listed_with_its_length() {
    let (_home, folder) = folder();
    assert!(folder.files().unwrap().is_empty());
    folder.create_new("a").unwrap().unwrap().write_all(b"one").unwrap();
    assert!(folder.create_new("a").unwrap().is_none());
    fs::create_dir(folder.path("directory")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path("a"), folder.path("link")).unwrap();
    let files = folder.files().unwrap();
    let listed: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
    assert_eq!(listed, [("a", 3)]);
    assert!(files[0].modified.is_some());
}

#[cfg(unix)]
#[test]
fn a_new_file_and_its_folder_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_home, folder) = folder();
    folder.create_new("a").unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folder.path("a")), mode(folder.path.clone())), (0o600, 0o700));
}
