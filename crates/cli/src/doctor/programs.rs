//! Checks of the programs that are called `mirrord`: whether this one is on PATH, and which other one is there.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::check::Check;

/// Time for another program to say its version.
const VERSION_TIMEOUT: Duration = Duration::from_secs(3);
/// Characters of a version that are shown.
const MAX_VERSION_CHARS: usize = 60;
/// Programs of the name that are asked; there are rarely two.
const MAX_PROGRAMS: usize = 8;
const FILE: &str = if cfg!(windows) { "mirrord.exe" } else { "mirrord" };

pub(super) async fn checks() -> Vec<Check> {
    let own = env::current_exe().and_then(|own| own.canonicalize());
    let Ok(own) = own else { return Vec::new() };
    let path = env::var_os("PATH").unwrap_or_default();
    let found = on_path(&env::split_paths(&path).collect::<Vec<_>>());
    let mut others = Vec::new();
    for program in found.iter().filter(|program| program.file != own) {
        others.push(format!("{} ({})", program.path.display(), version(&program.path).await));
    }
    let first = found.first().map(|program| program.file == own);
    let is_on_path = found.iter().any(|program| program.file == own);
    vec![judge(&own, first, is_on_path, &others)]
}

/// Program of the name.
#[derive(Debug)]
struct Program {
    /// Path by which a shell finds it.
    path: PathBuf,
    /// The file behind its links.
    file: PathBuf,
}

/// Programs of the name, each once, in the order in which a shell looks.
fn on_path(folders: &[PathBuf]) -> Vec<Program> {
    let mut found: Vec<Program> = Vec::new();
    for path in folders.iter().map(|folder| folder.join(FILE)) {
        let Ok(file) = path.canonicalize() else { continue };
        let is_new = found.iter().all(|program| program.file != file);
        if is_program(&file) && is_new && found.len() < MAX_PROGRAMS {
            found.push(Program { path, file });
        }
    }
    found
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// Answer of a program to `--version`, in one short line.
async fn version(program: &Path) -> String {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let unknown = "of an unknown version".to_owned();
    let Ok(Ok(output)) = tokio::time::timeout(VERSION_TIMEOUT, command.output()).await else {
        return unknown;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return unknown;
    }
    line.chars().take(MAX_VERSION_CHARS).collect()
}

/// `first` is whether the first one on PATH is this program, where there is one.
fn judge(own: &Path, first: Option<bool>, is_on_path: bool, others: &[String]) -> Check {
    let name = "path";
    let shown = own.display();
    let together = "both read ~/.mirrord/sessions and show each other's sessions; where one has port 59281, this one takes a \
                    free port";
    match first {
        Some(true) if others.is_empty() => Check::ok(name, format!("`mirrord` is this program: {shown}")),
        Some(true) => Check::ok(
            name,
            format!(
                "`mirrord` is this program: {shown}; behind it {}; {together}",
                others.join(", ")
            ),
        ),
        Some(false) => Check::warn(
            name,
            format!("`mirrord` is not this program ({shown}) but {}", others.join(", ")),
            format!(
                "to have both, give this one another name: `ln -s {shown} ~/.local/bin/mirrord-monitor`{}; {together}",
                if is_on_path { ", or put its folder first" } else { "" }
            ),
        ),
        None => Check::warn(
            name,
            format!("this program is not on PATH: {shown}"),
            "put it into a folder that is, such as ~/.local/bin",
        ),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::check::Status;
    use super::*;

    #[tokio::test]
    async fn programs_of_the_name_are_found_in_order_and_asked_for_their_version() {
        let home = tempfile::tempdir().unwrap();
        let folders: Vec<_> = ["released", "own", "own-again", "no-program"]
            .map(|name| home.path().join(name))
            .into();
        for (folder, target) in folders.iter().zip(["/bin/ls", "/bin/sh", "/bin/sh", "/etc/passwd"]) {
            std::fs::create_dir(folder).unwrap();
            std::os::unix::fs::symlink(target, folder.join(FILE)).unwrap();
        }
        let found = on_path(&folders);
        let paths: Vec<_> = found.iter().map(|program| program.path.clone()).collect();
        assert_eq!(paths, [folders[0].join(FILE), folders[1].join(FILE)]);
        assert!(version(&found[0].path).await.contains("ls"));
        assert_eq!(version(Path::new("/nowhere/mirrord")).await, "of an unknown version");
    }

    #[test]
    fn the_first_on_path_decides_what_a_user_runs() {
        let own = Path::new("/opt/mirrord");
        let released = ["/usr/bin/mirrord (mirrord 3.250.0)".to_owned()];
        let check = judge(own, Some(false), true, &released);
        assert_eq!(check.status, Status::Warn);
        assert!(check.found.contains("3.250.0") && check.way_out.unwrap().contains("mirrord-monitor"));
        assert_eq!(judge(own, Some(true), true, &released).status, Status::Ok);
        assert_eq!(judge(own, Some(true), true, &[]).status, Status::Ok);
        assert_eq!(judge(own, None, false, &[]).status, Status::Warn);
    }
}
