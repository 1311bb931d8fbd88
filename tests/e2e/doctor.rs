//! `mirrord doctor` in a home that is as it should be, and in ones that are not: each fault is named with its way out, and
//! nothing is changed.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::process::Output;

use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_tests::within;
use serde_json::Value;

async fn doctor(home: &Home, arguments: &[&str]) -> Output {
    let mut command = home.mirrord(["doctor"]);
    command.args(arguments);
    within("mirrord doctor", command.output()).await.unwrap()
}

/// Exit code and report.
async fn report(home: &Home, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = doctor(home, &[&["--json"], arguments].concat()).await;
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output.status.code(), report)
}

/// Status, finding and way out of a check.
fn check<'a>(report: &'a Value, name: &str) -> (&'a str, &'a str, &'a str) {
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name).unwrap();
    let text = |key: &str| check[key].as_str().unwrap_or_default();
    (text("status"), text("found"), text("way_out"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_without_anything_is_well_and_is_left_as_it_is() {
    let home = Home::new();
    let (code, all) = report(&home, &[]).await;
    assert_eq!(code, Some(0), "{all}");
    for name in [
        "kernel",
        "seccomp",
        "sessions-directory",
        "sessions",
        "stale-files",
        "page",
        "kubeconfig",
    ] {
        assert_eq!(check(&all, name).0, "ok", "{all}");
    }
    assert!(check(&all, "sessions-directory").1.contains("not there yet"));
    assert!(!home.path().join(".mirrord").exists());
    let text = String::from_utf8(doctor(&home, &[]).await.stdout).unwrap();
    for check in all["checks"].as_array().unwrap() {
        assert!(text.contains(check["name"].as_str().unwrap()), "{text}");
        assert_eq!(check["status"] == "ok", check.get("way_out").is_none(), "{check}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_is_counted_and_what_is_dead_or_silent_is_named() {
    let home = Home::new();
    let program = Program::shell(&home, "alive").await;
    let ui = Ui::start(&home).await;
    // Behind the start of `mirrord ui`, which removes a stale socket, and too young for it.
    let directory = home.sessions_dir();
    let _silent = UnixListener::bind(directory.join("silent.sock")).unwrap();
    symlink("/nowhere", directory.join("link.sock")).unwrap();
    fs::write(directory.join("notes.txt"), "mine").unwrap();
    drop(UnixListener::bind(directory.join("dead.sock")).unwrap());
    let (code, all) = report(&home, &[]).await;
    assert_eq!((code, all["status"].as_str()), (Some(0), Some("warn")), "{all}");
    let (status, found, way_out) = check(&all, "sessions");
    assert_eq!(status, "warn");
    for words in ["live: 1", "silent: no answer", "link: its socket is a symbolic link"] {
        assert!(found.contains(words), "{words}: {found}");
    }
    assert!(way_out.contains("left alone"), "{way_out}");
    let (status, found, _) = check(&all, "stale-files");
    assert!(status == "warn" && found.contains("notes.txt"), "{found}");
    assert!(check(&all, "ui").1.contains(&ui.address.port().to_string()), "{all}");
    assert!(ui.interrupt().await.success());
    drop(UnixListener::bind(directory.join("killed.sock")).unwrap());
    let (_, all) = report(&home, &[]).await;
    assert!(check(&all, "sessions").1.contains("killed"), "{all}");
    assert!(directory.join("killed.sock").exists() && directory.join("notes.txt").exists());
    drop(program);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_cannot_be_used_is_a_failure_with_a_way_out() {
    let home = Home::new();
    let at = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(at("real")).unwrap();
    symlink(at("real"), at("link")).unwrap();
    fs::write(at("file"), "").unwrap();
    let long = at(&"x".repeat(100));
    for (directory, words) in [
        (at("link"), "symbolic link"),
        (at("file"), "not a directory"),
        (long, "108"),
    ] {
        let (code, all) = report(&home, &["--sessions-dir", &directory]).await;
        let (status, found, way_out) = check(&all, "sessions-directory");
        assert_eq!((code, status), (Some(1), "fail"), "{all}");
        assert!(found.contains(words) && way_out.contains("--sessions-dir"), "{all}");
        let names: Vec<_> = all["checks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|check| &check["name"])
            .collect();
        assert!(
            !names.iter().any(|name| *name == "sessions" || *name == "stale-files"),
            "{all}"
        );
    }
    fs::set_permissions(at("real"), Permissions::from_mode(0o755)).unwrap();
    let (code, all) = report(&home, &["--sessions-dir", &at("real")]).await;
    let (status, found, way_out) = check(&all, "sessions-directory");
    assert_eq!((code, status), (Some(0), "warn"), "{all}");
    assert!(found.contains("0755") && way_out.contains("chmod 700"), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_kubeconfig_and_another_program_of_the_name_are_named_and_nothing_secret_is() {
    let home = Home::new();
    let kubeconfig = home.path().join("kubeconfig");
    fs::write(&kubeconfig, "clusters: [{name: hunter2").unwrap();
    let folder = home.path().join("bin");
    fs::create_dir(&folder).unwrap();
    symlink("/bin/ls", folder.join("mirrord")).unwrap();
    let mut command = home.mirrord(["doctor", "--json"]);
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    command.env("KUBECONFIG", &kubeconfig).env("PATH", path);
    command
        .env("SSH_CONNECTION", "192.0.2.7 5022 192.0.2.1 22")
        .env("USER", "ada");
    let output = within("mirrord doctor", command.output()).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let (status, found, way_out) = check(&all, "kubeconfig");
    assert!(
        status == "warn" && found.contains("kubeconfig") && way_out.contains("--no-cluster"),
        "{all}"
    );
    assert!(!text.contains("hunter2"), "{text}");
    let (status, found, way_out) = check(&all, "path");
    assert!(
        status == "warn" && found.contains("bin/mirrord (ls") && way_out.contains("59281"),
        "{all}"
    );
    let (status, _, way_out) = check(&all, "browser");
    assert!(
        status == "warn" && way_out.contains("ssh -L 59281:127.0.0.1:59281 ada@192.0.2.1"),
        "{all}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_are_read_by_bash_and_manual_pages_are_written() {
    let home = Home::new();
    let completions = within("completions", home.mirrord(["completions", "bash"]).output())
        .await
        .unwrap();
    assert!(completions.status.success());
    let script = home.path().join("mirrord.bash");
    fs::write(&script, &completions.stdout).unwrap();
    let mut bash = home.command("bash");
    let complete = r#"source "$1"; COMP_WORDS=(mirrord ui --sess); COMP_CWORD=2; _mirrord mirrord --sess ui; echo "${COMPREPLY[@]}""#;
    bash.args(["--norc", "-c", complete, "bash"]).arg(&script);
    let offered = within("bash", bash.output()).await.unwrap();
    assert_eq!(
        String::from_utf8_lossy(&offered.stdout).trim(),
        "--sessions-dir",
        "{offered:?}"
    );
    let man = within("man", home.mirrord(["man", "pages"]).current_dir(home.path()).output())
        .await
        .unwrap();
    let printed: BTreeSet<_> = std::str::from_utf8(&man.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    assert!(
        printed.contains("pages/mirrord-ui.1") && printed.len() > 10,
        "{printed:?}"
    );
    assert!(printed.iter().all(|page| home.path().join(page).is_file()));
}
