//! Low resource limits, and a `/proc` that is not ours: the program has what it would have, or an error says why.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use mirrord_tests::home::{Home, binary};
use mirrord_tests::namespace::unshared;
use mirrord_tests::within;

const NOBODY: u32 = 65_534;

async fn bash(home: &Home, script: &str, run: &str) -> Output {
    let mut bash = home.command("bash");
    bash.args(["-c", script]).env("RUN", run);
    within(script, bash.output()).await.unwrap()
}

/// The program runs as without us, or did not start, with an error that names the limit.
fn as_bare_or_named(bare: &Output, watched: &Output, limit: &str) {
    let stderr = String::from_utf8_lossy(&watched.stderr);
    assert!(
        !stderr.contains("panicked") && !stderr.contains("could not be told"),
        "{limit}: {stderr}"
    );
    if watched.status.code() == Some(125) {
        let option = limit.split(' ').next().unwrap();
        assert!(stderr.contains(&format!("`ulimit {option}`")), "{limit}: {stderr}");
        assert!(
            stderr.lines().count() == 1 && watched.stdout.is_empty(),
            "{limit}: {stderr}"
        );
        return;
    }
    assert_eq!(watched.status.code(), bare.status.code(), "{limit}: {stderr}");
    assert_eq!(watched.stdout, bare.stdout, "{limit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_low_limit_is_the_programs_and_not_ours() {
    let home = Home::new();
    let run = format!("{} exec --", binary().display());
    let limits = [
        "-n 10", "-n 16", "-n 24", "-n 33", "-n 40", "-n 64", "-S -n 10", "-f 0", "-f 1", "-S -f 0", "-S -f 1",
        "-t 100",
    ];
    for limit in limits {
        let script = format!("ulimit {limit}; $RUN bash -c 'ulimit -a; ls / | wc -l; exit 3'");
        let bare = bash(&home, &script, "").await;
        let watched = bash(&home, &script, &run).await;
        as_bare_or_named(&bare, &watched, limit);
        if limit.starts_with("-S") || limit == "-n 64" || limit == "-f 1" {
            assert_eq!(watched.status.code(), Some(3), "{limit}: {watched:?}");
        }
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

/// A home of the user with uid 65534, with the binary in it, which may lie where only root gets.
fn home_of_nobody() -> Home {
    let home = Home::new();
    std::os::unix::fs::chown(home.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    std::fs::copy(binary(), home.path().join("mirrord")).unwrap();
    std::fs::set_permissions(home.path().join("mirrord"), std::fs::Permissions::from_mode(0o755)).unwrap();
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn a_low_limit_on_processes_is_named() {
    if !rustix::process::geteuid().is_root() {
        println!("not root: a user whose processes are counted cannot be chosen");
        return;
    }
    let home = home_of_nobody();
    let mirrord = home.path().join("mirrord");
    for (count, runs) in [(1, false), (4, false), (7, false), (200, true)] {
        let mut bash = home.command("bash");
        bash.uid(NOBODY).gid(NOBODY).env("MIRRORD", &mirrord);
        bash.args([
            "-c",
            &format!("ulimit -u {count}; exec \"$MIRRORD\" exec -- bash -c 'ulimit -u'"),
        ]);
        let output = within("mirrord exec", bash.output()).await.unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked"), "{count}: {stderr}");
        if runs {
            assert_eq!(output.stdout, format!("{count}\n").as_bytes(), "{output:?}");
        } else {
            assert_eq!(output.status.code(), Some(125), "{count}: {output:?}");
            assert!(
                stderr.contains("`ulimit -u`") && stderr.lines().count() == 1,
                "{count}: {stderr}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_root_has_been_in_is_named_with_the_way_out() {
    if !rustix::process::geteuid().is_root() {
        println!("not root: another user's directory cannot be made");
        return;
    }
    let home = home_of_nobody();
    // As root first, with that home.
    let first = within("mirrord exec", home.mirrord(["exec", "--", "true"]).output())
        .await
        .unwrap();
    assert!(first.status.success(), "{first:?}");
    let directory = home.path().join(".mirrord");
    for (arguments, code) in [(&["exec", "--", "true"][..], 125), (&["ui", "--no-open"], 1)] {
        let mut next = home.command(home.path().join("mirrord"));
        next.uid(NOBODY).gid(NOBODY).args(arguments);
        let output = within("mirrord", next.output()).await.unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        for words in [directory.to_str().unwrap(), "uid 0", "chown", "--sessions-dir"] {
            assert!(stderr.contains(words), "{words}: {stderr}");
        }
        assert_eq!(stderr.matches("Permission denied").count(), 1, "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proc_that_is_missing_or_another_ones_is_named() {
    let home = Home::new();
    let mirrord = binary();
    let run = format!("umount -l /proc && exec {} exec -- true", mirrord.display());
    let Some(missing) = unshared(&home, &["--mount"], &["sh", "-c", &run]).await else {
        return;
    };
    let another = [mirrord.to_str().unwrap(), "exec", "--", "true"];
    let another = unshared(&home, &["--pid", "--fork"], &another).await.unwrap();
    for output in [missing, another] {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(125), "{stderr}");
        assert!(stderr.contains("/proc") && stderr.contains("mount -t proc"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}
