//! The git branch of a directory, read from the repository's own files: no program is run.

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of `HEAD` and `.git` files that are read.
const MAX_BYTES: usize = 4_096;

/// Returns the branch that is checked out in the repository around a directory; `None` on a detached head.
pub(super) fn branch(directory: &Path) -> Option<String> {
    let git = directory
        .ancestors()
        .map(|above| above.join(".git"))
        .find(|git| git.exists())?;
    let head = short_text(&git_dir(&git)?.join("HEAD"))?;
    head.trim().strip_prefix("ref: refs/heads/").map(str::to_owned)
}

/// Directory of a repository: `.git`, or the one that a worktree's `.git` file names.
fn git_dir(git: &Path) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git.to_owned());
    }
    let text = short_text(git)?;
    let named = Path::new(text.trim().strip_prefix("gitdir: ")?);
    Some(git.parent()?.join(named))
}

fn short_text(path: &Path) -> Option<String> {
    let is_short = fs::metadata(path).ok()?.len() <= MAX_BYTES as u64;
    if is_short { fs::read_to_string(path).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_branch_is_read_from_a_repository_and_from_a_worktree() {
        let dir = tempfile::tempdir().unwrap();
        let (main, tree) = (dir.path().join("main"), dir.path().join("tree"));
        fs::create_dir_all(main.join(".git/worktrees/tree")).unwrap();
        fs::create_dir_all(main.join("src/deep")).unwrap();
        fs::create_dir_all(&tree).unwrap();
        fs::write(main.join(".git/HEAD"), "ref: refs/heads/feat/x\n").unwrap();
        fs::write(main.join(".git/worktrees/tree/HEAD"), "ref: refs/heads/other\n").unwrap();
        fs::write(tree.join(".git"), "gitdir: ../main/.git/worktrees/tree\n").unwrap();
        assert_eq!(branch(&main.join("src/deep")).as_deref(), Some("feat/x"));
        assert_eq!(branch(&tree).as_deref(), Some("other"));
        fs::write(main.join(".git/HEAD"), "0123456789\n").unwrap();
        assert_eq!(branch(&main), None);
    }
}
