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
async fn a_config_that_would_take_long_or_never_end_is_refused_and_nothing_starts() {
    let home = Home::new();
    let ran = home.path().join("ran");
    let nested = |open: &str, close: &str| [open.repeat(10_000), close.repeat(10_000)].concat();
    let pattern = |pattern: &str| format!(r#"{{"feature":{{"fs":{{"local":["{pattern}"]}}}}}}"#);
    let files: [(&str, Vec<u8>, &str); 11] = [
        ("big.json", vec![b' '; 10_000_000], "larger than 1048576 bytes"),
        ("lists.json", nested("[", "]").into(), "nesting"),
        ("objects.json", nested("{\"a\":", "}").into(), "nesting"),
        ("lists.yaml", "[".repeat(10_000).into(), "limit"),
        ("lists.toml", ["a = ", &nested("[", "]")].concat().into(), "recurs"),
        ("large.json", pattern("((a{1000}){1000}){1000}").into(), "too large"),
        ("long.json", pattern(&"a".repeat(900_000)).into(), "131072 bytes"),
        ("cycle.json", "{% include \"main\" %}".into(), "include"),
        (
            "chain.json",
            format!("{{{{ 1{} }}}}", "+1".repeat(200_000)).into(),
            "longer than",
        ),
        (
            "branches.json",
            format!("{{% if key %}}{}{{% endif %}}", "{% elif key %}".repeat(50_000)).into(),
            "tags",
        ),
        ("latin.json", vec![b'"', 0xe9, b'"'], "not UTF-8"),
    ];
    for (name, content, word) in files {
        let file = home.path().join(name);
        fs::write(&file, content).unwrap();
        refused(&home, &["-f", file.to_str().unwrap()], word, &ran).await;
    }
    let (folder, fifo) = (home.path().join("folder"), home.path().join("fifo"));
    fs::create_dir(&folder).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    refused(&home, &["-f", folder.to_str().unwrap()], "a directory", &ran).await;
    refused(&home, &["-f", fifo.to_str().unwrap()], "a FIFO", &ran).await;
    let config = home.path().join("right.json");
    fs::write(&config, "{}").unwrap();
    let facts = ["-f", config.to_str().unwrap(), "--assume", fifo.to_str().unwrap()];
    refused(&home, &facts, "no regular file", &ran).await;
    let misspelt = home.path().join("facts.json");
    fs::write(&misspelt, r#"{"remote_dnss": {"db": ["10.0.0.5"]}}"#).unwrap();
    let facts = ["-f", config.to_str().unwrap(), "--assume", misspelt.to_str().unwrap()];
    refused(&home, &facts, "`remote_dnss`", &ran).await;
}

/// The flags are refused with a word, soon, and the program is not started.
async fn refused(home: &Home, flags: &[&str], word: &str, ran: &std::path::Path) {
    let program = ["--", "touch", ran.to_str().unwrap()];
    let output = exec(home, &[flags, &program].concat(), &[]).await;
    assert_eq!(output.status.code(), Some(125), "{flags:?}: {output:?}");
    says(&output, &[word, flags.last().unwrap()]);
    assert!(!ran.exists(), "{flags:?}");
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
