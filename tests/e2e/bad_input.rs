//! Refused input and its errors: each error names the thing, and nothing is left behind.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Output;

use mirrord_tests::home::Home;
use mirrord_tests::within;

async fn exec(home: &Home, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let command = home
        .mirrord(["exec"])
        .args(arguments)
        .envs(environment.iter().copied())
        .output();
    within("mirrord exec", command).await.unwrap()
}

/// The error is on stderr, names the thing, and is short enough to be read.
fn says(output: &Output, words: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    for word in words {
        assert!(stderr.contains(word), "the error does not say {word:?}: {stderr}");
    }
    assert!(stderr.lines().count() <= 4, "{stderr}");
    assert!(output.stdout.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_does_not_exist_is_127_and_one_that_cannot_run_is_126() {
    let home = Home::new();
    let text = home.path().join("text.txt");
    fs::write(&text, "not a program").unwrap();
    fs::set_permissions(&text, fs::Permissions::from_mode(0o644)).unwrap();
    for (command, code) in [
        ("no-such-command", 127),
        ("/no/such/command", 127),
        (text.to_str().unwrap(), 126),
        (home.path().to_str().unwrap(), 126),
    ] {
        let output = exec(&home, &["--", command], &[]).await;
        assert_eq!(
            output.status.code(),
            Some(code),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        says(&output, &[command]);
    }
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_id_that_is_not_one_is_refused_before_anything_starts() {
    let home = Home::new();
    let ran = home.path().join("ran");
    let touch = ["--", "touch", ran.to_str().unwrap()];
    for id in ["../x", "a/b", ".hidden", "a b", &"x".repeat(300)] {
        let output = exec(&home, &touch, &[("MIRRORD_SESSION_ID", id)]).await;
        assert_eq!(output.status.code(), Some(125), "{id}");
        says(&output, &["MIRRORD_SESSION_ID", "session id"]);
    }
    assert!(!ran.exists() && home.sessions_left().is_empty());
    let output = exec(&home, &touch, &[("MIRRORD_SESSION_ID", "")]).await;
    assert!(
        output.status.success() && ran.exists(),
        "an empty variable is an unset one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sessions_directory_that_cannot_be_one_is_named() {
    let home = Home::new();
    let at = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("file"), "").unwrap();
    fs::create_dir(at("real")).unwrap();
    symlink(at("real"), at("link")).unwrap();
    let long = at(&"d".repeat(120));
    let ran = at("ran");
    let mut refused = vec![
        (at("file"), "not a directory"),
        (at("link"), "symbolic link"),
        (long, "108"),
    ];
    if rustix::process::geteuid().is_root() {
        fs::create_dir(at("foreign")).unwrap();
        std::os::unix::fs::chown(at("foreign"), Some(12_345), Some(12_345)).unwrap();
        refused.push((at("foreign"), "another user"));
    }
    for (dir, word) in &refused {
        let output = exec(&home, &["--sessions-dir", dir, "--", "touch", &ran], &[]).await;
        assert_eq!(output.status.code(), Some(125), "{dir}");
        says(&output, &[dir, word]);
        let output = exec(&home, &["--", "touch", &ran], &[("MIRRORD_SESSIONS_DIR", dir)]).await;
        assert_eq!(output.status.code(), Some(125), "{dir}");
        says(&output, &[dir, word]);
    }
    assert!(!std::path::Path::new(&ran).exists(), "nothing was started");
    for (dir, word) in refused.iter().filter(|(_, word)| *word != "108") {
        let ui = home
            .mirrord(["ui", "--no-open", "--port", "0", "--sessions-dir", dir])
            .output();
        let output = within("mirrord ui", ui).await.unwrap();
        assert_eq!(output.status.code(), Some(1), "{dir}");
        says(&output, &[dir, word]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_file_that_is_not_one_is_named() {
    let home = Home::new();
    let config = home.path().join("mirrord.json");
    let output = exec(&home, &["-f", config.to_str().unwrap(), "--", "true"], &[]).await;
    assert_eq!(output.status.code(), Some(125));
    says(&output, &[config.to_str().unwrap(), "No such file"]);
    fs::write(&config, "{\n  api: yes\n}").unwrap();
    let output = exec(&home, &["--config-file", config.to_str().unwrap(), "--", "true"], &[]).await;
    says(&output, &[config.to_str().unwrap(), "2:3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_whose_interpreter_is_missing_is_there_all_the_same() {
    let home = Home::new();
    for (name, line, word) in [
        ("crlf", "#!/bin/sh\r\n", "/bin/sh\\r"),
        ("gone", "#!/no/such\n", "/no/such"),
    ] {
        let script = home.path().join(name);
        fs::write(&script, line).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let output = exec(&home, &["--", script.to_str().unwrap()], &[]).await;
        assert_eq!(output.status.code(), Some(126), "{output:?}");
        says(&output, &[script.to_str().unwrap(), word, "interpreter"]);
        assert_eq!(
            String::from_utf8_lossy(&output.stderr).contains("Windows"),
            name == "crlf"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_takes_no_socket_is_named_with_the_flag() {
    let home = Home::new();
    let output = exec(&home, &["--sessions-dir", "/proc/mirrord", "--", "true"], &[]).await;
    assert_eq!(output.status.code(), Some(125), "{output:?}");
    says(&output, &["/proc/mirrord", "--sessions-dir"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr).matches("No such file").count(),
        1
    );
}
